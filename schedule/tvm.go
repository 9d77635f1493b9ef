package schedule

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Annuity is a run of equal payments at a fixed rate before any rounding to money: what a
// spreadsheet's PMT, PV, FV, IPMT and PPMT answer, in exact arithmetic. All figures are positive. A
// Plan is what a lender charges; an Annuity checks it, or states a figure to more decimals.
type Annuity struct {
	Rate    decimal.Decimal // 0 to 100 (10,000 %) for PerYear periods, as a fraction
	PerYear int             // 1 to 366; 1 makes Rate the rate for a period
	Periods int             // 1 to MaxPeriods
	Due     bool            // payments fall on the first day of periods, not after the last
}

// maxPlaces is the most decimals that an Annuity answers to, and the most digits that it takes.
const maxPlaces = 64

// Payment is the level payment that repays the present sum, rounded half to even to so many
// decimals:
//
//	present x i / (1 - (1+i)^-n), over (1+i) when Due; present/n at rate 0.
//
// What is out of the bounds of the fields, places that are not 0 to 64, or a sum of more
// than 64 digits before or after the dot, is a *TermsError.
func (a Annuity) Payment(present decimal.Decimal, places int) (decimal.Decimal, error) {
	return a.answer(present, places, a.payment)
}

// Present is the sum that payments repay, with the rounding and errors of Payment.
func (a Annuity) Present(payment decimal.Decimal, places int) (decimal.Decimal, error) {
	return a.answer(payment, places, func(payment *big.Rat) *big.Rat {
		return payment.Quo(payment, a.payment(big.NewRat(1, 1)))
	})
}

// Future is what payments that are saved have grown to at the end of the last period, with the
// rounding and errors of Payment.
func (a Annuity) Future(payment decimal.Decimal, places int) (decimal.Decimal, error) {
	return a.answer(payment, places, func(payment *big.Rat) *big.Rat {
		present := payment.Quo(payment, a.payment(big.NewRat(1, 1)))
		return present.Mul(present, a.growth(a.Periods))
	})
}

// Balance is what is still owed of the present sum just after payment k, 0 to Periods, with the
// rounding and errors of Payment. What payment k repays is the Balance after k-1 less that after k;
// the rest of the payment is interest.
func (a Annuity) Balance(present decimal.Decimal, k, places int) (decimal.Decimal, error) {
	if k < 0 || k > a.Periods {
		return decimal.Decimal{}, &TermsError{Field: "Periods", Problem: "must reach the payment"}
	}
	return a.answer(present, places, func(present *big.Rat) *big.Rat {
		if k == 0 {
			return present
		}
		left := Annuity{Rate: a.Rate, PerYear: a.PerYear, Periods: a.Periods - k}
		if left.Periods == 0 {
			return new(big.Rat)
		}
		payment := a.payment(present)
		return payment.Quo(payment, left.payment(big.NewRat(1, 1)))
	})
}

// answer checks the bounds and rounds what formula gives.
func (a Annuity) answer(
	sum decimal.Decimal, places int, formula func(*big.Rat) *big.Rat,
) (decimal.Decimal, error) {
	switch {
	case a.Periods < 1 || a.Periods > MaxPeriods:
		return decimal.Decimal{}, &TermsError{Field: "Periods", Problem: "must be 1 to 600"}
	case a.PerYear < 1 || a.PerYear > 366:
		return decimal.Decimal{}, &TermsError{Field: "PerYear", Problem: "must be 1 to 366"}
	case places < 0 || places > maxPlaces:
		return decimal.Decimal{}, &TermsError{Field: "places", Problem: "must be 0 to 64"}
	case !isShort(a.Rate) || a.Rate.IsNegative() || a.Rate.Cmp(decimal.New(1, 2)) > 0:
		return decimal.Decimal{}, &TermsError{Field: "Rate", Problem: "must be 0 to 100"}
	case !isShort(sum):
		return decimal.Decimal{}, &TermsError{Field: "sum", Problem: "must have 64 digits or less"}
	}
	return toPlaces(formula(sum.Rat()), places), nil
}

// isShort reports whether d has at most 64 digits, and as many places either way.
func isShort(d decimal.Decimal) bool {
	return d.Exponent() >= -maxPlaces && d.Exponent() <= maxPlaces && d.NumDigits() <= maxPlaces
}

// toPlaces is x as a decimal, rounded half to even.
func toPlaces(x *big.Rat, places int) decimal.Decimal {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := unit.Mul(unit, x.Num())
	negative := num.Sign() < 0
	quo, rest := num.Abs(num).QuoRem(num, x.Denom(), new(big.Int))
	if half := rest.Lsh(rest, 1).Cmp(x.Denom()); half > 0 || half == 0 && quo.Bit(0) == 1 {
		quo.Add(quo, big.NewInt(1))
	}
	if negative {
		quo.Neg(quo)
	}
	return decimal.NewFromBigInt(quo, -int32(places))
}

// rate is i, the rate for a period.
func (a Annuity) rate() *big.Rat {
	return new(big.Rat).Quo(a.Rate.Rat(), big.NewRat(int64(a.PerYear), 1))
}

// growth is (1+i)^n.
func (a Annuity) growth(n int) *big.Rat {
	rate, exp := a.rate(), big.NewInt(int64(n))
	grown := new(big.Int).Add(rate.Num(), rate.Denom())
	return new(big.Rat).SetFrac(grown.Exp(grown, exp, nil), new(big.Int).Exp(rate.Denom(), exp, nil))
}

// payment is Payment, unrounded.
func (a Annuity) payment(present *big.Rat) *big.Rat {
	payment := annuityShare(a.rate(), a.Periods)
	payment.Mul(payment, present)
	if a.Due {
		payment.Quo(payment, a.growth(1))
	}
	return payment
}
