package lending_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// A charge, penalty interest and interest are let off; what is waived is nobody's income, and a loan that
// owes nothing else is closed.
func TestWaive(t *testing.T) {
	w := newTwin(t, rich(), 90_000, 2)
	w.day = w.loan(w.id).Dues[0].Date.AddDays(10)
	income := w.reports().Income(cny)
	ev := do(w.world, officer, lending.Waive{Loan: w.id, Component: lending.Penalty, Reason: "kind"})
	require.Positive(t, ev.Waived.Minor, "penalty interest up to the day is booked with it")
	l := w.loan(w.id)
	require.Zero(t, l.Dues[0].Unpaid()[lending.Penalty])
	require.Equal(t, lending.Code("late"), l.Charges[0].Fee)
	do(w.world, officer, lending.Waive{Loan: w.id, Charge: 1, Amount: amt(500, cny), Reason: "kind"})
	require.Equal(t, l.Charges[0].Owed-500, w.loan(w.id).Charges[0].Unpaid())
	do(w.world, officer, lending.Waive{Loan: w.id, Component: lending.Interest, Instalment: 2, Reason: "kind"})
	require.Zero(t, w.loan(w.id).Dues[2].Unpaid()[lending.Interest])
	require.Equal(t, income, w.reports().Income(cny))
	bob := w.reports().Portfolio("bob", cny)
	w.day = w.day.AddDays(5)
	w.pay(300_000)
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
	require.Zero(t, w.reports().Portfolio("bob", cny).Outstanding.Minor())
	require.NotEqual(t, bob, w.reports().Portfolio("bob", cny))
}

// What Waive refuses.
func TestWaiveRefuses(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.day = w.day.AddDays(3)
	do(w.world, officer, visit(w.id, 700))
	refused := func(want error, change func(*lending.Waive)) {
		t.Helper()
		c := lending.Waive{Loan: w.id, Charge: 1, Reason: "kind"}
		change(&c)
		require.ErrorIs(t, try(w.world, officer, c), want)
	}
	of := func(c lending.Component, i int) func(*lending.Waive) {
		return func(x *lending.Waive) { x.Charge, x.Component, x.Instalment = 0, c, i }
	}
	refused(lending.ErrRule, of(lending.Principal, 0))
	refused(lending.ErrTerms, of(lending.Fees, 0))
	refused(lending.ErrTerms, of(0, 0))
	refused(lending.ErrUnknown, of(lending.Interest, 3))
	refused(lending.ErrUnknown, of(lending.Interest, -1))
	refused(lending.ErrAmount, of(lending.Penalty, 0))
	refused(lending.ErrTerms, func(c *lending.Waive) { c.Instalment = 1 })
	refused(lending.ErrUnknown, func(c *lending.Waive) { c.Charge = 2 })
	refused(lending.ErrUnknown, func(c *lending.Waive) { c.Charge = -1 })
	refused(lending.ErrAmount, func(c *lending.Waive) { c.Amount = amt(701, cny) })
	refused(lending.ErrAmount, func(c *lending.Waive) { c.Amount = amt(-1, cny) })
	refused(lending.ErrID, func(c *lending.Waive) { c.Reason = "" })
	refused(lending.ErrUnknown, func(c *lending.Waive) { c.Loan = "L9" })
	ok := lending.Waive{Loan: w.id, Charge: 1, Reason: "kind"}
	require.ErrorIs(t, try(w.world, party("ann"), ok), lending.ErrActor)
	require.ErrorIs(t, try(w.world, chief, ok), lending.ErrSecond)
	ann := lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	require.ErrorIs(t, try(w.world, ann, ok), lending.ErrActor)
	w.pay(300)
	do(w.world, officer, ok)
	require.ErrorIs(t, try(w.world, officer, lending.ReversePayment{Loan: w.id, Payment: 1, Reason: "r"}), lending.ErrState)
	do(w.world, officer, lending.Chargeback{Loan: w.id, Payment: 1, Reason: "r"})
	w.day = w.day.AddDays(-1)
	refused(lending.ErrDate, func(*lending.Waive) {})
}

// A waiver of the last that is owed closes the loan.
func TestWaiveCloses(t *testing.T) {
	p := standard()
	slices.Reverse(p.Waterfall.Order) // costs last
	w := newTwin(t, p, 90_000, 2)
	w.day = w.loan(w.id).Dues[2].Date
	due, err := w.loan(w.id).DueOn(w.day)
	require.NoError(t, err)
	do(w.world, officer, visit(w.id, 700))
	w.pay(due.Minor())
	require.Equal(t, lending.StateActive, w.loan(w.id).State)
	charge := len(w.loan(w.id).Charges)
	require.True(t, do(w.world, officer, lending.Waive{Loan: w.id, Charge: charge, Reason: "kind"}).Closes)
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
	w.reports()
}
