package schedule

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// dues is where the due dates of a plan stand, made ready to be gone along: from one to the next is
// a few additions, where Frequency.After takes a date apart and puts it together again. Beyond the
// calendar they stand on the zero date, which Validate keeps a plan from reaching.
type dues struct {
	grid  grid
	first civil.Date // the first due date
	step  int        // the days to the next, or 0 with periods of months
	day   int        // the day of the month that due dates keep
	year  int        // of first
	month time.Month // of first
}

// newDues finds the due dates of the terms.
func newDues(t *Terms) dues {
	g := t.grid()
	d := dues{grid: g, first: g.at(0), day: g.anchor.Day()}
	if g.toEnd {
		d.day = 31
	}
	d.year, d.month, _ = d.first.Date()
	switch n := int(t.Every.n); t.Every.unit {
	case UnitWeek:
		d.step = 7 * n
	case UnitDay:
		d.step = n
	}
	return d
}

// put sets Due and End of the rows to the due dates in order.
func (d *dues) put(rows []Row) {
	switch {
	case d.step > 0:
		due := d.first
		for i := range rows {
			rows[i].Due, rows[i].End = due, due
			due = due.AddDays(d.step)
		}
	case d.grid.every.n == 1:
		d.putMonthly(rows)
	default:
		for i := range rows {
			due := d.grid.at(i)
			rows[i].Due, rows[i].End = due, due
		}
	}
}

// monthDays are the days of the months in a year that is not leap, January at 1.
const monthDays = "\x00\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"

// putMonthly goes from month to month. Days are looked up, which takes half the time of figuring.
func (d *dues) putMonthly(rows []Row) {
	due, year, month := d.first, d.year, d.month
	leap, length := civil.IsLeap(year), civil.DaysIn(year, month)
	day := min(d.day, length)
	for i := range rows {
		rows[i].Due, rows[i].End = due, due
		rest := length - day
		if month++; month > time.December {
			year, month = year+1, time.January
			leap = civil.IsLeap(year)
		}
		length = int(monthDays[month])
		if month == time.February && leap {
			length++
		}
		day = min(d.day, length)
		due = due.AddDays(rest + day)
	}
}
