package lending

import "slices"

// capLenders cuts the offers of each lender to what one lender can have, the best kept, and returns
// how much that is in all. Only the offers of lenders above their share are looked at twice.
func (c *Clearer) capLenders(taken []int64, t *TenderRules, offers []Offer) (cut int64) {
	most := t.maxPerLender()
	if most == t.Amount {
		return 0 // the amount bounds every lender
	}
	if !c.gather(taken, t, offers, most) {
		return 0
	}
	for rows := c.rows; len(rows) > 0; {
		lender, n := offers[rows[0].at].Lender, 1
		for n < len(rows) && offers[rows[n].at].Lender == lender {
			n++
		}
		c.pick.serve(rows[:n], most, func(at int, units int64) {
			if t.Mechanism == ProRata && units < taken[at] {
				units = max(0, units-t.minBid()+t.increment()) / t.increment() // steps, the minimum being the first
				if units > 0 {
					units = t.minBid() + (units-1)*t.increment()
				}
			}
			cut += taken[at] - units
			c.counts[offers[at].Pico>>(c.shift&63)] -= taken[at] - units
			taken[at] = units
		})
		rows = rows[n:]
	}
	return cut
}

// gather puts the offers of lenders above their share into rows, lender by lender, and reports
// whether there are any. It counts and does not sort.
func (c *Clearer) gather(taken []int64, t *TenderRules, offers []Offer, most int64) bool {
	lenders := uint32(0)
	for i := range offers {
		lenders = max(lenders, offers[i].Lender)
	}
	c.held = slices.Grow(c.held[:0], int(lenders)+1)[:lenders+1]
	c.places = slices.Grow(c.places[:0], int(lenders)+1)[:lenders+1]
	clear(c.held)
	clear(c.places)
	for i := range offers {
		c.held[offers[i].Lender] += taken[i]
		if taken[i] > 0 {
			c.places[offers[i].Lender]++
		}
	}
	next := int32(0)
	for l, n := range c.places {
		c.places[l] = next
		if c.held[l] > most {
			next += n
		}
	}
	c.rows = slices.Grow(c.rows[:0], int(next))[:next]
	for i := range offers {
		if l := offers[i].Lender; taken[i] > 0 && c.held[l] > most {
			keys := offers[i].byRate()
			if t.Mechanism.FixedRate() {
				keys = offers[i].byTime()
			}
			c.rows[c.places[l]] = ranked{keys, taken[i], i}
			c.places[l]++
		}
	}
	return next > 0
}
