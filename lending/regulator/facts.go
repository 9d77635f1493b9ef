package regulator

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// figures is a party with its wallet in one currency.
type figures struct {
	party  *lending.Party
	wallet *lending.Wallet
}

// figures reads a party and its wallet, in one round trip.
func (c *Case) figures(p lending.PartyID, cur money.Currency) (figures, error) {
	t, party, wallet := c.Tx.Tx, lending.PartyRef(p), lending.WalletRef(p, cur)
	if err := t.Want(party.Stream(), wallet.Stream()); err != nil {
		return figures{}, err
	}
	who, err := event.Read(t, party)
	if err != nil {
		return figures{}, err
	}
	purse, err := event.Read(t, wallet)
	return figures{who, purse}, err
}

// borrower returns the loan that is published or disbursed and its borrower; a nil loan for other
// commands.
func (c *Case) borrower() (*lending.Loan, figures, error) {
	l, err := c.Loan(AtListing | AtDisbursement)
	if l == nil {
		return nil, figures{}, err
	}
	f, err := c.figures(l.Borrower, l.Currency())
	return l, f, err
}

// bid is a bid before it is placed.
type bid struct {
	loan   *lending.Loan
	lender lending.PartyID
	minor  int64 // of it that counts
	figures
}

// bid returns the bid that the command places; a nil loan for other commands, and for a bid in
// another currency than the loan's, which the command itself refuses.
func (c *Case) bid() (bid, error) {
	l, err := c.Loan(AtBid)
	if l == nil {
		return bid{}, err
	}
	amt := c.Command.(lending.PlaceBid).Amount
	if amt.Currency() != l.Currency() {
		return bid{}, nil
	}
	minor := amt.Minor()
	if l.Product.Tender.Mechanism == lending.FirstCome {
		minor = min(minor, l.Amount.Minor()-l.Raised) // elsewhere a bid may displace others
	}
	lender := lending.PartyID(c.Tx.Actor.ID)
	f, err := c.figures(lender, l.Currency())
	return bid{l, lender, minor, f}, err
}

// isOf reports whether a party is of an investor category on a date.
func (f figures) isOf(name lending.Code, on civil.Date) bool {
	kind, ok := f.party.CategoryOn(on)
	return ok && kind.Name == name
}

// untested says that the lender has passed no test which holds on a date, or nothing.
func (b *bid) untested(on civil.Date) string {
	return unless(b.party.AppropriateOn(on),
		"lender "+string(b.lender)+" has passed no test: see lending.RecordAppropriateness")
}
