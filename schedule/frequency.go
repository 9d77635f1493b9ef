package schedule

import (
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// Unit is what a Frequency counts. The zero value is unset.
type Unit uint8

// The units. Their texts are month, week, day, half-month and term.
const (
	UnitMonth     Unit = iota + 1
	UnitWeek           // 7 days
	UnitDay            // of the calendar
	UnitHalfMonth      // a day of the month and the one 15 days from it, in turn
	UnitTerm           // the whole term
)

const units = "month week day half-month term"

// String gives the text of u, or Unit(n) when it has none.
func (u Unit) String() string { return wordOf("Unit", units, uint8(u)) }

// MarshalText gives the text of u; an unset or unknown unit is a *SyntaxError.
func (u Unit) MarshalText() ([]byte, error) { return marshalWord("Unit", units, uint8(u)) }

// UnmarshalText reads what MarshalText wrote; u is untouched on error.
func (u *Unit) UnmarshalText(text []byte) error { return unmarshalWord(u, "Unit", units, text) }

// The longest periods, ten years each.
const (
	MaxMonths = 120
	MaxWeeks  = 520
	MaxDays   = 3660
)

// Frequency is the length of a period: 1 month, 2 weeks, 10 days, half a month, the whole term. It is comparable; the zero value
// is unset.
type Frequency struct {
	n    uint16
	unit Unit
}

// Months is a period of n months, 1 to MaxMonths; any other n gives the unset Frequency.
func Months(n int) Frequency { return newFrequency(n, UnitMonth, MaxMonths) }

// Weeks is a period of n weeks, 1 to MaxWeeks; any other n gives the unset Frequency.
func Weeks(n int) Frequency { return newFrequency(n, UnitWeek, MaxWeeks) }

// Days is a period of n days, 1 to MaxDays; any other n gives the unset Frequency.
func Days(n int) Frequency { return newFrequency(n, UnitDay, MaxDays) }

// Years is a period of n years of 12 months, 1 to MaxMonths/12; any other n gives the unset
// Frequency.
func Years(n int) Frequency { return newFrequency(12*min(n, MaxMonths), UnitMonth, MaxMonths) }

// SemiMonthly is half a month: payments fall on a day of the month and on the one 15 days from it,
// the 5th and the 20th, or the 15th and the 30th, clamped to the month's end. A period is 1/24 of a
// year.
func SemiMonthly() Frequency { return Frequency{n: 1, unit: UnitHalfMonth} }

// AtMaturity is the whole term: the only due date is the Maturity of the terms.
func AtMaturity() Frequency { return Frequency{n: 1, unit: UnitTerm} }

func newFrequency(n int, unit Unit, most int) Frequency {
	if n < 1 || n > most {
		return Frequency{}
	}
	return Frequency{n: uint16(n), unit: unit}
}

// The texts of the frequencies that have no number, and what a text looks like.
const (
	formFrequency   = `"1 month", "2 weeks", "10 days", "semi-monthly" or "at maturity"`
	textSemiMonthly = "semi-monthly"
	textAtMaturity  = "at maturity"
)

// ParseFrequency reads the text that String gives, and only that: "1 month", "2 weeks",
// "semi-monthly", "at maturity". Anything else is a *SyntaxError.
func ParseFrequency(s string) (Frequency, error) {
	switch s {
	case textSemiMonthly:
		return SemiMonthly(), nil
	case textAtMaturity:
		return AtMaturity(), nil
	}
	digits, word, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return Frequency{}, newSyntaxError("Frequency", s, formFrequency)
	}
	var f Frequency
	switch strings.TrimSuffix(word, "s") {
	case "month":
		f = Months(n)
	case "week":
		f = Weeks(n)
	case "day":
		f = Days(n)
	}
	if f.IsZero() || f.String() != s {
		return Frequency{}, newSyntaxError("Frequency", s, formFrequency)
	}
	return f, nil
}

// N is the number of units in the period; 0 when unset.
func (f Frequency) N() int { return int(f.n) }

// Unit is what N counts; 0 when unset.
func (f Frequency) Unit() Unit { return f.unit }

// IsZero reports whether f is unset.
func (f Frequency) IsZero() bool { return f == Frequency{} }

// String gives the number and the unit, "1 month" or "3 months", and "" when unset.
func (f Frequency) String() string {
	switch {
	case f.IsZero():
		return ""
	case f == SemiMonthly():
		return textSemiMonthly
	case f == AtMaturity():
		return textAtMaturity
	}
	text := strconv.Itoa(f.N()) + " " + f.unit.String()
	if f.n > 1 {
		text += "s"
	}
	return text
}

// MarshalText gives the text of f; the unset Frequency is a *SyntaxError.
func (f Frequency) MarshalText() ([]byte, error) {
	if f.IsZero() {
		return nil, newSyntaxError("Frequency", "", formFrequency)
	}
	return []byte(f.String()), nil
}

// UnmarshalText reads what MarshalText wrote; f is untouched on error.
func (f *Frequency) UnmarshalText(text []byte) error {
	parsed, err := ParseFrequency(string(text))
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}

// After is the date the given number of periods after from. Months keep the day of from, clamped
// to the end of a shorter month. It is the zero date when out of the calendar or more than 100,000
// periods away, when f is unset, and for AtMaturity.
func (f Frequency) After(from civil.Date, periods int) civil.Date {
	if periods > 1e5 || periods < -1e5 {
		return civil.Date{}
	}
	switch f.unit {
	case UnitMonth:
		return from.AddMonths(periods * int(f.n))
	case UnitWeek:
		return from.AddDays(periods * int(f.n) * 7)
	case UnitDay:
		return from.AddDays(periods * int(f.n))
	case UnitHalfMonth:
		return halfMonths(from, periods)
	}
	return civil.Date{}
}

// halfMonths counts half months from a date: its day of the month, and the day 15 later or earlier
// in the same month, in turn.
func halfMonths(from civil.Date, n int) civil.Date {
	low, at := from.Day(), n
	if low > 15 {
		low, at = low-15, n+1
	}
	months := at >> 1
	if at&1 == 0 {
		return from.AddMonthsOn(months, low)
	}
	return from.AddMonthsOn(months, low+15)
}

// year is the part of a year that one whole period is; f is set and the convention valid.
func (f Frequency) year(c daycount.Convention) ratio {
	switch f.unit {
	case UnitMonth:
		return newRatio(int64(f.n), 12)
	case UnitWeek:
		return newRatio(int64(f.n), 52)
	case UnitHalfMonth:
		return ratio{1, 24}
	}
	return newRatio(int64(f.n), int64(c.YearDays()))
}
