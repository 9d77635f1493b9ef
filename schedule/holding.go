package schedule

import (
	"math"
	"math/big"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Holding is a claim as the market values it: what is still to come after a day. Yields compound
// yearly on days over 365, as in XIRR.
type Holding struct {
	On      civil.Date   // the day of valuation
	Flows   []Flow       // in any order; those up to On, that day included, are past
	Accrued money.Amount // interest earned by On and not yet paid, by which the two prices differ
}

// DirtyPrice is the price with accrued interest (全价) at a yield: over the flows to come,
//
//	sum of amount / (1+y)^(days/365), days counted from On,
//
// rounded once by the mode from its exact value. A y that is not above -1 and finite gives a
// *YieldError with ReasonRange, a zero date or two currencies one too, an unknown mode a
// *TermsError, a price above money.MaxMinor an *OverflowError. Nothing to come is worth nothing.
func (h Holding) DirtyPrice(y Yield, m money.Mode) (money.Amount, error) {
	return h.price(y, m, func(c *course) (int64, bool) {
		if minor, sure := c.proposePrice(float64(y), m); sure {
			return minor, true
		}
		return c.exactPrice(yearOf(newLong(float64(y))), float64(y), m)
	})
}

// DirtyPriceAt is DirtyPrice at a yield of exactly so many parts per million a year, more than -1,000,000:
// 120,000 is 12%, which no Yield is. Errors are those of DirtyPrice.
func (h Holding) DirtyPriceAt(ppm int64, m money.Mode) (money.Amount, error) {
	const million = 1_000_000
	y := float64(ppm) / million
	return h.price(Yield(y), m, func(c *course) (int64, bool) {
		exact := new(big.Float).SetPrec(pricePrec).SetInt64(ppm)
		return c.exactPrice(yearOf(exact.Quo(exact, newLong(million))), y, m)
	})
}

// price has the flows to come at a yield priced.
func (h Holding) price(y Yield, m money.Mode, of func(*course) (int64, bool)) (money.Amount, error) {
	c, cur, err := h.course(y)
	if err != nil {
		return money.Amount{}, err
	}
	if !m.IsValid() {
		return money.Amount{}, &TermsError{Field: "Rounding", Problem: "must be one of the modes"}
	}
	if len(c.legs) == 0 {
		return money.New(0, cur)
	}
	minor, ok := of(&c)
	if !ok {
		return money.Amount{}, &OverflowError{Figure: "the price"}
	}
	return money.New(minor, cur)
}

// CleanPrice is DirtyPrice less Accrued (净价), with the same errors and those of money.Amount.Sub.
func (h Holding) CleanPrice(y Yield, m money.Mode) (money.Amount, error) {
	dirty, err := h.DirtyPrice(y, m)
	if err != nil {
		return money.Amount{}, err
	}
	return dirty.Sub(h.Accrued)
}

// YieldAt is the yield at a dirty price, which is a clean price and Accrued together: XIRR of the
// price paid on On and the flows to come, with its errors.
func (h Holding) YieldAt(dirty money.Amount) (Yield, error) {
	flows := make([]Flow, 0, len(h.Flows)+1)
	flows = append(flows, Flow{On: h.On, Amount: dirty.Neg()})
	for _, f := range h.Flows {
		if f.On.IsZero() || f.On.After(h.On) {
			flows = append(flows, f)
		}
	}
	return XIRR(flows)
}

// course puts the flows to come on an axis of days from On, where a leg of nothing stands.
func (h Holding) course(y Yield) (course, money.Currency, error) {
	var seen money.Currency
	if h.On.IsZero() {
		return course{}, seen, &YieldError{Reason: ReasonTime}
	}
	if !(y > -1) || math.IsInf(float64(y), 1) {
		return course{}, seen, &YieldError{Reason: ReasonRange}
	}
	flows, err := dated(h.Flows)
	if err != nil {
		return course{}, seen, err
	}
	legs := make([]leg, 0, len(flows))
	for _, f := range flows {
		joins(&seen, f.Amount.Currency())
		if days := f.On.Sub(h.On); days > 0 {
			legs = add(legs, leg{at: float64(days), amount: float64(f.Amount.Minor())})
		}
	}
	return newCourse(legs, nil), seen, nil
}
