package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// Cycle is a run of dates: the first, and one every so often after it, each counted from the first
// so that days of the month do not drift. The zero value is no cycle.
type Cycle struct {
	First civil.Date `json:"first"`
	Every Frequency  `json:"every,omitzero"`
}

// IsZero reports whether c is no cycle.
func (c Cycle) IsZero() bool { return c == Cycle{} }

func (c Cycle) validate(require requirer, field string) {
	require(c.IsZero() || !c.First.IsZero() && !c.Every.IsZero() && c.Every.unit != UnitTerm,
		field, "must have both a first date and a frequency")
}

// grid counts dates from an anchor.
type grid struct {
	anchor civil.Date
	ahead  int // periods from the anchor to the first date
	every  Frequency
	toEnd  bool // dates stand on the last day of their month
}

// newGrid is the grid from an anchor under the end-of-month rule, if that is in force: it moves
// dates to the end of their month when the anchor stands on the end of its own.
func newGrid(anchor civil.Date, ahead int, every Frequency, monthEnd bool) grid {
	months := every.unit == UnitMonth || every.unit == UnitHalfMonth
	return grid{anchor, ahead, every, monthEnd && months && anchor.IsMonthEnd()}
}

// at is the k-th date, counted from 0; the zero date when it is out of the calendar.
func (g grid) at(k int) civil.Date {
	k += g.ahead
	d := g.every.After(g.anchor, k)
	if g.toEnd && (g.every.unit == UnitMonth || k%2 == 0) {
		return d.AddMonthsOn(0, 31)
	}
	return d
}

// dates are those of a cycle up to the end; the first alone when it has no frequency.
func (c Cycle) dates(t *Terms, end civil.Date, stub Stub) []civil.Date {
	if c.Every.IsZero() {
		return []civil.Date{c.First}
	}
	return newGrid(c.First, 0, c.Every, t.MonthEnd).until(end, stub)
}

// until is the dates before the end, and the end. Where the end is no date of the grid a long
// stub drops the date before it, unless that is the only one after the grid's start.
func (g grid) until(end civil.Date, stub Stub) []civil.Date {
	var dates []civil.Date
	d := g.at(0)
	for k := 1; !d.IsZero() && d.Before(end) && len(dates) <= MaxPeriods; k++ {
		dates = append(dates, d)
		d = g.at(k)
	}
	if n := len(dates); stub == StubLong && d != end && n+g.ahead >= 2 {
		dates = dates[:n-1]
	}
	return append(dates, end)
}

// first are the first n dates.
func (g grid) first(n int) []civil.Date {
	dates := make([]civil.Date, n)
	for k := range dates {
		dates[k] = g.at(k)
	}
	return dates
}
