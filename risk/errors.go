package risk

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
)

// Sentinels. Each error of this package unwraps to one of them, which has its code ([lending.CodeOf]), and through
// it to the sentinel of package lending that gives it a class.
var (
	ErrTable      = lending.NewSentinel("risk-table", "risk: bad table", lending.ErrTerms)
	ErrFacts      = lending.NewSentinel("risk-facts", "risk: facts are missing, malformed or out of date", lending.ErrState)
	ErrKnockedOut = lending.NewSentinel("risk-knocked-out", "risk: policy refuses", lending.ErrLimit)
)

// KnockoutError is a refusal by policy with all its reasons, in the order of the policy's rules.
type KnockoutError struct {
	Loan    lending.LoanID
	Reasons []lending.Code
}

// Error names the loan and the reasons.
func (e *KnockoutError) Error() string {
	names := make([]string, len(e.Reasons))
	for i, r := range e.Reasons {
		names[i] = string(r)
	}
	return fmt.Sprintf("%v: loan %s: %s", ErrKnockedOut, e.Loan, strings.Join(names, ", "))
}

// Unwrap returns ErrKnockedOut.
func (e *KnockoutError) Unwrap() error { return ErrKnockedOut }

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
