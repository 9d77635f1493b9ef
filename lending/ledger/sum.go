package ledger

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/loanweave/loanweave/lending/event"
)

// Sum is a sum of minor units in 128 bits: no number of entries reaches its end. The zero value is
// zero.
type Sum struct {
	hi int64
	lo uint64
}

// Code codes the sum.
func (s *Sum) Code(c *event.Codec) {
	low := int64(s.lo)
	c.Int(&s.hi)
	c.Int(&low)
	s.lo = uint64(low)
}

// String returns the sum in decimal digits.
func (s Sum) String() string { return s.Big().String() }

// Big returns the sum as a long integer, for ratios.
func (s Sum) Big() *big.Int {
	n := big.NewInt(s.hi)
	return n.Add(n.Lsh(n, 64), new(big.Int).SetUint64(s.lo))
}

// MarshalText returns the sum in decimal digits.
func (s Sum) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Add returns the sum with so much more, or less for what is below zero.
func (s Sum) Add(minor int64) Sum { return s.Plus(Sum{minor >> 63, uint64(minor)}) }

// AddTimes returns the sum with so many times so much more.
func (s Sum) AddTimes(minor, times int64) Sum {
	hi, lo := bits.Mul64(uint64(minor), uint64(times))
	// the factors were taken as unsigned: one below zero counted 2^64 too much
	return s.Plus(Sum{int64(hi) - minor>>63&times - times>>63&minor, lo})
}

// Plus returns the sum of two sums.
func (s Sum) Plus(o Sum) Sum {
	lo, carry := bits.Add64(s.lo, o.lo, 0)
	return Sum{s.hi + o.hi + int64(carry), lo}
}

// Neg returns -s.
func (s Sum) Neg() Sum { return Sum{^s.hi, ^s.lo}.Add(1) }

// Sign returns -1, 0 or +1.
func (s Sum) Sign() int {
	switch {
	case s.hi < 0:
		return -1
	case s == Sum{}:
		return 0
	}
	return 1
}

// Minor returns the sum as a figure: one beyond 64 bits stops at [math.MaxInt64] or [math.MinInt64].
func (s Sum) Minor() int64 {
	switch low := int64(s.lo); {
	case s.hi == low>>63:
		return low
	case s.hi < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
