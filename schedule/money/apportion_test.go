package money_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

// shareRat is the rule of Share as it reads, unit by unit in exact arithmetic. It returns nil where
// Share must refuse.
func shareRat(paid, units []int64, amount int64) []int64 {
	whole := total(units).Int64()
	standing := make([]int64, len(units))
	left := big.NewInt(amount)
	for i, u := range units {
		share := fraction(amount, u, whole)
		ceiling := roundRat(share, money.Ceiling).Int64()
		if paid[i] < 0 || paid[i] > ceiling {
			return nil
		}
		standing[i] = max(paid[i], roundRat(share, money.Floor).Int64())
		left.Sub(left, big.NewInt(standing[i]))
	}
	if left.Sign() < 0 {
		return nil
	}
	for range left.Int64() {
		best := -1
		var soonest *big.Rat
		for i, u := range units {
			if big.NewRat(standing[i], 1).Cmp(fraction(amount, u, whole)) >= 0 {
				continue // at the ceiling of its share
			}
			if due := fraction(standing[i]+1, whole, u); best < 0 || due.Cmp(soonest) < 0 {
				best, soonest = i, due
			}
		}
		standing[best]++
	}
	for i := range standing {
		standing[i] -= paid[i]
	}
	return standing
}

// anyTotal draws running totals of a loan, small ones often.
func anyTotal() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Range(0, money.MaxMinor),
		rapid.SampledFrom([]int64{money.MaxMinor, money.MaxMinor - 1, 1 << 52}))
}

// One Apportioner serves every case, so that leftovers of a case would show in the next.
func TestShareEqualsRat(t *testing.T) {
	var a money.Apportioner
	rapid.Check(t, func(t *rapid.T) {
		units := anyWeights(60).Draw(t, "units")
		paid := make([]int64, len(units))
		totals := rapid.SliceOfN(anyTotal(), 1, 4).Draw(t, "totals")
		slices.Sort(totals)
		for _, amount := range totals {
			before := slices.Clone(paid)
			got, err := a.Share([]int64{42}, paid, units, amount)
			want := shareRat(paid, units, amount)
			if err != nil || !slices.Equal(got[1:], want) || !slices.Equal(before, paid) {
				t.Fatalf("%d over %v after %v = %v, %v; want %v", amount, units, paid, got, err, want)
			}
			fresh, err := money.Apportion(nil, paid, units, amount)
			if err != nil || !slices.Equal(fresh, got[1:]) {
				t.Fatalf("a fresh Apportioner gave %v, %v; a used one %v", fresh, err, got[1:])
			}
			for i := range paid {
				paid[i] += got[1+i]
			}
		}
	})
}

// What was paid need not come from the rule: then both refuse, or both agree.
func TestShareOfForeignPaidEqualsRat(t *testing.T) {
	var a money.Apportioner
	rapid.Check(t, func(t *rapid.T) {
		units := anyWeights(30).Draw(t, "units")
		amount, whole := anyTotal().Draw(t, "total"), total(units).Int64()
		paid := make([]int64, len(units))
		for i, u := range units {
			floor := roundRat(fraction(amount, u, whole), money.Floor).Int64()
			paid[i] = floor + rapid.SampledFrom([]int64{0, 0, 0, -1, -1, -2, -floor, 1, 2}).Draw(t, "off")
		}
		got, err := a.Share(nil, paid, units, amount)
		want := shareRat(paid, units, amount)
		if want == nil {
			if !errors.Is(err, money.ErrApportion) || got != nil {
				t.Fatalf("%d over %v after %v = %v, %v; want a refusal", amount, units, paid, got, err)
			}
			return
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%d over %v after %v = %v, %v; want %v", amount, units, paid, got, err, want)
		}
	})
}

// Registers whose keys are equal or neighbours in float64, so that only exact comparison decides
// them, with too many lots to skip the histogram. Units are a few multiples of 2^51, give or take a
// unit, and the total stands just before a moment at which every lot is due: keys of lots with
// different floors then lie closer than float64 can tell, often in the wrong order.
func TestShareDecidesNearTies(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var a money.Apportioner
	for range 300 {
		units := make([]int64, 20+rng.IntN(60))
		var multiples int64
		for i := range units {
			multiple := 1 + rng.Int64N(9)
			units[i] = multiple<<51 + rng.Int64N(1<<rng.IntN(4))
			multiples += multiple
		}
		paid := make([]int64, len(units))
		amount := multiples*(1+rng.Int64N(3)) - rng.Int64N(int64(len(units)))
		got, err := a.Share(nil, paid, units, amount)
		if want := shareRat(paid, units, amount); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%d over %v = %v, %v; want %v", amount, units, got, err, want)
		}
	}
}

// TestFloorOrCeiling runs the promise itself over the lives of 100,000 loans: at every payment
// each lot stands at the floor or the ceiling of its exact share, nothing is taken back, payments
// are exact in total, and at the end each lot has its claim.
func TestFloorOrCeiling(t *testing.T) {
	const registers = 100_000
	rng := rand.New(rand.NewPCG(5, 6))
	var a money.Apportioner
	var checked int
	for n := range registers {
		lots, payments := 1+rng.IntN(8), 1+rng.IntN(8)
		if n%1000 == 0 {
			lots, payments = 1+rng.IntN(1000), 1+rng.IntN(60)
		}
		units := skewedUnits(rng, lots)
		final := 1 + rng.Int64N(1<<rng.IntN(53))
		if rng.IntN(2) == 0 { // principal: the last total is the sum of the claims
			final = min(total(units).Int64(), money.MaxMinor)
		}
		checkLife(t, &a, rng, units, final, payments)
		checked += lots * payments
	}
	t.Logf("%d registers, %d running totals at floor or ceiling of their share", registers, checked)
}

// skewedUnits returns units of any shape: even, random, or over many orders of magnitude.
func skewedUnits(rng *rand.Rand, lots int) []int64 {
	units := make([]int64, lots)
	shape, bound := rng.IntN(4), rng.IntN(52)
	for i := range units {
		switch shape {
		case 0:
			units[i] = 1 + int64(bound)
		case 1:
			units[i] = 1 + rng.Int64N(1<<bound)
		case 2:
			units[i] = 1 + rng.Int64N(1<<rng.IntN(bound+1))
		case 3:
			units[i] = rng.Int64N(3)
		}
	}
	if rng.IntN(2) == 0 || shape == 3 { // a whale among small fry
		units[rng.IntN(lots)] = 1 << bound
	}
	return units
}

func checkLife(
	t *testing.T, a *money.Apportioner, rng *rand.Rand, units []int64, final int64, payments int,
) {
	t.Helper()
	whole := total(units).Uint64()
	totals := make([]int64, payments)
	for k := range totals {
		totals[k] = rng.Int64N(final + 1)
	}
	totals[0] = final
	slices.Sort(totals)
	paid, out := make([]int64, len(units)), make([]int64, 0, len(units))
	for _, amount := range totals {
		now, err := a.Share(out, paid, units, amount)
		if err != nil {
			t.Fatalf("%d over %v after %v: %v", amount, units, paid, err)
		}
		var sum int64
		for i, part := range now {
			paid[i] += part
			sum += paid[i]
			hi, lo := bits.Mul64(uint64(units[i]), uint64(amount))
			floor, rest := bits.Div64(hi, lo, whole)
			if part < 0 || paid[i] != int64(floor) && (rest == 0 || paid[i] != int64(floor)+1) {
				t.Fatalf("lot %d of %v stands at %d of %d", i, units, paid[i], amount)
			}
		}
		if sum != amount {
			t.Fatalf("running totals over %v sum to %d, not %d", units, sum, amount)
		}
	}
	if final == int64(whole) && !slices.Equal(paid, units) {
		t.Fatalf("claims %v ended at %v", units, paid)
	}
}

// Lots without units change nothing for the others and get nothing.
func TestShareIgnoresEmptyLots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := anyWeights(30).Draw(t, "units")
		amount := anyTotal().Draw(t, "total")
		full, err := money.Apportion(nil, make([]int64, len(units)), units, amount)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(units)).Draw(t, "at")
		units = slices.Insert(units, at, 0)
		wider, err := money.Apportion(nil, make([]int64, len(units)), units, amount)
		if err != nil || !slices.Equal(wider, slices.Insert(full, at, 0)) {
			t.Fatalf("with an empty lot at %d: %v, %v; without: %v", at, wider, err, full)
		}
	})
}

func TestShareRefuses(t *testing.T) {
	const most = 1<<63 - 1
	for name, c := range map[string]struct {
		paid, units []int64
		total       int64
		lot         int
	}{
		"lengths":            {[]int64{0}, []int64{1, 1}, 1, -1},
		"no lots":            {nil, nil, 0, -1},
		"zero units":         {[]int64{0, 0}, []int64{0, 0}, 0, -1},
		"negative units":     {[]int64{0, 0}, []int64{1, -1}, 1, 1},
		"units overflow":     {[]int64{0, 0}, []int64{most, 1}, 1, 1},
		"negative total":     {[]int64{0}, []int64{1}, -1, -1},
		"large total":        {[]int64{0}, []int64{1}, money.MaxMinor + 1, -1},
		"negative paid":      {[]int64{0, -1}, []int64{1, 1}, 5, 1},
		"smallest paid":      {[]int64{-1 << 63}, []int64{1}, 5, 0},
		"above the ceiling":  {[]int64{0, 4}, []int64{1, 1}, 5, 1},
		"total below paid":   {[]int64{5}, []int64{1}, 4, 0},
		"paid to the unpaid": {[]int64{0, 1}, []int64{1, 0}, 5, 1},
		// Shares are 0.5, 0.5 and 2: each lot is within its bounds, but not all three at once.
		"foreign rule": {[]int64{1, 1, 0}, []int64{1, 1, 4}, 3, -1},
	} {
		dst := []int64{42}
		got, err := money.Apportion(dst, c.paid, c.units, c.total)
		var refused *money.ApportionError
		if !errors.As(err, &refused) || !errors.Is(err, money.ErrApportion) || refused.Lot != c.lot {
			t.Errorf("%s: %v", name, err)
		}
		if !slices.Equal(got, dst) {
			t.Errorf("%s: dst became %v", name, got)
		}
	}
}

func TestShareAllocatesNothing(t *testing.T) {
	units, paid := make([]int64, 1000), make([]int64, 1000)
	for i := range units {
		units[i] = int64(1 + i*i)
	}
	var a money.Apportioner
	dst := make([]int64, 0, len(units))
	allocs := testing.AllocsPerRun(10, func() {
		if _, err := a.Share(dst, paid, units, 888488); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func FuzzShare(f *testing.F) {
	f.Add(int64(1), int64(1), int64(4), int64(0), int64(0), int64(0), int64(3))
	f.Add(int64(1), int64(1), int64(4), int64(1), int64(1), int64(0), int64(3))
	f.Fuzz(func(t *testing.T, u, v, w, p, q, r, amount int64) {
		units, paid := []int64{u, v, w}, []int64{p, q, r}
		got, err := money.Apportion(nil, paid, units, amount)
		bounded := min(u, v, w) >= 0 && amount >= 0 && amount <= money.MaxMinor &&
			total(units).IsInt64() && total(units).Sign() > 0
		var want []int64
		if bounded {
			want = shareRat(paid, units, amount)
		}
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Fatalf("%d over %v after %v = %v, %v; want %v", amount, units, paid, got, err, want)
		}
	})
}

func BenchmarkApportion(b *testing.B) {
	for _, holders := range []int{2, 10, 100, 1000} {
		rng := rand.New(rand.NewPCG(1, 2))
		units := make([]int64, holders)
		for i := range units {
			units[i] = 1 + rng.Int64N(1e9)
		}
		b.Run(fmt.Sprintf("holders=%d", holders), func(b *testing.B) { benchmarkLife(b, units) })
	}
	// Every lot alike: all keys tie.
	even := slices.Repeat([]int64{500_000}, 1000)
	b.Run("even=1000", func(b *testing.B) { benchmarkLife(b, even) })
}

// benchmarkLife shares 36 payments over the units, again and again.
func benchmarkLife(b *testing.B, units []int64) {
	const payments, payment = 36, 888_488
	var a money.Apportioner
	paid := [][]int64{make([]int64, len(units))}
	for k := range payments {
		next, err := a.Share(nil, paid[k], units, int64(k+1)*payment)
		if err != nil {
			b.Fatal(err)
		}
		for i := range next {
			next[i] += paid[k][i]
		}
		paid = append(paid, next)
	}
	dst := make([]int64, 0, len(units))
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		if _, err := a.Share(dst, paid[k], units, int64(k+1)*payment); err != nil {
			b.Fatal(err)
		}
		k = (k + 1) % payments
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(units)), "ns/lot")
}
