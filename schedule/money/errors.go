package money

import (
	"errors"
	"fmt"
	"strconv"
)

// Sentinels of this package. Every typed error below unwraps to exactly one of them, so that
// errors.Is tells the kind and errors.As the thing.
var (
	// ErrSyntax says that a text is not an amount, a currency or the name of a rule.
	ErrSyntax = errors.New("money: bad syntax")
	// ErrAmount says that a well-formed amount cannot exist: it has more decimals than its
	// currency, or minor units of no currency, or it came from the database as NULL or a number.
	ErrAmount = errors.New("money: bad amount")
	// ErrCurrency says that a code, its digits or their pair is refused, or that no currency is set.
	ErrCurrency = errors.New("money: bad currency")
	// ErrMismatch says that two currencies met in one operation.
	ErrMismatch = errors.New("money: currencies differ")
	// ErrOverflow says that a result is out of range: beyond MaxMinor for amounts, int64 for MulDiv.
	ErrOverflow = errors.New("money: overflow")
	// ErrMode says that a rounding mode is unset or unknown.
	ErrMode = errors.New("money: bad rounding mode")
	// ErrRemainder says that a remainder rule is unset or unknown.
	ErrRemainder = errors.New("money: bad remainder rule")
	// ErrDivisor says that a divisor is zero or negative.
	ErrDivisor = errors.New("money: divisor is not positive")
	// ErrSplit says that a total cannot be split by the given weights.
	ErrSplit = errors.New("money: bad split")
	// ErrApportion says that a register of lots cannot be brought to the given running total.
	ErrApportion = errors.New("money: bad apportionment")
)

// maxText is the longest text that a parser of this package looks at, and the most of an input
// that an error repeats, in bytes.
const maxText = 40

// SyntaxError names a text that does not parse. It unwraps to ErrSyntax.
type SyntaxError struct {
	What   string // what was expected: "amount", "currency", "rounding mode", "remainder rule"
	Input  string // at most the first 40 bytes of the text
	Reason string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("money: bad %s %q: %s", e.What, e.Input, e.Reason)
}

// Unwrap returns ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

func syntaxError(what, input, reason string) error {
	return &SyntaxError{What: what, Input: clip(input), Reason: reason}
}

// AmountError names an amount that cannot exist. It unwraps to ErrAmount.
type AmountError struct {
	Input  string // at most the first 40 bytes of the text, or the type that the database gave
	Reason string
}

// Error implements error.
func (e *AmountError) Error() string {
	return fmt.Sprintf("money: bad amount %q: %s", e.Input, e.Reason)
}

// Unwrap returns ErrAmount.
func (e *AmountError) Unwrap() error { return ErrAmount }

// CurrencyError names a currency that is refused. It unwraps to ErrCurrency.
type CurrencyError struct {
	Code   string // at most the first 40 bytes of the code; empty when no currency is set
	Reason string
}

// Error implements error.
func (e *CurrencyError) Error() string {
	return fmt.Sprintf("money: bad currency %q: %s", e.Code, e.Reason)
}

// Unwrap returns ErrCurrency.
func (e *CurrencyError) Unwrap() error { return ErrCurrency }

// MismatchError names two currencies that met in one operation. It unwraps to ErrMismatch.
type MismatchError struct {
	Left, Right Currency
}

// Error implements error.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("money: currencies differ: %s and %s", e.Left, e.Right)
}

// Unwrap returns ErrMismatch.
func (e *MismatchError) Unwrap() error { return ErrMismatch }

// OverflowError names an operation whose result is out of range. It unwraps to ErrOverflow.
type OverflowError struct {
	Op string // the operation, as in "CNY 1.00 + CNY 2.00"
}

// Error implements error.
func (e *OverflowError) Error() string { return "money: overflow: " + e.Op }

// Unwrap returns ErrOverflow.
func (e *OverflowError) Unwrap() error { return ErrOverflow }

// SplitError names the part that makes a split impossible. It unwraps to ErrSplit.
type SplitError struct {
	Part   int // index of the weight; -1 when the weights as a whole are refused
	Reason string
}

// Error implements error.
func (e *SplitError) Error() string { return placed("money: bad split", "part", e.Part, e.Reason) }

// Unwrap returns ErrSplit.
func (e *SplitError) Unwrap() error { return ErrSplit }

// ApportionError names the lot that makes an apportionment impossible. It unwraps to
// ErrApportion.
type ApportionError struct {
	Lot    int // index of the lot; -1 when the register as a whole is refused
	Reason string
}

// Error implements error.
func (e *ApportionError) Error() string {
	return placed("money: bad apportionment", "lot", e.Lot, e.Reason)
}

// Unwrap returns ErrApportion.
func (e *ApportionError) Unwrap() error { return ErrApportion }

// placed joins the parts of a message, leaving the place out when it is negative.
func placed(what, noun string, place int, reason string) string {
	if place < 0 {
		return what + ": " + reason
	}
	return what + ": " + noun + " " + strconv.Itoa(place) + ": " + reason
}

// clip returns at most the first maxText bytes of s.
func clip(s string) string {
	return s[:min(len(s), maxText)]
}
