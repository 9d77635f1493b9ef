package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Apply asks for a loan of a product (借款申请). The actor is the borrower.
type Apply struct {
	Product ProductID
	Amount  money.Amount
	Periods int
	Method  schedule.Method // one that the product offers; zero for its first
}

// LoanApplied is the outcome of [Apply]. It carries the product as it was then.
type LoanApplied struct {
	Loan     LoanID
	Borrower PartyID
	Product  Product
	Amount   money.Amount
	Periods  int
}

// Type implements event.Of.
func (LoanApplied) Type() string { return "applied" }

// Apply implements event.Of.
func (e LoanApplied) Apply(l *Loan) {
	l.ID, l.Borrower, l.Product, l.State = e.Loan, e.Borrower, e.Product.clone(), StateApplied
	l.Amount, l.Periods = e.Amount, e.Periods
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
}

// Home implements Command. The loan's id follows from the key.
func (c Apply) Home(m Meta) event.Ref[Loan] { return LoanRef(LoanID(idOf("L", m.Key))) }

// Allowed implements Command.
func (Apply) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses an unknown product or borrower, an amount or a number of
// periods outside the product's range, and terms that give no plan.
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
	if err := positive("amount", c.Amount, p.Currency); err != nil {
		return none, err
	}
	if n := c.Amount.Minor(); n < p.MinAmount.Minor() || n > p.MaxAmount.Minor() {
		return none, &Error{ErrLimit, "amount " + c.Amount.String(),
			fmt.Sprintf("product %s lends %s to %s", p.ID, p.MinAmount, p.MaxAmount)}
	}
	if c.Periods < p.MinPeriods || c.Periods > p.MaxPeriods {
		return none, &Error{ErrLimit, fmt.Sprintf("%d periods", c.Periods),
			fmt.Sprintf("product %s runs %d to %d", p.ID, p.MinPeriods, p.MaxPeriods)}
	}
	terms := p.clone()
	if c.Method != 0 {
		if !slices.Contains(p.methods(), c.Method) {
			return none, &Error{ErrLimit, "method " + c.Method.String(), "product " + string(p.ID) + " does not offer it"}
		}
		terms.Method = c.Method
	}
	ev := LoanApplied{LoanID(t.home.ID), borrower, terms, c.Amount, c.Periods}
	asked := Borrows{Loan: ev.Loan, Delta: c.Amount.Minor()}
	return ev, t.change(borrower, p.Currency, asked)
}

// Approve is the credit decision in favour (审核通过): it sets the rate within the product's
// bounds. Whoever publishes the loan must be another person.
type Approve struct {
	Loan  LoanID
	Rate  schedule.Rate
	Grade Code // empty if loans are not graded
}

// LoanApproved is the outcome of [Approve].
type LoanApproved struct {
	By    ActorID
	Rate  schedule.Rate
	Grade Code
}

// Type implements event.Of.
func (LoanApproved) Type() string { return "approved" }

// Apply implements event.Of.
func (e LoanApproved) Apply(l *Loan) {
	l.State, l.Analyst, l.Rate, l.Grade = StateApproved, e.By, e.Rate, e.Grade
}

// Code implements event.Coder.
func (e *LoanApproved) Code(c *event.Codec) {
	event.Text(c, &e.By)
	codeRate(c, &e.Rate)
	event.Text(c, &e.Grade)
}

// Home implements Command.
func (c Approve) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Approve) Allowed() []Role { return []Role{RoleAnalyst} }

// Decide implements Command. It refuses a rate outside the product's bounds and terms that give
// no plan.
func (c Approve) Decide(t *Tx, l *Loan) (LoanApproved, error) {
	none := LoanApproved{}
	if err := l.in(c.Loan, StateApplied); err != nil {
		return none, err
	}
	if err := t.disinterested(l); err != nil {
		return none, err
	}
	p := &l.Product
	if c.Rate.Basis() != p.MinRate.Basis() || c.Rate.Pico() < p.MinRate.Pico() ||
		c.Rate.Pico() > p.MaxRate.Pico() {
		return none, &Error{ErrLimit, "rate " + text(c.Rate),
			fmt.Sprintf("product %s bears %s to %s", p.ID, p.MinRate, p.MaxRate)}
	}
	if err := errors.Join(p.graded(c.Grade, c.Rate, l.Amount), p.dear(l.Amount, l.Periods, c.Rate)); err != nil {
		return none, err
	}
	plan, err := p.terms(l.Amount, l.Periods, c.Rate, t.On).Plan()
	if err != nil {
		return none, fmt.Errorf("plan of loan %s: %w", l.ID, err)
	}
	if plan.TotalPayment().Minor() > MaxLoan {
		return none, &Error{ErrLimit, "loan " + string(l.ID), "would repay more than a loan can"}
	}
	return LoanApproved{t.Actor.ID, c.Rate, c.Grade}, nil
}

// Decline is the credit decision against.
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
	if err := l.in(c.Loan, StateApplied, StateApproved); err != nil {
		return LoanDeclined{}, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return LoanDeclined{}, err
	}
	return LoanDeclined{t.Actor.ID, c.Reason}, t.borrows(l, -l.Amount.Minor(), false)
}
