package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// OriginatorDefined is the outcome of [DefineOriginator].
type OriginatorDefined struct {
	Originator lending.PartyID
	Terms      OriginatorTerms
	On         civil.Date
	By         lending.ActorID
}

// Type implements event.Of.
func (OriginatorDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e OriginatorDefined) Apply(o *Originator) {
	o.ID, o.Terms, o.State = e.Originator, e.Terms, Active
}

// Code implements event.Coder.
func (e *OriginatorDefined) Code(c *event.Codec) {
	event.Text(c, &e.Originator)
	e.Terms.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DefineOriginator takes a registered party on as an originator, a microloan company (小贷公司) that refers
// loans under a credit line and buys back those that are not paid. Given by an officer.
type DefineOriginator struct {
	Originator lending.PartyID
	Terms      OriginatorTerms
}

// Home implements lending.Command.
func (c DefineOriginator) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (DefineOriginator) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses bad terms, an originator that exists, a party that is
// unknown, a vehicle, one that may not take money out, as it is fenced or frozen, or who decides about himself.
func (c DefineOriginator) Decide(t *lending.Tx, o *Originator) (OriginatorDefined, error) {
	none := OriginatorDefined{}
	if err := c.Terms.Validate(); err != nil {
		return none, err
	}
	if o.ID != "" {
		return none, bad(lending.ErrExists, "originator "+string(c.Originator), "")
	}
	if err := disinterested(t, c.Originator); err != nil {
		return none, err
	}
	if err := backer(t, c.Originator); err != nil {
		return none, err
	}
	return OriginatorDefined{c.Originator, c.Terms, t.On, t.Actor.ID}, nil
}

// OriginatorSuspended is the outcome of [SuspendOriginator].
type OriginatorSuspended struct {
	Suspended bool
	Reason    lending.Code
	On        civil.Date
	By        lending.ActorID
}

// Type implements event.Of.
func (OriginatorSuspended) Type() string { return "suspended" }

// Apply implements event.Of.
func (e OriginatorSuspended) Apply(o *Originator) {
	if o.State = Active; e.Suspended {
		o.State = Suspended
	}
}

// Code implements event.Coder.
func (e *OriginatorSuspended) Code(c *event.Codec) {
	c.Bool(&e.Suspended)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// SuspendOriginator has an originator refer no more loans, or lets it again. It still buys back. Given by
// an officer.
type SuspendOriginator struct {
	Originator lending.PartyID
	Lift       bool
	Reason     lending.Code
}

// Home implements lending.Command.
func (c SuspendOriginator) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (SuspendOriginator) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses an originator that is so already or has defaulted, and a
// malformed reason.
func (c SuspendOriginator) Decide(t *lending.Tx, o *Originator) (OriginatorSuspended, error) {
	from := Active
	if c.Lift {
		from = Suspended
	}
	if err := o.in(c.Originator, from); err != nil {
		return OriginatorSuspended{}, err
	}
	if err := reasoned(c.Reason); err != nil {
		return OriginatorSuspended{}, err
	}
	return OriginatorSuspended{!c.Lift, c.Reason, t.On, t.Actor.ID}, disinterested(t, o.ID)
}
