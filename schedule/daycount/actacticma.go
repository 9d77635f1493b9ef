package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// actActICMA is Actual/Actual (ICMA) of ICMA's rule 251 and of the 2006 ISDA Definitions, section
// 4.16(c): every regular period is the same part of a year, however many days it has, and a day is
// the same part of its period. An odd span is cut at the regular periods around it, which are
// notional where nothing is paid:
//
//	periods a year x fraction = whole periods + days / days of their period at either end
func actActICMA(ctx Context, from, to civil.Date) (num, den int64) {
	if start, end := ctx.regular(); !from.Before(start) && !to.After(end) {
		years, of := ctx.share()
		return int64(to.Sub(from) * years), int64(end.Sub(start) * of) // no other period matters
	}
	g := ctx.grid(from)
	first, last := g.index(from), g.index(to)
	// The span is the periods before the last, less the part of the first before from, plus the
	// part of the last before to.
	a, aDays := int64(from.Ordinal())-g.bound(first), g.bound(first+1)-g.bound(first)
	b, bDays := int64(to.Ordinal())-g.bound(last), g.bound(last+1)-g.bound(last)
	switch {
	case first == last:
		num, den = b-a, bDays
	case a == 0 && b == 0:
		num, den = int64(last-first), 1
	case a == 0:
		num, den = int64(last-first)*bDays+b, bDays
	case b == 0:
		num, den = int64(last-first)*aDays-a, aDays
	default:
		num, den = int64(last-first)*aDays*bDays+b*aDays-a*bDays, aDays*bDays
	}
	return num * int64(g.years), den * int64(g.of)
}

// grid is the row of regular periods that a Context spans over all of time. Period 0 is the one
// given, the others follow it by whole months, or by days where PerYear does not divide the year
// into months.
type grid struct {
	start, end       civil.Date // period 0; no end when the bounds are counted from start alone
	startDay, endDay int        // the days of the month that the bounds before and after keep
	months           int        // of a period outside of start to end, or 0
	days             int        // of every period, when months is 0
	years, of        int        // a period is years/of of a year
}

// grid returns the regular periods; they begin at the date given when the Context knows none.
func (ctx Context) grid(from civil.Date) grid {
	var g grid
	g.start, g.end = ctx.regular()
	g.years, g.of = ctx.share()
	if 12*g.years%g.of == 0 {
		g.months = 12 * g.years / g.of
	}
	g.days = g.end.Sub(g.start)
	if g.start.IsZero() {
		g.start, g.days = from, max(1, 365/g.of)
	}
	g.startDay, g.endDay = g.start.Day(), g.end.Day()
	// From 28 February to 31 August both bounds keep to the 31st, where the month has one.
	day := max(g.startDay, g.endDay)
	if g.start.AddMonthsOn(g.months, day) == g.end && g.end.AddMonthsOn(-g.months, day) == g.start {
		g.startDay, g.endDay = day, day
	}
	return g
}

// index returns the number of the period that holds d.
func (g grid) index(d civil.Date) int {
	base, k := g.start, 0
	if !g.end.IsZero() && !d.Before(g.end) {
		base, k = g.end, 1
	} else if !g.end.IsZero() && !d.Before(g.start) {
		return 0
	}
	if g.months > 0 {
		k += (monthOf(d) - monthOf(base)) / g.months
	} else {
		k += d.Sub(base) / g.days
	}
	if g.bound(k) > int64(d.Ordinal()) {
		k--
	}
	return k
}

// monthOf numbers the months of all years.
func monthOf(d civil.Date) int {
	year, month, _ := d.Date()
	return 12*year + int(month)
}

// bound returns the first day of period k as an ordinal, which may lie beyond the civil calendar.
// There the same day is found 400 years nearer, after which the calendar repeats.
func (g grid) bound(k int) int64 {
	const (
		cycleMonths = 400 * 12
		cycleDays   = 146097
	)
	base, day := g.start, g.startDay
	if k > 0 && !g.end.IsZero() {
		base, day, k = g.end, g.endDay, k-1
	}
	if g.months == 0 {
		return int64(base.Ordinal()) + int64(k*g.days)
	}
	k *= g.months
	if d := base.AddMonthsOn(k, day); !d.IsZero() {
		return int64(d.Ordinal())
	}
	if k < 0 {
		return int64(base.AddMonthsOn(k+cycleMonths, day).Ordinal()) - cycleDays
	}
	return int64(base.AddMonthsOn(k-cycleMonths, day).Ordinal()) + cycleDays
}
