package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// BuyClaim buys units of a listing at its price (认购转让标), for the buyer who gives the command. He names
// the version of the loan and the debit that he saw (see [QuoteSale]): a quote of another version, or a
// price that has changed with the day, is refused. Given by a party.
type BuyClaim struct {
	Loan    lending.LoanID
	Listing int
	Units   int64
	Version event.Version // of the loan, Sale.Version of the quote
	Debit   money.Amount  // the price and the buyer's fee, Sale.Debit of the quote
	Span    lending.Span  // of what he buys, if it is instalments apart
	Rank    int           // of what he buys, if it stands behind others
	Days    int           // for which he holds it, within the listing's tenor; zero for good
}

// Features implements lending.Featured: a short holding splits a claim by term, and so does the purchase of
// instalments apart.
func (c BuyClaim) Features() []lending.Feature {
	return splitting(c.Days != 0 || c.Span != (lending.Span{}))
}

// ClaimBought is the outcome of [BuyClaim].
type ClaimBought struct{ Sale }

// Type implements event.Of.
func (ClaimBought) Type() string { return "bought" }

// Apply implements event.Of.
func (e ClaimBought) Apply(b *Board) { b.settle(&e.Sale) }

// Code implements event.Coder.
func (e *ClaimBought) Code(c *event.Codec) { e.Sale.code(c) }

// Home implements Command.
func (c BuyClaim) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (BuyClaim) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses a listing that does not stand ([ErrGone], [ErrLapsed]), sales that are suspended ([ErrSuspended]), a slice that
// it does not sell ([ErrSlice]), its seller and the borrower as the buyer ([ErrBuyer]), a stale quote
// ([ErrStale]), a price outside the band ([ErrPrice]), days that it is not held for ([ErrTenor]), a seller who may not hold claims, a party that may not lend or has lent as much as it
// may, as [lending.Tx.MayLend] does, or beyond its facility ([ErrFacilityExceeded]), one without the money
// ([lending.ErrFunds]), and what the loan's transfer rules do not let be sold today.
func (c BuyClaim) Decide(t *lending.Tx, b *Board) (ClaimBought, error) {
	none, ref := ClaimBought{}, lending.LoanRef(c.Loan)
	l, err := event.Read(t.Tx, ref)
	if err != nil {
		return none, err
	}
	x, err := b.forSale(l, c.Listing, t.On)
	if err != nil {
		return none, err
	}
	buyer := lending.PartyID(t.Actor.ID)
	if err := x.suits(l, buyer); err != nil {
		return none, err
	}
	if err := unsuspended(t, l); err != nil {
		return none, err
	}
	switch {
	case c.Span != x.Span:
		return none, refuse(ErrSlice, "listing %d sells instalments %d to %d: name them", x.Number, x.Span.From, x.Span.To)
	case c.Rank != x.Rank:
		return none, refuse(ErrRank, "what listing %d sells has rank %d", x.Number, x.Rank)
	}
	if at := t.Version(ref.Stream()); at != c.Version {
		return none, refuse(ErrStale, "loan %s is at version %d: ask for the price again", c.Loan, at)
	}
	s, err := x.slice(l, c.Units, t.On)
	if err != nil {
		return none, err
	}
	if s.Debit != c.Debit.Minor() || l.Currency() != c.Debit.Currency() {
		return none, refuse(ErrStale, "it costs %d minor units on %s: ask for the price again", s.Debit, t.On)
	}
	s.Number, s.Buyer, s.Version = b.Sales+1, buyer, c.Version
	if err := x.keep(&s, l, c.Days, &offers{b.Count, len(b.Listings), b.sells(buyer)}); err != nil {
		return none, err
	}
	if err := x.mayTrade(t, buyer, l, s.Principal); err != nil {
		return none, err
	}
	return ClaimBought{s}, x.move(t, c.Loan, &s, lending.Avail(buyer))
}

// suits refuses who cannot buy a listing.
func (x *Listing) suits(l *lending.Loan, buyer lending.PartyID) error {
	switch buyer {
	case x.Seller:
		return refuse(ErrBuyer, "party %s sells it", buyer)
	case l.Borrower:
		return refuse(ErrBuyer, "party %s owes it", buyer)
	}
	return nil
}
