package lending

import "github.com/loanweave/loanweave/lending/event"

// CloseParty ends the business with a party (销户), for good: at its own wish or by an officer. It
// neither bids nor borrows again; what comes in later, of a payment that failed or was corrected, it
// may still withdraw. Given by a party or an officer.
type CloseParty struct{ Party PartyID }

// PartyClosed is the outcome of [CloseParty].
type PartyClosed struct{ By ActorID }

// Type implements event.Of.
func (PartyClosed) Type() string { return "closed" }

// Apply implements event.Of.
func (PartyClosed) Apply(p *Party) { p.Closed, p.Dormant = true, false }

// Code implements event.Coder.
func (e *PartyClosed) Code(c *event.Codec) { event.Text(c, &e.By) }

// Home implements Command.
func (c CloseParty) Home(Meta) event.Ref[Party] { return PartyRef(c.Party) }

// Allowed implements Command.
func (CloseParty) Allowed() []Role { return []Role{RoleParty, RoleOfficer} }

// Decide implements Command. It refuses a party that is frozen or closed, that has money, holds or
// debts in any wallet, that lent, asked for or owes a loan, or has used a coupon that has not ended.
func (c CloseParty) Decide(t *Tx, p *Party) (PartyClosed, error) {
	none := PartyClosed{}
	if err := t.self(c.Party); err != nil {
		return none, err
	}
	if err := known(p, c.Party); err != nil {
		return none, err
	}
	refuse := func(why string) error { return &Error{ErrState, "party " + string(c.Party), why} }
	if p.Frozen || p.Closed {
		return none, refuse("is frozen, or closed already")
	}
	ws, err := t.wallets(p)
	if err != nil {
		return none, err
	}
	for i, w := range ws {
		if w.Available != 0 || w.HeldTotal() != 0 || w.Owed != 0 {
			return none, refuse("has money or debts in " + p.Wallets[i].Code())
		}
		if len(w.Stakes()) > 0 || len(w.Liabilities()) > 0 {
			return none, refuse("has loans in " + p.Wallets[i].Code())
		}
	}
	s, err := event.Read(t.Tx, CouponsRef(c.Party))
	if err != nil {
		return none, err
	}
	for i := range s.List {
		if s.List[i].State != CouponOpen {
			return none, refuse("has used coupon " + string(s.List[i].ID))
		}
	}
	return PartyClosed{t.Actor.ID}, nil
}
