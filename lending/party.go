package lending

import (
	"context"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PartyKind is what a party is.
type PartyKind uint8

// Kinds of party.
const (
	Person PartyKind = iota + 1
	Company
	Vehicle // a fund, a package: its money is that of others
)

var partyKindNames = [...]string{"", "person", "company", "vehicle"}

// String returns the kind's name.
func (k PartyKind) String() string { return nameOf(partyKindNames[:], k, "party kind") }

// Party is the state of a party: whoever owns a wallet, lends, borrows or stands in. What it may do
// on a date is told by [Party.May], [Party.IdentifiedOn], [Party.CategoryOn], [Party.AppropriateOn].
type Party struct {
	ID       PartyID
	Kind     PartyKind
	Related  bool // a related party of the platform (关联方)
	Frozen   bool
	Dormant  bool
	Closed   bool
	Excluded civil.Date // by itself: first day on which it may bid and borrow again; zero for not
	Since    civil.Date // registered, or last reactivated

	Identity        Identity
	Identified      Validity
	Category        Category
	Categorized     Validity
	Appropriateness Appropriateness
	Assessed        Validity

	Wallets []money.Currency // that were ever used, in the order of their first use
}

// PartyRegistered is the outcome of [Register].
type PartyRegistered struct {
	Party PartyID
	Kind  PartyKind
	By    ActorID
	On    civil.Date
}

// Type implements event.Of.
func (PartyRegistered) Type() string { return "registered" }

// Apply implements event.Of.
func (e PartyRegistered) Apply(p *Party) { p.ID, p.Kind, p.Since = e.Party, e.Kind, e.On }

// Code implements event.Coder.
func (e *PartyRegistered) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Enum(c, &e.Kind)
	event.Text(c, &e.By)
	c.Date(&e.On)
}

// PartyFrozen is the outcome of [Freeze].
type PartyFrozen struct {
	Party  PartyID
	Frozen bool
	By     ActorID
}

// Type implements event.Of.
func (PartyFrozen) Type() string { return "frozen" }

// Apply implements event.Of.
func (e PartyFrozen) Apply(p *Party) { p.Frozen = e.Frozen }

// Code implements event.Coder.
func (e *PartyFrozen) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Bool(&e.Frozen)
	event.Text(c, &e.By)
}

// PartyRelated is the outcome of [MarkRelated].
type PartyRelated struct {
	Party   PartyID
	Related bool
	By      ActorID
}

// Type implements event.Of.
func (PartyRelated) Type() string { return "related" }

// Apply implements event.Of.
func (e PartyRelated) Apply(p *Party) { p.Related = e.Related }

// Code implements event.Coder.
func (e *PartyRelated) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Bool(&e.Related)
	event.Text(c, &e.By)
}

// PartyWallet stands on a party when a wallet of it is used for the first time.
type PartyWallet struct{ Currency money.Currency }

// Type implements event.Of.
func (PartyWallet) Type() string { return "wallet" }

// Apply implements event.Of.
func (e PartyWallet) Apply(p *Party) { p.Wallets = append(p.Wallets, e.Currency) }

// Code implements event.Coder.
func (e *PartyWallet) Code(c *event.Codec) { c.Currency(&e.Currency) }

var partyKind = event.NewKind[Party]("party", nil, event.On[PartyRegistered](), event.On[PartyFrozen](),
	event.On[PartyRelated](), event.On[PartyWallet](), event.On[PartyIdentified](),
	event.On[PartyCategorized](), event.On[PartyAssessed](), event.On[PartyExcluded](),
	event.On[PartyDormant](), event.On[PartyReactivated](), event.On[PartyClosed](),
	event.On[PartyAdopted]())

// PartyRef refers to a party's stream.
func PartyRef(p PartyID) event.Ref[Party] { return partyKind.Ref(string(p)) }

// Register makes a party known. The host has established who it is. Given by an officer or the
// system.
type Register struct {
	Party PartyID
	Kind  PartyKind
}

// Home implements Command.
func (c Register) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (Register) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses a malformed id and a party that is known already.
func (c Register) Decide(t *Tx, p *Party) (PartyRegistered, error) {
	if err := checkID("party", c.Party); err != nil {
		return PartyRegistered{}, err
	}
	if c.Kind < Person || c.Kind > Vehicle {
		return PartyRegistered{}, &Error{ErrTerms, "party " + string(c.Party), "has no kind"}
	}
	if p.ID != "" {
		return PartyRegistered{}, &Error{ErrExists, "party " + string(c.Party), ""}
	}
	return PartyRegistered{c.Party, c.Kind, t.Actor.ID, t.On}, nil
}

// Freeze stops a party from bidding, borrowing and withdrawing, or lets it again. Money still
// comes in. Given by an officer.
type Freeze struct {
	Party PartyID
	Lift  bool
}

// Home implements Command.
func (c Freeze) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (Freeze) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c Freeze) Decide(t *Tx, p *Party) (PartyFrozen, error) {
	if err := known(p, c.Party); err != nil {
		return PartyFrozen{}, err
	}
	if p.Frozen != c.Lift {
		return PartyFrozen{}, &Error{ErrState, "party " + string(c.Party), "is so already"}
	}
	return PartyFrozen{c.Party, !c.Lift, t.Actor.ID}, nil
}

// MarkRelated marks a party as related to the platform (关联方), or no longer. The mark forbids nothing
// by itself; rules against self-financing read it. Given by an officer.
type MarkRelated struct {
	Party PartyID
	Lift  bool
}

// Home implements Command.
func (c MarkRelated) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (MarkRelated) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c MarkRelated) Decide(t *Tx, p *Party) (PartyRelated, error) {
	if err := known(p, c.Party); err != nil {
		return PartyRelated{}, err
	}
	if p.Related != c.Lift {
		return PartyRelated{}, &Error{ErrState, "party " + string(c.Party), "is so already"}
	}
	return PartyRelated{c.Party, !c.Lift, t.Actor.ID}, nil
}

// party returns a known party.
func (t *Tx) party(id PartyID) (*Party, error) {
	if err := checkID("party", id); err != nil {
		return nil, err
	}
	p, err := event.Read(t.Tx, PartyRef(id))
	if err != nil {
		return nil, err
	}
	return p, known(p, id)
}

func known(p *Party, id PartyID) error {
	if p.ID == "" {
		return &Error{ErrUnknown, "party " + string(id), ""}
	}
	return nil
}

// Party returns a party as it stands.
func (d *Desk) Party(ctx context.Context, id PartyID) (*Party, error) {
	if err := checkID("party", id); err != nil {
		return nil, err
	}
	p, _, err := View(ctx, d, PartyRef(id))
	if err != nil {
		return nil, err
	}
	return p, known(p, id)
}
