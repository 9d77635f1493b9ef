package civil_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/civil"
)

func TestDateIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(civil.Date{}); size != 4 {
		t.Errorf("a Date takes %d bytes", size)
	}
}

func TestOrdinalBounds(t *testing.T) {
	for _, n := range []int32{-1, last + 1, math.MaxInt32, math.MinInt32} {
		if d, err := civil.FromOrdinal(n); !errors.Is(err, civil.ErrDate) || !d.IsZero() {
			t.Errorf("FromOrdinal(%d) = %v, %v", n, d, err)
		}
	}
	for n, want := range map[int32]string{0: "", 1: "0001-01-01", last: "9999-12-31"} {
		if d, err := civil.FromOrdinal(n); err != nil || d.Ordinal() != n || d.String() != want {
			t.Errorf("FromOrdinal(%d) = %v, %v", n, d, err)
		}
	}
}

// anyStep draws numbers of days or months, absurd ones too.
func anyStep() *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(-800, 800), rapid.IntRange(-4e6, 4e6), rapid.Int(),
		rapid.SampledFrom([]int{0, math.MaxInt, math.MinInt}))
}

func TestAddDaysAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate().Draw(t, "d"), anyStep().Draw(t, "n")
		var want civil.Date
		if n > -5e6 && n < 5e6 {
			want = fromTime(noon(int(d.Ordinal()) + n))
		}
		if got := d.AddDays(n); got != want {
			t.Fatalf("%v + %d days = %v, want %v", d, n, got, want)
		}
		if !want.IsZero() && (want.Sub(d) != n || want.AddDays(-n) != d) {
			t.Fatalf("%v - %v = %d, want %d", want, d, want.Sub(d), n)
		}
	})
}

func TestAddMonthsAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate().Draw(t, "d"), anyStep().Draw(t, "n")
		day := rapid.OneOf(rapid.IntRange(1, 31), rapid.Int()).Draw(t, "day")
		checkMonths(t, d, n, d.Day(), d.AddMonths(n))
		checkMonths(t, d, n, day, d.AddMonthsOn(n, day))
	})
}

func checkMonths(t *rapid.T, d civil.Date, n, day int, got civil.Date) {
	var want civil.Date
	if n > -2e5 && n < 2e5 && day >= 1 && day <= 31 {
		end := monthEnd(noon(int(d.Ordinal())), n)
		want = fromTime(end.AddDate(0, 0, min(0, day-end.Day())))
	}
	if got != want {
		t.Fatalf("%v + %d months on %d = %v, want %v", d, n, day, got, want)
	}
}

// The anchor survives February: the due days of a loan of 31 January.
func TestAnchorDay(t *testing.T) {
	start := civil.MustParse("2023-01-31")
	due := start
	var days []string
	for range 4 {
		due = due.AddMonthsOn(1, start.Day())
		days = append(days, due.String())
	}
	if got := strings.Join(days, " "); got != "2023-02-28 2023-03-31 2023-04-30 2023-05-31" {
		t.Error(got)
	}
}

func TestOrderAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate().Draw(t, "a"), anyDate().Draw(t, "b")
		x, y := noon(int(a.Ordinal())), noon(int(b.Ordinal()))
		if a.Compare(b) != x.Compare(y) || a.Before(b) != x.Before(y) || a.After(b) != x.After(y) {
			t.Fatalf("order of %v and %v", a, b)
		}
		if a.Year() != x.Year() || a.Month() != x.Month() || a.Day() != x.Day() {
			t.Fatalf("fields of %v", a)
		}
	})
}

func TestZeroDate(t *testing.T) {
	var none civil.Date
	day := civil.MustParse("0001-01-01")
	if y, m, d := none.Date(); y != 0 || m != 0 || d != 0 || none.IsMonthEnd() || !none.IsZero() {
		t.Errorf("fields %d, %d, %d", y, m, d)
	}
	if none.AddDays(5) != none || none.AddMonths(1) != none || none.AddMonthsOn(1, 1) != none {
		t.Error("arithmetic made a date of none")
	}
	if none.Sub(day) != 0 || day.Sub(none) != 0 || !none.Before(day) || none.Compare(day) != -1 {
		t.Error("order or distance of no date")
	}
}

func TestParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "d")
		if want := noon(int(d.Ordinal())).Format(time.DateOnly); d.String() != want {
			t.Fatalf("String is %s, want %s", d, want)
		}
		if got, err := civil.Parse(d.String()); err != nil || got != d {
			t.Fatalf("Parse(%s) = %v, %v", d, got, err)
		}
	})
	for _, text := range []string{
		"", "2024", "2024-1-31", "2024-01-3", "2024-02-30", "2023-02-29", "0000-01-01",
		"2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32", "20240-1-31", "+024-01-31",
		"2024/01/31", "2024-01-31 ", " 2024-01-3", "2024-01-31T00:00:00Z", "２024-01-1",
		strings.Repeat("2", 1e6),
	} {
		d, err := civil.Parse(text)
		var refused *civil.DateError
		if !errors.As(err, &refused) || !errors.Is(err, civil.ErrDate) || !d.IsZero() {
			t.Errorf("Parse(%.50q) = %v, %v", text, d, err)
			continue
		}
		if len(refused.Input) > 40 || len(err.Error()) > 300 {
			t.Errorf("Parse(%.50q) repeats its input: %.400v", text, err)
		}
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	civil.MustParse("2023-02-29")
}

func TestDateEncodings(t *testing.T) {
	check := func(t rapid.TB, d civil.Date) {
		data, err := json.Marshal(d)
		if err != nil || string(data) != `"`+d.String()+`"` {
			t.Fatalf("json of %v: %s, %v", d, data, err)
		}
		back, scanned, raw := stale(), stale(), stale()
		if err := json.Unmarshal(data, &back); err != nil || back != d {
			t.Fatalf("json %s: got %v, %v", data, back, err)
		}
		value, err := d.Value()
		if err != nil || (value == nil) != d.IsZero() {
			t.Fatalf("Value of %v: %v, %v", d, value, err)
		}
		if err := scanned.Scan(value); err != nil || scanned != d {
			t.Fatalf("Scan(%v) = %v, %v", value, scanned, err)
		}
		if err := raw.Scan([]byte(d.String())); err != nil || raw != d {
			t.Fatalf("Scan(%q) = %v, %v", d.String(), raw, err)
		}
	}
	check(t, civil.Date{})
	rapid.Check(t, func(t *rapid.T) { check(t, anyDate().Draw(t, "d")) })
}

func stale() civil.Date { return civil.MustParse("1999-09-09") }

// Of an instant the day on its own clock counts, whatever day that is elsewhere.
func TestScanTakesTheDayOfTheClock(t *testing.T) {
	var d civil.Date
	late := time.Date(2024, 2, 29, 23, 59, 59, 0, time.FixedZone("east", 14*3600))
	if err := d.Scan(late); err != nil || d.String() != "2024-02-29" {
		t.Errorf("got %v, %v", d, err)
	}
}

func TestScanRefuses(t *testing.T) {
	year0 := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, src := range []any{int64(1), 1.0, true, "x", []byte("2023-02-29"), year0} {
		d := stale()
		if err := d.Scan(src); !errors.Is(err, civil.ErrDate) || d != stale() {
			t.Errorf("Scan(%v) left %v, %v", src, d, err)
		}
	}
	d := stale()
	if err := json.Unmarshal([]byte("null"), &d); err != nil || d != stale() {
		t.Errorf("json null left %v, %v", d, err)
	}
}

// FuzzParse holds Parse and the decoders against time.Parse.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31", "", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := civil.Parse(text)
		want, wantErr := time.Parse(time.DateOnly, text)
		exists := wantErr == nil && want.Year() >= 1
		if (err == nil) != exists || exists && d != fromTime(want) {
			t.Fatalf("Parse(%q) = %v, %v; time has %v, %v", text, d, err, want, wantErr)
		}
		read, scanned := stale(), stale()
		readErr, scanErr := read.UnmarshalText([]byte(text)), scanned.Scan(text)
		taken := exists || text == ""
		if (readErr == nil) != taken || (scanErr == nil) != taken || read != scanned {
			t.Fatalf("%q: UnmarshalText %v, %v; Scan %v, %v", text, read, readErr, scanned, scanErr)
		}
		if taken && read != d || !taken && read != stale() {
			t.Fatalf("%q left %v", text, read)
		}
	})
}

func BenchmarkAddMonthsOn(b *testing.B) {
	start := civil.MustParse("2024-01-31")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if start.AddMonthsOn(n, 31).IsZero() {
			b.Fatal("out of range")
		}
		n = (n + 1) % 360
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := civil.Parse("2024-02-29"); err != nil {
			b.Fatal(err)
		}
	}
}
