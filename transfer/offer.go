package transfer

import (
	"math"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// OfferID names an offer.
type OfferID string

// Bounds of what is matched.
const (
	MaxOffers = 1 << 23
	MaxFormer = 1024
	MaxTerm   = 100 * 366 // days
)

// Offer is a claim, or a part of one, that is for sale.
type Offer struct {
	ID       OfferID
	Seller   lending.PartyID
	Borrower lending.PartyID
	Former   []lending.PartyID // earlier owners, to whom it is not sold back; up to MaxFormer
	Units    int64             // for sale, 1 or more
	MinSlice int64             // the fewest units sold or left, 1 or more; a smaller offer is sold whole
	Price    int64             // dirty, of all units together, 1 or more
	Yield    Yield             // at that price
	Term     int               // days left, 0 to MaxTerm
}

func (o *Offer) fault() string {
	switch {
	case o.ID == "" || len(o.ID) > lending.MaxID:
		return "has no well-formed id"
	case o.Seller == "" || o.Borrower == "":
		return "has no seller or no borrower"
	case len(o.Former) > MaxFormer:
		return "has more earlier owners than an offer can have"
	case o.Units < 1 || o.Units > money.MaxMinor || o.MinSlice < 1 || o.MinSlice > money.MaxMinor:
		return "units and the smallest slice must be 1 or more, and amounts"
	case o.Price < 1 || o.Price > money.MaxMinor:
		return "the price must be 1 or more, and an amount"
	case o.Yield < MinYield || o.Yield > MaxYield:
		return "the yield is out of bounds"
	case o.Term < 0 || o.Term > MaxTerm:
		return "the term is out of bounds"
	}
	return ""
}

// stock is what is left of an offer.
type stock struct {
	*Offer
	sold     int64 // units
	got      int64 // for the units sold: the floor of their share of the price
	seller   int32 // parties by number, as borrower
	borrower int32
}

// shuns reports whether a party may not buy the offer: it sells it, held it before, or owes it.
func (s *stock) shuns(buyer lending.PartyID, number int32) bool {
	return s.seller == number || s.borrower == number || slices.Contains(s.Former, buyer)
}

func (s *stock) left() int64 { return s.Units - s.sold }

// cost is the price of the next units: the seller's total stays the floor of its exact share.
func (s *stock) cost(units int64) int64 {
	if s.Price == s.Units {
		return units
	}
	return int64(product(s.sold+units, s.Price).over(s.Units)) - s.got
}

// least is what the smallest slice costs that may be bought now; nothing is left: the most there is.
func (s *stock) least() int64 {
	left := s.left()
	switch {
	case left == 0:
		return math.MaxInt64
	case left-s.MinSlice < s.MinSlice: // a part would leave a tail
		return s.cost(left)
	}
	return s.cost(s.MinSlice)
}

// slice is the most units that money buys without a tail, possibly none.
func (s *stock) slice(limit int64) int64 {
	left := s.left()
	units := s.within(limit)
	if units >= left {
		return left
	}
	if units = min(units, left-s.MinSlice); units < s.MinSlice {
		return 0
	}
	return units
}

// within is the most units that cost no more than a limit: floor((sold+units) Price / Units) is at most
// got + limit, so (sold+units) Price is less than (got+limit+1) Units.
func (s *stock) within(limit int64) int64 {
	if s.Price == s.Units {
		return limit
	}
	most := product(s.got+limit+1, s.Units)
	if most.lo--; most.lo == math.MaxUint64 {
		most.hi--
	}
	return int64(min(most.over(s.Price), math.MaxInt64)) - s.sold
}

// buy takes units off and returns what they cost.
func (s *stock) buy(units int64) int64 {
	cost := s.cost(units)
	s.sold, s.got = s.sold+units, s.got+cost
	return cost
}
