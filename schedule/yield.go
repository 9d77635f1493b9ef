package schedule

import (
	"errors"
	"math"
	"strconv"

	"github.com/shopspring/decimal"
)

// Yield is a rate of return or of cost, as a fraction: 0.12 is 12 %. It is a ratio that was solved
// for, never an amount of money, and so a float64. Every function that gives one gives the same
// bits on every machine, and is accurate to 1e-12 of 1 + the rate where the flows change sign once.
type Yield float64

// Percent is y in percent to so many decimals, 0 to 12, ties rounded up (away from zero), as
// Directive 2008/48/EC asks for one decimal: Yield(0.12962).Percent(1) is 13.0. What is rounded is
// the shortest decimal that stands for y. It is 0 for a y that is no finite number.
func (y Yield) Percent(places int) decimal.Decimal {
	if math.IsNaN(float64(y)) || math.IsInf(float64(y), 0) {
		return decimal.Decimal{}
	}
	d, err := decimal.NewFromString(strconv.FormatFloat(float64(y), 'f', -1, 64))
	if err != nil {
		return decimal.Decimal{}
	}
	return d.Shift(2).Round(int32(max(0, min(places, 12))))
}

// String gives y in percent with four decimals, "12.6825%".
func (y Yield) String() string { return y.Percent(4).StringFixed(4) + "%" }

// YieldReason is why there is no yield. The zero value is unset.
type YieldReason uint8

// The reasons. Their texts are their names in lower case, as in total-loss.
const (
	// ReasonNoFlows: nothing is paid at all, or every day nets to zero.
	ReasonNoFlows YieldReason = iota + 1
	// ReasonTotalLoss: money is paid out and none comes back. The Yield beside it is -1.
	ReasonTotalLoss
	// ReasonNoOutlay: money comes in and none is paid out.
	ReasonNoOutlay
	// ReasonNoRate: money goes both ways, but no rate makes it balance.
	ReasonNoRate
	// ReasonSeveral: more than one rate makes the flows balance; YieldError.Rates has them all.
	ReasonSeveral
	// ReasonUndecided: the flows change sign so often that it was not shown whether there is just one
	// rate; YieldError.Rates has the one that was found, if any.
	ReasonUndecided
	// ReasonRange: the rate is too large for a float64, or nearer to -100 % than it can tell.
	ReasonRange
	// ReasonTime: a date is the zero date, or a time is negative or no number.
	ReasonTime
	// ReasonCurrency: the amounts are of two currencies.
	ReasonCurrency
	// ReasonUnit: the period to count by is unset, or none that the rule knows.
	ReasonUnit
)

const yieldReasons = "no-flows total-loss no-outlay no-rate several undecided range time " +
	"currency unit"

// String gives the text of r, or YieldReason(n) when it has none.
func (r YieldReason) String() string { return wordOf("YieldReason", yieldReasons, uint8(r)) }

// MarshalText gives the text of r; an unset or unknown reason is a *SyntaxError.
func (r YieldReason) MarshalText() ([]byte, error) {
	return marshalWord("YieldReason", yieldReasons, uint8(r))
}

// UnmarshalText reads what MarshalText wrote; r is untouched on error.
func (r *YieldReason) UnmarshalText(text []byte) error {
	return unmarshalWord(r, "YieldReason", yieldReasons, text)
}

// ErrYield says that flows have no yield, or not one alone; see YieldError.
var ErrYield = errors.New("schedule: no single yield")

// YieldError says why flows have no yield, or not one alone. It unwraps to ErrYield.
type YieldError struct {
	Reason YieldReason
	Rates  []Yield // all of them, ascending, for ReasonSeveral; that found for ReasonUndecided
}

// Error names the reason, and how many rates there are if several.
func (e *YieldError) Error() string {
	text := "schedule: no single yield: " + e.Reason.String()
	if e.Reason == ReasonSeveral {
		text += " (" + strconv.Itoa(len(e.Rates)) + ")"
	}
	return text
}

// Unwrap gives ErrYield.
func (e *YieldError) Unwrap() error { return ErrYield }
