package daycount_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

var all = []daycount.Convention{
	daycount.Thirty360US, daycount.Act365F, daycount.Act360,
	daycount.ThirtyE360, daycount.ThirtyE360ISDA, daycount.ThirtyU360,
	daycount.Act365L, daycount.ActActISDA, daycount.ActActICMA, daycount.ActActAFB,
	daycount.NL365, daycount.Business252, daycount.ActActLast,
}

// OpenGamma Strata DayCountTest (Apache-2.0), 30/360 ISDA, in days.
func TestThirty360USGolden(t *testing.T) {
	tests := []struct {
		from, to string
		want     int
	}{
		{"2012-05-30", "2013-08-31", 450},
		{"2012-05-31", "2013-08-30", 450},
		{"2012-05-31", "2013-08-31", 450},
		{"2012-05-29", "2013-08-31", 452},
		{"2011-12-28", "2012-02-29", 61},
		{"2012-02-28", "2012-03-28", 30},
		{"2012-02-29", "2012-03-28", 29},
	}
	for _, test := range tests {
		from, to := civil.MustParse(test.from), civil.MustParse(test.to)
		if got := daycount.Thirty360US.Days(from, to); got != test.want {
			t.Errorf("%s to %s: got %d, want %d", from, to, got, test.want)
		}
	}
}

// anyDate draws dates of the years 1 to 9999; ends of months, leap days and the bounds often.
func anyDate(t *rapid.T, label string) civil.Date {
	const last = 3652059
	n := rapid.OneOf(
		rapid.IntRange(730_000, 745_000), rapid.IntRange(1, last),
		rapid.IntRange(1, 900), rapid.IntRange(last-900, last),
	).Draw(t, label)
	d, err := civil.FromOrdinal(int32(n))
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, label+" at the month's end") {
		d = d.AddMonthsOn(0, 31)
	}
	return d
}

// anyContext draws contexts, absurd ones too.
func anyContext(t *rapid.T, near civil.Date) daycount.Context {
	var ctx daycount.Context
	if rapid.Bool().Draw(t, "with a period") {
		ctx.Start = near.AddDays(rapid.IntRange(-500, 500).Draw(t, "start"))
		ctx.End = ctx.Start.AddDays(rapid.OneOf(rapid.IntRange(-5, 800),
			rapid.IntRange(-4_000_000, 4_000_000)).Draw(t, "length"))
	}
	ctx.PerYear = rapid.OneOf(rapid.SampledFrom([]int{0, 0, 1, 2, 3, 4, 5, 6, 7, 12, 24, 26, 52, 366}),
		rapid.Int()).Draw(t, "periods a year")
	if rapid.Bool().Draw(t, "with a maturity") {
		ctx.Maturity = anyDate(t, "maturity")
	}
	if rapid.Bool().Draw(t, "with weekends") {
		ctx.Calendar = calendar.SaturdaySunday()
	}
	return ctx
}

// countsMonths reports whether c takes every month for 30 days.
func countsMonths(c daycount.Convention) bool {
	return c == daycount.Thirty360US || c == daycount.ThirtyE360 || c == daycount.ThirtyE360ISDA ||
		c == daycount.ThirtyU360
}

func TestConventionInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "convention")
		from, to := anyDate(t, "from"), anyDate(t, "to")
		days, next := c.Days(from, to), to.AddDays(1)
		if c.Days(to, from) != -days || c.Days(from, from) != 0 {
			t.Fatalf("%d days forward, %d back", days, c.Days(to, from))
		}
		if !from.After(to) && !next.IsZero() && c.Days(from, next) < days {
			t.Fatal("a later day counts less")
		}
		if !countsMonths(c) && c != daycount.NL365 && days != to.Sub(from) {
			t.Fatal("actual days are not the calendar's")
		}
		num, den := c.Fraction(from, to)
		if in, inDen := c.FractionIn(daycount.Context{}, from, to); in != num || inDen != den {
			t.Fatalf("%d/%d alone, %d/%d in the empty context", num, den, in, inDen)
		}
		switch c {
		case daycount.ActActISDA, daycount.ActActICMA, daycount.ActActAFB, daycount.ActActLast:
			return
		case daycount.Act365L:
			den = 365 // also 366
		}
		if den != int64(c.YearDays()) || num != int64(days) {
			t.Fatalf("%d/%d of a year is %d days", num, den, days)
		}
	})
}

// What FractionIn promises in whatever context: bounds, antisymmetry, nothing for nothing.
func TestFractionInPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := daycount.Convention(rapid.IntRange(0, len(all)+2).Draw(t, "convention"))
		from, to := anyDate(t, "from"), anyDate(t, "to")
		ctx := anyContext(t, from)
		num, den := c.FractionIn(ctx, from, to)
		back, backDen := c.FractionIn(ctx, to, from)
		if back != -num || backDen != den {
			t.Fatalf("%d/%d forward, %d/%d back", num, den, back, backDen)
		}
		if den < 1 || den > 1<<28 || num < -1<<37 || num > 1<<37 {
			t.Fatalf("%d/%d is out of bounds", num, den)
		}
		if !from.After(to) && num < 0 {
			t.Fatalf("%d/%d forward", num, den)
		}
		if num, den := c.FractionIn(ctx, from, from); num != 0 || den < 1 {
			t.Fatalf("a day counts %d/%d", num, den)
		}
		if num, den := c.FractionIn(ctx, civil.Date{}, to); num != 0 || den != 1 {
			t.Fatalf("no date counts %d/%d", num, den)
		}
	})
}

// Ten years are about ten years under every convention.
func TestTenYears(t *testing.T) {
	from := civil.MustParse("2024-07-15")
	ctx := daycount.Context{Calendar: calendar.SaturdaySunday()}
	for _, c := range all {
		num, den := c.FractionIn(ctx, from, from.AddMonths(120))
		if num*100 < den*990 || num*100 > den*1040 {
			t.Errorf("%v: ten years are %d/%d", c, num, den)
		}
	}
}

// Conventions under which the parts of a span add up to it, in the same context.
func TestAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]daycount.Convention{
			daycount.Act365F, daycount.Act360, daycount.ThirtyE360, daycount.ThirtyE360ISDA,
			daycount.ActActISDA, daycount.ActActICMA, daycount.NL365, daycount.Business252,
			daycount.ActActLast,
		}).Draw(t, "convention")
		a, b, d := anyDate(t, "a"), anyDate(t, "b"), anyDate(t, "d")
		ctx := anyContext(t, b)
		ctx.Maturity = civil.Date{}
		if days := ctx.End.Sub(ctx.Start); days < 1 || days > 731 {
			ctx.Start, ctx.End = b, b.AddDays(184)
			if ctx.End.IsZero() {
				ctx.Start, ctx.End = b.AddDays(-184), b
			}
		}
		sum := fraction(c, ctx, a, b)
		sum.Add(sum, fraction(c, ctx, b, d))
		if whole := fraction(c, ctx, a, d); sum.Cmp(whole) != 0 {
			t.Fatalf("the parts are %v, the whole %v", sum, whole)
		}
	})
}

// fraction is FractionIn as a rational number.
func fraction(c daycount.Convention, ctx daycount.Context, from, to civil.Date) *big.Rat {
	return big.NewRat(c.FractionIn(ctx, from, to))
}

func TestThirty360USMonthsAndYears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := anyDate(t, "from"), rapid.IntRange(0, 240).Draw(t, "months")
		from = from.AddDays(-max(0, from.Day()-28))
		to := from.AddMonths(n)
		if got := daycount.Thirty360US.Days(from, to); !to.IsZero() && got != 30*n {
			t.Fatalf("%d months from %s are %d days", n, from, got)
		}
	})
}

func TestConventionTexts(t *testing.T) {
	for i, want := range []string{"30/360", "act/365f", "act/360", "30e/360", "30e/360-isda",
		"30u/360", "act/365l", "act/act-isda", "act/act-icma", "act/act-afb", "nl/365", "bus/252",
		"act/act-last"} {
		text, err := all[i].MarshalText()
		if err != nil || string(text) != want || all[i].String() != want || int(all[i]) != i+1 {
			t.Errorf("got %s, %v, want %s", text, err, want)
		}
		var back daycount.Convention
		if err := back.UnmarshalText(text); err != nil || back != all[i] {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	for _, c := range []daycount.Convention{0, 14, 255} {
		if _, err := c.MarshalText(); !errors.Is(err, daycount.ErrSyntax) {
			t.Errorf("%v: got %v", c, err)
		}
		day := civil.MustParse("2026-01-01")
		if num, den := c.Fraction(day, day.AddDays(9)); num != 0 || den != 1 || c.YearDays() != 0 {
			t.Errorf("%v counts %d/%d", c, num, den)
		}
	}
	if num, den := daycount.Act360.Fraction(civil.Date{}, civil.MustParse("2026-01-01")); num != 0 ||
		den != 1 {
		t.Errorf("no date counts %d/%d", num, den)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("30/360")
	f.Add("act/act")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := daycount.Parse(text)
		if err == nil && c.String() != text || err != nil && !errors.Is(err, daycount.ErrSyntax) {
			t.Fatalf("%q gives %v, %v", text, c, err)
		}
	})
}
