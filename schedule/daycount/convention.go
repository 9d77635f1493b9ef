package daycount

import (
	"errors"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Convention is a day count convention by its market name. The zero value is unset.
type Convention uint8

// The conventions. Their texts are 30/360, act/365f and act/360.
const (
	Thirty360US Convention = iota + 1 // 30/360 bond basis: months of 30 days, years of 360
	Act365F                           // actual days over 365, leap years too
	Act360                            // actual days over 360, the money market's year
)

const texts = "30/360 act/365f act/360"

// ErrSyntax is what every *SyntaxError unwraps to: a text that names no convention.
var ErrSyntax = errors.New("daycount: unknown convention")

// SyntaxError names the text, cut to 40 bytes, or the number that stands for no convention.
type SyntaxError struct{ Input string }

// Error says what was not understood.
func (e *SyntaxError) Error() string {
	return "daycount: unknown convention " + strconv.Quote(e.Input)
}

// Unwrap gives ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// Days counts the days from one date to another, the first counted, the last not; months have 30
// days under Thirty360US. It is negative when to is before from.
func (c Convention) Days(from, to civil.Date) int {
	num, _ := c.Fraction(from, to)
	return int(num)
}

// Fraction is the exact part of a year from one date to another, not reduced: 30/360 for a month
// under Thirty360US. It is negative when to is before from.
func (c Convention) Fraction(from, to civil.Date) (num, den int64) {
	if from.IsZero() || to.IsZero() {
		return 0, 1
	}
	if to.Before(from) {
		num, den = c.Fraction(to, from)
		return -num, den
	}
	switch c {
	case Thirty360US:
		return thirty360US(from, to)
	case Act365F:
		return act365F(from, to)
	case Act360:
		return act360(from, to)
	}
	return 0, 1
}

// YearDays is the length of the convention's year in days, 360 or 365, by which a period counted
// in days becomes a fraction of a year; 0 for an unset or unknown convention.
func (c Convention) YearDays() int {
	switch c {
	case Thirty360US, Act360:
		return 360
	case Act365F:
		return 365
	}
	return 0
}

// IsValid reports whether c is one of the conventions above.
func (c Convention) IsValid() bool { return Thirty360US <= c && c <= Act360 }

// String gives the text of c, or Convention(n) when it has none.
func (c Convention) String() string {
	if !c.IsValid() {
		return "Convention(" + strconv.Itoa(int(c)) + ")"
	}
	return strings.Fields(texts)[c-1]
}

// Parse reads the text that String gives; anything else is a *SyntaxError.
func Parse(s string) (Convention, error) {
	for i, text := range strings.Fields(texts) {
		if s == text {
			return Convention(i + 1), nil
		}
	}
	return 0, &SyntaxError{Input: s[:min(len(s), 40)]}
}

// MarshalText gives the text of c; an unset or unknown convention is a *SyntaxError.
func (c Convention) MarshalText() ([]byte, error) {
	if !c.IsValid() {
		return nil, &SyntaxError{Input: c.String()}
	}
	return []byte(c.String()), nil
}

// UnmarshalText reads what MarshalText wrote; c is untouched on error.
func (c *Convention) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}
