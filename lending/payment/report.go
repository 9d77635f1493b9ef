package payment

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Status is how far a payment has come.
type Status uint8

// Statuses. Pending may still pay more; Settled and Failed are final; Disputed means that the
// custodian reported two different ends.
const (
	Pending  Status = iota + 1
	Settled         // paid in full
	Failed          // ended with less than the full amount paid
	Disputed        // finals contradict each other; never resolved automatically
)

var statusNames = [...]string{"", "pending", "settled", "failed", "disputed"}

// String returns the status's name.
func (s Status) String() string {
	if s == 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("status %d", uint8(s))
	}
	return statusNames[s]
}

// Final reports whether nothing more is expected.
func (s Status) Final() bool { return s == Settled || s == Failed || s == Disputed }

// Report is what the custodian says of an instruction: how much it has paid in all so far, and
// whether that is the end.
type Report struct {
	Instruction ID
	Paid        money.Amount // running total, never below zero, never above the instruction
	Status      Status       // Pending, Settled or Failed
}

// Code codes the report.
func (r *Report) Code(c *event.Codec) {
	event.Text(c, &r.Instruction)
	c.Amount(&r.Paid)
	event.Enum(c, &r.Status)
}

// State joins the reports on one instruction. The join is commutative, associative and
// idempotent as long as the finals agree. The zero value has heard nothing.
type State struct {
	Paid   int64 // minor units, the largest running total heard
	Status Status
}

// Observe returns the state after one more report on an instruction, or an error wrapping
// [ErrInstruction] when the report cannot be about it.
func (s State) Observe(in Instruction, r Report) (State, error) {
	paid, full := r.Paid.Minor(), in.Amount.Minor()
	switch {
	case r.Instruction != in.ID:
		return s, fmt.Errorf("%w: report on %q, not %q", ErrInstruction, r.Instruction, in.ID)
	case !r.Paid.IsZero() && r.Paid.Currency() != in.Amount.Currency():
		return s, fmt.Errorf("%w: report on %q in %s", ErrInstruction, in.ID, r.Paid.Currency())
	case paid < 0 || paid > full || r.Status < Pending || r.Status > Failed,
		r.Status == Settled && paid != full, r.Status == Failed && paid == full:
		return s, fmt.Errorf("%w: report on %q: %s, %s paid", ErrInstruction, in.ID, r.Status, r.Paid)
	}
	return s.join(paid, r.Status), nil
}

func (s State) join(paid int64, status Status) State {
	heard := State{max(s.Paid, paid), status}
	switch {
	case s.Status == Disputed,
		s.Status.Final() && paid > s.Paid,                                            // paid on after the end
		s.Status.Final() && status.Final() && (status != s.Status || paid != s.Paid), // two ends
		status.Final() && paid < s.Paid:                                              // ended below what was paid
		heard.Status = Disputed
	case s.Status.Final(): // an older or repeated report
		heard.Status = s.Status
	}
	return heard
}
