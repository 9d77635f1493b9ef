package schedule

import (
	"math"
	"math/big"

	"github.com/loanweave/loanweave/schedule/money"
)

// priceMargin is a bound, many times wider than need be, on the error of proposePrice as a share of
// what the flows are worth regardless of sign, for each power of e that they are discounted by.
const priceMargin = 1e-13

// proposePrice computes the price in floating point, and says whether its error is too small to
// have changed the rounding.
func (c *course) proposePrice(y float64, m money.Mode) (int64, bool) {
	force := log1p(y) / yearDays
	first, last := c.legs[0].at, c.legs[len(c.legs)-1].at
	if reach := math.Abs(force) * last; reach > farthest {
		return 0, false
	}
	v := c.sum(force)
	discount := exp(product(-force, first))
	price := product(v.in-v.out, discount)
	margin := product(v.in+v.out, discount) * priceMargin * (1 + math.Abs(force)*last)
	low, high := price-margin, price+margin
	if !(math.Abs(low) < 1<<52 && math.Abs(high) < 1<<52) {
		return 0, false
	}
	minor := roundFloat(low, m)
	return minor, minor == roundFloat(high, m)
}

// roundFloat rounds x, which is less than 2^52 either way, to a whole number.
func roundFloat(x float64, m money.Mode) int64 {
	size := math.Abs(x)
	whole := math.Floor(size)
	part := size - whole
	half := 0
	if part > 0.5 {
		half = 1
	} else if part < 0.5 {
		half = -1
	}
	rest := 0
	if part > 0 {
		rest = 1
	}
	return roundParts(int64(whole), rest, half, x < 0, m)
}

// roundParts rounds a whole number and a part, either way from zero; see roundsUp.
func roundParts(whole int64, rest, half int, negative bool, m money.Mode) int64 {
	if negative {
		switch m {
		case money.Ceiling:
			m = money.Floor
		case money.Floor:
			m = money.Ceiling
		}
	}
	if roundsUp(whole, rest, half, m) {
		whole++
	}
	if negative {
		return -whole
	}
	return whole
}

// The exact price is computed to 512 bits and cut to 128 binary places. What then lies on a tie is
// one: a price that is no binary fraction would have to come nearer to one than 2^-128.
const (
	pricePrec   = 512
	pricePlaces = 128
)

func newLong(x float64) *big.Float { return new(big.Float).SetPrec(pricePrec).SetFloat64(x) }

// exactPrice computes the price in long arithmetic from the discount factor of a year; y, as near as a
// float comes to the yield, proposes that of a day. It is false when the price is too large for an amount.
func (c *course) exactPrice(year *big.Float, y float64, m money.Mode) (int64, bool) {
	day := dayOf(year, y)
	sum := newLong(0)
	for _, l := range c.legs {
		days := int(l.at)
		worth := power(year, days/yearDays)
		worth.Mul(worth, power(day, days%yearDays))
		sum.Add(sum, worth.Mul(worth, newLong(l.amount)))
	}
	if sum.MantExp(nil) > 53 {
		return 0, false
	}
	negative := sum.Sign() < 0
	sum.SetMantExp(sum.Abs(sum), pricePlaces)
	scaled, _ := sum.Add(sum, newLong(0.5)).Int(nil)
	one := new(big.Int).Lsh(big.NewInt(1), pricePlaces)
	whole, part := scaled.QuoRem(scaled, one, new(big.Int))
	rest := part.Sign()
	half := part.Lsh(part, 1).Cmp(one)
	minor := roundParts(whole.Int64(), rest, half, negative, m)
	return minor, minor >= -money.MaxMinor && minor <= money.MaxMinor
}

// dayOf is the discount factor of a day, the root to yearDays of that of a year, by Newton's
// method from floating point: each step doubles the digits that are right.
func dayOf(year *big.Float, y float64) *big.Float {
	day := newLong(exp(-log1p(y) / yearDays))
	for range 6 {
		ratio := newLong(0).Quo(year, power(day, yearDays))
		ratio.Sub(ratio, newLong(1))
		ratio.Quo(ratio, newLong(yearDays))
		day.Add(day, ratio.Mul(ratio, day))
	}
	return day
}

// yearOf is the discount factor of a year, 1/(1+y).
func yearOf(y *big.Float) *big.Float {
	year := newLong(1)
	return year.Quo(year, newLong(1).Add(year, y))
}

// power is x^n for n of 0 or more.
func power(x *big.Float, n int) *big.Float {
	product, square := newLong(1), newLong(0).Set(x)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			product.Mul(product, square)
		}
		square.Mul(square, square)
	}
	return product
}
