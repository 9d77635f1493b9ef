package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Debt is one thing that is owed, as a [Waterfall] sees it.
type Debt struct {
	Instalment int
	Component  Component
	Age        Age   // zero counts as past due
	Fee        Code  // of Fees and Costs, which
	Charge     int   // of Fees and Costs, the place of the charge in Loan.Charges, counted from 1
	Minor      int64 // unpaid
}

// Allocation is a part of a payment.
type Allocation struct {
	Instalment int
	Component  Component
	Charge     int // see [Debt]; zero if it is no charge's
	Minor      int64
}

// Debts lists what is unpaid on a date, in the order of instalments, without charges that were booked
// for a later day. Late charges that are not booked are not in it. Of an instalment's charges those that
// the plan or a person booked come first, as they were booked, then those by rule in the order of the
// product's fees: when they were booked does not matter, and may change as payments are booked anew.
func (l *Loan) Debts(on civil.Date) []Debt {
	list := make([]Debt, 0, len(l.Dues)+len(l.Charges))
	for i := range l.Dues {
		d := &l.Dues[i]
		u := d.Unpaid()
		if u.Total() == 0 {
			continue
		}
		age := d.age(on)
		for _, c := range [...]Component{Interest, Principal, Penalty} {
			if u[c] != 0 {
				list = append(list, Debt{Instalment: i, Component: c, Age: age, Minor: u[c]})
			}
		}
		if u[Fees] == 0 && u[Costs] == 0 {
			continue
		}
		from := len(list)
		for n := range l.Charges {
			x := &l.Charges[n]
			if x.Instalment == i && x.Unpaid() != 0 && !x.On.After(on) {
				list = append(list, Debt{i, x.Component, age, x.Fee, n + 1, x.Unpaid()})
			}
		}
		slices.SortStableFunc(list[from:], func(a, b Debt) int { return cmp.Compare(l.turn(a.Charge), l.turn(b.Charge)) })
	}
	return list
}

// turn is the place of a charge among those of its instalment.
func (l *Loan) turn(charge int) int {
	x := l.chargeAt(charge)
	if !x.Auto {
		return 0
	}
	return 1 + slices.IndexFunc(l.Product.Fees, func(f Fee) bool { return f.ID == x.Fee })
}

// age tells where the instalment stands on a date.
func (d *Due) age(on civil.Date) Age {
	switch {
	case d.Date.Before(on):
		return AgePastDue
	case d.Date == on:
		return AgeDue
	}
	return AgeInAdvance
}

// aged is the debt's age.
func (d *Debt) aged() Age {
	if d.Age == 0 {
		return AgePastDue
	}
	return d.Age
}

// total sums debts.
func total(debts []Debt) (sum int64) {
	for i := range debts {
		sum += debts[i].Minor
	}
	return sum
}
