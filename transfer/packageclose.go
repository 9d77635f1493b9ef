package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// PackageClosed is the outcome of [ClosePackage].
type PackageClosed struct {
	Closed bool // else it was reopened
	Reason lending.Code
	On     civil.Date
	By     lending.ActorID
}

// Type implements event.Of.
func (PackageClosed) Type() string { return "closed" }

// Apply implements event.Of.
func (e PackageClosed) Apply(p *Package) {
	p.Closed = e.Closed
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *PackageClosed) Code(c *event.Codec) {
	c.Bool(&e.Closed)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// ClosePackage closes a package to new money (停止申购), or reopens it: nobody subscribes, and interest that the
// terms add to the principal is paid out instead. What is promised is owed as before: exits go on, interest is
// earned, and its sponsor may top up. The vehicle sells and buys claims with what it has. Given by an officer.
type ClosePackage struct {
	Package lending.PartyID
	Reason  lending.Code
	Reopen  bool
}

// Home implements Command.
func (c ClosePackage) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (ClosePackage) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements Command. It refuses a package that does not exist ([ErrGone]) or has a period to close first
// ([lending.ErrPending]), a malformed reason ([ErrPackage]), and one that is closed, or open, already
// ([ErrPackageClosed]).
func (c ClosePackage) Decide(t *lending.Tx, p *Package) (PackageClosed, error) {
	if err := p.open(c.Package, t.On); err != nil {
		return PackageClosed{}, err
	}
	switch {
	case !lending.ValidID(c.Reason):
		return PackageClosed{}, refuse(ErrPackage, "the reason is not well formed")
	case p.Closed && !c.Reopen:
		return PackageClosed{}, refuse(ErrPackageClosed, "package %s is so already", p.ID)
	case !p.Closed && c.Reopen:
		return PackageClosed{}, refuse(ErrPackageClosed, "package %s is not: there is nothing to reopen", p.ID)
	}
	return PackageClosed{!c.Reopen, c.Reason, t.On, t.Actor.ID}, nil
}

// reinvests reports whether interest is added to the principal, not paid out.
func (p *Package) reinvests() bool { return p.Terms.Reinvest && !p.Closed }
