package lending

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Failure is why a tender failed (流标). Zero is success.
type Failure uint8

// Failures.
const (
	NoOffers       Failure = iota + 1 // none that is eligible
	BelowThreshold                    // less was raised than the rules ask for
)

var failureNames = [...]string{"", "no-offers", "below-threshold"}

// String returns the failure's name.
func (f Failure) String() string { return nameOf(failureNames[:], f, "failure") }

// Cleared is the outcome of a tender.
type Cleared struct {
	Taken   []int64 // minor units by offer, in the order of the offers; 0 for one that lost
	Total   int64   // their sum; what was raised if the tender failed
	Pico    int64   // the rate that the borrower pays, in 1e-12, at most the reserve
	Own     bool    // each lender gets the rate that he named; else all get Pico
	Failure Failure // not zero if the tender failed: then nothing is taken and the rate is 0
}

// Earns returns the rate, in 1e-12, that the lender of an accepted offer gets.
func (c *Cleared) Earns(o Offer) int64 {
	if c.Own {
		return o.Pico
	}
	return c.Pico
}

// Clearer clears tenders. It holds scratch memory and nothing else: results do not depend on what it
// was used for before. The zero value is ready. It must not be used by two goroutines at once, nor
// be copied in use.
type Clearer struct {
	counts histogram // units by the leading bits of their rate
	shift  int       // how many bits of a rate are not leading
	pick   selector
	rows   []ranked
	held   []int64 // by lender
	places []int32 // by lender
	open   Auction
	outbid []Outbid
}

// ClearTender is [Clearer.Clear] with a fresh Clearer and fresh memory.
func ClearTender(t TenderRules, offers []Offer) (Cleared, error) {
	var c Clearer
	return c.Clear(nil, t, offers)
}

// Clear decides a tender by its rules. Taken is in dst's memory if that has room; then nothing is
// allocated once c has seen a tender as large. The outcome does not depend on the order of the
// slice. Every decision is in integers, the rate is rounded at most once.
//
// An error is one of the input: rules that [TenderRules.Validate] refuses; an offer that no rules
// allow (ErrAmount, ErrTerms) or these do not (ErrBid), the first of them; more than MaxBids offers
// (ErrLimit); eligible offers of more than money.MaxMinor units in all (ErrAmount). That a tender
// fails is an outcome: Cleared.Failure.
//
// Work is a few passes over the offers, without sorting but for an OpenAuction, which goes through
// them in the order of time.
func (c *Clearer) Clear(dst []int64, t TenderRules, offers []Offer) (Cleared, error) {
	if err := t.Validate(); err != nil {
		return Cleared{}, err
	}
	if len(offers) > MaxBids {
		return Cleared{}, &Error{ErrLimit, "tender", fmt.Sprintf("takes at most %d offers", MaxBids)}
	}
	taken := slices.Grow(dst[:0], len(offers))[:len(offers)]
	total, err := c.admit(taken, &t, offers)
	if err != nil {
		return Cleared{}, err
	}
	if t.Mechanism == OpenAuction {
		total = c.replay(taken, &t, offers)
	} else {
		total -= c.capLenders(taken, &t, offers)
	}
	out := Cleared{Taken: taken, Own: t.Mechanism.OwnRates()}
	switch t.Mechanism {
	case FirstCome:
		out.Total, out.Pico = c.byTime(taken, offers, total, t.Amount), t.Reserve
	case ProRata:
		out.Total, out.Pico = c.proRata(taken, &t, offers, total), t.Reserve
	case UniformRejected:
		out.Pico = t.Reserve
		if total > t.Amount {
			out.Pico = c.rateOf(taken, offers, t.Amount+1)
		}
		out.Total, _ = c.byRate(taken, offers, total, t.Amount)
	case UniformMarginal:
		out.Total, out.Pico = c.byRate(taken, offers, total, t.Amount)
	default:
		out.Total, _ = c.byRate(taken, offers, total, t.Amount)
		out.Pico = average(offers, taken, t.Round)
	}
	return out.judge(t.enough()), nil
}

// judge turns an outcome that raised too little into a failure.
func (c Cleared) judge(enough int64) Cleared {
	if c.Total >= enough {
		return c
	}
	c.Pico, c.Failure = 0, BelowThreshold
	if c.Total == 0 {
		c.Failure = NoOffers
	}
	clear(c.Taken)
	return c
}

// admit checks all offers, and writes and counts the units of those that are eligible.
func (c *Clearer) admit(taken []int64, t *TenderRules, offers []Offer) (total int64, err error) {
	const block = 1024 // of MaxLoan units each are no overflow
	c.shift = max(0, bits.Len64(uint64(t.Reserve))-min(rankBits, bits.Len(uint(len(offers)))))
	clear(c.counts[:t.Reserve>>c.shift+1])
	for len(offers) > 0 {
		n := min(block, len(offers))
		if t.doubts(offers[:n]) {
			for _, o := range offers[:n] {
				if err := t.accepts(o); err != nil {
					return 0, err
				}
			}
		}
		if total += c.admitBlock(taken[:n], t.Reserve, offers[:n]); total > money.MaxMinor {
			return 0, &Error{ErrAmount, "tender", "the offers add up to more than an amount can be"}
		}
		taken, offers = taken[n:], offers[n:]
	}
	return total, nil
}

// admitBlock writes and counts the units of a block of offers. An offer above the reserve counts
// nothing, in whatever bucket.
func (c *Clearer) admitBlock(taken []int64, reserve int64, offers []Offer) (sum int64) {
	counts, shift := &c.counts, c.shift&63
	taken = taken[:len(offers)]
	for i := range offers {
		pico := offers[i].Pico
		units := offers[i].Units &^ ((reserve - pico) >> 63)
		counts[uint64(pico)>>shift&(rankSize-1)] += units
		taken[i] = units
		sum += units
	}
	return sum
}

// doubts reports whether there is doubt that the rules accept each offer of a block. It gathers the
// bits of all figures, so that its loop has no branch: no doubt is certain, a doubt is not.
func (t *TenderRules) doubts(offers []Offer) bool {
	least, borrower := t.minBid(), t.Borrower-1
	var amounts, rates, signs int64
	var lenders uint32
	for i := range offers {
		o := &offers[i]
		lender := o.Lender - 1
		amounts |= o.Units - least
		rates |= o.Pico
		lenders = max(lenders, lender)
		signs |= int64(lender^borrower) - 1 // negative if they are the same
	}
	if uint64(amounts) >= MaxLoan || uint64(rates) > schedule.MaxPico || lenders >= MaxBids || signs < 0 {
		return true
	}
	if t.Increment <= 1 && t.RateStep <= 1 && t.MaxBid == 0 {
		return false
	}
	most, step, rate := t.maxBid(), stepsOf(t.increment()), stepsOf(max(t.RateStep, 1))
	for i := range offers {
		o := &offers[i]
		if o.Units > most || !step.divides(o.Units-least) || !rate.divides(o.Pico) {
			return true
		}
	}
	return false
}

// byRate takes the wanted units with the lowest rates out of a total, and returns how many these are
// and the highest rate among them, 0 if there are none.
func (c *Clearer) byRate(taken []int64, offers []Offer, total, want int64) (units, pico int64) {
	if total <= want {
		for i, n := range taken {
			pico = max(pico, offers[i].Pico&((-n)>>63))
		}
		return total, pico
	}
	bucket, rest := c.counts.crossing(want)
	rows, low, width := c.rows[:0], int64(bucket)<<c.shift, int64(1)<<c.shift
	taken = taken[:len(offers)]
	for i := range offers {
		over := offers[i].Pico - low
		if uint64(over) < uint64(width) && taken[i] > 0 {
			rows = append(rows, ranked{offers[i].byRate(), taken[i], i})
		}
		taken[i] &^= (width - 1 - over) >> 63 // nothing above the bucket
	}
	c.rows = rows
	last := c.pick.serve(rows, rest, func(at int, units int64) { taken[at] = units })
	return want, int64(last.keys[0])
}

// rateOf returns the rate of a unit, counted from 1 in the order of rates, and takes nothing.
func (c *Clearer) rateOf(taken []int64, offers []Offer, unit int64) int64 {
	bucket, rest := c.counts.crossing(unit)
	c.rows = c.rows[:0]
	for i := range offers {
		if offers[i].Pico>>(c.shift&63) == int64(bucket) && taken[i] > 0 {
			c.rows = append(c.rows, ranked{rankKeys{uint64(offers[i].Pico)}, taken[i], i})
		}
	}
	last := c.pick.serve(c.rows, rest, func(int, int64) {})
	return int64(last.keys[0])
}

// byTime takes the wanted units that came first out of a total, and returns how many these are.
func (c *Clearer) byTime(taken []int64, offers []Offer, total, most int64) int64 {
	if total <= most {
		return total
	}
	want := most
	if slices.IsSortedFunc(offers, inTime) { // as bids commonly are
		for i, n := range taken {
			taken[i] = min(n, want)
			want -= taken[i]
		}
		return most
	}
	c.rows = c.rows[:0]
	for i, n := range taken {
		if n > 0 {
			c.rows = append(c.rows, ranked{offers[i].byTime(), n, i})
		}
	}
	c.pick.serve(c.rows, want, func(at int, units int64) { taken[at] = units })
	return want
}
