package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/schedule/money"
)

// MaxTerm bounds the terms of an [OrderBook], in periods of its market.
const MaxTerm = 1_200

// OrderBook holds the standing offers of the lenders of one market by term (挂单簿), from which
// borrowers' wishes are filled: the lowest rate first, then time, then id. A lender's rate is for
// the term he offers it for, and is fixed from then on; the market's rate moves with what is
// matched. [NewOrderBook] makes one. It must not be used by two goroutines at once, nor be copied.
type OrderBook struct {
	rules   TenderRules
	shelves map[int]*shelf // by term
	terms   map[uint32]int // by id of the offer
	clearer Clearer
	offers  []Offer // scratch
	taken   []int64 // scratch
}

// shelf is what stands for one term.
type shelf struct {
	offers []Offer
	units  int64 // their sum
}

// Wish is what a borrower asks of an order book (借款需求).
type Wish struct {
	Term         int    // periods, 1 to MaxTerm
	Amount       int64  // minor units, 1 to MaxLoan
	Reserve      int64  // the most he pays on any part, in 1e-12
	MaxPerLender int64  // minor units; 0 for no maximum
	MaxShare     int64  // of the amount, parts per million; 0 for no maximum
	Threshold    int64  // of the amount, parts per million, see [TenderRules]
	Borrower     uint32 // his number among the lenders, whose offers are passed over; 0 if none
}

// Fill is a part of a wish, at the rate of the offer it is from (成交).
type Fill struct {
	Offer Offer // as it stood before
	Units int64
}

// Matched is the outcome of a wish.
type Matched struct {
	Fills   []Fill // the best first
	Total   int64
	Pico    int64   // what the borrower pays, in 1e-12: the average of the fills by units
	Failure Failure // not zero if the wish is not filled; then the book is as it was
}

// NewOrderBook opens a book. MinBid, Increment, MaxBid and RateStep bind the offers that come in,
// Reserve is the most that one may name, and Round rounds the rate of a match; the mechanism is
// MarketRate and the rest is a wish's: left at zero here. Other rules are an [ErrTerms].
func NewOrderBook(t TenderRules) (*OrderBook, error) {
	rest := t
	rest.Mechanism, rest.Reserve, rest.RateStep, rest.Round = 0, 0, 0, 0
	rest.MinBid, rest.Increment, rest.MaxBid = 0, 0, 0
	if rest != (TenderRules{}) || t.Mechanism != MarketRate {
		return nil, &Error{ErrTerms, "order book", "has a rule that is none of a book of standing offers"}
	}
	t.Amount = MaxLoan
	if err := t.Validate(); err != nil {
		return nil, err
	}
	return &OrderBook{rules: t, shelves: map[int]*shelf{}, terms: map[uint32]int{}}, nil
}

// Post puts an offer into the book. It refuses one that the book's rules refuse or that is above
// its reserve, a term out of bounds, an id that stands already (ErrExists), and more than MaxBids
// offers or money.MaxMinor units for a term (ErrLimit).
func (b *OrderBook) Post(term int, o Offer) error {
	if err := b.rules.accepts(o); err != nil {
		return err
	}
	thing := fmt.Sprintf("offer %d", o.ID)
	switch _, stands := b.terms[o.ID]; {
	case stands:
		return &Error{ErrExists, thing, ""}
	case o.Pico > b.rules.Reserve:
		return &Error{ErrBid, thing, "is above the reserve rate"}
	case term < 1 || term > MaxTerm:
		return &Error{ErrTerms, thing, fmt.Sprintf("is for %d periods", term)}
	}
	s := b.shelves[term]
	if s == nil {
		s = &shelf{}
		b.shelves[term] = s
	}
	if len(s.offers) >= MaxBids || o.Units > money.MaxMinor-s.units {
		return &Error{ErrLimit, thing, "finds the term full"}
	}
	s.offers, s.units = append(s.offers, o), s.units+o.Units
	b.terms[o.ID] = term
	return nil
}

// Withdraw takes an offer out of the book (撤单) and returns what was left of it. One that does not
// stand is an [ErrUnknown].
func (b *OrderBook) Withdraw(id uint32) (Offer, error) {
	term, ok := b.terms[id]
	if !ok {
		return Offer{}, &Error{ErrUnknown, fmt.Sprintf("offer %d", id), ""}
	}
	s := b.shelves[term]
	i := slices.IndexFunc(s.offers, func(o Offer) bool { return o.ID == id })
	o := s.offers[i]
	s.offers, s.units = slices.Delete(s.offers, i, i+1), s.units-o.Units
	delete(b.terms, id)
	return o, nil
}

// Offers appends to dst what stands for a term, the best first.
func (b *OrderBook) Offers(dst []Offer, term int) []Offer {
	from := len(dst)
	if s := b.shelves[term]; s != nil {
		dst = append(dst, s.offers...)
	}
	slices.SortFunc(dst[from:], inRank)
	return dst
}

// Match fills a wish as far as the book's offers for its term go at rates up to its reserve, and
// takes what it fills out of the book. The rest of an offer filled in part keeps its place. A wish
// out of bounds is an [ErrTerms]; one that cannot be filled to its threshold is a Failure. Either
// leaves the book as it was. Work is a few passes over the offers of the term, and sorting the fills.
func (b *OrderBook) Match(w Wish) (Matched, error) {
	if w.Term < 1 || w.Term > MaxTerm {
		return Matched{}, &Error{ErrTerms, "wish", fmt.Sprintf("is for %d periods", w.Term)}
	}
	b.offers = b.offers[:0]
	s := b.shelves[w.Term]
	if s == nil {
		s = &shelf{}
	}
	for _, o := range s.offers {
		if o.Lender != w.Borrower {
			b.offers = append(b.offers, o)
		}
	}
	out, err := b.clearer.Clear(b.taken, TenderRules{
		Mechanism: MarketRate, Amount: w.Amount, Reserve: w.Reserve, Round: b.rules.Round,
		MaxPerLender: w.MaxPerLender, MaxShare: w.MaxShare, Threshold: w.Threshold,
	}, b.offers)
	if err != nil {
		return Matched{}, err
	}
	b.taken = out.Taken
	m := Matched{Total: out.Total, Pico: out.Pico, Failure: out.Failure}
	for i, n := range out.Taken {
		if n > 0 {
			m.Fills = append(m.Fills, Fill{b.offers[i], n})
		}
	}
	slices.SortFunc(m.Fills, func(x, y Fill) int { return inRank(x.Offer, y.Offer) })
	if m.Failure == 0 {
		b.take(s, m.Fills)
	}
	return m, nil
}

// take takes fills out of a shelf.
func (b *OrderBook) take(s *shelf, fills []Fill) {
	filled := make(map[uint32]int64, len(fills))
	for _, f := range fills {
		filled[f.Offer.ID] = f.Units
		s.units -= f.Units
	}
	kept := s.offers[:0]
	for _, o := range s.offers {
		if o.Units -= filled[o.ID]; o.Units > 0 {
			kept = append(kept, o)
			continue
		}
		delete(b.terms, o.ID)
	}
	s.offers = kept
}
