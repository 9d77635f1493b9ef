package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// actActLast counts as Actual/Actual (ISDA) does, but the last day of a span instead of the first:
// from one date to another its first day is out and its last day in, so that the night to 1 January
// belongs to the new year. (Apache Fineract counts so unless a loan bears interest on the day of its
// disbursement.)
func actActLast(from, to civil.Date) (num, den int64) {
	leap := leapYearDaysThrough(to) - leapYearDaysThrough(from)
	return int64(leap)*365 + int64(to.Sub(from)-leap)*366, 365 * 366
}

// leapYearDaysThrough counts the days of leap years up to d, which is included.
func leapYearDaysThrough(d civil.Date) int {
	if civil.IsLeap(d.Year()) {
		return leapYearDays(d) + 1
	}
	return leapYearDays(d)
}
