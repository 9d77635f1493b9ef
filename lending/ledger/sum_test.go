package ledger_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// A sum is the big number, whatever is added in whatever order; its figure stops at 64 bits.
func TestSumAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s ledger.Sum
		want := new(big.Int)
		edge := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, 1, -1, 0}))
		for _, v := range rapid.SliceOf(edge).Draw(t, "added") {
			s = s.Add(v)
			want.Add(want, big.NewInt(v))
			if rapid.Bool().Draw(t, "times") {
				v, n := edge.Draw(t, "v")>>20, edge.Draw(t, "n")>>rapid.IntRange(20, 40).Draw(t, "shift")
				s = s.AddTimes(v, n)
				want.Add(want, new(big.Int).Mul(big.NewInt(v), big.NewInt(n)))
			}
			if rapid.Bool().Draw(t, "neg") {
				s = s.Neg()
				want.Neg(want)
			}
			if rapid.Bool().Draw(t, "twice") {
				s = s.Plus(s)
				want.Add(want, want)
			}
			if want.BitLen() > 100 {
				break
			}
			figure := want.Int64()
			if !want.IsInt64() {
				figure = math.MaxInt64
				if want.Sign() < 0 {
					figure = math.MinInt64
				}
			}
			if s.Minor() != figure || s.Sign() != want.Sign() {
				t.Fatalf("%d sign %d, want %s", s.Minor(), s.Sign(), want)
			}
			var again ledger.Sum
			if err := event.Decode(event.Encode(nil, 1, &s), 1, &again); err != nil || again != s {
				t.Fatalf("%s again %s, %v", s, again, err)
			}
			if text, err := s.MarshalText(); err != nil || string(text) != want.String() || s.Big().Cmp(want) != 0 {
				t.Fatalf("%s, want %s, %v", text, want, err)
			}
		}
	})
}
