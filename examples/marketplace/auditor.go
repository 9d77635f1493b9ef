package main

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// auditor is a store that follows its own feed: after every commit it brings the reports up to
// date and verifies that money is conserved in all three books. It stands in the store, so that no
// command passes it by, not those either that the desk sends by itself.
type auditor struct {
	*memory.Store
	reports  lending.Reports
	commands int
}

var _ event.Store = (*auditor)(nil)

// ViolationError is a command after which the books did not agree.
type ViolationError struct {
	Key     string // of the command
	Command int    // counted from 1
	Err     error
}

// Error implements error.
func (e *ViolationError) Error() string {
	return fmt.Sprintf("money is not conserved after command %d, %q: %v", e.Command, e.Key, e.Err)
}

// Unwrap returns what the books said.
func (e *ViolationError) Unwrap() error { return e.Err }

// Commit implements event.Store.
func (a *auditor) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	rc, err := a.Store.Commit(ctx, c)
	if err != nil {
		return rc, err
	}
	a.commands++
	err = a.reports.Follow(ctx, a.Store)
	if err == nil {
		err = a.reports.CheckBooks()
	}
	if err != nil {
		return rc, &ViolationError{c.Key, a.commands, err}
	}
	return rc, nil
}
