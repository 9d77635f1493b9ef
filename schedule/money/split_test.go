package money_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

var rules = []money.Remainder{money.LargestRemainder, money.RemainderFirst, money.RemainderLast}

// splitRat is the slow obvious split: floors of exact shares, then unit by unit.
func splitRat(total int64, weights []int64, whole int64, r money.Remainder) []int64 {
	sign := int64(1)
	if total < 0 {
		sign, total = -1, -total
	}
	parts := make([]int64, len(weights))
	left := total
	for i, w := range weights {
		parts[i] = roundRat(fraction(total, w, whole), money.Floor).Int64()
		left -= parts[i]
	}
	lost := func(i int) *big.Rat { // of the unit that the part misses
		return new(big.Rat).Sub(fraction(total, weights[i], whole), big.NewRat(parts[i], 1))
	}
	for ; left > 0; left-- {
		best := -1
		for i := range weights {
			if weights[i] > 0 && (best < 0 || r == money.RemainderLast ||
				r == money.LargestRemainder && lost(i).Cmp(lost(best)) > 0) {
				best = i
			}
		}
		parts[best]++
	}
	for i := range parts {
		parts[i] *= sign
	}
	return parts
}

// anyWeights draws weights of many shapes: equal, small, skewed, huge, with zeros.
func anyWeights(most int) *rapid.Generator[[]int64] {
	return rapid.Custom(func(t *rapid.T) []int64 {
		weights := make([]int64, rapid.IntRange(1, most).Draw(t, "n"))
		shape := rapid.IntRange(0, 4).Draw(t, "shape")
		for i := range weights {
			switch shape {
			case 0:
				weights[i] = 7
			case 1:
				weights[i] = rapid.Int64Range(0, 9).Draw(t, "w")
			case 2:
				weights[i] = 1 << rapid.IntRange(0, 56).Draw(t, "w")
			case 3:
				weights[i] = rapid.Int64Range(0, (1<<63-1)/int64(most)).Draw(t, "w")
			case 4:
				weights[i] = 1<<56 + rapid.Int64Range(0, 3).Draw(t, "w") // equal in float64
			}
		}
		weights[rapid.IntRange(0, len(weights)-1).Draw(t, "sure")] |= 1
		return weights
	})
}

func TestSplitEqualsRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := anyWeights(30).Draw(t, "weights")
		total, whole := anyMinor().Draw(t, "total"), total(weights).Int64()
		for _, rule := range rules {
			before := slices.Clone(weights)
			got, err := money.Split([]int64{42}, total, weights, rule)
			if err != nil || got[0] != 42 || !slices.Equal(before, weights) {
				t.Fatalf("%v of %d by %v = %v, %v", rule, total, weights, got, err)
			}
			if want := splitRat(total, weights, whole, rule); !slices.Equal(got[1:], want) {
				t.Fatalf("%v of %d by %v = %v, want %v", rule, total, weights, got[1:], want)
			}
		}
	})
}

// The promises themselves: parts sum to the total, no part has the wrong sign, a weight of zero
// gets nothing, and by largest remainders each part is the floor or the ceiling of its share.
func TestSplitPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := anyWeights(30).Draw(t, "weights")
		amount, whole := anyMinor().Draw(t, "total"), total(weights).Int64()
		rule := rapid.SampledFrom(rules).Draw(t, "rule")
		parts, err := money.Split(nil, amount, weights, rule)
		if err != nil {
			t.Fatal(err)
		}
		if total(parts).Cmp(big.NewInt(amount)) != 0 {
			t.Fatalf("%v sum to %d, not %d", parts, total(parts), amount)
		}
		for i, part := range parts {
			if part > 0 && amount < 0 || part < 0 && amount > 0 || part != 0 && weights[i] == 0 {
				t.Fatalf("part %d of %d by %v is %d", i, amount, weights, part)
			}
			share := fraction(amount, weights[i], whole)
			distance := new(big.Rat).Sub(big.NewRat(part, 1), share)
			if rule == money.LargestRemainder && distance.Abs(distance).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d of %d by %v is %d, a unit away", i, amount, weights, part)
			}
		}
	})
}

func TestSplitRefuses(t *testing.T) {
	const most = 1<<63 - 1
	for name, c := range map[string]struct {
		total   int64
		weights []int64
		rule    money.Remainder
		want    error
		part    int
	}{
		"no rule":          {1, []int64{1}, 0, money.ErrRemainder, 0},
		"unknown rule":     {1, []int64{1}, 4, money.ErrRemainder, 0},
		"large total":      {money.MaxMinor + 1, []int64{1}, 1, money.ErrOverflow, 0},
		"small total":      {-1 << 63, []int64{1}, 1, money.ErrOverflow, 0},
		"no weights":       {1, nil, 1, money.ErrSplit, -1},
		"zero weights":     {0, []int64{0, 0}, 1, money.ErrSplit, -1},
		"negative weight":  {1, []int64{5, -1}, 1, money.ErrSplit, 1},
		"smallest weight":  {1, []int64{-1 << 63, -1 << 63}, 1, money.ErrSplit, 0},
		"weights overflow": {1, []int64{most, 0, 1}, 1, money.ErrSplit, 2},
	} {
		dst := []int64{42}
		got, err := money.Split(dst, c.total, c.weights, c.rule)
		if !errors.Is(err, c.want) || len(got) != 1 || got[0] != 42 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		var split *money.SplitError
		if errors.As(err, &split) && split.Part != c.part {
			t.Errorf("%s: part %d", name, split.Part)
		}
	}
}

func TestRemainderTexts(t *testing.T) {
	checkEnum(t, func(n uint8) money.Remainder { return money.Remainder(n) }, 3, money.ErrRemainder)
}

func BenchmarkSplit(b *testing.B) {
	weights := make([]int64, 1000)
	for i := range weights {
		weights[i] = int64(1 + i*i)
	}
	dst := make([]int64, 0, len(weights))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Split(dst, 888488, weights, money.LargestRemainder); err != nil {
			b.Fatal(err)
		}
	}
}
