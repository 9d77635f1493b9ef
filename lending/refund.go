package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// Refund gives money back that a loan had paid for (退款): a merchant takes goods back, a payee returns
// what he was paid. It comes out of the giver's wallet and pays the loan, by the product's waterfall for
// [RefundPayment]; what the loan does not take up goes to the borrower's wallet. By the giver or the
// system. Given by a party or the system.
type Refund struct {
	Loan   LoanID
	From   PartyID
	Amount money.Amount
}

// Refunded is the outcome of [Refund].
type Refunded struct {
	From   PartyID
	Amount money.Amount
	Repaid Repaid // its number is zero if the loan took nothing up
}

// Type implements event.Of.
func (Refunded) Type() string { return "refunded" }

// Apply implements event.Of.
func (e Refunded) Apply(l *Loan) { l.recordIf(&e.Repaid) }

// Code implements event.Coder.
func (e *Refunded) Code(c *event.Codec) {
	event.Text(c, &e.From)
	c.Amount(&e.Amount)
	e.Repaid.Code(c)
}

// Home implements Command.
func (c Refund) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Refund) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command. It refuses the borrower, who repays ([ErrActor]), who may not withdraw, and more than the giver
// has before the loan's lenders, of whom he may be one, are paid ([ErrFunds]).
func (c Refund) Decide(t *Tx, l *Loan) (Refunded, error) {
	none := Refunded{}
	if err := l.in(c.Loan, StateActive, StateClosed, StateWrittenOff); err != nil {
		return none, err
	}
	if err := positive("refund", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	if err := t.self(c.From); err != nil {
		return none, err
	}
	if err := t.May(c.From, ActWithdraw); err != nil {
		return none, err
	}
	if c.From == l.Borrower {
		return none, &Error{ErrActor, "party " + string(c.From), "is the borrower, who repays"}
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	if err := t.has(c.From, c.Amount); err != nil {
		return none, err
	}
	ev := Refunded{From: c.From, Amount: c.Amount}
	var err error
	if ev.Repaid, err = t.repayOf(l, RefundPayment, c.From, c.Amount.Minor()); err != nil {
		return none, err
	}
	rest := amount(c.Amount.Minor()-ev.Repaid.Total.Minor(), l.Currency())
	return ev, t.postAll(ledger.Move(ledger.Client, "refund", Avail(c.From), Avail(l.Borrower), rest))
}
