package transfer

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Outcome is what becomes of a short holding that finds no buyer on its day (续转失败的处理).
type Outcome uint8

// Outcomes.
const (
	Extended  Outcome = iota + 1 // its holder stays the holder, and it stays on offer (展期)
	TakenBack                    // who first listed it buys it at par (回购); as long as he cannot, it is extended
)

var outcomeNames = [...]string{"", "extended", "taken-back"}

// String returns the outcome's name.
func (o Outcome) String() string {
	if !o.valid() {
		return "outcome unknown"
	}
	return outcomeNames[o]
}

func (o Outcome) valid() bool { return o == Extended || o == TakenBack }

// Tenor lets the buyers of a listing hold what they buy for some days only (期限拆分): it is offered anew
// for them, at par, until one buys it to its end. The zero value does not.
type Tenor struct {
	Days   int     // the longest that one of them may hold it, 1 to 3,660; zero for no short holdings
	Failed Outcome // what happens if nobody buys it then
}

func (n *Tenor) code(c *event.Codec) {
	c.Count(&n.Days)
	event.Enum(c, &n.Failed)
}

// forever is the last day of a listing that stands until it is sold.
var forever = civil.MustParse("9999-12-31")

// Roll says how a claim that was bought for some days is offered anew (续转); zero for one that was
// bought to its end.
type Roll struct {
	Listing int        // by which it is
	Lot     int        // that its buyer has
	Opens   civil.Date // the day on which it is: the last of his days
}

func (r *Roll) code(c *event.Codec) {
	c.Count(&r.Listing)
	c.Count(&r.Lot)
	c.Date(&r.Opens)
}

// rolls reports whether the listing is that of a short holding.
func (x *Listing) rolls() bool { return !x.Opens.IsZero() }

// roll is the listing by which what was sold is offered anew. Who would buy from himself takes nothing
// back.
func (x *Listing) roll(s *Sale) Listing {
	y := *x
	y.Number, y.Lot, y.Opens = s.Roll.Listing, s.Roll.Lot, s.Roll.Opens
	y.Seller, y.Units, y.Expires, y.Basis = s.Buyer, s.Units, forever, Basis{Span: x.Basis.Span}
	y.Failed, y.Refused = civil.Date{}, ""
	if y.Backstop == y.Seller {
		y.Backstop, y.Tenor.Failed = "", Extended
	}
	return y
}

// tenor refuses a tenor that a listing cannot have.
func (x *Listing) tenor(t *lending.Tx, l *lending.Loan) error {
	if x.Tenor == (Tenor{}) {
		return nil
	}
	least := max(1, x.Terms.HoldDays, l.Product.Transfers.HoldDays)
	switch n := x.Tenor; {
	case n.Days < least || n.Days > maxStandDays:
		return refuse(ErrTenor, "a short holding has %d to %d days", least, maxStandDays)
	case !n.Failed.valid():
		return refuse(ErrTenor, "it does not say what happens if nobody buys")
	case x.Ask != Ask{PPM: lending.Million} || x.Span != lending.Span{} || x.Rank > 0:
		return refuse(ErrTenor, "short holdings are of all unpaid instalments, at par, and stand behind nobody")
	case x.Basis.Overdue:
		return refuse(ErrTenor, "the loan is overdue")
	case n.Failed != TakenBack:
		return nil
	}
	x.Backstop = x.Seller
	f, err := event.Read(t.Tx, FacilityRef(x.Seller))
	if err == nil && f.Lender == "" {
		err = refuse(ErrTenor, "party %s has no facility to take it back under", x.Seller)
	}
	return err
}

// offers is what stands on a board, in all and of the buyer, and what a command is about to add.
type offers struct{ count, standing, own int }

// keep makes a sale one for some days. It refuses days that the listing does not offer, fewer than for
// which the claim has to be held, and as many as it lasts.
func (x *Listing) keep(s *Sale, l *lending.Loan, days int, o *offers) error {
	if days == 0 {
		return nil
	}
	least := max(1, x.Terms.HoldDays, l.Product.Transfers.HoldDays)
	if days < least || days > x.Tenor.Days {
		return refuse(ErrTenor, "listing %d is sold for good or for %d to %d days", x.Number, least, x.Tenor.Days)
	}
	if o.standing >= MaxStanding {
		return refuse(ErrListing, "as many as can stand do: buy it for good")
	}
	if o.own >= MaxPerParty {
		return refuse(ErrListing, "party %s has as many as one may: buy it for good", s.Buyer)
	}
	dues, err := l.LotDues(x.part(s.Units), s.On)
	if err != nil {
		return err
	}
	opens := s.On.AddDays(days)
	if len(dues) == 0 || !opens.Before(dues[len(dues)-1].Due.AddDays(-x.Terms.LastDays)) {
		return refuse(ErrTenor, "the claim ends, or is not sold any more, within %d days: buy it for good", days)
	}
	s.Roll = Roll{o.count + 1, s.Lot, opens}
	if s.Units < l.Lots[s.Lot].Units {
		s.Roll.Lot = len(l.Lots)
	}
	o.count, o.standing = o.count+1, o.standing+1
	return nil
}

// short reports whether short holdings stand on the board: then the loan's claims are not divided into
// strips, which would change their lots.
func (b *Board) short() bool {
	for i := range b.Listings {
		if b.Listings[i].rolls() {
			return true
		}
	}
	return false
}
