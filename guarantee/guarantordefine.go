package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// GuarantorDefined is the outcome of [DefineGuarantor].
type GuarantorDefined struct {
	Guarantor lending.PartyID
	Terms     GuarantorTerms
	On        civil.Date
	By        lending.ActorID
}

// Type implements event.Of.
func (GuarantorDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e GuarantorDefined) Apply(g *Guarantor) { g.ID, g.Terms, g.State = e.Guarantor, e.Terms, Active }

// Code implements event.Coder.
func (e *GuarantorDefined) Code(c *event.Codec) {
	event.Text(c, &e.Guarantor)
	e.Terms.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DefineGuarantor takes a registered party on as a guarantor. It can stand for nothing before its net assets
// are assessed. Given by an officer.
type DefineGuarantor struct {
	Guarantor lending.PartyID
	Terms     GuarantorTerms
}

// Home implements lending.Command.
func (c DefineGuarantor) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (DefineGuarantor) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses bad terms, a guarantor that exists, a party that is unknown,
// a vehicle, one that may not take money out, as it is fenced or frozen, or who decides about himself.
func (c DefineGuarantor) Decide(t *lending.Tx, g *Guarantor) (GuarantorDefined, error) {
	none := GuarantorDefined{}
	if err := c.Terms.Validate(); err != nil {
		return none, err
	}
	if g.ID != "" {
		return none, bad(lending.ErrExists, "guarantor "+string(c.Guarantor), "")
	}
	if err := disinterested(t, c.Guarantor); err != nil {
		return none, err
	}
	if err := backer(t, c.Guarantor); err != nil {
		return none, err
	}
	return GuarantorDefined{c.Guarantor, c.Terms, t.On, t.Actor.ID}, nil
}

// NetAssetsAssessed is the outcome of [AssessNetAssets].
type NetAssetsAssessed struct {
	Minor        int64
	Evidence     event.Hash // of the accounts
	On           civil.Date
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (NetAssetsAssessed) Type() string { return "assessed" }

// Apply implements event.Of.
func (e NetAssetsAssessed) Apply(g *Guarantor) { g.NetAssets, g.Assessed = e.Minor, e.On }

// Code implements event.Coder.
func (e *NetAssetsAssessed) Code(c *event.Codec) {
	c.Int(&e.Minor)
	c.Hash(&e.Evidence)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// AssessNetAssets records a guarantor's net assets, by which its limits are figured (净资产). Loans that it
// stands for already are not touched. It needs an approver besides the actor. Given by an officer.
type AssessNetAssets struct {
	Guarantor lending.PartyID
	Amount    money.Amount
	Evidence  event.Hash // SHA-256 of the accounts or the auditor's report, which the host keeps
}

// Home implements lending.Command.
func (c AssessNetAssets) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (AssessNetAssets) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses an amount below zero or of another currency, and
// an assessment without evidence (ErrTerms).
func (c AssessNetAssets) Decide(t *lending.Tx, g *Guarantor) (NetAssetsAssessed, error) {
	none := NetAssetsAssessed{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	if err := c.Amount.Sign(); err < 0 || c.Amount.Currency() != g.Terms.Currency {
		return none, bad(lending.ErrAmount, "net assets of "+c.Amount.String(), "want zero or more "+g.Terms.Currency.String())
	}
	if c.Evidence == (event.Hash{}) {
		return none, refuse(ErrTerms, "net assets of guarantor %s: no evidence is named", g.ID)
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	return NetAssetsAssessed{c.Amount.Minor(), c.Evidence, t.On, t.Actor.ID, t.Approver.ID}, nil
}

// GuarantorSuspended is the outcome of [SuspendGuarantor].
type GuarantorSuspended struct {
	Suspended bool
	Reason    lending.Code
	On        civil.Date
	By        lending.ActorID
}

// Type implements event.Of.
func (GuarantorSuspended) Type() string { return "suspended" }

// Apply implements event.Of.
func (e GuarantorSuspended) Apply(g *Guarantor) {
	if g.State = Active; e.Suspended {
		g.State = Suspended
	}
}

// Code implements event.Coder.
func (e *GuarantorSuspended) Code(c *event.Codec) {
	c.Bool(&e.Suspended)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// SuspendGuarantor has a guarantor take on no more loans, or lets it again. Given by an officer.
type SuspendGuarantor struct {
	Guarantor lending.PartyID
	Lift      bool
	Reason    lending.Code
}

// Home implements lending.Command.
func (c SuspendGuarantor) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (SuspendGuarantor) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a guarantor that is so already or has defaulted, and a
// malformed reason.
func (c SuspendGuarantor) Decide(t *lending.Tx, g *Guarantor) (GuarantorSuspended, error) {
	from := Active
	if c.Lift {
		from = Suspended
	}
	if err := g.in(c.Guarantor, from); err != nil {
		return GuarantorSuspended{}, err
	}
	if err := reasoned(c.Reason); err != nil {
		return GuarantorSuspended{}, err
	}
	return GuarantorSuspended{!c.Lift, c.Reason, t.On, t.Actor.ID}, disinterested(t, g.ID)
}

// reasoned refuses a malformed reason.
func reasoned(r lending.Code) error {
	if !lending.ValidID(r) {
		return bad(lending.ErrID, "reason", "has to be given, as a code")
	}
	return nil
}
