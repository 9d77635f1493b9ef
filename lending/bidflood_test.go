package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// A lender who places and withdraws bids uses up his own places alone, and what was withdrawn is
// nothing to the clearing, live or read back from the store.
func TestTenderOutlastsWithdrawals(t *testing.T) {
	w := tenderWorld(t, 0)
	p := tendered(lending.ProRata)
	p.Tender.CancelDays = 1
	id := w.open(p, 10_000, 3, "12% per year")
	for range lending.MaxBidsPerLender - 1 {
		n := w.bid(id, "bob", 100, "").Bid
		do(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: n})
	}
	w.bid(id, "bob", 5_000, "")
	require.ErrorIs(t, w.tryBid(id, "bob", 100, ""), lending.ErrLimit)
	var err error
	w.desk, err = lending.Open(lending.Config{Store: w.store, Gateway: w.bank})
	require.NoError(t, err)
	require.ErrorIs(t, w.tryBid(id, "bob", 100, ""), lending.ErrLimit, "read back")
	w.bid(id, "eve", 15_000, "")
	l := w.after(id)
	require.Equal(t, lending.StateFullyFunded, l.State)
	require.Equal(t, []int64{2_500, 7_500}, units(l)[lending.MaxBidsPerLender-1:])
	for _, n := range units(l)[:lending.MaxBidsPerLender-1] {
		require.Zero(t, n)
	}
	w.repaid(id)
}

// A borrower who may not borrow any more cannot take less than he wanted.
func TestTenderAnswerOfFrozen(t *testing.T) {
	w := tenderWorld(t, 0)
	p := tendered(lending.ProRata)
	p.Tender.OnDeadline, p.Tender.MinFundedRatio, p.Tender.AnswerDays = lending.AskBorrower, 500_000, 3
	id := w.open(p, 10_000, 3, "12% per year")
	w.bid(id, "bob", 6_000, "")
	require.Equal(t, lending.StateOffered, w.after(id).State)
	do(w, officer, lending.Freeze{Party: "ann"})
	require.Error(t, try(w, party("ann"), lending.AcceptFunding{Loan: id}))
	require.Equal(t, lending.StateOffered, w.loan(id).State)
	do(w, officer, lending.Freeze{Party: "ann", Lift: true})
	do(w, party("ann"), lending.AcceptFunding{Loan: id})
	require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
}
