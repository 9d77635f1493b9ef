package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// last is the ordinal of 9999-12-31.
const last = 3652059

func date(ordinal int) civil.Date {
	d, err := civil.FromOrdinal(int32(ordinal))
	if err != nil {
		panic(err)
	}
	return d
}

// anyDateNear draws a date at most 300 days from a centre.
func anyDateNear(centre int) *rapid.Generator[civil.Date] {
	return rapid.Map(rapid.IntRange(max(1, centre-300), min(last, centre+300)), date)
}

// anyCentre draws where special days lie: both ends of the calendar of dates, and now.
func anyCentre() *rapid.Generator[int] { return rapid.SampledFrom([]int{1, 739_000, last}) }

// anyRules draws rules that make a calendar, holidays in a run now and then.
func anyRules(centre int) *rapid.Generator[calendar.Rules] {
	return rapid.Custom(func(t *rapid.T) calendar.Rules {
		var r calendar.Rules
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 6, rapid.ID).Draw(t, "off") {
			r.Weekend = append(r.Weekend, time.Weekday(day))
		}
		r.Holidays = rapid.SliceOfN(anyDateNear(centre), 0, 12).Draw(t, "holidays")
		if rapid.Bool().Draw(t, "run") {
			start := anyDateNear(centre).Draw(t, "start")
			for d := start; !d.IsZero() && d.Sub(start) < 150; d = d.AddDays(1) {
				r.Holidays = append(r.Holidays, d)
			}
		}
		for _, d := range rapid.SliceOfN(anyDateNear(centre), 0, 12).Draw(t, "workdays") {
			if !slices.Contains(r.Holidays, d) {
				r.Workdays = append(r.Workdays, d)
			}
		}
		return r
	})
}

func mustNew(t rapid.TB, r calendar.Rules) calendar.Calendar {
	t.Helper()
	c, err := calendar.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// isBusiness is the second opinion on a day: the lists, then the weekday.
func isBusiness(r calendar.Rules, d civil.Date) bool {
	switch {
	case d.IsZero() || slices.Contains(r.Holidays, d):
		return false
	case slices.Contains(r.Workdays, d):
		return true
	}
	return !slices.Contains(r.Weekend, d.Weekday())
}

// search walks from d in steps to the first day that is business, or returns the zero date.
func search(d civil.Date, step int, business func(civil.Date) bool) civil.Date {
	for !d.IsZero() && !business(d) {
		d = d.AddDays(step)
	}
	return d
}

// china is the mainland's 2024 by notice 国办发明电〔2023〕7号 of the State Council's General Office.
func china(t rapid.TB) calendar.Calendar {
	t.Helper()
	r := calendar.Rules{Weekend: []time.Weekday{time.Saturday, time.Sunday}}
	for _, run := range [][2]string{
		{"2024-01-01", "2024-01-01"}, {"2024-02-10", "2024-02-17"}, {"2024-04-04", "2024-04-06"},
		{"2024-05-01", "2024-05-05"}, {"2024-06-10", "2024-06-10"}, {"2024-09-15", "2024-09-17"},
		{"2024-10-01", "2024-10-07"},
	} {
		to := civil.MustParse(run[1])
		for d := civil.MustParse(run[0]); !d.After(to); d = d.AddDays(1) {
			r.Holidays = append(r.Holidays, d)
		}
	}
	for _, day := range []string{
		"2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28",
		"2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
	} {
		r.Workdays = append(r.Workdays, civil.MustParse(day))
	}
	return mustNew(t, r)
}

// brazil is 2024 by the list of bank holidays that ANBIMA publishes.
func brazil(t *testing.T) calendar.Calendar {
	t.Helper()
	r := calendar.Rules{Weekend: []time.Weekday{time.Saturday, time.Sunday}}
	for _, day := range []string{
		"2024-01-01", "2024-02-12", "2024-02-13", "2024-03-29", "2024-04-21", "2024-05-01",
		"2024-05-30", "2024-09-07", "2024-10-12", "2024-11-02", "2024-11-15", "2024-11-20",
		"2024-12-25",
	} {
		r.Holidays = append(r.Holidays, civil.MustParse(day))
	}
	return mustNew(t, r)
}
