package money

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
)

// Remainder says who gets the minor units that do not divide. The zero value is unset and refused.
type Remainder uint8

// The remainder rules.
const (
	LargestRemainder Remainder = iota + 1 // one unit each to the largest fractions, ties by index
	RemainderFirst                        // all of it to the first part with a weight
	RemainderLast                         // all of it to the last part with a weight
)

// remainderNames holds the text of each rule at its number; number 0 is unset.
func remainderNames() [4]string {
	return [...]string{"", "largest-remainder", "first", "last"}
}

// IsValid reports whether r is one of the rules above.
func (r Remainder) IsValid() bool { return LargestRemainder <= r && r <= RemainderLast }

// String returns the name, as in "largest-remainder", or "remainder(n)" for a value that is no
// rule.
func (r Remainder) String() string {
	if !r.IsValid() {
		return "remainder(" + strconv.Itoa(int(r)) + ")"
	}
	return remainderNames()[r]
}

// MarshalText returns String, or ErrRemainder for a value that is no rule.
func (r Remainder) MarshalText() ([]byte, error) {
	if !r.IsValid() {
		return nil, ErrRemainder
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads a name. It returns a *SyntaxError for any other text and then leaves r as
// it was.
func (r *Remainder) UnmarshalText(text []byte) error {
	for i, name := range remainderNames() {
		if i > 0 && string(text) == name {
			*r = Remainder(i)
			return nil
		}
	}
	return syntaxError("remainder rule", string(text[:min(len(text), maxText)]), "unknown name")
}

// Split appends to dst the parts of the total in proportion to the weights. The parts sum to the
// total exactly. Each begins as its share rounded toward zero, and the rule says who gets what is
// then left; a weight of zero gets nothing. A negative total is split as the negation of its
// magnitude. The total is within MaxMinor either way; weights are not negative and sum to
// 1 up to 2^63-1. Dst must not overlap the weights.
//
// Split is for one division that stands alone. For payments that follow one another over the life
// of a loan use Apportion: largest remainders drift.
//
// It returns ErrRemainder, an *OverflowError for the total or a *SplitError for a weight, and dst
// as it was.
func Split(dst []int64, total int64, weights []int64, r Remainder) ([]int64, error) {
	if !r.IsValid() {
		return dst, ErrRemainder
	}
	if total < -MaxMinor || total > MaxMinor {
		return dst, &OverflowError{Op: "split " + strconv.FormatInt(total, 10)}
	}
	whole, bad := sum(weights)
	if bad >= 0 {
		return dst, &SplitError{Part: bad, Reason: "weight is negative or the sum too large"}
	}
	if whole == 0 {
		return dst, &SplitError{Part: -1, Reason: "weights sum to zero"}
	}
	from := len(dst)
	left := int64(magnitude(total))
	rests := make([]rest, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(magnitude(total), uint64(w))
		quo, rem := bits.Div64(hi, lo, uint64(whole)) // quo <= |total|, for w <= whole
		dst = append(dst, int64(quo))
		rests[i] = rest{part: i, weight: w, units: rem}
		left -= int64(quo)
	}
	parts := dst[from:]
	spread(parts, rests, left, r)
	if total < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return dst, nil
}

// rest is what a part of a split lost by truncation, in units of 1/(sum of weights).
type rest struct {
	part   int
	weight int64
	units  uint64
}

// spread hands the left units, fewer than there are rests above zero, to the parts.
func spread(parts []int64, rests []rest, left int64, r Remainder) {
	weighted := func(x rest) bool { return x.weight > 0 }
	switch r {
	case LargestRemainder:
		slices.SortFunc(rests, func(a, b rest) int {
			return cmp.Or(cmp.Compare(b.units, a.units), cmp.Compare(a.part, b.part))
		})
		for _, x := range rests[:left] {
			parts[x.part]++
		}
	case RemainderFirst:
		parts[slices.IndexFunc(rests, weighted)] += left
	case RemainderLast:
		slices.Reverse(rests)
		parts[rests[slices.IndexFunc(rests, weighted)].part] += left
	}
}

// sum returns the sum of the numbers and -1, or the index of the first that is negative or makes
// the sum larger than 2^63-1.
func sum(numbers []int64) (int64, int) {
	var total int64
	for i, n := range numbers {
		total += n
		if n < 0 || total < 0 {
			return 0, i
		}
	}
	return total, -1
}
