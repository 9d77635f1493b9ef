package lending

import (
	"math"
	"math/bits"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// WeightedRate returns the average of the offers' rates by the units taken of them, in 1e-12,
// rounded once by the mode from its exact value: what the borrower pays where lenders have rates of
// their own, and the market rate of the trades of a day (加权平均利率). Offers of which nothing is
// taken do not count; if nothing at all is, the rate is 0.
//
// It returns an [ErrAmount] for taken that are negative, not as many as offers, or more than
// money.MaxMinor in all, an [ErrTerms] for a rate out of bounds or a mode that does not exist.
func WeightedRate(offers []Offer, taken []int64, m money.Mode) (int64, error) {
	if err := checkTaken(offers, taken); err != nil {
		return 0, err
	}
	if !m.IsValid() {
		return 0, &Error{ErrTerms, "rate", "has no rounding mode"}
	}
	return average(offers, taken, m), nil
}

// average is WeightedRate of checked input.
func average(offers []Offer, taken []int64, m money.Mode) int64 {
	var sum blend
	offers = offers[:len(taken)]
	for i, n := range taken {
		sum.add(n, offers[i].Pico)
	}
	return sum.rate(m)
}

// blend is a sum of rates by units: less than 2^63 units of at most schedule.MaxPico each.
type blend struct{ hi, lo, units uint64 }

// add adds units at a rate, neither of them negative.
func (b *blend) add(units, pico int64) {
	h, l := bits.Mul64(uint64(units), uint64(pico))
	var carry uint64
	b.lo, carry = bits.Add64(b.lo, l, 0)
	b.hi += h + carry
	b.units += uint64(units)
}

// rate is the average, 0 of nothing.
func (b *blend) rate(m money.Mode) int64 {
	if b.hi >= b.units { // an average is no more than the highest rate: nothing was added
		return 0
	}
	quo, rest := bits.Div64(b.hi, b.lo, b.units)
	if rest > 0 && roundsUp(quo, rest, b.units, m) {
		quo++
	}
	return int64(quo)
}

// roundsUp reports whether quo + rest/whole, with a rest, goes to quo+1.
func roundsUp(quo, rest, whole uint64, m money.Mode) bool {
	twice := 2 * rest // whole is far below 2^63
	switch m {
	case money.HalfEven:
		return twice > whole || twice == whole && quo&1 == 1
	case money.HalfUp:
		return twice >= whole
	case money.HalfDown:
		return twice > whole
	case money.Up, money.Ceiling:
		return true
	}
	return false
}

// Weights returns the weight of each accepted offer for sharing interest among lots with rates of
// their own, 0 for the others: interest shared by units times weight gives each lender exactly the
// part that his rate has in the weighted rate. See [Lot].Weight. Weights are the rates without their
// common divisor, all 1 if the rates are equal. A lot has one weight, so a lender of two offers at
// different rates has two lots.
//
// It returns the errors of [WeightedRate], and an [ErrTerms] if units times weight exceed 63 bits in
// all: rates so fine for an amount so large need a RateStep. Steps of a basis point fit up to
// 655 % a year.
func Weights(offers []Offer, taken []int64) ([]int64, error) {
	if err := checkTaken(offers, taken); err != nil {
		return nil, err
	}
	var common uint64
	for i, n := range taken {
		if n > 0 {
			common = divisor(common, uint64(offers[i].Pico))
		}
	}
	weights := make([]int64, len(taken))
	var sum uint64
	for i, n := range taken {
		if n == 0 {
			continue
		}
		weights[i] = 1
		if common > 0 {
			weights[i] = offers[i].Pico / int64(common)
		}
		hi, lo := bits.Mul64(uint64(n), uint64(weights[i]))
		if sum += lo; hi > 0 || lo > math.MaxInt64 || sum > math.MaxInt64 {
			return nil, &Error{ErrTerms, "tender", "has rates too fine for its amount"}
		}
	}
	return weights, nil
}

// divisor is the greatest common divisor; that of 0 and a number is the number.
func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func checkTaken(offers []Offer, taken []int64) error {
	if len(taken) != len(offers) {
		return &Error{ErrAmount, "tender", "has not as many takings as offers"}
	}
	var total int64
	for i, n := range taken {
		if n < 0 || n > money.MaxMinor-total {
			return &Error{ErrAmount, "tender", "has takings out of bounds"}
		}
		if p := offers[i].Pico; p < 0 || p > schedule.MaxPico {
			return &Error{ErrTerms, "tender", "has a rate out of bounds"}
		}
		total += n
	}
	return nil
}
