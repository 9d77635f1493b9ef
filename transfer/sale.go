package transfer

import (
	"context"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Sale is a part of a lot that was sold, priced and moved at one version of the loan.
//
// Invariants: Debit = Clean + Accrued + BuyerFee = Credit + SellerFee + BuyerFee; Principal is the title
// that moved.
type Sale struct {
	Number    int // of the loan's sales, from 1
	Listing   int
	Order     int // that was filled, zero for none
	Lot       int // of which it was a part
	Span      lending.Span
	Rank      int
	Units     int64
	Seller    lending.PartyID
	Buyer     lending.PartyID
	Version   event.Version // of the loan
	On        civil.Date
	Principal int64 // unpaid, of the units
	Price
	Settlement
	Roll Roll // how it is offered anew, where it was bought for some days
}

func (s *Sale) code(c *event.Codec) {
	c.Count(&s.Number)
	c.Count(&s.Listing)
	c.Count(&s.Order)
	c.Count(&s.Lot)
	c.Count(&s.Span.From)
	c.Count(&s.Span.To)
	c.Count(&s.Rank)
	c.Int(&s.Units)
	event.Text(c, &s.Seller)
	event.Text(c, &s.Buyer)
	version := uint64(s.Version)
	c.Uint(&version)
	s.Version = event.Version(version)
	c.Date(&s.On)
	c.Int(&s.Principal)
	c.Int(&s.Clean)
	c.Int(&s.Accrued)
	c.Int(&s.Debit)
	c.Int(&s.Credit)
	c.Int(&s.BuyerFee)
	c.Int(&s.SellerFee)
	s.Roll.code(c)
}

// quote figures the sale of units of a listing at an ask on a day. A price outside the market's band is
// an [ErrPrice].
func (x *Listing) quote(l *lending.Loan, units int64, ask Ask, on civil.Date) (s Sale, err error) {
	claim, err := OfLot(l, x.part(units), on)
	if err != nil {
		return s, err
	}
	s = Sale{Listing: x.Number, Lot: x.Lot, Span: x.Span, Rank: x.Rank, Units: units, Seller: x.Seller, On: on,
		Principal: claim.Principal()}
	if s.Price, err = ask.price(claim, x.Terms.Round); err != nil {
		return s, err
	}
	if err := x.Terms.Band.Check(s.Dirty(), claim.Fair()); err != nil {
		return s, err
	}
	held := on.Sub(l.Lots[x.Lot].Since)
	s.Settlement, err = Settle(s.Price, Charges{x.Terms.Buyer, x.Terms.Seller, held})
	return s, err
}

// move gives title to the buyer and the price to the seller, and takes both fees from what the buyer
// pays, out of an account of his.
func (x *Listing) move(t *lending.Tx, loan lending.LoanID, s *Sale, from ledger.Account) error {
	if err := x.title(t, loan, s); err != nil {
		return err
	}
	return x.pay(t, s, from)
}

func (x *Listing) title(t *lending.Tx, loan lending.LoanID, s *Sale) error {
	return t.Assign(loan, lending.Assignment{Lot: s.Lot, Units: s.Units, Span: s.Span, Rank: s.Rank, To: s.Buyer})
}

func (x *Listing) pay(t *lending.Tx, s *Sale, from ledger.Account) error {
	cur := x.Terms.Currency
	credit, err := money.New(s.Credit, cur)
	if err != nil {
		return err
	}
	pay := ledger.Entry{Book: ledger.Client, Why: "claim-sale", Currency: cur}
	pay.Debit(from, credit.Minor())
	pay.Credit(lending.Avail(s.Seller), credit.Minor())
	if err := t.Post(pay); err != nil {
		return err
	}
	if err := t.ChargeFee(&x.Terms.Buyer, s.BuyerFee, from, "claim-sale-fee", cur); err != nil {
		return err
	}
	return t.ChargeFee(&x.Terms.Seller, s.SellerFee, from, "claim-sale-fee", cur)
}

// QuoteSale is what units of a listing cost on a day, as of the version of the loan that it names. What
// [BuyClaim] refuses of the listing and the slice is refused here.
func QuoteSale(
	ctx context.Context, d *lending.Desk, loan lending.LoanID, listing int, units int64, on civil.Date,
) (Sale, error) {
	b, _, err := lending.View(ctx, d, BoardRef(loan))
	if err != nil {
		return Sale{}, err
	}
	l, version, err := lending.View(ctx, d, lending.LoanRef(loan))
	if err != nil {
		return Sale{}, err
	}
	x, err := b.forSale(l, listing, on)
	if err != nil {
		return Sale{}, err
	}
	s, err := x.slice(l, units, on)
	s.Version = version
	return s, err
}

// forSale returns a listing that stands.
func (b *Board) forSale(l *lending.Loan, number int, on civil.Date) (*Listing, error) {
	x := b.listing(number)
	if x == nil {
		return nil, refuse(ErrGone, "listing %d of loan %s", number, l.ID)
	}
	if r := x.lapsed(l, on); r != 0 {
		return nil, refuse(ErrLapsed, "listing %d: %s", number, r)
	}
	switch {
	case on.Before(x.Opens):
		return nil, refuse(ErrHeld, "listing %d is for sale from %s", number, x.Opens)
	case x.Span != (lending.Span{}) && b.short():
		return nil, refuse(ErrTenor, "short holdings stand on loan %s: it is not divided", l.ID)
	}
	return x, nil
}

// slice quotes units that may be sold at a time.
func (x *Listing) slice(l *lending.Loan, units int64, on civil.Date) (Sale, error) {
	if units < 1 || units > x.Units || !x.sells(units) {
		return Sale{}, refuse(ErrSlice, "of %d units, %d or more are sold and left, or all", x.Units, x.MinSlice)
	}
	return x.quote(l, units, x.Ask, on)
}
