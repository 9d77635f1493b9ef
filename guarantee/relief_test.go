package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// A guarantor who was right to refuse an instalment is not asked for it again because a later payment bounced, be
// it the loan's last one. Of the next instalment he is.
func TestUpheldStaysUpheld(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, _ := w.missed(byGuarantor())
	key := guarantee.Key{Loan: id}
	do(w, party("gil"), guarantee.DisputeDemand{Guarantor: "gil", Demand: key, Reason: "forged"})
	do(w, officer, guarantee.ResolveDispute{Guarantor: "gil", Demand: key, Uphold: true})
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len(), "it need not pay")
	w.repay(id, 10)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.Zero(t, w.guarantor().Queue.Len())
	w.closedAndBounced(id)
	require.Zero(t, w.guarantor().Queue.Len())
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	_, ok := w.guarantor().Queue.Get(guarantee.Key{Loan: id, Instalment: 1})
	require.True(t, ok)
	require.Equal(t, 1, w.guarantor().Queue.Len())
}

// closedAndBounced has a loan paid off by a payment that bounces.
func (w *world) closedAndBounced(id lending.LoanID) {
	w.deposit("ann", 5_000_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	require.Equal(w.t, lending.StateClosed, w.loan(id).State)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.Equal(w.t, lending.StateActive, w.loan(id).State)
}
