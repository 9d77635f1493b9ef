package civil_test

import (
	"math"
	"testing"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Every day of the years 1 to 9999, both ways, against package time.
func TestEveryDay(t *testing.T) {
	day := noon(1)
	for n := int32(1); n <= last; n++ {
		d, err := civil.FromOrdinal(n)
		if err != nil {
			t.Fatal(err)
		}
		y, m, dd := d.Date()
		wantY, wantM, wantD := day.Date()
		if y != wantY || m != wantM || dd != wantD || d.Weekday() != day.Weekday() {
			t.Fatalf("ordinal %d is %d-%d-%d, %v; want %v", n, y, m, dd, d.Weekday(), day)
		}
		back, err := civil.New(y, m, dd)
		if err != nil || back != d {
			t.Fatalf("%v rebuilt as %v, %v", d, back, err)
		}
		next := day.AddDate(0, 0, 1)
		if d.IsMonthEnd() != (next.Day() == 1) {
			t.Fatalf("IsMonthEnd of %v is %v", d, d.IsMonthEnd())
		}
		day = next
	}
	if y, m, d := day.Date(); y != 10000 || m != 1 || d != 1 {
		t.Fatalf("the day after the last ordinal is %v", day)
	}
}

// Every month, with the days that do not exist.
func TestEveryMonth(t *testing.T) {
	for year := -1; year <= 10001; year++ {
		if leap := time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC).Day() == 29; civil.IsLeap(year) != leap {
			t.Fatalf("IsLeap(%d) = %v", year, !leap)
		}
		for month := time.Month(-1); month <= 14; month++ {
			want := 0
			if month >= 1 && month <= 12 {
				want = time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
			}
			if got := civil.DaysIn(year, month); got != want {
				t.Fatalf("DaysIn(%d, %d) = %d, want %d", year, month, got, want)
			}
			for _, day := range []int{-1, 0, 1, 28, 29, 30, 31, 32, math.MaxInt} {
				d, err := civil.New(year, month, day)
				exists := year >= 1 && year <= 9999 && day >= 1 && day <= want
				if (err == nil) != exists || d.IsZero() == exists {
					t.Fatalf("New(%d, %d, %d) = %v, %v", year, month, day, d, err)
				}
			}
		}
	}
}
