package schedule

import (
	"sort"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// The answers in this file are for a loan that is paid exactly as planned, at the end of the day
// named: an instalment due on that day has been paid.

// next is the index of the row whose period holds the day, from its first day to before its due
// date; -1 before Start, Len from the maturity on.
func (p Plan) next(on civil.Date) int {
	if on.Before(p.terms.Start) {
		return -1
	}
	return sort.Search(len(p.rows), func(i int) bool { return p.rows[i].Due.After(on) })
}

// Outstanding is the principal still out on a day: zero before Start, and from Maturity on.
func (p Plan) Outstanding(on civil.Date) money.Amount { return p.amount(p.outstanding(on)) }

func (p Plan) outstanding(on civil.Date) int64 {
	if on.Before(p.terms.Start) || !on.Before(p.Maturity()) {
		return 0
	}
	paid, balance := p.payouts(), int64(0)
	for i := 0; i < len(p.rows) && !p.rows[i].Due.After(on); i++ {
		balance = p.rows[i].Balance
		paid.until(p.rows[i].End)
	}
	return balance + paid.until(on)
}

// AccruedIn is the interest of row i, counted from 0, that is earned by a day:
//
//	row's interest x Days(From, on) / Days(From, Due)
//
// by the day count of the terms, rounded once by Rounding.Interest; zero up to From, the whole
// from Due on, and zero when there is no row i. Interest that MethodLevelPayment carried into the
// row counts as the row's. Where a day count gives the whole period no days, as 30/360 gives the
// one from the 30th to the 31st, the interest is earned on Due.
func (p Plan) AccruedIn(i int, on civil.Date) money.Amount {
	return p.amount(p.accruedIn(i, on))
}

func (p Plan) accruedIn(i int, on civil.Date) int64 {
	if i < 0 || i >= len(p.rows) {
		return 0
	}
	row, from := p.rows[i], p.from(i)
	if !on.Before(row.Due) {
		return row.Interest
	}
	days, whole := p.terms.DayCount.Days(from, on), p.terms.DayCount.Days(from, row.Due)
	if days <= 0 || whole == 0 {
		return 0
	}
	part, _ := newRatio(int64(days), int64(whole)).of(row.Interest, p.terms.Rounding.Interest)
	return part
}

// Accrued is AccruedIn for the row whose period holds the day: zero before Start, on a due date,
// and from Maturity on.
func (p Plan) Accrued(on civil.Date) money.Amount { return p.AccruedIn(p.next(on), on) }

// Payoff is what settles the loan on a day: Outstanding and Accrued.
func (p Plan) Payoff(on civil.Date) money.Amount {
	return p.amount(p.outstanding(on) + p.accruedIn(p.next(on), on))
}
