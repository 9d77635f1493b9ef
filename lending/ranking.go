package lending

import "math/bits"

const (
	rankBits = 11 // a histogram of so many bits fits the first-level cache
	rankSize = 1 << rankBits
)

// histogram counts units by a range of keys.
type histogram [rankSize]int64

// crossing returns the bucket that the wanted unit is in, counted from 1, and which unit of that
// bucket it is. There are as many units at least.
func (h *histogram) crossing(want int64) (bucket int, rest int64) {
	for want > h[bucket&(rankSize-1)] {
		want -= h[bucket&(rankSize-1)]
		bucket++
	}
	return bucket, want
}

// ranked is an offer in a queue.
type ranked struct {
	keys  rankKeys
	units int64
	at    int // its place among the offers
}

// selector serves a queue without sorting it. The zero value is ready.
type selector struct{ counts histogram }

// serve gives wanted units to the first of the queue, in the order of their keys and then of their
// places in rows. Give is told once, in no order, what each row gets of its units: all, nothing, or,
// for one row, a part. The result is the row that got the last unit. Rows hold the wanted units at
// least, that is one at least, and their units' sum is in 64 bits. Rows are used up.
//
// It is a radix selection: a histogram of units by key leaves the rows of one bucket in doubt, and
// those have the bucket's range alone. So a key costs at most 64/bits(rows) rounds over rows still
// in doubt, commonly one over all of them and one over few.
func (s *selector) serve(rows []ranked, want int64, give func(at int, units int64)) ranked {
	for level := 0; level < len(rankKeys{}) && len(rows) > 1; {
		low, high := rangeOf(rows, level)
		if low == high {
			level++
			continue
		}
		shift := max(0, bits.Len64(high-low)-min(rankBits, bits.Len(uint(len(rows)))))
		clear(s.counts[:(high-low)>>shift+1])
		for i := range rows {
			s.counts[(rows[i].keys[level]-low)>>shift] += rows[i].units
		}
		bucket, rest := s.counts.crossing(want)
		want = rest
		doubt := rows[:0]
		for i := range rows {
			r := &rows[i]
			switch b := int((r.keys[level] - low) >> shift); {
			case b < bucket:
				give(r.at, r.units)
			case b > bucket:
				give(r.at, 0)
			default:
				doubt = append(doubt, *r)
			}
		}
		rows = doubt
	}
	var last ranked
	for i := range rows {
		n := min(want, rows[i].units)
		if n > 0 {
			last = rows[i]
		}
		want -= n
		give(rows[i].at, n)
	}
	return last
}

func rangeOf(rows []ranked, level int) (low, high uint64) {
	low = ^uint64(0)
	for i := range rows {
		low, high = min(low, rows[i].keys[level]), max(high, rows[i].keys[level])
	}
	return low, high
}
