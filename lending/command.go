package lending

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// Command is something to be done to one stream, home. It is a plain value; its outcome is the
// event that it records there. Decide is pure: it reads and writes through the Tx alone.
type Command[S any, E event.Of[S]] interface {
	Home(Meta) event.Ref[S]
	Allowed() []Role
	Decide(*Tx, *S) (E, error)
}

// Do runs a command through the engine. The same key with the same command and actor returns the
// same outcome for ever, without a second effect. A refused command changes nothing.
//
// Errors are of the classes that [ClassOf] tells apart; one of [ClassUnknown] means: send the
// same command with the same key again.
func Do[S any, E event.Of[S]](ctx context.Context, d *Desk, m Meta, c Command[S, E]) (E, error) {
	e, _, err := once(ctx, d, m, c)
	return e, err
}

// once is Do and tells whether this very call committed.
func once[S any, E event.Of[S]](
	ctx context.Context, d *Desk, m Meta, c Command[S, E],
) (e E, fresh bool, err error) {
	if err := m.check(); err != nil {
		return e, false, err
	}
	print, err := fingerprint(c, m.Actor)
	if err != nil {
		return e, false, &Error{ErrTerms, "command " + m.Key, err.Error()}
	}
	home := c.Home(m)
	return event.Once(ctx, d.engine, event.Command{Key: m.Key, Fingerprint: print}, home,
		func(t *event.Tx, s *S) (E, error) { return Decide(newTx(t, m, home.Stream(), d), s, c) })
}

// Try decides a command without committing it: the outcome it would have now.
func Try[S any, E event.Of[S]](ctx context.Context, d *Desk, m Meta, c Command[S, E]) (E, error) {
	var zero E
	if err := m.check(); err != nil {
		return zero, err
	}
	home := c.Home(m)
	return event.Try(ctx, d.engine, home,
		func(t *event.Tx, s *S) (E, error) { return Decide(newTx(t, m, home.Stream(), d), s, c) })
}

func newTx(t *event.Tx, m Meta, home event.Stream, d *Desk) *Tx {
	return &Tx{Tx: t, Meta: m, home: home, desk: d}
}

// NewTx is the pure door's beginning: an attempt over states that the caller supplies.
func NewTx[S any, E event.Of[S]](t *event.Tx, d *Desk, m Meta, c Command[S, E]) *Tx {
	return newTx(t, m, c.Home(m).Stream(), d)
}

// Decide is the pure door: until when, who may, what the rules say, then the command itself. It reads and
// writes nothing but the Tx.
func Decide[S any, E event.Of[S]](t *Tx, s *S, c Command[S, E]) (E, error) {
	var zero E
	if err := t.timely(); err != nil {
		return zero, err
	}
	if err := t.permit(c.Allowed()); err != nil {
		return zero, err
	}
	warnings, err := t.vet(c)
	if err != nil {
		return zero, err
	}
	ev, err := c.Decide(t, s)
	if err == nil {
		err = t.accept(warnings)
	}
	if err == nil {
		err = t.Memo(t.home, orderMemo, &Order{t.On, t.Actor, t.Approver})
	}
	if err == nil && len(t.moves) > 0 {
		err = t.sendMoves()
	}
	if err != nil {
		return zero, err
	}
	return ev, nil
}

// vet asks the desk's authorizer and rules about a command.
func (t *Tx) vet(command any) ([]Warning, error) {
	if a := t.desk.cfg.Authorizer; a != nil {
		if err := a.Authorize(t, command); err != nil {
			return nil, err
		}
	}
	if r := t.desk.cfg.Rules; r != nil {
		return r.Check(t, command)
	}
	return nil, nil
}

// Vet refuses what the desk's authorizer and rules would refuse a party who gave a command now. What a party
// asked for once and gets later, such as an order that stands, is asked about anew so. There is no one to
// accept a warning: it refuses ([ErrWarned]).
func (t *Tx) Vet(id PartyID, command any) error {
	as := *t
	as.Actor, as.Accept = Actor{ID: ActorID(id), Role: RoleParty}, nil
	ws, err := as.vet(command)
	if err == nil && len(ws) > 0 {
		return &Error{ErrWarned, "rule " + string(ws[0].Rule), ws[0].Why}
	}
	return err
}

// View folds one stream for reading and tells the version at which it was read.
func View[S any](ctx context.Context, d *Desk, r event.Ref[S]) (*S, event.Version, error) {
	s, v, err := event.View(ctx, d.engine, r)
	if err != nil {
		return nil, 0, fmt.Errorf("view %s: %w", r.Stream(), err)
	}
	return s, v, nil
}
