package transfer

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Subscribe buys into a package at par (申购). By the investor, with what is free in his wallet. Given by a
// party.
type Subscribe struct {
	Package lending.PartyID
	Amount  money.Amount
}

// Subscribed is the outcome of [Subscribe].
type Subscribed struct {
	Investor lending.PartyID
	Minor    int64
	On       civil.Date
	Unlocks  civil.Date // the first day on which he may ask for it
}

// Type implements event.Of.
func (Subscribed) Type() string { return "subscribed" }

// Apply implements event.Of.
func (e Subscribed) Apply(p *Package) {
	i, ok := p.find(e.Investor)
	if !ok {
		p.Holdings = slices.Insert(p.Holdings, i, PackageHolding{Investor: e.Investor})
	}
	h := &p.Holdings[i]
	h.change(e.Minor, e.On)
	h.lock(e.Unlocks, e.Minor, e.On)
	p.Principal += e.Minor
	p.Subscribed += e.Minor
	p.Flow += e.Minor
	p.saw(e.On)
}

// Code implements event.Coder.
func (e *Subscribed) Code(c *event.Codec) {
	event.Text(c, &e.Investor)
	c.Int(&e.Minor)
	c.Date(&e.On)
	c.Date(&e.Unlocks)
}

// Home implements Command.
func (c Subscribe) Home(lending.Meta) event.Ref[Package] { return PackageRef(c.Package) }

// Allowed implements Command.
func (Subscribe) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Features implements lending.Featured.
func (Subscribe) Features() []lending.Feature { return packaged() }

// Decide implements Command. It refuses a package that does not exist ([ErrGone]) or is closed to new money ([ErrPackageClosed]), what [PackageTerms] do not
// sell ([ErrSlice], [ErrFull]), an investor who may not lend, is a package himself ([ErrBuyer]) or has asked for
// all that he has ([ErrQueued]), one without the money ([lending.ErrFunds]), and any subscription after which
// the basket would cover less than the terms want ([ErrUnderCollateralised]): new money pays nobody out.
func (c Subscribe) Decide(t *lending.Tx, p *Package) (Subscribed, error) {
	none, who := Subscribed{}, lending.PartyID(t.Actor.ID)
	if err := p.open(c.Package, t.On); err != nil {
		return none, err
	}
	if err := omnibus(t); err != nil {
		return none, err
	}
	if err := p.sells(who, c.Amount, t.On); err != nil {
		return none, err
	}
	if err := t.May(who, lending.ActBid); err != nil {
		return none, err
	}
	other, err := event.Read(t.Tx, PackageRef(who))
	if err != nil {
		return none, err
	}
	if other.ID != "" {
		return none, refuse(ErrBuyer, "party %s is a package itself", who)
	}
	v, _, err := p.weighIn(t)
	if err != nil {
		return none, err
	}
	minor := c.Amount.Minor()
	if err := p.covers(Coverage{v.Value + minor, v.Owed + minor}); err != nil {
		return none, err
	}
	ev := Subscribed{who, minor, t.On, t.On.AddDays(p.Terms.LockUpDays)}
	return ev, t.Post(ledger.Move(ledger.Client, "package-subscribed", lending.Avail(who), lending.Avail(p.ID), c.Amount))
}

// sells refuses an amount that the terms do not sell to an investor.
func (p *Package) sells(who lending.PartyID, a money.Amount, on civil.Date) error {
	m, h := &p.Terms, p.holding(who)
	switch x := p.exit(who); {
	case p.Closed:
		return refuse(ErrPackageClosed, "package %s takes no new money", p.ID)
	case a.Currency() != m.Currency || a.Minor() < m.MinAmount:
		return refuse(ErrSlice, "it sells %s or more, not %s", show(m.MinAmount, m.Currency), a)
	case a.Minor() > m.Cap-p.Principal:
		return refuse(ErrFull, "%s are left", show(max(0, m.Cap-p.Principal), m.Currency))
	case h == nil && len(p.Holdings) >= MaxInvestors:
		return refuse(ErrFull, "it has as many investors as it can have")
	case x != nil && x.All:
		return refuse(ErrQueued, "investor %s has asked for all: cancel that first", who)
	case h != nil && m.LockUpDays > 0 && h.locks(on) >= maxLocks:
		return refuse(ErrFull, "%d subscriptions of investor %s are locked up", maxLocks, who)
	}
	return nil
}

// locks counts the days until which parts are locked.
func (h *PackageHolding) locks(on civil.Date) (n int) {
	for _, l := range h.Locks {
		if on.Before(l.Until) {
			n++
		}
	}
	return n
}

// covers refuses a coverage below the least of the terms.
func (p *Package) covers(v Coverage) error {
	if v.AtLeast(p.Terms.CoveragePPM) {
		return nil
	}
	cur := p.Terms.Currency
	return refuse(ErrUnderCollateralised, "package %s would have %s for %s, want %d ppm: its sponsor tops up first",
		p.ID, show(v.Value, cur), show(v.Owed, cur), p.Terms.CoveragePPM)
}
