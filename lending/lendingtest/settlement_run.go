package lendingtest

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Allocator shares the payments of a claim among its lots: what each payment gives to each lot. It
// may keep what it likes between the payments of one life, and nothing between lives.
type Allocator func(claims, payments []int64) ([][]int64, error)

// Taker takes one payment up by what is owed, in the order of payment.
type Taker func(owed []int64, payment int64) (paid []int64, rest int64, err error)

// RunDistribution draws registers and lives, biased to the edges that break allocators, and checks
// them with [CheckDistribution]. An allocator that returns [errors.ErrUnsupported] passes a case over.
// Lots stand in the order of their holders' ids: which of two lots has a spare unit when both are owed
// as much may depend on it, and on nothing else.
func RunDistribution(t *testing.T, share Allocator) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		claims, payments := drawLife(t)
		err := tryDistribution(share, claims, payments)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			t.Fatalf("claims %v, payments %v: %v", claims, payments, err)
		}
	})
}

func tryDistribution(share Allocator, claims, payments []int64) error {
	shares, err := share(slices.Clone(claims), slices.Clone(payments))
	if err != nil {
		return err
	}
	return CheckDistribution(Distribution{claims, payments, shares})
}

// RunWaterfall draws debts and payments and checks each with [CheckWaterfall]. A taker that returns
// [errors.ErrUnsupported] passes a case over.
func RunWaterfall(t *testing.T, take Taker) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		owed := rapid.SliceOfN(rapid.OneOf(rapid.Just[int64](0), rapid.Int64Range(0, 3), rapid.Int64Range(0, 1_000_000)),
			0, 12).Draw(t, "owed")
		payment := rapid.OneOf(rapid.Int64Range(0, 10), rapid.Int64Range(0, 5_000_000), rapid.Just(total(owed))).Draw(t, "payment")
		paid, rest, err := take(slices.Clone(owed), payment)
		if errors.Is(err, errors.ErrUnsupported) {
			return
		}
		if err == nil {
			err = CheckWaterfall(Taking{owed, payment, paid, rest})
		}
		if err != nil {
			t.Fatalf("owed %v, payment %d: %v", owed, payment, err)
		}
	})
}

func total(ns []int64) (all int64) {
	for _, n := range ns {
		all += n
	}
	return all
}

// drawLife draws a register and what is paid on it, often to the end: equal lots, skewed ones, tiny
// payments and large ones.
func drawLife(t *rapid.T) (claims, payments []int64) {
	lots := rapid.IntRange(1, 12).Draw(t, "lots")
	switch rapid.IntRange(0, 2).Draw(t, "register") {
	case 0: // all alike
		claims = slices.Repeat([]int64{rapid.Int64Range(1, 10_000).Draw(t, "claim")}, lots)
	case 1: // small ones
		claims = rapid.SliceOfN(rapid.Int64Range(1, 9), lots, lots).Draw(t, "claims")
	default: // one large, many small
		claims = rapid.SliceOfN(rapid.Int64Range(1, 100), lots, lots).Draw(t, "claims")
		claims[0] = rapid.Int64Range(1, 100_000_000).Draw(t, "large")
	}
	left := total(claims)
	for range rapid.IntRange(1, 24).Draw(t, "payments") {
		n := min(left, rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, left/4+1)).Draw(t, "payment"))
		payments = append(payments, n)
		left -= n
	}
	if rapid.Bool().Draw(t, "to the end") {
		payments = append(payments, left)
	}
	return claims, payments
}
