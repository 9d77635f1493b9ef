package transfer_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// market draws offers and orders that meet at many edges.
func market(t *rapid.T, most int, atPar bool) (offers []transfer.Offer, orders []transfer.Order) {
	party := rapid.SampledFrom([]lending.PartyID{"ann", "bob", "cat", "dan", "eve"})
	for i := range rapid.IntRange(0, most).Draw(t, "offers") {
		o := transfer.Offer{ID: transfer.OfferID(fmt.Sprint("f", i)), Seller: party.Draw(t, "seller"),
			Borrower: lending.PartyID(fmt.Sprint("b", rapid.IntRange(0, 2).Draw(t, "borrower"))),
			Units:    rapid.Int64Range(1, 60).Draw(t, "units"), MinSlice: rapid.Int64Range(1, 15).Draw(t, "slice"),
			Yield: transfer.Yield(rapid.Int64Range(8, 10).Draw(t, "yield")), Term: rapid.IntRange(1, 4).Draw(t, "term")}
		o.Price = o.Units
		if !atPar {
			o.Price = rapid.Int64Range(1, 90).Draw(t, "price")
		}
		if rapid.Bool().Draw(t, "held before") {
			o.Former = []lending.PartyID{party.Draw(t, "former")}
		}
		offers = append(offers, o)
	}
	for i := range rapid.IntRange(0, most).Draw(t, "orders") {
		buyer := party.Draw(t, "buyer")
		if rapid.Bool().Draw(t, "stranger") {
			buyer = lending.PartyID(fmt.Sprint("s", i))
		}
		orders = append(orders, transfer.Order{ID: transfer.OrderID(fmt.Sprint("o", i)), Buyer: buyer,
			Turn: rapid.Int64Range(0, 3).Draw(t, "turn"), Criteria: criteria(t)})
	}
	return offers, orders
}

func criteria(t *rapid.T) transfer.Criteria {
	return transfer.Criteria{Money: rapid.SampledFrom([]int64{1, 20, 37, 100}).Draw(t, "money"),
		PerClaim:    rapid.SampledFrom([]int64{0, 0, 17}).Draw(t, "per claim"),
		PerBorrower: rapid.SampledFrom([]int64{0, 0, 25}).Draw(t, "per borrower"),
		MinYield:    transfer.Yield(rapid.Int64Range(7, 9).Draw(t, "min yield")),
		MinTerm:     rapid.IntRange(0, 2).Draw(t, "min term"),
		MaxTerm:     rapid.SampledFrom([]int{0, 0, 2, 3}).Draw(t, "max term")}
}

// book is what was matched, summed up.
type book struct {
	sold, got             map[transfer.OfferID]int64
	spent                 map[transfer.OrderID]int64
	perClaim, perBorrower map[string]int64
}

func sum(offers []transfer.Offer, orders []transfer.Order, found []transfer.Slice) book {
	b := book{map[transfer.OfferID]int64{}, map[transfer.OfferID]int64{}, map[transfer.OrderID]int64{},
		map[string]int64{}, map[string]int64{}}
	for _, x := range found {
		f := offer(offers, x.Offer)
		b.sold[x.Offer] += x.Units
		b.got[x.Offer] += x.Cost
		b.spent[x.Order] += x.Cost
		b.perClaim[fmt.Sprint(x.Order, x.Offer)] += x.Cost
		b.perBorrower[fmt.Sprint(x.Order, f.Borrower)] += x.Cost
	}
	return b
}

func offer(offers []transfer.Offer, id transfer.OfferID) transfer.Offer {
	return offers[slices.IndexFunc(offers, func(f transfer.Offer) bool { return f.ID == id })]
}

func order(orders []transfer.Order, id transfer.OrderID) transfer.Order {
	return orders[slices.IndexFunc(orders, func(o transfer.Order) bool { return o.ID == id })]
}

// suits is the rule of what an order may buy, once more.
func suits(o transfer.Order, f transfer.Offer) bool {
	return f.Yield >= o.MinYield && f.Term >= o.MinTerm && (o.MaxTerm == 0 || f.Term <= o.MaxTerm) &&
		o.Buyer != f.Seller && o.Buyer != f.Borrower && !slices.Contains(f.Former, o.Buyer)
}

// requireSound checks every rule that a match promises.
func requireSound(t require.TestingT, offers []transfer.Offer, orders []transfer.Order, found []transfer.Slice) {
	b := sum(offers, orders, found)
	pairs := map[string]bool{}
	for _, x := range found {
		o, f := order(orders, x.Order), offer(offers, x.Offer)
		require.True(t, suits(o, f), "%v buys %v", o, f)
		require.Positive(t, x.Cost)
		require.True(t, x.Units >= f.MinSlice || x.Units == f.Units || b.sold[f.ID] == f.Units, "%v of %v", x, f)
		pair := fmt.Sprint(x.Order, x.Offer)
		require.False(t, pairs[pair], "one slice of an offer for an order")
		pairs[pair] = true
		for cap, spent := range map[int64]int64{o.PerClaim: b.perClaim[pair], o.PerBorrower: b.perBorrower[fmt.Sprint(x.Order, f.Borrower)]} {
			require.True(t, cap == 0 || spent <= cap, "%v spends %d", o, spent)
		}
	}
	for _, f := range offers {
		left := f.Units - b.sold[f.ID]
		require.GreaterOrEqual(t, left, int64(0))
		require.True(t, left == 0 || left == f.Units || left >= f.MinSlice, "%v leaves %d", f, left)
		require.Equal(t, b.sold[f.ID]*f.Price/f.Units, b.got[f.ID], "the floor of the exact share")
	}
	for _, o := range orders {
		require.LessOrEqual(t, b.spent[o.ID], o.Money)
	}
}

func TestMatchIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers, orders := market(t, 12, rapid.Bool().Draw(t, "par"))
		found, err := transfer.Match(offers, orders)
		require.NoError(t, err)
		requireSound(t, offers, orders, found)
	})
}

func TestMatchDoesNotHangOnTheOrderOfInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers, orders := market(t, 12, false)
		found, err := transfer.Match(offers, orders)
		require.NoError(t, err)
		again, err := transfer.Match(rapid.Permutation(offers).Draw(t, "offers"), rapid.Permutation(orders).Draw(t, "orders"))
		require.NoError(t, err)
		require.Equal(t, found, again)
	})
}

// Of orders with equal criteria an earlier one never gets less, within a buyer and among strangers.
func TestMatchIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers, orders := market(t, 12, false)
		for i := range orders {
			if i > 0 && rapid.Bool().Draw(t, "the same") {
				orders[i].Criteria = orders[0].Criteria
			}
		}
		found, err := transfer.Match(offers, orders)
		require.NoError(t, err)
		b := sum(offers, orders, found)
		stranger := func(o transfer.Order) bool { return o.Buyer[0] == 's' }
		for _, o := range orders {
			for _, p := range orders {
				earlier := o.Turn < p.Turn || o.Turn == p.Turn && o.ID < p.ID
				if o.Criteria == p.Criteria && earlier && (o.Buyer == p.Buyer || stranger(o) && stranger(p)) {
					require.GreaterOrEqual(t, b.spent[o.ID], b.spent[p.ID], "%v before %v", o, p)
				}
			}
		}
	})
}

// By hand: 250 of money takes 200 and cannot use the rest, the next takes 150 and 100 and is full.
func TestMatchLevels(t *testing.T) {
	var offers []transfer.Offer
	for i, n := range []int64{200, 150, 100} {
		offers = append(offers, transfer.Offer{ID: transfer.OfferID(fmt.Sprint(i)), Seller: "s", Borrower: "b",
			Units: n, MinSlice: 100, Price: n})
	}
	want := transfer.Criteria{Money: 250}
	found, err := transfer.Match(offers, []transfer.Order{{ID: "late", Buyer: "x", Turn: 2, Criteria: want},
		{ID: "soon", Buyer: "y", Turn: 1, Criteria: want}})
	require.NoError(t, err)
	require.Equal(t, []transfer.Slice{{Order: "soon", Offer: "1", Units: 150, Cost: 150},
		{Order: "soon", Offer: "2", Units: 100, Cost: 100}, {Order: "late", Offer: "0", Units: 200, Cost: 200}}, found)
}

// A buyer who sold or held every claim gets none of them back.
func TestNoClaimComesBack(t *testing.T) {
	offers := []transfer.Offer{{ID: "a", Seller: "ann", Borrower: "b", Units: 9, MinSlice: 1, Price: 9},
		{ID: "b", Seller: "bob", Former: []lending.PartyID{"x", "ann"}, Borrower: "b", Units: 9, MinSlice: 1, Price: 9},
		{ID: "c", Seller: "bob", Borrower: "ann", Units: 9, MinSlice: 1, Price: 9}}
	found, err := transfer.Match(offers, []transfer.Order{{ID: "o", Buyer: "ann", Criteria: transfer.Criteria{Money: 99}}})
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestMatchRefusals(t *testing.T) {
	good := transfer.Offer{ID: "a", Seller: "s", Borrower: "b", Units: 1, MinSlice: 1, Price: 1}
	offers := map[string]func(o *transfer.Offer){
		"id": func(o *transfer.Offer) { o.ID = "" }, "seller": func(o *transfer.Offer) { o.Seller = "" },
		"units": func(o *transfer.Offer) { o.Units = 0 }, "slice": func(o *transfer.Offer) { o.MinSlice = -1 },
		"price": func(o *transfer.Offer) { o.Price = 1 << 53 }, "yield": func(o *transfer.Offer) { o.Yield = -1e6 },
		"term":   func(o *transfer.Offer) { o.Term = transfer.MaxTerm + 1 },
		"former": func(o *transfer.Offer) { o.Former = make([]lending.PartyID, transfer.MaxFormer+1) },
	}
	for name, spoil := range offers {
		bad := good
		spoil(&bad)
		_, err := transfer.Match([]transfer.Offer{good, bad}, nil)
		require.ErrorIs(t, err, transfer.ErrMatch, name)
	}
	fine := transfer.Order{ID: "o", Buyer: "x", Criteria: transfer.Criteria{Money: 1}}
	orders := map[string]func(o *transfer.Order){
		"id": func(o *transfer.Order) { o.ID = "" }, "buyer": func(o *transfer.Order) { o.Buyer = "" },
		"money": func(o *transfer.Order) { o.Money = 0 }, "claim": func(o *transfer.Order) { o.PerClaim = -1 },
		"borrower": func(o *transfer.Order) { o.PerBorrower = -1 }, "yield": func(o *transfer.Order) { o.MinYield = 1 << 40 },
		"term":  func(o *transfer.Order) { o.MinTerm = -1 },
		"terms": func(o *transfer.Order) { o.MinTerm, o.MaxTerm = 3, 2 },
	}
	for name, spoil := range orders {
		bad := fine
		spoil(&bad)
		_, err := transfer.Match(nil, []transfer.Order{fine, bad})
		require.ErrorIs(t, err, transfer.ErrMatch, name)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(err))
	}
	_, err := transfer.Match([]transfer.Offer{good, good}, nil)
	require.ErrorIs(t, err, transfer.ErrMatch)
	_, err = transfer.Match(nil, []transfer.Order{fine, fine})
	require.ErrorIs(t, err, transfer.ErrMatch)
	_, err = transfer.Match(nil, make([]transfer.Order, transfer.MaxOrders+1))
	require.ErrorIs(t, err, transfer.ErrMatch)
}

// Large amounts and odd prices neither overflow nor oversell.
func TestMatchOfLargeAmounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(1, 1<<53-1)
		f := transfer.Offer{ID: "a", Seller: "s", Borrower: "b", Units: amount.Draw(t, "units"),
			MinSlice: amount.Draw(t, "slice"), Price: amount.Draw(t, "price")}
		var orders []transfer.Order
		for i := range 4 {
			orders = append(orders, transfer.Order{ID: transfer.OrderID(fmt.Sprint(i)), Buyer: "x",
				Criteria: transfer.Criteria{Money: amount.Draw(t, "money"), PerClaim: amount.Draw(t, "cap")}})
		}
		found, err := transfer.Match([]transfer.Offer{f}, orders)
		require.NoError(t, err)
		var units, cost int64
		for _, x := range found {
			o := order(orders, x.Order)
			require.LessOrEqual(t, x.Cost, min(o.Money, o.PerClaim))
			units, cost = units+x.Units, cost+x.Cost
		}
		require.LessOrEqual(t, units, f.Units)
		require.LessOrEqual(t, cost, f.Price)
		require.Equal(t, units == f.Units, cost == f.Price)
	})
}

func bigMarket(claims, orders int) ([]transfer.Offer, []transfer.Order) {
	r := rand.New(rand.NewPCG(1, 2))
	fs, os := make([]transfer.Offer, claims), make([]transfer.Order, orders)
	for i := range fs {
		units := (1 + r.Int64N(50)) * 100_00
		fs[i] = transfer.Offer{ID: transfer.OfferID(fmt.Sprintf("L%07d-%d", i/3, i%3)), Units: units,
			Seller: lending.PartyID(fmt.Sprintf("P%06d", r.IntN(orders))), MinSlice: 100_00,
			Borrower: lending.PartyID(fmt.Sprintf("B%06d", r.IntN(claims/2+1))), Price: units * (950 + r.Int64N(60)) / 1000,
			Yield: transfer.Yield(60_000 + r.Int64N(1200)*100), Term: 30 + r.IntN(1066)}
	}
	for i := range os {
		os[i] = transfer.Order{ID: transfer.OrderID(fmt.Sprintf("O%06d", i)), Turn: int64(i / 10),
			Buyer: lending.PartyID(fmt.Sprintf("P%06d", i)), Criteria: transfer.Criteria{
				Money: (1 + r.Int64N(60)) * 1000_00, PerClaim: 2000_00 + r.Int64N(4)*1000_00, PerBorrower: 5000_00,
				MinYield: transfer.Yield(50_000 + r.Int64N(80)*1000), MinTerm: r.IntN(300), MaxTerm: 300 + r.IntN(700)}}
	}
	return fs, os
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1e4, 1e6} {
		b.Run(fmt.Sprintf("claims=1e%d", len(fmt.Sprint(n))-1), func(b *testing.B) {
			offers, orders := bigMarket(n, n/10)
			b.ReportAllocs()
			var found []transfer.Slice
			for b.Loop() {
				found, _ = transfer.Match(offers, orders)
			}
			var placed, wanted int64
			for _, x := range found {
				placed += x.Cost
			}
			for _, o := range orders {
				wanted += o.Money
			}
			b.ReportMetric(float64(len(found)), "slices/op")
			b.ReportMetric(float64(placed)/float64(wanted), "placed")
		})
	}
}
