package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// actActISDA is Actual/Actual (ISDA) of the 2006 ISDA Definitions, section 4.16(b): the days that
// fall into leap years over 366, and the others over 365. Both are brought to one denominator, so
// that parts of a span add up to the whole.
func actActISDA(from, to civil.Date) (num, den int64) {
	leap := leapYearDays(to) - leapYearDays(from)
	return int64(leap)*365 + int64(to.Sub(from)-leap)*366, 365 * 366
}

// leapYearDays counts the days of leap years before d, from the year 1 on.
func leapYearDays(d civil.Date) int {
	year := d.Year()
	before := leapYears(year - 1)
	days := 366 * before
	if civil.IsLeap(year) {
		days += int(d.Ordinal()) - 1 - 365*(year-1) - before
	}
	return days
}
