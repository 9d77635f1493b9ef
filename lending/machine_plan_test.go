package lending_test

import (
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// plan prepays a loan in part or restructures it.
func (m *machine) plan(t *rapid.T) {
	l := m.loan(t, lending.StateActive)
	if l == nil {
		return
	}
	if rapid.Bool().Draw(t, "restructure") {
		run(m, officer, drawRestructure(t, l, m.day))
		return
	}
	off, err := l.Payoff(m.day)
	if err != nil {
		t.Fatal(err)
	}
	a := amt(minor(t, max(1, off.Minor())), l.Currency())
	m.fund(l.Borrower, a)
	run(m, party(l.Borrower), lending.Prepay{Loan: l.ID, Amount: a,
		Effect: rapid.SampledFrom([]schedule.Effect{0, schedule.EffectShorter}).Draw(t, "effect")})
}
