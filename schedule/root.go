package schedule

import (
	"math"
	"slices"
)

// Whether there is one rate is known without a search in three cases. Descartes: the legs change
// sign once. Norstrom, in both directions: the sums up to each leg and the sums from each leg on
// change sign once together, which bounds the number of rates above and below zero. Soper: at a
// rate that balances the legs, what is owed never changes sign. Otherwise all rates are found.

// maxTurns is the most changes of sign for which all rates are looked for.
const maxTurns = 32

// yield is the rate that balances the legs, simple (e^(compound force) - 1).
func (c *course) yield(compound, simple float64) (Yield, error) {
	rate := func(force float64) (Yield, bool) {
		y := product(simple, expm1(product(compound, force)))
		return Yield(y), y > -simple && !math.IsInf(y, 1)
	}
	force, all, reason := c.force()
	if reason == 0 {
		if y, ok := rate(force); ok {
			return y, nil
		}
		return 0, &YieldError{Reason: ReasonRange}
	}
	if reason == ReasonTotalLoss {
		return Yield(-simple), &YieldError{Reason: reason}
	}
	var rates []Yield
	for _, force := range all {
		if y, ok := rate(force); ok {
			rates = append(rates, y)
		}
	}
	switch {
	case reason == ReasonSeveral && len(rates) == 1:
		return rates[0], nil // the others are no numbers
	case reason == ReasonSeveral && len(rates) == 0:
		reason = ReasonRange
	}
	return 0, &YieldError{Reason: reason, Rates: rates}
}

// force is the force of interest that balances the legs, or why it is not one alone, with those
// that were found, ascending.
func (c *course) force() (force float64, all []float64, reason YieldReason) {
	switch {
	case len(c.legs) == 0:
		return 0, nil, ReasonNoFlows
	case c.turns == 0 && c.legs[0].amount < 0:
		return 0, nil, ReasonTotalLoss
	case c.turns == 0:
		return 0, nil, ReasonNoOutlay
	case c.turns == 1:
		return c.root(math.Inf(-1), math.Inf(1)), nil, 0
	case !c.parts && c.balanceTurns() == 1:
		return c.root(math.Inf(-1), math.Inf(1)), nil, 0
	case c.parts || c.turns > maxTurns:
		return c.steadyRoot()
	}
	all = c.roots()
	switch len(all) {
	case 0:
		return 0, nil, ReasonNoRate
	case 1:
		return all[0], nil, 0
	}
	return 0, all, ReasonSeveral
}

// balanceTurns is how often the sums up to each leg and the sums from each leg on change sign. That
// many rates above zero and below there may be at most; zero itself is one when all sums to zero.
func (c *course) balanceTurns() int {
	n, sum, was := 0, 0.0, 0.0
	count := func(l leg) {
		sum += l.amount
		if sum != 0 {
			if product(math.Copysign(1, sum), was) < 0 {
				n++
			}
			was = math.Copysign(1, sum)
		}
	}
	for _, l := range c.legs {
		count(l)
	}
	if sum == 0 {
		return n + 1
	}
	sum, was = 0, 0
	for _, l := range slices.Backward(c.legs) {
		count(l)
	}
	return n
}

// steadyRoot finds one rate by bracketing and shows by Soper's rule that it is the only one.
func (c *course) steadyRoot() (force float64, all []float64, reason YieldReason) {
	if (c.legs[0].amount > 0) == (c.legs[len(c.legs)-1].amount > 0) {
		return 0, nil, ReasonUndecided
	}
	force = c.root(math.Inf(-1), math.Inf(1))
	if c.isSteady(force) {
		return force, nil, 0
	}
	return 0, []float64{force}, ReasonUndecided
}

// isSteady reports whether what is owed, at a force that balances the legs, never changes sign.
func (c *course) isSteady(force float64) bool {
	order, base := slices.All(c.legs), c.legs[0].at
	if force < 0 {
		order, base = slices.Backward(c.legs), c.legs[len(c.legs)-1].at
	}
	var balance, low, high, moved float64
	for _, l := range order {
		worth := product(l.amount, exp(product(-force, l.at-base)))
		if l.part != 0 {
			worth /= 1 + product(l.part, expm1(force))
		}
		balance += worth
		moved += math.Abs(worth)
		low, high = min(low, balance), max(high, balance)
	}
	const noise = 1e-12
	return -low <= product(noise, moved) || high <= product(noise, moved)
}

// maxSteps bounds a search; halving a bracket of float64 values takes fewer.
const maxSteps = 300

// root is a force between lo and hi, which may be infinite, that balances the legs; they do not
// balance at either end, and in opposite ways. Each step is Halley's on ln(in/out), which is nearly
// a straight line for ordinary loans, and halves the bracket where that would leave it.
func (c *course) root(lo, hi float64) float64 {
	span, falls := c.span()+1, c.above(lo)
	force := between(lo, hi, span)
	for range maxSteps {
		v := c.at(force)
		log := v.log()
		if log == 0 {
			return force
		}
		if (log > 0) == falls {
			lo = force
		} else {
			hi = force
		}
		slope, bend := v.slope()
		step := -log / slope
		towards := (slope < 0) == falls
		if towards && settled(step, span, slope) {
			return max(lo, min(force+step, hi))
		}
		next := force + step/(1+bend*step/(2*slope))
		if !(towards && lo < next && next < hi) {
			next = between(lo, hi, span)
		}
		if next <= lo || next >= hi {
			return force // no number is left in the bracket
		}
		force = next
	}
	return force
}

// above reports whether more comes in than goes out at a force, or in its limit when infinite.
func (c *course) above(force float64) bool {
	switch {
	case math.IsInf(force, -1):
		return c.legs[len(c.legs)-1].amount > 0
	case math.IsInf(force, 1):
		return c.legs[0].amount > 0
	}
	return c.at(force).sign() > 0
}

// settled reports whether what Newton's next step leaves does not matter. The second derivative of
// ln(in/out) is at most span^2/4, so an error of at most span^2 step^2 / (8 slope) is left.
func settled(step, span, slope float64) bool {
	z := step * span
	return z*z*span < 1e-15*math.Abs(slope)
}

// between is the middle of a bracket, or twice as far out as the finite end of an endless one.
func between(lo, hi, span float64) float64 {
	switch {
	case lo < 0 && hi > 0 && math.IsInf(hi-lo, 1):
		return 0
	case math.IsInf(lo, -1):
		return hi - math.Abs(hi) - 1/span
	case math.IsInf(hi, 1):
		return lo + math.Abs(lo) + 1/span
	}
	return lo + (hi-lo)/2
}

// roots are all forces that balance the legs, ascending. It is the proof of Descartes' rule at
// work: the derivative of e^(pivot force) x worth, with the pivot where the legs first change sign,
// changes sign once less, and between two of its roots the worth is zero at most once. Two roots
// so near that between them nothing but rounding is seen count as one.
func (c *course) roots() []float64 {
	if c.turns == 0 {
		return nil
	}
	if c.turns == 1 {
		return []float64{c.root(math.Inf(-1), math.Inf(1))}
	}
	derived := c.derivative()
	var found []float64
	last, sign := math.Inf(-1), signOf(c.above(math.Inf(-1)))
	for _, stop := range append(derived.roots(), math.Inf(1)) {
		next := signOf(c.above(stop))
		if !math.IsInf(stop, 1) {
			next = c.at(stop).sign()
		}
		if sign*next < 0 {
			found = append(found, c.root(last, stop))
		}
		if next == 0 {
			found = append(found, stop)
		}
		last, sign = stop, next
	}
	return found
}

func signOf(positive bool) int {
	if positive {
		return 1
	}
	return -1
}
