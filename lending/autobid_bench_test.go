package lending_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// crowd makes a queue of n mandates with filters of every kind, and the purses by slot.
func crowd(tb testing.TB, n int, p lending.TurnPolicy) (*lending.Queue, lending.Purses) {
	q := queue(tb, lending.QueueRules{Currency: cny, Turns: p})
	table := make([]lending.Purse, n)
	seed := uint64(1)
	pick := func(n int) int { // a number below n
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(n))
	}
	grades := []lending.Code{"A", "B", "C", "D", "E", "F"}
	for i := range n {
		m := lending.Mandate{ID: lending.MandateID(fmt.Sprintf("m%d", i)), Lender: lending.PartyID(fmt.Sprintf("l%d", i)),
			Currency: cny, Min: 1_000, Max: 1_000 * int64(1+pick(20)), Retain: 500, PerBorrower: 50_000}
		m.Takes.MinRate = schedule.MustRate(fmt.Sprintf("%d%% per year", 6+pick(12)))
		m.Takes.MaxMonths = 6 * (1 + pick(8))
		m.Takes.MaxAmount = 100_000_000 * int64(1+pick(4))
		at := pick(len(grades))
		m.Takes.Grades = grades[at:min(at+2, len(grades))]
		m.Takes.Covered = pick(3) == 0
		require.NoError(tb, q.SwitchOn(m))
		table[i] = lending.Purse{Free: int64(pick(40_000)), Total: int64(pick(100_000)), Debtor: pick(30) == 0}
	}
	return q, func(slot int, _ lending.PartyID) (lending.Purse, error) { return table[slot], nil }
}

// BenchmarkAutoBid fills listings one after another among standing orders and moves the queue on,
// once so large that everybody has a turn, once for twenty bids each.
func BenchmarkAutoBid(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		for _, bids := range []int{0, 20} {
			for _, policy := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
				name := fmt.Sprintf("orders=%d/%s/all", n, policy)
				if bids > 0 {
					name = fmt.Sprintf("orders=%d/%s/bids=%d", n, policy, bids)
				}
				b.Run(name, func(b *testing.B) { autoBid(b, n, bids, policy) })
			}
		}
	}
}

// BenchmarkFill fills loans from a queue of standing orders through the engine and the memory store:
// twenty bids each, all that the loan takes.
func BenchmarkFill(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("orders=%d/bids=20", n), func(b *testing.B) {
			w := newWorld(b, lending.Config{States: 4 * n}).withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
			w.register("ann")
			for i := range n {
				p := lending.PartyID(fmt.Sprintf("lender-%d", i))
				w.register(p)
				w.deposit(p, amt(1<<40, cny))
				w.standing(p, upTo(5_000))
			}
			w.open(standard(), 100_000, 12, "10% per year")
			bids := 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				id := w.openFor("ann", 100_000)
				b.StartTimer()
				bids += len(w.fill(id).Bids)
			}
			b.ReportMetric(float64(bids)/float64(b.N), "bids/op")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(bids), "ns/bid")
		})
	}
}

func autoBid(b *testing.B, n, bids int, policy lending.TurnPolicy) {
	q, ps := crowd(b, n, policy)
	var calls []lending.Call
	for i := range 12 {
		w := plainWanted(200_000_000)
		w.Grade = []lending.Code{"A", "B", "C", "D", "E", "F"}[i%6]
		w.Rate = schedule.MustRate(fmt.Sprintf("%d%% per year", 8+i%5))
		w.Months = 12 + 6*(i%3)
		if bids > 0 {
			w.Lenders = lending.MaxLots - bids
		}
		calls = append(calls, lending.Call{Wanted: w, On: first, Purses: ps})
	}
	var r lending.Round
	turns, served, k := 0, 0, 0
	round := func() {
		if err := q.FillInto(&r, &calls[k%len(calls)]); err != nil {
			b.Fatal(err)
		}
		if err := q.Turn(&r); err != nil {
			b.Fatal(err)
		}
		turns, served, k = turns+r.Turns, served+len(r.Bids), k+1
	}
	for range 200 { // an order that has been stirred
		round()
	}
	turns, served = 0, 0
	rounds := 0
	b.ReportAllocs()
	for b.Loop() {
		round()
		rounds++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(turns), "ns/turn")
	b.ReportMetric(float64(served)/float64(rounds), "bids/op")
	b.ReportMetric(float64(turns)/float64(rounds), "turns/op")
}
