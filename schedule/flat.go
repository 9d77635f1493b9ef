package schedule

import "math/big"

// FlatToNominal is the nominal rate a year of a loan that charges a flat rate: interest on the
// first principal to the end, paid with it in equal parts (add-on interest). It is the rate at
// which a level payment is as high as those parts, times the periods in a year: flat 1 % a month
// for 12 months is 21.46 % a year.
//
// The flat rate is for a period, or for a year of 12 months, 52 weeks, 24 half months or 365 days.
// The result is the nearest to its exact value in units of 1e-12. Periods that are not 1 to
// MaxPeriods are a *TermsError, an unset frequency or AtMaturity too; an unset rate or a result
// above 10,000 % is a *RateError.
func FlatToNominal(flat Rate, periods int, every Frequency) (Rate, error) {
	span, err := checkFlat(flat, periods, every)
	if err != nil {
		return Rate{}, err
	}
	n := big.NewInt(int64(periods))
	paid := new(big.Rat).Mul(perPeriod(flat, span), new(big.Rat).SetInt(n)) // over the principal
	paid.Add(paid, big.NewRat(1, 1))
	proposed, err := proposeNominal(paid, periods)
	if err != nil {
		return Rate{}, err
	}
	perYear, _ := new(big.Rat).Inv(span).Float64()
	if proposed *= perYear * picoPerOne; proposed > MaxPico {
		return Rate{}, &RateError{Problem: "must be 0 to 10000%"}
	}
	share := new(big.Rat).Quo(paid, new(big.Rat).SetInt(n))
	pico := nearest(proposed, func(halves int64) int {
		rate := new(big.Rat).Mul(big.NewRat(halves, 2*picoPerOne), span)
		return annuityShare(rate, periods).Cmp(share)
	})
	return RateFromPico(pico, PerYear)
}

// NominalToFlat is the flat rate for a period whose equal parts are as high as the level payment at
// a nominal rate; see FlatToNominal, whose errors it has. It is rounded half to even from its exact
// value to 1e-12.
func NominalToFlat(nominal Rate, periods int, every Frequency) (Rate, error) {
	span, err := checkFlat(nominal, periods, every)
	if err != nil {
		return Rate{}, err
	}
	share := annuityShare(perPeriod(nominal, span), periods)
	return rateOf(share.Sub(share, big.NewRat(1, int64(periods))), PerPeriod)
}

// checkFlat gives the length of a period in years.
func checkFlat(r Rate, periods int, every Frequency) (*big.Rat, error) {
	if periods < 1 || periods > MaxPeriods {
		return nil, &TermsError{Field: "Periods", Problem: "must be 1 to 600"}
	}
	if r.Basis() != PerYear && r.Basis() != PerPeriod {
		return nil, &RateError{Problem: "must be per year or per period"}
	}
	n := int64(every.N())
	switch every.Unit() {
	case UnitMonth:
		return big.NewRat(n, 12), nil
	case UnitHalfMonth:
		return big.NewRat(n, 24), nil
	case UnitWeek:
		return big.NewRat(n, 52), nil
	case UnitDay:
		return big.NewRat(n, yearDays), nil
	}
	return nil, &TermsError{Field: "Every", Problem: "must be a number of months, weeks or days"}
}

// perPeriod is a rate for one period of so many years.
func perPeriod(r Rate, span *big.Rat) *big.Rat {
	rate := big.NewRat(r.Pico(), picoPerOne)
	if r.Basis() == PerYear {
		rate.Mul(rate, span)
	}
	return rate
}

// annuityShare is the level payment over the principal at a rate a period, exactly; see
// levelPayment.
func annuityShare(rate *big.Rat, periods int) *big.Rat {
	if rate.Sign() == 0 {
		return big.NewRat(1, int64(periods))
	}
	exp := big.NewInt(int64(periods))
	still := new(big.Int).Exp(rate.Denom(), exp, nil)
	grown := new(big.Int).Add(rate.Denom(), rate.Num())
	grown.Exp(grown, exp, nil)
	share := new(big.Rat).SetFrac(grown, new(big.Int).Sub(grown, still))
	return share.Mul(share, rate)
}

// proposeNominal is the rate a period at which equal payments of what is paid over the principal
// repay it, in floating point.
func proposeNominal(paid *big.Rat, periods int) (float64, error) {
	total, _ := paid.Float64()
	if total == 1 {
		return 0, nil
	}
	legs := make([]leg, 0, periods+1)
	legs = append(legs, leg{amount: -float64(periods)})
	for k := range periods {
		legs = append(legs, leg{at: float64(k + 1), amount: total})
	}
	c := newCourse(legs, nil)
	rate, err := c.yield(1, 1)
	return float64(rate), err
}
