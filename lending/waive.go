package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Waive lets a borrower off a charge, or interest or penalty interest of one instalment (减免). It is
// nobody's income and nobody's loss in the books: only what the borrower has paid is. What a cover has
// paid in his place is the cover's, and is not waived. Principal is not waived: it is the lenders' claim, which a [WriteOff] gives up. By an officer with an approver, neither
// of whom is the borrower. Payments before it can no longer be reversed, but called back. Given by
// an officer.
type Waive struct {
	Loan LoanID
	// Charge is its place in [Loan.Charges] as of the day, counted from 1; zero for none. Places never
	// change: what the command books itself, late fees up to the day, comes after those that are there.
	Charge     int
	Component  Component    // Interest or Penalty, where it is no charge
	Instalment int          // index in Loan.Dues, where it is no charge
	Amount     money.Amount // zero for all that is unpaid of it
	Reason     Code
}

// DebtWaived is the outcome of [Waive].
type DebtWaived struct {
	On           civil.Date
	By, Approver ActorID
	Reason       Code
	Booking      // late charges up to the day
	Waived       Allocation
	Closes       bool // nothing is owed any more
}

// Type implements event.Of.
func (DebtWaived) Type() string { return "debt-waived" }

// Apply implements event.Of.
func (e DebtWaived) Apply(l *Loan) {
	l.book(e.Booking)
	l.waive(e.Waived)
	l.fence(e.On)
	if e.Closes {
		l.State, l.Closed = StateClosed, e.On
	}
}

// waive books what a borrower is let off.
func (l *Loan) waive(a Allocation) {
	d := l.due(a.Instalment)
	d.Waived.add(a.Component, a.Minor)
	if a.Charge > 0 {
		l.chargeAt(a.Charge).Waived += a.Minor
	}
	l.relieve(a.Instalment)
}

// Code implements event.Coder.
func (e *DebtWaived) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
	e.Waived.code(c)
	c.Bool(&e.Closes)
}

// Home implements Command.
func (c Waive) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Waive) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses to waive principal ([ErrRule]), what does not exist
// ([ErrUnknown]) and more than is unpaid ([ErrAmount]).
func (c Waive) Decide(t *Tx, l *Loan) (DebtWaived, error) {
	none := DebtWaived{}
	if err := t.resolved(l, c.Loan, c.Reason, StateActive); err != nil {
		return none, err
	}
	ev := DebtWaived{On: t.On, By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason}
	var err error
	if ev.Booking, err = l.booking(t.On); err != nil {
		return none, err
	}
	now := l.preview(ev.Booking)
	if ev.Waived, err = c.part(now); err != nil {
		return none, err
	}
	now.waive(ev.Waived)
	if ev.Closes = now.settled(); ev.Closes {
		return ev, t.release(l)
	}
	return ev, nil
}

// part is what is waived.
func (c Waive) part(l *Loan) (a Allocation, err error) {
	what := "loan " + string(l.ID)
	if c.Component == Principal {
		return a, &Error{ErrRule, what, "its principal is the lenders' claim: a write-off gives it up"}
	}
	a = Allocation{Instalment: c.Instalment, Component: c.Component, Charge: c.Charge}
	var unpaid int64 // without what is owed to a cover
	switch {
	case c.Charge != 0 && (c.Component != 0 || c.Instalment != 0):
		return a, &Error{ErrTerms, what, "a waiver names a charge, or a component of an instalment"}
	case c.Charge < 0 || c.Charge > len(l.Charges):
		return a, &Error{ErrUnknown, fmt.Sprintf("charge %d of %s", c.Charge, what), ""}
	case c.Charge > 0:
		x := l.chargeAt(c.Charge)
		a.Instalment, a.Component, unpaid = x.Instalment, x.Component, x.Missing()
	case c.Component != Interest && c.Component != Penalty:
		return a, &Error{ErrTerms, what, "a waiver names a charge, interest or penalty"}
	case c.Instalment < 0 || c.Instalment >= len(l.Dues):
		return a, &Error{ErrUnknown, fmt.Sprintf("instalment %d of %s", c.Instalment, what), ""}
	default:
		unpaid = l.Dues[c.Instalment].Missing()[c.Component]
	}
	a.Minor = unpaid
	if !c.Amount.IsZero() {
		if err := positive("waiver", c.Amount, l.Currency()); err != nil {
			return a, err
		}
		a.Minor = c.Amount.Minor()
	}
	if a.Minor == 0 || a.Minor > unpaid {
		return a, &Error{ErrAmount, what, "only " + amount(unpaid, l.Currency()).String() + " are unpaid of it"}
	}
	return a, nil
}
