package scheduletest

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// down is what of a payout is paid back at once.
func down(t *schedule.Terms, payout int64) int64 {
	if t.DownPayment.IsZero() {
		return 0
	}
	part := big.NewRat(t.DownPayment.Pico(), 100*onePercent)
	part.Mul(part, whole(payout))
	unit := max(t.Rounding.Unit, 1)
	units := nearest(new(big.Rat).Mul(part, big.NewRat(1, unit)), t.Rounding.Instalment)
	if units == 0 {
		return nearest(part, t.Rounding.Instalment)
	}
	return min(units*unit, payout)
}

// nearest rounds a fraction, which is not negative, to a whole number.
func nearest(x *big.Rat, mode money.Mode) int64 {
	quo, rem := new(big.Int).QuoRem(x.Num(), x.Denom(), new(big.Int))
	half, up := rem.Cmp(new(big.Int).Sub(x.Denom(), rem)), false
	switch mode {
	case money.Up, money.Ceiling:
		up = rem.Sign() > 0
	case money.HalfUp:
		up = half >= 0
	case money.HalfDown:
		up = half > 0
	case money.HalfEven:
		up = half > 0 || half == 0 && quo.Bit(0) == 1
	}
	if up {
		return quo.Int64() + 1
	}
	return quo.Int64()
}
