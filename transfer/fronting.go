package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Facilities refuses bids, also automatic ones, beyond the facility of the lender with
// [ErrFacilityExceeded], then asks Next. A bid counts in full, also where less of it is still wanted. A desk
// of fronting lenders has it as its Config.Authorizer.
type Facilities struct{ Next lending.Authorizer }

var (
	_ lending.Authorizer = Facilities{}
	_ lending.Gate       = fronted{}
)

// Authorize implements lending.Authorizer.
func (f Facilities) Authorize(t *lending.Tx, command any) error {
	if bid, ok := command.(lending.PlaceBid); ok && bid.Amount.Sign() > 0 {
		a := bid.Amount
		if err := fronts(t, lending.PartyID(t.Actor.ID), a.Minor(), a.Currency()); err != nil {
			return err
		}
	}
	if f.Next == nil {
		return nil
	}
	return f.Next.Authorize(t, command)
}

// maxFronted is how many lenders a loan may have for each to be asked for his facility at disbursement.
const maxFronted = 1_000

// fronted refuses to pay out a loan with which a lender has more out than his facility: bids came into it
// that no authorizer saw, such as offers matched from a book.
type fronted struct{}

// Admit implements lending.Gate.
func (fronted) Admit(t *lending.Tx, l *lending.Loan) error {
	seen := map[lending.PartyID]bool{}
	var lenders []lending.PartyID
	var streams []event.Stream
	for i := range l.Bids {
		if b := &l.Bids[i]; b.Amount > 0 && !seen[b.Lender] {
			seen[b.Lender] = true
			lenders = append(lenders, b.Lender)
			streams = append(streams, FacilityRef(b.Lender).Stream())
		}
	}
	if len(lenders) > maxFronted {
		return nil
	}
	if err := t.Want(streams...); err != nil {
		return err
	}
	for _, p := range lenders {
		if err := fronts(t, p, 0, l.Currency()); err != nil {
			return err
		}
	}
	return nil
}
