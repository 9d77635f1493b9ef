package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Coverage is a basket against what is owed out of it, in minor units of one currency, 0 to
// [money.MaxMinor] each.
type Coverage struct {
	Value int64 // of the basket, cash included
	Owed  int64
}

// Deficit is what the basket lacks to cover what is owed (缺口); zero where it does.
func (c Coverage) Deficit() int64 { return max(0, c.Owed-c.Value) }

// AtLeast reports whether value / owed reaches a number of millionths, exactly. Where nothing is owed it
// does.
func (c Coverage) AtLeast(ppm int64) bool {
	return ppm <= 0 || !product(c.Value, lending.Million).less(product(c.Owed, ppm))
}

// PPM is value / owed in millionths (覆盖率), rounded once. Where nothing is owed it is an [ErrLadder], beyond 64
// bits a [money.ErrOverflow].
func (c Coverage) PPM(m money.Mode) (int64, error) {
	if c.Owed <= 0 {
		return 0, refuse(ErrLadder, "nothing is owed")
	}
	return money.MulDiv(c.Value, lending.Million, c.Owed, m)
}
