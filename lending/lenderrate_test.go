package lending_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// weighted is the average of the lots' rates by units, by the loan's own rounding.
func weighted(t require.TestingT, l *lending.Loan) int64 {
	offers, taken := make([]lending.Offer, len(l.Lots)), make([]int64, len(l.Lots))
	for i, x := range l.Lots {
		offers[i], taken[i] = lending.Offer{Pico: l.LenderRate(i).Pico()}, x.Units
	}
	pico, err := lending.WeightedRate(offers, taken, l.Product.Tender.Round)
	require.NoError(t, err)
	return pico
}

// Every lender earns what he named, and the average of that is what the borrower pays; a sale of a
// part of a lot changes nothing of it. Without the bids it is the same but for the rounding.
func TestLenderRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{})
		w.register("ann", "eve")
		p := tendered(lending.PayAsBid)
		id := w.open(p, 10_000, 3, "12% per year")
		named := map[lending.PartyID]schedule.Rate{}
		left := int64(10_000)
		for i := 0; left > 0; i++ {
			who := lending.PartyID(fmt.Sprintf("lender-%d", i))
			w.register(who)
			w.deposit(who, amt(10_000, cny))
			n := min(left, rapid.Int64Range(10, 60).Draw(t, "hundreds")*100)
			rate := fmt.Sprintf("%d%% per year", rapid.IntRange(1, 12).Draw(t, "rate"))
			w.bid(id, who, n, rate)
			named[who] = schedule.MustRate(rate)
			left -= n
		}
		w.day = w.loan(id).Deadline.AddDays(1)
		w.dayEnd()
		do(w, officer, lending.ReviewFunding{Loan: id})
		do(w, cashier, lending.Disburse{Loan: id})
		w.deliver()
		l := w.loan(id)
		for i, x := range l.Lots {
			require.Equal(t, named[x.Holder], l.LenderRate(i))
		}
		require.Equal(t, l.Rate.Pico(), weighted(t, l))
		require.Zero(t, l.LenderRate(-1))
		require.Zero(t, l.LenderRate(len(l.Lots)))

		was := l.LenderRate(0)
		do(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 1, To: "eve"}})
		l = w.loan(id)
		require.Equal(t, was, l.LenderRate(0))
		require.Equal(t, was, l.LenderRate(len(l.Lots)-1))
		require.Equal(t, l.Rate.Pico(), weighted(t, l))

		l.Bids = nil
		for i := range l.Lots {
			require.InDelta(t, w.loan(id).LenderRate(i).Pico(), l.LenderRate(i).Pico(), 12)
		}
	})
}

func TestLenderRateAtAFixedRate(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	l := w.loan(w.lent(standard(), 10_001, 3, "7.3% per year", "bob", "eve"))
	for i := range l.Lots {
		require.Equal(t, l.Rate, l.LenderRate(i))
	}
	require.Zero(t, new(lending.Loan).LenderRate(0))
}
