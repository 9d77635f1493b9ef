package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Ask is the price that is asked: a share of the unpaid principal in parts per million, without
// accrued interest, which comes on top; or a yield, ByYield.
type Ask struct {
	PPM     int64
	Yield   Yield
	ByYield bool
}

// price is the price of a claim at an ask.
func (a Ask) price(c Claim, m money.Mode) (Price, error) {
	if a.ByYield {
		return c.PriceAtYield(a.Yield, m)
	}
	return c.PriceAt(a.PPM, m)
}

func (a *Ask) code(c *event.Codec) {
	yield := int64(a.Yield)
	c.Int(&a.PPM)
	c.Int(&yield)
	c.Bool(&a.ByYield)
	a.Yield = Yield(yield)
}

// Listing is a part of a lot that is for sale (转让标).
type Listing struct {
	Number   int // on its board
	Market   lending.Code
	Terms    MarketTerms // under which it was listed
	Seller   lending.PartyID
	Lot      int
	Span     lending.Span // instalments; zero for all that are unpaid
	Rank     int          // of the lot: more than zero stands behind others of the loan (劣后)
	Units    int64        // left to be sold
	MinSlice int64        // the fewest units sold or left; fewer are sold whole
	Ask      Ask
	Expires  civil.Date // the last day on which it stands
	Basis    Basis
	Tenor    Tenor           // for which its buyers may hold what they buy
	Backstop lending.PartyID // who takes back what nobody buys, if anybody does
	Opens    civil.Date      // of a short holding, the first day on which it is for sale
	Failed   civil.Date      // of a short holding, the first day after that on which it was not sold
	Refused  lending.Code    // why it was not taken back when that was tried last
}

func (x *Listing) code(c *event.Codec) {
	c.Count(&x.Number)
	event.Text(c, &x.Market)
	x.Terms.code(c)
	event.Text(c, &x.Seller)
	c.Count(&x.Lot)
	c.Count(&x.Span.From)
	c.Count(&x.Span.To)
	c.Count(&x.Rank)
	c.Int(&x.Units)
	c.Int(&x.MinSlice)
	x.Ask.code(c)
	c.Date(&x.Expires)
	x.Basis.code(c)
	x.Tenor.code(c)
	event.Text(c, &x.Backstop)
	c.Date(&x.Opens)
	c.Date(&x.Failed)
	event.Text(c, &x.Refused)
}

// part is what so many units of the listing are.
func (x *Listing) part(units int64) lending.Assignment {
	return lending.Assignment{Lot: x.Lot, Units: units, Span: x.Span, Rank: x.Rank}
}

// sells reports whether so many units may be sold at a time; of a lot that is divided by term, all.
func (x *Listing) sells(units int64) bool {
	return units == x.Units || x.Span == (lending.Span{}) && units >= x.MinSlice && x.Units-units >= x.MinSlice
}

// ListClaim lists units of a lot for sale (发布转让). By their holder. Given by a party.
type ListClaim struct {
	Market   lending.Code
	Loan     lending.LoanID
	Lot      int          // the place of a lot of the seller's in [lending.Loan].Lots
	Span     lending.Span // zero for all unpaid instalments; of others, the lot as a whole
	Rank     int          // of the lot, see [lending.Subordinate]
	Units    int64        // of the lot, in minor units as lent: they stay when principal is repaid
	MinSlice int64        // zero for the market's
	Ask      Ask
	Expires  civil.Date // the last day on which it stands
	Tenor    Tenor      // zero where it is sold for good only
}

// Features implements lending.Featured: instalments apart, and short holdings, split a claim by term.
func (c ListClaim) Features() []lending.Feature {
	return splitting(c.Span != (lending.Span{}) || c.Tenor != (Tenor{}))
}

// splitting is the feature of what splits a claim by term.
func splitting(does bool) []lending.Feature {
	if !does {
		return nil
	}
	return []lending.Feature{lending.FeatureTermSplitting}
}

// ClaimListed is the outcome of [ListClaim].
type ClaimListed struct {
	Listing Listing
	On      civil.Date
}

// Type implements event.Of.
func (ClaimListed) Type() string { return "listed" }

// Apply implements event.Of.
func (e ClaimListed) Apply(b *Board) {
	b.Count = e.Listing.Number
	b.Listings = append(b.Listings, e.Listing)
	b.looked(e.On)
}

// Code implements event.Coder.
func (e *ClaimListed) Code(c *event.Codec) {
	e.Listing.code(c)
	c.Date(&e.On)
}

// Home implements Command.
func (c ListClaim) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (ListClaim) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements Command. It refuses a market that does not exist ([ErrGone]), what the loan's
// transfer rules do not let be sold as [lending.Loan.Salable] does, while sales are suspended ([ErrSuspended]), who is not the holder
// ([ErrNotHolder]) or got the claim too lately for the market ([ErrHeld]), more units than he holds and has
// not listed ([ErrOversold]), a rank that is not the lot's ([ErrRank]), bounds that are not the market's ([ErrListing]), a tenor that it cannot have
// ([ErrTenor]), and a price outside the market's band ([ErrPrice]).
func (c ListClaim) Decide(t *lending.Tx, b *Board) (ClaimListed, error) {
	none := ClaimListed{}
	m, err := event.Read(t.Tx, MarketRef(c.Market))
	if err != nil {
		return none, err
	}
	if m.ID == "" {
		return none, refuse(ErrGone, "market %s", c.Market)
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	if err := unsuspended(t, l); err != nil {
		return none, err
	}
	if (c.Ask == Ask{}) {
		return none, refuse(ErrPrice, "it asks no price: give Ask.PPM, of which 1000000 is par, or a yield")
	}
	if c.Lot >= 0 && c.Lot < len(l.Lots) && c.Units > l.Lots[c.Lot].Units {
		return none, refuse(ErrOversold, "lot %d has %d units", c.Lot, l.Lots[c.Lot].Units)
	}
	x := Listing{
		Number: b.Count + 1, Market: m.ID, Terms: m.Terms, Seller: lending.PartyID(t.Actor.ID), Lot: c.Lot,
		Span: c.Span, Rank: c.Rank, Units: c.Units, MinSlice: c.MinSlice, Ask: c.Ask, Expires: c.Expires,
		Basis: basisOf(l, c.Lot, c.Expires, t.On), Tenor: c.Tenor,
	}
	if x.MinSlice == 0 {
		x.MinSlice = m.Terms.MinSlice
	}
	if err := l.Salable(x.part(c.Units), t.On); err != nil {
		return none, err
	}
	if err := x.check(l, b, t.On); err != nil {
		return none, err
	}
	if err := x.tenor(t, l); err != nil {
		return none, err
	}
	if err := t.May(x.Seller, lending.ActHold); err != nil {
		return none, err
	}
	_, err = x.quote(l, x.Units, x.Ask, t.On)
	return ClaimListed{x, t.On}, err
}

// check refuses a listing of what the seller does not hold, or beyond the bounds of its market.
func (x *Listing) check(l *lending.Loan, b *Board, on civil.Date) error {
	lot, m := &l.Lots[x.Lot], &x.Terms
	switch left := lot.Units - b.listed(x.Lot, x.Seller); {
	case lot.Holder != x.Seller:
		return refuse(ErrNotHolder, "party %s does not hold lot %d", x.Seller, x.Lot)
	case lot.Rank != x.Rank:
		return refuse(ErrRank, "lot %d has rank %d: name it", x.Lot, lot.Rank)
	case x.Units > left:
		return refuse(ErrOversold, "%d units of lot %d are not listed", left, x.Lot)
	case m.HoldDays > 0 && on.Before(lot.Since.AddDays(m.HoldDays)):
		return refuse(ErrHeld, "the claim may be listed from %s", lot.Since.AddDays(m.HoldDays))
	case l.Currency() != m.Currency:
		return refuse(ErrListing, "the market is in %s", m.Currency.Code())
	case x.MinSlice < m.MinSlice || x.MinSlice > money.MaxMinor:
		return refuse(ErrListing, "the smallest slice is %d units or more", m.MinSlice)
	case len(b.Listings) >= MaxStanding:
		return refuse(ErrListing, "as many as can stand do")
	case b.sells(x.Seller) >= MaxPerParty:
		return refuse(ErrListing, "party %s has as many as one may: withdraw some", x.Seller)
	}
	return m.stands(l, x.Expires, on)
}

// stands refuses a last day beyond what the market allows on a loan. What is planned anew ends what stands.
func (m *MarketTerms) stands(l *lending.Loan, expires, on civil.Date) error {
	last := on.AddDays(m.MaxDays)
	if m.LastDays > 0 {
		if near := l.Dues[len(l.Dues)-1].Date.AddDays(-m.LastDays - 1); near.Before(last) {
			last = near
		}
	}
	switch {
	case last.Before(on):
		return refuse(ErrListing, "its last payment is near: claims stood on the market to %s", last)
	case expires.Before(on) || expires.After(last):
		return refuse(ErrListing, "the last day is %s to %s", on, last)
	}
	return nil
}

// WithdrawListing takes a listing off its board (撤销转让). By the seller, or an officer. Given by a party
// or an officer.
type WithdrawListing struct {
	Loan    lending.LoanID
	Listing int
}

// ListingWithdrawn is the outcome of [WithdrawListing].
type ListingWithdrawn struct {
	Listing int
	On      civil.Date
	By      lending.ActorID
}

// Type implements event.Of.
func (ListingWithdrawn) Type() string { return "withdrawn" }

// Apply implements event.Of.
func (e ListingWithdrawn) Apply(b *Board) { b.drop(e.Listing) }

// Code implements event.Coder.
func (e *ListingWithdrawn) Code(c *event.Codec) {
	c.Count(&e.Listing)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c WithdrawListing) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (WithdrawListing) Allowed() []lending.Role {
	return []lending.Role{lending.RoleParty, lending.RoleOfficer}
}

// Decide implements Command. It refuses a listing that does not stand ([ErrGone]) and a party that is not
// its seller ([ErrNotHolder]).
func (c WithdrawListing) Decide(t *lending.Tx, b *Board) (ListingWithdrawn, error) {
	x := b.listing(c.Listing)
	if x == nil {
		return ListingWithdrawn{}, refuse(ErrGone, "listing %d of loan %s", c.Listing, c.Loan)
	}
	if t.Actor.Role == lending.RoleParty && lending.PartyID(t.Actor.ID) != x.Seller {
		return ListingWithdrawn{}, refuse(ErrNotHolder, "party %s did not list it", t.Actor.ID)
	}
	return ListingWithdrawn{c.Listing, t.On, t.Actor.ID}, nil
}
