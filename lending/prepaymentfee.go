package lending

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// prepaymentCharges figures what it costs the borrower to repay principal on a date before it is due
// (提前还款违约金), by the product's fees on prepayment: charges that fall due that day, to be booked with
// the payment. They are none for principal of zero or less. Interest of the running period counts in
// the proportion of the principal to what is outstanding.
func (l *Loan) prepaymentCharges(on civil.Date, principal int64) (cs []Charge, err error) {
	fees := l.Product.feesAt(OnPrepayment)
	if len(fees) == 0 {
		return nil, nil
	}
	n, last := l.period(on), l.period(l.Plan.Maturity())
	for _, f := range fees {
		if n > last-f.FreePeriods {
			continue
		}
		row := FeeRow{Base: principal, Count: n}
		if f.Base == OnInterest {
			if row.Base, err = l.monthsInterest(on, principal); err != nil {
				return nil, err
			}
		}
		v, err := f.Of(row)
		if err != nil {
			return nil, err
		}
		if v > 0 {
			cs = append(cs, Charge{Fee: f.ID, Component: Fees, Payee: f.Payee, Party: f.Party, On: on, Owed: v})
		}
	}
	return cs, nil
}

// monthsInterest is the planned interest of the period that runs on a date, in the proportion of
// principal to what is outstanding, rounded half up.
func (l *Loan) monthsInterest(on civil.Date, principal int64) (int64, error) {
	out := l.Outstanding().Minor()
	if principal <= 0 || out == 0 {
		return 0, nil
	}
	_, interest := l.running(on)
	return money.MulDiv(interest, min(principal, out), out, money.HalfUp)
}
