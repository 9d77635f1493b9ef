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
			p.MinAmount, p.MaxAmount, p.Tender.MinBid = amt(1_000, cny), amt(5_000, cny), amt(1, cny)
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

// A lender whose bids the authorizer refuses is skipped; an error that is no refusal ends the filling.
func TestFillAsksAuthorizer(t *testing.T) {
	no := error(&lending.Error{Err: lending.ErrAuthority, Thing: "bids", Why: "are not his to place"})
	asked, stop := 0, false
	w := newWorld(t, lending.Config{Authorizer: authority(func(c any) error {
		b, ok := c.(lending.PlaceBid)
		if !ok || b.Amount.Minor() != 100 {
			return nil
		}
		if asked++; stop {
			return errPolicy
		}
		return no
	})}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob", "eve")
	for i, p := range []lending.PartyID{"bob", "eve"} {
		w.deposit(p, amt(9_000, cny))
		w.standing(p, upTo(int64(100+100*i)))
	}
	id := w.open(standard(), 5_000, 3, "10% per year")
	stop = true
	_, err := w.desk.Fill(t.Context(), w.meta(timer), "retail", id)
	require.ErrorIs(t, err, errPolicy)
	require.Empty(t, w.loan(id).Bids)
	stop = false
	bids := w.fill(id).Bids
	require.Len(t, bids, 1)
	require.Equal(t, lending.PartyID("eve"), bids[0].Lender)
	require.Equal(t, 2, asked)
	require.ErrorIs(t, w.tryBid(id, "bob", 100, ""), lending.ErrAuthority)
}

// On its first day a listing is filled before the day-end as it takes manual bids, and not earlier.
func TestFillOnFirstDay(t *testing.T) {
	w := newWorld(t, lending.Config{}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	w.register("ann", "bob")
	w.deposit("bob", amt(9_000, cny))
	w.standing("bob", upTo(100))
	p := standard()
	p.Tender.DelayDays = 3
	id := w.open(p, 5_000, 3, "10% per year")
	w.day = w.day.AddDays(2)
	_, err := w.desk.Fill(t.Context(), w.meta(timer), "retail", id)
	require.ErrorIs(t, err, lending.ErrDate)
	require.Equal(t, lending.StateScheduled, w.loan(id).State)
	w.day = w.day.AddDays(1)
	require.Len(t, w.fill(id).Bids, 1)
	require.Equal(t, lending.StateOpen, w.loan(id).State)
}
