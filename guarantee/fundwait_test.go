package guarantee_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// stuck has loans of 1,200,000 miss their first instalment, whose demands wait in the queue of an empty fund in
// the order given, and then has a payout of the first one open that nobody completes.
func stuck(t *testing.T, terms guarantee.FundTerms, loans int) (w *world, ids []lending.LoanID, due int64) {
	w = fundWorld(t, terms)
	w.slow(guarantee.Parties{Funds: []lending.PartyID{"fund"}})
	p := product("covered", byFund("fund"))
	for _, who := range []lending.PartyID{"ann", "art", "cal"}[:loans] {
		ids = append(ids, w.lent(who, p, 1_200_000, 12))
	}
	first := w.loan(ids[0]).Plan.At(0)
	w.day = first.Due
	w.dayEnd(1)
	ids = ids[:0]
	for d := range w.fund("fund").Queue.All() {
		ids = append(ids, d.Loan)
	}
	require.Len(t, ids, loans)
	w.day = w.day.AddDays(1)
	w.repay(ids[0], 10)
	return w, ids, first.Total.Minor()
}

func (w *world) settle() guarantee.FundSettled {
	return do(w, cashier, guarantee.SettleFund{Fund: "fund"})
}

func (w *world) trySettle() error { return try(w, cashier, guarantee.SettleFund{Fund: "fund"}) }

// A loan whose last payout is never completed holds its share until the day after the round began; then the
// others have it, and it keeps its place.
func TestRoundStepsPastLoanThatWaits(t *testing.T) {
	w, ids, due := stuck(t, fundTerms(guarantee.FIFO), 2)
	w.deposit("fund", due)
	require.Empty(t, w.settle().Paid, "the round begins")
	require.ErrorIs(t, w.trySettle(), lending.ErrPending, "all day")

	w.day = w.day.AddDays(1)
	require.Equal(t, []guarantee.Key{{Loan: ids[0]}}, w.settle().Waiting)
	require.Equal(t, int64(10), w.loan(ids[0]).Dues[0].Paid.Total())
	require.Equal(t, due, w.settle().Paid[0].Minor, "the cash is for the next one")
	require.Zero(t, w.loan(ids[1]).Dues[0].Missing().Total())
	require.ErrorIs(t, w.trySettle(), guarantee.ErrNothing)
	w.audit()

	w.deposit("fund", due)
	w.dayEnd(1)
	require.Equal(t, 2*due-10, w.fund("fund").Paid)
	require.Zero(t, w.fund("fund").Queue.Len())
	w.audit()
	w.reports()
}

// Those that are ready have their shares on the day of the round, though one before them is not; what that one
// would have had is shared by the policy among the others the day after.
func TestRoundKeepsSharesOfLoansThatWait(t *testing.T) {
	for policy, want := range map[guarantee.QueuePolicy][2]int64{
		guarantee.FIFO:             {60_000, 0}, // of 90_000, as the first one asks for more
		guarantee.ProRataPerPeriod: {30_000, 30_000},
		guarantee.FIFOThenProRata:  {30_000, 30_000},
	} {
		w, ids, due := stuck(t, fundTerms(policy), 3)
		cash := int64(90_000)
		if policy == guarantee.FIFO {
			cash = due + 60_000
		}
		w.deposit("fund", cash)
		paid := func(i int) int64 { return w.loan(ids[i]).Covers[0].Paid }
		w.settle()
		require.Equal(t, want, [2]int64{paid(1), paid(2)}, policy.String())
		require.ErrorIs(t, w.trySettle(), lending.ErrPending)

		w.day = w.day.AddDays(1)
		require.Equal(t, []guarantee.Key{{Loan: ids[0]}}, w.settle().Waiting)
		for _, id := range ids[1:] {
			require.NoError(t, w.desk.CarryOut(context.Background(), w.day, w.loan(id).Payout))
		}
		w.settle()
		require.Equal(t, cash, paid(1)+paid(2), policy.String())
		if policy != guarantee.FIFO {
			require.InDelta(t, paid(1), paid(2), 1)
		}
		require.Zero(t, paid(0))
		w.audit()
	}
}

// A demand does not lapse while there is cash for it and only its loan is not ready.
func TestDemandThatWaitsDoesNotLapse(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.WaitDays = 1
	w, ids, due := stuck(t, terms, 1)
	w.deposit("fund", due)
	w.settle()
	for range 4 {
		w.day = w.day.AddDays(1)
		require.ErrorIs(t, try(w, timer, guarantee.LapseFund{Fund: "fund"}), guarantee.ErrNothing)
		_ = w.trySettle()
		require.ErrorIs(t, try(w, timer, guarantee.LapseFund{Fund: "fund"}), guarantee.ErrNothing)
	}
	w.dayEnd(1)
	require.Equal(t, due-10, w.loan(ids[0]).Covers[0].Paid)
	require.Zero(t, w.fund("fund").Lapsed)
	w.audit()
}
