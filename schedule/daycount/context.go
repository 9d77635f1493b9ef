package daycount

import (
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Context is what some conventions must know besides the two dates. A field that is zero, or out
// of the bounds below, is unknown; each says what is assumed then. The empty Context is useful.
type Context struct {
	// Start and End are the regular period of interest that holds the span, or for an odd first or
	// last period one that it is measured by. ActActICMA and Act365L read them. They must run
	// forward, over at most 731 days. Without them ActActICMA lets periods begin at the first date
	// counted, and Act365L takes the dates counted for the period.
	Start, End civil.Date
	// PerYear is how many regular periods a year has, 1 to 366; ActActICMA and Act365L read it.
	// Without it the length of Start to End tells, rounded to months, or below half a month as days
	// over 365; and without those there is one period a year.
	PerYear int
	// Maturity is the day the whole obligation ends; ThirtyE360ISDA reads it. Without it no end of
	// February is an exception.
	Maturity civil.Date
	// Calendar has the business days that Business252 counts. Without it no day is free.
	Calendar calendar.Calendar
}

// maxPeriodDays is the longest regular period, two years with a leap day.
const maxPeriodDays = 731

// regular returns the regular period, or zero dates when it is unknown.
func (ctx Context) regular() (start, end civil.Date) {
	if days := ctx.End.Sub(ctx.Start); days < 1 || days > maxPeriodDays {
		return civil.Date{}, civil.Date{}
	}
	return ctx.Start, ctx.End
}

// share returns the part of a year that a regular period is, as a fraction.
func (ctx Context) share() (years, of int) {
	if ctx.PerYear >= 1 && ctx.PerYear <= 366 {
		return 1, ctx.PerYear
	}
	start, end := ctx.regular()
	days := end.Sub(start)
	if days == 0 {
		return 1, 1
	}
	if months := (24*days + 365) / 730; months > 0 { // 12 x days / 365, rounded
		return months, 12
	}
	return days, 365
}
