package transfer

import (
	"errors"
	"sort"

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

// PriceAtYield is the price at which the claim yields y: the dirty price is what is due by On, at its
// face, and the rest as [schedule.Holding.DirtyPriceAt] has it, rounded once. A yield out of bounds is
// an [ErrYield], an unknown mode a [money.ErrMode], and a price that is no amount an [ErrPrice].
func (c Claim) PriceAtYield(y Yield, m money.Mode) (Price, error) {
	if y < MinYield || y > MaxYield {
		return Price{}, refuse(ErrYield, "%d ppm is not %d to %d", y, MinYield, MaxYield)
	}
	if _, err := money.MulDiv(0, 1, 1, m); err != nil {
		return Price{}, err
	}
	dirty, err := c.value(y, m)
	if err != nil {
		return Price{}, refuse(ErrPrice, "%v", err)
	}
	return Price{dirty - c.Accrued, c.Accrued}, nil
}

// YieldAt is what a buyer at a dirty price earns: the highest yield at which the claim is worth the
// price or more, found by whole numbers. A price of zero or less, one that no yield within bounds
// explains, or a claim of which all is due already is an [ErrYield].
func (c Claim) YieldAt(dirty int64) (Yield, error) {
	if dirty <= 0 || !c.Rows[len(c.Rows)-1].Due.After(c.On) {
		return 0, refuse(ErrYield, "it needs a price above zero and something due after %s", c.On)
	}
	worth := func(y Yield) bool {
		n, err := c.value(y, money.Floor)
		return err != nil || n >= dirty // a claim that was checked fails by overflow alone
	}
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

// value is the dirty price at a yield.
func (c Claim) value(y Yield, m money.Mode) (int64, error) {
	h := schedule.Holding{On: c.On}
	var owed int64
	for _, r := range c.Rows {
		if n := r.Principal + r.Interest; r.Due.After(c.On) {
			a, _ := money.New(n, c.Currency) // checked
			h.Flows = append(h.Flows, schedule.Flow{On: r.Due, Amount: a})
		} else {
			owed += n
		}
	}
	if len(h.Flows) == 0 {
		return owed, nil
	}
	v, err := h.DirtyPriceAt(int64(y), m)
	if err != nil {
		return 0, err
	}
	if v.Minor() > money.MaxMinor-owed {
		return 0, errors.New("the price is beyond the largest amount")
	}
	return v.Minor() + owed, nil
}
