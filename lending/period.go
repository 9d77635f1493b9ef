package lending

import (
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// periods are the days on which the periods of the loan's contract end: the due dates with which it
// began, and after them one each period of its product, to the end of the plan that runs. Instalments
// that a new plan adds or leaves out do not count.
func (l *Loan) periods() (days []civil.Date) {
	contract := l.Plan
	if plan, err := l.terms(l.Started, l.FirstDue).Plan(); err == nil { // it was made at the payout
		contract = plan
	}
	for _, x := range contract.Instalments() {
		if x.Due.After(l.Started) { // a down payment ends no period
			days = append(days, x.Due)
		}
	}
	end, last := contract.Maturity(), l.Plan.Maturity()
	for k := 1; len(days) > 0 && days[len(days)-1].Before(last); k++ {
		day := l.Product.Every.After(end, k)
		if day.IsZero() {
			break
		}
		days = append(days, day)
	}
	return days
}

// period is the number of the contract's period that runs on a date, its due date included, counted
// from 1.
func (l *Loan) period(on civil.Date) int {
	days, n := l.periods(), 0
	for n < len(days)-1 && days[n].Before(on) {
		n++
	}
	return n + 1
}

// running is what the period of the running plan asks for that runs on a date, its due date included:
// principal at its end, and interest in all. A prepayment within the period makes none of its own.
func (l *Loan) running(on civil.Date) (principal, interest int64) {
	whole, t := l.Plan, l.Plan.Terms()
	t.Changes = slices.DeleteFunc(t.Changes, func(c schedule.Change) bool { return c.Kind == schedule.ChangePrepay })
	if plan, err := t.Plan(); err == nil {
		whole = plan
	}
	k := 0
	for k < whole.Len()-1 && whole.At(k).Due.Before(on) {
		k++
	}
	period := whole.At(k)
	for _, row := range l.Plan.Instalments() {
		if !row.From.Before(period.From) && !row.Due.After(period.Due) {
			principal = row.Principal.Minor()
			interest += row.Interest.Minor()
		}
	}
	return principal, interest
}

// plannedDue is the day on which an instalment falls due, of the running plan also if an acceleration has
// moved it.
func (l *Loan) plannedDue(i int) civil.Date {
	if row := l.Plan.At(i - l.Base); !row.Due.IsZero() {
		return row.Due
	}
	return l.Dues[i].Date
}

// RateUntil is the rate of a former plan, and the instalment before which its own end.
type RateUntil struct {
	Instalment int
	Rate       schedule.Rate `json:",omitzero"`
}

// rateOf is the rate of the plan that has made an instalment.
func (l *Loan) rateOf(i int) schedule.Rate {
	for _, x := range l.Rates {
		if i < x.Instalment {
			return x.Rate
		}
	}
	return l.Plan.Terms().Rate
}
