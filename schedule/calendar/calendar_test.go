package calendar_test

import (
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestCalendarIsOnePointer(t *testing.T) {
	if size := unsafe.Sizeof(calendar.Calendar{}); size != unsafe.Sizeof(uintptr(0)) {
		t.Errorf("a Calendar takes %d bytes", size)
	}
}

// 2024 had 251 working days in China and 253 in Brazil.
func TestBusinessDaysGolden(t *testing.T) {
	from, to := civil.MustParse("2024-01-01"), civil.MustParse("2025-01-01")
	if got := china(t).BusinessDays(from, to); got != 251 {
		t.Errorf("China: %d", got)
	}
	if got := brazil(t).BusinessDays(from, to); got != 253 {
		t.Errorf("Brazil: %d", got)
	}
	if got := calendar.SaturdaySunday().BusinessDays(from, to); got != 262 {
		t.Errorf("weekdays: %d", got)
	}
}

// Every day around the special days, and searches from them, against the rules read plainly.
func TestCalendarAgreesWithItsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := anyCentre().Draw(t, "centre")
		r := anyRules(centre).Draw(t, "rules")
		c := mustNew(t, r)
		business := func(d civil.Date) bool { return isBusiness(r, d) }
		for n := max(1, centre-320); n <= min(last, centre+320); n++ {
			if d := date(n); c.IsBusiness(d) != business(d) {
				t.Fatalf("%v: IsBusiness is %v", d, c.IsBusiness(d))
			}
		}
		d := anyDateNear(centre).Draw(t, "d")
		if want := search(d.AddDays(1), 1, business); c.Next(d) != want {
			t.Fatalf("Next(%v) = %v, want %v", d, c.Next(d), want)
		}
		if want := search(d.AddDays(-1), -1, business); c.Prev(d) != want {
			t.Fatalf("Prev(%v) = %v, want %v", d, c.Prev(d), want)
		}
	})
}

func TestBusinessDaysAgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := anyCentre().Draw(t, "centre")
		r := anyRules(centre).Draw(t, "rules")
		c := mustNew(t, r)
		from := anyDateNear(centre).Draw(t, "from")
		to := anyDateNear(centre).Draw(t, "to")
		want := 0
		for d := from; d.Before(to); d = d.AddDays(1) {
			if isBusiness(r, d) {
				want++
			}
		}
		for d := to; d.Before(from); d = d.AddDays(1) {
			if isBusiness(r, d) {
				want--
			}
		}
		if got := c.BusinessDays(from, to); got != want {
			t.Fatalf("%v to %v: %d business days, want %d", from, to, got, want)
		}
		far := rapid.Map(rapid.IntRange(1, last), date).Draw(t, "far")
		if c.BusinessDays(from, far)+c.BusinessDays(far, to) != want {
			t.Fatalf("by way of %v the count differs", far)
		}
	})
}

// Every day of the years 1 to 9999, so that a running count is never wrong far from special days.
func TestBusinessDaysOfAllTime(t *testing.T) {
	first := date(1)
	for _, c := range []calendar.Calendar{{}, calendar.SaturdaySunday(), china(t)} {
		count := 0
		for n := 1; n <= last; n++ {
			d := date(n)
			if got := c.BusinessDays(first, d); got != count {
				t.Fatalf("%v has %d business days before it, not %d", d, got, count)
			}
			if c.IsBusiness(d) {
				count++
			}
		}
	}
}

func TestZeroCalendarHasNoFreeDay(t *testing.T) {
	var c calendar.Calendar
	d := civil.MustParse("2024-02-11")
	if !c.IsZero() || !c.IsBusiness(d) || c.Next(d) != d.AddDays(1) || c.Prev(d) != d.AddDays(-1) ||
		c.BusinessDays(d, d.AddDays(30)) != 30 || calendar.Following.Adjust(d, c) != d {
		t.Error("a day is free")
	}
	if got := mustNew(t, calendar.Rules{}); got != c || !c.Equal(got) {
		t.Error("no rules make another calendar")
	}
	if calendar.SaturdaySunday().IsZero() || c.Equal(calendar.SaturdaySunday()) {
		t.Error("a weekend is no free day")
	}
}

// Calendars that differ in one thing alone, the rest of their bits being the same.
func TestEqual(t *testing.T) {
	sunday := []time.Weekday{time.Sunday}
	monday := []civil.Date{date(7*64*1650 + 1)} // 448 days later the bits of a word are the same
	later := []civil.Date{monday[0].AddDays(7 * 64)}
	worn := calendar.Rules{Holidays: monday} // the Sundays of one word, but not as a weekend
	for n := range 64 {
		if d := monday[0].AddDays(n - 1); d.Weekday() == time.Sunday {
			worn.Holidays = append(worn.Holidays, d)
		}
	}
	different := []calendar.Calendar{
		{}, calendar.SaturdaySunday(), mustNew(t, worn),
		mustNew(t, calendar.Rules{Weekend: sunday}),
		mustNew(t, calendar.Rules{Weekend: sunday, Holidays: monday}),
		mustNew(t, calendar.Rules{Weekend: sunday, Holidays: later}),
		mustNew(t, calendar.Rules{Holidays: monday}),
		mustNew(t, calendar.Rules{Weekend: sunday, Workdays: []civil.Date{monday[0].AddDays(-1)}}),
	}
	for i, c := range different {
		for j, o := range different {
			if c.Equal(o) != (i == j) {
				t.Errorf("%v equals %v: %v", c, o, c.Equal(o))
			}
		}
		if !c.Equal(calendar.MustParse(c.String())) {
			t.Errorf("%v is not its own text", c)
		}
	}
}

func TestZeroDate(t *testing.T) {
	var none civil.Date
	day := date(1)
	for _, c := range []calendar.Calendar{{}, calendar.SaturdaySunday(), mustNew(t,
		calendar.Rules{Holidays: []civil.Date{day}})} {
		if c.IsBusiness(none) || !c.Next(none).IsZero() || !c.Prev(none).IsZero() ||
			c.BusinessDays(none, day) != 0 || c.BusinessDays(day, none) != 0 {
			t.Errorf("%v takes no date for a day", c)
		}
		for a := range calendar.NoAdjustment + 1 {
			if !a.Adjust(none, c).IsZero() {
				t.Errorf("%v made a date of none", a)
			}
		}
	}
}

func TestSearchEndsWithTheYears(t *testing.T) {
	late := mustNew(t, calendar.Rules{Holidays: []civil.Date{date(last - 1), date(last)}})
	if got := late.Next(date(last - 2)); !got.IsZero() {
		t.Errorf("after the last business day comes %v", got)
	}
	early := mustNew(t, calendar.Rules{Holidays: []civil.Date{date(1), date(2)}})
	if got := early.Prev(date(3)); !got.IsZero() {
		t.Errorf("before the first business day comes %v", got)
	}
}

func BenchmarkIsBusiness(b *testing.B) {
	c, day := china(b), civil.MustParse("2024-02-11")
	for name, d := range map[string]civil.Date{"special": day, "ordinary": day.AddMonths(60)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if c.IsBusiness(d) {
					b.Fatal("a free day")
				}
			}
		})
	}
}

func BenchmarkBusinessDays(b *testing.B) {
	c, from := china(b), civil.MustParse("2014-07-01")
	to := from.AddMonths(240)
	b.Run("20y", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if c.BusinessDays(from, to) == 0 {
				b.Fatal("no business days")
			}
		}
	})
}
