package schedule

import (
	"math/big"
	"slices"
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
func (p Plan) Outstanding(on civil.Date) money.Amount {
	principal, _ := p.position(on)
	return p.amount(principal)
}

// Accrued is the interest that has accrued on a day and was not due on it or before; and what fell
// due and was carried or postponed. It is zero before Start, and from Maturity on.
func (p Plan) Accrued(on civil.Date) money.Amount {
	_, interest := p.position(on)
	return p.amount(interest)
}

// Payoff is what settles the loan on a day: Outstanding and Accrued. It is what ChangePayOff pays on
// the day, besides instalments whose days of payment have not come yet.
func (p Plan) Payoff(on civil.Date) money.Amount {
	principal, interest := p.position(on)
	return p.amount(principal + interest)
}

// position is the principal that is out on a day, and the interest accrued and unpaid. A plan that
// its terms make is walked up to the day; one of other recorded rows goes by these.
func (p Plan) position(on civil.Date) (principal, interest int64) {
	if on.Before(p.terms.Start) || !on.Before(p.Maturity()) {
		return 0, 0
	}
	if p.terms.Method == MethodFlat || p.terms.Method == MethodSumOfDigits || !p.follows() {
		return p.outstanding(on), p.accruedIn(p.next(on), on)
	}
	if p.terms.isPlain() {
		if principal, interest, ok := p.plainPosition(on); ok {
			return principal, interest
		}
	}
	end := on
	for _, row := range p.rows {
		if row.End.After(end) && !row.Due.After(on) { // it was paid before its interest had run
			end = row.End
		}
	}
	s := p.stateOn(end)
	for _, row := range p.rows {
		if !row.End.After(on) && row.Due.After(on) { // it waits for a business day
			s.balance, s.interest = s.balance+row.Principal, s.interest+row.Interest
		}
	}
	return s.balance, s.interest
}

// plainPosition is the position of plain terms by the row that holds the day; false when interest was
// carried into it, or a business day stands between. The walk says the same, and takes as long as it
// has gone.
func (p Plan) plainPosition(on civil.Date) (principal, interest int64, ok bool) {
	i, principal := p.next(on), p.terms.Principal.Minor()
	if i > 0 {
		principal = p.rows[i-1].Balance
	}
	carried := p.terms.Method == MethodLevelPayment && i > 0 && p.rows[i-1].Principal == 0
	moved := !p.rows[i].End.After(on) || i > 0 && p.rows[i-1].End.After(on)
	if p.terms.Method == MethodBullet || carried || moved {
		return 0, 0, false
	}
	_, ahead := p.terms.anchor()
	s := span{from: p.from(i), to: p.rows[i].End, freq: p.terms.Every, regular: i > 0 || ahead > 0}
	w := walk{terms: &p.terms, line: timeline{spans: []span{s}}, from: s.from, balance: principal,
		rate: p.terms.annual(p.terms.Rate), accrued: new(big.Rat), rest: new(big.Rat)}
	w.accrue(on)
	return principal, w.charge(), true
}

// follows reports whether the rows are those that the terms make.
func (p Plan) follows() bool {
	made, err := p.terms.Plan()
	return err == nil && slices.Equal(made.rows, p.rows)
}

// outstanding is the principal that is out by the rows alone.
func (p Plan) outstanding(on civil.Date) int64 {
	balance, paid := p.balanceAfter(p.next(on))
	return balance + paid.until(on)
}

// balanceAfter is the balance after the first n rows, and the payouts that it does not hold yet.
func (p Plan) balanceAfter(n int) (balance int64, paid payouts) {
	paid = p.payouts()
	for i := range p.rows[:n] {
		paid.reach(&p.rows[i], balance)
		balance = p.rows[i].Balance
	}
	return balance, paid
}

// AccruedIn is the interest of row i, counted from 0, that is earned by a day:
//
//	row's interest x Days(From, on) / Days(From, End)
//
// by the day count of the terms (under AccrueByPeriodDays by the calendar's days), rounded once by
// Rounding.Interest; zero up to From, the whole from End on, and zero when there is no row i. Where
// the rate or the balance changes within the row, the days before and after count by what they
// bear. It goes by the row as it stands: interest that was carried into it counts as the row's, as
// does what it capitalises, and free days count as others do. Accrued goes by the terms.
// Where a day count gives the whole period no days, as 30/360 gives the one from the 30th to the
// 31st, the interest is earned on its End.
func (p Plan) AccruedIn(i int, on civil.Date) money.Amount {
	return p.amount(p.accruedIn(i, on))
}

func (p Plan) accruedIn(i int, on civil.Date) int64 {
	if i < 0 || i >= len(p.rows) {
		return 0
	}
	row, from := p.rows[i], p.from(i)
	interest := row.Interest + row.Capitalised
	if !on.Before(row.End) {
		return interest
	}
	if p.isSteady() {
		days, whole := p.days(from, on), p.days(from, row.End)
		if days <= 0 || whole == 0 {
			return 0
		}
		part, _ := newRatio(days, whole).of(interest, p.terms.Rounding.Interest)
		return part
	}
	earned, whole := p.weight(i, from, on), p.weight(i, from, row.End)
	if earned.Sign() <= 0 || whole.Sign() == 0 {
		return 0
	}
	earned.Quo(earned, whole).Mul(earned, new(big.Rat).SetInt64(interest))
	part, _ := roundRat(earned, p.terms.Rounding.Interest, 1)
	return part
}

// isSteady reports whether neither rate nor balance changes but with instalments.
func (p Plan) isSteady() bool {
	return len(p.terms.Rates)+len(p.terms.Tranches)+len(p.terms.Changes) == 0
}

// days counts the days of a part of a row.
func (p Plan) days(from, to civil.Date) int64 {
	if p.terms.Accrual == AccrueByPeriodDays {
		return int64(to.Sub(from))
	}
	return int64(p.terms.DayCount.Days(from, to))
}

// weight is what days of row i count for: the days times balance and rate.
func (p Plan) weight(i int, from, to civil.Date) *big.Rat {
	balance, paid := p.balanceAfter(i)
	sum := new(big.Rat)
	balance += paid.until(from)
	for from.Before(to) {
		next := to
		for _, step := range p.terms.Rates {
			if step.From.After(from) && step.From.Before(next) {
				next = step.From
			}
		}
		if len(paid.rest) > 0 && paid.rest[0].On.Before(next) {
			next = paid.rest[0].On
		}
		part := p.terms.annual(p.terms.rateOn(from))
		part.Mul(part, big.NewRat(p.days(from, next), 1))
		sum.Add(sum, part.Mul(part, new(big.Rat).SetInt64(balance)))
		balance, from = balance+paid.until(next), next
	}
	return sum
}

// Due is what falls due up to and on a day: principal, interest and fees of all rows to it.
func (p Plan) Due(on civil.Date) money.Amount {
	var sum int64
	for _, row := range p.rows {
		if row.Due.After(on) {
			break
		}
		sum += row.Principal + row.Interest + row.Fee
	}
	return p.amount(sum)
}
