package schedule

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// dues is where the due dates of a plan begin, and how they go on: from one to the next is a few
// additions, where Frequency.After takes a date apart and puts it together again. Beyond the
// calendar they stand on the zero date, which Validate keeps a plan from reaching.
type dues struct {
	first civil.Date // the first due date
	unit  Unit
	step  int // months or days from one to the next
	// By months, where first stands:
	day   int // the day of the month that due dates keep
	year  int
	month time.Month
}

// newDues finds the due dates of the terms.
func newDues(t *Terms) dues {
	g := t.grid()
	d := dues{first: g.at(0), unit: t.Every.unit, step: int(t.Every.n), day: g.anchor.Day()}
	if d.unit == UnitWeek {
		d.step *= 7
	}
	if g.toEnd {
		d.day = 31
	}
	d.year, d.month, _ = d.first.Date()
	return d
}

// put sets Due and End of the rows to the due dates in order.
func (d *dues) put(rows []Row) {
	if d.unit == UnitMonth {
		d.putMonths(rows)
		return
	}
	due, step := d.first, d.step
	for i := range rows {
		rows[i].Due, rows[i].End = due, due
		due = due.AddDays(step)
	}
}

// putMonths goes from month to month, counting the days of each.
func (d *dues) putMonths(rows []Row) {
	due, year, month, step := d.first, d.year, d.month, d.step
	length := civil.DaysIn(year, month)
	day := min(d.day, length)
	for i := range rows {
		rows[i].Due, rows[i].End = due, due
		days := -day
		for range step {
			days += length
			if month++; month > time.December {
				year, month = year+1, time.January
			}
			length = civil.DaysIn(year, month)
		}
		day = min(d.day, length)
		due = due.AddDays(days + day)
	}
}
