package lending

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ahead is the first instalment that falls due after a date, or their number.
func (l *Loan) ahead(on civil.Date) int {
	from := 0
	for from < len(l.Dues) && !l.Dues[from].Date.After(on) {
		from++
	}
	return from
}

// interestTo recuts the interest of a loan that ends on a date: instalments ahead owe what has accrued
// by a day, the first of them first, and none less than was paid or let off. What is not of the plan
// that runs is owed in full; fees that come with later instalments fall away.
func (l *Loan) interestTo(on, day civil.Date) Recut {
	cut := Recut{From: l.ahead(on)}
	cut.Dropped = l.later(cut.From)
	rest := l.earned(cut.From, day)
	for i := cut.From; i < len(l.Dues); i++ {
		d := &l.Dues[i]
		owed := d.Owed[Interest]
		if i >= l.Base {
			planned := min(owed-d.Again[Interest], rest)
			owed = planned + d.Again[Interest]
			rest -= planned
		}
		cut.Interest = append(cut.Interest, max(owed, d.Paid[Interest]+d.Waived[Interest]))
	}
	return cut
}

// earned is the interest that instalments from one on are to pay for the time up to a day, that which
// was added to the balance and has not been repaid included: what they owe by the plan at most, for a
// payoff or a payment in advance may have cut it.
func (l *Loan) earned(from int, day civil.Date) int64 {
	i := max(from-l.Base, 0)
	row := l.Plan.At(i)
	sum := l.Plan.AccruedIn(i, day).Minor() + row.Balance.Minor() + row.Principal.Minor() - row.Capitalised.Minor()
	var owed int64
	for i += l.Base; i < len(l.Dues); i++ {
		sum -= l.Dues[i].Owed[Principal] - l.Dues[i].Again[Principal]
		owed += l.Dues[i].Owed[Interest] - l.Dues[i].Again[Interest]
	}
	return max(0, min(sum, owed))
}

// payoff is what paying a loan off on a day changes, and what that takes.
type payoff struct {
	cut     Recut
	charges []Charge // for paying early
	owed    int64
}

// payOff figures it on the loan brought up to the day.
func (l *Loan) payOff(on civil.Date) (p payoff, err error) {
	p.cut = l.earlyInterest(on)
	p.owed = l.owes(p.cut)
	var principal int64
	from := l.ahead(on)
	for i := from; i < len(l.Dues); i++ {
		principal += max(0, l.Dues[i].Unpaid()[Principal]-l.Dues[i].Again[Principal])
	}
	if principal > 0 {
		p.charges, err = l.exitCharges(on, principal, from)
	}
	for _, x := range p.charges {
		p.owed += x.Owed
	}
	return p, err
}

// exitCharges are what it costs to prepay principal, due with an instalment.
func (l *Loan) exitCharges(on civil.Date, principal int64, instalment int) ([]Charge, error) {
	xs, err := l.prepaymentCharges(on, principal)
	for i := range xs {
		xs[i].Instalment = instalment
	}
	return xs, err
}

// earlyInterest recuts the interest of a loan that is paid off on a date by its product's rule.
func (l *Loan) earlyInterest(on civil.Date) Recut {
	switch l.Product.Prepayment.Interest {
	case InterestAsPlanned:
		return Recut{Dropped: l.later(l.ahead(on))}
	case InterestWholePeriods:
		return l.interestTo(on, l.periodEnd(on))
	}
	return l.interestTo(on, on)
}

// periodEnd is the end of the period of the plan's frequency that has begun before a date, or the date.
func (l *Loan) periodEnd(on civil.Date) civil.Date {
	row := l.Plan.At(max(l.ahead(on)-l.Base, 0))
	end := row.From
	for k := 1; end.Before(on) && !row.From.IsZero(); k++ {
		end = l.Plan.Terms().Every.After(row.From, k)
		if end.IsZero() || end.After(row.End) {
			return later(on, row.End)
		}
	}
	return later(on, end)
}

// Payoff returns what [PayOff] would take on a date, charges for paying early included.
func (l *Loan) Payoff(on civil.Date) (money.Amount, error) {
	if err := l.in(l.ID, StateActive); err != nil {
		return money.Amount{}, err
	}
	b, err := l.booking(on)
	if err != nil {
		return money.Amount{}, err
	}
	p, err := l.preview(b).payOff(on)
	if err != nil {
		return money.Amount{}, err
	}
	return money.New(p.owed, l.Currency())
}
