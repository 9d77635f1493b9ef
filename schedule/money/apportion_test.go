package money_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/loanweave/loanweave/schedule/money"
)

func BenchmarkApportion(b *testing.B) {
	for _, holders := range []int{2, 10, 100, 1000} {
		for _, shape := range []string{"even", "random", "skewed"} {
			b.Run(fmt.Sprintf("holders=%d/%s", holders, shape), func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 2))
				units := make([]int64, holders)
				for i := range units {
					switch shape {
					case "even":
						units[i] = 500000
					case "random":
						units[i] = rng.Int64N(1e9) + 1
					case "skewed":
						units[i] = 1 + rng.Int64N(1<<rng.IntN(50))
					}
				}
				const payments = 36
				var a money.Apportioner
				paid := make([][]int64, payments+1)
				paid[0] = make([]int64, holders)
				for k := range payments {
					next, err := a.Share(nil, paid[k], units, int64(k+1)*888488)
					if err != nil {
						b.Fatal(err)
					}
					for i := range next {
						next[i] += paid[k][i]
					}
					paid[k+1] = next
				}
				dst := make([]int64, 0, holders)
				b.ReportAllocs()
				k := 0
				for b.Loop() {
					if _, err := a.Share(dst, paid[k], units, int64(k+1)*888488); err != nil {
						b.Fatal(err)
					}
					if k++; k == payments {
						k = 0
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*holders), "ns/lot")
			})
		}
	}
}
