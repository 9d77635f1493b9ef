package schedule

import (
	"math"
	"math/bits"

	"github.com/loanweave/loanweave/schedule/money"
)

// ratio is an exact fraction: num >= 0, den > 0.
type ratio struct{ num, den int64 }

// newRatio is num/den in lowest terms.
func newRatio(num, den int64) ratio {
	g := gcd(num, den)
	return ratio{num / g, den / g}
}

// inverse is 1/r; r is not 0.
func (r ratio) inverse() ratio { return ratio{r.den, r.num} }

// times is r x s, in lowest terms when both are; false when it does not fit.
func (r ratio) times(s ratio) (ratio, bool) {
	g, h := gcd(r.num, s.den), gcd(s.num, r.den)
	num, ok1 := mul(r.num/g, s.num/h)
	den, ok2 := mul(r.den/h, s.den/g)
	return ratio{num, den}, ok1 && ok2
}

// plus is r + s; false when it does not fit.
func (r ratio) plus(s ratio) (ratio, bool) {
	g := gcd(r.den, s.den)
	a, ok1 := mul(r.num, s.den/g)
	b, ok2 := mul(s.num, r.den/g)
	den, ok3 := mul(r.den, s.den/g)
	if !ok1 || !ok2 || !ok3 || a > math.MaxInt64-b {
		return ratio{}, false
	}
	return newRatio(a+b, den), true
}

// of is r x amount rounded once; false when it is above money.MaxMinor.
func (r ratio) of(amount int64, m money.Mode) (int64, bool) {
	v, err := money.MulDiv(amount, r.num, r.den, m)
	return v, err == nil && v <= money.MaxMinor
}

// factor is a ratio made ready to be taken of many amounts under one rounding mode: two words that
// stay in registers. It proposes, and where it is not sure the ratio decides.
type factor struct {
	bin  uint64 // floor(num/den x 2^64)
	bias uint64 // in 1/2^64, what makes rounding a matter of dropping the part of a unit
}

// unsure is the factor that is sure of nothing but nothing.
func unsure() factor { return factor{bias: math.MaxUint64} }

// newFactor is the factor of a ratio below 1; that of any other is unsure.
func newFactor(r ratio, m money.Mode) factor {
	if r.num >= r.den {
		return unsure()
	}
	bin, _ := bits.Div64(uint64(r.num), 0, uint64(r.den))
	switch m {
	case money.Up, money.Ceiling:
		return factor{bin, math.MaxUint64}
	case money.Down, money.Floor:
		return factor{bin, 0}
	}
	return factor{bin, 1<<63 - 1}
}

// propose is the factor x amount rounded once, and whether that is sure. A result above
// money.MaxMinor is never sure.
func (f factor) propose(amount uint64) (int64, bool) {
	proposed, sure := f.round(amount)
	return proposed, sure && uint64(proposed) <= money.MaxMinor
}

// round is propose for a caller that sees for itself that a result is not too large; of one that
// does not fit it is negative.
//
// The exact product is hi.lo or more, by less than amount/2^64, since bin is short of num/den by
// less than 2^-64. The bias brings the point at which rounding turns to just above the largest lo.
// So the result is sure when amount added to lo would not pass that, and not when it would: then
// the product may be a tie, or on its other side.
func (f factor) round(amount uint64) (int64, bool) {
	hi, lo := bits.Mul64(amount, f.bin)
	lo, carry := bits.Add64(lo, f.bias, 0)
	hi, _ = bits.Add64(hi, 0, carry)
	return int64(hi), lo <= ^amount
}

// mul is a x b; false when it does not fit. Neither is negative.
func mul(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo <= math.MaxInt64
}

// gcd is the greatest common divisor; gcd(0, b) is b. Neither is negative, b is not 0.
func gcd(a, b int64) int64 {
	for a != 0 {
		a, b = b%a, a
	}
	return b
}
