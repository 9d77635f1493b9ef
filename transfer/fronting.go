package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Facilities refuses bids, also automatic ones, beyond the facility of the lender with
// [ErrFacilityExceeded], then asks Next. A bid counts in full, also where less of it is still wanted. Offers of a
// fronting lender to a book, which are matched later and unseen, it refuses ([ErrFacility]). A desk of fronting
// lenders has it as its Config.Authorizer.
type Facilities struct{ Next lending.Authorizer }

var (
	_ lending.Authorizer = Facilities{}
	_ lending.Gate       = fronted{}
)

// Authorize implements lending.Authorizer.
func (f Facilities) Authorize(t *lending.Tx, command any) error {
	lender := lending.PartyID(t.Actor.ID)
	switch c := command.(type) {
	case lending.PlaceBid:
		if c.Amount.Sign() <= 0 {
			break
		}
		if err := fronts(t, lender, c.Amount.Minor(), c.Amount.Currency()); err != nil {
			return err
		}
	case lending.PlaceOffer:
		f, err := event.Read(t.Tx, FacilityRef(lender))
		if err != nil {
			return err
		}
		if f.Lender != "" {
			return refuse(ErrFacility, "party %s fronts loans: it bids, and offers nothing to a book", lender)
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
