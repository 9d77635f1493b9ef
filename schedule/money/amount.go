package money

import (
	"database/sql/driver"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"
)

// MaxMinor is the largest number of minor units in an Amount, either way: 2^53-1, the largest
// integer that survives a client that keeps numbers in float64, as JavaScript does.
const MaxMinor = 1<<53 - 1

// Amount is a whole number of minor units of one currency. It is 16 bytes, immutable, comparable
// with == and safe as a map key.
//
// The zero value is nothing: no units of no currency. It is neutral in Add, Sub and Cmp with any
// currency. It is not the same value as a zero of a currency: CNY 0.00 != Amount{} under ==, though
// both are neutral in sums (nothing + CNY 0.00 = CNY 0.00), both answer IsZero and Cmp calls them
// equal.
//
// What may be assumed of every Amount: |Minor| <= MaxMinor, and Minor is 0 when Currency is zero.
type Amount struct {
	minor int64
	cur   Currency
}

// New returns the amount of so many minor units of the currency. New(a.Minor(), a.Currency())
// is a for every amount, the zero value included. It returns an *OverflowError beyond MaxMinor
// and an *AmountError for units of no currency.
func New(minor int64, c Currency) (Amount, error) {
	if minor < -MaxMinor || minor > MaxMinor {
		return Amount{}, &OverflowError{Op: strconv.FormatInt(minor, 10) + " minor units"}
	}
	if c.IsZero() && minor != 0 {
		return Amount{}, &AmountError{strconv.FormatInt(minor, 10), "minor units of no currency"}
	}
	return Amount{minor: minor, cur: c}, nil
}

// Minor returns the whole minor units: 1000000 for CNY 10000.00.
func (a Amount) Minor() int64 { return a.minor }

// Currency returns the currency, zero for nothing.
func (a Amount) Currency() Currency { return a.cur }

// IsZero reports whether there are no minor units: true for nothing and for a zero of a currency.
func (a Amount) IsZero() bool { return a.minor == 0 }

// Sign returns -1, 0 or +1.
func (a Amount) Sign() int {
	switch {
	case a.minor < 0:
		return -1
	case a.minor > 0:
		return 1
	}
	return 0
}

// Neg returns -a. The range is symmetric, so it cannot overflow.
func (a Amount) Neg() Amount { return Amount{minor: -a.minor, cur: a.cur} }

// Add returns a + b. Nothing is neutral. It returns a *MismatchError for two currencies and an
// *OverflowError beyond MaxMinor.
func (a Amount) Add(b Amount) (Amount, error) {
	c, err := common(a, b)
	if err != nil {
		return Amount{}, err
	}
	sum := a.minor + b.minor
	if sum < -MaxMinor || sum > MaxMinor {
		return Amount{}, &OverflowError{Op: a.String() + " + " + b.String()}
	}
	return Amount{minor: sum, cur: c}, nil
}

// Sub returns a - b, with the rules and errors of Add.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Cmp returns -1, 0 or +1 as a is less than, equal to or greater than b. Nothing compares as a zero
// of the other currency. It returns a *MismatchError for two currencies.
func (a Amount) Cmp(b Amount) (int, error) {
	if _, err := common(a, b); err != nil {
		return 0, err
	}
	return Amount{minor: a.minor - b.minor}.Sign(), nil
}

// common returns the one currency of two amounts.
func common(a, b Amount) (Currency, error) {
	switch {
	case a.cur == b.cur, b.cur.IsZero():
		return a.cur, nil
	case a.cur.IsZero():
		return b.cur, nil
	}
	return Currency{}, &MismatchError{Left: a.cur, Right: b.cur}
}

// Decimal returns the exact value in whole units of the currency: 10000 for CNY 10000.00.
func (a Amount) Decimal() decimal.Decimal {
	return decimal.New(a.minor, -int32(a.cur.digits))
}

// String returns the code and all decimals, as in "CNY 10000.00"; nothing is "0". Parse reads it
// back to the same value.
func (a Amount) String() string {
	if a.cur.IsZero() {
		return "0"
	}
	return a.cur.Code() + " " + a.Text()
}

// Text returns the number alone with all decimals, as in "10000.00" or "-0.05"; nothing is "0".
// ParseIn reads it back.
func (a Amount) Text() string {
	var buf [maxText]byte
	return string(a.appendText(buf[:0]))
}

// appendText appends the digits, filled with zeros so that one stands before the dot.
func (a Amount) appendText(dst []byte) []byte {
	magnitude := a.minor
	if a.minor < 0 {
		dst, magnitude = append(dst, '-'), -a.minor
	}
	unit := pow10(a.cur.Digits())
	dst = strconv.AppendInt(dst, magnitude/unit, 10)
	if unit == 1 {
		return dst
	}
	dot := len(dst)
	dst = strconv.AppendInt(dst, unit+magnitude%unit, 10) // the 1 in front keeps the zeros
	dst[dot] = '.'
	return dst
}

// MarshalText returns String; through it JSON writes a string. It never fails.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what Parse reads and returns its errors; a then stays as it was. JSON
// reaches it for strings only: a JSON null leaves a as it was, as for every text type.
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text[:min(len(text), maxText+1)]))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// Value implements driver.Valuer: the text of String. It never fails.
func (a Amount) Value() (driver.Value, error) { return a.String(), nil }

// Scan implements sql.Scanner for a text column. NULL and numbers are refused with an
// *AmountError (use sql.Null for a column that may be NULL); a then stays as it was.
func (a *Amount) Scan(src any) error {
	switch text := src.(type) {
	case string:
		return a.UnmarshalText([]byte(text[:min(len(text), maxText+1)]))
	case []byte:
		return a.UnmarshalText(text)
	}
	return &AmountError{Input: clip(fmt.Sprintf("%T", src)), Reason: "the database gave no text"}
}

// pow10 returns 10^n for n from 0 to 18.
func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
