package lending

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LotDue is what a lot, or a part of one, still gets of an instalment by the loan's terms, in minor
// units. Fees at payout are told apart: they are taken off nothing else.
type LotDue struct {
	Instalment int
	Due        civil.Date
	Principal  int64
	Interest   int64
	Accrued    int64 // of Interest, what is earned by the day, rounded down
	Fee        int64 // lenders' fees at payout, out of Principal and Interest when they are paid as they fall due
	AccruedFee int64 // the same out of Principal and Accrued, those by time through the day
}

// LotDues lists what a part of a lot, by amount and by term, still gets of each instalment if every one is
// paid in full, the oldest first, as the loan stands on a day: instalments of which it gets nothing are
// left out. The figures are those that the rule of the [money.Apportioner] gives to the lot that the
// assignment would make (see [Tx.Assign]), to whomever. What it has in penalty interest and charges goes with
// it and is not counted. A loan that is not active, a day before what it has seen, and no such part of
// a lot are refused.
func (l *Loan) LotDues(a Assignment, on civil.Date) ([]LotDue, error) {
	if err := l.in(l.ID, StateActive); err != nil {
		return nil, err
	}
	if err := l.notBefore(on); err != nil {
		return nil, err
	}
	b, err := l.booking(on)
	if err != nil {
		return nil, err
	}
	if err := l.partial(a); err != nil {
		return nil, err
	}
	now := l.preview(b)
	now.Lots = slices.Clone(l.Lots)
	divide := func(e ClaimsDivided) error {
		e.Apply(now)
		return nil
	}
	if err := now.divide(&a, on, divide); err != nil {
		return nil, err
	}
	ev, err := now.assigned(a, on)
	if err != nil {
		return nil, err
	}
	before := len(now.Lots)
	ev.Apply(now)
	lot := now.assignee(&a, before)
	if a.Rank > now.Lots[lot].Rank {
		behind, err := now.subordination(lot, a.Rank, on)
		if err != nil {
			return nil, err
		}
		behind.Apply(now)
	}
	return now.lotDues(lot, on)
}

// lotDues pays instalment after instalment on a working copy and notes what a lot gets.
func (l *Loan) lotDues(lot int, on civil.Date) (list []LotDue, err error) {
	span := l.Lots[lot].Span
	for i := range l.Dues {
		if !span.Has(i) {
			continue
		}
		d, missing, earned := &l.Dues[i], l.Dues[i].Missing(), l.earnedOf(i, on)
		x := LotDue{Instalment: i, Due: d.Date}
		if x.AccruedFee, err = l.accruedFee(lot, i, earned, on); err != nil {
			return nil, err
		}
		in := l.inflowOn(on)
		for _, c := range [...]Component{Interest, Principal} {
			l.inflow(&in, i, c, max(0, missing[c]))
			d.Advanced[c] += max(0, missing[c])
		}
		vs, err := l.vectors(in.all, l.share)
		if err != nil {
			return nil, err
		}
		in.on, in.early = l.paidOn(i, on), false
		cuts, err := l.cuts(&in, vs)
		if err != nil {
			return nil, err
		}
		l.credit(vs, cuts, 1)
		l.serve(in.on, vs)
		x.Fee = cutsOf(cuts, lot)
		for _, v := range vs {
			if v.Component == Principal {
				x.Principal = v.Shares[lot]
			} else {
				x.Interest = v.Shares[lot]
			}
		}
		if x.Interest > 0 {
			x.Accrued, err = money.MulDiv(x.Interest, earned, missing[Interest], money.Down)
		}
		if err != nil {
			return nil, err
		}
		if x.Principal > 0 || x.Interest > 0 {
			list = append(list, x)
		}
	}
	return list, nil
}

// paidOn is the day on which an instalment is paid if it is paid when it falls due, or at once.
func (l *Loan) paidOn(i int, on civil.Date) civil.Date {
	if due := l.Dues[i].Date; due.After(on) {
		return due
	}
	return on
}

// accruedFee is what a lot pays in fees at payout out of the principal of an instalment and what is earned of
// its interest.
func (l *Loan) accruedFee(lot, i int, earned int64, on civil.Date) (int64, error) {
	if len(l.Product.feesAt(AtPayout)) == 0 {
		return 0, nil
	}
	in := l.inflowOn(on)
	l.inflow(&in, i, Interest, earned)
	l.inflow(&in, i, Principal, max(0, l.Dues[i].Missing()[Principal]))
	vs, err := l.vectors(in.all, l.share)
	if err != nil {
		return 0, err
	}
	if l.Served.After(on) { // an instalment before this one was paid on its day
		in.on = l.Served
	}
	in.early = false
	cuts, err := l.cuts(&in, vs)
	return cutsOf(cuts, lot), err
}

// earnedOf is what is earned by a day of the interest that lenders miss of an instalment: all of one
// that is due, or that belongs to a former plan.
func (l *Loan) earnedOf(i int, on civil.Date) int64 {
	d := &l.Dues[i]
	missing := max(0, d.Missing()[Interest])
	if !d.Date.After(on) || i < l.Base {
		return missing
	}
	had := d.Owed[Interest] - d.Waived[Interest] - missing
	earned := l.Plan.AccruedIn(i-l.Base, on).Minor() + d.Again[Interest] - had
	return max(0, min(earned, missing))
}
