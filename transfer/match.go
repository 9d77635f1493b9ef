package transfer

import (
	"cmp"
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// Slice is what an order buys of an offer.
type Slice struct {
	Order OrderID
	Offer OfferID
	Units int64
	Cost  int64 // minor units, 1 or more
}

// maxSteps bounds the nodes of the shelf that an order looks into for each next slice.
const maxSteps = 1 << 14

// Match buys offers with the money of orders, many to many (债权撮合). It wants the most money placed,
// then the fewest slices for what each order gets, subject to:
//
//   - an order spends its Money at most, and within PerClaim and PerBorrower;
//   - it buys what yields MinYield or more with MinTerm to MaxTerm days left;
//   - nobody buys what he sells, held before or owes;
//   - a slice is MinSlice units or more, and leaves as many or nothing; what cannot be divided so is
//     sold whole;
//   - orders are served by Turn. Of orders with equal [Criteria], those of one buyer, and those of
//     buyers who appear in no offer, an earlier one never gets less than a later one.
//
// Each order takes the offers of most value first, of each the most that it may. How far that is from
// the best is known where units cost 1 each and MinSlice is 1, and no order gives up (see below):
//
//   - it places at least half of the most money that any matching could, whatever its turns: what an
//     order lacks in the best is in offers that are sold out, unless the order is full or at its cap;
//   - each slice fills its order, meets a cap, or sells its offer out, so there are no more slices
//     than these together.
//
// With larger slices and other prices there is no such bound, and the best is as hard to find as to
// pack boxes; tests hold small cases to an exhaustive matcher. An order gives up when, among very many
// offers that it may not buy, it found none in 2^14 steps.
//
// Slices come by order served, each order's in the order found. Equal input in any order gives equal
// slices. Faults of the input are [ErrMatch]s, the first twenty together; then nothing is matched.
func Match(offers []Offer, orders []Order) ([]Slice, error) {
	if err := check(offers, orders); err != nil {
		return nil, err
	}
	m := newMatcher(offers)
	queue := make([]*Order, len(orders))
	for i := range orders {
		queue[i] = &orders[i]
	}
	slices.SortFunc(queue, (*Order).compare)
	fills := make([]fill, len(queue))
	for i, o := range queue {
		fills[i] = m.serve(o)
	}
	m.level(queue, fills)
	out := make([]Slice, 0, len(m.found))
	for i, f := range fills {
		for _, x := range m.found[f.from:f.to] {
			out = append(out, Slice{queue[i].ID, m.shelf.stocks[x.stock].ID, x.units, x.cost})
		}
	}
	return out, nil
}

// matcher is the state of a match.
type matcher struct {
	shelf   *shelf
	parties map[lending.PartyID]int32 // who appears in an offer
	spent   []spending                // by borrower
	found   []purchase
	orders  int
}

// spending is what the last order that bought of a borrower spent on his offers.
type spending struct {
	order int
	minor int64
}

type purchase struct {
	stock       int32
	units, cost int64
}

// fill is what an order got: a range of found, and the cost of it.
type fill struct {
	from, to int
	minor    int64
}

func newMatcher(offers []Offer) *matcher {
	m := &matcher{parties: map[lending.PartyID]int32{}}
	number := func(p lending.PartyID) int32 {
		n, ok := m.parties[p]
		if !ok {
			n = int32(len(m.parties))
			m.parties[p] = n
		}
		return n
	}
	stocks := make([]stock, len(offers))
	for i := range offers {
		o := &offers[i]
		stocks[i] = stock{Offer: o, seller: number(o.Seller), borrower: number(o.Borrower)}
		for _, f := range o.Former {
			number(f)
		}
	}
	m.shelf, m.spent = newShelf(stocks), make([]spending, len(m.parties))
	return m
}

// serve buys for one order.
func (m *matcher) serve(o *Order) fill {
	m.orders++
	f := fill{from: len(m.found)}
	number, known := m.parties[o.Buyer]
	m.shelf.begin()
	for steps := maxSteps; f.minor < o.Money; {
		limit := capped(o.Money-f.minor, o.PerClaim)
		at := m.shelf.next(&o.Criteria, limit, &steps)
		if at < 0 {
			break
		}
		if known && m.shelf.stocks[at].shuns(o.Buyer, number) {
			continue
		}
		if cost := m.buy(o, at, limit); cost > 0 {
			f.minor += cost
			steps = maxSteps
		}
	}
	f.to = len(m.found)
	return f
}

// buy takes what an order may have of a stock within a limit, and returns what it costs.
func (m *matcher) buy(o *Order, at int32, limit int64) int64 {
	s := &m.shelf.stocks[at]
	spent := &m.spent[s.borrower]
	if spent.order != m.orders {
		*spent = spending{order: m.orders}
	}
	if o.PerBorrower > 0 {
		limit = min(limit, o.PerBorrower-spent.minor)
	}
	units := s.slice(limit)
	if units == 0 || s.cost(units) == 0 {
		return 0
	}
	cost := s.buy(units)
	spent.minor += cost
	m.found = append(m.found, purchase{at, units, cost})
	m.shelf.changed(at)
	return cost
}

// level exchanges what orders of equal criteria got so that an earlier one never has less: what was
// left may have suited a later one better. It does so where what one got is open to the others.
func (m *matcher) level(queue []*Order, fills []fill) {
	places, insiders := make([]int, len(queue)), make([]lending.PartyID, len(queue))
	for i, o := range queue {
		places[i] = i
		if _, known := m.parties[o.Buyer]; known {
			insiders[i] = o.Buyer
		}
	}
	compare := func(i, j int) int {
		if c := queue[i].Criteria.compare(&queue[j].Criteria); c != 0 {
			return c
		}
		return cmp.Compare(insiders[i], insiders[j])
	}
	slices.SortFunc(places, func(i, j int) int { return cmp.Or(compare(i, j), cmp.Compare(i, j)) })
	for len(places) > 0 {
		n := 1
		for n < len(places) && compare(places[0], places[n]) == 0 {
			n++
		}
		got := make([]fill, n)
		for k, i := range places[:n] {
			got[k] = fills[i]
		}
		slices.SortStableFunc(got, func(a, b fill) int { return cmp.Compare(b.minor, a.minor) })
		for k, i := range places[:n] {
			fills[i] = got[k]
		}
		places = places[n:]
	}
}

// maxFaults bounds what is reported of bad input.
const maxFaults = 20

func check(offers []Offer, orders []Order) error {
	if len(offers) > MaxOffers || len(orders) > MaxOrders {
		return refuse(ErrMatch, "%d offers and %d orders, at most %d and %d",
			len(offers), len(orders), MaxOffers, MaxOrders)
	}
	var errs []error
	bad := func(what, id, why string) {
		if why != "" && len(errs) < maxFaults {
			errs = append(errs, refuse(ErrMatch, "%s %.64q %s", what, id, why))
		}
	}
	offered := make(map[OfferID]bool, len(offers))
	for i := range offers {
		o := &offers[i]
		bad("offer", string(o.ID), o.fault())
		n := len(offered)
		if offered[o.ID] = true; len(offered) == n {
			bad("offer", string(o.ID), "is there twice")
		}
	}
	ordered := make(map[OrderID]bool, len(orders))
	for i := range orders {
		o := &orders[i]
		bad("order", string(o.ID), o.fault())
		n := len(ordered)
		if ordered[o.ID] = true; len(ordered) == n {
			bad("order", string(o.ID), "is there twice")
		}
	}
	return errors.Join(errs...)
}
