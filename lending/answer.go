package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// AcceptFunding is the borrower's yes to less than he wanted. The loan is then for what was raised.
// Given by a party.
type AcceptFunding struct{ Loan LoanID }

// FundingAccepted is the outcome of [AcceptFunding].
type FundingAccepted struct {
	By       ActorID
	ReviewBy civil.Date // last day on which the loan may be reviewed; zero for none
}

// Type implements event.Of.
func (FundingAccepted) Type() string { return "funding-accepted" }

// Apply implements event.Of.
func (e FundingAccepted) Apply(l *Loan) {
	l.State, l.Amount = StateFullyFunded, amount(l.Raised, l.Currency())
	l.ReviewBy = e.ReviewBy
}

// Code implements event.Coder.
func (e *FundingAccepted) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.ReviewBy)
}

// Home implements Command.
func (c AcceptFunding) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (AcceptFunding) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a borrower who may not borrow now, or would be above the
// limits of the product, as a publication does.
func (c AcceptFunding) Decide(t *Tx, l *Loan) (FundingAccepted, error) {
	if err := t.answers(c.Loan, l); err != nil {
		return FundingAccepted{}, err
	}
	if err := t.May(l.Borrower, ActBorrow); err != nil {
		return FundingAccepted{}, err
	}
	raised := amount(l.Raised, l.Currency())
	if err := t.exposed(&l.Product, l.Borrower, l.ID, raised); err != nil {
		return FundingAccepted{}, err
	}
	return FundingAccepted{t.Actor.ID, t.reviewBy(l, true)}, t.borrows(l, l.Raised-l.Amount.Minor(), false)
}

// DeclineFunding is the borrower's no to less than he wanted: the tender has failed. Given by a
// party.
type DeclineFunding struct{ Loan LoanID }

// Home implements Command.
func (c DeclineFunding) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (DeclineFunding) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command.
func (c DeclineFunding) Decide(t *Tx, l *Loan) (TenderFailed, error) {
	if err := t.answers(c.Loan, l); err != nil {
		return TenderFailed{}, err
	}
	return t.failTender(l, "declined")
}

// answers refuses an answer by somebody else, or too late.
func (t *Tx) answers(id LoanID, l *Loan) error {
	if err := l.in(id, StateOffered); err != nil {
		return err
	}
	if err := t.self(l.Borrower); err != nil {
		return err
	}
	if t.On.After(l.AnswerBy) {
		return &Error{ErrExpired, "loan " + string(l.ID), "was to be answered until " + l.AnswerBy.String()}
	}
	return nil
}
