package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// PackageDefined is the outcome of [DefinePackage].
type PackageDefined struct {
	Package      lending.PartyID
	Terms        PackageTerms
	On           civil.Date
	Net          int64 // what the vehicle has already, see [PackageTotals]
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (PackageDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e PackageDefined) Apply(p *Package) {
	p.ID, p.Terms, p.Opened, p.Net = e.Package, e.Terms, e.On, e.Net
	p.ToppedUp = e.Net
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *PackageDefined) Code(c *event.Codec) {
	event.Text(c, &e.Package)
	e.Terms.code(c)
	c.Date(&e.On)
	c.Int(&e.Net)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// DefinePackage opens a package for a party that is registered as a vehicle. What the vehicle has already
// counts as topped up. The vehicle's own commands are for buying and selling: no money leaves it, and none is
// borrowed, in any other way than by the commands of the package ([lending.ErrFenced]). It needs an approver besides the actor. Given by an officer.
type DefinePackage struct {
	Package lending.PartyID
	Terms   PackageTerms
}

// Home implements Command.
func (c DefinePackage) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (DefinePackage) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Features implements lending.Featured.
func (DefinePackage) Features() []lending.Feature { return packaged() }

// Decide implements Command. It refuses a command without a second officer ([lending.ErrSecond]), terms that
// [PackageTerms.Validate] finds fault with, a package that exists, a custodian that keeps sub-accounts
// ([ErrCustody]), a party that is no vehicle or owes on loans ([ErrPackage]), one whose money may not go out, or is
// kept for something else, as that of a provision fund is ([lending.Tx.May]), and a sponsor that does not exist
// ([ErrGone]).
func (c DefinePackage) Decide(t *lending.Tx, p *Package) (PackageDefined, error) {
	none := PackageDefined{}
	if err := second(t, c.Package); err != nil {
		return none, err
	}
	if err := c.Terms.Validate(); err != nil {
		return none, err
	}
	if p.ID != "" {
		return none, &lending.Error{Err: lending.ErrExists, Thing: "package " + string(c.Package),
			Why: "its terms do not change"}
	}
	if err := omnibus(t); err != nil {
		return none, err
	}
	if err := c.parties(t); err != nil {
		return none, err
	}
	v, _, err := (&Package{ID: c.Package, Terms: c.Terms}).weighIn(t)
	if err != nil {
		return none, err
	}
	return PackageDefined{c.Package, c.Terms, t.On, v.Value - v.Debt, t.Actor.ID, t.Approver.ID}, nil
}

// parties refuses a vehicle and a sponsor that are none.
func (c *DefinePackage) parties(t *lending.Tx) error {
	vehicle, sponsor := lending.PartyRef(c.Package), lending.PartyRef(c.Terms.Sponsor)
	wallet := lending.WalletRef(c.Package, c.Terms.Currency)
	if err := t.Want(vehicle.Stream(), sponsor.Stream(), wallet.Stream()); err != nil {
		return err
	}
	v, err := event.Read(t.Tx, vehicle)
	if err != nil {
		return err
	}
	s, err := event.Read(t.Tx, sponsor)
	if err != nil {
		return err
	}
	w, err := event.Read(t.Tx, wallet)
	switch {
	case err != nil:
		return err
	case v.ID == "":
		return refuse(ErrGone, "party %s: register it first", c.Package)
	case s.ID == "":
		return refuse(ErrGone, "party %s: register it first", c.Terms.Sponsor)
	case v.Kind != lending.Vehicle:
		return refuse(ErrPackage, "party %s is a %s, want a vehicle", c.Package, v.Kind)
	case w.Debt() > 0:
		return refuse(ErrPackage, "party %s owes on loans, or asks for them", c.Package)
	case s.Kind == lending.Vehicle:
		return refuse(ErrPackage, "party %s is a vehicle: the money of one package is not another's", s.ID)
	}
	return t.May(c.Package, lending.ActWithdraw)
}

// omnibus refuses a custodian that keeps sub-accounts: money would be on its way while it is owed already.
func omnibus(t *lending.Tx) error {
	if t.Custody() == lending.PerUser {
		return refuse(ErrCustody, "a package counts on money at once")
	}
	return nil
}
