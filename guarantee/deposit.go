package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// depositRef is the hold of an originator's deposit, whyDeposit the reason of its entries.
const (
	depositRef ledger.Ref = "performance"
	whyDeposit ledger.Why = "performance-deposit"
)

// DepositMoved is the outcome of [PutDeposit] and [ReturnDeposit].
type DepositMoved struct {
	Delta int64
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (DepositMoved) Type() string { return "deposit" }

// Apply implements event.Of.
func (e DepositMoved) Apply(o *Originator) { o.Deposit += e.Delta }

// Code implements event.Coder.
func (e *DepositMoved) Code(c *event.Codec) {
	c.Int(&e.Delta)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// PutDeposit holds a part of an originator's wallet as its deposit (履约保证金): it cannot spend it, and
// overdue buybacks are paid out of it. Given by a party.
type PutDeposit struct {
	Originator lending.PartyID
	Amount     money.Amount
}

// Home implements lending.Command.
func (c PutDeposit) Home(lending.Meta) event.Ref[Originator] { return OriginatorRef(c.Originator) }

// Allowed implements lending.Command.
func (PutDeposit) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements lending.Command. It refuses another party and, with a lending.FundsError, more than its
// wallet has.
func (c PutDeposit) Decide(t *lending.Tx, o *Originator) (DepositMoved, error) {
	none := DepositMoved{}
	if err := o.in(c.Originator, Active, Suspended); err != nil {
		return none, err
	}
	if err := self(t, o.ID); err != nil {
		return none, err
	}
	if err := positive(c.Amount, o.Terms.Currency); err != nil {
		return none, err
	}
	e := ledger.Move(ledger.Client, whyDeposit, lending.Avail(o.ID), o.deposited(), c.Amount)
	return DepositMoved{c.Amount.Minor(), t.On, t.Actor.ID}, t.Post(e)
}

// ReturnDeposit gives a part of the deposit back that the originator's loans do not need. It needs an
// approver besides the actor. Given by an officer.
type ReturnDeposit struct {
	Originator lending.PartyID
	Amount     money.Amount
}

// Home implements lending.Command.
func (c ReturnDeposit) Home(lending.Meta) event.Ref[Originator] { return OriginatorRef(c.Originator) }

// Allowed implements lending.Command.
func (ReturnDeposit) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses what the loans need, and anything while demands wait, each
// an ErrOriginatorDeposit.
func (c ReturnDeposit) Decide(t *lending.Tx, o *Originator) (DepositMoved, error) {
	none := DepositMoved{}
	if err := o.in(c.Originator, Active, Suspended, Defaulted); err != nil {
		return none, err
	}
	if err := positive(c.Amount, o.Terms.Currency); err != nil {
		return none, err
	}
	if err := approved(t, o.ID); err != nil {
		return none, err
	}
	left := o.Deposit - c.Amount.Minor()
	if left < 0 || o.Pending.Len() > 0 {
		return none, refuse(ErrOriginatorDeposit, "originator %s has a deposit of %s and %d demands", o.ID,
			o.text(o.Deposit), o.Pending.Len())
	}
	if err := o.secured(o.Referred, left); err != nil {
		return none, err
	}
	e := ledger.Move(ledger.Client, whyDeposit, o.deposited(), lending.Avail(o.ID), c.Amount)
	return DepositMoved{-c.Amount.Minor(), t.On, t.Actor.ID}, t.Post(e)
}

func (o *Originator) deposited() ledger.Account { return ledger.Held(ledger.Owner(o.ID), depositRef) }
