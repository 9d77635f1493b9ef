package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Condition is what an approval asks for before the loan goes on (放款前提条件): a pledge
// registered, a debt elsewhere paid off.
type Condition struct {
	Condition Code
	Before    Checkpoint // publication or disbursement
	By        ActorID    // who found it met or waived it; empty while it is open
	On        civil.Date
	Evidence  event.Hash // SHA-256; zero if waived
	Waived    Code       // reason; empty if it was met
}

func (d *Condition) code(c *event.Codec) {
	event.Text(c, &d.Condition)
	event.Enum(c, &d.Before)
	event.Text(c, &d.By)
	c.Date(&d.On)
	c.Hash(&d.Evidence)
	event.Text(c, &d.Waived)
}

// Precedent is a condition as an approval states it.
type Precedent struct {
	Condition Code
	Before    Checkpoint // publication or disbursement
}

// checkPrecedents refuses conditions that are malformed, named twice, or could never be asked for.
func checkPrecedents(ps []Precedent) error {
	if len(ps) > maxNames {
		return &Error{ErrTerms, "conditions", fmt.Sprintf("are %d, at most %d", len(ps), maxNames)}
	}
	names := make([]Code, len(ps))
	var errs []error
	for i, p := range ps {
		names[i] = p.Condition
		if p.Before != BeforePublication && p.Before != BeforeDisbursement {
			errs = append(errs, &Error{ErrTerms, "condition " + string(p.Condition),
				"has to precede publication or disbursement"})
		}
	}
	return errors.Join(append(errs, checkNames("condition", names))...)
}

func codePrecedents(c *event.Codec, ps *[]Precedent) {
	event.List(c, ps, func(c *event.Codec, p *Precedent) {
		event.Text(c, &p.Condition)
		event.Enum(c, &p.Before)
	})
}

// impose replaces the conditions of an earlier approval.
func (f *Dossier) impose(ps []Precedent) {
	f.Conditions = nil
	for _, p := range ps {
		f.Conditions = append(f.Conditions, Condition{Condition: p.Condition, Before: p.Before})
	}
}

// Open lists the conditions that must be met before a checkpoint and are not, in the order of the
// approval.
func (f *Dossier) Open(at Checkpoint) (open []Code) {
	for _, d := range f.Conditions {
		if d.Before <= at && d.By == "" {
			open = append(open, d.Condition)
		}
	}
	return open
}

// met refuses a loan whose conditions are open with a [*ConditionError].
func (l *Loan) met(at Checkpoint) error {
	if open := l.Dossier.Open(at); len(open) > 0 {
		return &ConditionError{l.ID, at, open}
	}
	return nil
}

// ConditionError names the conditions that are not met. It unwraps to [ErrCondition].
type ConditionError struct {
	Loan   LoanID
	Before Checkpoint
	Open   []Code
}

// Error implements error.
func (e *ConditionError) Error() string {
	return fmt.Sprintf("lending: loan %s: %v: before %s %v", e.Loan, ErrCondition, e.Before, e.Open)
}

// Unwrap returns ErrCondition.
func (e *ConditionError) Unwrap() error { return ErrCondition }

// SatisfyCondition finds a condition met, by the hash of the evidence that the host keeps. Given by
// an analyst or an officer.
type SatisfyCondition struct {
	Loan      LoanID
	Condition Code
	Evidence  event.Hash // SHA-256
}

// WaiveCondition does without a condition, for a reason. An officer has to approve. Given by an
// analyst or an officer.
type WaiveCondition struct {
	Loan      LoanID
	Condition Code
	Reason    Code
}

// ConditionMet is the outcome of [SatisfyCondition] and [WaiveCondition].
type ConditionMet struct {
	Condition Condition
	Approver  ActorID // of a waiver
}

// Type implements event.Of.
func (ConditionMet) Type() string { return "condition-met" }

// Apply implements event.Of.
func (e ConditionMet) Apply(l *Loan) {
	if d := l.Dossier.condition(e.Condition.Condition); d != nil {
		*d = e.Condition
	}
}

// Code implements event.Coder.
func (e *ConditionMet) Code(c *event.Codec) {
	e.Condition.code(c)
	event.Text(c, &e.Approver)
}

// condition returns a condition of the approval, nil for one that it does not have.
func (f *Dossier) condition(name Code) *Condition {
	for i := range f.Conditions {
		if f.Conditions[i].Condition == name {
			return &f.Conditions[i]
		}
	}
	return nil
}

// open returns an open condition of a loan on its way to the payout.
func (l *Loan) open(id LoanID, name Code) (Condition, error) {
	if err := l.in(id, StateApproved, StateOpen, StateFullyFunded, StateReviewed); err != nil {
		return Condition{}, err
	}
	if err := checkID("condition", name); err != nil {
		return Condition{}, err
	}
	switch d := l.Dossier.condition(name); {
	case d == nil:
		return Condition{}, &Error{ErrUnknown, "condition " + string(name),
			"is not one of loan " + string(id)}
	case d.By != "":
		return Condition{}, &Error{ErrState, "condition " + string(name), "is met"}
	default:
		return *d, nil
	}
}

// Home implements Command.
func (c SatisfyCondition) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (SatisfyCondition) Allowed() []Role { return []Role{RoleAnalyst, RoleOfficer} }

// Decide implements Command.
func (c SatisfyCondition) Decide(t *Tx, l *Loan) (ConditionMet, error) {
	d, err := l.open(c.Loan, c.Condition)
	if err != nil {
		return ConditionMet{}, err
	}
	d.By, d.On, d.Evidence = t.Actor.ID, t.On, c.Evidence
	return ConditionMet{Condition: d}, errors.Join(t.disinterested(l), hashed("evidence", c.Evidence))
}

// Home implements Command.
func (c WaiveCondition) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (WaiveCondition) Allowed() []Role { return []Role{RoleAnalyst, RoleOfficer} }

// Decide implements Command.
func (c WaiveCondition) Decide(t *Tx, l *Loan) (ConditionMet, error) {
	d, err := l.open(c.Loan, c.Condition)
	if err != nil {
		return ConditionMet{}, err
	}
	d.By, d.On, d.Waived = t.Actor.ID, t.On, c.Reason
	return ConditionMet{d, t.Approver.ID}, t.waives(l, c.Reason)
}
