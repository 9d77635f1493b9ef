package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Exclude keeps the actor himself from bidding and borrowing, by hand and by standing order, until a
// day (自我排除). Nobody can lift it earlier; the actor may make it longer. He can still withdraw, and
// what he is owed is paid to him. Given by a party.
type Exclude struct {
	Until civil.Date // first day on which he may bid and borrow again
}

// PartyExcluded is the outcome of [Exclude].
type PartyExcluded struct{ Until civil.Date }

// Type implements event.Of.
func (PartyExcluded) Type() string { return "excluded" }

// Apply implements event.Of.
func (e PartyExcluded) Apply(p *Party) { p.Excluded = e.Until }

// Code implements event.Coder.
func (e *PartyExcluded) Code(c *event.Codec) { c.Date(&e.Until) }

// Home implements Command.
func (Exclude) Home(m Meta) event.Ref[Party] { return PartyRef(PartyID(m.Actor.ID)) }

// Allowed implements Command.
func (Exclude) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a day that is not after today, and one that is not after the
// end of an exclusion that stands.
func (c Exclude) Decide(t *Tx, p *Party) (PartyExcluded, error) {
	who := PartyID(t.Actor.ID)
	if err := known(p, who); err != nil {
		return PartyExcluded{}, err
	}
	if !t.On.Before(c.Until) {
		return PartyExcluded{}, &Error{ErrDate, "exclusion of " + string(who),
			"ends on " + c.Until.String() + ", want a later day than " + t.On.String()}
	}
	if !p.Excluded.Before(c.Until) {
		return PartyExcluded{}, &Error{ErrState, "exclusion of " + string(who),
			"stands until " + p.Excluded.String() + " and cannot be made shorter"}
	}
	return PartyExcluded(c), nil
}
