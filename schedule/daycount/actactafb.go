package daycount

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// actActAFB is Actual/Actual (AFB), the base exact/exact in the master agreement of the Association
// Française des Banques, later the Fédération Bancaire Française. Whole years are counted back from
// the end and count 1 each; the days that remain at the start count over 366 when a 29 February is
// among them, their first day in and their last out, and over 365 otherwise. Counting back from a
// 28 February arrives at the 29th where there is one.
func actActAFB(from, to civil.Date) (num, den int64) {
	years := to.Year() - from.Year()
	end := yearsBack(to, years)
	if end.Before(from) {
		years--
		end = yearsBack(to, years)
	}
	den = 365
	if leapDays(from.AddDays(-1), end.AddDays(-1)) > 0 {
		den = 366
	}
	return int64(years)*den + int64(end.Sub(from)), den
}

// yearsBack returns the date some years earlier by the rule of AFB.
func yearsBack(d civil.Date, years int) civil.Date {
	earlier := d.AddMonths(-12 * years)
	year, month, day := earlier.Date()
	if years > 0 && month == time.February && day == 28 && civil.IsLeap(year) {
		return earlier.AddDays(1)
	}
	return earlier
}
