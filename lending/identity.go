package lending

import (
	"context"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Identity is what was found out about who a party is. The documents stay with the host; their
// hash ties them to the record.
type Identity struct {
	Evidence event.Hash
	Expires  civil.Date // first day on which the party has to be identified again
}

// Identifier finds out who a party is (实名认证): a register, a bureau, a video call. It returns an
// error that wraps [ErrNotVerified] for a party that is not who it says; any other error leaves the
// answer unknown. It must be safe for concurrent use.
type Identifier interface {
	Identify(ctx context.Context, p PartyID) (Identity, error)
}

// RecordIdentity records that a party was identified. [Desk.Identify] asks the identifier first.
// Given by an officer or the system.
type RecordIdentity struct {
	Party    PartyID
	Identity Identity
}

// PartyIdentified is the outcome of [RecordIdentity].
type PartyIdentified struct {
	Party    PartyID
	Identity Identity
	On       civil.Date
	By       ActorID
}

// Type implements event.Of.
func (PartyIdentified) Type() string { return "identified" }

// Apply implements event.Of.
func (e PartyIdentified) Apply(p *Party) {
	p.Identity = e.Identity
	p.Identified = p.Identified.renewed(e.On, e.Identity.Expires)
}

// Code implements event.Coder.
func (e *PartyIdentified) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Hash(&e.Identity.Evidence)
	c.Date(&e.Identity.Expires)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c RecordIdentity) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (RecordIdentity) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses an identity without evidence and one that has expired.
func (c RecordIdentity) Decide(t *Tx, p *Party) (PartyIdentified, error) {
	if err := known(p, c.Party); err != nil {
		return PartyIdentified{}, err
	}
	err := t.evident("identity of "+string(c.Party), c.Identity.Evidence, c.Identity.Expires)
	return PartyIdentified{c.Party, c.Identity, t.On, t.Actor.ID}, err
}

// Identify asks the desk's identifier who a party is and records the answer by [RecordIdentity]. A
// key that has an answer is not asked about again. Errors are those of [Do], and the identifier's:
// one that says no wraps [ErrNotVerified] and leaves nothing behind.
func (d *Desk) Identify(ctx context.Context, m Meta, p PartyID) (PartyIdentified, error) {
	var none PartyIdentified
	if d.cfg.Identifier == nil {
		return none, &Error{ErrConfig, "desk", "has no identifier: set Config.Identifier"}
	}
	mine := func(e PartyIdentified) bool { return e.Party == p && e.By == m.Actor.ID }
	return askOnce(ctx, d, m, p, mine, func() (Command[Party, PartyIdentified], error) {
		id, err := d.cfg.Identifier.Identify(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("identify %s: %w", p, err)
		}
		return RecordIdentity{p, id}, nil
	})
}

// askOnce asks somebody outside about a party and records the answer, once for a key: who comes
// later with the key, or at the same time and second, gets the outcome of the first. Who may not
// record an answer cannot ask.
func askOnce[E event.Of[Party]](
	ctx context.Context, d *Desk, m Meta, p PartyID, mine func(E) bool,
	ask func() (Command[Party, E], error),
) (E, error) {
	var none E
	err := errors.Join(checkID("party", p), m.check(), m.permit(RecordIdentity{}.Allowed()))
	if err != nil {
		return none, err
	}
	if was, found, err := recall(ctx, d, m, p, mine); found || err != nil {
		return was, err
	}
	if err := m.timely(); err != nil {
		return none, err
	}
	if _, err := d.Party(ctx, p); err != nil {
		return none, err
	}
	c, err := ask()
	if err != nil {
		return none, err
	}
	e, err := Do(ctx, d, m, c)
	if errors.Is(err, event.ErrKeyReused) {
		if was, found, err := recall(ctx, d, m, p, mine); found && err == nil {
			return was, nil
		}
	}
	return e, err
}

// recall returns the answer that a key has already.
func recall[E event.Of[Party]](
	ctx context.Context, d *Desk, m Meta, p PartyID, mine func(E) bool,
) (E, bool, error) {
	var none E
	was, found, err := event.Recall[Party, E](ctx, d.engine, m.Key, PartyRef(p))
	if err != nil || !found {
		return none, false, err
	}
	if !mine(was) {
		return none, false, fmt.Errorf("%w: %s", event.ErrKeyReused, m.Key)
	}
	return was, true, nil
}
