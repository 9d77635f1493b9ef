package schedule

import (
	"cmp"
	"math"
	"slices"
)

// leg is money on the time axis of a rule: at whole periods, and a part of one that earns simple
// interest. Only Regulation Z has parts; other rules put fractions of a period into at.
type leg struct {
	at, part float64 // 0 or more
	amount   float64 // minor units, not 0; negative when paid out
	gap      int     // the place in course.gaps of the time since the leg before
}

// course is legs in order of time, no two at the same, ready to be valued.
type course struct {
	legs  []leg
	gaps  []float64 // 0, and the different times between legs, some perhaps more than once
	turns int       // how often the legs change sign
	parts bool      // some leg has a part
}

// room is how many legs and gaps are kept off the heap.
const room = 48

// add appends a leg, which is not before the last, or joins it to the last when it is at the same
// time.
func add(legs []leg, l leg) []leg {
	if n := len(legs); n > 0 && legs[n-1].at == l.at && legs[n-1].part == l.part {
		legs[n-1].amount += l.amount
		return legs
	}
	return append(legs, l)
}

// inTime puts legs in order of time and joins those at the same.
func inTime(legs []leg) []leg {
	slices.SortStableFunc(legs, func(a, b leg) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.part, b.part))
	})
	joined := legs[:0]
	for _, l := range legs {
		joined = add(joined, l)
	}
	return joined
}

// newCourse makes a course of legs that add made, dropping those that joined to nothing; gaps is
// room for its gaps. It looks for a gap in four places: whole days 28 to 31 fall in different ones,
// so that the months of a loan are four.
func newCourse(legs []leg, gaps []float64) course {
	if len(legs) == 0 {
		return course{}
	}
	gaps = append(gaps, 0)
	var seen [4]int
	last, before, turns, parts := legs[0].at, legs[0].amount, 0, false
	for i := range legs {
		l := &legs[i]
		if l.amount == 0 {
			amounts := slices.DeleteFunc(legs, func(l leg) bool { return l.amount == 0 })
			return newCourse(amounts, gaps[:0])
		}
		gap := l.at - last
		place := seen[int(gap)&3]
		if gaps[place] != gap {
			place = len(gaps)
			seen[int(gap)&3] = place
			gaps = append(gaps, gap)
		}
		l.gap = place
		parts = parts || l.part != 0
		if (l.amount < 0) != (before < 0) {
			turns++
		}
		last, before = l.at, l.amount
	}
	return course{legs, gaps, turns, parts}
}

// span is the time from the first leg to the last.
func (c *course) span() float64 { return c.legs[len(c.legs)-1].at - c.legs[0].at }

// reversed is the same course from the last leg to the first.
func (c *course) reversed() course {
	legs := slices.Clone(c.legs)
	slices.Reverse(legs)
	return newCourse(legs, nil)
}

// derivative is the derivative of e^(pivot force) x worth by the force, over a constant, with the
// pivot where the legs first change sign. It changes sign once less than c, which does so at all.
func (c *course) derivative() course {
	i := 1
	for (c.legs[i].amount > 0) == (c.legs[i-1].amount > 0) {
		i++
	}
	pivot, span := (c.legs[i-1].at+c.legs[i].at)/2, c.span()
	derived := *c
	derived.legs = slices.Clone(c.legs)
	derived.turns--
	for j := range derived.legs {
		l := &derived.legs[j]
		l.amount = product(l.amount, (pivot-l.at)/span)
	}
	return derived
}

// value is what a course is worth at a force of interest, the two directions apart. The force is
// ln(1+i) for a rate of i a period, so that a leg is worth amount e^(-force at) / (1 + part i),
// relative to the first leg, or to the last where that would overflow.
type value struct {
	in, out       float64 // 0 or more
	inAt, outAt   float64 // the same, each leg times its time
	inAt2, outAt2 float64 // the same, each leg times its time squared
}

// farthest is the most that a leg's worth may grow by, as a power of e.
const farthest = 300

// at is the value at a force.
func (c *course) at(force float64) value {
	if force == 0 {
		return c.plain()
	}
	if product(force, c.span()) < -farthest {
		reversed := c.reversed()
		return reversed.sum(force)
	}
	return c.sum(force)
}

// sum is at, discounting from each leg to the next.
func (c *course) sum(force float64) value {
	var buf [room]float64
	factors := append(buf[:0], 1)
	for _, gap := range c.gaps[1:] {
		factors = append(factors, exp(-product(force, gap)))
	}
	var rate float64
	if c.parts {
		rate = expm1(force)
	}
	var in, out, inAt, outAt, inAt2, outAt2 float64
	discount := 1.0
	for i := range c.legs {
		l := &c.legs[i]
		discount = product(discount, factors[l.gap])
		worth, at := product(l.amount, discount), l.at
		if l.part != 0 {
			simple := 1 + product(l.part, rate)
			worth, at = worth/simple, at+product(l.part, 1+rate)/simple
		}
		moment := product(worth, at)
		if worth > 0 {
			in += worth
			inAt += moment
			inAt2 += product(moment, at)
		} else {
			out -= worth
			outAt -= moment
			outAt2 -= product(moment, at)
		}
	}
	return value{in, out, inAt, outAt, inAt2, outAt2}
}

// plain is the value at no interest.
func (c *course) plain() value {
	var in, out, inAt, outAt, inAt2, outAt2 float64
	for i := range c.legs {
		l := &c.legs[i]
		at := l.at + l.part
		moment := product(l.amount, at)
		if l.amount > 0 {
			in += l.amount
			inAt += moment
			inAt2 += product(moment, at)
		} else {
			out -= l.amount
			outAt -= moment
			outAt2 -= product(moment, at)
		}
	}
	return value{in, out, inAt, outAt, inAt2, outAt2}
}

// log is ln(in/out), which is 0 at a rate that balances the course; infinite when the lesser is
// nothing.
func (v value) log() float64 {
	switch {
	case v.out == 0:
		return math.Inf(1)
	case v.in == 0:
		return math.Inf(-1)
	}
	return lnRatio(v.in, v.out)
}

// slope is the derivative of log by the force: what goes out is later on average than what comes in
// by so much. bend is the derivative of slope, up to what parts contribute: the variance in time of
// what comes in less that of what goes out. They are no numbers where log is infinite.
func (v value) slope() (slope, bend float64) {
	in, out := v.inAt/v.in, v.outAt/v.out
	return out - in, v.inAt2/v.in - product(in, in) - (v.outAt2/v.out - product(out, out))
}

// sign is that of in - out; 0 when they differ by less than rounding may have made.
func (v value) sign() int {
	const touch = 1e-12
	switch d, most := v.in-v.out, product(touch, v.in+v.out); {
	case d > most:
		return 1
	case d < -most:
		return -1
	}
	return 0
}
