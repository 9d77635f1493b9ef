package lending

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LotDue is what a lot, or a part of one, still gets of an instalment by the loan's terms, in minor
// units and before fees at payout.
type LotDue struct {
	Instalment int
	Due        civil.Date
	Principal  int64
	Interest   int64
	Accrued    int64 // of Interest, what is earned by the day, rounded down
}

// LotDues lists what so many units of a lot still get of each instalment if every one is paid in full,
// the oldest first, as the loan stands on a day: instalments of which they get nothing are left out.
// The figures are those that the rule of the [money.Apportioner] gives to the new lot that a sale of
// the units would make (see [Tx.Assign]). What they have in penalty interest and charges goes with
// them and is not counted. A loan that is not active, a day before what it has seen, and no such part of
// a lot are refused.
func (l *Loan) LotDues(lot int, units int64, on civil.Date) ([]LotDue, error) {
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
	now := l.preview(b)
	if lot, err = now.split(lot, units); err != nil {
		return nil, err
	}
	return now.lotDues(lot, on)
}

// split gives units of a lot to a lot of their own, on a working copy, and returns its number.
func (l *Loan) split(lot int, units int64) (int, error) {
	if lot < 0 || lot >= len(l.Lots) || units < 1 || units > l.Lots[lot].Units {
		return 0, &Error{ErrLimit, "loan " + string(l.ID), "has no such part of a lot"}
	}
	l.Lots = slices.Clone(l.Lots)
	if units == l.Lots[lot].Units {
		return lot, nil
	}
	paid, fees, err := l.part(lot, units)
	if err != nil {
		return 0, err
	}
	x := &l.Lots[lot]
	part := Lot{Units: units, Weight: x.Weight, Paid: paid, Fees: fees}
	x.Units -= units
	for c := range x.Paid {
		x.Paid[c] -= paid[c]
	}
	l.Lots = append(l.Lots, part)
	return len(l.Lots) - 1, nil
}

// lotDues pays instalment after instalment on a working copy and notes what a lot gets.
func (l *Loan) lotDues(lot int, on civil.Date) (list []LotDue, err error) {
	var a money.Apportioner
	gets := func(c Component, minor int64) (int64, error) {
		if minor <= 0 {
			return 0, nil
		}
		l.Received[c] += minor
		shares, err := l.share(&a, c, l.Received[c])
		for k, n := range shares {
			l.Lots[k].Paid[c] += n
		}
		return *at(shares, lot), err
	}
	for i := range l.Dues {
		d, missing := &l.Dues[i], l.Dues[i].Missing()
		x := LotDue{Instalment: i, Due: d.Date}
		if x.Principal, err = gets(Principal, missing[Principal]); err != nil {
			return nil, err
		}
		if x.Interest, err = gets(Interest, missing[Interest]); err != nil {
			return nil, err
		}
		if x.Interest > 0 {
			x.Accrued, err = money.MulDiv(x.Interest, l.earnedOf(i, on), missing[Interest], money.Down)
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
