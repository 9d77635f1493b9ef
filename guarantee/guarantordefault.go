package guarantee

import (
	"iter"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Insolvent is the reason of a default that needs no overdue demand.
const Insolvent lending.Code = "insolvent"

// GuarantorDefaulted is the outcome of [DeclareDefault].
type GuarantorDefaulted struct {
	On           civil.Date
	Reason       lending.Code
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (GuarantorDefaulted) Type() string { return "defaulted" }

// Apply implements event.Of.
func (e GuarantorDefaulted) Apply(g *Guarantor) { g.State, g.Ended = Defaulted, e.On }

// Code implements event.Coder.
func (e *GuarantorDefaulted) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.Reason)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// DeclareDefault records that a guarantor does not pay (担保方违约). It takes on nothing any more; the demands
// that wait are paid out of its deposit, by [PayDemand] of an officer, and when that is used up lapse in the
// next day-end, by [LapseDemands], so that the next layers are asked or the lenders bear the loss. What it paid stays its claim on the borrowers. It needs an approver besides the actor. Given by
// an officer.
type DeclareDefault struct {
	Guarantor lending.PartyID
	Reason    lending.Code // any but for [Insolvent] needs an overdue demand
}

// Home implements lending.Command.
func (c DeclareDefault) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (DeclareDefault) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a guarantor without an overdue demand that is not insolvent.
func (c DeclareDefault) Decide(t *lending.Tx, g *Guarantor) (GuarantorDefaulted, error) {
	none := GuarantorDefaulted{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	if err := reasoned(c.Reason); err != nil {
		return none, err
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	if c.Reason != Insolvent {
		if err := late(t, "guarantor "+string(g.ID), g.Overdue(t.On), g.owes); err != nil {
			return none, err
		}
	}
	return GuarantorDefaulted{t.On, c.Reason, t.Actor.ID, t.Approver.ID}, nil
}

// late refuses a party none of whose overdue demands still stands. It reads the loans of the oldest first, twice
// as many each time, so that it mostly reads few and comes to the end of any number.
func late(t *lending.Tx, who string, overdue []Demand,
	liable func(*lending.Loan, lending.Demand) (int64, error)) error {
	for most := maxLapses; len(overdue) > 0; most *= 2 {
		list := overdue[:min(len(overdue), most)]
		overdue = overdue[len(list):]
		loans, err := readLoans(t, list)
		if err != nil {
			return err
		}
		for i, l := range loans {
			if n, err := wants(l, list[i], t.On, liable); err != nil || n > 0 {
				return err
			}
		}
	}
	return bad(lending.ErrState, who, "has no overdue demand that still stands")
}

// Lapse is a demand that is never paid.
type Lapse struct {
	Key
	Minor int64 // that the loan had been promised
}

// DemandsLapsed is the outcome of [LapseDemands].
type DemandsLapsed struct {
	On      civil.Date
	Demands []Lapse
}

// Type implements event.Of.
func (DemandsLapsed) Type() string { return "lapsed" }

// Apply implements event.Of.
func (e DemandsLapsed) Apply(g *Guarantor) { g.Lapsed += g.Queue.lapse(e.Demands) }

// lapse takes demands off and returns what had been promised of them.
func (q *Queue) lapse(list []Lapse) (sum int64) {
	for _, d := range list {
		q.drop(d.Key)
		sum += d.Minor
	}
	return sum
}

// Code implements event.Coder.
func (e *DemandsLapsed) Code(c *event.Codec) {
	c.Date(&e.On)
	codeLapses(c, &e.Demands)
}

func codeLapses(c *event.Codec, list *[]Lapse) {
	event.List(c, list, func(c *event.Codec, d *Lapse) {
		d.Key.code(c)
		c.Int(&d.Minor)
	})
}

// LapseDemands has up to 100 demands on a guarantor that has defaulted lapse. Day-end sends it until none is
// left. Given by the system.
type LapseDemands struct{ Guarantor lending.PartyID }

// maxLapses bounds the demands of one command.
const maxLapses = 100

// Home implements lending.Command.
func (c LapseDemands) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (LapseDemands) Allowed() []lending.Role { return []lending.Role{lending.RoleSystem} }

// Decide implements lending.Command. It refuses a guarantor that stands, still has a deposit (lending.ErrState),
// or has no demands (ErrNothing).
func (c LapseDemands) Decide(t *lending.Tx, g *Guarantor) (DemandsLapsed, error) {
	if err := g.in(c.Guarantor, Defaulted); err != nil {
		return DemandsLapsed{}, err
	}
	if g.Margin > 0 && g.Queue.Len() > 0 {
		return DemandsLapsed{}, bad(lending.ErrState, "guarantor "+string(g.ID), "has a deposit: pay out of it first")
	}
	list, err := lapses(t, "guarantor "+string(g.ID), g.Queue.All())
	return DemandsLapsed{t.On, list}, err
}

// lapses takes back what loans were promised for the first of some demands, which are never paid.
func lapses(t *lending.Tx, who string, demands iter.Seq[Demand]) (list []Lapse, err error) {
	var ss []event.Stream
	for d := range demands {
		if len(list) == maxLapses {
			break
		}
		list = append(list, Lapse{Key: d.Key})
		ss = append(ss, lending.LoanRef(d.Loan).Stream())
	}
	if len(ss) == 0 {
		return nil, refuse(ErrNothing, "%s has no demand to lapse", who)
	}
	if err := t.Want(ss...); err != nil {
		return nil, err
	}
	for i := range list {
		d := &list[i]
		if d.Minor, err = t.Lapse(d.Loan, d.Layer, d.Instalment, 0); err != nil {
			return nil, err
		}
	}
	return list, nil
}
