package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ReferBack returns an application to its borrower, who may mend it and send it in again, and asks
// for further documents (退回补件). An approval is taken back with it. Given by an analyst.
type ReferBack struct {
	Loan   LoanID
	Reason Code
	// Documents are asked for before approval, besides the product's checklist. One that the file has,
	// or that was waived, has to come again.
	Documents []Code
}

// LoanReturned is the outcome of [ReferBack].
type LoanReturned struct {
	By        ActorID
	On        civil.Date
	Reason    Code
	Documents []Code // asked for
}

// Type implements event.Of.
func (LoanReturned) Type() string { return "returned" }

// Apply implements event.Of.
func (e LoanReturned) Apply(l *Loan) {
	f := &l.Dossier
	if f.Stage != "" {
		f.Steps = append(f.Steps, Step{Stage: f.Stage, By: e.By, Entered: f.Entered, Left: e.On})
	}
	f.Stage, f.Entered = "", civil.Date{}
	f.ask(e.Documents)
	l.State = StateReturned
}

// Code implements event.Coder.
func (e *LoanReturned) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	event.Text(c, &e.Reason)
	codeTexts(c, &e.Documents)
}

// Home implements Command.
func (c ReferBack) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (ReferBack) Allowed() []Role { return []Role{RoleAnalyst} }

// Decide implements Command.
func (c ReferBack) Decide(t *Tx, l *Loan) (LoanReturned, error) {
	none := LoanReturned{}
	if err := l.in(c.Loan, StateApplied, StateApproved); err != nil {
		return none, err
	}
	if err := errors.Join(t.disinterested(l), l.current(t.On), checkID("reason", c.Reason),
		checkNames("document", c.Documents)); err != nil {
		return none, err
	}
	ev := LoanReturned{By: t.Actor.ID, On: t.On, Reason: c.Reason, Documents: slices.Clone(c.Documents)}
	n := len(l.Dossier.Asked)
	for _, d := range c.Documents {
		if !slices.Contains(l.Dossier.Asked, d) {
			n++
		}
	}
	if n > maxAsked {
		return none, &Error{ErrLimit, "documents",
			fmt.Sprintf("would be %d, at most %d besides the product's", n, maxAsked)}
	}
	if l.Dossier.Stage == "" {
		return ev, nil
	}
	return ev, l.leaves(t.On)
}

// Resubmit sends a returned application in again, from the start of its workflow. The actor is the
// borrower. Amount, periods and use are as before where they are left out. Given by a party.
type Resubmit struct {
	Loan    LoanID
	Amount  money.Amount
	Periods int
	Use     Code
}

// LoanResubmitted is the outcome of [Resubmit].
type LoanResubmitted struct {
	On      civil.Date
	Amount  money.Amount
	Periods int
	Use     Code
}

// Type implements event.Of.
func (LoanResubmitted) Type() string { return "resubmitted" }

// Apply implements event.Of.
func (e LoanResubmitted) Apply(l *Loan) {
	l.State, l.Amount, l.Periods = StateApplied, e.Amount, e.Periods
	l.Dossier.enter(&l.Product.Workflow, e.On, e.Use)
}

// enter begins an application's way, for the first time or again.
func (f *Dossier) enter(w *Workflow, on civil.Date, use Code) {
	f.Sent, f.Use = on, use
	if f.Stage = w.start(); f.Stage != "" {
		f.Entered = on
	}
}

// Code implements event.Coder.
func (e *LoanResubmitted) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Amount(&e.Amount)
	c.Count(&e.Periods)
	event.Text(c, &e.Use)
}

// Home implements Command.
func (c Resubmit) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Resubmit) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses what [Apply] refuses, and an application that has lapsed.
func (c Resubmit) Decide(t *Tx, l *Loan) (LoanResubmitted, error) {
	none := LoanResubmitted{}
	if err := l.in(c.Loan, StateReturned); err != nil {
		return none, err
	}
	if err := errors.Join(t.self(l.Borrower), l.current(t.On)); err != nil {
		return none, err
	}
	if err := t.May(l.Borrower, ActBorrow); err != nil {
		return none, err
	}
	ev := LoanResubmitted{t.On, c.Amount, c.Periods, c.Use}
	if ev.Amount.IsZero() {
		ev.Amount = l.Amount
	}
	if ev.Periods == 0 {
		ev.Periods = l.Periods
	}
	if ev.Use == "" {
		ev.Use = l.Dossier.Use
	}
	if err := l.Product.offers(ev.Amount, ev.Periods); err != nil {
		return none, err
	}
	if err := l.Product.checkUse(ev.Use); err != nil {
		return none, err
	}
	if err := t.exposed(&l.Product, l.Borrower, l.ID, ev.Amount); err != nil {
		return none, err
	}
	return ev, t.borrows(l, ev.Amount.Minor()-l.Amount.Minor(), false)
}
