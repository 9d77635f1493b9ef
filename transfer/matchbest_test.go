package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// best is the exhaustive matcher: most money, then fewest slices, over every way to divide offers at par,
// whatever the turns.
type best struct {
	offers        []transfer.Offer
	orders        []transfer.Order
	units         [][]int64 // by order, by offer
	minor, slices int64
}

func (b *best) search(pair int, minor, slices int64) {
	if pair == len(b.offers)*len(b.orders) {
		if b.noTails() && (minor > b.minor || minor == b.minor && slices < b.slices) {
			b.minor, b.slices = minor, slices
		}
		return
	}
	i, j := pair/len(b.offers), pair%len(b.offers)
	o, f := b.orders[i], b.offers[j]
	b.search(pair+1, minor, slices)
	if !suits(o, f) {
		return
	}
	for u := min(f.MinSlice, f.Units); u <= f.Units; u++ {
		b.units[i][j] = u
		if !b.within(i, f.Borrower) || o.PerClaim > 0 && u > o.PerClaim || !b.holds(j) {
			break
		}
		b.search(pair+1, minor+u, slices+1)
	}
	b.units[i][j] = 0
}

// within reports whether an order keeps its money and its cap on a borrower.
func (b *best) within(i int, borrower lending.PartyID) bool {
	var all, his int64
	for j, u := range b.units[i] {
		all += u
		if b.offers[j].Borrower == borrower {
			his += u
		}
	}
	o := b.orders[i]
	return all <= o.Money && (o.PerBorrower == 0 || his <= o.PerBorrower)
}

func (b *best) left(j int) int64 {
	left := b.offers[j].Units
	for i := range b.orders {
		left -= b.units[i][j]
	}
	return left
}

func (b *best) holds(j int) bool { return b.left(j) >= 0 }

func (b *best) noTails() bool {
	for j, f := range b.offers {
		if left := b.left(j); left > 0 && left < f.Units && left < f.MinSlice {
			return false
		}
	}
	return true
}

func small(t *rapid.T, minSlice int64) ([]transfer.Offer, []transfer.Order) {
	shape := rapid.SampledFrom([][2]int{{2, 2}, {2, 3}, {3, 2}, {4, 1}, {1, 4}}).Draw(t, "shape")
	cap := rapid.SampledFrom([]int64{0, 0, 2, 3, 4})
	var offers []transfer.Offer
	for j := range shape[0] {
		units := rapid.Int64Range(1, 7).Draw(t, "units")
		offers = append(offers, transfer.Offer{ID: transfer.OfferID('a' + rune(j)), Seller: "s",
			Borrower: lending.PartyID('p' + rune(rapid.IntRange(0, 1).Draw(t, "borrower"))), Units: units, Price: units,
			MinSlice: rapid.Int64Range(1, minSlice).Draw(t, "slice"), Yield: transfer.Yield(rapid.Int64Range(1, 2).Draw(t, "yield"))})
	}
	var orders []transfer.Order
	for i := range shape[1] {
		orders = append(orders, transfer.Order{ID: transfer.OrderID('a' + rune(i)), Buyer: "x", Criteria: transfer.Criteria{
			Money: rapid.Int64Range(1, 8).Draw(t, "money"), PerClaim: cap.Draw(t, "per claim"),
			PerBorrower: cap.Draw(t, "per borrower"), MinYield: transfer.Yield(rapid.Int64Range(1, 2).Draw(t, "min yield"))}})
	}
	return offers, orders
}

// The fast matcher against the exhaustive one. With slices of one unit at least half of the most money
// is placed, which is proven; what is measured is nearer.
func TestMatchIsNearTheBest(t *testing.T) {
	for name, minSlice := range map[string]int64{"slices of 1": 1, "slices to 4": 4} {
		t.Run(name, func(t *testing.T) {
			var money, most, took, fewest, cases, full int64
			worst, widest := 1.0, 1.0
			rapid.Check(t, func(t *rapid.T) {
				offers, orders := small(t, minSlice)
				found, err := transfer.Match(offers, orders)
				require.NoError(t, err)
				requireSound(t, offers, orders, found)
				b := best{offers: offers, orders: orders, units: make([][]int64, len(orders))}
				for i := range b.units {
					b.units[i] = make([]int64, len(offers))
				}
				b.search(0, 0, 0)
				var minor int64
				for _, x := range found {
					minor += x.Cost
				}
				require.LessOrEqual(t, minor, b.minor)
				cases, money, most = cases+1, money+minor, most+b.minor
				if b.minor > 0 {
					worst = min(worst, float64(minor)/float64(b.minor))
				}
				require.GreaterOrEqual(t, 2*minor, b.minor, "half of the most money")
				if minor == b.minor && b.slices > 0 {
					full, took, fewest = full+1, took+int64(len(found)), fewest+b.slices
					widest = max(widest, float64(len(found))/float64(b.slices))
					require.LessOrEqual(t, int64(len(found)), 2*b.slices, "twice the fewest slices")
				}
			})
			t.Logf("%d cases: %.4f of the most money, at worst %.3f; in %d that place the most, %.4f times the fewest slices, at worst %.2f",
				cases, float64(money)/float64(most), worst, full, float64(took)/float64(fewest), widest)
		})
	}
}
