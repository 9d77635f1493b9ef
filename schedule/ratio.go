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

// factor is a ratio made ready to be taken of many amounts under one rounding mode.
type factor struct {
	ratio
	mode money.Mode
	bin  uint64 // floor(num/den x 2^64); 0 sends every amount to the exact way
	tie  uint64 // the part of a unit, in 1/2^64, above which the mode rounds up
}

func newFactor(r ratio, m money.Mode) factor {
	f := factor{ratio: r, mode: m}
	if r.num < r.den {
		f.bin, _ = bits.Div64(uint64(r.num), 0, uint64(r.den))
	}
	switch m {
	case money.Up, money.Ceiling:
		f.tie = 0
	case money.Down, money.Floor:
		f.tie = math.MaxUint64
	default:
		f.tie = 1 << 63
	}
	return f
}

// of is the factor x amount rounded once; false when it is above money.MaxMinor. The amount is
// 0 to money.MaxMinor.
//
// With bin short of num/den by less than 2^-64, the exact product lies between hi.lo and
// hi.lo + amount/2^64. When both ends round alike the product does; else the ratio decides.
func (f *factor) of(amount int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(amount), f.bin)
	top, carry := bits.Add64(lo, uint64(amount), 0)
	if carry == 0 && f.bin != 0 {
		if lo > f.tie {
			return int64(hi) + 1, true
		}
		if top < f.tie {
			return int64(hi), true
		}
	}
	return f.ratio.of(amount, f.mode)
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
