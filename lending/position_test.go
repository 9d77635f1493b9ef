package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// What a lender has in a loan and what its borrower owes follow it through its whole life.
func TestPositionsFollowALoan(t *testing.T) {
	w := newWorld(t, lending.Config{Chunk: 1})
	w.register("ann", "bob", "eve")
	id := w.open(standard(), 10_000, 3, "12% per year")
	borrower := w.loan(id).Borrower
	owes := func() lending.Liability { return w.wallet(borrower, cny).Liability(id) }
	has := func(p lending.PartyID) int64 { return w.wallet(p, cny).LentTo(borrower) }
	require.Equal(t, lending.Liability{Minor: 10_000}, owes())
	require.False(t, w.wallet(borrower, cny).InDebt())

	w.deposit("bob", amt(6_000, cny))
	w.deposit("eve", amt(4_000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(6_000, cny)})
	do(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(4_000, cny)})
	require.EqualValues(t, 6_000, has("bob"))
	require.EqualValues(t, 6_000, w.wallet("bob", cny).LentInGrade(w.loan(id).Grade))

	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Equal(t, lending.Liability{Minor: 10_000, Out: true}, owes())
	require.True(t, w.wallet(borrower, cny).InDebt())
	require.EqualValues(t, 10_000, w.wallet(borrower, cny).Debt())

	w.day = w.loan(id).Plan.At(0).Due
	w.repay(id, w.loan(id).Plan.At(0).Total.Minor())
	w.deliver()
	back := w.loan(id).Plan.At(0).Principal.Minor()
	require.EqualValues(t, 10_000-back, has("bob")+has("eve"))
	require.EqualValues(t, 10_000-back, owes().Minor)

	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.deliver()
	require.EqualValues(t, 10_000, has("bob")+has("eve"))
	require.EqualValues(t, 10_000, owes().Minor)

	w.day = w.day.AddDays(100)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
	w.deliver()
	require.Zero(t, has("bob")+has("eve"), "a claim that was written off is no stake")
	require.Empty(t, w.wallet("bob", cny).Stakes())
	require.EqualValues(t, 10_000, owes().Minor, "the borrower still owes it")
	w.repay(id, 1_000)
	require.EqualValues(t, 9_000, owes().Minor)
	w.reports()
}
