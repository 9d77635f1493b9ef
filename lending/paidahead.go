package lending

import "github.com/loanweave/loanweave/schedule/civil"

// ahead is what instalments that are not due yet had been paid.
type ahead struct{ accrued, interest, waived, principal, forgone int64 }

// unearned is the interest paid or let off ahead of its time, when so much of it is unpaid.
func (a *ahead) unearned(unpaid int64) int64 { return unpaid + a.interest + a.waived - a.accrued }

// paidAhead sums it from an instalment on, and how much interest to a day is unpaid.
func (l *Loan) paidAhead(from int, on civil.Date) (a ahead, unpaid int64) {
	from = max(from, l.Base)
	a.accrued = l.earned(from, on)
	cut := l.interestTo(on, on)
	for i := from; i < len(l.Dues); i++ {
		d := &l.Dues[i]
		a.accrued += d.Again[Interest]
		a.interest += d.Paid[Interest]
		a.waived += d.Waived[Interest]
		a.principal += d.Paid[Principal]
		a.forgone += d.Waived[Principal]
		unpaid += cut.Interest[i-cut.From] - d.Paid[Interest] - d.Waived[Interest]
	}
	return a, unpaid
}

// due is an instalment of a day for what had been paid and let off: all principal, and of the interest
// what had accrued by the day, when so much of it is unpaid.
func (a *ahead) due(on civil.Date, unpaid int64) Due {
	d := Due{Date: on, Through: on}
	d.Owed[Principal] = a.principal + a.forgone
	d.Paid[Principal], d.Waived[Principal] = a.principal, a.forgone
	d.Owed[Interest] = a.accrued - unpaid
	d.Waived[Interest] = min(a.waived, d.Owed[Interest])
	d.Paid[Interest] = d.Owed[Interest] - d.Waived[Interest]
	return d
}
