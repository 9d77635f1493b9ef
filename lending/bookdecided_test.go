package lending_test

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// decided takes in what people decided on a loan: what is called back is a payment below zero, and
// what is let off one of nothing.
func (l *bookLife) decided(v any) {
	switch e := v.(type) {
	case lending.GoodwillCredited:
		l.payIf(e.Repaid)
	case lending.Refunded:
		l.payIf(e.Repaid)
	case lending.ChargeLevied:
		l.begin(e.Charge.Instalment, e.Due)
		l.charges = append(l.charges, e.Charge)
	case lending.DebtWaived:
		l.book(e.Booking)
		w := l.waived[e.Waived.Instalment]
		w[e.Waived.Component] += e.Waived.Minor
		l.waived[e.Waived.Instalment] = w
		l.pay(lending.Repaid{On: e.On, Parts: []lending.Allocation{{Instalment: e.Waived.Instalment, Component: e.Waived.Component}}})
	case lending.CalledBack:
		l.begin(e.Instalment, e.Due)
		back := lending.Repaid{On: e.On, Parts: slices.Clone(e.Parts)}
		for i := range back.Parts {
			back.Parts[i].Instalment, back.Parts[i].Minor = e.Instalment, -e.Parts[i].Minor
		}
		for _, v := range e.Vectors {
			back.Vectors = append(back.Vectors, lending.Vector{Component: v.Component, Shares: minus(v.Shares)})
		}
		for _, x := range e.Cuts {
			x.Tax, x.Base, x.Shares = -x.Tax, minus(x.Base), minus(x.Shares)
			back.Cuts = append(back.Cuts, x)
		}
		l.pay(back)
	}
}

func (l *bookLife) payIf(e lending.Repaid) {
	if e.N > 0 {
		l.pay(e)
	}
}

// begin adds an instalment after the last.
func (l *bookLife) begin(i int, due civil.Date) {
	if i == len(l.dues) {
		l.dues, l.owed = append(l.dues, due), append(l.owed, lending.Components{})
	}
}

func minus(list []int64) []int64 {
	out := make([]int64, len(list))
	for i, n := range list {
		out[i] = -n
	}
	return out
}
