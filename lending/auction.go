package lending

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Auction is an open reverse auction in its course (公开竞标): the offers that stand, and how a new
// one changes them. It is a plain value without a clock; the host closes it by taking what stands.
// [NewAuction] makes one. It must not be copied in use.
//
// Invariants: what stands is at most the amount and never falls; it is the best of all units that
// were let in, rates first, then time, then id, as far as each lender's share goes.
type Auction struct {
	rules TenderRules
	heap  []Offer // what stands, the worst at the root
	held  []int64 // by lender
	total int64
	last  Offer // the one that came last, whether taken or not
}

// Outbid says that an offer lost units to a better one (被超越).
type Outbid struct {
	Offer Offer // as it stood before
	Units int64 // what it lost, all of its units if it is out
}

// NewAuction opens an auction of the mechanism OpenAuction. Rules that [TenderRules.Validate]
// refuses, or of another mechanism, are an [ErrTerms].
func NewAuction(t TenderRules) (*Auction, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	if t.Mechanism != OpenAuction {
		return nil, &Error{ErrTerms, "auction", "cannot be of mechanism " + t.Mechanism.String()}
	}
	return &Auction{rules: t}, nil
}

// resume is an auction by checked rules in which offers stand already. It takes their memory.
func resume(t TenderRules, standing []Offer) *Auction {
	a := &Auction{rules: t, heap: standing}
	lenders := uint32(0)
	for i := range standing {
		lenders = max(lenders, standing[i].Lender)
	}
	a.held = make([]int64, lenders+1)
	for i, o := range standing {
		a.held[o.Lender] += o.Units
		a.total += o.Units
		if a.last.Lender == 0 || inTime(a.last, o) < 0 {
			a.last = o
		}
		a.up(i)
	}
	return a
}

// Place takes an offer in. While the loan is not full an offer stands at any rate up to the reserve.
// Then its units displace the worst that stand, as long as these are above its rate by the decrement
// at least. A lender who has his share displaces his own worst units, by the same decrement; what he
// offers beyond is cut. It returns how much of the offer stands now, and appends to dst who was
// outbid, and by how much, the worst first.
//
// Nothing changes on an error: an offer that the rules refuse, that is above the reserve, that is
// not good enough, or came not after all before it in time and id (ErrBid, ErrAmount, ErrTerms).
//
// Work is a logarithm of what stands for each offer that is displaced, and linear in it for each
// that a lender with his full share displaces of his own.
func (a *Auction) Place(dst []Outbid, o Offer) (taken int64, outbid []Outbid, err error) {
	if err := a.rules.accepts(o); err != nil {
		return 0, dst, err
	}
	refuse := func(why string) error { return &Error{ErrBid, fmt.Sprintf("offer %d", o.ID), why} }
	switch {
	case o.Pico > a.rules.Reserve:
		return 0, dst, refuse("is above the reserve rate")
	case a.last.Lender != 0 && inTime(a.last, o) >= 0:
		return 0, dst, refuse("came before offers that stand, or twice")
	}
	if taken, outbid = a.place(dst, o); taken == 0 {
		return 0, dst, refuse("must be below what it displaces by " + decimal.New(max(a.rules.Decrement, 1), -10).String() + "%")
	}
	a.last = o
	return taken, outbid, nil
}

// place is Place of an offer that is in order.
func (a *Auction) place(dst []Outbid, o Offer) (int64, []Outbid) {
	if n := int(o.Lender) + 1 - len(a.held); n > 0 {
		a.held = append(a.held, make([]int64, n)...)
	}
	share, ceiling := a.rules.maxPerLender(), o.Pico+max(a.rules.Decrement, 1)
	left := o.Units
	for left > 0 {
		room := share - a.held[o.Lender]
		if n := min(left, room, a.rules.Amount-a.total); n > 0 {
			a.held[o.Lender] += n
			a.total += n
			left -= n
			continue
		}
		worst := 0
		if room == 0 {
			worst = a.worstOf(o.Lender)
		}
		if worst < 0 || len(a.heap) == 0 || a.heap[worst].Pico < ceiling {
			break // all that is left was taken from this very offer, or stands too well
		}
		loser := a.heap[worst]
		n := min(left, loser.Units)
		if loser.Lender != o.Lender {
			n = min(n, room)
		}
		dst = append(dst, Outbid{loser, n})
		a.held[loser.Lender] -= n
		a.held[o.Lender] += n
		left -= n
		if a.heap[worst].Units -= n; n == loser.Units {
			a.remove(worst)
		}
	}
	if o.Units -= left; o.Units > 0 {
		a.heap = append(a.heap, o)
		a.up(len(a.heap) - 1)
	}
	return o.Units, dst
}

// Standing appends to dst the offers that stand, the best first, each with the units that it has.
// Cleared under UniformMarginal they give the rate of an auction that pays all alike, under PayAsBid
// what the mechanism OpenAuction pays.
func (a *Auction) Standing(dst []Offer) []Offer {
	from := len(dst)
	dst = append(dst, a.heap...)
	slices.SortFunc(dst[from:], inRank)
	return dst
}

// Total returns the units that stand.
func (a *Auction) Total() int64 { return a.total }

// ToBeat returns the highest rate, in 1e-12, at which an offer of a lender below his share would
// stand now: the reserve until the loan is full; false if no rate is low enough any more.
func (a *Auction) ToBeat() (pico int64, ok bool) {
	if a.total < a.rules.Amount || len(a.heap) == 0 {
		return a.rules.Reserve, true
	}
	pico = a.heap[0].Pico - max(a.rules.Decrement, 1)
	return max(pico, 0), pico >= 0
}

// replay runs a checked tender through an auction, in the order of time, and writes what stands at
// the end.
func (c *Clearer) replay(taken []int64, t *TenderRules, offers []Offer) int64 {
	a := &c.open
	*a = Auction{rules: *t, heap: a.heap[:0], held: a.held[:0]}
	c.rows = c.rows[:0]
	for i, n := range taken {
		if n > 0 {
			c.rows = append(c.rows, ranked{offers[i].byTime(), n, i})
		}
	}
	slices.SortFunc(c.rows, func(x, y ranked) int {
		return cmp.Or(slices.Compare(x.keys[:], y.keys[:]), cmp.Compare(x.at, y.at))
	})
	clear(taken)
	for at, r := range c.rows {
		o := offers[r.at]
		o.Time, o.ID = int64(at), 0
		_, c.outbid = a.place(c.outbid[:0], o)
	}
	for _, o := range a.heap {
		taken[c.rows[o.Time].at] = o.Units
	}
	return a.total
}

func inTime(x, y Offer) int { return cmp.Or(cmp.Compare(x.Time, y.Time), cmp.Compare(x.ID, y.ID)) }
func inRank(x, y Offer) int { return cmp.Or(cmp.Compare(x.Pico, y.Pico), inTime(x, y)) }

// worstOf finds the worst offer of a lender, or returns -1.
func (a *Auction) worstOf(lender uint32) int {
	worst := -1
	for i := range a.heap {
		if a.heap[i].Lender == lender && (worst < 0 || inRank(a.heap[i], a.heap[worst]) > 0) {
			worst = i
		}
	}
	return worst
}

// up lets the offer at i rise to its place in the heap.
func (a *Auction) up(i int) {
	for i > 0 && inRank(a.heap[i], a.heap[(i-1)/2]) > 0 {
		a.heap[i], a.heap[(i-1)/2] = a.heap[(i-1)/2], a.heap[i]
		i = (i - 1) / 2
	}
}

// remove takes the offer at i out of the heap.
func (a *Auction) remove(i int) {
	end := len(a.heap) - 1
	a.heap[i] = a.heap[end]
	if a.heap = a.heap[:end]; i == end {
		return
	}
	a.up(i)
	for {
		child := 2*i + 1
		if child+1 < end && inRank(a.heap[child+1], a.heap[child]) > 0 {
			child++
		}
		if child >= end || inRank(a.heap[child], a.heap[i]) <= 0 {
			return
		}
		a.heap[i], a.heap[child] = a.heap[child], a.heap[i]
		i = child
	}
}
