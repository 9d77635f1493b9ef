package lending

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// AdoptParty makes a party known as another system knew it: its standing, its identity, category and
// test. [Desk.Import] sends it. It needs an approver besides the actor. Given by an officer.
type AdoptParty struct {
	Cutover Code
	Party   Party // without Wallets
}

// PartyAdopted is the outcome of [AdoptParty].
type PartyAdopted struct {
	Party        Party
	On           civil.Date
	By, Approver ActorID
	Cutover      Code
}

// Type implements event.Of.
func (PartyAdopted) Type() string { return "adopted" }

// Apply implements event.Of.
func (e PartyAdopted) Apply(p *Party) {
	*p = e.Party
	p.Wallets = slices.Clone(e.Party.Wallets)
}

// Code implements event.Coder.
func (e *PartyAdopted) Code(c *event.Codec) {
	e.Party.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Cutover)
}

func (p *Party) code(c *event.Codec) {
	event.Text(c, &p.ID)
	event.Enum(c, &p.Kind)
	c.Bool(&p.Related)
	c.Bool(&p.Frozen)
	c.Bool(&p.Dormant)
	c.Bool(&p.Closed)
	c.Date(&p.Excluded)
	c.Date(&p.Since)
	c.Hash(&p.Identity.Evidence)
	c.Date(&p.Identity.Expires)
	p.Identified.code(c)
	event.Text(c, &p.Category.Name)
	c.Hash(&p.Category.Evidence)
	p.Category.Limits.code(c)
	c.Date(&p.Category.Expires)
	p.Categorized.code(c)
	c.Bool(&p.Appropriateness.Passed)
	c.Hash(&p.Appropriateness.Evidence)
	c.Date(&p.Appropriateness.Expires)
	p.Assessed.code(c)
	event.List(c, &p.Wallets, (*event.Codec).Currency)
}

func (v *Validity) code(c *event.Codec) {
	c.Date(&v.From)
	c.Date(&v.Expires)
}

// Home implements Command.
func (c AdoptParty) Home(Meta) event.Ref[Party] { return PartyRef(c.Party.ID) }

// Allowed implements Command.
func (AdoptParty) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a party that is known already.
func (c AdoptParty) Decide(t *Tx, p *Party) (PartyAdopted, error) {
	none := PartyAdopted{}
	if err := t.cutover(c.Cutover); err != nil {
		return none, err
	}
	if err := checkParty(&c.Party, t.On); err != nil {
		return none, err
	}
	if p.ID != "" {
		return none, &Error{ErrExists, "party " + string(p.ID), ""}
	}
	return PartyAdopted{c.Party, t.On, t.Actor.ID, t.Approver.ID, c.Cutover}, nil
}

// checkParty refuses a party that could not be one on a day.
func checkParty(p *Party, on civil.Date) error {
	if err := checkID("party", p.ID); err != nil {
		return err
	}
	what := "party " + string(p.ID)
	switch {
	case p.Kind < Person || p.Kind > Vehicle:
		return &Error{ErrTerms, what, "has no kind"}
	case len(p.Wallets) > 0:
		return &Error{ErrTerms, what, "lists wallets: they have records of their own"}
	case p.Since.IsZero() || p.Since.After(on) || p.Identified.From.After(on) || p.Categorized.From.After(on) ||
		p.Assessed.From.After(on):
		return &Error{ErrDate, what, "is known, identified, categorised or tested after " + on.String() + " or on no day"}
	}
	if c := &p.Category; c.Name != "" {
		return errors.Join(checkID("category", c.Name), c.Limits.check())
	}
	return nil
}
