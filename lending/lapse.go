package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// WithdrawApplication takes an application back before it is published (撤回申请). The actor is the
// borrower. Given by a party.
type WithdrawApplication struct {
	Loan   LoanID
	Reason Code
}

// ApplicationWithdrawn is the outcome of [WithdrawApplication].
type ApplicationWithdrawn struct {
	By     ActorID
	Reason Code
}

// Type implements event.Of.
func (ApplicationWithdrawn) Type() string { return "withdrawn" }

// Apply implements event.Of.
func (e ApplicationWithdrawn) Apply(l *Loan) { l.State = StateWithdrawn }

// Code implements event.Coder.
func (e *ApplicationWithdrawn) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Reason)
}

// Home implements Command.
func (c WithdrawApplication) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (WithdrawApplication) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command.
func (c WithdrawApplication) Decide(t *Tx, l *Loan) (ApplicationWithdrawn, error) {
	none := ApplicationWithdrawn{}
	if err := l.in(c.Loan, unpublished...); err != nil {
		return none, err
	}
	if err := t.self(l.Borrower); err != nil {
		return none, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return none, err
	}
	return ApplicationWithdrawn{t.Actor.ID, c.Reason}, t.borrows(l, -l.Amount.Minor(), false)
}

// unpublished are the states of a loan that was applied for and has not gone on to a tender.
var unpublished = []State{StateApplied, StateReturned, StateApproved}

// ApplicationLapsed stands on a loan that was not published in time; [EndDay] writes it.
type ApplicationLapsed struct{ On civil.Date }

// Type implements event.Of.
func (ApplicationLapsed) Type() string { return "lapsed" }

// Apply implements event.Of.
func (e ApplicationLapsed) Apply(l *Loan) { l.State = StateLapsed }

// Code implements event.Coder.
func (e *ApplicationLapsed) Code(c *event.Codec) { c.Date(&e.On) }

// lapse ends an application that has waited too long.
func (t *Tx) lapse(l *Loan) error {
	if err := t.borrows(l, -l.Amount.Minor(), false); err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(l.ID), ApplicationLapsed{t.On})
}

// current refuses an application that has waited too long, whether or not a day-end has ended it.
func (l *Loan) current(on civil.Date) error {
	if !l.lapsed(on) {
		return nil
	}
	return &Error{ErrExpired, "application of loan " + string(l.ID),
		"lapsed on " + l.lapses().String() + "; the borrower has to apply again"}
}

// lapsed reports whether an application has waited too long by a date.
func (l *Loan) lapsed(on civil.Date) bool {
	day := l.lapses()
	return !day.IsZero() && !on.Before(day)
}
