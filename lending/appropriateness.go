package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Appropriateness is how a party did in the test of whether it knows what it lets itself in for
// (适当性): passed or not.
type Appropriateness struct {
	Passed   bool
	Evidence event.Hash
	Expires  civil.Date // first day on which it has to be tested again
}

// RecordAppropriateness records a test of appropriateness. When one is needed is a matter of
// [PartyRules] or of a host's [Rules], which read it from [Party.AppropriateOn]. Given by an
// officer or the system.
type RecordAppropriateness struct {
	Party  PartyID
	Result Appropriateness
}

// PartyAssessed is the outcome of [RecordAppropriateness].
type PartyAssessed struct {
	Party  PartyID
	Result Appropriateness
	On     civil.Date
	By     ActorID
}

// Type implements event.Of.
func (PartyAssessed) Type() string { return "assessed" }

// Apply implements event.Of.
func (e PartyAssessed) Apply(p *Party) {
	if p.Appropriateness.Passed != e.Result.Passed {
		p.Assessed = Validity{}
	}
	p.Appropriateness = e.Result
	p.Assessed = p.Assessed.renewed(e.On, e.Result.Expires)
}

// Code implements event.Coder.
func (e *PartyAssessed) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Bool(&e.Result.Passed)
	c.Hash(&e.Result.Evidence)
	c.Date(&e.Result.Expires)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c RecordAppropriateness) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (RecordAppropriateness) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses a result without evidence and one that has expired.
func (c RecordAppropriateness) Decide(t *Tx, p *Party) (PartyAssessed, error) {
	if err := known(p, c.Party); err != nil {
		return PartyAssessed{}, err
	}
	err := t.evident("appropriateness of "+string(c.Party), c.Result.Evidence, c.Result.Expires)
	return PartyAssessed{c.Party, c.Result, t.On, t.Actor.ID}, err
}
