package schedule

import (
	"errors"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxPeriods is the most instalments a plan may have: fifty years of months.
const MaxPeriods = 600

// Terms are the rules of a loan, from which its Plan follows. Every field but FirstDue must be
// set: whatever changes a cent is said here. Terms are comparable, and encode in JSON as texts.
type Terms struct {
	Principal money.Amount `json:"principal"`          // above zero
	Rate      Rate         `json:"rate"`               // nominal, simple within a period
	Method    Method       `json:"method"`             // how it is paid back
	Periods   int          `json:"periods"`            // 1 to MaxPeriods
	Every     Frequency    `json:"every"`              // the length of a period
	Start     civil.Date   `json:"start"`              // interest accrues from this day (起息日)
	FirstDue  civil.Date   `json:"first_due,omitzero"` // after Start; zero: one period after it

	DayCount daycount.Convention `json:"day_count"` // for odd periods, and with AccrueByDays all
	Accrual  Accrual             `json:"accrual"`
	Rounding Rounding            `json:"rounding"`
}

// Rounding names the two places where a plan rounds to the minor unit.
type Rounding struct {
	// Instalment rounds the part that repeats: the level payment, the equal share of principal,
	// and under MethodFlat the equal share of interest.
	Instalment money.Mode `json:"instalment"`
	// Interest rounds the interest of a row, or of the term where it is charged as one sum.
	Interest money.Mode `json:"interest"`
}

// Validate reports everything that is wrong with the terms: nil, or an errors.Join of
// *TermsError values, each of which unwraps to ErrTerms.
func (t Terms) Validate() error {
	var faults []error
	require := func(ok bool, field, problem string) {
		if !ok {
			faults = append(faults, &TermsError{Field: field, Problem: problem})
		}
	}
	require(t.Principal.Sign() > 0, "Principal", "must be above zero")
	require(!t.Rate.IsZero(), "Rate", "must be set")
	require(t.Method.IsValid(), "Method", "must be one of the methods")
	require(t.Periods >= 1 && t.Periods <= MaxPeriods, "Periods", "must be 1 to 600")
	require(!t.Every.IsZero(), "Every", "must be set")
	require(!t.Start.IsZero(), "Start", "must be set")
	require(t.FirstDue.IsZero() || t.FirstDue.After(t.Start), "FirstDue", "must be after Start")
	require(t.DayCount.IsValid(), "DayCount", "must be one of the conventions")
	require(t.Accrual.IsValid(), "Accrual", "must be by-period or by-days")
	require(isMode(t.Rounding.Instalment), "Rounding.Instalment", "must be one of the modes")
	require(isMode(t.Rounding.Interest), "Rounding.Interest", "must be one of the modes")
	if len(faults) == 0 {
		require(!t.lastDue().IsZero(), "Periods", "must end before the year 10000")
	}
	return errors.Join(faults...)
}

func isMode(m money.Mode) bool { return m >= money.HalfEven && m <= money.Floor }

// anchor is the date from which due dates are counted, and how many periods after it the first
// falls: Start and 1, or FirstDue and 0 when the first period is shorter or longer than the others.
// All are counted from one date, so that 31 January is followed by 28 February and 31 March.
func (t *Terms) anchor() (civil.Date, int) {
	if t.FirstDue.IsZero() || t.FirstDue == t.Every.After(t.Start, 1) {
		return t.Start, 1
	}
	return t.FirstDue, 0
}

// lastDue is the end of the term; the zero date when it is out of the calendar.
func (t *Terms) lastDue() civil.Date {
	anchor, ahead := t.anchor()
	return t.Every.After(anchor, t.Periods-1+ahead)
}

// Plan makes the plan that follows from the terms. It fails with what Validate reports, or with
// an *OverflowError when principal and interest together would pass money.MaxMinor.
func (t Terms) Plan() (Plan, error) {
	prepared, err := t.Prepare()
	if err != nil {
		return Plan{}, err
	}
	rows, err := prepared.Append(make([]Row, 0, prepared.Len()))
	if err != nil {
		return Plan{}, err
	}
	return planOf(t, rows), nil
}
