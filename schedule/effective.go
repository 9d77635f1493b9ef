package schedule

import "math/big"

// EffectiveRate is the rate a year that a nominal rate a year comes to when interest is compounded
// so many times a year, 1 to 366:
//
//	(1 + nominal/perYear)^perYear - 1,
//
// rounded half to even from its exact value to 1e-12, the unit of a Rate. Nominal must be PerYear;
// that, another perYear, or a result above 10,000 % is a *RateError.
func EffectiveRate(nominal Rate, perYear int) (Rate, error) {
	if err := checkCompounding(nominal, perYear); err != nil {
		return Rate{}, err
	}
	one := big.NewInt(int64(perYear) * picoPerOne)
	grown := new(big.Int).Add(one, big.NewInt(nominal.Pico()))
	exp := big.NewInt(int64(perYear))
	grown.Exp(grown, exp, nil)
	still := one.Exp(one, exp, nil)
	gain := grown.Sub(grown, still)
	return rateOf(new(big.Rat).SetFrac(gain, still), PerYear)
}

// NominalRate is the rate a year that EffectiveRate turns into the effective one:
//
//	perYear ((1 + effective)^(1/perYear) - 1),
//
// the nearest to its exact value in units of 1e-12. It has the bounds and errors of EffectiveRate.
func NominalRate(effective Rate, perYear int) (Rate, error) {
	if err := checkCompounding(effective, perYear); err != nil {
		return Rate{}, err
	}
	goal := float64(effective.Pico()) / picoPerOne
	proposed := float64(perYear) * expm1(log1p(goal)/float64(perYear))

	n := big.NewInt(int64(perYear))
	half := big.NewInt(2 * int64(perYear) * picoPerOne) // 1 in units of half a pico a period
	want := new(big.Int).Exp(half, n, nil)
	want.Mul(want, big.NewInt(picoPerOne+effective.Pico()))
	pico := nearest(proposed*picoPerOne, func(halves int64) int {
		grown := new(big.Int).Add(half, big.NewInt(halves))
		grown.Exp(grown, n, nil)
		return grown.Mul(grown, big.NewInt(picoPerOne)).Cmp(want)
	})
	return RateFromPico(pico, PerYear)
}

func checkCompounding(r Rate, perYear int) error {
	switch {
	case r.Basis() != PerYear:
		return &RateError{Problem: "must be per year"}
	case perYear < 1 || perYear > 366:
		return &RateError{Problem: "must be compounded 1 to 366 times a year"}
	}
	return nil
}

// nearest is the whole number nearest to a root at 0 or more, of which floating point proposes a
// value. Whole numbers decide: side is the sign of what rises through the root, at so many halves.
func nearest(proposed float64, side func(halves int64) int) int64 {
	n := int64(proposed)
	for n > 0 && side(2*n-1) > 0 {
		n--
	}
	for side(2*n+1) < 0 {
		n++
	}
	return n
}

// rateOf is a fraction as a Rate, rounded half to even; a *RateError when it is out of bounds.
func rateOf(fraction *big.Rat, b Basis) (Rate, error) {
	num := new(big.Int).Mul(fraction.Num(), big.NewInt(picoPerOne))
	pico, rest := num.QuoRem(num, fraction.Denom(), new(big.Int))
	half := rest.Lsh(rest, 1).Cmp(fraction.Denom())
	if !pico.IsInt64() || pico.Int64() > MaxPico {
		return Rate{}, &RateError{Problem: "must be 0 to 10000%"}
	}
	units := pico.Int64()
	if half > 0 || half == 0 && units%2 == 1 {
		units++
	}
	return RateFromPico(units, b)
}
