package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// FundStabilised is the outcome of [Stabilise].
type FundStabilised struct {
	On           civil.Date
	By, Approver lending.ActorID
	Coverage     Coverage
}

// Type implements event.Of.
func (FundStabilised) Type() string { return "stabilised" }

// Apply implements event.Of.
func (e FundStabilised) Apply(f *Fund) { f.Stabilised = e.On }

// Code implements event.Coder.
func (e *FundStabilised) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	e.Coverage.code(c)
}

func (v *Coverage) code(c *event.Codec) {
	c.Int(&v.Cash)
	c.Int(&v.Losses)
	c.Int(&v.Income)
}

// StabilisationEnded is the outcome of [EndStabilisation].
type StabilisationEnded struct {
	On           civil.Date
	By, Approver lending.ActorID
	Coverage     Coverage
}

// Type implements event.Of.
func (StabilisationEnded) Type() string { return "stabilisation-ended" }

// Apply implements event.Of.
func (e StabilisationEnded) Apply(f *Fund) { f.Stabilised = civil.Date{} }

// Code implements event.Coder.
func (e *StabilisationEnded) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	e.Coverage.code(c)
}

// Stabilise records that a fund's cash no longer covers expected losses, and investors' interest is to be
// redirected to it (稳定期), which [RedirectInterest] does. While it lasts nothing is released. It needs an approver besides the actor. Given by an officer.
type Stabilise struct {
	Fund           lending.PartyID
	Losses, Income int64 // see [Coverage]
}

// Home implements lending.Command.
func (c Stabilise) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (Stabilise) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a fund whose cash covers expected losses.
func (c Stabilise) Decide(t *lending.Tx, f *Fund) (FundStabilised, error) {
	none := FundStabilised{}
	v, r, err := f.judged(t, c.Fund, Coverage{0, c.Losses, c.Income})
	switch {
	case err != nil:
		return none, err
	case !f.Stabilised.IsZero():
		return none, bad(lending.ErrState, "fund "+string(f.ID), "is in stabilisation already")
	case r.AtLeast(lending.Million):
		return none, refuse(ErrStabilisation, "cash of fund %s covers expected losses", f.ID)
	}
	return FundStabilised{t.On, t.Actor.ID, t.Approver.ID, v}, nil
}

// EndStabilisation ends it when cash covers expected losses by the target of the fund's terms. It needs an
// approver besides the actor. Given by an officer.
type EndStabilisation struct {
	Fund           lending.PartyID
	Losses, Income int64 // see [Coverage]
}

// Home implements lending.Command.
func (c EndStabilisation) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (EndStabilisation) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a fund that is below its target.
func (c EndStabilisation) Decide(t *lending.Tx, f *Fund) (StabilisationEnded, error) {
	none := StabilisationEnded{}
	v, r, err := f.judged(t, c.Fund, Coverage{0, c.Losses, c.Income})
	switch {
	case err != nil:
		return none, err
	case f.Stabilised.IsZero():
		return none, bad(lending.ErrState, "fund "+string(f.ID), "is not in stabilisation")
	case !r.AtLeast(f.Terms.TargetPPM):
		return none, refuse(ErrStabilisation, "coverage of fund %s is below %d ppm", f.ID, f.Terms.TargetPPM)
	}
	return StabilisationEnded{t.On, t.Actor.ID, t.Approver.ID, v}, nil
}

// judged completes figures by the fund's cash. Without expected losses everything is covered.
func (f *Fund) judged(t *lending.Tx, id lending.PartyID, v Coverage) (Coverage, Ratio, error) {
	if err := f.known(id); err != nil {
		return v, Ratio{}, err
	}
	if err := second(t); err != nil {
		return v, Ratio{}, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(f.ID, f.Terms.Currency))
	if err != nil {
		return v, Ratio{}, err
	}
	v.Cash = w.Available
	if v.Losses == 0 && v.Income >= 0 {
		return v, Ratio{maxTargetPPM / lending.Million, 1}, nil
	}
	r, err := v.Interest()
	return v, r, err
}
