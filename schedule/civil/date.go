package civil

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// lastOrdinal is the ordinal of 9999-12-31.
const lastOrdinal = 3652059

// ErrDate says that a text, a number or a triple is no date of the years 1 to 9999.
var ErrDate = errors.New("civil: bad date")

// DateError names an impossible date. It unwraps to ErrDate.
type DateError struct {
	Input  string // at most 40 bytes
	Reason string
}

// Error implements error.
func (e *DateError) Error() string {
	return fmt.Sprintf("civil: bad date %q: %s", e.Input, e.Reason)
}

// Unwrap returns ErrDate.
func (e *DateError) Unwrap() error { return ErrDate }

// Date is a day of the Gregorian calendar, extended backward, of the years 1 to 9999. It is 4
// bytes, comparable with ==, ordered as Compare says, and safe as a map key. The zero value is no
// date: it is before every date, its year, month and day are 0, and arithmetic on it gives it
// again.
type Date struct {
	n int32 // days since 0000-12-31; 0 is no date
}

// New returns the date, or a *DateError when the calendar has no such day.
func New(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysIn(year, month) {
		input := fmt.Sprintf("%04d-%02d-%02d", year, int(month), day)
		return Date{}, &DateError{Input: clip(input), Reason: "no such day"}
	}
	return Date{n: ordinal(year, int(month), day)}, nil
}

// Parse reads "2006-01-02", ten bytes and nothing else, or returns a *DateError.
func Parse(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, &DateError{Input: clip(s), Reason: "want yyyy-mm-dd"}
	}
	var fields [3]int
	for i := range len(s) {
		b := s[i] - '0'
		if i == 4 || i == 7 {
			continue
		}
		if b > 9 {
			return Date{}, &DateError{Input: clip(s), Reason: "want yyyy-mm-dd"}
		}
		field := &fields[(i-1)/3]
		*field = *field*10 + int(b)
	}
	return New(fields[0], time.Month(fields[1]), fields[2])
}

// MustParse is Parse for constants and tests; it panics on an error.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// FromOrdinal returns the date of the ordinal, 1 for 0001-01-01 up to 3652059 for 9999-12-31. 0 is
// the zero date, so that FromOrdinal(d.Ordinal()) is d for every d. Other numbers are a *DateError.
func FromOrdinal(n int32) (Date, error) {
	if n < 0 || n > lastOrdinal {
		return Date{}, &DateError{Input: fmt.Sprint(n), Reason: "ordinal is not 0 to 3652059"}
	}
	return Date{n: n}, nil
}

// Ordinal returns the days since 0000-12-31: 1 for 0001-01-01, 0 for the zero date.
func (d Date) Ordinal() int32 { return d.n }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Date returns year, month and day together, which costs as much as one of them alone.
func (d Date) Date() (year int, month time.Month, day int) {
	if d.n == 0 {
		return 0, 0, 0
	}
	y, m, dd := split(d.n)
	return y, time.Month(m), dd
}

// Year returns the year, 1 to 9999.
func (d Date) Year() int {
	y, _, _ := d.Date()
	return y
}

// Month returns the month.
func (d Date) Month() time.Month {
	_, m, _ := d.Date()
	return m
}

// Day returns the day of the month, 1 to 31.
func (d Date) Day() int {
	_, _, day := d.Date()
	return day
}

// Weekday returns the day of the week. That of the zero date has no meaning.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) } // 0001-01-01 is a Monday

// IsMonthEnd reports whether d is the last day of its month.
func (d Date) IsMonthEnd() bool {
	y, m, day := d.Date()
	return day != 0 && day == DaysIn(y, m)
}

// AddDays returns the date n days later (earlier when negative), or the zero date when that is out
// of range.
func (d Date) AddDays(n int) Date {
	later := int(d.n) + n // where this overflows it is out of range as well
	if d.n == 0 || uint(later) > lastOrdinal {
		return Date{}
	}
	return Date{n: int32(later)}
}

// AddMonths returns the same day of the month n months later (earlier when negative), or the last
// day of that month when it is shorter: 31 January plus one is 28 or 29 February. Two steps are
// thus not always one: to keep a due day over many months count from the start or use
// AddMonthsOn. It returns the zero date when out of range.
func (d Date) AddMonths(n int) Date {
	_, _, day := d.Date()
	return d.AddMonthsOn(n, day)
}

// AddMonthsOn returns the given day of the month n months after the month of d, or the last day of
// that month when it is shorter. It returns the zero date when that is out of range or the day is
// not 1 to 31.
func (d Date) AddMonthsOn(n, day int) Date {
	const span = 12 * 9999
	if d.n == 0 || n < -span || n > span || day < 1 || day > 31 {
		return Date{}
	}
	y, m, _ := split(d.n)
	months := 12*y + m - 1 + n // since year 0
	if months < 12 || months >= 12*10000 {
		return Date{}
	}
	y, m = months/12, months%12+1
	return Date{n: ordinal(y, m, min(day, DaysIn(y, time.Month(m))))}
}

// Sub returns the days from o to d, negative when d is earlier. It is 0 when either is no date.
func (d Date) Sub(o Date) int {
	if d.n == 0 || o.n == 0 {
		return 0
	}
	return int(d.n) - int(o.n)
}

// Compare returns -1, 0 or +1 as d is before, on or after o. The zero date is before every other.
func (d Date) Compare(o Date) int { return cmp.Compare(d.n, o.n) }

// Before reports whether d is before o.
func (d Date) Before(o Date) bool { return d.n < o.n }

// After reports whether d is after o.
func (d Date) After(o Date) bool { return d.n > o.n }

// String returns "2006-01-02", or "" for the zero date.
func (d Date) String() string {
	if d.n == 0 {
		return ""
	}
	y, m, day := split(d.n)
	digit := func(n int) byte { return byte('0' + n%10) }
	return string([]byte{
		digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-',
		digit(m / 10), digit(m), '-', digit(day / 10), digit(day),
	})
}

// MarshalText returns String. It never fails.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; the empty text is the zero date. It returns the
// errors of Parse and then leaves d as it was. JSON reaches it for strings only: a JSON null
// leaves d as it was, as for every text type.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text[:min(len(text), maxText)]))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value implements driver.Valuer: the text of String, or NULL for the zero date. It never fails.
func (d Date) Value() (driver.Value, error) {
	if d.n == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan implements sql.Scanner for a date or text column. NULL is the zero date. Of a time.Time,
// which many drivers give for a date column, the day on its own clock is taken. It returns a
// *DateError and then leaves d as it was.
func (d *Date) Scan(src any) error {
	switch value := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(value[:min(len(value), maxText)]))
	case []byte:
		return d.UnmarshalText(value)
	case time.Time:
		parsed, err := New(value.Date())
		if err == nil {
			*d = parsed
		}
		return err
	}
	return &DateError{Input: clip(fmt.Sprintf("%T", src)), Reason: "the database gave no date"}
}

// maxText is the most of an input that is looked at or repeated in an error, in bytes.
const maxText = 40

// clip returns at most the first maxText bytes of s.
func clip(s string) string { return s[:min(len(s), maxText)] }
