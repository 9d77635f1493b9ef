package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// LiabilityRecognised is the outcome of [RecogniseLiability].
type LiabilityRecognised struct {
	On    civil.Date
	Minor int64 // the liability from now on
	Delta int64 // an expense; below zero what is taken back
	By    lending.ActorID
}

// Type implements event.Of.
func (LiabilityRecognised) Type() string { return "liability-recognised" }

// Apply implements event.Of.
func (e LiabilityRecognised) Apply(g *Guarantor) { g.Liability = e.Minor }

// Code implements event.Coder.
func (e *LiabilityRecognised) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
	c.Int(&e.Delta)
	event.Text(c, &e.By)
}

// RecogniseLiability brings the liability for the platform's own guarantee in its own book to what demands still
// ask for and no money is there or on its way for (预计负债): an expense when they come, not when they are paid,
// taken back as far as borrowers pay or demands lapse. [PayOwn] settles it. Send it after a day-end, and before a
// period is closed. Given by an officer or the system.
type RecogniseLiability struct{ Guarantor lending.PartyID }

// Home implements lending.Command.
func (c RecogniseLiability) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (RecogniseLiability) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a guarantor that is not a related party, and a liability that
// is as it should be (ErrNothing). The oldest 100 demands count for what they still need, others for what they
// ask for.
func (c RecogniseLiability) Decide(t *lending.Tx, g *Guarantor) (LiabilityRecognised, error) {
	none := LiabilityRecognised{}
	if err := g.in(c.Guarantor, Active, Suspended, Defaulted); err != nil {
		return none, err
	}
	if err := g.own(t); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(g.ID, g.Terms.Currency))
	if err != nil {
		return none, err
	}
	need, err := g.needs(t)
	if err != nil {
		return none, err
	}
	n := 0
	for d := range g.Queue.All() {
		if n++; n > maxLapses {
			need += d.Minor
		}
	}
	minor := max(0, need-w.Available-g.Margin-g.Coming)
	delta := minor - g.Liability
	if delta == 0 {
		return none, refuse(ErrNothing, "the liability of guarantor %s is %s already", g.ID, g.text(minor))
	}
	e := ledger.Entry{Book: ledger.Platform, Why: whyOwn, Currency: g.Terms.Currency}
	e.Debit(ledger.Expense(expenseOwn), delta)
	e.Credit(g.provision(), delta)
	return LiabilityRecognised{t.On, minor, delta, t.Actor.ID}, t.Post(e)
}

// own refuses a guarantor that is not the platform under another name.
func (g *Guarantor) own(t *lending.Tx) error {
	p, err := event.Read(t.Tx, lending.PartyRef(g.ID))
	if err == nil && !p.Related {
		err = refuse(ErrTerms, "guarantor %s is not a related party: it pays with its own money", g.ID)
	}
	return err
}

func (g *Guarantor) provision() ledger.Account { return ledger.Provision(ledger.Ref(g.ID)) }
