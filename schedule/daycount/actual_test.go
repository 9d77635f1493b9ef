package daycount_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// anySpan draws two dates that run forward, at most some years apart.
func anySpan(t *rapid.T) (from, to civil.Date) {
	from = anyDate(t, "from")
	to = from.AddDays(rapid.IntRange(0, 3000).Draw(t, "days"))
	if to.IsZero() {
		return from, from
	}
	return from, to
}

func isLeapDay(d civil.Date) bool { return d.Month() == 2 && d.Day() == 29 }

// leapDayIn walks from the first date to the last, both included.
func leapDayIn(first, last civil.Date) bool {
	for ; !first.IsZero() && !first.After(last); first = first.AddDays(1) {
		if isLeapDay(first) {
			return true
		}
	}
	return false
}

// Year by year, each over its own length.
func TestActActISDAAgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anySpan(t)
		want := new(big.Rat)
		for year := from.Year(); year <= to.Year(); year++ {
			first, _ := civil.New(year, 1, 1)
			end := first.AddMonthsOn(11, 31)
			days := min(to.Ordinal(), end.Ordinal()+1) - max(from.Ordinal(), first.Ordinal())
			want.Add(want, big.NewRat(int64(days), int64(end.Sub(first)+1)))
		}
		if got := fraction(daycount.ActActISDA, daycount.Context{}, from, to); got.Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// Each day after the first counts by the year it lies in.
func TestActActLastAgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate(t, "from")
		to := from.AddDays(rapid.IntRange(0, 1500).Draw(t, "days"))
		want := new(big.Rat)
		for day := from; day.Before(to); {
			day = day.AddDays(1)
			year := int64(365)
			if civil.IsLeap(day.Year()) {
				year = 366
			}
			want.Add(want, big.NewRat(1, year))
		}
		if got := fraction(daycount.ActActLast, daycount.Context{}, from, to); !to.IsZero() && got.Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// The definition as it reads: take whole years from the end, one by one, while they fit.
func TestActActAFBAgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anySpan(t)
		years, end := 0, to
		for {
			back := to.AddMonths(-12 * (years + 1))
			if back.Day() == 28 && isLeapDay(back.AddDays(1)) {
				back = back.AddDays(1)
			}
			if back.IsZero() || back.Before(from) {
				break
			}
			years, end = years+1, back
		}
		length := int64(365)
		if end.After(from) && leapDayIn(from, end.AddDays(-1)) {
			length = 366
		}
		want := big.NewRat(int64(years)*length+int64(end.Sub(from)), length)
		if got := fraction(daycount.ActActAFB, daycount.Context{}, from, to); got.Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// A leap day at the end of a whole year, which Strata leaves out, by the words of the agreement.
func TestActActAFBCountsBackToTheLeapDay(t *testing.T) {
	from, to := civil.MustParse("2011-12-28"), civil.MustParse("2016-02-28")
	if num, den := daycount.ActActAFB.Fraction(from, to); num != 4*365+63 || den != 365 {
		t.Errorf("got %d/%d", num, den)
	}
}

// The first day counts, the last does not, for the length of the year as well.
func TestActActAFBAtALeapDay(t *testing.T) {
	leapDay := civil.MustParse("2012-02-29")
	if num, den := daycount.ActActAFB.Fraction(leapDay, leapDay.AddDays(29)); num != 29 || den != 366 {
		t.Errorf("from it: %d/%d", num, den)
	}
	if num, den := daycount.ActActAFB.Fraction(leapDay.AddDays(-29), leapDay); num != 29 || den != 365 {
		t.Errorf("to it: %d/%d", num, den)
	}
}

func TestNL365AgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anySpan(t)
		want := 0
		for d := from; d.Before(to); d = d.AddDays(1) {
			if !isLeapDay(d.AddDays(1)) {
				want++
			}
		}
		if got := daycount.NL365.Days(from, to); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	})
}

// OpenGamma Strata DayCountTest (Apache-2.0), NL/365, in days.
func TestNL365Golden(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     int
	}{
		{"2011-12-28", "2012-02-28", 62},
		{"2011-12-28", "2012-02-29", 62},
		{"2011-12-28", "2012-03-01", 63},
		{"2012-02-28", "2012-03-28", 28},
		{"2012-02-29", "2012-03-29", 29},
		{"2011-12-28", "2016-02-28", 62 + 4*365},
	} {
		from, to := civil.MustParse(test.from), civil.MustParse(test.to)
		if got := daycount.NL365.Days(from, to); got != test.want {
			t.Errorf("%s to %s: got %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

// OpenGamma Strata DayCountTest (Apache-2.0), Act/365L, and the fallbacks.
func TestAct365LGolden(t *testing.T) {
	for _, test := range []struct {
		start, end, from, to string
		perYear              int
		num, den             int64
	}{
		{"2011-12-28", "2012-02-28", "2011-12-28", "2012-02-28", 1, 62, 365},
		{"2011-12-28", "2012-02-29", "2011-12-28", "2012-02-28", 1, 62, 366},
		{"2011-12-28", "2012-02-28", "2011-12-28", "2012-02-28", 2, 62, 366},
		{"2011-12-28", "2012-02-29", "2011-12-28", "2012-02-29", 2, 63, 366},
		{"2012-02-29", "2013-02-28", "2012-02-29", "2013-02-28", 1, 365, 365},
		{"2011-07-01", "2011-12-31", "2011-07-01", "2011-12-31", 2, 183, 365},
		{"2012-07-01", "2012-12-31", "2012-07-01", "2012-12-31", 2, 183, 366},
		{"2012-07-01", "2012-12-31", "2012-07-01", "2012-12-31", 0, 183, 366}, // six months
		{"2011-07-01", "2012-07-01", "2012-03-01", "2012-07-01", 0, 122, 366}, // twelve months
		{"", "", "2012-03-01", "2012-07-01", 0, 122, 365},
		{"", "", "2012-02-28", "2012-07-01", 0, 124, 366},
	} {
		ctx := daycount.Context{PerYear: test.perYear}
		if test.start != "" {
			ctx.Start, ctx.End = civil.MustParse(test.start), civil.MustParse(test.end)
		}
		from, to := civil.MustParse(test.from), civil.MustParse(test.to)
		if num, den := daycount.Act365L.FractionIn(ctx, from, to); num != test.num || den != test.den {
			t.Errorf("%+v: got %d/%d", test, num, den)
		}
	}
}

func TestAct365LAgreesWithALoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anySpan(t)
		start := from.AddDays(-rapid.IntRange(0, 300).Draw(t, "before"))
		end := start.AddDays(rapid.IntRange(1, 700).Draw(t, "length"))
		if start.IsZero() || end.IsZero() {
			return
		}
		perYear := rapid.SampledFrom([]int{1, 2, 4, 12}).Draw(t, "periods a year")
		last := end
		if to.After(last) {
			last = to
		}
		want := int64(365)
		if perYear == 1 && leapDayIn(start.AddDays(1), last) ||
			perYear > 1 && civil.IsLeap(last.Year()) {
			want = 366
		}
		ctx := daycount.Context{Start: start, End: end, PerYear: perYear}
		num, den := daycount.Act365L.FractionIn(ctx, from, to)
		if num != int64(to.Sub(from)) || den != want {
			t.Fatalf("got %d/%d, want a year of %d", num, den, want)
		}
	})
}

func TestBusiness252AgreesWithALoop(t *testing.T) {
	cal := calendar.MustParse(`{"weekend":["sat","sun"],"holidays":["2024-02-12","2024-02-13"]}`)
	rapid.Check(t, func(t *rapid.T) {
		from, to := anySpan(t)
		want := int64(0)
		for d := from; d.Before(to); d = d.AddDays(1) {
			if cal.IsBusiness(d) {
				want++
			}
		}
		num, den := daycount.Business252.FractionIn(daycount.Context{Calendar: cal}, from, to)
		if num != want || den != 252 {
			t.Fatalf("got %d/%d, want %d", num, den, want)
		}
	})
}

// The week of the carnival of 2024 has two bank holidays in Brazil.
func TestBusiness252Golden(t *testing.T) {
	cal := calendar.MustParse(`{"weekend":["sat","sun"],"holidays":["2024-02-12","2024-02-13"]}`)
	from, to := civil.MustParse("2024-02-09"), civil.MustParse("2024-02-16")
	num, den := daycount.Business252.FractionIn(daycount.Context{Calendar: cal}, from, to)
	if num != 3 || den != 252 {
		t.Errorf("got %d/%d, want 3/252", num, den)
	}
}
