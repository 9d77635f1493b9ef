package daycount

import (
	"errors"
	"strconv"
	"strings"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Convention is a day count convention by its market name. The zero value is unset.
type Convention uint8

// The conventions. Their texts are 30/360, act/365f, act/360, 30e/360, 30e/360-isda, 30u/360,
// act/365l, act/act-isda, act/act-icma, act/act-afb, nl/365, bus/252 and act/act-last.
const (
	Thirty360US    Convention = iota + 1 // 30/360 bond basis: months of 30 days, years of 360
	Act365F                              // actual days over 365, leap years too
	Act360                               // actual days over 360, the money market's year
	ThirtyE360                           // 30E/360 Eurobond basis: a 31st is a 30th on both ends
	ThirtyE360ISDA                       // 30E/360 (ISDA): a month's last day is a 30th; Maturity
	ThirtyU360                           // 30/360 US of the SIA: 30/360 with an end of February
	Act365L                              // actual days over 366 by the leap day; Start, End, PerYear
	ActActISDA                           // actual days over 366 in leap years, else over 365
	ActActICMA                           // equal parts of regular periods; Start, End, PerYear
	ActActAFB                            // whole years back from the end, then actual days
	NL365                                // actual days without 29 February over 365
	Business252                          // business days over 252; Calendar
	ActActLast                           // act/act ISDA with the last day in, the first out
)

const texts = "30/360 act/365f act/360 30e/360 30e/360-isda 30u/360 " +
	"act/365l act/act-isda act/act-icma act/act-afb nl/365 bus/252 act/act-last"

// ErrSyntax is what every *SyntaxError unwraps to: a text that names no convention.
var ErrSyntax = errors.New("daycount: unknown convention")

// SyntaxError names the text, cut to 40 bytes, or the number that stands for no convention.
type SyntaxError struct{ Input string }

// Error says what was not understood.
func (e *SyntaxError) Error() string {
	return "daycount: unknown convention " + strconv.Quote(e.Input) + ", want one of " +
		strings.Join(strings.Fields(texts), ", ")
}

// Unwrap gives ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// Days counts the days from one date to another as the convention does, the first counted, the last
// not: months have 30 days under the conventions with 30 in their name, no year has a 29 February
// under NL365, and the others count the days of the calendar, as Business252 does without a
// Calendar. It is negative when to is before from.
func (c Convention) Days(from, to civil.Date) int {
	switch c {
	case ActActISDA, ActActICMA, ActActAFB, ActActLast:
		return to.Sub(from)
	}
	num, _ := c.Fraction(from, to)
	return int(num)
}

// Fraction is the exact part of a year from one date to another, not reduced: 30/360 for a month
// under Thirty360US. It is negative when to is before from. Conventions that read a Context get
// the empty one.
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
	return c.forward(Context{}, from, to)
}

// FractionIn is Fraction with what the convention must know besides the dates; the others do not
// look at it. For every convention and context den is from 1 to 2^28, and num within 2^37 either
// way, far less over a usual span.
func (c Convention) FractionIn(ctx Context, from, to civil.Date) (num, den int64) {
	switch {
	case c <= Act360: // they have the short way
		return c.Fraction(from, to)
	case from.IsZero() || to.IsZero():
		return 0, 1
	case to.Before(from):
		num, den = c.forward(ctx, to, from)
		return -num, den
	}
	return c.forward(ctx, from, to)
}

// forward is FractionIn for spans that run forward, under the conventions that Fraction does not
// count itself.
func (c Convention) forward(ctx Context, from, to civil.Date) (num, den int64) {
	switch c {
	case ThirtyE360:
		return thirtyE360(from, to)
	case ThirtyE360ISDA:
		return thirtyE360ISDA(from, to, ctx.Maturity)
	case ThirtyU360:
		return thirtyU360(from, to)
	case Act365L:
		return act365L(ctx, from, to)
	case ActActISDA:
		return actActISDA(from, to)
	case ActActICMA:
		return actActICMA(ctx, from, to)
	case ActActAFB:
		return actActAFB(from, to)
	case NL365:
		return nl365(from, to)
	case Business252:
		return business252(ctx.Calendar, from, to)
	case ActActLast:
		return actActLast(from, to)
	}
	return 0, 1
}

// YearDays is the nominal length of the convention's year in days, 252, 360 or 365, by which a
// period counted in days becomes a fraction of a year; 0 for an unset or unknown convention.
func (c Convention) YearDays() int {
	switch c {
	case Thirty360US, Act360, ThirtyE360, ThirtyE360ISDA, ThirtyU360:
		return 360
	case Act365F, Act365L, ActActISDA, ActActICMA, ActActAFB, NL365, ActActLast:
		return 365
	case Business252:
		return 252
	}
	return 0
}

// IsValid reports whether c is one of the conventions above.
func (c Convention) IsValid() bool { return Thirty360US <= c && c <= ActActLast }

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
