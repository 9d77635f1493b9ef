package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// MarkDormant puts a party to sleep that has not moved money itself for [PartyRules].DormantAfterDays
// (睡眠户): it cannot bid, borrow or withdraw until it is reactivated. Money still comes in. What it
// is paid as a lender, and automatic bids, are no movement of its own; a deposit is. Given by an
// officer or the system.
type MarkDormant struct{ Party PartyID }

// PartyDormant is the outcome of [MarkDormant].
type PartyDormant struct {
	Last civil.Date // movement of its own, or registration, or reactivation
	By   ActorID
}

// Type implements event.Of.
func (PartyDormant) Type() string { return "dormant" }

// Apply implements event.Of.
func (PartyDormant) Apply(p *Party) { p.Dormant = true }

// Code implements event.Coder.
func (e *PartyDormant) Code(c *event.Codec) {
	c.Date(&e.Last)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c MarkDormant) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (MarkDormant) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses a party that moved money not long enough ago in any of its
// wallets, one that asks for or owes a loan, and one that is dormant or closed.
func (c MarkDormant) Decide(t *Tx, p *Party) (PartyDormant, error) {
	none, days := PartyDormant{}, t.desk.cfg.Parties.DormantAfterDays
	if err := known(p, c.Party); err != nil {
		return none, err
	}
	refuse := func(why string) error { return &Error{ErrState, "party " + string(c.Party), why} }
	if days == 0 {
		return none, refuse("never becomes dormant: set PartyRules.DormantAfterDays")
	}
	if p.Dormant || p.Closed {
		return none, refuse("is dormant or closed already")
	}
	ws, err := t.wallets(p)
	if err != nil {
		return none, err
	}
	last := p.Since
	for i, w := range ws {
		if len(w.Liabilities()) > 0 {
			return none, refuse("asks for or owes a loan in " + p.Wallets[i].Code())
		}
		if last.Before(w.Active) {
			last = w.Active
		}
	}
	if t.On.Sub(last) < days {
		return none, refuse(fmt.Sprintf("moved on %s, want %d days without", last, days))
	}
	return PartyDormant{last, t.Actor.ID}, nil
}

// wallets returns all wallets that a party ever used.
func (t *Tx) wallets(p *Party) ([]*Wallet, error) {
	ss := make([]event.Stream, len(p.Wallets))
	for i, c := range p.Wallets {
		ss[i] = WalletRef(p.ID, c).Stream()
	}
	if err := t.Want(ss...); err != nil {
		return nil, err
	}
	ws := make([]*Wallet, len(p.Wallets))
	for i, c := range p.Wallets {
		w, err := event.Read(t.Tx, WalletRef(p.ID, c))
		if err != nil {
			return nil, err
		}
		ws[i] = w
	}
	return ws, nil
}

// Reactivate wakes a dormant party. Its identity has to hold that day: record it anew first. Given
// by a party or an officer.
type Reactivate struct{ Party PartyID }

// PartyReactivated is the outcome of [Reactivate].
type PartyReactivated struct {
	On civil.Date
	By ActorID
}

// Type implements event.Of.
func (PartyReactivated) Type() string { return "reactivated" }

// Apply implements event.Of.
func (e PartyReactivated) Apply(p *Party) { p.Dormant, p.Since = false, e.On }

// Code implements event.Coder.
func (e *PartyReactivated) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c Reactivate) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (Reactivate) Allowed() []Role { return []Role{RoleParty, RoleOfficer} }

// Decide implements Command. It refuses a party that is not dormant, and one whose identity is
// missing or has expired.
func (c Reactivate) Decide(t *Tx, p *Party) (PartyReactivated, error) {
	none := PartyReactivated{}
	if err := t.self(c.Party); err != nil {
		return none, err
	}
	if err := known(p, c.Party); err != nil {
		return none, err
	}
	if !p.Dormant {
		return none, &Error{ErrState, "party " + string(c.Party), "is not dormant"}
	}
	if !p.IdentifiedOn(t.On) {
		return none, &Error{ErrNotVerified, "party " + string(c.Party), "identify it anew before it is reactivated"}
	}
	return PartyReactivated{t.On, t.Actor.ID}, nil
}
