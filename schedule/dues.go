package schedule

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// dues walks the due dates of a plan in order: from one to the next is a few additions, where
// Frequency.After takes a date apart and puts it together again. Beyond the calendar it stands on
// the zero date, which Validate keeps a plan from reaching.
type dues struct {
	due    civil.Date // where it stands
	shift  *Shift
	every  Frequency
	anchor int        // the day of the month that due dates keep
	first  civil.Date // the first day of the month of due
	length int        // the days of that month
	year   int
	month  time.Month
}

// newDues stands on the first due date of the terms.
func newDues(t *Terms) dues {
	start, ahead := t.anchor()
	year, month, day := start.Date()
	if g := t.grid(); g.toEnd {
		day = 31
	}
	d := dues{due: start, shift: &t.Shift, every: t.Every, anchor: day, year: year, month: month}
	d.first, d.length = start.AddDays(1-start.Day()), civil.DaysIn(year, month)
	if ahead > 0 {
		d.next()
	}
	return d
}

// days are the day to which interest counts and the day of payment.
func (d *dues) days() (on, due civil.Date) { return d.shift.days(d.due) }

// next moves on by one period.
func (d *dues) next() {
	switch d.every.unit {
	case UnitMonth:
		for range d.every.n {
			d.first = d.first.AddDays(d.length)
			if d.month++; d.month > time.December {
				d.year, d.month = d.year+1, time.January
			}
			d.length = civil.DaysIn(d.year, d.month)
		}
		d.due = d.first.AddDays(min(d.anchor, d.length) - 1)
	case UnitWeek:
		d.due = d.due.AddDays(7 * int(d.every.n))
	case UnitDay:
		d.due = d.due.AddDays(int(d.every.n))
	}
}
