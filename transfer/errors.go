package transfer

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// Sentinels. Each error of this package unwraps to one of them, and through it to the sentinel of
// package lending that gives it a class.
var (
	ErrClaim = fmt.Errorf("transfer: bad claim: %w", lending.ErrTerms)
	ErrPrice = fmt.Errorf("transfer: price not acceptable: %w", lending.ErrLimit)
	ErrYield = fmt.Errorf("transfer: no such yield: %w", lending.ErrLimit)
	ErrMatch = fmt.Errorf("transfer: not to be matched: %w", lending.ErrTerms)
)

// refuse is an error of a sentinel with what to do about it.
func refuse(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
