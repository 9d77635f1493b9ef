package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule/civil"
)

// past is what a loan's state no longer tells and [Reports] remember: when its principal came back and
// when its instalments were paid. A payment that was reversed is forgotten as if it had never come.
//
// Invariant: what was lent less what came back is what is owed, to the lenders and by the borrower.
type past struct {
	moves   []principal
	settled []civil.Date // by instalment, paid in full; zero while something is unpaid
	off     civil.Date   // written off
}

// principal is a figure of the loan's principal in minor units: what the borrower owes, and what the
// lenders are owed, who may have been paid by a cover.
type principal struct {
	on          civil.Date
	debt, claim int64
}

// principal is what is owed now, before the loan is paid out all of it.
func (l *Loan) principal() (p principal) {
	if len(l.Dues) == 0 {
		return principal{debt: l.Amount.Minor(), claim: l.Amount.Minor()}
	}
	p.debt = l.Outstanding().Minor()
	for i := range l.Lots {
		p.claim += l.Lots[i].Units - l.Lots[i].Paid[Principal]
	}
	return p
}

// see takes in what an event did to a loan that stood at was.
func (p *past) see(l *Loan, event any, was principal) {
	if len(l.Dues) == 0 {
		return
	}
	on := l.seen()
	switch e := event.(type) {
	case Repaid:
		on = e.On
	case CoverPaid:
		on = e.On
	}
	now := l.principal()
	came := principal{on, was.debt - now.debt, was.claim - now.claim}
	_, back := event.(PaymentReversed)
	switch {
	case came.debt == 0 && came.claim == 0:
	case back && len(p.moves) > 0:
		p.moves = p.moves[:len(p.moves)-1]
	default:
		p.moves = append(p.moves, came)
	}
	p.settle(l, on)
	if l.State == StateWrittenOff && p.off.IsZero() {
		p.off = on
	}
}

// settle notes which instalments are paid in full.
func (p *past) settle(l *Loan, on civil.Date) {
	if len(p.settled) != len(l.Dues) {
		p.settled = append(p.settled, make([]civil.Date, len(l.Dues))...)[:len(l.Dues)]
	}
	for i := range l.Dues {
		switch unpaid := l.Dues[i].Unpaid().Total() > 0; {
		case unpaid:
			p.settled[i] = civil.Date{}
		case p.settled[i].IsZero():
			p.settled[i] = on
		}
	}
}

// defaulted returns the first day up to on on which the loan was in default, and the principal that its
// borrower owed then: it was written off, or an instalment was unpaid for more than so many days. A
// payment that comes on that day comes too late.
func (p *past) defaulted(l *Loan, days int, on civil.Date) (first civil.Date, owed int64, ok bool) {
	for i := range l.Dues {
		due, end := l.Dues[i].Date, p.settled[i]
		if end.IsZero() || end.After(on) {
			end = on
		}
		if end.Sub(due) > days {
			first, ok = due.AddDays(days+1), true
			break
		}
	}
	if !p.off.IsZero() && !p.off.After(on) && (!ok || p.off.Before(first)) {
		first, ok = p.off, true
	}
	owed = l.Amount.Minor()
	for _, m := range p.moves {
		if m.on.Before(first) {
			owed -= m.debt
		}
	}
	return first, owed, ok
}

// check verifies the invariant.
func (p *past) check(l *Loan) error {
	left := principal{debt: l.Amount.Minor(), claim: l.Amount.Minor()}
	for _, m := range p.moves {
		left.debt, left.claim = left.debt-m.debt, left.claim-m.claim
	}
	if left != l.principal() {
		return fmt.Errorf("%w: loan %s: its past leaves %+v, it has %+v", ErrInvariant, l.ID, left, l.principal())
	}
	return nil
}
