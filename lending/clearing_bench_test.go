package lending_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// bidders draws offers at 5% to 24%, on a grid of basis points or at any rate, of which a tender for
// tenderAmount takes about a third.
func bidders(n int, step int64) []lending.Offer {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	offers := make([]lending.Offer, n)
	for i := range offers {
		offers[i] = lending.Offer{
			Units: 100 * (1 + rng.Int64N(1000)), Pico: (50_000_000_000 + rng.Int64N(190_000_000_000)) / step * step,
			Time: int64(i), ID: uint32(i), Lender: uint32(1 + rng.IntN(n)),
		}
	}
	return offers
}

func tenderFor(n int, m lending.Mechanism) lending.TenderRules {
	return lending.TenderRules{
		Mechanism: m, Amount: int64(n) * 15_000, Reserve: 240_000_000_000,
		MinBid: 100, Increment: 100, Round: money.HalfEven, Threshold: lending.Million,
	}
}

// BenchmarkTender clears a tender with memory used again. A sealed bid at basis points is the case
// of bids=...; the others show what each mechanism, any rates and a share per lender cost.
func BenchmarkTender(b *testing.B) {
	const point = 100_000_000
	for _, n := range []int{1_000, 100_000} {
		bench := func(name string, step int64, rules lending.TenderRules) {
			b.Run(name, func(b *testing.B) {
				offers := bidders(n, step)
				var c lending.Clearer
				var taken []int64
				b.ReportAllocs()
				for b.Loop() {
					out, err := c.Clear(taken, rules, offers)
					if err != nil || out.Failure != 0 {
						b.Fatal(out.Failure, err)
					}
					taken = out.Taken
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/bid")
			})
		}
		name := fmt.Sprintf("bids=%d", n)
		plain := tenderFor(n, lending.UniformMarginal)
		plain.Increment = 0
		bench(name, point, plain)
		bench(name+"/any-rate", 1, plain)
		bench(name+"/steps", point, tenderFor(n, lending.UniformMarginal))
		capped := plain
		capped.MaxPerLender = 100_000
		bench(name+"/capped", point, capped)
		for m := lending.FirstCome; m <= lending.MarketRate; m++ {
			if m != lending.UniformMarginal {
				bench(name+"/"+m.String(), point, tenderFor(n, m))
			}
		}
	}
}

// BenchmarkAuction places an offer in an auction in which a thousand stand.
func BenchmarkAuction(b *testing.B) {
	rules := tenderFor(1_000, lending.OpenAuction)
	offers := bidders(100_000, 1)
	var dst []lending.Outbid
	auction, err := lending.NewAuction(rules)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if n == len(offers) {
			auction, err = lending.NewAuction(rules)
			n = 0
		}
		if err != nil {
			b.Fatal(err)
		}
		_, dst, _ = auction.Place(dst[:0], offers[n])
		n++
	}
}

// BenchmarkMatch fills a wish from 1,000 standing offers, ten offers a wish, and posts them anew.
func BenchmarkMatch(b *testing.B) {
	book, err := lending.NewOrderBook(lending.TenderRules{
		Mechanism: lending.MarketRate, Reserve: 240_000_000_000, Round: money.HalfEven,
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range bidders(1_000, 1) {
		if err := book.Post(12, o); err != nil {
			b.Fatal(err)
		}
	}
	next := uint32(1_000)
	b.ReportAllocs()
	for b.Loop() {
		m, err := book.Match(lending.Wish{Term: 12, Amount: 500_000, Reserve: 240_000_000_000})
		if err != nil || m.Failure != 0 {
			b.Fatal(m.Failure, err)
		}
		for _, f := range m.Fills {
			f.Offer.Units, f.Offer.ID = f.Units, next
			next++
			if err := book.Post(12, f.Offer); err != nil {
				b.Fatal(err)
			}
		}
	}
}
