package transfer_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// replay follows a match slice by slice, the slow way.
type replay struct {
	offers    []transfer.Offer
	sold, got map[transfer.OfferID]int64
	tried     map[transfer.OfferID]bool // by the order that is served
	spent     int64
	by        map[lending.PartyID]int64
}

// most is what an order may buy of an offer at most, by trying every number of units from the top.
func (r *replay) most(o transfer.Order, f transfer.Offer) (units, cost int64) {
	if r.tried[f.ID] || !suits(o, f) {
		return 0, 0
	}
	limit := o.Money - r.spent
	if o.PerClaim > 0 {
		limit = min(limit, o.PerClaim)
	}
	if o.PerBorrower > 0 {
		limit = min(limit, o.PerBorrower-r.by[f.Borrower])
	}
	left := f.Units - r.sold[f.ID]
	for u := left; u > 0; u-- {
		whole := u == left || u >= f.MinSlice && left-u >= f.MinSlice
		c := (r.sold[f.ID]+u)*f.Price/f.Units - r.got[f.ID]
		if whole && c <= limit {
			if c == 0 {
				u = 0
			}
			return u, c
		}
	}
	return 0, 0
}

// Each slice is the most that may be bought of the offer of most value, and an order ends only when there
// is nothing for it.
func TestMatchReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers, orders := market(t, 12, rapid.Bool().Draw(t, "par"))
		for i := range orders { // no two of equal criteria, which would be levelled
			orders[i].Turn, orders[i].Money = int64(i), 12*rapid.Int64Range(0, 8).Draw(t, "dozens")+int64(i)+1
		}
		found, err := transfer.Match(offers, orders)
		require.NoError(t, err)
		r := replay{offers: offers, sold: map[transfer.OfferID]int64{}, got: map[transfer.OfferID]int64{}}
		for _, o := range orders {
			r.tried, r.by, r.spent = map[transfer.OfferID]bool{}, map[lending.PartyID]int64{}, 0
			for len(found) > 0 && found[0].Order == o.ID {
				r.step(t, o, found[0])
				found = found[1:]
			}
			for _, f := range offers {
				units, _ := r.most(o, f)
				require.Zero(t, units, "%v of %v", o, f)
			}
		}
		require.Empty(t, found)
	})
}

func (r *replay) step(t *rapid.T, o transfer.Order, x transfer.Slice) {
	f := offer(r.offers, x.Offer)
	value := f.Price - r.got[f.ID]
	for _, other := range r.offers {
		if units, _ := r.most(o, other); units > 0 {
			require.LessOrEqual(t, other.Price-r.got[other.ID], value, fmt.Sprint(x, other))
		}
	}
	units, cost := r.most(o, f)
	require.Equal(t, x, transfer.Slice{Order: o.ID, Offer: f.ID, Units: units, Cost: cost})
	r.tried[f.ID] = true
	r.sold[f.ID] += units
	r.got[f.ID] += cost
	r.spent += cost
	r.by[f.Borrower] += cost
}
