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
	first civil.Date  // the first due date
	step  int         // the days to the next, or 0 with periods of months
	day   int         // the day of the month that due dates keep
	year  int         // of first
	month time.Month  // of first
	steps [2][12]int8 // from a month, 0 for January, to the next; first those of a common year
}

// newDues finds the due dates of the terms.
func newDues(t *Terms) dues {
	g := t.grid()
	d := dues{grid: g, first: g.at(0), day: g.anchor.Day()}
	if g.toEnd {
		d.day = 31
	}
	d.year, d.month, _ = d.first.Date()
	for leap := range d.steps {
		for m := range time.December {
			length, next := civil.DaysIn(2023+leap, m+1), civil.DaysIn(2023+leap, (m+1)%12+1)
			d.steps[leap][m] = int8(length - min(d.day, length) + min(d.day, next))
		}
	}
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

// putMonthly goes from month to month. Days are looked up, which takes half the time of figuring.
func (d *dues) putMonthly(rows []Row) {
	due, year, month := d.first, d.year, int(d.month)-1
	for len(rows) > 0 {
		steps := &d.steps[0]
		if civil.IsLeap(year) {
			steps = &d.steps[1]
		}
		ofYear := rows[:min(len(rows), len(steps)-month)]
		for i, step := range steps[month:][:len(ofYear)] {
			ofYear[i].Due, ofYear[i].End = due, due
			due = due.AddDays(int(step))
		}
		rows, year, month = rows[len(ofYear):], year+1, 0
	}
}
