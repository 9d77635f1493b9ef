package money_test

import (
	"math/big"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

// modes are all rounding modes.
var modes = []money.Mode{
	money.HalfEven, money.HalfUp, money.HalfDown, money.Up, money.Down, money.Ceiling, money.Floor,
}

// roundRat rounds by the definition of the mode: of the two whole neighbours take the one it names.
func roundRat(x *big.Rat, m money.Mode) *big.Int {
	floor := new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: the denominator is positive
	if x.IsInt() {
		return floor
	}
	ceiling := new(big.Int).Add(floor, big.NewInt(1))
	inner, outer := floor, ceiling // toward and away from zero
	if x.Sign() < 0 {
		inner, outer = ceiling, floor
	}
	even := floor
	if floor.Bit(0) == 1 {
		even = ceiling
	}
	middle := new(big.Rat).Add(new(big.Rat).SetInt(floor), big.NewRat(1, 2))
	nearest := func(tie *big.Int) *big.Int {
		switch x.Cmp(middle) {
		case -1:
			return floor
		case 1:
			return ceiling
		}
		return tie
	}
	return map[money.Mode]*big.Int{
		money.HalfEven: nearest(even), money.HalfUp: nearest(outer), money.HalfDown: nearest(inner),
		money.Up: outer, money.Down: inner, money.Ceiling: ceiling, money.Floor: floor,
	}[m]
}

// fraction returns a*b/c.
func fraction(a, b, c int64) *big.Rat {
	product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	return new(big.Rat).SetFrac(product, big.NewInt(c))
}

// total adds up exactly.
func total(numbers []int64) *big.Int {
	sum := new(big.Int)
	for _, n := range numbers {
		sum.Add(sum, big.NewInt(n))
	}
	return sum
}

// anyInt64 draws from the whole range, with its edges and small numbers often.
func anyInt64() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64(),
		rapid.Int64Range(-20, 20),
		rapid.Custom(func(t *rapid.T) int64 {
			power := int64(1) << rapid.IntRange(0, 63).Draw(t, "power")
			return power + rapid.Int64Range(-2, 2).Draw(t, "beside")
		}),
	)
}

// anyMinor draws the minor units of an amount, the bounds often.
func anyMinor() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64Range(-money.MaxMinor, money.MaxMinor),
		rapid.Int64Range(-120, 120),
		rapid.SampledFrom([]int64{money.MaxMinor, -money.MaxMinor, money.MaxMinor - 1, 0}),
	)
}

// anyCurrency draws ISO and custom currencies of every number of digits.
func anyCurrency() *rapid.Generator[money.Currency] {
	return rapid.OneOf(
		rapid.SampledFrom([]money.Currency{
			money.MustCurrency("CNY"), money.MustCurrency("JPY"), money.MustCurrency("BHD"),
			money.MustCurrency("CLF"), money.MustCurrency("XTS/12"), money.MustCurrency("XTS/0"),
		}),
		rapid.Custom(func(t *rapid.T) money.Currency {
			// No code of ISO 4217 begins with Q but QAR.
			code := "Q" + rapid.StringMatching(`[B-Z][A-Z]`).Draw(t, "code")
			c, err := money.NewCurrency(code, rapid.IntRange(0, 12).Draw(t, "digits"))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}),
	)
}

// anyAmount draws amounts, nothing included.
func anyAmount() *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount {
		if rapid.IntRange(0, 9).Draw(t, "nothing") == 0 {
			return money.Amount{}
		}
		a, err := money.New(anyMinor().Draw(t, "minor"), anyCurrency().Draw(t, "currency"))
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}
