package lending_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// A book keeps every unit: what was posted is filled, withdrawn or stands. A wish is filled as the
// oracle fills it from the rows that stand, without the borrower's own.
func TestOrderBookEqualsOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, err := lending.NewOrderBook(lending.TenderRules{Mechanism: lending.MarketRate, Reserve: 8, Round: money.HalfUp})
		if err != nil {
			t.Fatal(err)
		}
		var units int64
		var rows [3][]lending.Offer // by term; 0 is unused
		id := uint32(0)
		draw := func(low, high int64, name string) int64 { return rapid.Int64Range(low, high).Draw(t, name) }
		t.Repeat(map[string]func(*rapid.T){
			"post": func(t *rapid.T) {
				term := int(draw(1, 2, "term"))
				id++
				o := lending.Offer{Units: draw(1, 9, "units"), Pico: draw(0, 8, "rate"), Time: draw(0, 3, "time"), ID: id, Lender: uint32(draw(1, 4, "lender"))}
				if err := book.Post(term, o); err != nil {
					t.Fatal(err)
				}
				rows[term] = append(rows[term], o)
				units += o.Units
			},
			"withdraw": func(t *rapid.T) {
				at := uint32(draw(0, int64(id), "id"))
				o, err := book.Withdraw(at)
				found := false
				for term := range rows {
					rows[term] = slices.DeleteFunc(rows[term], func(r lending.Offer) bool { found = found || r == o; return r.ID == at })
				}
				if (err == nil) != found {
					t.Fatalf("withdrew %+v (%v)", o, err)
				}
				units -= o.Units
			},
			"match": func(t *rapid.T) {
				w := lending.Wish{Term: int(draw(1, 2, "term")), Amount: draw(1, 30, "amount"), Reserve: draw(0, 9, "reserve"),
					MaxPerLender: draw(0, 9, "most"), Threshold: draw(0, 1, "all") * 1_000_000, Borrower: uint32(draw(0, 4, "borrower"))}
				var left []lending.Offer
				for _, o := range rows[w.Term] {
					if o.Lender != w.Borrower {
						left = append(left, o)
					}
				}
				want := newTenderOracle(lending.TenderRules{Mechanism: lending.MarketRate, Amount: w.Amount, Reserve: w.Reserve,
					MaxPerLender: w.MaxPerLender, Threshold: w.Threshold, Round: money.HalfUp}, left).clear()
				got, err := book.Match(w)
				if err != nil || got.Total != want.Total || got.Pico != want.Pico || got.Failure != want.Failure {
					t.Fatalf("%+v of %v = %+v (%v), want %+v", w, left, got, err, want)
				}
				for _, f := range got.Fills {
					i := slices.Index(left, f.Offer)
					if i < 0 || want.Taken[i] != f.Units {
						t.Fatalf("%+v of %v = %+v, want %v", w, left, got, want.Taken)
					}
					at := slices.Index(rows[w.Term], f.Offer)
					rows[w.Term][at].Units -= f.Units
					units -= f.Units
				}
				if got.Failure != 0 && len(got.Fills) > 0 {
					t.Fatalf("failed with fills: %+v", got)
				}
				rows[w.Term] = slices.DeleteFunc(rows[w.Term], func(o lending.Offer) bool { return o.Units == 0 })
			},
			"": func(t *rapid.T) {
				var stand int64
				for term := 1; term <= 2; term++ {
					got := book.Offers(nil, term)
					for i, o := range got {
						stand += o.Units
						if !slices.Contains(rows[term], o) || i > 0 && o.Pico < got[i-1].Pico {
							t.Fatalf("%+v stands, want %+v", got, rows[term])
						}
					}
					if len(got) != len(rows[term]) {
						t.Fatalf("%+v stands, want %+v", got, rows[term])
					}
				}
				if stand != units {
					t.Fatalf("%d units stand of %d", stand, units)
				}
			},
		})
	})
}

func TestOrderBookRefusals(t *testing.T) {
	for name, spoil := range map[string]func(*lending.TenderRules){
		"mechanism": func(r *lending.TenderRules) { r.Mechanism = lending.PayAsBid },
		"amount":    func(r *lending.TenderRules) { r.Amount = 1 },
		"borrower":  func(r *lending.TenderRules) { r.Borrower = 1 },
		"minimum":   func(r *lending.TenderRules) { r.MinBid = -1 },
		"rounding":  func(r *lending.TenderRules) { r.Round = 0 },
	} {
		rules := lending.TenderRules{Mechanism: lending.MarketRate, Reserve: 8, Round: money.HalfUp}
		spoil(&rules)
		_, err := lending.NewOrderBook(rules)
		require.ErrorIs(t, err, lending.ErrTerms, name)
	}
	book, err := lending.NewOrderBook(lending.TenderRules{Mechanism: lending.MarketRate, Reserve: 8, MinBid: 5, Round: money.HalfUp})
	require.NoError(t, err)
	good := lending.Offer{Units: 10, Pico: 8, ID: 1, Lender: 1}
	require.NoError(t, book.Post(12, good))
	require.ErrorIs(t, book.Post(24, good), lending.ErrExists)
	other := good
	other.ID = 2
	require.ErrorIs(t, book.Post(0, other), lending.ErrTerms)
	require.ErrorIs(t, book.Post(lending.MaxTerm+1, other), lending.ErrTerms)
	other.Pico = 9
	require.ErrorIs(t, book.Post(12, other), lending.ErrBid)
	other.Pico, other.Units = 8, 4
	require.ErrorIs(t, book.Post(12, other), lending.ErrBid)
	other.Units = lending.MaxLoan
	for i := range uint32(63) {
		other.ID = 100 + i
		require.NoError(t, book.Post(36, other))
	}
	other.ID = 200
	require.ErrorIs(t, book.Post(36, other), lending.ErrLimit, "2^53 units")
	_, err = book.Match(lending.Wish{Term: 36, Amount: lending.MaxLoan, Reserve: 8})
	require.NoError(t, err)
	require.NoError(t, book.Post(36, other), "a match makes room")
	_, err = book.Withdraw(200)
	require.NoError(t, err)
	require.NoError(t, book.Post(36, other), "a withdrawal makes room")
	_, err = book.Withdraw(2)
	require.ErrorIs(t, err, lending.ErrUnknown)
	for _, w := range []lending.Wish{{Term: 0, Amount: 1}, {Term: 1201, Amount: 1}, {Term: 12}, {Term: 12, Amount: 1, Reserve: -1}} {
		_, err = book.Match(w)
		require.ErrorIs(t, err, lending.ErrTerms)
	}
	m, err := book.Match(lending.Wish{Term: 13, Amount: 1, Reserve: 8})
	require.NoError(t, err)
	require.Equal(t, lending.NoOffers, m.Failure)
	m, err = book.Match(lending.Wish{Term: 12, Amount: 7, Reserve: 8}) // leaves 3, below the minimum of what comes in
	require.NoError(t, err)
	require.EqualValues(t, 7, m.Total)
	m, err = book.Match(lending.Wish{Term: 12, Amount: 7, Reserve: 8})
	require.NoError(t, err)
	require.EqualValues(t, 3, m.Total)
	require.NoError(t, book.Post(12, good), "it is gone")
}
