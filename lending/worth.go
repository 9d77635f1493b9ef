package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// prove fills in what the loan is worth before and after. What settles it may change by fees that come with
// instalments, and fall by no more than interest that was unearned.
func (e *Restructured) prove(now, after *Loan, waived, unearned int64) (err error) {
	cur := now.Currency()
	before, kept := now.settles(e.On)
	settles, keeps := after.settles(e.On)
	e.Proof = schedule.Proof{On: e.On, Before: amount(before, cur), Waived: amount(waived, cur),
		Repriced: amount(settles+waived-before, cur), After: amount(settles, cur)}
	if more := settles - keeps + waived - before + kept; more > 0 || more < -unearned {
		return fmt.Errorf("%w: restructuring of loan %s: %s", ErrInvariant, now.ID, e.Proof)
	}
	rate := now.Plan.Terms().Rate
	if e.Before, err = now.worth(e.On, rate); err != nil {
		return err
	}
	e.After, err = after.worth(e.On, rate)
	return err
}

// settles is what settles the loan on a day, and of it the fees that come with instalments and may fall away.
func (l *Loan) settles(on civil.Date) (owed, fees int64) {
	cut := l.interestTo(on, on)
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Instalment <= cut.From && l.fallsAway(x) {
			fees += x.Unpaid()
		}
	}
	return l.owes(cut), fees
}

// Scales of a valuation: the principal whose interest tells a period's rate, and the parts of a minor
// unit that discounting counts in.
const (
	probe    = 1_000_000_000_000
	fraction = 256
)

// worth is what a loan's lenders have in its dues on a day at a rate: what has fallen due at its face, what
// is to come discounted, period by period of its plan. Charges to lenders count as penalty.
func (l *Loan) worth(on civil.Date, rate schedule.Rate) (v Components, err error) {
	t := l.Plan.Terms()
	t.Principal, t.Rate, t.Method = amount(probe, l.Currency()), rate, schedule.MethodInterestOnly
	t.Payment, t.DownPayment, t.Changes = money.Amount{}, schedule.Rate{}, nil
	plan, err := t.Plan()
	if err != nil {
		return v, fmt.Errorf("value of loan %s: %w", l.ID, err)
	}
	dues := l.lendersDues()
	for _, c := range [...]Component{Interest, Principal, Penalty} {
		if v[c], err = discounted(dues, c, plan, on); err != nil {
			return v, err
		}
	}
	return v, nil
}

// lendersDue is what lenders miss of an instalment, charges to them counted as penalty.
type lendersDue struct {
	date   civil.Date
	misses Components
}

func (l *Loan) lendersDues() []lendersDue {
	list := make([]lendersDue, len(l.Dues))
	for i := range l.Dues {
		list[i] = lendersDue{l.Dues[i].Date, l.Dues[i].Missing()}
	}
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Payee == ToLenders {
			at(list, x.Instalment).misses[Penalty] += x.Missing()
		}
	}
	return list
}

// discounted is what a component of dues is worth on a day: from the last period of a plan back to that of
// the day, each adds what falls due in it and divides by one and its interest.
func discounted(dues []lendersDue, c Component, plan schedule.Plan, on civil.Date) (int64, error) {
	var v int64
	i := len(dues) - 1
	for k := plan.Len() - 1; k >= 0 && plan.At(k).Due.After(on); k-- {
		row := plan.At(k)
		from := later(row.From, on)
		for ; i >= 0 && dues[i].date.After(from); i-- {
			v += fraction * dues[i].misses[c]
		}
		interest := row.Interest.Minor() - plan.AccruedIn(k, from).Minor()
		var err error
		if v, err = money.MulDiv(v, probe, probe+interest, money.HalfEven); err != nil {
			return 0, err
		}
	}
	face := int64(0)
	for ; i >= 0; i-- {
		face += dues[i].misses[c]
	}
	v, err := money.MulDiv(v, 1, fraction, money.HalfEven)
	return face + v, err
}
