package daycount_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

var all = []daycount.Convention{daycount.Thirty360US, daycount.Act365F, daycount.Act360}

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

func anyDate(t *rapid.T, label string) civil.Date {
	return civil.MustParse("1999-12-01").AddDays(rapid.IntRange(0, 40_000).Draw(t, label))
}

func TestConventionInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "convention")
		from, to := anyDate(t, "from"), anyDate(t, "to")
		num, den := c.Fraction(from, to)
		back, den2 := c.Fraction(to, from)
		if den != int64(c.YearDays()) || den2 != den || back != -num || int64(c.Days(from, to)) != num {
			t.Fatalf("%d/%d forward, %d/%d back", num, den, back, den2)
		}
		if c.Days(from, from) != 0 {
			t.Fatal("a day has a length")
		}
		if !from.After(to) && c.Days(from, to.AddDays(1)) < c.Days(from, to) {
			t.Fatal("a later day counts less")
		}
		if c != daycount.Thirty360US && c.Days(from, to) != to.Sub(from) {
			t.Fatal("actual days are not the calendar's")
		}
	})
}

func TestThirty360USMonthsAndYears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := anyDate(t, "from"), rapid.IntRange(0, 240).Draw(t, "months")
		from = from.AddDays(-max(0, from.Day()-28))
		if got := daycount.Thirty360US.Days(from, from.AddMonths(n)); got != 30*n {
			t.Fatalf("%d months from %s are %d days", n, from, got)
		}
	})
}

func TestConventionTexts(t *testing.T) {
	for i, want := range []string{"30/360", "act/365f", "act/360"} {
		text, err := all[i].MarshalText()
		if err != nil || string(text) != want || all[i].String() != want {
			t.Errorf("got %s, %v, want %s", text, err, want)
		}
		var back daycount.Convention
		if err := back.UnmarshalText(text); err != nil || back != all[i] {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	for _, c := range []daycount.Convention{0, 4, 255} {
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

func TestVectorsDayCount(t *testing.T) {
	root, set := os.LookupEnv("VECTORS")
	if !set {
		root = filepath.Join("..", "..", "..", "shared", "vectors")
		if _, err := os.Stat(root); err != nil {
			t.Skipf("no vectors at %s; set VECTORS", root)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "reference", "daycount.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Convention, Start, End string
			Expected               float64
			Agrees                 bool
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	names := map[string]daycount.Convention{
		"30/360 ISDA": daycount.Thirty360US,
		"ACT/365F":    daycount.Act365F,
		"ACT/360":     daycount.Act360,
	}
	reproduced, unsupported := 0, 0
	for _, c := range file.Cases {
		convention, ok := names[c.Convention]
		if !ok || !c.Agrees {
			unsupported++
			continue
		}
		num, den := convention.Fraction(civil.MustParse(c.Start), civil.MustParse(c.End))
		if got := float64(num) / float64(den); math.Abs(got-c.Expected) > 1e-10 {
			t.Errorf("%s %s to %s: got %v, want %v", c.Convention, c.Start, c.End, got, c.Expected)
			continue
		}
		reproduced++
	}
	fmt.Printf("vectors: daycount: reproduced %d of %d, unsupported %d\n",
		reproduced, len(file.Cases), unsupported)
}

func ExampleConvention_Fraction() {
	from, to := civil.MustParse("2026-01-31"), civil.MustParse("2026-03-31")
	for _, c := range all {
		num, den := c.Fraction(from, to)
		fmt.Printf("%v: %d/%d\n", c, num, den)
	}
	// Output:
	// 30/360: 60/360
	// act/365f: 59/365
	// act/360: 59/360
}
