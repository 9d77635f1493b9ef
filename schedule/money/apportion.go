package money

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Apportioner shares the payments of a loan among its lots, over the whole life of the loan. It
// holds scratch memory and nothing else: results do not depend on what it was used for before. The
// zero value is ready. It must not be used by two goroutines at once, nor be copied in use.
type Apportioner struct {
	keys   []uint64         // per lot, how soon its next whole unit falls due: float64 bits or never
	counts [buckets + 1]int // histogram of keys; the last place counts those out of range
	near   []claimant       // the lots too near the threshold for float64 to decide
}

// Apportion is Share with a fresh Apportioner.
func Apportion(dst, paid, units []int64, total int64) ([]int64, error) {
	var a Apportioner
	return a.Share(dst, paid, units, total)
}

// Share appends to dst what each lot is to be paid now, so that the running totals, paid[i] and
// what is appended for lot i, sum to total, the new running total of the loan. All are minor
// units of one currency; units are the claim of each lot on the loan, D is their sum.
//
// The rule: a lot starts at the larger of paid and the floor of its exact share total*units/D.
// Each spare minor unit goes to the lot, among those still below the ceiling of their share,
// whose next whole unit falls due soonest: the smallest (start+1)*D/units, ties to the lower lot
// number. From paid of zeros, and then from its own results under a total that never falls, a lot
// is always at the floor or the ceiling of its exact share, so less than one minor unit away, and
// nothing is taken back. The same rule divides the paid of a lot when it is split by amount.
//
// Units are 0 to 2^63-1 and sum to 1 to 2^63-1; total is 0 to MaxMinor; paid and units are of equal
// length and overlap neither each other nor the room behind dst. Nothing is allocated when dst has
// room and a has seen a register as long. Work is O(n), unless a register is built so that a large
// part of it lies within 2^-50 of one threshold without ties in order, where it is O(n log n).
//
// It returns an *ApportionError for input out of these bounds, a lot that was paid less than
// nothing or more than the ceiling of its share, or lots that were paid by another rule so that
// no payment reaches the total without taking back; dst is then returned as it was.
func (a *Apportioner) Share(dst, paid, units []int64, total int64) ([]int64, error) {
	if len(paid) != len(units) {
		return dst, &ApportionError{Lot: -1, Reason: "paid and units differ in length"}
	}
	if total < 0 || total > MaxMinor {
		return dst, &ApportionError{Lot: -1, Reason: "total is not 0 to 2^53-1"}
	}
	whole, bad := sum(units)
	if bad >= 0 {
		return dst, &ApportionError{Lot: bad, Reason: "units are negative or their sum too large"}
	}
	if whole == 0 {
		return dst, &ApportionError{Lot: -1, Reason: "units sum to zero"}
	}
	from, to := len(dst), len(dst)+len(units)
	room := slices.Grow(dst, len(units))[:to]
	a.keys = slices.Grow(a.keys[:0], len(units))[:len(units)]
	r := newRatio(uint64(total), uint64(whole))
	spare, err := a.begin(room[from:], paid, units, r)
	if err != nil {
		return dst, err
	}
	if spare.units > 0 {
		a.spend(room[from:], units, r, spare)
	}
	return room, nil
}

// never is the key of a lot that is owed no spare unit. No float64 above zero has these bits.
const never = math.MaxUint64

// spare is what is left of the total after begin, and the range of the keys that may claim it.
type spare struct {
	units     int64
	low, high uint64
}

// begin brings each lot to its start, writes the key of each, and returns what is left. It checks
// that no lot stands above its ceiling, whence the starts sum to less than total + len(units) and
// nothing overflows.
func (a *Apportioner) begin(out, paid, units []int64, r ratio) (spare, error) {
	keys := a.keys[:len(units)]
	out, paid = out[:len(units)], paid[:len(units)]
	left := spare{units: int64(r.total), low: never}
	for i, u := range units {
		floor, rest := r.of(uint64(u))
		done := uint64(paid[i]) // a negative one becomes larger than every ceiling
		ceiling := floor
		if rest > 0 {
			ceiling++
		}
		if done > ceiling {
			return spare{}, paidError(i, paid[i])
		}
		start := max(done, floor)
		out[i] = int64(start - done)
		left.units -= int64(start)

		// The next whole unit falls due at (start+1)*D/units = total + (D-rest)/units.
		soon := math.Float64bits(float64(int64(r.whole-rest)) / float64(u))
		late := soon
		if start == ceiling {
			soon, late = never, 0
		}
		keys[i] = soon
		left.low, left.high = min(left.low, soon), max(left.high, late)
	}
	if left.units < 0 {
		return spare{}, &ApportionError{Lot: -1, Reason: "lots were paid more than the total allows"}
	}
	return left, nil
}

func paidError(lot int, paid int64) error {
	if paid < 0 {
		return &ApportionError{Lot: lot, Reason: "paid is negative"}
	}
	return &ApportionError{Lot: lot, Reason: "paid is above the ceiling of its share"}
}

const (
	bucketBits = 9
	buckets    = 1 << bucketBits
	// few is the number of lots that are sorted rather than narrowed down further.
	few = 16
	// slack is the distance in float64 bits from which the order of two keys is certain. A key is
	// three roundings away from its exact value, less than 4 steps of its last bit; so are the
	// exact and the computed key at any one rank.
	slack = 8
)

// spend gives the spare units, one each, to the lots whose keys are smallest. There are enough of
// them, for the ceilings sum to the total at least. It selects and does not sort: a histogram
// narrows [low, high], the range of the last key to win, until few keys are in it. Float64 decides
// where it is certain; the lots near the threshold are compared exactly.
func (a *Apportioner) spend(out, units []int64, r ratio, s spare) {
	low, high := a.narrow(s)
	sure := low - slack
	width := high + slack - sure
	left := s.units
	a.near = a.near[:0]
	out, units = out[:len(a.keys)], units[:len(a.keys)]
	for i, key := range a.keys {
		var won int64
		if key < sure {
			won = 1
		}
		out[i] += won
		left -= won
		if key-sure <= width {
			u := uint64(units[i])
			_, rest := r.of(u)
			a.near = append(a.near, claimant{lot: i, gap: r.whole - rest, units: u})
		}
	}
	slices.SortFunc(a.near, claimant.compare)
	for _, c := range a.near[:left] {
		out[c.lot]++
	}
}

// narrow returns a range of keys that holds the one of rank s.units, and few others unless they
// are equal.
func (a *Apportioner) narrow(s spare) (low, high uint64) {
	low, high = s.low, s.high
	size := min(bucketBits, bits.Len(uint(len(a.keys))))
	count, rank := len(a.keys), int(s.units)
	for count > few && low < high {
		shift := max(0, bits.Len64(high-low)-size)
		counts := a.counts[:1<<size+1]
		clear(counts)
		outside := uint64(1) << size // where keys below low wrap to, and never
		for _, key := range a.keys {
			counts[min((key-low)>>shift, outside)]++
		}
		b := 0
		for ; rank > counts[b]; b++ {
			rank -= counts[b]
		}
		count = counts[b]
		low += uint64(b) << shift
		high = min(high, low+1<<shift-1)
	}
	return low, high
}

// claimant is a lot that may get a spare unit. The exact value of its key is gap/units.
type claimant struct {
	lot        int
	gap, units uint64
}

// compare orders by gap/units, exactly, then by lot.
func (c claimant) compare(o claimant) int {
	hi, lo := bits.Mul64(c.gap, o.units)
	otherHi, otherLo := bits.Mul64(o.gap, c.units)
	return cmp.Or(compare(hi, otherHi), compare(lo, otherLo), cmp.Compare(c.lot, o.lot))
}

// ratio is total/whole prepared for many multiplications: the quotient as a binary fraction of 64
// places, floor(2^64*total/whole)/2^64.
type ratio struct {
	total, whole uint64
	quotient     uint64 // before the point
	fraction     uint64 // after it
}

// newRatio prepares total/whole; total is below 2^53, whole is 1 to 2^63-1.
func newRatio(total, whole uint64) ratio {
	r := ratio{total: total, whole: whole, quotient: total / whole}
	r.fraction, _ = bits.Div64(total%whole, 0, whole)
	return r
}

// of returns the quotient and the rest of units*total/whole, exactly, for units up to whole. The
// prepared fraction is too small by less than 2^-64, units are below 2^63, and one truncation loses
// less than 1; so the first quotient is exact or 1 too small, its rest is below 2*whole < 2^64, and
// one correction suffices.
func (r ratio) of(units uint64) (quo, rest uint64) {
	hi, _ := bits.Mul64(units, r.fraction)
	quo = units*r.quotient + hi
	rest = units*r.total - quo*r.whole // the low 64 bits are enough
	if rest >= r.whole {
		quo, rest = quo+1, rest-r.whole
	}
	return quo, rest
}
