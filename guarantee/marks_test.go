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

// So it is of a fund whose demand has lapsed.
func TestFundLapseOutlivesClosing(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 10
	w := fundWorld(t, terms)
	id, due := w.missed(byFund("fund"))
	w.dayEnd(15)
	require.Equal(t, due, w.fund("fund").Lapsed)
	w.closedAndBounced(id)
	require.Zero(t, w.fund("fund").Queue.Len())
	w.audit()
}

// An instalment that is to come again, as the acceleration was taken back, is not the one whose demand has lapsed.
func TestFundLapseAndDeceleration(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 5
	w := fundWorld(t, terms)
	p := product("covered", byFund("fund"))
	p.Late.AccelerateDays = 20
	id := w.lent("ann", p, 1_200_000, 12)
	first, second := w.loan(id).Plan.At(0), w.loan(id).Plan.At(1)
	w.day = first.Due
	for range 27 {
		w.dayEnd(1)
	}
	require.Greater(t, w.fund("fund").Lapsed, int64(1_000_000), "all of the accelerated loan has lapsed")
	w.deposit("ann", first.Total.Minor())
	do(w, officer, lending.RepayAsOf{Loan: id, Amount: first.Total, Value: first.Due, Reason: "found"})
	require.Equal(t, second.Due, w.loan(id).Dues[1].Date, "it never was accelerated")
	w.deposit("fund", 10_000_000)
	w.day = second.Due
	w.dayEnd(1)
	w.dayEnd(1)
	require.Zero(t, w.loan(id).Dues[1].Missing().Total())
	require.Equal(t, second.Total.Minor(), w.fund("fund").Paid)
	w.audit()
}

// Nor is it one that was disputed while it was accelerated.
func TestUpheldAndDeceleration(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	p := product("p", byGuarantor())
	p.Late.AccelerateDays = 20
	id := w.lent("ann", p, 1_200_000, 12)
	first, second := w.loan(id).Plan.At(0), w.loan(id).Plan.At(1)
	w.day = first.Due
	for range 23 {
		w.dayEnd(1)
	}
	key := guarantee.Key{Loan: id, Instalment: 1}
	do(w, party("gil"), guarantee.DisputeDemand{Guarantor: "gil", Demand: key, Reason: "forged"})
	do(w, officer, guarantee.ResolveDispute{Guarantor: "gil", Demand: key, Uphold: true})
	w.deposit("ann", first.Total.Minor())
	do(w, officer, lending.RepayAsOf{Loan: id, Amount: first.Total, Value: first.Due, Reason: "found"})
	w.day = second.Due
	w.dayEnd(1)
	d, _ := w.guarantor().Queue.Get(key)
	require.Equal(t, second.Total.Minor(), d.Minor)
}

// A dispute that was decided against the guarantor does not stop the clock again, also when the demand is made again.
func TestDisputeOnce(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id, _ := w.missed(byGuarantor())
	dispute := guarantee.DisputeDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: id}, Reason: "forged"}
	do(w, party("gil"), dispute)
	do(w, officer, guarantee.ResolveDispute{Guarantor: "gil", Demand: dispute.Demand})
	for range 3 {
		w.dayEnd(2)
		require.ErrorIs(t, try(w, party("gil"), dispute), lending.ErrState)
		w.repay(id, 10)
		do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		w.dayEnd(0)
	}
	require.NotEmpty(t, w.guarantor().Overdue(w.day))
	w.closedAndBounced(id)
	require.ErrorIs(t, try(w, party("gil"), dispute), lending.ErrState)
	w.day = w.loan(id).Plan.At(1).Due
	w.dayEnd(1)
	dispute.Demand.Instalment = 1
	do(w, party("gil"), dispute)
}
