package transfer

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
)

// unsuspended refuses a sale while a cover of the loan suspends all.
func unsuspended(t *lending.Tx, l *lending.Loan) error {
	_, err := t.Suspended(l)
	if refusal(err) {
		return fmt.Errorf("%w: %w", ErrSuspended, err)
	}
	return err
}

// suspender names the cover that suspends all sales, if one does.
func suspender(t *lending.Tx, l *lending.Loan) (lending.Code, error) {
	cover, err := t.Suspended(l)
	return cover, skipped(err)
}
