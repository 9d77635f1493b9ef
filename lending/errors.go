package lending

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Class is what a host does with an error, an HTTP status for instance.
type Class uint8

// Classes of errors.
const (
	ClassInvalid  Class = iota + 1 // the command is malformed: mend it (400)
	ClassRefused                   // a rule says no to a well-formed command (422)
	ClassDenied                    // the actor may not do this (403)
	ClassNotFound                  // the thing does not exist (404)
	ClassConflict                  // the key is taken, or others were faster too often (409)
	ClassUnknown                   // the outcome is not known: send the same again (503)
	ClassBroken                    // stored data is not what was written: stop and look (500)
)

var classNames = [...]string{"", "invalid", "refused", "denied", "not-found", "conflict", "unknown", "broken"}

// String returns the class's name.
func (c Class) String() string { return nameOf(classNames[:], c, "class") }

// Sentinel errors. Each has a stable code; [Error] names the thing that it is about.
var (
	ErrID      = errors.New("malformed id")
	ErrAmount  = errors.New("bad amount")
	ErrDate    = errors.New("bad date")
	ErrTerms   = errors.New("bad terms")
	ErrConfig  = errors.New("bad configuration")
	ErrActor   = errors.New("actor may not do this")
	ErrSecond  = errors.New("needs a second person")
	ErrUnknown = errors.New("does not exist")
	ErrExists  = errors.New("exists already")
	ErrState   = errors.New("not possible in this state")
	ErrRule    = errors.New("against a rule")
	ErrFunds   = errors.New("insufficient funds")
	ErrBid     = errors.New("bid not acceptable")
	ErrPending = errors.New("earlier work is not finished")
	ErrExpired = errors.New("command came too late")
	ErrLimit   = errors.New("limit passed")
	ErrWarned  = errors.New("needs acceptance of a warning")
	ErrClosed  = errors.New("period is closed")

	ErrNotVerified            = errors.New("not verified")
	ErrFenced                 = errors.New("ring-fenced")
	ErrInvestorLimit          = errors.New("investor limit passed")
	ErrAppropriatenessMissing = errors.New("appropriateness test missing")
	ErrFileIncomplete         = errors.New("file incomplete")
	ErrCondition              = errors.New("conditions not met")
	ErrStageOrder             = errors.New("not the stage it is in")
	ErrAuthority              = errors.New("beyond the actor's authority")
	ErrDuplicateFinancing     = errors.New("project is financed already")
	ErrUse                    = errors.New("use of the money not acceptable")
	ErrContract               = errors.New("contract not signed")
	ErrFieldVerification      = errors.New("not verified in the field")
	ErrPrepayment             = errors.New("not to be prepaid")
	ErrCoupon                 = errors.New("coupon not usable here")
)

var codes = [...]struct {
	err   error
	code  string
	class Class
}{
	{ErrID, "bad-id", ClassInvalid},
	{ErrAmount, "bad-amount", ClassInvalid},
	{ErrDate, "bad-date", ClassInvalid},
	{ErrTerms, "bad-terms", ClassInvalid},
	{ErrConfig, "bad-config", ClassInvalid},
	{ErrActor, "wrong-actor", ClassDenied},
	{ErrSecond, "second-person", ClassDenied},
	{ErrUnknown, "not-found", ClassNotFound},
	{ErrExists, "exists", ClassRefused},
	{ErrState, "wrong-state", ClassRefused},
	{ErrRule, "rule", ClassRefused},
	{ErrFunds, "insufficient-funds", ClassRefused},
	{ErrBid, "bid", ClassRefused},
	{ErrPending, "pending", ClassRefused},
	{ErrExpired, "expired", ClassRefused},
	{ErrLimit, "limit", ClassRefused},
	{ErrWarned, "warning", ClassRefused},
	{ErrClosed, "period-closed", ClassRefused},
	{ErrNotVerified, "not-verified", ClassRefused},
	{ErrFenced, "ring-fenced", ClassRefused},
	{ErrInvestorLimit, "investor-limit", ClassRefused},
	{ErrAppropriatenessMissing, "appropriateness-missing", ClassRefused},
	{ErrFileIncomplete, "file-incomplete", ClassRefused},
	{ErrCondition, "condition", ClassRefused},
	{ErrStageOrder, "stage-order", ClassRefused},
	{ErrAuthority, "authority", ClassDenied},
	{ErrDuplicateFinancing, "duplicate-financing", ClassRefused},
	{ErrUse, "use", ClassRefused},
	{ErrContract, "contract", ClassRefused},
	{ErrFieldVerification, "field-verification", ClassRefused},
	{ErrPrepayment, "prepayment", ClassRefused},
	{ErrCoupon, "coupon", ClassRefused},
	{event.ErrUnknown, "outcome-unknown", ClassUnknown},
	{event.ErrKeyReused, "key-reused", ClassConflict},
	{event.ErrConflict, "conflict", ClassConflict},
	{event.ErrBadName, "bad-id", ClassInvalid},
	{event.ErrTooLarge, "too-large", ClassRefused},
	{event.ErrCorrupt, "corrupt", ClassBroken},
	{event.ErrDecode, "corrupt", ClassBroken},
	{event.ErrNotFound, "not-found", ClassNotFound},
	{ledger.ErrEntry, "bad-entry", ClassBroken},
	{ledger.ErrBooks, "books", ClassBroken},
	{payment.ErrInstruction, "bad-report", ClassInvalid},
	{schedule.ErrTerms, "bad-terms", ClassInvalid},
	{schedule.ErrPlan, "bad-terms", ClassInvalid},
	{schedule.ErrRate, "bad-terms", ClassInvalid},
	{schedule.ErrSyntax, "bad-terms", ClassInvalid},
	{schedule.ErrOverflow, "bad-terms", ClassInvalid},
	{civil.ErrDate, "bad-date", ClassInvalid},
	{money.ErrAmount, "bad-amount", ClassInvalid},
	{money.ErrSyntax, "bad-amount", ClassInvalid},
	{money.ErrCurrency, "bad-amount", ClassInvalid},
	{money.ErrMismatch, "bad-amount", ClassInvalid},
	{money.ErrOverflow, "bad-amount", ClassInvalid},
	{money.ErrMode, "bad-terms", ClassInvalid},
	{money.ErrApportion, "invariant", ClassBroken},
	{ErrInvariant, "invariant", ClassBroken},
}

// ClassOf returns what to do about an error; zero for nil, [ClassUnknown] for one that is not of
// this library.
func ClassOf(err error) Class {
	if err == nil {
		return 0
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.class
		}
	}
	return ClassUnknown
}

// CodeOf returns the stable code of an error: empty for nil, "unknown" for one that is not of
// this library. That of a [RuleError] names the rule, that of a [NewSentinel] is its own.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	var r *RuleError
	if errors.As(err, &r) {
		return "rule-" + string(r.Rule)
	}
	var s *sentinel
	if errors.As(err, &s) {
		return string(s.code)
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return "unknown"
}

// Error is a refusal. It unwraps to one of the sentinels.
type Error struct {
	Err   error  // the sentinel
	Thing string // what it is about: "loan L-abc"
	Why   string // in words for people
}

// Error implements error.
func (e *Error) Error() string {
	if e.Why == "" {
		return fmt.Sprintf("lending: %s: %v", e.Thing, e.Err)
	}
	return fmt.Sprintf("lending: %s: %v: %s", e.Thing, e.Err, e.Why)
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// FundsError says which wallet could not give how much. It unwraps to [ErrFunds].
type FundsError struct {
	Party PartyID
	Asked money.Amount
	Has   money.Amount
}

// Error implements error.
func (e *FundsError) Error() string {
	return fmt.Sprintf("lending: wallet of %s: %v: asked for %s, has %s", e.Party, ErrFunds, e.Asked, e.Has)
}

// Unwrap returns ErrFunds.
func (e *FundsError) Unwrap() error { return ErrFunds }

// readName reads the name of a value of an enumeration. Any other text is an [ErrTerms] and leaves the
// value as it was.
func readName[T ~uint8](v *T, names []string, text []byte, what string) error {
	for i, name := range names {
		if i > 0 && string(text) == name {
			*v = T(i)
			return nil
		}
	}
	return &Error{ErrTerms, what, strconv.Quote(string(text[:min(len(text), MaxID)])) + " is no name of one"}
}

// nameOf names the values of an enumeration.
func nameOf[T ~uint8](names []string, v T, what string) string {
	if v == 0 || int(v) >= len(names) {
		return fmt.Sprintf("%s %d", what, uint8(v))
	}
	return names[v]
}
