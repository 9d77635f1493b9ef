package calendar

import (
	"errors"
	"strconv"
)

// The sentinels. Every typed error of this package unwraps to one of them.
var (
	// ErrRules says that rules make no calendar; see RulesError.
	ErrRules = errors.New("calendar: invalid rules")
	// ErrSyntax says that a text is not in the form that String gives; see SyntaxError.
	ErrSyntax = errors.New("calendar: invalid syntax")
)

// RulesError is one thing wrong with Rules, or with the joint rules of calendars. It unwraps to
// ErrRules.
type RulesError struct {
	Field   string // "Weekend", "Holidays", "Workdays", or "Days" for the two lists together
	Problem string // what is wrong with it: "leaves no business day"
}

// Error names the field and what is wrong with it.
func (e *RulesError) Error() string { return "calendar: rules: " + e.Field + " " + e.Problem }

// Unwrap gives ErrRules.
func (e *RulesError) Unwrap() error { return ErrRules }

// SyntaxError is a text that was not understood. It unwraps to ErrSyntax.
type SyntaxError struct {
	Kind  string // what was to be read: "Calendar", "Adjustment", "weekday"
	Input string // the text, cut to 40 bytes
}

func newSyntaxError(kind, input string) error {
	return &SyntaxError{Kind: kind, Input: input[:min(len(input), 40)]}
}

// Error names the kind and quotes the text.
func (e *SyntaxError) Error() string {
	return "calendar: " + strconv.Quote(e.Input) + " is no " + e.Kind
}

// Unwrap gives ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }
