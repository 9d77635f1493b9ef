package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// OfLot is the claim that a part of a loan's lot, by amount and by term, is on a day: what it still gets of
// each instalment, to the minor unit, and the interest of it that is earned. The principal of all rows is
// the title that [lending.Tx.Assign] moves with it. Fees at payout are not taken off, as they are between the holder and the platform, and what
// it has in penalty interest is not counted: it goes with it. Errors are those of
// [lending.Loan.LotDues]; of a part that gets nothing any more, an [ErrClaim].
func OfLot(l *lending.Loan, a lending.Assignment, on civil.Date) (Claim, error) {
	dues, err := l.LotDues(a, on)
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

// netOfLot is [OfLot] less the lenders' fees at payout, each as it falls due: what comes into a wallet. Of
// accrued interest, the fees on it are off, and those by time through the day.
func netOfLot(l *lending.Loan, a lending.Assignment, on civil.Date) (Claim, error) {
	dues, err := l.LotDues(a, on)
	if err != nil {
		return Claim{}, err
	}
	c := Claim{On: on, Currency: l.Currency()}
	for _, d := range dues {
		accrued := d.Accrued - d.AccruedFee
		principal := max(0, d.Principal+min(0, accrued)) // a fee may be more than what is accrued
		interest := max(0, d.Principal+d.Interest-d.Fee-principal)
		if principal+interest > 0 {
			c.Rows = append(c.Rows, Row{d.Due, principal, interest})
			c.Accrued += min(max(0, accrued), interest)
		}
	}
	return c, c.Check()
}
