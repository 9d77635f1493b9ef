package transfer

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// BookAsk is a listing as a plain row of an order book.
type BookAsk struct {
	Number int
	Seller lending.PartyID
	PPM    int64 // the least that is taken, by the unpaid principal
	Units  int64 // left
}

// BookBid is an order as a plain row of an order book.
type BookBid struct {
	Number int
	Buyer  lending.PartyID
	PPM    int64 // the most that is paid, by the unpaid principal
	Money  int64 // left, minor units
}

// Trade sells units of an ask to a bid at a price in parts per million of the unpaid principal, as many as
// the bid's money and the ask's slices allow, and returns how many and what they cost. No units is no
// sale; an error ends the matching.
type Trade func(a BookAsk, b BookBid, ppm int64) (units, cost int64, err error)

// Cross matches bids against asks by price, then time (价格优先、时间优先): the bid that pays most is
// served first, of equal ones the one with the lowest number; it takes the asks that want least first, of
// equal ones the lowest number. Of the two who trade, the one with the lower number was there first and
// sets the price. Nobody trades with himself. What is left of an ask or a bid keeps its place. It ends
// after so many sales, and reports whether it went through.
//
// Work is sorting, and for each bid the asks that it may take and does not.
func Cross(asks []BookAsk, bids []BookBid, most int, trade Trade) (done bool, err error) {
	asks, bids = slices.Clone(asks), slices.Clone(bids)
	sortBook(asks, bids)
	for i := range bids {
		b := &bids[i]
		for len(asks) > 0 && asks[0].Units == 0 {
			asks = asks[1:]
		}
		for k := range asks {
			a := &asks[k]
			if a.PPM > b.PPM || b.Money <= 0 {
				break
			}
			if a.Units == 0 || a.Seller == b.Buyer {
				continue
			}
			if most == 0 {
				return false, nil
			}
			ppm := a.PPM
			if b.Number < a.Number {
				ppm = b.PPM
			}
			units, cost, err := trade(*a, *b, ppm)
			if err != nil {
				return false, err
			}
			if units > 0 {
				most--
			}
			a.Units -= units
			b.Money -= cost
		}
	}
	return true, nil
}

// sortBook sorts both sides of a book by price, then time.
func sortBook(asks []BookAsk, bids []BookBid) {
	slices.SortFunc(asks, func(a, b BookAsk) int {
		return cmp.Or(cmp.Compare(a.PPM, b.PPM), cmp.Compare(a.Number, b.Number))
	})
	slices.SortFunc(bids, func(a, b BookBid) int {
		return cmp.Or(cmp.Compare(b.PPM, a.PPM), cmp.Compare(a.Number, b.Number))
	})
}
