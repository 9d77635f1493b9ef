package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// PlaceOffer offers money to a market for a term, at a rate that is fixed from then on (挂单). The actor
// is the lender. The money is on hold until it is matched with loans or the offer is withdrawn.
// Given by a party.
type PlaceOffer struct {
	Market Code
	Term   int // periods, one of the book's terms
	Amount money.Amount
	Rate   schedule.Rate
}

// OfferPlaced is the outcome of [PlaceOffer].
type OfferPlaced struct {
	Offer  int // its number in the book, from 1
	Lender PartyID
	Term   int
	Amount money.Amount
	Rate   schedule.Rate
}

// Type implements event.Of.
func (OfferPlaced) Type() string { return "offer" }

// Apply implements event.Of.
func (e OfferPlaced) Apply(b *OfferBook) {
	o := StandingOffer{Place{e.Rate.Pico(), e.Offer}, e.Term, e.Lender, e.Amount.Minor()}
	b.Placed = max(b.Placed, e.Offer)
	b.Offers = slices.Insert(b.Offers, b.from(o.Term, o.Place), o)
}

// Code implements event.Coder.
func (e *OfferPlaced) Code(c *event.Codec) {
	c.Count(&e.Offer)
	event.Text(c, &e.Lender)
	c.Count(&e.Term)
	c.Amount(&e.Amount)
	codeRate(c, &e.Rate)
}

// Home implements Command.
func (c PlaceOffer) Home(Meta) event.Ref[OfferBook] { return BookRef(c.Market) }

// Allowed implements Command.
func (PlaceOffer) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses an amount, a term or a rate that the book does not take, a
// lender who may not bid, more than he has, and more than [MaxOffers]. The limits of his category
// bind when the offer is matched, loan by loan.
func (c PlaceOffer) Decide(t *Tx, b *OfferBook) (OfferPlaced, error) {
	none, lender := OfferPlaced{}, PartyID(t.Actor.ID)
	if err := b.known(c.Market); err != nil {
		return none, err
	}
	cur := b.Rules.MinOffer.Currency()
	if err := positive("offer", c.Amount, cur); err != nil {
		return none, err
	}
	if err := b.takes(&c); err != nil {
		return none, err
	}
	if err := t.Want(PartyRef(lender).Stream(), WalletRef(lender, cur).Stream(), booksStream); err != nil {
		return none, err
	}
	if err := t.May(lender, ActBid); err != nil {
		return none, err
	}
	ev := OfferPlaced{b.Placed + 1, lender, c.Term, c.Amount, c.Rate}
	return ev, t.Post(ledger.Move(ledger.Client, "offer", Avail(lender), HoldOffer(lender, b.ID), c.Amount))
}

// takes refuses an offer that breaks the book's rules.
func (b *OfferBook) takes(c *PlaceOffer) error {
	refuse := func(err error, format string, args ...any) error {
		return &Error{err, "book " + string(b.ID), fmt.Sprintf(format, args...)}
	}
	r := &b.Rules
	switch {
	case len(b.Offers) >= MaxOffers:
		return refuse(ErrLimit, "has as many offers as a book can have")
	case !slices.Contains(r.Terms, c.Term):
		return refuse(ErrBid, "takes no offer for %d periods", c.Term)
	case c.Rate.Basis() != r.MaxRate.Basis():
		return refuse(ErrBid, "takes a rate of the basis of its own, %s", text(r.MaxRate))
	case c.Rate.Pico() < r.MinRate.Pico() || c.Rate.Pico() > r.MaxRate.Pico():
		return refuse(ErrBid, "takes rates of %s to %s", text(r.MinRate), text(r.MaxRate))
	}
	rules := r.tender()
	return rules.accepts(Offer{Units: c.Amount.Minor(), Pico: c.Rate.Pico(), ID: 1, Lender: 1})
}

// WithdrawOffer takes what is left of an offer out of its book (撤单). A lender does so for himself.
// Given by a party or an officer.
type WithdrawOffer struct {
	Market Code
	Offer  int // its number, as [OfferPlaced] says
}

// OfferWithdrawn is the outcome of [WithdrawOffer].
type OfferWithdrawn struct {
	Offer int
	Minor int64 // released
	By    ActorID
}

// Type implements event.Of.
func (OfferWithdrawn) Type() string { return "offer-withdrawn" }

// Apply implements event.Of.
func (e OfferWithdrawn) Apply(b *OfferBook) { b.reduce(e.Offer, e.Minor) }

// Code implements event.Coder.
func (e *OfferWithdrawn) Code(c *event.Codec) {
	c.Count(&e.Offer)
	c.Int(&e.Minor)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c WithdrawOffer) Home(Meta) event.Ref[OfferBook] { return BookRef(c.Market) }

// Allowed implements Command.
func (WithdrawOffer) Allowed() []Role { return []Role{RoleParty, RoleOfficer} }

// Decide implements Command. It refuses an offer that does not stand and another lender.
func (c WithdrawOffer) Decide(t *Tx, b *OfferBook) (OfferWithdrawn, error) {
	none := OfferWithdrawn{}
	if err := b.known(c.Market); err != nil {
		return none, err
	}
	i := b.find(c.Offer)
	if i < 0 {
		return none, &Error{ErrUnknown, fmt.Sprintf("offer %d of book %s", c.Offer, b.ID), ""}
	}
	o := b.Offers[i]
	if err := t.self(o.Lender); err != nil {
		return none, err
	}
	free := ledger.Move(ledger.Client, "offer-withdrawn", HoldOffer(o.Lender, b.ID), Avail(o.Lender),
		amount(o.Minor, b.Rules.MinOffer.Currency()))
	return OfferWithdrawn{c.Offer, o.Minor, t.Actor.ID}, t.Post(free)
}
