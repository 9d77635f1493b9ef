package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// Where bids name rates an automatic bid names the least that its mandate takes, rounded up to the
// step, and the most that the loan bears if the mandate has no least. At a fixed rate it names none.
func TestFillNamesRates(t *testing.T) {
	for m := lending.FirstCome; m < lending.MarketRate; m++ {
		t.Run(m.String(), func(t *testing.T) {
			w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
			w.register("ann", "bob", "eve", "dan")
			least := upTo(4_000)
			least.Takes.MinRate = schedule.MustRate("8.005% per year")
			w.standing("bob", least)
			w.standing("eve", upTo(4_000))
			for _, p := range []lending.PartyID{"bob", "eve", "dan"} {
				w.deposit(p, amt(9_000, cny))
			}
			p := tendered(m)
			p.Tender.EarlyClose = true
			id := w.open(p, 10_000, 3, "12% per year")
			require.Len(t, w.fill(id).Bids, 2)
			bids := w.loan(id).Bids
			w.bid(id, "dan", 2_000, "9% per year")
			if m != lending.FirstCome {
				do(w, officer, lending.CloseTender{Loan: id})
			}
			l := w.loan(id)
			require.Equal(t, lending.StateFullyFunded, l.State)
			if m.FixedRate() {
				require.Zero(t, bids[0].Pico)
				return
			}
			require.Equal(t, schedule.MustRate("8.01% per year").Pico(), bids[0].Pico, "up to the step")
			require.Equal(t, schedule.MustRate("12% per year").Pico(), bids[1].Pico)
			want := map[bool]string{true: "9.804% per year", false: "12% per year"}[m.OwnRates()]
			require.Equal(t, want, l.Rate.String())
		})
	}
}

// A mandate that takes less than the product's smallest rate bids that.
func TestFillNamesNoRateBelowTheProducts(t *testing.T) {
	w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob")
	low := upTo(4_000)
	low.Takes.MinRate = schedule.MustRate("0.01% per year")
	w.standing("bob", low)
	w.deposit("bob", amt(9_000, cny))
	p := tendered(lending.PayAsBid)
	p.MinRate = schedule.MustRate("5.005% per year")
	id := w.open(p, 10_000, 3, "12% per year")
	require.Len(t, w.fill(id).Bids, 1)
	require.Equal(t, schedule.MustRate("5.01% per year").Pico(), w.loan(id).Bids[0].Pico)
}
