package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// OriginatorDefaulted is the outcome of [DeclareOriginatorDefault].
type OriginatorDefaulted struct {
	On           civil.Date
	Reason       lending.Code
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (OriginatorDefaulted) Type() string { return "defaulted" }

// Apply implements event.Of.
func (e OriginatorDefaulted) Apply(o *Originator) { o.State, o.Ended = Defaulted, e.On }

// Code implements event.Coder.
func (e *OriginatorDefaulted) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.Reason)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// DeclareOriginatorDefault records that an originator does not buy back (小贷公司违约). It refers nothing any
// more; the demands that wait are met out of its deposit, by [BuyBack] of an officer, and when that is used up
// lapse in the next day-end, by [LapseRepurchases], so that the next layers are asked or the lenders bear the
// loss. What it bought stays its own. It needs an approver besides the actor. Given by an officer.
type DeclareOriginatorDefault struct {
	Originator lending.PartyID
	Reason     lending.Code // any but for [Insolvent] needs an overdue buyback
}

// Home implements lending.Command.
func (c DeclareOriginatorDefault) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (DeclareOriginatorDefault) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses an originator without an overdue buyback that is not
// insolvent.
func (c DeclareOriginatorDefault) Decide(t *lending.Tx, o *Originator) (OriginatorDefaulted, error) {
	none := OriginatorDefaulted{}
	if err := o.in(c.Originator, Active, Suspended); err != nil {
		return none, err
	}
	if err := reasoned(c.Reason); err != nil {
		return none, err
	}
	if err := approved(t, o.ID); err != nil {
		return none, err
	}
	if c.Reason != Insolvent {
		if err := late(t, "originator "+string(o.ID), o.Overdue(t.On), everything); err != nil {
			return none, err
		}
	}
	return OriginatorDefaulted{t.On, c.Reason, t.Actor.ID, t.Approver.ID}, nil
}

// everything is what an originator is liable for of a demand.
func everything(_ *lending.Loan, d lending.Demand) (int64, error) { return d.Amount.Minor(), nil }

// RepurchasesLapsed is the outcome of [LapseRepurchases].
type RepurchasesLapsed struct {
	On      civil.Date
	Demands []Lapse
}

// Type implements event.Of.
func (RepurchasesLapsed) Type() string { return "lapsed" }

// Apply implements event.Of.
func (e RepurchasesLapsed) Apply(o *Originator) { o.Lapsed += o.Pending.lapse(e.Demands) }

// Code implements event.Coder.
func (e *RepurchasesLapsed) Code(c *event.Codec) {
	c.Date(&e.On)
	codeLapses(c, &e.Demands)
}

// LapseRepurchases has up to 100 demands on an originator that has defaulted lapse. Day-end sends it until
// none is left. Given by the system.
type LapseRepurchases struct{ Originator lending.PartyID }

// Home implements lending.Command.
func (c LapseRepurchases) Home(lending.Meta) event.Ref[Originator] {
	return OriginatorRef(c.Originator)
}

// Allowed implements lending.Command.
func (LapseRepurchases) Allowed() []lending.Role { return []lending.Role{lending.RoleSystem} }

// Decide implements lending.Command. It refuses an originator that stands, still has a deposit
// (lending.ErrState), or has no demands (ErrNothing).
func (c LapseRepurchases) Decide(t *lending.Tx, o *Originator) (RepurchasesLapsed, error) {
	if err := o.in(c.Originator, Defaulted); err != nil {
		return RepurchasesLapsed{}, err
	}
	if o.Deposit > 0 && o.Pending.Len() > 0 {
		return RepurchasesLapsed{}, bad(lending.ErrState, "originator "+string(o.ID), "has a deposit: buy back out of it first")
	}
	list, err := lapses(t, "originator "+string(o.ID), o.Pending.All())
	return RepurchasesLapsed{t.On, list}, err
}
