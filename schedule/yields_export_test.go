package schedule

import "github.com/loanweave/loanweave/schedule/money"

// ExactPrice is the price of a holding by long arithmetic alone; false when it is no amount.
func ExactPrice(h Holding, y Yield, m money.Mode) (int64, bool) {
	c, _, err := h.course(y)
	if err != nil {
		return 0, false
	}
	return c.exactPrice(yearOf(newLong(float64(y))), float64(y), m)
}

// The portable functions.
var (
	Exp     = exp
	Expm1   = expm1
	Log1p   = log1p
	LnRatio = lnRatio
)
