package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

var adjustments = []calendar.Adjustment{
	calendar.Following, calendar.ModifiedFollowing, calendar.Preceding,
	calendar.ModifiedPreceding, calendar.Nearest, calendar.NoAdjustment,
}

// The wordings of ISDA's section 4.12 on plain weekends and on China's October of 2024.
func TestAdjustGolden(t *testing.T) {
	weekends := calendar.SaturdaySunday()
	tests := []struct {
		name     string
		calendar calendar.Calendar
		date     string
		want     [6]string // in the order of adjustments
	}{
		{"a Friday", weekends, "2014-07-11", [6]string{"2014-07-11", "2014-07-11", "2014-07-11",
			"2014-07-11", "2014-07-11", "2014-07-11"}},
		{"a Saturday", weekends, "2014-07-12", [6]string{"2014-07-14", "2014-07-14", "2014-07-11",
			"2014-07-11", "2014-07-11", "2014-07-12"}},
		{"a Sunday", weekends, "2014-07-13", [6]string{"2014-07-14", "2014-07-14", "2014-07-11",
			"2014-07-11", "2014-07-14", "2014-07-13"}},
		{"a Saturday that ends May", weekends, "2014-05-31", [6]string{"2014-06-02", "2014-05-30",
			"2014-05-30", "2014-05-30", "2014-05-30", "2014-05-31"}},
		{"a Sunday that begins June", weekends, "2014-06-01", [6]string{"2014-06-02", "2014-06-02",
			"2014-05-30", "2014-06-02", "2014-06-02", "2014-06-01"}},
		{"the National Day", china(t), "2024-10-01", [6]string{"2024-10-08", "2024-10-08",
			"2024-09-30", "2024-10-08", "2024-09-30", "2024-10-01"}},
		{"a Monday of the holidays", china(t), "2024-10-07", [6]string{"2024-10-08", "2024-10-08",
			"2024-09-30", "2024-10-08", "2024-10-08", "2024-10-07"}},
		{"a Sunday that is worked", china(t), "2024-09-29", [6]string{"2024-09-29", "2024-09-29",
			"2024-09-29", "2024-09-29", "2024-09-29", "2024-09-29"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for i, a := range adjustments {
				if got := a.Adjust(civil.MustParse(test.date), test.calendar); got.String() != test.want[i] {
					t.Errorf("%v: got %v, want %v", a, got, test.want[i])
				}
			}
		})
	}
}

// adjust is the second opinion: it walks day by day and compares months as numbers.
func adjust(a calendar.Adjustment, d civil.Date, business func(civil.Date) bool) civil.Date {
	after, before := search(d, 1, business), search(d, -1, business)
	sameMonth := func(o civil.Date) bool {
		return !o.IsZero() && o.Year() == d.Year() && o.Month() == d.Month()
	}
	var moved civil.Date
	switch {
	case business(d):
		return d
	case a == calendar.Following,
		a == calendar.ModifiedFollowing && sameMonth(after),
		a == calendar.ModifiedPreceding && !sameMonth(before),
		a == calendar.Nearest && (d.Weekday() == time.Sunday || d.Weekday() == time.Monday):
		moved = after
	case a.IsValid() && a != calendar.NoAdjustment:
		moved = before
	}
	if moved.IsZero() {
		return d
	}
	return moved
}

func TestAdjustAgreesWithAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := anyCentre().Draw(t, "centre")
		r := anyRules(centre).Draw(t, "rules")
		c := mustNew(t, r)
		d := anyDateNear(centre).Draw(t, "d")
		business := func(d civil.Date) bool { return isBusiness(r, d) }
		for a := range calendar.NoAdjustment + 2 {
			want := adjust(a, d, business)
			got := a.Adjust(d, c)
			if got != want {
				t.Fatalf("%v of %v is %v, want %v", a, d, got, want)
			}
			if a.Adjust(got, c) != got {
				t.Fatalf("%v of %v moves again", a, got)
			}
		}
	})
}

func TestAdjustmentTexts(t *testing.T) {
	for i, want := range []string{"following", "modified-following", "preceding",
		"modified-preceding", "nearest", "none"} {
		a := adjustments[i]
		text, err := a.MarshalText()
		if err != nil || string(text) != want || a.String() != want || !a.IsValid() || int(a) != i+1 {
			t.Errorf("got %s, %v, want %s", text, err, want)
		}
		var back calendar.Adjustment
		if err := back.UnmarshalText(text); err != nil || back != a {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	for _, a := range []calendar.Adjustment{0, 7, 255} {
		if _, err := a.MarshalText(); !errors.Is(err, calendar.ErrSyntax) || a.IsValid() {
			t.Errorf("%v: got %v", a, err)
		}
	}
	kept := calendar.Nearest
	if err := kept.UnmarshalText([]byte("Following")); !errors.Is(err, calendar.ErrSyntax) ||
		kept != calendar.Nearest {
		t.Errorf("left %v, %v", kept, err)
	}
}

func FuzzParseAdjustment(f *testing.F) {
	f.Add("modified-following")
	f.Add("none ")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := calendar.ParseAdjustment(text)
		if err == nil && a.String() != text || err != nil && !errors.Is(err, calendar.ErrSyntax) {
			t.Fatalf("%q gives %v, %v", text, a, err)
		}
	})
}

func BenchmarkAdjust(b *testing.B) {
	c, start := china(b), civil.MustParse("2024-01-31")
	var dues []civil.Date
	for n := range 64 {
		dues = append(dues, start.AddDays(30*n))
	}
	for _, a := range []calendar.Adjustment{calendar.Following, calendar.ModifiedFollowing} {
		b.Run(a.String(), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if a.Adjust(dues[n%64], c).IsZero() {
					b.Fatal("no date")
				}
				n++
			}
		})
	}
}
