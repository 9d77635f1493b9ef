package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Publish opens an approved loan for bids (发标). Every gate is asked, and the publisher must be
// another person than the analyst who approved.
type Publish struct{ Loan LoanID }

// LoanPublished is the outcome of [Publish].
type LoanPublished struct {
	By       ActorID
	On       civil.Date
	Deadline civil.Date // last day on which bids are taken
}

// Type implements event.Of.
func (LoanPublished) Type() string { return "published" }

// Apply implements event.Of.
func (e LoanPublished) Apply(l *Loan) {
	l.State, l.Publisher, l.Published, l.Deadline = StateOpen, e.By, e.On, e.Deadline
}

// Code implements event.Coder.
func (e *LoanPublished) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Date(&e.Deadline)
}

// Home implements Command.
func (c Publish) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Publish) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c Publish) Decide(t *Tx, l *Loan) (LoanPublished, error) {
	none := LoanPublished{}
	if err := l.in(c.Loan, StateApproved); err != nil {
		return none, err
	}
	if err := errors.Join(different(l.Analyst, t.Actor.ID), t.disinterested(l)); err != nil {
		return none, err
	}
	if err := t.May(l.Borrower, ActBorrow); err != nil {
		return none, err
	}
	deadline := t.On.AddDays(l.Product.Tender.OpenDays)
	if deadline.IsZero() || deadline.AddDays(1).IsZero() {
		return none, &Error{ErrDate, "loan " + string(l.ID), "its tender would end after the calendar"}
	}
	if err := t.admit(l); err != nil {
		return none, err
	}
	return LoanPublished{t.Actor.ID, t.On, deadline}, nil
}

// Listing is what a lender sees of a loan.
type Listing struct {
	Loan     LoanID
	Product  ProductID
	State    State
	Grade    Code
	Amount   money.Amount
	Raised   money.Amount
	Rate     string
	Periods  int
	Deadline civil.Date
	Bids     int
}

// Listings lists the loans in a state in the order in which they were applied for; zero lists all
// that were ever published.
func (r *Reports) Listings(s State) (out []Listing) {
	for _, id := range r.order {
		l := r.loans[id]
		if s != 0 && l.State != s || s == 0 && l.Published.IsZero() {
			continue
		}
		out = append(out, Listing{
			Loan: id, Product: l.Product.ID, State: l.State, Grade: l.Grade, Amount: l.Amount,
			Raised: amount(l.Raised, l.Currency()), Rate: l.Rate.String(), Periods: l.Periods,
			Deadline: l.Deadline, Bids: len(l.Bids),
		})
	}
	return out
}
