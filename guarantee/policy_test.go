package guarantee_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Shares never exceed demands or cash, use all of either, and keep the policy: an oracle by long fractions.
func TestSharesKeepThePolicy(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	rapid.Check(t, func(t *rapid.T) {
		policy := guarantee.QueuePolicy(rapid.IntRange(1, 3).Draw(t, "policy"))
		var demands []guarantee.Demand
		for range rapid.IntRange(0, 8).Draw(t, "demands") {
			day = day.AddDays(rapid.IntRange(0, 1).Draw(t, "days"))
			demands = append(demands, guarantee.Demand{Due: day, Minor: rapid.Int64Range(1, 50).Draw(t, "minor")})
		}
		cash := rapid.Int64Range(0, 300).Draw(t, "cash")
		got, err := policy.Shares(cash, demands)
		require.NoError(t, err)
		require.Len(t, got, len(demands))
		for i, low := range floors(policy, cash, demands) {
			require.LessOrEqual(t, got[i], demands[i].Minor)
			require.GreaterOrEqual(t, got[i], low)
			require.LessOrEqual(t, got[i], low+1)
		}
		var sum, owed int64
		for i, n := range got {
			sum, owed = sum+n, owed+demands[i].Minor
		}
		require.Equal(t, min(cash, owed), sum)
	})
}

// floors are the exact shares, rounded down: each group of demands is served after those before it.
func floors(p guarantee.QueuePolicy, cash int64, demands []guarantee.Demand) []int64 {
	group := make([]string, len(demands))
	for i, d := range demands {
		group[i] = map[guarantee.QueuePolicy]string{guarantee.FIFO: fmt.Sprint(i),
			guarantee.ProRataPerPeriod: "", guarantee.FIFOThenProRata: d.Due.String()}[p]
	}
	sums := map[string]int64{}
	for i, d := range demands {
		sums[group[i]] += d.Minor
	}
	has := map[string]int64{}
	for _, g := range slices.Compact(slices.Clone(group)) {
		has[g] = min(cash, sums[g])
		cash -= has[g]
	}
	out := make([]int64, len(demands))
	for i, d := range demands {
		x := big.NewRat(d.Minor*has[group[i]], sums[group[i]])
		out[i] = new(big.Int).Div(x.Num(), x.Denom()).Int64()
	}
	return out
}

func TestSharesRefuseOverflow(t *testing.T) {
	huge := guarantee.Demand{Minor: 1 << 62}
	_, err := guarantee.ProRataPerPeriod.Shares(1, []guarantee.Demand{huge, huge})
	require.ErrorIs(t, err, money.ErrOverflow)
}
