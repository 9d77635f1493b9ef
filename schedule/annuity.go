package schedule

import (
	"math"
	"math/big"

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

// levelMargin is a bound, a hundred times wider than need be, on the relative error of
// proposeLevel. Its operations are accurate to a unit or two in the last place, 2.2e-16, and the
// formula p r / (1 - e^(-n log(1+r))) never magnifies an error of the exponent.
const levelMargin = 1e-13

// proposeLevel computes the level payment in floating point, and says whether its error is too
// small to have changed the rounding.
func proposeLevel(p int64, r ratio, n int, m money.Mode) (int64, bool) {
	rate := float64(r.num) / float64(r.den)
	x := float64(p) * rate / -math.Expm1(-float64(n)*math.Log1p(rate))
	if x >= 1<<50 {
		return 0, false
	}
	whole, part := math.Modf(x)
	margin := x * levelMargin
	v := int64(whole)
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
