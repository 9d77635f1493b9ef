package money

import (
	"math/big"
	"math/bits"
	"strconv"

	"github.com/shopspring/decimal"
)

// Mode says where a number between two neighbours goes. The zero value is unset and refused.
type Mode uint8

// The rounding modes.
const (
	HalfEven Mode = iota + 1 // to the nearest; a tie to the even neighbour (banker's rounding)
	HalfUp                   // to the nearest; a tie away from zero (四舍五入)
	HalfDown                 // to the nearest; a tie toward zero
	Up                       // away from zero
	Down                     // toward zero
	Ceiling                  // toward positive infinity
	Floor                    // toward negative infinity
)

// modeNames holds the text of each mode at its number; number 0 is unset.
func modeNames() [8]string {
	return [...]string{"", "half-even", "half-up", "half-down", "up", "down", "ceiling", "floor"}
}

// IsValid reports whether m is one of the modes above.
func (m Mode) IsValid() bool { return HalfEven <= m && m <= Floor }

// String returns the name, as in "half-even", or "mode(n)" for a value that is no mode.
func (m Mode) String() string {
	if !m.IsValid() {
		return "mode(" + strconv.Itoa(int(m)) + ")"
	}
	return modeNames()[m]
}

// MarshalText returns String, or ErrMode for a value that is no mode.
func (m Mode) MarshalText() ([]byte, error) {
	if !m.IsValid() {
		return nil, ErrMode
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads a name. It returns a *SyntaxError for any other text and then leaves m as
// it was.
func (m *Mode) UnmarshalText(text []byte) error {
	for i, name := range modeNames() {
		if i > 0 && string(text) == name {
			*m = Mode(i)
			return nil
		}
	}
	return syntaxError("rounding mode", string(text[:min(len(text), maxText)]), "unknown name")
}

// away reports whether a number that is not whole moves from its truncation one step away from
// zero. Half is the comparison of its fraction with one half: -1, 0 or +1.
func (m Mode) away(negative, odd bool, half int) bool {
	switch m {
	case HalfEven:
		return half > 0 || half == 0 && odd
	case HalfUp:
		return half >= 0
	case HalfDown:
		return half > 0
	case Up:
		return true
	case Ceiling:
		return !negative
	case Floor:
		return negative
	}
	return false // Down
}

// MulDiv returns a*b/c, exact in 128 bits and rounded once by the mode. The divisor must be
// positive. It returns ErrDivisor, ErrMode, or an *OverflowError when the result is no int64.
func MulDiv(a, b, c int64, m Mode) (int64, error) {
	if c <= 0 {
		return 0, ErrDivisor
	}
	if !m.IsValid() {
		return 0, ErrMode
	}
	negative := (a < 0) != (b < 0)
	divisor := uint64(c)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= divisor {
		return 0, mulDivOverflow(a, b, c)
	}
	quo, rem := bits.Div64(hi, lo, divisor)
	if rem > 0 && m.away(negative, quo&1 == 1, compare(rem, divisor-rem)) {
		quo++ // cannot wrap: rem > 0 needs divisor > 1, so quo < 2^64-1
	}
	switch {
	case negative && quo <= 1<<63:
		return -int64(quo), nil // 2^63 wraps to -2^63, which its negation keeps
	case quo < 1<<63:
		return int64(quo), nil
	}
	return 0, mulDivOverflow(a, b, c)
}

func mulDivOverflow(a, b, c int64) error {
	text := func(n int64) string { return strconv.FormatInt(n, 10) }
	return &OverflowError{Op: text(a) + " * " + text(b) + " / " + text(c)}
}

// magnitude returns |n|, of the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// compare returns -1, 0 or +1.
func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// maxBits bounds the coefficient of a decimal that Round looks at: 65,536 bits are 19,728 digits,
// more than an exact (1+r)^600 with twelve decimals needs.
const maxBits = 1 << 16

// Round returns the decimal, in whole units of the currency, as an amount, rounded once by the
// mode to the minor unit. It is the only way from a decimal to an Amount. Work is bounded for every
// exponent; none of the decimal package's globals is read.
//
// It returns ErrMode, a *CurrencyError when no currency is set, and an *OverflowError when the
// result is beyond MaxMinor or the coefficient is longer than 65,536 bits.
func Round(d decimal.Decimal, c Currency, m Mode) (Amount, error) {
	if !m.IsValid() {
		return Amount{}, ErrMode
	}
	if c.IsZero() {
		return Amount{}, currencyError("", "no currency is set")
	}
	if d.Sign() == 0 {
		return Amount{cur: c}, nil
	}
	coefficient := d.Coefficient()
	if coefficient.BitLen() > maxBits {
		return Amount{}, &OverflowError{Op: "round a coefficient of more than 65536 bits"}
	}
	minor, ok := scale(coefficient, int64(d.Exponent())+int64(c.digits), m)
	if !ok {
		return Amount{}, &OverflowError{Op: "round to the minor unit of " + c.String()}
	}
	return Amount{minor: minor, cur: c}, nil
}

// scale returns n * 10^exponent rounded by the mode, and whether it is within MaxMinor. It
// changes n, which is not zero.
func scale(n *big.Int, exponent int64, m Mode) (int64, bool) {
	negative := n.Sign() < 0
	n.Abs(n)
	switch {
	case exponent > 15: // n is at least 1, and 10^16 > MaxMinor
		return 0, false
	case exponent >= 0:
		n.Mul(n, big.NewInt(pow10(int(exponent))))
	case -exponent > int64(n.BitLen()): // n < 2^bits < 10^bits / 2: nearer to 0 than to 1
		n.SetInt64(0)
		if m.away(negative, false, -1) {
			n.SetInt64(1)
		}
	default:
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(-exponent), nil)
		rem := new(big.Int)
		n.QuoRem(n, unit, rem)
		half := rem.Cmp(new(big.Int).Sub(unit, rem))
		if rem.Sign() > 0 && m.away(negative, n.Bit(0) == 1, half) {
			n.Add(n, big.NewInt(1))
		}
	}
	if n.BitLen() > 53 {
		return 0, false
	}
	if negative {
		return -n.Int64(), true
	}
	return n.Int64(), true
}
