package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// past is what a loan's state no longer tells and [Reports] remember: when its principal came back and
// its instalments were paid. What was booked anew counts as it is booked now.
//
// Invariant: what was lent less what came back is what is owed, by the borrower and to the lenders.
type past struct {
	moves []move
	off   civil.Date // written off
}

// move is what came in on a day.
type move struct {
	on civil.Date
	principal
	paid    []int // instalments of which something was paid, or let off
	payment bool  // one of the loan's History, which can be taken back
}

// principal is a figure of a loan's principal in minor units: of the borrower's debt, and of the lenders'
// claims, which a cover may have paid.
type principal struct{ debt, claim int64 }

// standing is how a loan stood before an event.
type standing struct {
	principal
	owing []bool // by instalment
}

// principal is what is owed now; before the loan is paid out, all of it.
func (l *Loan) principal() (p principal) {
	if len(l.Dues) == 0 {
		return principal{l.Amount.Minor(), l.Amount.Minor()}
	}
	p.debt = l.Outstanding().Minor()
	for i := range l.Lots {
		p.claim += l.Lots[i].Units - l.Lots[i].Paid[Principal]
	}
	return p
}

// before takes in what an event takes back, and notes how the loan stands if the event does not say what
// it does to it.
func (p *past) before(l *Loan, event any) (s standing) {
	switch e := event.(type) {
	case Repaid, GoodwillCredited, Refunded, CollateralPaid, CoverPaid:
		return s
	case Rebooked:
		p.undo(min(e.Undone, len(l.History)))
		return s
	}
	s.principal = l.principal()
	for i := range l.Dues {
		s.owing = append(s.owing, l.Dues[i].Unpaid().Total() > 0)
	}
	return s
}

// undo takes the latest payments out. What else was seen since stays: instalments of which fees fell
// away, with an acceleration by rule, leave a move of no principal among them.
func (p *past) undo(payments int) {
	for i := len(p.moves) - 1; i >= 0 && payments > 0; i-- {
		if p.moves[i].payment {
			p.moves = slices.Delete(p.moves, i, i+1)
			payments--
		}
	}
}

// see takes in what an event did to a loan.
func (p *past) see(l *Loan, event any, was standing) {
	switch e := event.(type) {
	case Repaid:
		p.pay(&e)
	case GoodwillCredited:
		p.pay(&e.Repaid)
	case Refunded:
		p.pay(&e.Repaid)
	case CollateralPaid:
		p.pay(&e.Repaid)
	case Rebooked:
		for i := range e.Again {
			p.pay(&e.Again[i])
		}
	case CoverPaid:
		p.moves = append(p.moves, move{on: e.On, principal: principal{claim: principalOf(e.Vectors)}})
	case LoanAdopted:
		p.adopt(l, &e.Loan)
	case DebtWaived:
		p.notice(l, was, e.On)
	case CalledBack:
		p.notice(l, was, e.On)
	default:
		p.notice(l, was, l.Seen())
	}
}

// adopt takes in the past of a loan that moved in: payments on their days, whatever they were on. Instalments
// that were paid count as paid in time, for a live book does not say when. What the payments leave open, the
// part of them that went to covers, counts from the cut-over.
func (p *past) adopt(l *Loan, x *LiveLoan) {
	if l.State == StateWrittenOff {
		p.off = x.Looked
	}
	now := l.principal()
	rest := principal{l.Amount.Minor() - now.debt, l.Amount.Minor() - now.claim}
	for i := range x.Past {
		n := x.Past[i].Paid[Principal]
		m := move{on: x.Past[i].On, principal: principal{n, n}}
		switch x.Past[i].Kind {
		case PastReversed:
			m.principal = principal{-n, -n}
		case PastAdvanced:
			m.principal = principal{claim: n}
		}
		rest.debt, rest.claim = rest.debt-m.debt, rest.claim-m.claim
		if m.principal != (principal{}) {
			p.moves = append(p.moves, m)
		}
	}
	if rest != (principal{}) {
		p.moves = append(p.moves, move{on: l.Adopted, principal: rest})
	}
}

func (p *past) pay(e *Repaid) {
	if e.N == 0 {
		return // nothing was taken up
	}
	m := move{on: e.On, principal: principal{e.Of(Principal), principalOf(e.Vectors)}, payment: true}
	for _, x := range e.Parts {
		if n := len(m.paid); n == 0 || m.paid[n-1] != x.Instalment {
			m.paid = append(m.paid, x.Instalment)
		}
	}
	p.moves = append(p.moves, m)
}

// principalOf is the principal that lots received.
func principalOf(vs []Vector) (sum int64) {
	for _, v := range vs {
		if v.Component == Principal {
			for _, n := range v.Shares {
				sum += n
			}
		}
	}
	return sum
}

// notice compares the loan after an event of a day with how it stood.
func (p *past) notice(l *Loan, was standing, on civil.Date) {
	if l.State == StateWrittenOff && p.off.IsZero() {
		p.off = on
	}
	now := l.principal()
	if len(was.owing) == 0 { // it had no plan yet
		was.principal = principal{l.Amount.Minor(), l.Amount.Minor()}
	}
	m := move{on: on, principal: principal{was.debt - now.debt, was.claim - now.claim}}
	for i := range min(len(l.Dues), len(was.owing)) {
		if was.owing[i] && l.Dues[i].Unpaid().Total() == 0 {
			m.paid = append(m.paid, i)
		}
	}
	if m.principal != (principal{}) || len(m.paid) > 0 {
		p.moves = append(p.moves, m)
	}
}

// settled says of each instalment when the last of it was paid: zero if something is unpaid, the start
// of the loan if there was nothing to pay.
func (p *past) settled(l *Loan) []civil.Date {
	days := make([]civil.Date, len(l.Dues))
	for i := range days {
		days[i] = l.Started
	}
	for _, m := range p.moves {
		for _, i := range m.paid {
			if i < len(days) {
				days[i] = later(days[i], m.on)
			}
		}
	}
	for i := range l.Dues {
		if l.Dues[i].Unpaid().Total() > 0 {
			days[i] = civil.Date{}
		}
	}
	return days
}

// defaulted returns the first day up to on on which the loan was in default, and the principal that its
// borrower owed then: it was written off, or an instalment was unpaid for more than so many days. A
// payment that comes on that day comes too late.
func (p *past) defaulted(l *Loan, days int, on civil.Date) (first civil.Date, owed int64, ok bool) {
	for i, end := range p.settled(l) {
		due := l.Dues[i].Date
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
	left := principal{l.Amount.Minor(), l.Amount.Minor()}
	for _, m := range p.moves {
		left.debt, left.claim = left.debt-m.debt, left.claim-m.claim
	}
	if left != l.principal() {
		return fmt.Errorf("%w: loan %s: its past leaves %+v, it has %+v", ErrInvariant, l.ID, left, l.principal())
	}
	return nil
}
