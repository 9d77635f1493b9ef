package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// marginRef is the hold of a margin deposit, whyMargin the reason of its entries.
const (
	marginRef ledger.Ref = "margin"
	whyMargin ledger.Why = "margin"
)

// MarginMoved is the outcome of [DepositMargin] and [ReturnMargin].
type MarginMoved struct {
	Delta int64
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (MarginMoved) Type() string { return "margin" }

// Apply implements event.Of.
func (e MarginMoved) Apply(g *Guarantor) { g.Margin += e.Delta }

// Code implements event.Coder.
func (e *MarginMoved) Code(c *event.Codec) {
	c.Int(&e.Delta)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DepositMargin holds a part of a guarantor's wallet as its margin deposit (保证金): it cannot spend it, and
// overdue demands are paid out of it. Given by a party.
type DepositMargin struct {
	Guarantor lending.PartyID
	Amount    money.Amount
}

// Home implements lending.Command.
func (c DepositMargin) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (DepositMargin) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements lending.Command. It refuses another party and, with a lending.FundsError, more than its
// wallet has.
func (c DepositMargin) Decide(t *lending.Tx, g *Guarantor) (MarginMoved, error) {
	none := MarginMoved{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	if err := self(t, g.ID); err != nil {
		return none, err
	}
	if err := positive(c.Amount, g.Terms.Currency); err != nil {
		return none, err
	}
	e := ledger.Move(ledger.Client, whyMargin, lending.Avail(g.ID), g.held(), c.Amount)
	return MarginMoved{c.Amount.Minor(), t.On, t.Actor.ID}, t.Post(e)
}

// ReturnMargin gives a part of the margin deposit back that the guarantor's exposure does not need. It needs an
// approver besides the actor. Given by an officer.
type ReturnMargin struct {
	Guarantor lending.PartyID
	Amount    money.Amount
}

// Home implements lending.Command.
func (c ReturnMargin) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (ReturnMargin) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses what the exposure needs (ErrGuarantorLimit), and anything
// while demands wait.
func (c ReturnMargin) Decide(t *lending.Tx, g *Guarantor) (MarginMoved, error) {
	none := MarginMoved{}
	if err := g.in(c.Guarantor, Active, Suspended, Defaulted); err != nil {
		return none, err
	}
	if err := positive(c.Amount, g.Terms.Currency); err != nil {
		return none, err
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	left := g.Margin - c.Amount.Minor()
	if left < 0 || g.Queue.Len() > 0 {
		return none, refuse(ErrGuarantorLimit, "guarantor %s has a deposit of %s and %d demands", g.ID,
			g.text(g.Margin), g.Queue.Len())
	}
	if err := g.margin(g.Exposure, left); err != nil {
		return none, err
	}
	return MarginMoved{-c.Amount.Minor(), t.On, t.Actor.ID}, g.freeMargin(t, c.Amount)
}

// freeMargin moves a part of the deposit to the free balance.
func (g *Guarantor) freeMargin(t *lending.Tx, a money.Amount) error {
	return t.Post(ledger.Move(ledger.Client, whyMargin, g.held(), lending.Avail(g.ID), a))
}

func (g *Guarantor) held() ledger.Account { return ledger.Held(ledger.Owner(g.ID), marginRef) }
