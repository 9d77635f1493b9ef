package schedule

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/loanweave/loanweave/schedule/money"
)

// levelPayment is the payment that repays the principal p in n equal parts at rate r a period,
//
//	p r (1+r)^n / ((1+r)^n - 1),
//
// the ordinary annuity of any textbook, and p/n at rate 0, rounded once from its exact value.
// It is false when the payment is above money.MaxMinor.
//
// Floating point proposes, and where its value is too near a point at which the rounding turns,
// whole numbers decide: the result is the same on every machine.
func levelPayment(p int64, r ratio, n int, m money.Mode) (int64, bool) {
	if r.num == 0 {
		return ratio{1, int64(n)}.of(p, m)
	}
	if v, sure := proposeLevel(p, r, n, m); sure {
		return v, true
	}
	return exactLevel(p, r, n, m)
}

// levelMargin is a bound, ten times wider than need be, on the relative error of proposeLevel. With
// up to MaxPeriods there are some 60 roundings of at most 1.1e-16, and what the payment takes of
// each, the error of the growth over 1 + growth, becomes no larger by the steps that follow.
const levelMargin = 1e-13

// proposeLevel computes the level payment in floating point, and says whether its error is too
// small to have changed the rounding.
func proposeLevel(p int64, r ratio, n int, m money.Mode) (int64, bool) {
	rate := float64(r.num) / float64(r.den)
	interest := float64(p) * rate
	x := interest + interest/growth(rate, n)
	if x >= 1<<50 {
		return 0, false
	}
	v := int64(x)
	part, margin := x-float64(v), x*levelMargin
	switch m {
	case money.Up, money.Ceiling:
		return v + 1, part > margin && 1-part > margin
	case money.Down, money.Floor:
		return v, part > margin && 1-part > margin
	}
	if part > 0.5 {
		v++
	}
	return v, math.Abs(part-0.5) > margin
}

// growth is (1+r)^n - 1. It never holds the 1, beside which a low rate would lose its digits: from
// g over k periods follows g(2+g) over 2k and g + r(1+g) over k+1, all sums of what is above zero.
func growth(r float64, n int) float64 {
	g := r
	for bit := bits.Len(uint(n)) - 2; bit >= 0; bit-- {
		g *= 2 + g
		if n>>bit&1 == 1 {
			g += r * (1 + g)
		}
	}
	return g
}

// exactLevel computes the level payment in whole numbers. With r = a/d it is
//
//	p a (d+a)^n / (d ((d+a)^n - d^n)).
func exactLevel(p int64, r ratio, n int, m money.Mode) (int64, bool) {
	a, d, exp := big.NewInt(r.num), big.NewInt(r.den), big.NewInt(int64(n))
	grown := new(big.Int).Add(d, a)
	grown.Exp(grown, exp, nil)
	still := new(big.Int).Exp(d, exp, nil)

	num := new(big.Int).Mul(big.NewInt(p), a)
	num.Mul(num, grown)
	den := still.Sub(grown, still)
	den.Mul(den, d)

	quo, rem := num.QuoRem(num, den, new(big.Int))
	if quo.BitLen() > 53 {
		return 0, false
	}
	v := quo.Int64()
	if roundsUp(v, rem.Sign(), rem.Lsh(rem, 1).Cmp(den), m) {
		v++
	}
	return v, v <= money.MaxMinor
}

// roundsUp says whether whole and a part is rounded to whole + 1, where rest is the sign of the
// part and half its comparison with one half. Nothing is negative.
func roundsUp(whole int64, rest, half int, m money.Mode) bool {
	switch m {
	case money.Up, money.Ceiling:
		return rest > 0
	case money.HalfUp:
		return half >= 0
	case money.HalfDown:
		return half > 0
	case money.HalfEven:
		return half > 0 || half == 0 && whole%2 == 1
	}
	return false
}
