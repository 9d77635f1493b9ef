package lending

import "math/bits"

// proRata scales the offers, of a total, down to the amount, and returns what they then sum to.
// [TenderRules] has the rule.
func (c *Clearer) proRata(taken []int64, t *TenderRules, offers []Offer, total int64) int64 {
	if total <= t.Amount {
		return total
	}
	if total = c.thin(taken, offers, t.Amount/t.minBid(), total); total <= t.Amount {
		return total
	}
	p := pot{want: t.Amount, total: total, least: t.minBid()}
	p.raise(taken)
	step, spare := t.increment(), t.Amount
	c.rows = c.rows[:0]
	for i, n := range taken {
		if n == 0 {
			continue
		}
		whole, rest := p.of(n)
		over := (whole - p.least) % step
		taken[i] = whole - over
		spare -= taken[i]
		if over > 0 || rest > 0 {
			o := &offers[i]
			keys := rankKeys{uint64(step - over), uint64(p.total) - rest, uint64(o.Time) ^ 1<<63, uint64(o.ID)}
			c.rows = append(c.rows, ranked{keys, 1, i})
		}
	}
	if spare == 0 {
		return t.Amount
	}
	// The rests sum to spare and each is below a step, so there are rows enough.
	count := (spare-1)/step + 1
	last := c.pick.serve(c.rows, count, func(at int, units int64) { taken[at] += units * step })
	taken[last.at] -= count*step - spare
	return t.Amount
}

// thin leaves the earliest so many offers, one at least, and returns what these sum to.
func (c *Clearer) thin(taken []int64, offers []Offer, most, total int64) int64 {
	c.rows = c.rows[:0]
	for i, n := range taken {
		if n > 0 {
			c.rows = append(c.rows, ranked{offers[i].byTime(), 1, i})
		}
	}
	if int64(len(c.rows)) <= most {
		return total
	}
	c.pick.serve(c.rows, most, func(at int, units int64) {
		total -= taken[at] * (1 - units)
		taken[at] *= units
	})
	return total
}

// pot is what is shared in proportion, once those below a size have had the least that anybody has.
type pot struct {
	want, total int64 // to be shared; the offers that share it, 1 at least unless want is 0
	least, size int64
}

// raise finds the size below which an offer's part would be less than the least. Offers that are
// raised to it leave less for the others, so that more of them may need it: the size is the smallest
// at which nobody else does. That is so from some size on, for taking away the parts that are below
// the least, at the price of the least, lowers what the others have; it is halved for, in at most 48
// passes, commonly one.
func (p *pot) raise(taken []int64) {
	all, low, high := *p, p.least, p.least
	if p.take(all, low, taken); p.fair() {
		return
	}
	for _, n := range taken {
		high = max(high, n+1)
	}
	for high-low > 1 { // fair at high, where nobody is left to share, and not at low
		if p.take(all, low+(high-low)/2, taken); p.fair() {
			high = p.size
		} else {
			low = p.size
		}
	}
	p.take(all, high, taken)
}

// take makes p the pot of all without the offers below a size.
func (p *pot) take(all pot, size int64, taken []int64) {
	p.want, p.total, p.size = all.want, all.total, size
	for _, n := range taken {
		if n > 0 && n < size {
			p.want -= p.least
			p.total -= n
		}
	}
}

// fair reports whether an offer of the pot's size has the least by right.
func (p *pot) fair() bool {
	hi, lo := bits.Mul64(uint64(p.want), uint64(p.size))
	leastHi, leastLo := bits.Mul64(uint64(p.least), uint64(p.total))
	return hi > leastHi || hi == leastHi && lo >= leastLo
}

// of returns the part of an offer: whole units, and the rest in fractions of 1/total.
func (p *pot) of(units int64) (whole int64, rest uint64) {
	if units < p.size {
		return p.least, 0
	}
	hi, lo := bits.Mul64(uint64(p.want), uint64(units))
	quo, rest := bits.Div64(hi, lo, uint64(p.total))
	return int64(quo), rest
}
