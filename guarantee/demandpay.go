package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// DemandPaid is the outcome of [PayDemand].
type DemandPaid struct {
	On civil.Date
	Settled
	Margin int64 // of it, out of the margin deposit
	By     lending.ActorID
}

// Type implements event.Of.
func (DemandPaid) Type() string { return "paid" }

// Apply implements event.Of.
func (e DemandPaid) Apply(g *Guarantor) {
	g.Queue.set(e.Key, e.Left)
	g.Paid += e.Minor
	g.Margin -= e.Margin
	g.Granted = max(0, g.Granted-(e.Minor-e.Margin))
}

// Code implements event.Coder.
func (e *DemandPaid) Code(c *event.Codec) {
	c.Date(&e.On)
	e.Settled.code(c)
	c.Int(&e.Margin)
	event.Text(c, &e.By)
}

// PayDemand pays a demand on a guarantor to the lenders, in whole or in part (代偿): a party pays out of its free
// balance; an officer, with an approver, out of its margin deposit once the demand is overdue or the guarantor
// has defaulted. What the borrower has paid meanwhile is not paid again. Given by a party or an officer.
type PayDemand struct {
	Guarantor lending.PartyID
	Demand    Key
	Amount    money.Amount // at most; zero for all of it
}

// Home implements lending.Command.
func (c PayDemand) Home(lending.Meta) event.Ref[Guarantor] { return GuarantorRef(c.Guarantor) }

// Allowed implements lending.Command.
func (PayDemand) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements lending.Command. It refuses a demand that does not stand, a deposit that is empty or of
// which the time has not come, and, with a lending.FundsError, more than the wallet has.
func (c PayDemand) Decide(t *lending.Tx, g *Guarantor) (DemandPaid, error) {
	none := DemandPaid{}
	margin := t.Actor.Role == lending.RoleOfficer
	if err := g.in(c.Guarantor, payers(margin)...); err != nil {
		return none, err
	}
	d, err := g.demanded(t, c.Demand)
	if err != nil {
		return none, err
	}
	if !c.Amount.IsZero() {
		if err := positive(c.Amount, g.Terms.Currency); err != nil {
			return none, err
		}
	}
	l, err := event.Read(t.Tx, lending.LoanRef(d.Loan))
	if err != nil {
		return none, err
	}
	if ready, err := settled(t, l); err != nil || !ready {
		return none, pending(l, err)
	}
	ev := DemandPaid{On: t.On, Settled: Settled{Key: d.Key}, By: t.Actor.ID}
	want, err := wants(l, d, t.On, g.owes)
	if err != nil {
		return none, err
	}
	if margin {
		if err := g.callable(t, d, want); err != nil {
			return none, err
		}
	}
	if ev.Minor = want; !c.Amount.IsZero() {
		ev.Minor = min(want, c.Amount.Minor())
	}
	if margin {
		ev.Minor = min(ev.Minor, g.Margin)
		ev.Margin = ev.Minor
	}
	ev.Left = want - ev.Minor
	return ev, g.advance(t, &ev)
}

// callable refuses a call on the deposit that is empty, or for a demand that is not overdue. One that the
// borrower has met takes nothing out of it.
func (g *Guarantor) callable(t *lending.Tx, d Demand, want int64) error {
	if err := approved(t, g.ID); err != nil {
		return err
	}
	switch {
	case want > 0 && g.State != Defaulted && !d.overdue(t.On):
		return bad(lending.ErrState, "demand of loan "+string(d.Loan), "is not overdue")
	case want > 0 && g.Margin == 0:
		return bad(lending.ErrFunds, "deposit of "+string(g.ID), "is empty: it has to pay itself, or to be declared in default")
	}
	return nil
}

// payers are the states in which a guarantor, or an originator, pays; out of a deposit it does in default too.
func payers(deposit bool) []State {
	if deposit {
		return []State{Active, Suspended, Defaulted}
	}
	return []State{Active, Suspended}
}

// advance pays what was decided.
func (g *Guarantor) advance(t *lending.Tx, ev *DemandPaid) error {
	if ev.Margin > 0 {
		a, err := money.New(ev.Margin, g.Terms.Currency)
		if err != nil {
			return err
		}
		if err := g.freeMargin(t, a); err != nil {
			return err
		}
	}
	return settleOne(t, g.ID, ev.Settled, g.Terms.Currency)
}

// demanded returns a demand that stands. A party sees its own alone.
func (g *Guarantor) demanded(t *lending.Tx, k Key) (Demand, error) {
	if err := self(t, g.ID); err != nil {
		return Demand{}, err
	}
	d, ok := g.Queue.Get(k)
	if !ok {
		return d, bad(lending.ErrUnknown, "demand of loan "+string(k.Loan), "does not stand")
	}
	if t.On.Before(d.On) {
		return d, bad(lending.ErrDate, "demand of loan "+string(k.Loan), "was made on "+d.On.String())
	}
	return d, nil
}

// pending is why a loan cannot be paid now.
func pending(l *lending.Loan, err error) error {
	if err != nil {
		return err
	}
	return bad(lending.ErrPending, "loan "+string(l.ID), "its last payout is not complete")
}
