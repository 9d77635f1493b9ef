package lending

import (
	"github.com/loanweave/loanweave/lending/event"
)

// PartyKind is what a party is.
type PartyKind uint8

// Kinds of party.
const (
	Person PartyKind = iota + 1
	Company
	Vehicle // a fund, a package, a guarantor's or originator's account
)

var partyKindNames = [...]string{"", "person", "company", "vehicle"}

// String returns the kind's name.
func (k PartyKind) String() string { return nameOf(partyKindNames[:], k, "party kind") }

// Party is the state of a party: whoever owns a wallet, lends, borrows or stands in.
type Party struct {
	ID     PartyID
	Kind   PartyKind
	Frozen bool
}

// PartyRegistered is the outcome of [Register].
type PartyRegistered struct {
	Party PartyID
	Kind  PartyKind
	By    ActorID
}

// Type implements event.Of.
func (PartyRegistered) Type() string { return "registered" }

// Apply implements event.Of.
func (e PartyRegistered) Apply(p *Party) { p.ID, p.Kind = e.Party, e.Kind }

// Code implements event.Coder.
func (e *PartyRegistered) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Enum(c, &e.Kind)
	event.Text(c, &e.By)
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

var partyKind = event.NewKind[Party]("party", nil, event.On[PartyRegistered](), event.On[PartyFrozen]())

// PartyRef refers to a party's stream.
func PartyRef(p PartyID) event.Ref[Party] { return partyKind.Ref(string(p)) }

// Register makes a party known. The host has established who it is.
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
	return PartyRegistered{c.Party, c.Kind, t.Actor.ID}, nil
}

// Freeze stops a party from bidding, borrowing and withdrawing, or lets it again. Money still
// comes in.
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

// free returns a known party that is not frozen.
func (t *Tx) free(id PartyID) error {
	p, err := t.party(id)
	if err == nil && p.Frozen {
		return &Error{ErrState, "party " + string(id), "is frozen"}
	}
	return err
}

func known(p *Party, id PartyID) error {
	if p.ID == "" {
		return &Error{ErrUnknown, "party " + string(id), ""}
	}
	return nil
}
