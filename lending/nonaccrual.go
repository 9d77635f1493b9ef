package lending

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// NonAccrual returns since when the loan's interest is no longer recognised as income to come
// (停息, 非应计): the first day on which it was past due for more than [Late].NonAccrualDays. It is zero
// while interest accrues, and again once it has been paid down to so many days. It is a rule of
// recognition: the claims are the lenders', the borrower still owes the interest, and nobody is
// credited with anything before he pays. What lets interest fall away is [Acceleration].
func (l *Loan) NonAccrual(on civil.Date) civil.Date {
	since := l.exceeds(l.Product.Late.NonAccrualDays)
	if l.State != StateActive || since.After(on) {
		return civil.Date{}
	}
	return since
}

// InterestReceivable splits the ordinary interest that was earned by a date and is unpaid
// (应收利息): what is recognised, and what is suspended, because it fell due since the loan is on
// [Loan.NonAccrual] or is not due yet. Of a loan that was written off all is suspended.
func (l *Loan) InterestReceivable(on civil.Date) (recognised, suspended money.Amount) {
	since, off := l.NonAccrual(on), l.State == StateWrittenOff
	cut := l.interestTo(on, on)
	var yes, no int64
	for i := range l.Dues {
		d := &l.Dues[i]
		earned := d.Owed[Interest]
		if i >= cut.From && !off {
			earned = cut.Interest[i-cut.From]
		}
		unpaid := earned - d.Waived[Interest] - d.Paid[Interest]
		if off || !since.IsZero() && !d.Date.Before(since) {
			no += unpaid
		} else {
			yes += unpaid
		}
	}
	return amount(yes, l.Currency()), amount(no, l.Currency())
}
