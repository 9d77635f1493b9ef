package lending

import (
	"fmt"
	"math/bits"

	"github.com/loanweave/loanweave/schedule"
)

// Offer is money that a lender offers for a loan, as a plain row for clearing. Among offers that
// are as good as each other the earlier goes first, then the one with the lower id, whatever their
// places in a slice; ids of one tender differ (offers equal in rate, time and id go in the order of
// the slice).
type Offer struct {
	Units  int64  // minor units of principal, 1 to MaxLoan
	Pico   int64  // the least rate that the lender takes, in 1e-12, 0 to schedule.MaxPico
	Time   int64  // when it arrived, in any unit that grows: a place in a stream, a Unix time
	ID     uint32 // names it among the offers of one tender or book
	Lender uint32 // his number, 1 to MaxBids, given by the caller: lenders stand in tables by it
}

// Rank keys of an offer: the smaller goes first, key by key.
type rankKeys [4]uint64

// byTime ranks by time, then id.
func (o *Offer) byTime() rankKeys { return rankKeys{uint64(o.Time) ^ 1<<63, uint64(o.ID)} }

// byRate ranks by rate, then time, then id.
func (o *Offer) byRate() rankKeys {
	return rankKeys{uint64(o.Pico), uint64(o.Time) ^ 1<<63, uint64(o.ID)}
}

// steps tells multiples of an increment by one multiplication. An odd number has an inverse modulo
// 2^64, and just its multiples n times that inverse give n/step, at most (2^64-1)/step; a power of
// two is rotated out, and a rest that it leaves comes to stand in front.
// (Granlund and Montgomery, Division by Invariant Integers using Multiplication, 1994, section 9.)
type steps struct {
	inverse uint64
	twos    int
	most    uint64
}

// stepsOf prepares a step of 1 or more.
func stepsOf(step int64) steps {
	odd := uint64(step) >> bits.TrailingZeros64(uint64(step))
	inverse := odd // right in 3 bits; each turn doubles them
	for range 5 {
		inverse *= 2 - odd*inverse
	}
	return steps{inverse, bits.TrailingZeros64(uint64(step)), ^uint64(0) / uint64(step)}
}

// divides reports whether n is a multiple of the step; n is not negative.
func (s steps) divides(n int64) bool {
	return bits.RotateLeft64(uint64(n)*s.inverse, -s.twos) <= s.most
}

// accepts returns why the rules refuse an offer as it stands, whatever other offers there are: an
// [ErrAmount] or [ErrTerms] for a figure that no offer can have, else an [ErrBid].
func (t *TenderRules) accepts(o Offer) error {
	refuse := func(err error, format string, args ...any) error {
		return &Error{err, fmt.Sprintf("offer %d", o.ID), fmt.Sprintf(format, args...)}
	}
	switch {
	case o.Units <= 0 || o.Units > MaxLoan:
		return refuse(ErrAmount, "%d units", o.Units)
	case o.Pico < 0 || o.Pico > schedule.MaxPico:
		return refuse(ErrTerms, "rate of %d pico", o.Pico)
	case o.Lender == 0 || o.Lender > MaxBids:
		return refuse(ErrBid, "lender number %d", o.Lender)
	case o.Lender == t.Borrower:
		return refuse(ErrBid, "a borrower cannot lend to himself")
	case o.Units < t.minBid():
		return refuse(ErrBid, "%d units are below the minimum of %d", o.Units, t.MinBid)
	case o.Units > t.maxBid():
		return refuse(ErrBid, "%d units are above the maximum of %d", o.Units, t.MaxBid)
	case !stepsOf(t.increment()).divides(o.Units - t.minBid()):
		return refuse(ErrBid, "%d units are not the minimum and steps of %d", o.Units, t.Increment)
	case !stepsOf(max(t.RateStep, 1)).divides(o.Pico):
		return refuse(ErrBid, "the rate of %d pico is not a multiple of %d", o.Pico, t.RateStep)
	}
	return nil
}
