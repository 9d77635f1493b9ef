package transfer

import (
	"cmp"
	"math/bits"
	"slices"
)

// shelf finds the offer of most value that suits an order. It is a binary tree over the offers, near
// ones side by side by smallest slice, term and yield; each node knows the best offer below it, and
// bounds on what is below it.
type shelf struct {
	stocks []stock // in the order of the leaves
	nodes  []node  // children of i are 2i and 2i+1; leaves are the last half
	queue  []look  // a heap
}

// look is a node to look into, with its best.
type look struct {
	value    int64
	best, at int32
}

// before reports whether a look comes before another: more value first, then the place on the shelf,
// which hangs on nothing but what the offers are.
func (a *look) before(b *look) bool {
	return a.value > b.value || a.value == b.value && a.best < b.best
}

// node sums up what is for sale below it; its value is 0 when that is nothing.
type node struct {
	value            int64 // of the best
	least            int64 // the least that a slice costs
	yield            Yield // the highest
	best             int32 // the stock of most value, of like ones the first
	shortest, longer int32 // terms
}

func newShelf(stocks []stock) *shelf {
	arrange(stocks)
	leaves := 1 << bits.Len(uint(max(len(stocks), 1)-1))
	s := &shelf{stocks: stocks, nodes: make([]node, 2*leaves)}
	for i := range stocks {
		s.nodes[leaves+i] = s.leaf(int32(i))
	}
	for i := leaves - 1; i > 0; i-- {
		s.nodes[i] = s.both(2*i, 2*i+1)
	}
	return s
}

// arrange brings near offers side by side, whatever order they came in.
func arrange(stocks []stock) {
	type place struct {
		code uint64
		stock
	}
	var yield, term uint64 = 1, 1
	for i := range stocks {
		yield, term = max(yield, uint64(stocks[i].Yield-MinYield)), max(term, uint64(stocks[i].Term))
	}
	places := make([]place, len(stocks))
	for i, s := range stocks {
		x, y := uint64(s.Term)<<16/(term+1), uint64(s.Yield-MinYield)<<16/(yield+1)
		places[i] = place{sizeClass(s.least())<<32 | spread(x)<<1 | spread(y), s}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.code != b.code {
			return cmp.Compare(a.code, b.code)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	for i := range places {
		stocks[i] = places[i].stock
	}
}

// sizeClass grows with an amount, by eight steps each time it doubles.
func sizeClass(minor int64) uint64 {
	n := bits.Len64(uint64(minor))
	return uint64(n)<<3 | uint64(minor)<<(64-n)>>60&7
}

// spread puts a zero before each of 16 bits, for others between.
func spread(x uint64) uint64 {
	x = (x | x<<8) & 0x00FF00FF
	x = (x | x<<4) & 0x0F0F0F0F
	x = (x | x<<2) & 0x33333333
	return (x | x<<1) & 0x55555555
}

func (s *shelf) leaf(i int32) node {
	x := &s.stocks[i]
	return node{value: x.Price - x.got, least: x.least(), yield: x.Yield, best: i,
		shortest: int32(x.Term), longer: int32(x.Term)}
}

// both is the sum of two nodes.
func (s *shelf) both(i, j int) node {
	a, b := &s.nodes[i], &s.nodes[j]
	switch {
	case b.value == 0:
		return *a
	case a.value == 0:
		return *b
	case b.value > a.value:
		a, b = b, a
	}
	return node{value: a.value, least: min(a.least, b.least), yield: max(a.yield, b.yield), best: a.best,
		shortest: min(a.shortest, b.shortest), longer: max(a.longer, b.longer)}
}

// changed brings the nodes above a stock up to date.
func (s *shelf) changed(i int32) {
	at := len(s.nodes)/2 + int(i)
	s.nodes[at] = s.leaf(i)
	for at /= 2; at > 0; at /= 2 {
		s.nodes[at] = s.both(2*at, 2*at+1)
	}
}

// suits reports whether something below a node may suit an order that can spend a limit.
func (n *node) suits(c *Criteria, limit int64) bool {
	return n.value > 0 && n.least <= limit && n.yield >= c.MinYield &&
		n.shortest <= c.longest() && n.longer >= int32(c.MinTerm)
}

// begin looks from the root again.
func (s *shelf) begin() {
	s.queue = s.queue[:0]
	s.push(1)
}

// next is the best stock not looked at since begin that suits the criteria, or -1 when there is none
// or the steps are used up. What was found before may have changed meanwhile.
func (s *shelf) next(c *Criteria, limit int64, steps *int) int32 {
	for len(s.queue) > 0 {
		for at := s.pop(); s.nodes[at].suits(c, limit); {
			if int(at) >= len(s.nodes)/2 {
				return s.nodes[at].best
			}
			if *steps--; *steps < 0 {
				return -1
			}
			best, other := 2*at, 2*at+1
			if s.nodes[other].value > s.nodes[best].value {
				best, other = other, best
			}
			if s.nodes[other].suits(c, limit) {
				s.push(other)
			}
			at = best
		}
	}
	return -1
}

func (s *shelf) push(at int32) {
	n := &s.nodes[at]
	q := append(s.queue, look{n.value, n.best, at})
	for i := len(q) - 1; i > 0 && q[i].before(&q[(i-1)/2]); i = (i - 1) / 2 {
		q[i], q[(i-1)/2] = q[(i-1)/2], q[i]
	}
	s.queue = q
}

func (s *shelf) pop() int32 {
	q, last := s.queue, len(s.queue)-1
	top := q[0].at
	q[0] = q[last]
	q = q[:last]
	for i := 0; 2*i+1 < last; {
		child := 2*i + 1
		if child+1 < last && q[child+1].before(&q[child]) {
			child++
		}
		if !q[child].before(&q[i]) {
			break
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
	s.queue = q
	return top
}
