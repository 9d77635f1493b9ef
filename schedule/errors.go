package schedule

import (
	"errors"
	"strconv"
)

// The sentinels. Every typed error of this package unwraps to one of them.
var (
	// ErrTerms says that terms cannot make a plan; see TermsError.
	ErrTerms = errors.New("schedule: invalid terms")
	// ErrPlan says that rows are no plan of their terms; see PlanError.
	ErrPlan = errors.New("schedule: invalid plan")
	// ErrRate says that a rate is out of bounds or too fine; see RateError.
	ErrRate = errors.New("schedule: invalid rate")
	// ErrSyntax says that a text is not in the form that String gives; see SyntaxError.
	ErrSyntax = errors.New("schedule: invalid syntax")
	// ErrOverflow says that a plan's sum would pass money.MaxMinor; see OverflowError.
	ErrOverflow = errors.New("schedule: amount out of range")
)

// TermsError is one thing wrong with Terms. It unwraps to ErrTerms.
type TermsError struct {
	Field   string // the field of Terms, as Go names it: "Periods", "Rounding.Interest"
	Problem string // what is asked of it: "must be 1 to 600"
}

// Error names the field and what is asked of it.
func (e *TermsError) Error() string { return "schedule: terms: " + e.Field + " " + e.Problem }

// Unwrap gives ErrTerms.
func (e *TermsError) Unwrap() error { return ErrTerms }

// PlanError is the first row that breaks a plan's invariants. It unwraps to ErrPlan.
type PlanError struct {
	Number  int    // the instalment, counted from 1; 0 when the whole plan is meant
	Problem string // the invariant that does not hold
}

// Error names the row and the broken invariant.
func (e *PlanError) Error() string {
	if e.Number == 0 {
		return "schedule: plan: " + e.Problem
	}
	return "schedule: plan: instalment " + strconv.Itoa(e.Number) + ": " + e.Problem
}

// Unwrap gives ErrPlan.
func (e *PlanError) Unwrap() error { return ErrPlan }

// RateError is a rate that cannot be kept. It unwraps to ErrRate.
type RateError struct{ Problem string }

// Error says what is wrong with the rate.
func (e *RateError) Error() string { return "schedule: rate " + e.Problem }

// Unwrap gives ErrRate.
func (e *RateError) Unwrap() error { return ErrRate }

// SyntaxError is a text that was not understood. It unwraps to ErrSyntax.
type SyntaxError struct {
	Kind  string // what was to be read: "Rate", "Method"
	Input string // the text, cut to 40 bytes
	Want  string // the form or the words that it takes
}

func newSyntaxError(kind, input, want string) error {
	return &SyntaxError{Kind: kind, Input: input[:min(len(input), 40)], Want: want}
}

// Error names the kind, quotes the text and says what it should be.
func (e *SyntaxError) Error() string {
	return "schedule: " + strconv.Quote(e.Input) + " is no " + e.Kind + ", want " + e.Want
}

// Unwrap gives ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// OverflowError says which figure of a plan would pass money.MaxMinor. It unwraps to ErrOverflow.
type OverflowError struct{ Figure string }

// Error names the figure.
func (e *OverflowError) Error() string {
	return "schedule: " + e.Figure + " exceeds the largest amount"
}

// Unwrap gives ErrOverflow.
func (e *OverflowError) Unwrap() error { return ErrOverflow }
