package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// A fund that stays empty lets the demand lapse when its time is over: the guarantor behind it is asked, once,
// and pays. Of the next instalment the fund is asked first again.
func TestFundLetsLayersBehindItBeAsked(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 10
	w := guarantorWorld(t, guarantorTerms())
	w.vehicle("pool")
	do(w, officer, guarantee.DefineFund{Fund: "pool", Terms: terms})
	w.deposit("gil", 500_000)
	id := w.lent("ann", product("layers", byFund("pool"), byGuarantor()), 600_000, 6)
	first, second := w.loan(id).Plan.At(0), w.loan(id).Plan.At(1)
	due := first.Total.Minor()
	w.deposit("pool", 1_000)

	w.day = first.Due
	for range 10 {
		w.dayEnd(1)
		require.Equal(t, due-1_000, w.fund("pool").Queue.Total())
		require.Zero(t, w.guarantor().Queue.Len())
		require.ErrorIs(t, try(w, timer, guarantee.LapseFund{Fund: "pool"}), guarantee.ErrNothing)
	}
	w.dayEnd(1)
	f := w.fund("pool")
	require.Zero(t, f.Queue.Len())
	require.Equal(t, due-1_000, f.Lapsed)
	w.dayEnd(1)
	require.Equal(t, due-1_000, w.guarantor().Queue.Total())
	do(w, party("gil"), guarantee.PayDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: id, Layer: 1}})
	w.dayEnd(3)
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	require.Zero(t, w.fund("pool").Queue.Len())

	w.day = second.Due
	w.dayEnd(1)
	require.Equal(t, second.Total.Minor(), w.fund("pool").Queue.Total(), "it is asked first")
	_, err := guarantee.AuditFund(t.Context(), w.desk, "pool")
	require.NoError(t, err)
	w.repay(id, second.Total.Minor()+due)
	require.Equal(t, int64(1_000), w.cash("pool"))
	require.ErrorIs(t, try(w, timer, guarantee.LapseFund{Fund: "none"}), lending.ErrUnknown)
	terms.WaitDays = -1
	require.ErrorIs(t, terms.Validate(), guarantee.ErrTerms)
	w.reports()
}

// A demand lapses in its own time, from its first settlement on, also when it is made again and again, and so does
// one behind it.
func TestLapseOfOneMadeAgain(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 10
	w := guarantorWorld(t, guarantorTerms())
	w.vehicle("pool")
	do(w, officer, guarantee.DefineFund{Fund: "pool", Terms: terms})
	w.lent("ann", product("a", byFund("pool"), byGuarantor()), 300_000, 6)
	id := w.lent("art", product("b", byFund("pool"), byGuarantor()), 300_000, 6)
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(1)
	for d := range w.fund("pool").Queue.All() {
		id = d.Loan // the first
		break
	}
	for range 2 { // ten cents come and bounce
		w.dayEnd(4)
		w.repay(id, 10)
		do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		w.dayEnd(0)
	}
	w.dayEnd(1)
	require.Equal(t, 2, w.fund("pool").Queue.Len())
	w.dayEnd(1)
	require.Zero(t, w.fund("pool").Queue.Len())
	w.dayEnd(1)
	require.Equal(t, 2, w.guarantor().Queue.Len())
}

// A demand whose loan cannot be paid holds up none behind it, for which there is no cash.
func TestLapseBehindOneThatWaits(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 3
	w, ids, due := stuck(t, terms, 2)
	for range 8 {
		w.deposit("fund", 5)
		for w.trySettle() == nil {
			if p := w.loan(ids[1]).Payout; p != "" {
				require.NoError(t, w.desk.CarryOut(t.Context(), w.day, p))
			}
		}
		_ = try(w, timer, guarantee.LapseFund{Fund: "fund"})
		w.day = w.day.AddDays(1)
	}
	require.Equal(t, due-w.loan(ids[1]).Covers[0].Paid, w.fund("fund").Lapsed)
	_, ok := w.fund("fund").Queue.Get(guarantee.Key{Loan: ids[0]})
	require.True(t, ok, "it waits")
	w.audit()
}
