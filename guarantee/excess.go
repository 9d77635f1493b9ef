package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// whyExcess is the reason of the entries, and the kind of income.
const whyExcess ledger.Why = "fund-excess"

// ExcessReleased is the outcome of [ReleaseExcess].
type ExcessReleased struct {
	On           civil.Date
	Minor        int64
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (ExcessReleased) Type() string { return "excess" }

// Apply implements event.Of.
func (e ExcessReleased) Apply(f *Fund) { f.Released += e.Minor }

// Code implements event.Coder.
func (e *ExcessReleased) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Minor)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ReleaseExcess pays what a fund has above its ceiling to the platform, as income (超额部分). The ceiling is
// the terms' part of the covered principal, rounded up, and the demands that wait on top of it: measure
// the loans first, see [MeasureFund]. It needs an approver besides the actor. Given by an officer.
type ReleaseExcess struct {
	Fund   lending.PartyID
	Amount money.Amount
}

// Home implements lending.Command.
func (c ReleaseExcess) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (ReleaseExcess) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses more than the excess (ErrExcess), and any release while
// investors' interest is cut for the fund's sake (ErrStabilisation).
func (c ReleaseExcess) Decide(t *lending.Tx, f *Fund) (ExcessReleased, error) {
	none := ExcessReleased{}
	if err := f.known(c.Fund); err != nil {
		return none, err
	}
	if err := second(t); err != nil {
		return none, err
	}
	if c.Amount.Sign() <= 0 || c.Amount.Currency() != f.Terms.Currency {
		return none, bad(lending.ErrAmount, "release of "+c.Amount.String(), "want more than zero "+f.Terms.Currency.String())
	}
	if !f.Stabilised.IsZero() {
		return none, refuse(ErrStabilisation, "fund %s is in stabilisation since %s", f.ID, f.Stabilised)
	}
	w, err := event.Read(t.Tx, lending.WalletRef(f.ID, f.Terms.Currency))
	if err != nil {
		return none, err
	}
	excess, err := f.Excess(w.Available)
	if err != nil {
		return none, err
	}
	if c.Amount.Minor() > excess {
		return none, refuse(ErrExcess, "fund %s has %s above its ceiling", f.ID, text(excess, f.Terms.Currency))
	}
	ev := ExcessReleased{t.On, c.Amount.Minor(), t.Actor.ID, t.Approver.ID}
	out := ledger.Move(ledger.Client, whyExcess, lending.Avail(f.ID), ledger.FeesDue(), c.Amount)
	if err := t.Post(out); err != nil {
		return none, err
	}
	return ev, t.Post(ledger.Move(ledger.Platform, whyExcess, ledger.FeesRcv(), ledger.Income(ledger.Ref(whyExcess)), c.Amount))
}

// Excess is what of a fund's cash may be released, in minor units.
func (f *Fund) Excess(cash int64) (int64, error) {
	ceiling, err := money.MulDiv(f.Covered, f.Terms.CeilingPPM, lending.Million, money.Up)
	if err != nil {
		return 0, err
	}
	return max(0, cash-ceiling-f.Queue.Total()), nil
}
