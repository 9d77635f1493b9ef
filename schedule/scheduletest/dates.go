package scheduletest

import (
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// run is an endless run of dates, each counted from the same day.
type run struct {
	from     civil.Date
	every    schedule.Frequency
	monthEnd bool
}

// newRun is the run from a day, kept at the end of months when that is asked and it stands there.
func newRun(from civil.Date, every schedule.Frequency, monthEnd bool) run {
	months := every.Unit() == schedule.UnitMonth || every.Unit() == schedule.UnitHalfMonth
	return run{from, every, monthEnd && months && from.IsMonthEnd()}
}

// at is the date k periods after the first; the zero date when there is none.
func (r run) at(k int) civil.Date {
	day := r.every.After(r.from, k)
	if r.monthEnd && (r.every.Unit() == schedule.UnitMonth || k%2 == 0) {
		return day.AddMonthsOn(0, 31)
	}
	return day
}

// dues is the run that due dates are on, and which of it is the first of them: FirstDue where the
// first period is odd, one period after Start where it is not.
func dues(t *schedule.Terms) (r run, first int) {
	if t.FirstDue.IsZero() || t.FirstDue == t.Every.After(t.Start, 1) {
		return newRun(t.Start, t.Every, t.MonthEnd), 1
	}
	return newRun(t.FirstDue, t.Every, t.MonthEnd), 0
}

// before lists the dates of a run from one on that are before an end, and the end.
func (r run) before(end civil.Date, first int, stub schedule.Stub) (days []civil.Date) {
	k := first
	for ; r.at(k).Before(end) && !r.at(k).IsZero() && len(days) <= schedule.MaxPeriods; k++ {
		days = append(days, r.at(k))
	}
	// The run's own beginning counts as a date before the stub.
	if stub == schedule.StubLong && r.at(k) != end && k >= 2 {
		days = days[:len(days)-1]
	}
	return append(days, end)
}

// periodEnds are the days on which periods end, before they are moved off holidays.
func periodEnds(t *schedule.Terms) (days []civil.Date) {
	r, first := dues(t)
	switch {
	case t.Every.Unit() == schedule.UnitTerm:
		return []civil.Date{t.Maturity}
	case t.Periods == 0:
		return r.before(t.Maturity, first, t.Stub)
	}
	for k := range t.Periods {
		days = append(days, r.at(first+k))
	}
	if !t.Maturity.IsZero() {
		days[t.Periods-1] = t.Maturity
	}
	return days
}

// instalmentDays are the days of the instalments, before they are moved off holidays.
func instalmentDays(t *schedule.Terms) []civil.Date {
	days := periodEnds(t)
	if t.Method == schedule.MethodBullet {
		return days[len(days)-1:]
	}
	return days
}

// interestDays are the days on which interest alone is due by a cycle of its own.
func interestDays(t *schedule.Terms) []civil.Date {
	if t.Interest.IsZero() {
		return nil
	}
	r, days := newRun(t.Interest.First, t.Interest.Every, t.MonthEnd), instalmentDays(t)
	if !paysBoth(t) {
		return r.before(days[len(days)-1], 0, t.Stub)
	}
	end := t.Every.After(days[0], -1)
	if end.After(t.Start) && !end.Before(t.Interest.First) {
		return r.before(end, 0, schedule.StubShort)
	}
	return nil
}

// paysBoth reports whether an instalment is one payment of interest and principal.
func paysBoth(t *schedule.Terms) bool {
	switch t.Method {
	case schedule.MethodLevelPayment, schedule.MethodFixedPayment, schedule.MethodStepped:
		return true
	}
	return false
}

// moved is the day up to which interest counts for a date, and the day on which it is paid.
func moved(t *schedule.Terms, day civil.Date) (end, due civil.Date) {
	due = t.Shift.Rule.Adjust(day, t.Shift.Calendar)
	if t.Shift.Accrual {
		return due, due
	}
	return day, due
}
