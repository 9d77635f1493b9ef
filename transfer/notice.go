package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// NotifyDebtor records that the borrower was told of a loan's sales (债权转让通知), up to one and all
// before it: from then on they bind him. Given by an officer or the system.
type NotifyDebtor struct {
	Loan     lending.LoanID
	Sale     int        // the latest of which he was told
	Evidence event.Hash // of the notice, which the host keeps
}

// DebtorNotified is the outcome of [NotifyDebtor].
type DebtorNotified struct {
	Sale     int
	Evidence event.Hash
	On       civil.Date
	By       lending.ActorID
}

// Type implements event.Of.
func (DebtorNotified) Type() string { return "notified" }

// Apply implements event.Of.
func (e DebtorNotified) Apply(b *Board) { b.Noticed = e.Sale }

// Code implements event.Coder.
func (e *DebtorNotified) Code(c *event.Codec) {
	c.Count(&e.Sale)
	c.Hash(&e.Evidence)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c NotifyDebtor) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (NotifyDebtor) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements Command. It refuses a sale that was not made ([ErrGone]) or of which he was told
// ([lending.ErrExists]), and a notice without evidence ([ErrListing]).
func (c NotifyDebtor) Decide(t *lending.Tx, b *Board) (DebtorNotified, error) {
	switch {
	case c.Sale < 1 || c.Sale > b.Sales:
		return DebtorNotified{}, refuse(ErrGone, "sale %d of loan %s", c.Sale, c.Loan)
	case c.Sale <= b.Noticed:
		return DebtorNotified{}, refuse(lending.ErrExists, "the debtor was told of sale %d", b.Noticed)
	case c.Evidence == (event.Hash{}):
		return DebtorNotified{}, refuse(ErrListing, "a notice needs the hash of its evidence")
	}
	return DebtorNotified{c.Sale, c.Evidence, t.On, t.Actor.ID}, nil
}
