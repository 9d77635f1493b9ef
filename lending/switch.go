package lending

import "github.com/loanweave/loanweave/lending/event"

// SwitchOn puts a lender's standing order at the tail of a market's queue (开启自动投标). The actor is
// the lender, one order a market. The order's id follows from the key, its lender is the actor and
// its currency the market's: leave these three empty. Given by a party.
type SwitchOn struct {
	Market  Code
	Mandate Mandate
}

// MandateOn is the outcome of [SwitchOn].
type MandateOn struct{ Mandate Mandate }

// Type implements event.Of.
func (MandateOn) Type() string { return "mandate-on" }

// Apply implements event.Of.
func (e MandateOn) Apply(m *Market) {
	if m.Queue != nil {
		_ = m.Queue.SwitchOn(e.Mandate) // refuses what no command records
	}
}

// Code implements event.Coder.
func (e *MandateOn) Code(c *event.Codec) { e.Mandate.code(c) }

// Home implements Command.
func (c SwitchOn) Home(Meta) event.Ref[Market] { return QueueRef(c.Market) }

// Allowed implements Command.
func (SwitchOn) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses what [Queue.SwitchOn] refuses, a lender who may not bid, and
// one who owes on a loan of the platform in this currency: no borrowed money is lent.
func (c SwitchOn) Decide(t *Tx, m *Market) (MandateOn, error) {
	none, lender := MandateOn{}, PartyID(t.Actor.ID)
	if err := m.known(c.Market); err != nil {
		return none, err
	}
	if c.Mandate.ID != "" || c.Mandate.Lender != "" || !c.Mandate.Currency.IsZero() {
		return none, &Error{ErrTerms, "mandate of " + string(lender),
			"names its id, lender or currency, which follow from the command"}
	}
	o := c.Mandate.clone()
	o.ID, o.Lender, o.Currency = MandateID(idOf("M", t.Key)), lender, m.Queue.rules.Currency
	wallet := WalletRef(lender, o.Currency)
	if err := t.Want(PartyRef(lender).Stream(), wallet.Stream()); err != nil {
		return none, err
	}
	if err := t.May(lender, ActBid); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, wallet)
	if err != nil {
		return none, err
	}
	if w.InDebt() {
		return none, &Error{ErrState, "lender " + string(lender), "owes on a loan; pay it back first"}
	}
	return MandateOn{o}, m.Queue.bars(&o)
}

// SwitchOff takes a standing order out of a market's queue. A lender does so for himself; an order
// that is changed is switched off and on again, which costs the place. Given by a party, an officer
// or the system.
type SwitchOff struct {
	Market  Code
	Mandate MandateID
}

// MandateOff is the outcome of [SwitchOff].
type MandateOff struct {
	Mandate MandateID
	By      ActorID
}

// Type implements event.Of.
func (MandateOff) Type() string { return "mandate-off" }

// Apply implements event.Of.
func (e MandateOff) Apply(m *Market) { m.off(e.Mandate) }

// off switches a mandate off; one that is not on stays so.
func (m *Market) off(id MandateID) {
	if m.Queue != nil {
		_ = m.Queue.SwitchOff(id)
	}
}

// Code implements event.Coder.
func (e *MandateOff) Code(c *event.Codec) {
	event.Text(c, &e.Mandate)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c SwitchOff) Home(Meta) event.Ref[Market] { return QueueRef(c.Market) }

// Allowed implements Command.
func (SwitchOff) Allowed() []Role { return []Role{RoleParty, RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses another lender and a mandate that is not on.
func (c SwitchOff) Decide(t *Tx, m *Market) (MandateOff, error) {
	if err := m.known(c.Market); err != nil {
		return MandateOff{}, err
	}
	slot, on := m.Queue.slots[c.Mandate]
	if !on {
		return MandateOff{}, (&Mandate{ID: c.Mandate}).wrong(ErrUnknown, "is not on")
	}
	if err := t.self(m.Queue.tags[slot].lender); err != nil {
		return MandateOff{}, err
	}
	return MandateOff{c.Mandate, t.Actor.ID}, nil
}
