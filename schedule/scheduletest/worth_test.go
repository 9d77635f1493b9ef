package scheduletest_test

import (
	"testing"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

// interestOnly are 10,000.00 at 1 % a month for four months.
func interestOnly() schedule.Terms {
	return schedule.Terms{
		Principal: money.MustParse("CNY 10000.00"),
		Rate:      schedule.MustRate("1% per period"),
		Method:    schedule.MethodInterestOnly,
		Periods:   4,
		Every:     schedule.Months(1),
		Start:     civil.MustParse("2026-06-30"),
		DayCount:  daycount.ThirtyE360,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}
}

func row(due string, principal, interest int64) schedule.Row {
	return schedule.Row{Due: civil.MustParse(due), Principal: principal, Interest: interest}
}

// What happens to 10,000.00 on 15 August: half a month after the second payment.
func TestValuePreserved(t *testing.T) {
	before := []schedule.Row{row("2026-07-30", 0, 100_00), row("2026-08-30", 0, 100_00),
		row("2026-09-30", 0, 100_00), row("2026-10-30", 1_000_000, 100_00)}
	tests := []struct {
		name  string
		rest  []schedule.Row
		added int64
		kept  bool
	}{
		{"nothing", before[1:], 0, true},
		{"4,000.00 prepaid", []schedule.Row{row("2026-08-15", 400_000, 0), row("2026-08-30", 0, 80_00),
			row("2026-09-30", 0, 60_00), row("2026-10-30", 600_000, 60_00)}, 0, true},
		{"with its interest", []schedule.Row{row("2026-08-15", 400_000, 50_00),
			row("2026-08-30", 0, 30_00), row("2026-09-30", 0, 60_00),
			row("2026-10-30", 600_000, 60_00)}, 0, true},
		{"interest on what was prepaid", []schedule.Row{row("2026-08-15", 400_000, 0),
			row("2026-08-30", 0, 100_00), row("2026-09-30", 0, 60_00),
			row("2026-10-30", 600_000, 60_00)}, 0, false},
		{"a month's interest forgotten", []schedule.Row{row("2026-08-15", 400_000, 0),
			row("2026-09-30", 0, 60_00), row("2026-10-30", 600_000, 60_00)}, 0, false},
		{"2,000.00 written off", []schedule.Row{row("2026-08-30", 0, 90_00),
			row("2026-09-30", 0, 80_00), row("2026-10-30", 800_000, 80_00)}, -200_000, true},
		{"and not said", []schedule.Row{row("2026-08-30", 0, 90_00),
			row("2026-09-30", 0, 80_00), row("2026-10-30", 800_000, 80_00)}, 0, false},
		{"paid off", []schedule.Row{row("2026-08-15", 1_000_000, 50_00)}, 0, true},
		{"paid off too cheaply", []schedule.Row{row("2026-08-15", 1_000_000, 48_00)}, 0, false},
	}
	for _, test := range tests {
		err := scheduletest.CheckValuePreserved(scheduletest.Revision{
			Terms: interestOnly(), Before: before, On: civil.MustParse("2026-08-15"),
			After: append([]schedule.Row{before[0]}, test.rest...), Added: test.added,
		})
		if kept := err == nil; kept != test.kept {
			t.Errorf("%s: kept %t, got %v", test.name, test.kept, err)
		}
	}
}
