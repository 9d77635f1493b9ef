package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// next is the demand that stands after what has changed: none within MaxLTV, a new one beyond TopUpLTV. One
// that stands keeps its days until it is met.
func (c *Collateral) next(l *lending.Loan, on civil.Date) (TopUp, error) {
	minor := owed(l)
	if !c.Secures || minor == 0 || c.Within(minor, c.Terms.MaxLTV) {
		return TopUp{}, nil
	}
	want, err := money.MulDiv(minor, lending.Million, c.Terms.MaxLTV, money.Up)
	if err != nil {
		return TopUp{}, err
	}
	u := c.TopUp
	if u == (TopUp{}) {
		if c.Within(minor, c.Terms.TopUpLTV) {
			return u, nil
		}
		u.On, u.Due = on, on.AddDays(c.Terms.TopUpDays)
	}
	u.Minor = want - c.Lendable()
	return u, nil
}

// TopUpReviewed is the outcome of [ReviewTopUp].
type TopUpReviewed struct {
	TopUp TopUp // that stands; zero for none: it has been met
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (TopUpReviewed) Type() string { return "top-up" }

// Apply implements event.Of.
func (e TopUpReviewed) Apply(c *Collateral) { c.TopUp = e.TopUp }

// Code implements event.Coder.
func (e *TopUpReviewed) Code(c *event.Codec) {
	e.TopUp.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// ReviewTopUp looks whether a demand for more collateral has been met, as by a repayment, or begins, as by a new plan
// that adds interest to the principal; after its last day it has failed otherwise, and [lending.Accelerate] is for
// people to decide. Registering and valuing a thing, and a payment that bounces, look by themselves. Day-end sends it the day after the last one. Given by an officer or the system.
type ReviewTopUp struct{ Loan lending.LoanID }

// Home implements lending.Command.
func (c ReviewTopUp) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (ReviewTopUp) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses when there is no demand, or nothing new about it (ErrNothing).
func (c ReviewTopUp) Decide(t *lending.Tx, s *Collateral) (TopUpReviewed, error) {
	none := TopUpReviewed{}
	l, err := loan(t, c.Loan)
	if err != nil {
		return none, err
	}
	ev := TopUpReviewed{On: t.On, By: t.Actor.ID}
	if ev.TopUp, err = s.next(l, t.On); err != nil {
		return none, err
	}
	if u := &ev.TopUp; *u != (TopUp{}) && u.Failed.IsZero() && t.On.After(u.Due) {
		u.Failed = t.On
	}
	switch {
	case ev.TopUp != s.TopUp:
	case ev.TopUp == TopUp{}:
		return none, refuse(ErrNothing, "loan %s is not to be topped up", c.Loan)
	default:
		return none, refuse(ErrNothing, "loan %s still lacks %s of collateral, due on %s", c.Loan, text(s.TopUp.Minor, s.Terms.Currency), s.TopUp.Due)
	}
	return ev, nil
}
