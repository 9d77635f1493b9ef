package lending

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Apply asks for a loan of a product (借款申请). The actor is the borrower. Given by a party.
type Apply struct {
	Product ProductID
	Amount  money.Amount
	Periods int
	Method  schedule.Method `json:",omitzero"` // one that the product offers; zero for its first
	Use     Code            // of the money (借款用途); empty if it is stated later or not at all
	Project event.Hash      // of the project to be financed, made by the host; zero for none
}

// LoanApplied is the outcome of [Apply]. It carries the product as it was then.
type LoanApplied struct {
	Loan     LoanID
	Borrower PartyID
	Product  Product
	Amount   money.Amount
	Periods  int
	Kind     PartyKind // of the borrower
	On       civil.Date
	Use      Code
	Project  event.Hash
}

// Type implements event.Of.
func (LoanApplied) Type() string { return "applied" }

// Apply implements event.Of.
func (e LoanApplied) Apply(l *Loan) {
	l.ID, l.Borrower, l.Product, l.State = e.Loan, e.Borrower, e.Product.clone(), StateApplied
	l.Amount, l.Periods = e.Amount, e.Periods
	l.Dossier.Kind, l.Dossier.Project = e.Kind, e.Project
	l.Dossier.enter(&l.Product.Workflow, e.On, e.Use)
	if n := len(e.Product.Covers); n > 0 {
		l.Covers = make([]CoverUse, n)
	}
}

// Code implements event.Coder.
func (e *LoanApplied) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	event.Text(c, &e.Borrower)
	e.Product.Code(c)
	c.Amount(&e.Amount)
	c.Count(&e.Periods)
	event.Enum(c, &e.Kind)
	c.Date(&e.On)
	event.Text(c, &e.Use)
	c.Hash(&e.Project)
}

// Home implements Command. The loan's id follows from the key.
func (c Apply) Home(m Meta) event.Ref[Loan] { return LoanRef(LoanID(idOf("L", m.Key))) }

// Allowed implements Command.
func (Apply) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses an unknown product or borrower, an amount or a number of
// periods outside the product's range, a use that it does not lend for, a project that another loan
// finances, and more than the product's limits let one borrower have.
func (c Apply) Decide(t *Tx, l *Loan) (LoanApplied, error) {
	none := LoanApplied{}
	if l.ID != "" {
		return none, &Error{ErrExists, "loan " + string(l.ID), ""}
	}
	if err := checkID("product", c.Product); err != nil {
		return none, err
	}
	borrower := PartyID(t.Actor.ID)
	if err := t.May(borrower, ActBorrow); err != nil {
		return none, err
	}
	p, err := event.Read(t.Tx, ProductRef(c.Product))
	if err != nil {
		return none, err
	}
	if p.ID == "" {
		return none, &Error{ErrUnknown, "product " + string(c.Product), ""}
	}
	if err := errors.Join(p.offers(c.Amount, c.Periods), p.checkUse(c.Use), p.lends(borrower)); err != nil {
		return none, err
	}
	id := LoanID(t.home.ID)
	if err := t.engage(c.Project, id); err != nil {
		return none, err
	}
	who, err := t.party(borrower)
	if err != nil {
		return none, err
	}
	terms := p.clone()
	if c.Method != 0 {
		if !slices.Contains(p.methods(), c.Method) {
			return none, &Error{ErrLimit, "method " + c.Method.String(),
				"product " + string(p.ID) + " does not offer it"}
		}
		terms.Method = c.Method
	}
	ev := LoanApplied{id, borrower, terms, c.Amount, c.Periods, who.Kind, t.On, c.Use, c.Project}
	if err := t.exposed(p, borrower, id, c.Amount); err != nil {
		return none, err
	}
	return ev, t.change(borrower, p.Currency, Borrows{Loan: id, Delta: c.Amount.Minor()})
}

// Approve is the credit decision in favour (审核通过): it sets the rate within the product's
// bounds. Whoever publishes the loan must be another person. Given by an analyst.
type Approve struct {
	Loan  LoanID
	Rate  schedule.Rate `json:",omitzero"`
	Grade Code          // empty if loans are not graded
	// Conditions have to be met before the loan goes on (放款前提条件).
	Conditions []Precedent
}

// LoanApproved is the outcome of [Approve].
type LoanApproved struct {
	By    ActorID
	Rate  schedule.Rate `json:",omitzero"`
	Grade Code

	Conditions []Precedent
}

// Type implements event.Of.
func (LoanApproved) Type() string { return "approved" }

// Apply implements event.Of.
func (e LoanApproved) Apply(l *Loan) {
	l.State, l.Analyst, l.Rate, l.Grade = StateApproved, e.By, e.Rate, e.Grade
	l.Dossier.impose(e.Conditions)
}

// Code implements event.Coder.
func (e *LoanApproved) Code(c *event.Codec) {
	event.Text(c, &e.By)
	codeRate(c, &e.Rate)
	event.Text(c, &e.Grade)
	codePrecedents(c, &e.Conditions)
}

// Home implements Command.
func (c Approve) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Approve) Allowed() []Role { return []Role{RoleAnalyst} }

// Decide implements Command. It refuses a rate outside the product's bounds, terms that give no
// plan, a file that lacks documents, an application that has lapsed or whose workflow is not through, and
// an amount beyond the actor's authority.
func (c Approve) Decide(t *Tx, l *Loan) (LoanApproved, error) {
	none := LoanApproved{}
	if err := l.in(c.Loan, StateApplied); err != nil {
		return none, err
	}
	if err := errors.Join(t.disinterested(l), l.current(t.On)); err != nil {
		return none, err
	}
	p := &l.Product
	if err := errors.Join(l.decidable(), p.Workflow.allows(t.Actor, l.Amount),
		l.complete(BeforeApproval, t.On), checkPrecedents(c.Conditions)); err != nil {
		return none, err
	}
	if err := p.prices(l.Amount, l.Periods, c.Rate, c.Grade, t.On); err != nil {
		return none, err
	}
	return LoanApproved{t.Actor.ID, c.Rate, c.Grade, slices.Clone(c.Conditions)}, nil
}

// Decline is the credit decision against. Given by an analyst.
type Decline struct {
	Loan   LoanID
	Reason Code
}

// LoanDeclined is the outcome of [Decline].
type LoanDeclined struct {
	By     ActorID
	Reason Code
}

// Type implements event.Of.
func (LoanDeclined) Type() string { return "declined" }

// Apply implements event.Of.
func (e LoanDeclined) Apply(l *Loan) { l.State = StateDeclined }

// Code implements event.Coder.
func (e *LoanDeclined) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Reason)
}

// Home implements Command.
func (c Decline) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Decline) Allowed() []Role { return []Role{RoleAnalyst} }

// Decide implements Command.
func (c Decline) Decide(t *Tx, l *Loan) (LoanDeclined, error) {
	if err := l.in(c.Loan, unpublished...); err != nil {
		return LoanDeclined{}, err
	}
	if err := errors.Join(checkID("reason", c.Reason), t.disinterested(l)); err != nil {
		return LoanDeclined{}, err
	}
	return LoanDeclined{t.Actor.ID, c.Reason}, t.borrows(l, -l.Amount.Minor(), false)
}
