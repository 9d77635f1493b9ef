package lending_test

import (
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// serve changes what a running loan owes by a person's decision.
func (m *machine) serve(t *rapid.T) {
	l := m.loan(t, lending.StateActive, lending.StateActive, lending.StateWrittenOff)
	if l == nil {
		return
	}
	m.levy(t, l)
}

func (m *machine) levy(t *rapid.T, l *lending.Loan) {
	c := lending.LevyCharge{Loan: l.ID, Fee: draw(t, "fee", []lending.Code{"visit", "late"}),
		Component: draw(t, "component", []lending.Component{lending.Fees, lending.Costs}),
		Amount:    amt(minor(t, 5_000), l.Currency()), Reason: "r",
		Payee: lending.Payee(rapid.IntRange(1, 3).Draw(t, "payee")),
		Due:   m.day.AddDays(rapid.IntRange(0, 40).Draw(t, "due"))}
	if c.Payee == lending.ToParty {
		c.Party = m.party(t)
	}
	run(m, officer, c)
}
