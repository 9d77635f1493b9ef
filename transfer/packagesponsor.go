package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// TopUpPackage gives a package money of its sponsor, who is owed nothing for it (补足). By the sponsor. Given by a
// party.
type TopUpPackage struct {
	Package lending.PartyID
	Amount  money.Amount
}

// PackageToppedUp is the outcome of [TopUpPackage].
type PackageToppedUp struct {
	Minor int64
	On    civil.Date
}

// Type implements event.Of.
func (PackageToppedUp) Type() string { return "topped-up" }

// Apply implements event.Of.
func (e PackageToppedUp) Apply(p *Package) {
	p.ToppedUp += e.Minor
	p.Flow += e.Minor
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *PackageToppedUp) Code(c *event.Codec) {
	c.Int(&e.Minor)
	c.Date(&e.On)
}

// Home implements Command.
func (c TopUpPackage) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (TopUpPackage) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses another party ([ErrSponsor]), an amount that is none
// ([lending.ErrAmount]), a sponsor who may take no money out as [lending.Tx.May] has it, and one without the money
// ([lending.ErrFunds]).
func (c TopUpPackage) Decide(t *lending.Tx, p *Package) (PackageToppedUp, error) {
	if err := p.sponsored(t, c.Package, c.Amount); err != nil {
		return PackageToppedUp{}, err
	}
	if err := t.May(p.Terms.Sponsor, lending.ActWithdraw); err != nil {
		return PackageToppedUp{}, err
	}
	from, to := lending.Avail(p.Terms.Sponsor), lending.Avail(p.ID)
	return PackageToppedUp{c.Amount.Minor(), t.On}, t.Post(ledger.Move(ledger.Client, "package-topped-up", from, to, c.Amount))
}

// sponsored refuses who is not the sponsor, and an amount that is none.
func (p *Package) sponsored(t *lending.Tx, id lending.PartyID, a money.Amount) error {
	if err := p.open(id, t.On); err != nil {
		return err
	}
	if lending.PartyID(t.Actor.ID) != p.Terms.Sponsor {
		return refuse(ErrSponsor, "party %s does not stand behind package %s", t.Actor.ID, p.ID)
	}
	if a.Currency() != p.Terms.Currency || a.Sign() <= 0 {
		return &lending.Error{Err: lending.ErrAmount, Thing: "amount " + a.String(),
			Why: "want more than zero in " + p.Terms.Currency.Code()}
	}
	return nil
}

// TakeSurplus takes out of a package what its basket has above the least coverage of the terms (提取盈余). By the
// sponsor. Given by a party.
type TakeSurplus struct {
	Package lending.PartyID
	Amount  money.Amount
}

// SurplusTaken is the outcome of [TakeSurplus].
type SurplusTaken struct {
	Minor int64
	On    civil.Date
}

// Type implements event.Of.
func (SurplusTaken) Type() string { return "surplus-taken" }

// Apply implements event.Of.
func (e SurplusTaken) Apply(p *Package) {
	p.Surplus += e.Minor
	p.Flow -= e.Minor
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *SurplusTaken) Code(c *event.Codec) {
	c.Int(&e.Minor)
	c.Date(&e.On)
}

// Home implements Command.
func (c TakeSurplus) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (TakeSurplus) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses another party ([ErrSponsor]), an amount that is none
// ([lending.ErrAmount]), what would leave less than the terms want ([ErrUnderCollateralised]), cash for which
// investors wait ([ErrQueued]), and more than is free ([lending.ErrFunds]).
func (c TakeSurplus) Decide(t *lending.Tx, p *Package) (SurplusTaken, error) {
	none := SurplusTaken{}
	if err := p.sponsored(t, c.Package, c.Amount); err != nil {
		return none, err
	}
	v, _, err := p.weighIn(t)
	if err != nil {
		return none, err
	}
	minor := c.Amount.Minor()
	if minor > v.Value {
		return none, refuse(ErrUnderCollateralised, "package %s has %s", p.ID, show(v.Value, p.Terms.Currency))
	}
	if err := p.covers(Coverage{v.Value - minor, v.Owed}); err != nil {
		return none, err
	}
	if wait := p.waits(t.On); wait > 0 && minor > v.Free-wait {
		return none, refuse(ErrQueued, "investors wait for %s", show(wait, p.Terms.Currency))
	}
	from, to := lending.Avail(p.ID), lending.Avail(p.Terms.Sponsor)
	return SurplusTaken{minor, t.On}, t.Post(ledger.Move(ledger.Client, "package-surplus", from, to, c.Amount))
}

// waits is what investors wait for: requests with their interest, and interest that was not paid out when its
// period ended.
func (p *Package) waits(on civil.Date) (sum int64) {
	for i := range p.Queue {
		sum += p.Queue[i].Units + p.interestOf(&p.Queue[i], on)
	}
	if !p.reinvests() {
		sum += max(0, p.Promised-p.Credited)
	}
	return sum
}
