package guarantee_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// BenchmarkFundSettle has a fund that was exhausted for years pay its whole queue: half of it, then the
// rest. One iteration is all demands; it reports the time of each.
func BenchmarkFundSettle(b *testing.B) {
	for _, size := range []struct {
		name    string
		loans   int
		periods int
	}{{"claims=1e3", 50, 20}, {"claims=1e5", 2000, 50}} {
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			var took time.Duration
			for range b.N {
				b.StopTimer()
				w := queued(b, size.loans, size.periods)
				require.Equal(b, size.loans*size.periods, w.fund("fund").Queue.Len())
				half := w.fund("fund").Queue.Total() / 2
				b.StartTimer()
				for range 3 { // a minor unit may be left over by the first two
					if next := w.fund("fund").Next; next.After(w.day) {
						w.day = next
					}
					w.deposit("fund", half)
					start := time.Now()
					for w.cash("fund") > 0 && try(w, timer, guarantee.SettleFund{Fund: "fund"}) == nil {
					}
					took += time.Since(start)
				}
				b.StopTimer()
				require.Zero(b, w.fund("fund").Queue.Len())
				b.StartTimer()
			}
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N*size.loans*size.periods), "ns/claim")
		})
	}
}

// queued is a world in which no loan was ever repaid and the fund never had money.
func queued(b *testing.B, loans, periods int) *world {
	terms := fundTerms(guarantee.FIFOThenProRata)
	terms.Settle = schedule.Months(1)
	w := fundWorld(b, terms)
	p := product("covered", byFund("fund"))
	start := w.day
	for range loans {
		w.lent("ann", p, 100_000, periods)
	}
	for i := range periods + 1 {
		w.day = start.AddMonths(i)
		w.dayEnd(1)
	}
	return w
}

// BenchmarkShares fixes the shares of a round.
func BenchmarkShares(b *testing.B) {
	demands := make([]guarantee.Demand, 100_000)
	for i := range demands {
		demands[i] = guarantee.Demand{Key: guarantee.Key{Loan: lending.LoanID(fmt.Sprint(i))}, Minor: int64(i%977 + 1)}
	}
	for p := guarantee.FIFO; p <= guarantee.FIFOThenProRata; p++ {
		b.Run(p.String()+"/demands=1e5", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Shares(20_000_000, demands); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
