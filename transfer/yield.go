package transfer

import (
	"math/big"
	"sort"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Yield is a return a year in parts per million, compounded yearly on days over 365 as that of
// [schedule.XIRR]: 120,000 is 12%. Unlike [schedule.Yield] it is a decimal, and what is priced at 12%
// is priced at 12% exactly.
type Yield int64

// The yields that claims are priced at: above -100%, to 10,000%.
const (
	MinYield Yield = -999_999
	MaxYield Yield = 100_000_000
)

// PriceAtYield is the price at which the claim yields y: the dirty price is
//
//	sum of row / (1+y)^(days/365), days counted from On, 0 for what is due before,
//
// rounded once from its exact value. A yield out of bounds is an [ErrYield], an unknown mode a
// [money.ErrMode], and a price that is no amount an [ErrPrice].
func (c Claim) PriceAtYield(y Yield, m money.Mode) (Price, error) {
	if y < MinYield || y > MaxYield {
		return Price{}, refuse(ErrYield, "%d ppm is not %d to %d", y, MinYield, MaxYield)
	}
	whole, rest := new(big.Int).QuoRem(c.value(y), unit(1), new(big.Int))
	if !whole.IsInt64() || whole.Int64() >= money.MaxMinor {
		return Price{}, refuse(ErrPrice, "the price is beyond the largest amount")
	}
	quarters := int64(rest.Sign()) // a tie is 2 of 4, any other part stands as 1 or 3
	if rest.Sign() > 0 {
		quarters = int64(2 + rest.Lsh(rest, 1).Cmp(unit(1)))
	}
	dirty := whole.Int64()
	odd := dirty & 1 // what rounds half to even looks at it
	up, err := money.MulDiv(4*odd+quarters, 1, 4, m)
	if err != nil {
		return Price{}, err
	}
	return Price{dirty - odd + up - c.Accrued, c.Accrued}, nil
}

// YieldAt is what a buyer at a dirty price earns: the highest yield at which the claim is worth the
// price or more, found by whole numbers. A price of zero or less, one that no yield within bounds
// explains, or a claim of which all is due already is an [ErrYield].
func (c Claim) YieldAt(dirty int64) (Yield, error) {
	if dirty <= 0 || !c.Rows[len(c.Rows)-1].Due.After(c.On) {
		return 0, refuse(ErrYield, "it needs a price above zero and something due after %s", c.On)
	}
	price := unit(dirty)
	worth := func(y Yield) bool { return c.value(y).Cmp(price) >= 0 }
	low, high := c.near(dirty)
	if !worth(low) || worth(high) {
		low, high = MinYield, MaxYield+1
		if !worth(low) || worth(high) {
			return 0, refuse(ErrYield, "none of %d to %d ppm explains a price of %d", MinYield, MaxYield, dirty)
		}
	}
	n := sort.Search(int(high-low)-1, func(i int) bool { return !worth(low + 1 + Yield(i)) })
	return low + Yield(n), nil
}

// near proposes two yields, one at which the claim is worth the price and one at which it is not.
func (c Claim) near(dirty int64) (low, high Yield) {
	amount := func(minor int64) money.Amount { a, _ := money.New(minor, c.Currency); return a }
	flows := make([]schedule.Flow, 1, len(c.Rows)+1)
	flows[0] = schedule.Flow{On: c.On, Amount: amount(-dirty)}
	for _, r := range c.Rows {
		flows = append(flows, schedule.Flow{On: c.due(r), Amount: amount(r.Principal + r.Interest)})
	}
	found, err := schedule.XIRR(flows)
	if err != nil || found > 100 { // beyond MaxYield
		return MinYield, MaxYield + 1
	}
	ppm := Yield(found.Percent(4).Shift(4).IntPart())
	return max(ppm-2, MinYield), min(ppm+2, MaxYield+1)
}

// Long arithmetic: values are computed to valueBits and cut to valuePlaces binary places, as those of
// [schedule.Holding] are. What then lies on a tie is one.
const (
	valueBits   = 256
	valuePlaces = 128
	yearDays    = 365
)

// unit is so many minor units in the unit of value.
func unit(minor int64) *big.Int { return new(big.Int).Lsh(big.NewInt(minor), valuePlaces) }

func long(n int64) *big.Float { return new(big.Float).SetPrec(valueBits).SetInt64(n) }

// value is what the rows are worth at a yield, in 2^-128 of a minor unit.
func (c Claim) value(y Yield) *big.Int {
	year := long(lending.Million)
	year.Quo(year, long(lending.Million+int64(y)))
	day := dayOf(year)
	sum, worth, on := long(0), long(1), c.On
	for _, r := range c.Rows {
		due := c.due(r)
		if n := due.Sub(on); n > 0 {
			worth.Mul(worth, power(year, n/yearDays))
			worth.Mul(worth, power(day, n%yearDays))
			on = due
		}
		part := long(r.Principal + r.Interest)
		sum.Add(sum, part.Mul(part, worth))
	}
	sum.SetMantExp(sum, valuePlaces)
	half := long(1)
	whole, _ := sum.Add(sum, half.SetMantExp(half, -1)).Int(nil)
	return whole
}

// dayOf is the discount factor of a day, the root to 365 of that of a year, by Newton's method down
// from 1: some ten steps of at most 1/365, then each doubles the digits that are right. The root of a
// factor above 1 is that of its inverse.
func dayOf(year *big.Float) *big.Float {
	one := long(1)
	if year.Cmp(one) > 0 {
		return long(1).Quo(one, dayOf(long(1).Quo(one, year)))
	}
	day := one
	for range 64 {
		step := power(day, yearDays-1)
		step.Quo(year, step)
		step.Quo(step.Sub(step, day), long(yearDays))
		day.Add(day, step)
		if step.Sign() == 0 || step.MantExp(nil) < 8-valueBits {
			break
		}
	}
	return day
}

// power is x^n for n of 0 or more.
func power(x *big.Float, n int) *big.Float {
	result, square := long(1), long(0).Set(x)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result.Mul(result, square)
		}
		square.Mul(square, square)
	}
	return result
}
