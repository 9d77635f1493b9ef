package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// An automatic bid is cut to what the tender takes of one lender and in one bid, not refused.
func TestFillCutsToTender(t *testing.T) {
	for name, c := range map[string]struct {
		set            func(*lending.Tender)
		min, max, want int64
	}{
		"per lender": {func(r *lending.Tender) { r.MaxPerLender = amt(200, cny) }, 1, 500, 200},
		"share":      {func(r *lending.Tender) { r.MaxShare = 200_000 }, 1, 500, 200},
		"share of an auction": {func(r *lending.Tender) {
			r.Mechanism, r.MaxShare = lending.ProRata, 250_000
			r.Increment = amt(100, cny)
		}, 1, 500, 201},
		"tail": {func(r *lending.Tender) {
			r.MinBid, r.Tail = amt(400, cny), lending.RefuseTail
		}, 400, 800, 600},
		"tail that is too long": {func(r *lending.Tender) {
			r.MinBid, r.Tail = amt(400, cny), lending.RefuseTail
		}, 700, 800, 0},
		"all of it": {func(r *lending.Tender) {
			r.MinBid, r.Tail = amt(400, cny), lending.RefuseTail
		}, 400, 1000, 1000},
		"rest off the steps": {func(r *lending.Tender) {
			r.Mechanism, r.MinBid, r.Increment = lending.ProRata, amt(300, cny), amt(300, cny)
		}, 300, 1000, 900},
		"tail of no first-come tender": {func(r *lending.Tender) {
			r.Mechanism, r.MinBid, r.Tail = lending.ProRata, amt(400, cny), lending.RefuseTail
		}, 400, 800, 800},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
			w.register("ann", "bob")
			w.deposit("bob", amt(9_000, cny))
			m := upTo(c.max)
			m.Min = c.min
			w.standing("bob", m)
			p := standard()
			p.MinAmount, p.Tender.MinBid = amt(1_000, cny), amt(1, cny)
			c.set(&p.Tender)
			id := w.open(p, 1_000, 3, "10% per year")
			bids := w.fill(id).Bids
			if c.want == 0 {
				require.Empty(t, bids)
				return
			}
			require.Len(t, bids, 1)
			require.Equal(t, c.want, bids[0].Minor)
			require.Equal(t, c.want, w.loan(id).Bids[0].Amount)
		})
	}
}
