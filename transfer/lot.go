package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// OfLot is the claim that so many units of a loan's lot are on a day: what they still get of each
// instalment, to the minor unit, and the interest of it that is earned. The principal of all rows is
// the title that [lending.Tx.Assign] moves with the units. Fees at payout are not taken off, and what
// the units have in penalty interest is not counted: it goes with them. Errors are those of
// [lending.Loan.LotDues]; of units that get nothing any more, an [ErrClaim].
func OfLot(l *lending.Loan, lot int, units int64, on civil.Date) (Claim, error) {
	dues, err := l.LotDues(lot, units, on)
	if err != nil {
		return Claim{}, err
	}
	c := Claim{On: on, Currency: l.Currency(), Rows: make([]Row, len(dues))}
	for i, d := range dues {
		c.Rows[i] = Row{d.Due, d.Principal, d.Interest}
		c.Accrued += d.Accrued
	}
	return c, c.Check()
}
