package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// DemandDisputed is the outcome of [DisputeDemand].
type DemandDisputed struct {
	Key
	Reason lending.Code
	On     civil.Date
	By     lending.ActorID
}

// Type implements event.Of.
func (DemandDisputed) Type() string { return "disputed" }

// Apply implements event.Of.
func (e DemandDisputed) Apply(g *Guarantor) {
	if d, ok := g.Queue.Get(e.Key); ok {
		d.Disputed = true
		g.Queue.put(d)
	}
}

// Code implements event.Coder.
func (e *DemandDisputed) Code(c *event.Codec) {
	e.Key.code(c)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DisputeDemand is a guarantor's objection to a demand: it need not pay until that is resolved. It objects once: a
// decision against it is final, whatever of the instalment is demanded again. Given by a party.
type DisputeDemand struct {
	Guarantor lending.PartyID
	Demand    Key
	Reason    lending.Code
}

// Home implements lending.Command.
func (c DisputeDemand) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (DisputeDemand) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements lending.Command. It refuses a demand that does not stand, is in dispute or was
// decided on (lending.ErrState).
func (c DisputeDemand) Decide(t *lending.Tx, g *Guarantor) (DemandDisputed, error) {
	none := DemandDisputed{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	d, err := g.demanded(t, c.Demand)
	if err != nil {
		return none, err
	}
	if err := reasoned(c.Reason); err != nil {
		return none, err
	}
	if d.Disputed {
		return none, bad(lending.ErrState, "demand of loan "+string(d.Loan), "is in dispute already")
	}
	l, err := loan(t, d.Loan)
	if err != nil {
		return none, err
	}
	if g.rejected.on(l, d.Key) {
		return none, bad(lending.ErrState, "demand of loan "+string(d.Loan), "was disputed, and it was decided that it stands")
	}
	return DemandDisputed{c.Demand, c.Reason, t.On, t.Actor.ID}, nil
}

// DisputeResolved is the outcome of [ResolveDispute].
type DisputeResolved struct {
	Key
	Upheld       bool
	Lapsed       int64      // that the guarantor need not pay
	Due          civil.Date // otherwise: the new last day to pay; zero for none yet
	On           civil.Date
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (DisputeResolved) Type() string { return "resolved" }

// Apply implements event.Of.
func (e DisputeResolved) Apply(g *Guarantor) {
	if e.Upheld {
		g.Queue.drop(e.Key)
		g.Lapsed += e.Lapsed
		g.upheld.set(e.Key, e.On)
		return
	}
	g.rejected.set(e.Key, e.On)
	if d, ok := g.Queue.Get(e.Key); ok {
		d.Disputed, d.Due = false, e.Due
		g.Queue.put(d)
	}
}

// Code implements event.Coder.
func (e *DisputeResolved) Code(c *event.Codec) {
	e.Key.code(c)
	c.Bool(&e.Upheld)
	c.Int(&e.Lapsed)
	c.Date(&e.Due)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ResolveDispute ends a dispute. If it is upheld the guarantor need not pay: the demand lapses for
// good, whatever bounces later, and the next layer is asked, or the lenders bear the loss. Otherwise the guarantor
// has its days to pay again. It needs an approver besides the actor. Given by an officer.
type ResolveDispute struct {
	Guarantor lending.PartyID
	Demand    Key
	Uphold    bool
}

// Home implements lending.Command.
func (c ResolveDispute) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (ResolveDispute) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a demand that is not in dispute.
func (c ResolveDispute) Decide(t *lending.Tx, g *Guarantor) (DisputeResolved, error) {
	none := DisputeResolved{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	d, err := g.demanded(t, c.Demand)
	if err != nil {
		return none, err
	}
	if !d.Disputed {
		return none, bad(lending.ErrState, "demand of loan "+string(d.Loan), "is not in dispute")
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	ev := DisputeResolved{Key: c.Demand, Upheld: c.Uphold, On: t.On, By: t.Actor.ID, Approver: t.Approver.ID}
	if !c.Uphold {
		ev.Due = g.payBy(d.Loan, t.On)
		return ev, nil
	}
	ev.Lapsed, err = t.Lapse(d.Loan, d.Layer, d.Instalment, 0)
	return ev, err
}

// EnforcementRecorded is the outcome of [RecordEnforcement].
type EnforcementRecorded struct {
	Loan         lending.LoanID
	Evidence     event.Hash
	On           civil.Date
	Due          civil.Date // last day to pay the demands that wait
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (EnforcementRecorded) Type() string { return "enforcement-failed" }

// Apply implements event.Of.
func (e EnforcementRecorded) Apply(g *Guarantor) {
	if x := g.loans[e.Loan]; x != nil {
		x.enforced = true
	}
	for i := range g.Queue.list {
		if d := &g.Queue.list[i]; d.Loan == e.Loan {
			d.Due = e.Due
		}
	}
}

// Code implements event.Coder.
func (e *EnforcementRecorded) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Hash(&e.Evidence)
	c.Date(&e.On)
	c.Date(&e.Due)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// RecordEnforcement records that enforcement against the borrower of a loan has failed, so that an ordinary
// guarantor may wait no longer (先诉抗辩权消灭). It needs an approver besides the actor. Given by an officer.
type RecordEnforcement struct {
	Guarantor lending.PartyID
	Loan      lending.LoanID
	Evidence  event.Hash // of the court's record
}

// Home implements lending.Command.
func (c RecordEnforcement) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (RecordEnforcement) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a loan that the guarantor does not cover, one of a guarantor who
// cannot wait, a fact without evidence and one that is recorded.
func (c RecordEnforcement) Decide(t *lending.Tx, g *Guarantor) (EnforcementRecorded, error) {
	none := EnforcementRecorded{}
	if err := g.in(c.Guarantor, Active, Suspended); err != nil {
		return none, err
	}
	x := g.loans[c.Loan]
	switch thing := "loan " + string(c.Loan); {
	case x == nil:
		return none, bad(lending.ErrUnknown, thing, "is not covered here")
	case c.Evidence == event.Hash{}:
		return none, refuse(ErrTerms, "%s: no evidence is named", thing)
	case g.Terms.Liability != Ordinary || x.enforced:
		return none, bad(lending.ErrState, thing, "needs no enforcement, or it has failed already")
	}
	if err := approved(t, g.ID); err != nil {
		return none, err
	}
	due := t.On.AddDays(g.Terms.PayDays)
	return EnforcementRecorded{c.Loan, c.Evidence, t.On, due, t.Actor.ID, t.Approver.ID}, nil
}
