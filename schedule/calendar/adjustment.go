package calendar

import (
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Adjustment is what moves a date that is free to a business day: the business day convention of
// the 2006 ISDA Definitions, section 4.12. The zero value is unset.
type Adjustment uint8

// The adjustments, by their names in the market. Their texts are following, modified-following,
// preceding, modified-preceding, nearest and none. ModifiedPreceding is not ISDA's: the ACTUS
// dictionary of business day conventions has it.
const (
	// Following moves to the first business day after.
	Following Adjustment = iota + 1
	// ModifiedFollowing is Following, unless that is in another month: then it is Preceding.
	ModifiedFollowing
	// Preceding moves to the last business day before.
	Preceding
	// ModifiedPreceding is Preceding, unless that is in another month: then it is Following.
	ModifiedPreceding
	// Nearest is Following from a Sunday or a Monday, and Preceding from any other weekday.
	Nearest
	// NoAdjustment leaves every date where it is.
	NoAdjustment
)

const adjustments = "following modified-following preceding modified-preceding nearest none"

// Adjust returns the business day that stands for d, which is d itself when it is a business day.
// A modified rule may have to leave the month when the whole month is free. Where the rule finds no
// business day in the years 1 to 9999, and for an unset or unknown adjustment or the zero date, it
// returns d.
func (a Adjustment) Adjust(d civil.Date, c Calendar) civil.Date {
	n := uint32(d.Ordinal())
	if n == 0 || c.days == nil {
		return d
	}
	moved := d
	switch a {
	case Following, ModifiedFollowing:
		if ahead := c.days.ahead(n); ahead != 0 { // nearly always: one call less
			moved = d.AddDays(bits.TrailingZeros64(ahead))
		} else {
			moved = c.onOrAfter(d)
		}
		if a == ModifiedFollowing && !sameMonth(d, moved) {
			moved = c.onOrBefore(d)
		}
	case Preceding, ModifiedPreceding:
		if behind := c.days.behind(n); behind != 0 {
			moved = d.AddDays(-bits.LeadingZeros64(behind))
		} else {
			moved = c.onOrBefore(d)
		}
		if a == ModifiedPreceding && !sameMonth(moved, d) {
			moved = c.onOrAfter(d)
		}
	case Nearest:
		if day := d.Weekday(); day == time.Sunday || day == time.Monday {
			moved = c.onOrAfter(d)
		} else {
			moved = c.onOrBefore(d)
		}
	}
	if moved.IsZero() {
		return d
	}
	return moved
}

// sameMonth reports whether two dates, of which the first is not after the other, are in the same
// month: its days so far are more than those between. It is false when one is the zero date.
func sameMonth(first, other civil.Date) bool {
	return !first.IsZero() && other.Day() > other.Sub(first)
}

// IsValid reports whether a is one of the adjustments above.
func (a Adjustment) IsValid() bool { return Following <= a && a <= NoAdjustment }

// String gives the text of a, or Adjustment(n) when it has none.
func (a Adjustment) String() string {
	if !a.IsValid() {
		return "Adjustment(" + strconv.Itoa(int(a)) + ")"
	}
	return strings.Fields(adjustments)[a-1]
}

// ParseAdjustment reads the text that String gives; anything else is a *SyntaxError.
func ParseAdjustment(s string) (Adjustment, error) {
	for i, text := range strings.Fields(adjustments) {
		if s == text {
			return Adjustment(i + 1), nil
		}
	}
	return 0, newSyntaxError("Adjustment", s)
}

// MarshalText gives the text of a; an unset or unknown adjustment is a *SyntaxError.
func (a Adjustment) MarshalText() ([]byte, error) {
	if !a.IsValid() {
		return nil, newSyntaxError("Adjustment", a.String())
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads what MarshalText wrote; a is untouched on error.
func (a *Adjustment) UnmarshalText(text []byte) error {
	parsed, err := ParseAdjustment(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
