package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LevyCharge charges a loan's borrower a fee or a cost that no rule of the product books (收取费用): a fee
// for a service, the cost of collection that somebody bore (催收费用). It is owed with the first instalment
// that is due on Due or later, and after the last one with an instalment of its own, which keeps its day in
// a plan that is made anew and does not reach it. Late charges up to the day are booked before. Nobody gets
// anything before the borrower pays. Where it begins an instalment of a loan that is accelerated by
// rule, that acceleration stands from then on: payments before its day can no longer be reversed or
// found, but called back. By an officer with an approver, neither of whom is paid by it. A loan that
// was written off can still be charged. Given by an officer.
type LevyCharge struct {
	Loan      LoanID
	Fee       Code         // which it is: a [Waterfall] may name it
	Component Component    // Fees or Costs
	Amount    money.Amount // up to 2^37 minor units
	Payee     Payee
	Party     PartyID    // who is paid, of ToParty; empty otherwise
	Due       civil.Date // today or later; zero for today
	Reason    Code
}

// ChargeLevied is the outcome of [LevyCharge].
type ChargeLevied struct {
	By, Approver ActorID
	Reason       Code
	Booking                 // late charges up to the day
	Number       int        // place of the charge in Loan.Charges, counted from 1
	Due          civil.Date // of its instalment, where that begins with it
	Charge       Charge
}

// Type implements event.Of.
func (ChargeLevied) Type() string { return "charge-levied" }

// Apply implements event.Of.
func (e ChargeLevied) Apply(l *Loan) {
	l.book(e.Booking)
	l.begin(e.Charge.Instalment, e.Due)
	l.charge(e.Charge)
	if !e.Due.IsZero() {
		l.uphold()
	}
}

// Code implements event.Coder.
func (e *ChargeLevied) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
	c.Count(&e.Number)
	c.Date(&e.Due)
	e.Charge.code(c)
}

// Home implements Command.
func (c LevyCharge) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (LevyCharge) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a charge without a second person ([ErrSecond]) or of a loan
// that does not run ([ErrState]), one that is malformed ([ErrTerms], [ErrAmount], [ErrID]), of an
// amount or a number beyond bounds ([ErrLimit]), due before today ([ErrDate]), or for a payee who is
// not known ([ErrUnknown]) or decides himself ([ErrActor]).
func (c LevyCharge) Decide(t *Tx, l *Loan) (ChargeLevied, error) {
	none := ChargeLevied{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := l.in(c.Loan, StateActive, StateWrittenOff); err != nil {
		return none, err
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	ev := ChargeLevied{By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason}
	var err error
	if ev.Booking, err = l.booking(t.On); err != nil {
		return none, err
	}
	now := l.preview(ev.Booking)
	if err := c.check(now, t.On); err != nil {
		return none, err
	}
	if err := t.paysParty(c.Payee, c.Party, now); err != nil {
		return none, err
	}
	ev.Number = len(now.Charges) + 1
	ev.Charge = Charge{Fee: c.Fee, Component: c.Component, Payee: c.Payee, Party: c.Party,
		On: t.On, Owed: c.Amount.Minor(), Levied: true}
	ev.Charge.Instalment, ev.Due = now.fallsDue(later(c.Due, t.On))
	return ev, nil
}

// check refuses a charge that is malformed or out of bounds.
func (c LevyCharge) check(l *Loan, today civil.Date) error {
	if err := checkID("fee", c.Fee); err != nil {
		return err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return err
	}
	if err := positive("charge", c.Amount, l.Currency()); err != nil {
		return err
	}
	what := "charge of loan " + string(l.ID)
	switch {
	case !c.Component.charged():
		return &Error{ErrTerms, what, "is of " + c.Component.String() + ", want fees or costs"}
	case c.Amount.Minor() > maxFee:
		return &Error{ErrLimit, what, "is " + c.Amount.String()}
	case len(l.Charges) >= maxCharges:
		return &Error{ErrLimit, what, "is one too many"}
	case !c.Due.IsZero() && c.Due.Before(today):
		return &Error{ErrDate, what, "would fall due in the past, on " + c.Due.String()}
	}
	return nil
}

// paysParty refuses a payee of a charge who is not known, or has a hand in it.
func (t *Tx) paysParty(payee Payee, p PartyID, l *Loan) error {
	what := "charge of loan " + string(l.ID)
	if payee < ToPlatform || payee > ToParty || (payee == ToParty) != (p != "") {
		return &Error{ErrTerms, what, "names no payee, or a party besides " + payee.String()}
	}
	if payee != ToParty {
		return nil
	}
	if p == l.Borrower || ActorID(p) == t.Actor.ID || ActorID(p) == t.Approver.ID {
		return &Error{ErrActor, what, "is paid to " + string(p) + ", who owes it or decides on it"}
	}
	_, err := t.party(p)
	return err
}
