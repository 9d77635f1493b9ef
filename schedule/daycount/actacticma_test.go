package daycount_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// bounds lists the first days of the regular periods around start, as many months apart, kept on
// one day of the month.
func bounds(start civil.Date, day, months int) []civil.Date {
	var days []civil.Date
	for k := -400; k <= 400; k++ {
		if d := start.AddMonthsOn(k*months, day); !d.IsZero() {
			days = append(days, d)
		}
	}
	return days
}

// byDay is the second opinion: every day counts its part of the period that it is in.
func byDay(bounds []civil.Date, perYear int, from, to civil.Date) *big.Rat {
	sum := new(big.Rat)
	for i := range bounds[1:] {
		start, end := bounds[i], bounds[i+1]
		days := 0
		for d := start; d.Before(end); d = d.AddDays(1) {
			if !d.Before(from) && d.Before(to) {
				days++
			}
		}
		sum.Add(sum, big.NewRat(int64(days), int64(end.Sub(start)*perYear)))
	}
	return sum
}

func TestActActICMAAgreesWithEveryDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perYear := rapid.SampledFrom([]int{1, 2, 3, 4, 6, 12}).Draw(t, "periods a year")
		year := rapid.SampledFrom([]int{2023, 2024, 1100, 9000}).Draw(t, "year")
		month, _ := civil.New(year, 1, 1)
		day := rapid.IntRange(1, 31).Draw(t, "day")
		start := month.AddMonthsOn(rapid.IntRange(0, 23).Draw(t, "month"), day)
		end := start.AddMonthsOn(12/perYear, day)
		from := start.AddDays(rapid.IntRange(-900, 900).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 900).Draw(t, "days"))
		ctx := daycount.Context{Start: start, End: end, PerYear: perYear}
		if rapid.Bool().Draw(t, "by length") {
			ctx.PerYear = 0
		}
		// What the month's day was cannot be told from two bounds in shorter months.
		day = max(start.Day(), end.Day())
		want := byDay(bounds(start, day, 12/perYear), perYear, from, to)
		if got := fraction(daycount.ActActICMA, ctx, from, to); got.Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// Within the period given only its length counts, even if a free day has moved its end.
func TestActActICMAWithinItsPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := anyDate(t, "start")
		length := rapid.IntRange(1, 731).Draw(t, "length")
		a, b := rapid.IntRange(0, length).Draw(t, "a"), rapid.IntRange(0, length).Draw(t, "b")
		perYear := rapid.IntRange(1, 366).Draw(t, "periods a year")
		ctx := daycount.Context{Start: start, End: start.AddDays(length), PerYear: perYear}
		if ctx.End.IsZero() {
			return
		}
		got := fraction(daycount.ActActICMA, ctx, start.AddDays(a), start.AddDays(b))
		if want := big.NewRat(int64(b-a), int64(length*perYear)); got.Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// ISDA, EMU and Market Conventions: Recent Developments (1998), with the three rules side by side.
func TestActActGolden(t *testing.T) {
	day := civil.MustParse
	for _, test := range []struct {
		name            string
		from, to        string
		start, end      string
		icma, isda, afb *big.Rat
	}{
		{"a regular half-year", "2003-11-01", "2004-05-01", "2003-11-01", "2004-05-01",
			big.NewRat(1, 2), big.NewRat(61*366+121*365, 365*366), big.NewRat(182, 366)},
		{"a short first year", "1999-02-01", "1999-07-01", "1998-07-01", "1999-07-01",
			big.NewRat(150, 365), big.NewRat(150, 365), big.NewRat(150, 365)},
		{"a long first half-year", "2002-08-15", "2003-07-15", "2003-01-15", "2003-07-15",
			big.NewRat(184+153, 2*184), big.NewRat(334, 365), big.NewRat(334, 365)},
		{"a short last half-year", "2000-01-30", "2000-06-30", "2000-01-30", "2000-07-30",
			big.NewRat(152, 2*182), big.NewRat(152, 366), big.NewRat(152, 366)},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := daycount.Context{Start: day(test.start), End: day(test.end)}
			for c, want := range map[daycount.Convention]*big.Rat{
				daycount.ActActICMA: test.icma, daycount.ActActISDA: test.isda,
				daycount.ActActAFB: test.afb,
			} {
				if got := fraction(c, ctx, day(test.from), day(test.to)); got.Cmp(want) != 0 {
					t.Errorf("%v: got %v, want %v", c, got, want)
				}
			}
		})
	}
}

// Spans of all time: whole periods far away are still whole, also where bounds lie beyond the
// civil calendar.
func TestActActICMAOfAllTime(t *testing.T) {
	first, last := civil.MustParse("0001-01-01"), civil.MustParse("9999-12-31")
	for perYear, lastPeriod := range map[int]int64{1: 365, 2: 184, 4: 92, 12: 31} {
		ctx := daycount.Context{PerYear: perYear, Start: civil.MustParse("2024-01-01")}
		ctx.End = ctx.Start.AddMonths(12 / perYear)
		want := big.NewRat(9999*lastPeriod*int64(perYear)-1, lastPeriod*int64(perYear)) // a day less
		if got := fraction(daycount.ActActICMA, ctx, first, last); got.Cmp(want) != 0 {
			t.Errorf("%d a year: got %v, want %v", perYear, got, want)
		}
	}
}

func TestActActICMAFallbacks(t *testing.T) {
	day := civil.MustParse
	for _, test := range []struct {
		name     string
		ctx      daycount.Context
		from, to civil.Date
		num, den int64
	}{
		{"nothing known", daycount.Context{}, day("2026-01-15"), day("2028-01-20"), 737, 366},
		{"half-years from the first date", daycount.Context{PerYear: 2},
			day("2026-01-15"), day("2026-07-15"), 1, 2},
		{"weeks from the first date", daycount.Context{PerYear: 52},
			day("2026-01-15"), day("2026-01-23"), 8, 7 * 52},
		{"more periods than days", daycount.Context{PerYear: 366},
			day("2026-01-15"), day("2026-01-18"), 3, 366},
		{"too many periods", daycount.Context{PerYear: 367},
			day("2026-01-15"), day("2027-01-15"), 1, 1},
		{"a quarter by its length", daycount.Context{Start: day("2026-01-31"), End: day("2026-04-30")},
			day("2026-01-31"), day("2026-02-28"), 28 * 3, 89 * 12},
		{"a week by its length", daycount.Context{Start: day("2026-01-05"), End: day("2026-01-12")},
			day("2025-12-29"), day("2026-01-14"), 16, 365},
		{"a period that runs backwards", daycount.Context{Start: day("2026-07-01"),
			End: day("2026-01-01"), PerYear: 1}, day("2026-01-01"), day("2027-01-01"), 1, 1},
		{"too long a period", daycount.Context{Start: day("2024-01-01"), End: day("2026-01-02"),
			PerYear: 1}, day("2026-01-01"), day("2027-01-01"), 1, 1},
		{"a first period that ends beyond all dates", daycount.Context{}, day("9999-06-01"),
			day("9999-12-31"), 213, 366},
		{"a period that begins before all dates", daycount.Context{Start: day("2024-03-15"),
			End: day("2025-03-15"), PerYear: 1}, day("0001-01-01"), day("0001-01-11"), 10, 365},
		{"a period that ends beyond all dates", daycount.Context{Start: day("2024-03-15"),
			End: day("2025-03-15"), PerYear: 1}, day("9999-12-21"), day("9999-12-31"), 10, 366},
		{"an end moved by a free day", daycount.Context{Start: day("2026-01-15"),
			End: day("2026-07-16"), PerYear: 2}, day("2025-07-15"), day("2027-01-16"), 3, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := fraction(daycount.ActActICMA, test.ctx, test.from, test.to)
			if want := big.NewRat(test.num, test.den); got.Cmp(want) != 0 {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
