package lending_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// The weighted rate is the exact average, rounded once; weights share interest in exactly the parts
// that the lenders' own rates have in it.
func TestWeightsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int64{1, 1_000, 100_000_000}).Draw(t, "step")
		size := rapid.SampledFrom([]int64{5, 1_000, schedule.MaxPico / step}).Draw(t, "rates")
		most := rapid.SampledFrom([]int64{3, 1_000_000, money.MaxMinor / 8}).Draw(t, "units")
		offers := make([]lending.Offer, rapid.IntRange(0, 8).Draw(t, "offers"))
		taken := make([]int64, len(offers))
		for i := range offers {
			offers[i].Pico = step * rapid.Int64Range(0, size).Draw(t, "rate")
			taken[i] = rapid.Int64Range(0, most).Draw(t, "taken")
		}
		m := money.Mode(rapid.IntRange(1, 7).Draw(t, "mode"))
		got, err := lending.WeightedRate(offers, taken, m)
		if want := averageRat(offers, taken, m); err != nil || got != want {
			t.Fatalf("%v of %v = %d, %v; want %d", taken, offers, got, err, want)
		}
		weights, err := lending.Weights(offers, taken)
		interest, shares, own := new(big.Int), new(big.Int), make([]*big.Int, len(offers))
		for i, n := range taken {
			own[i] = new(big.Int).Mul(big.NewInt(n), big.NewInt(offers[i].Pico))
			interest.Add(interest, own[i])
			if err == nil {
				shares.Add(shares, new(big.Int).Mul(big.NewInt(n), big.NewInt(weights[i])))
			}
		}
		if err != nil {
			if interest.BitLen() < 64 {
				t.Fatalf("%v of %v: %v", taken, offers, err)
			}
			return
		}
		if !shares.IsInt64() {
			t.Fatalf("%v of %v: shares sum to %v", taken, offers, shares)
		}
		for i, n := range taken { // own/interest = n*weight/shares
			left := new(big.Int).Mul(own[i], shares)
			right := new(big.Int).Mul(new(big.Int).Mul(big.NewInt(n), big.NewInt(weights[i])), interest)
			if left.Cmp(right) != 0 || n > 0 && interest.Sign() == 0 && weights[i] != 1 || n == 0 && weights[i] != 0 {
				t.Fatalf("%v of %v: weights %v", taken, offers, weights)
			}
		}
	})
}

// The largest loan shares its interest at steps of a basis point, up to the highest rate.
func TestWeightsOfTheLargestLoan(t *testing.T) {
	const point = 100_000_000
	offers := []lending.Offer{{Pico: point}, {Pico: 6_500 * point}}
	weights, err := lending.Weights(offers, []int64{1, lending.MaxLoan - 1})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 6_500}, weights)
	offers[0].Pico++
	_, err = lending.Weights(offers, []int64{1, lending.MaxLoan - 1})
	require.ErrorIs(t, err, lending.ErrTerms)
}

func TestWeightedRefusals(t *testing.T) {
	good := []lending.Offer{{Pico: 5}, {Pico: 6}}
	for name, tc := range map[string]struct {
		offers []lending.Offer
		taken  []int64
		mode   money.Mode
		want   error
	}{
		"fewer":     {good, []int64{1}, money.Up, lending.ErrAmount},
		"negative":  {good, []int64{1, -1}, money.Up, lending.ErrAmount},
		"too much":  {good, []int64{1, money.MaxMinor}, money.Up, lending.ErrAmount},
		"rate":      {[]lending.Offer{{Pico: -1}}, []int64{1}, money.Up, lending.ErrTerms},
		"high rate": {[]lending.Offer{{Pico: schedule.MaxPico + 1}}, []int64{1}, money.Up, lending.ErrTerms},
	} {
		_, err := lending.WeightedRate(tc.offers, tc.taken, tc.mode)
		require.ErrorIs(t, err, tc.want, name)
		_, err = lending.Weights(tc.offers, tc.taken)
		require.ErrorIs(t, err, tc.want, name)
	}
	_, err := lending.WeightedRate(good, []int64{1, 1}, 0)
	require.ErrorIs(t, err, lending.ErrTerms)
}
