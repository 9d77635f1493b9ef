package transfer

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Bounds of one board.
const (
	MaxStanding = 1_000 // listings, and as many orders, that stand
	MaxPerParty = 100   // of each, those of one party: it takes ten to fill a board
)

// Board is the secondary market of one loan (转让专区): what its lenders sell, who waits to buy, and how
// many sales there were. Its stream has the loan's id.
//
// Invariants: of a lot no more is listed than its seller held when he listed it; numbers are never
// used again.
type Board struct {
	Count    int             // listings and orders so far: the number of the latest
	Listings []Listing       // that stand, by number
	Orders   []StandingOrder // that stand, by number
	Sales    int             // so far: the number of the latest
	Noticed  int             // sales of which the debtor was told, the earliest
	// Suspended names the cover that suspended all sales when that was seen last (暂停转让), see [lending.Suspending];
	// empty where none did. What stands stays where it is.
	Suspended lending.Code
	Looked    civil.Date // the latest day on which all that stands was looked at, or something was added
}

var boardKind = event.NewKind("sale", func(b *Board) civil.Date { return b.wake() },
	event.On[ClaimListed](), event.On[ListingWithdrawn](), event.On[ClaimBought](),
	event.On[OrderPlaced](), event.On[OrderWithdrawn](), event.On[OrdersMatched](),
	event.On[BoardLooked](), event.On[DebtorNotified]())

// BoardRef refers to the stream of a loan's board.
func BoardRef(loan lending.LoanID) event.Ref[Board] { return boardKind.Ref(string(loan)) }

// wake is the day after the last look while something stands: what ends a listing may happen on any day.
// A short holding that is not offered yet waits until it is.
func (b *Board) wake() civil.Date {
	next := b.Looked.AddDays(1)
	if len(b.Orders) > 0 {
		return next
	}
	var at civil.Date
	for i := range b.Listings {
		day := next
		if opens := b.Listings[i].Opens; !opens.Before(next) {
			day = opens.AddDays(1)
		}
		if at.IsZero() || day.Before(at) {
			at = day
		}
	}
	return at
}

func (b *Board) looked(on civil.Date) {
	if b.Looked.Before(on) {
		b.Looked = on
	}
}

// listing and order return what stands under a number, nil for nothing.
func (b *Board) listing(number int) *Listing {
	for i := range b.Listings {
		if b.Listings[i].Number == number {
			return &b.Listings[i]
		}
	}
	return nil
}

func (b *Board) order(number int) *StandingOrder {
	for i := range b.Orders {
		if b.Orders[i].Number == number {
			return &b.Orders[i]
		}
	}
	return nil
}

// drop takes what has a number off the board.
func (b *Board) drop(number int) {
	b.Listings = slices.DeleteFunc(b.Listings, func(x Listing) bool { return x.Number == number })
	b.Orders = slices.DeleteFunc(b.Orders, func(x StandingOrder) bool { return x.Number == number })
}

// listed is how many units of a lot its holder has on the board.
func (b *Board) listed(lot int, holder lending.PartyID) (units int64) {
	for i := range b.Listings {
		if x := &b.Listings[i]; x.Lot == lot && x.Seller == holder {
			units += x.Units
		}
	}
	return units
}

// sells and wants count the listings and the orders of a party.
func (b *Board) sells(p lending.PartyID) (n int) {
	for i := range b.Listings {
		if b.Listings[i].Seller == p {
			n++
		}
	}
	return n
}

func (b *Board) wants(p lending.PartyID) (n int) {
	for i := range b.Orders {
		if b.Orders[i].Buyer == p {
			n++
		}
	}
	return n
}

// used refuses a board on which nothing ever stood.
func (b *Board) used(loan lending.LoanID) error {
	if b.Count == 0 {
		return refuse(ErrGone, "board of loan %s", loan)
	}
	return nil
}

// settle takes a sale into the figures of the board.
func (b *Board) settle(s *Sale) {
	b.Sales, b.Suspended = s.Number, ""
	if x := b.listing(s.Listing); x != nil {
		if s.Roll != (Roll{}) {
			b.Count = s.Roll.Listing
			b.Listings = append(b.Listings, x.roll(s))
			x = b.listing(s.Listing)
		}
		if x.Units -= s.Units; x.Units <= 0 {
			b.drop(x.Number)
		}
	}
	if x := b.order(s.Order); x != nil {
		if x.Money -= s.Debit; x.Money <= 0 {
			b.drop(x.Number)
		}
	}
}

// Basis is what a price on a loan was named upon. Where it has changed, what stands lapses.
type Basis struct {
	Later   int64        // unpaid of what falls due after the last day of a listing
	Waits   int64        // the same times the days that it waits after that, modulo 2^64
	Overdue bool         // or accelerated
	Span    lending.Span // of the lot; of an order, whether the claims are divided by term
}

// basisOf is the basis of a price of a lot; of an order it is the first.
func basisOf(l *lending.Loan, lot int, expires, on civil.Date) (b Basis) {
	b.Overdue = l.DaysPastDue(on) > 0 || !l.Acceleration.On.IsZero()
	if lot < len(l.Lots) {
		b.Span = l.Lots[lot].Span
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		if u := d.Unpaid(); d.Date.After(expires) {
			later := u[lending.Principal] + u[lending.Interest]
			b.Later += later
			b.Waits += later * int64(d.Date.Sub(expires))
		}
	}
	return b
}

func (b *Basis) code(c *event.Codec) {
	c.Int(&b.Later)
	c.Int(&b.Waits)
	c.Bool(&b.Overdue)
	c.Count(&b.Span.From)
	c.Count(&b.Span.To)
}
