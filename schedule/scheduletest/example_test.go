package scheduletest_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

// Somebody charges 1 % a month on the first principal, not on what is left of it.
func ExampleCheck() {
	terms := schedule.Terms{
		Principal: money.MustParse("CNY 10000.00"),
		Rate:      schedule.MustRate("1% per period"),
		Method:    schedule.MethodEqualPrincipal,
		Periods:   4,
		Every:     schedule.Months(1),
		Start:     civil.MustParse("2026-06-30"),
		DayCount:  daycount.ThirtyE360,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}
	var rows []schedule.Row
	for k, due := range []string{"2026-07-30", "2026-08-30", "2026-09-30", "2026-10-30"} {
		left := int64(1_000_000 - 250_000*(k+1))
		rows = append(rows, schedule.Row{
			Due: civil.MustParse(due), Principal: 250_000, Interest: 100_00, Balance: left,
		})
	}
	fmt.Println(scheduletest.Check(terms, rows))
	// Output:
	// CheckInterest, in minor units of CNY: row 2 charges 2500.000 more than has accrued
	// CheckPresentValue, in minor units of CNY: the payments fall short of the principal by -14511.043, want 0.000 within 1.951
}

// An implementation that only rounds half up draws what it does, for RunOn.
func ExampleLevel() {
	ours := rapid.Map(scheduletest.Level(), func(t schedule.Terms) schedule.Terms {
		t.Rounding = schedule.Rounding{Instalment: money.HalfUp, Interest: money.HalfUp}
		return t
	})
	terms := ours.Example(1)
	fmt.Println(terms.Method, terms.Every, terms.Rounding.Interest, terms.Validate())
	// Output: level-payment 1 month half-up <nil>
}
