package civil_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
)

// last is the ordinal of 9999-12-31.
const last = 3652059

// noon returns the same day in package time, the second opinion of these tests.
func noon(ordinal int) time.Time { return time.Date(0, 12, 31+ordinal, 12, 0, 0, 0, time.UTC) }

// fromTime returns the date of t, or the zero date outside the years 1 to 9999.
func fromTime(t time.Time) civil.Date {
	d, err := civil.New(t.Date())
	if err != nil {
		return civil.Date{}
	}
	return d
}

// monthEnd returns the last day of the month n months after that of t, as package time has it.
func monthEnd(t time.Time, n int) time.Time {
	return time.Date(t.Year(), t.Month()+time.Month(n)+1, 0, 12, 0, 0, 0, time.UTC)
}

// anyDate draws dates that exist; the bounds, month ends and leap days often.
func anyDate() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		n := rapid.OneOf(
			rapid.IntRange(1, last), rapid.IntRange(730000, 750000),
			rapid.IntRange(1, 400), rapid.IntRange(last-400, last),
		).Draw(t, "ordinal")
		if rapid.Bool().Draw(t, "month end") {
			n += monthEnd(noon(n), 0).Day() - noon(n).Day()
		}
		d, err := civil.FromOrdinal(int32(n))
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
}
