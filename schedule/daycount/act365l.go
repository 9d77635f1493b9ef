package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// act365L is Actual/365L of ICMA's rule 251.1(i), part 2, also called ISMA-Year: the days of the
// calendar over 366 or 365. With one period a year it is 366 when the regular period has a
// 29 February after its first day, the last one included; with more it is 366 when the period ends
// in a leap year. A span that is not within the regular period stretches it.
func act365L(ctx Context, from, to civil.Date) (num, den int64) {
	first, last := from, to
	if start, end := ctx.regular(); !start.IsZero() {
		first, last = earlier(first, start), later(last, end)
	}
	leap := civil.IsLeap(last.Year())
	if years, of := ctx.share(); years == of {
		leap = leapDays(first, last) > 0
	}
	if leap {
		return int64(to.Sub(from)), 366
	}
	return int64(to.Sub(from)), 365
}

// earlier returns the earlier of two dates.
func earlier(d, o civil.Date) civil.Date {
	if o.Before(d) {
		return o
	}
	return d
}

// later returns the later of two dates.
func later(d, o civil.Date) civil.Date {
	if o.After(d) {
		return o
	}
	return d
}
