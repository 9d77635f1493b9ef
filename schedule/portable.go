package schedule

import "math"

// The functions in this file give the same bits on every machine, which those of package math do
// not promise: they add, multiply and divide alone, and each product is rounded before it is added,
// since a compiler may otherwise fuse the two. Their relative error is a few units of 1e-16.

// product is x y, rounded.
func product(x, y float64) float64 { return float64(x * y) }

// ln 2 in two parts. The first has 32 bits, so that multiples of it by small integers are exact.
const (
	ln2High = 2977044471.0 / (1 << 32)
	ln2Low  = math.Ln2 - ln2High
)

// exp is e^x.
func exp(x float64) float64 {
	if math.Abs(x) < math.Ln2/2 {
		return 1 + smallExpm1(x)
	}
	k, rest := reduced(x)
	return math.Ldexp(1+smallExpm1(rest), k)
}

// expm1 is e^x - 1, accurate near 0 too.
func expm1(x float64) float64 {
	if math.Abs(x) < math.Ln2/2 {
		return smallExpm1(x)
	}
	k, rest := reduced(x)
	return math.Ldexp(smallExpm1(rest), k) + (math.Ldexp(1, k) - 1)
}

// reduced splits x into k ln 2 and a rest of at most ln(2)/2 either way. Beyond the range of
// float64 it stops at a k that gives 0 or infinity.
func reduced(x float64) (k int, rest float64) {
	x = max(-800, min(x, 800))
	n := math.Floor(x/math.Ln2 + 0.5)
	return int(n), x - product(n, ln2High) - product(n, ln2Low)
}

// smallExpm1 is e^x - 1 = 2x / (x coth(x/2) - x) for x up to ln(2)/2 either way, by the series of
// x coth(x/2), whose coefficients are 2 B(2k)/(2k)! with the Bernoulli numbers B. The terms are
// added in pairs, which do not wait for each other.
func smallExpm1(x float64) float64 {
	z := product(x, x)
	z2 := product(z, z)
	c := 2 + product(z, 1.0/6)
	d := product(z, 1.0/15120) - 1.0/360
	e := product(z, 1.0/23950080) - 1.0/604800 - product(z2, 691.0/653837184000)
	return 2 * x / (c + product(z2, d+product(z2, e)) - x)
}

// log1p is ln(1+x) for x above -1, accurate near 0 too.
func log1p(x float64) float64 {
	if math.Abs(x) < 0.3 {
		return atanh2(x / (2 + x))
	}
	return lnRatio(1+x, 1)
}

// lnRatio is ln(p/q) for p and q above 0, accurate where they are nearly equal too.
func lnRatio(p, q float64) float64 {
	if s := (p - q) / (p + q); math.Abs(s) < 0.17 {
		return atanh2(s)
	}
	a, k := math.Frexp(p)
	b, l := math.Frexp(q)
	if a > math.Sqrt2*b {
		a, k = a/2, k+1
	} else if b > math.Sqrt2*a {
		b, l = b/2, l+1
	}
	n := float64(k - l)
	return product(n, ln2High) + (product(n, ln2Low) + atanh2((a-b)/(a+b)))
}

// atanh2 is 2 atanh(s) = 2s (1 + s²/3 + s⁴/5 + ...) for s up to 0.18 either way. The terms are
// added in pairs, which do not wait for each other.
func atanh2(s float64) float64 {
	z := product(s, s)
	z2 := product(z, z)
	z4 := product(z2, z2)
	a := 1.0/3 + product(z, 1.0/5) + product(z2, 1.0/7+product(z, 1.0/9))
	b := 1.0/11 + product(z, 1.0/13) + product(z2, 1.0/15+product(z, 1.0/17))
	c := 1.0/19 + product(z, 1.0/21) + product(z2, 1.0/23)
	return 2*s + product(2*s, product(z, a+product(z4, b+product(z4, c))))
}
