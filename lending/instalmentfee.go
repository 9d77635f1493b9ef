package lending

import (
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// InstalmentFees returns what the product's fees with instalments come to in each row of a plan, in
// minor units. They are part of what a loan costs. The error is that of [Fee.Of].
func (p *Product) InstalmentFees(plan schedule.Plan) ([]int64, error) {
	sums := make([]int64, plan.Len())
	rows, first := plan.Rows(), plan.Terms()
	cs, err := p.instalmentCharges(first.Principal.Minor(), first.Start, rows)
	for _, c := range cs {
		sums[c.Instalment] += c.Owed
	}
	return sums, err
}

// instalmentCharges are the charges that fall due with the instalments of a plan.
func (p *Product) instalmentCharges(minor int64, start civil.Date, rows []schedule.Row) (cs []Charge, err error) {
	for _, f := range p.feesAt(WithInstalment) {
		var sum parts
		var charged int64
		from, balance := start, minor
		for i, r := range rows {
			row := FeeRow{Base: f.instalmentBase(minor, balance, &r), Days: r.End.Sub(from)}
			v, err := f.Of(row)
			if f.Point == RunningTotal {
				v, err = f.next(&sum, row, &charged)
			}
			if err != nil {
				return nil, err
			}
			if v > 0 {
				cs = append(cs, Charge{Fee: f.ID, Component: Fees, Payee: f.Payee, Party: f.Party, Instalment: i,
					On: start, Owed: v})
			}
			from, balance = r.End, r.Balance
		}
	}
	return cs, nil
}

// next adds a row to a running total and returns what is to be charged of it now.
func (f *Fee) next(sum *parts, row FeeRow, charged *int64) (int64, error) {
	more, err := f.exact(row)
	if err != nil {
		return 0, err
	}
	sum.den = more.den
	sum.addWhole(more.whole)
	sum.add(more.rest, 1)
	v, err := sum.rounded(f.Round)
	v = f.within(v) - *charged
	*charged += v
	return v, err
}

func (f *Fee) instalmentBase(minor, balance int64, r *schedule.Row) int64 {
	switch f.Base {
	case OnOutstanding:
		return balance
	case OnInterest:
		return r.Interest
	}
	return minor
}

// Dropped is what falls away of a charge.
type Dropped struct {
	Charge int // place in Loan.Charges, counted from 1
	Minor  int64
}

// later lists what is unpaid of the charges that came with instalments after one, which do not
// become due if the loan ends before.
func (l *Loan) later(instalment int) (list []Dropped) {
	for n := range l.Charges {
		c := &l.Charges[n]
		if c.Instalment > instalment && c.Unpaid() > 0 && l.fallsAway(c) {
			list = append(list, Dropped{n + 1, c.Unpaid()})
		}
	}
	return list
}

// fallsAway reports whether a charge comes with its instalment, and is not owed if the loan ends before. One
// that was called back is a debt of the past, and one that was levied has nothing to do with the plan: they
// stay.
func (l *Loan) fallsAway(c *Charge) bool {
	return !c.Again && !c.Levied && l.Product.timing(c.Fee) == WithInstalment
}

// timing is that of one of the product's fees; zero for another fee.
func (p *Product) timing(fee Code) Timing {
	for i := range p.Fees {
		if p.Fees[i].ID == fee {
			return p.Fees[i].Timing
		}
	}
	return 0
}

// drop takes a part of a charge off, or puts it back if it is below zero.
func (l *Loan) drop(d Dropped) {
	c := l.chargeAt(d.Charge)
	c.Owed -= d.Minor
	l.due(c.Instalment).Owed.add(c.Component, -d.Minor)
	l.relieve(c.Instalment)
}
