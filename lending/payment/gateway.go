package payment

import (
	"context"
	"errors"
)

// Errors of a gateway. Any other error means that the outcome is unknown.
var (
	ErrRejected = errors.New("payment: rejected")  // Submit: final, nothing was or will be paid
	ErrNotFound = errors.New("payment: not found") // Query: the custodian never saw the id
)

// Gateway carries instructions to a custodian. Implementations are safe for concurrent use.
//
//   - Submit hands over an instruction. nil means that the custodian has it; [ErrRejected] is a
//     final no. With Caps.Idempotent an id submitted again is carried out no second time.
//   - Query returns the latest report on an instruction, or [ErrNotFound].
type Gateway interface {
	Submit(ctx context.Context, in Instruction) error
	Query(ctx context.Context, id ID) (Report, error)
	Capabilities() Caps
}

// Caps says what a custodian can do.
type Caps struct {
	// Idempotent: the same id twice is one payment. Without it an instruction whose submission
	// ended in an unknown outcome is parked for people to look into, never sent again by itself.
	Idempotent bool
	// Partial: a payment may be made in parts.
	Partial bool
}
