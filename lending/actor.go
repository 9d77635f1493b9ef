package lending

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Role is what an actor acts as. The host has checked that he may.
type Role uint8

// Roles.
const (
	RoleParty     Role = iota + 1 // a lender or borrower, for himself
	RoleAnalyst                   // decides on credit
	RoleOfficer                   // keeps products and parties, publishes, reviews funding, writes off
	RoleCashier                   // lets money out
	RoleCustodian                 // the custodian's own reports
	RoleSystem                    // timers and runners
)

var roleNames = [...]string{"", "party", "analyst", "officer", "cashier", "custodian", "system"}

// String returns the role's name.
func (r Role) String() string { return nameOf(roleNames[:], r, "role") }

// Actor is who gives a command.
type Actor struct {
	ID   ActorID
	Role Role
	// Level is the authority that the host gives him (授权级别), one that a [Workflow] knows; empty for
	// none. It is no part of a command's content: a retry may come after a promotion.
	Level Code
}

// Meta is what every command comes with.
type Meta struct {
	// Key makes the command take effect at most once, for ever. Mandatory: 1 to 128 bytes of A-Z a-z
	// 0-9 and "_-.:/". All commands of a store share one space of keys, so begin each with where it
	// comes from: "bank/4711", "app/ann/77". Keys that begin with ":" are the desk's own, and refused
	// with [ErrID] on any other command; [Part.Wake] uses the one it is given, and [Meta.Step]. The date is
	// not part of a command's content: a retry may come after midnight.
	Key   string
	Actor Actor
	// On is the business date on which the command is given.
	On civil.Date
	// Approver is the second person of a command that needs two; its comment says "with an approver".
	Approver Actor
	// NotAfter refuses the command on a later date, unless it took effect before: then it returns its
	// outcome as ever. Zero means never.
	NotAfter civil.Date
	// Accept lists the rules whose warnings the actor accepts; each acceptance is recorded.
	Accept []Code

	minted string // the key, if the desk made it
}

// mint returns the meta of a command of the desk's own. No other command can have its key.
func (m Meta) mint(kind, key string) Meta {
	m.Key = ":" + kind + "/" + key
	if len(m.Key) > event.MaxKey {
		m.Key = ":" + idOf(kind, key)
	}
	m.minted = m.Key
	return m
}

// Step is the meta of the n-th further command that one waking of a stream sends; of zero, of the first.
func (m Meta) Step(n int) Meta {
	if n == 0 {
		return m
	}
	key := fmt.Sprintf("%s/%d", m.Key, n)
	if m.minted == "" {
		m.Key = key
		return m
	}
	return m.mint("step", key)
}

func (m Meta) check() error {
	if strings.HasPrefix(m.Key, ":") && m.Key != m.minted {
		return &Error{ErrID, "command " + m.Key, "a key that begins with \":\" is the desk's own"}
	}
	if err := checkID("actor", m.Actor.ID); err != nil {
		return err
	}
	if m.Actor.Level != "" {
		if err := checkID("level", m.Actor.Level); err != nil {
			return err
		}
	}
	if err := dated("command "+m.Key, m.On); err != nil {
		return err
	}
	return nil
}

// timely refuses a command that comes later than it may.
func (m Meta) timely() error {
	if !m.NotAfter.IsZero() && m.On.After(m.NotAfter) {
		return &Error{ErrExpired, "command " + m.Key, "not after " + m.NotAfter.String()}
	}
	return nil
}

// dated refuses a business date that was forgotten.
func dated(what string, on civil.Date) error {
	if on.IsZero() {
		return &Error{ErrDate, what, "the business date (On) is not set"}
	}
	return nil
}

// permit refuses an actor whose role the command does not name.
func (m Meta) permit(allowed []Role) error {
	if !slices.Contains(allowed, m.Actor.Role) {
		return &Error{ErrActor, "actor " + string(m.Actor.ID), "acts as " + m.Actor.Role.String() + ", want " + roles(allowed)}
	}
	return nil
}

// roles names the roles of which one is wanted.
func roles(rs []Role) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = r.String()
	}
	return strings.Join(names, " or ")
}

// self refuses a party that acts on another party's behalf.
func (m Meta) self(p PartyID) error {
	if m.Actor.Role == RoleParty && PartyID(m.Actor.ID) != p {
		return &Error{ErrActor, "actor " + string(m.Actor.ID), "is not " + string(p)}
	}
	return nil
}

// disinterested refuses a borrower who works on his own loan.
func (m Meta) disinterested(l *Loan) error {
	if PartyID(m.Actor.ID) == l.Borrower {
		return &Error{ErrActor, "actor " + string(m.Actor.ID), "is the borrower of loan " + string(l.ID)}
	}
	return nil
}

// second refuses a command whose approver is missing or is the actor himself.
func (m Meta) second() error {
	if checkID("approver", m.Approver.ID) != nil || m.Approver.Role != RoleOfficer {
		return &Error{ErrSecond, "command " + m.Key, "an officer has to approve"}
	}
	return different(m.Approver.ID, m.Actor.ID)
}

// different refuses two steps of a two-person rule by the same person.
func different(first, second ActorID) error {
	if first == second {
		return &Error{ErrSecond, "actor " + string(second), "cannot approve what he asked for, or take two steps of one rule: another has to"}
	}
	return nil
}
