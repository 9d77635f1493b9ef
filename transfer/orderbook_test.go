package transfer_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// fill is a trade that a matching made.
type filled struct {
	ask, bid         int
	ppm, units, cost int64
}

// till makes trades for a test: a unit costs the price rounded up, and some pairs are refused.
type till struct{ made []filled }

func barred(a transfer.BookAsk, b transfer.BookBid) bool { return (a.Number*7+b.Number)%5 == 0 }

func pays(a transfer.BookAsk, b transfer.BookBid, ppm int64) (units, cost int64) {
	if barred(a, b) {
		return 0, 0
	}
	return priced(a, b, ppm)
}

func priced(a transfer.BookAsk, b transfer.BookBid, ppm int64) (units, cost int64) {
	units = a.Units
	if ppm > 0 {
		units = min(units, b.Money*lending.Million/ppm)
	}
	return units, (units*ppm + lending.Million - 1) / lending.Million
}

func (l *till) trade(a transfer.BookAsk, b transfer.BookBid, ppm int64) (units, cost int64, err error) {
	if units, cost = pays(a, b, ppm); units > 0 {
		l.made = append(l.made, filled{a.Number, b.Number, ppm, units, cost})
	}
	return units, cost, nil
}

// slowly is the book by its definition: the first pair that may trade, by the bid's price and number, then
// the ask's, each pair once.
func slowly(asks []transfer.BookAsk, bids []transfer.BookBid, most int) (made []filled) {
	asks, bids = slices.Clone(asks), slices.Clone(bids)
	tried := map[[2]int]bool{}
	for len(made) < most {
		var a *transfer.BookAsk
		var b *transfer.BookBid
		for i := range bids {
			for k := range asks {
				x, y := &asks[k], &bids[i]
				if x.PPM > y.PPM || x.Seller == y.Buyer || x.Units == 0 || y.Money <= 0 || tried[[2]int{x.Number, y.Number}] {
					continue
				}
				better := b == nil || y.PPM > b.PPM || y.PPM == b.PPM && y.Number < b.Number ||
					y == b && (x.PPM < a.PPM || x.PPM == a.PPM && x.Number < a.Number)
				if better {
					a, b = x, y
				}
			}
		}
		if b == nil {
			return made
		}
		tried[[2]int{a.Number, b.Number}] = true
		ppm := a.PPM
		if b.Number < a.Number {
			ppm = b.PPM
		}
		if units, cost := pays(*a, *b, ppm); units > 0 {
			made = append(made, filled{a.Number, b.Number, ppm, units, cost})
			a.Units, b.Money = a.Units-units, b.Money-cost
		}
	}
	return made
}

func rows(t *rapid.T) (asks []transfer.BookAsk, bids []transfer.BookBid) {
	ppm := rapid.SampledFrom([]int64{980_000, 990_000, 995_000, 1_000_000, 1_010_000})
	who := rapid.SampledFrom([]lending.PartyID{"bob", "eve", "dan"})
	for n := range rapid.IntRange(0, 14).Draw(t, "rows") {
		if rapid.Bool().Draw(t, "ask") {
			asks = append(asks, transfer.BookAsk{Number: n + 1, Seller: who.Draw(t, "seller"), PPM: ppm.Draw(t, "ask at"),
				Units: rapid.Int64Range(1, 400).Draw(t, "units")})
			continue
		}
		bids = append(bids, transfer.BookBid{Number: n + 1, Buyer: who.Draw(t, "buyer"), PPM: ppm.Draw(t, "bid at"),
			Money: rapid.Int64Range(1, 600).Draw(t, "money")})
	}
	return rapid.Permutation(asks).Draw(t, "asks"), rapid.Permutation(bids).Draw(t, "bids")
}

// The book trades as its slow definition does, whatever the order of its rows, and leaves nothing crossed.
func TestCrossAgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asks, bids := rows(t)
		most := rapid.SampledFrom([]int{1, 3, 1000}).Draw(t, "most")
		were := slices.Clone(asks)
		var l till
		done, err := transfer.Cross(asks, bids, most, l.trade)
		require.NoError(t, err)
		require.Equal(t, were, asks, "its input is left alone")
		want := slowly(asks, bids, most)
		require.Equal(t, want, l.made)
		require.False(t, !done && len(l.made) < most, "ended early")
		left, money := map[int]int64{}, map[int]int64{}
		for _, f := range l.made {
			left[f.ask] += f.units
			money[f.bid] += f.cost
		}
		for _, a := range asks {
			require.LessOrEqual(t, left[a.Number], a.Units, "oversold")
			a.Units -= left[a.Number]
			for _, b := range bids {
				require.LessOrEqual(t, money[b.Number], b.Money, "overspent")
				b.Money -= money[b.Number]
				if done && a.Units > 0 && a.PPM <= b.PPM && a.Seller != b.Buyer {
					units, _ := pays(a, b, a.PPM)
					high, _ := pays(a, b, b.PPM)
					require.Zero(t, min(units, high), "%v and %v are left crossed", a, b)
				}
			}
		}
	})
}

func TestCrossEndsAtAnError(t *testing.T) {
	stop := errors.New("stop")
	done, err := transfer.Cross([]transfer.BookAsk{{Number: 1, Seller: "a", Units: 1}}, []transfer.BookBid{{Number: 2, Buyer: "b", Money: 1}},
		9, func(transfer.BookAsk, transfer.BookBid, int64) (int64, int64, error) { return 0, 0, stop })
	require.ErrorIs(t, err, stop)
	require.False(t, done)
}

func BenchmarkOrderBook(b *testing.B) {
	for _, n := range []int{100, transfer.MaxStanding} {
		rng := rand.New(rand.NewPCG(1, 2))
		asks, bids := make([]transfer.BookAsk, n), make([]transfer.BookBid, n)
		for i := range n {
			asks[i] = transfer.BookAsk{Number: 2*i + 1, Seller: lending.PartyID(fmt.Sprint("s", i%50)),
				PPM: 980_000 + rng.Int64N(40_000), Units: 1 + rng.Int64N(1000_00)}
			bids[i] = transfer.BookBid{Number: 2*i + 2, Buyer: lending.PartyID(fmt.Sprint("s", rng.IntN(50))),
				PPM: 980_000 + rng.Int64N(40_000), Money: 1 + rng.Int64N(1000_00)}
		}
		b.Run(fmt.Sprintf("standing=%d", 2*n), func(b *testing.B) {
			b.ReportAllocs()
			fills := 0
			for b.Loop() {
				fills = 0
				_, _ = transfer.Cross(asks, bids, 1<<30, func(a transfer.BookAsk, b transfer.BookBid, ppm int64) (units, cost int64, err error) {
					units, cost = priced(a, b, ppm)
					fills++
					return units, cost, nil
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(fills, 1)), "ns/fill")
		})
	}
}
