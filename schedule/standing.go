package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Payment is money received for a loan.
type Payment struct {
	On     civil.Date
	Amount money.Amount
}

// Lateness is how days past due are counted. The zero value counts from the due date of the oldest
// instalment that is not paid to the last cent.
type Lateness struct {
	// Tolerance is what an instalment may lack without counting as unpaid (technical arrears); it
	// counts nothing in another currency.
	Tolerance money.Amount
	// Grace is the number of days by which the count begins late.
	Grace int
	// Pauses are ranges of days that do not count.
	Pauses []civil.Range
}

// Standing is how a loan stands on a day by what was paid for it.
type Standing struct {
	Oldest         int          // the oldest unpaid instalment that is past due, from 1; 0: none
	Since          civil.Date   // its due date
	PastDue        money.Amount // what is unpaid of all instalments past due
	DaysPastDue    int          // from Since to the day, whatever grace and pauses say
	DaysDelinquent int          // less grace, and less paused days after Since; 0 or more
}

// Standing tells how the loan stands at the beginning of a day: payments of earlier days and of the
// day itself go to the oldest instalments first, and an instalment is past due from the day after
// its due date on. Payments may come in any order, before Start too; one below zero takes back; amounts
// of another currency count nothing. Ask
// the plan that was agreed: in a plan by Recalculated what was missed has moved to later
// instalments, and it is not late in that.
func (p Plan) Standing(payments []Payment, on civil.Date, how Lateness) Standing {
	var paid int64
	for _, payment := range payments {
		if !payment.On.After(on) && payment.Amount.Currency() == p.terms.Principal.Currency() {
			paid = min(paid+payment.Amount.Minor(), money.MaxMinor)
		}
	}
	var s Standing
	var unpaid, tolerance int64
	if how.Tolerance.Currency() == p.terms.Principal.Currency() {
		tolerance = max(how.Tolerance.Minor(), 0)
	}
	for i, row := range p.rows {
		if !row.Due.Before(on) {
			break
		}
		due := row.Principal + row.Interest + row.Fee
		lacking := max(due-max(paid, 0), 0)
		paid -= due
		unpaid += lacking
		if s.Oldest == 0 && lacking > tolerance {
			s.Oldest, s.Since = i+1, row.Due
		}
	}
	s.PastDue = p.amount(unpaid)
	if s.Oldest > 0 {
		s.DaysPastDue = on.Sub(s.Since)
		s.DaysDelinquent = max(s.DaysPastDue-max(how.Grace, 0)-pausedDays(how.Pauses, s.Since, on), 0)
	}
	return s
}

// pausedDays counts the days from since to before the day that lie in a pause; a day in several
// counts once.
func pausedDays(pauses []civil.Range, since, on civil.Date) int {
	sorted := slices.Clone(pauses)
	slices.SortFunc(sorted, func(a, b civil.Range) int { return a.From.Compare(b.From) })
	n, reached := 0, since
	for _, pause := range sorted {
		from, to := pause.From, pause.To
		if from.Before(reached) {
			from = reached
		}
		if on.Before(to) {
			to = on
		}
		if from.Before(to) && !pause.IsEmpty() {
			n, reached = n+to.Sub(from), to
		}
	}
	return n
}
