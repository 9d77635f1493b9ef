package schedule

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule/money"
)

// Basis is the span of time that a Rate is for. The zero value is unset.
type Basis uint8

// The bases. Their texts are per-year, per-period and of-principal.
const (
	PerYear     Basis = iota + 1 // a nominal rate a year
	PerPeriod                    // a rate for one whole period of the terms' Every
	OfPrincipal                  // a share of an amount, whatever the time; no rate of interest
)

const bases = "per-year per-period of-principal"

// span is how a basis reads behind the percent sign.
func (b Basis) span() string {
	switch b {
	case PerYear:
		return "per year"
	case PerPeriod:
		return "per period"
	}
	return "of principal"
}

// String gives the text of b, or Basis(n) when it has none.
func (b Basis) String() string { return wordOf("Basis", bases, uint8(b)) }

// MarshalText gives the text of b; an unset or unknown basis is a *SyntaxError.
func (b Basis) MarshalText() ([]byte, error) { return marshalWord("Basis", bases, uint8(b)) }

// UnmarshalText reads what MarshalText wrote; b is untouched on error.
func (b *Basis) UnmarshalText(text []byte) error { return unmarshalWord(b, "Basis", bases, text) }

const (
	picoPerOne     = 1_000_000_000_000 // pico units in a rate of 1, which is 100 %
	picoPerPercent = picoPerOne / 100
	percentPlaces  = 10 // decimals of a percent that a pico unit can hold

	formRate = `"12% per year", "1.05% per period" or "25% of principal"`

	// MaxPico is the highest rate, 10,000 %, in units of 1e-12.
	MaxPico = 100 * picoPerOne
)

// Rate is a simple interest rate or a share from 0 to 10,000 %, exact to ten decimals of a percent,
// with what it is for. It is comparable. The zero value is unset, which is not a rate of 0 %.
type Rate struct {
	pico  int64
	basis Basis
}

// NewRate makes a rate of a fraction: 0.12 is 12 %. A fraction below 0, above 100, or finer than
// 1e-12, or an unknown basis, is a *RateError; nothing is rounded.
func NewRate(fraction decimal.Decimal, b Basis) (Rate, error) {
	if fraction.IsZero() {
		return RateFromPico(0, b)
	}
	if e := fraction.Exponent(); e > 2 || e < -64 {
		return Rate{}, &RateError{Problem: "has an exponent out of range"}
	}
	if fraction.IsNegative() || fraction.Cmp(decimal.New(1, 2)) > 0 {
		return Rate{}, &RateError{Problem: "must be 0 to 10000%"}
	}
	pico := fraction.Shift(12)
	if !pico.IsInteger() {
		return Rate{}, &RateError{Problem: "is finer than 1e-10 of a percent"}
	}
	return RateFromPico(pico.IntPart(), b)
}

// RoundRate makes a rate of a fraction with any number of decimals up to 1,000, rounded once by the
// mode to 1e-12. Out of 0 to 100, or with an unknown basis or mode, it is a *RateError.
func RoundRate(fraction decimal.Decimal, b Basis, m money.Mode) (Rate, error) {
	if e := fraction.Exponent(); e > 2 || e < -1000 || fraction.NumDigits() > 1000 {
		return Rate{}, &RateError{Problem: "has an exponent out of range"}
	}
	if fraction.IsNegative() || fraction.Cmp(decimal.New(1, 2)) > 0 {
		return Rate{}, &RateError{Problem: "must be 0 to 10000%"}
	}
	if !m.IsValid() {
		return Rate{}, &RateError{Problem: "has an unknown rounding mode"}
	}
	pico := fraction.Shift(12)
	whole := pico.Truncate(0)
	rest := pico.Sub(whole)
	units := whole.IntPart()
	if roundsUp(units, rest.Sign(), rest.Cmp(decimal.New(5, -1)), m) {
		units++
	}
	return RateFromPico(units, b)
}

// RateFromPico makes a rate of 0 to MaxPico units of 1e-12: 120,000,000,000 is 12 %. Out of these
// bounds, or with an unknown basis, it is a *RateError.
func RateFromPico(pico int64, b Basis) (Rate, error) {
	if !isWord(bases, uint8(b)) {
		return Rate{}, &RateError{Problem: "has an unknown basis"}
	}
	if pico < 0 || pico > MaxPico {
		return Rate{}, &RateError{Problem: "must be 0 to 10000%"}
	}
	return Rate{pico: pico, basis: b}, nil
}

// ParseRate reads "12% per year", "1.05% per period" or "25% of principal": digits, at most one dot with digits on
// both sides and ten after it, and the basis. Other texts are a *SyntaxError, and a rate above
// 10,000 % is a *RateError.
func ParseRate(s string) (Rate, error) {
	percent, span, _ := strings.Cut(s, "% ")
	pico, ok := parsePercent(percent)
	for b := PerYear; ok && b <= OfPrincipal; b++ {
		if span == b.span() {
			return RateFromPico(pico, b)
		}
	}
	return Rate{}, newSyntaxError("Rate", s, formRate)
}

// parsePercent reads at most 5 digits, and at most 10 more after a dot, as pico units.
func parsePercent(s string) (int64, bool) {
	whole, places, dotted := strings.Cut(s, ".")
	if len(whole) < 1 || len(whole) > 5 || len(places) > percentPlaces || dotted && places == "" {
		return 0, false
	}
	digits := whole + places + strings.Repeat("0", percentPlaces-len(places))
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	pico, err := strconv.ParseInt(digits, 10, 64)
	return pico, err == nil
}

// MustRate is ParseRate for constants and tests; it panics on an error.
func MustRate(s string) Rate {
	r, err := ParseRate(s)
	if err != nil {
		panic(err)
	}
	return r
}

// Pico is the rate in units of 1e-12.
func (r Rate) Pico() int64 { return r.pico }

// Basis is the span of time that the rate is for; 0 when unset.
func (r Rate) Basis() Basis { return r.basis }

// Decimal is the rate as an exact fraction: 0.12 for 12 %.
func (r Rate) Decimal() decimal.Decimal { return decimal.New(r.pico, -12) }

// IsZero reports whether r is unset. It is false for a rate of 0 %.
func (r Rate) IsZero() bool { return r == Rate{} }

// String gives the shortest text that ParseRate reads back, "12% per year"; "" when unset.
func (r Rate) String() string {
	if r.IsZero() {
		return ""
	}
	text := strconv.FormatInt(r.pico/picoPerPercent, 10)
	if places := r.pico % picoPerPercent; places > 0 {
		digits := strconv.FormatInt(picoPerPercent+places, 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return text + "% " + r.basis.span()
}

// isInterest reports whether r is a rate of interest.
func (r Rate) isInterest() bool { return r.basis == PerYear || r.basis == PerPeriod }

// MarshalText gives the text of r; the unset Rate is a *SyntaxError.
func (r Rate) MarshalText() ([]byte, error) {
	if r.IsZero() {
		return nil, newSyntaxError("Rate", "", formRate)
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads what MarshalText wrote; r is untouched on error.
func (r *Rate) UnmarshalText(text []byte) error {
	parsed, err := ParseRate(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}
