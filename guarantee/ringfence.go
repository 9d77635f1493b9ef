package guarantee

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// ringFence keeps the parties of funds from everything that a party may be kept from (专款专用): they neither
// withdraw nor lend nor borrow.
type ringFence []lending.PartyID

var _ lending.Fence = ringFence(nil)

// Fenced implements lending.Fence.
func (f ringFence) Fenced(_ *lending.Tx, p lending.PartyID, _ lending.Act) (bool, error) {
	return slices.Contains(f, p), nil
}

// ownFence keeps guarantors from the same while they have money of the platform that is for lenders ([CreditOwn]).
type ownFence []lending.PartyID

var _ lending.Fence = ownFence(nil)

// Fenced implements lending.Fence.
func (f ownFence) Fenced(t *lending.Tx, p lending.PartyID, _ lending.Act) (bool, error) {
	if !slices.Contains(f, p) {
		return false, nil
	}
	g, err := event.Read(t.Tx, GuarantorRef(p))
	return err == nil && g.Granted > 0, err
}

// backer refuses a party that cannot stand behind loans with its own money: a vehicle, whose money is that of others,
// or one that may take none out.
func backer(t *lending.Tx, id lending.PartyID) error {
	p, err := event.Read(t.Tx, lending.PartyRef(id))
	switch {
	case err != nil:
		return err
	case p.ID == "":
		return bad(lending.ErrUnknown, "party "+string(id), "register it first")
	case p.Kind == lending.Vehicle:
		return refuse(ErrTerms, "party %s is a vehicle, whose money is for others", id)
	}
	return t.May(id, lending.ActWithdraw)
}
