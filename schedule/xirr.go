package schedule

// yearDays is the length of a year in XIRR, prices and durations, leap or not.
const yearDays = 365

// XIRR is the internal rate of return a year of dated flows, compounded yearly: the X at which
//
//	sum of amount / (1+X)^(days/365) = 0, days counted from the first flow.
//
// Flows may be in any order; those of one day count as one. Losses have a rate too, down to just
// above -1. Where there is none, or not one alone, it gives a *YieldError; with ReasonTotalLoss the
// Yield is -1. Many rates are told from one only if they differ by more than about 1e-6.
func XIRR(flows []Flow) (Yield, error) {
	flows, err := dated(flows)
	if err != nil {
		return 0, err
	}
	var legRoom [room]leg
	var gapRoom [room]float64
	c := newCourse(byDays(legRoom[:0], flows), gapRoom[:0])
	return c.yield(yearDays, 1)
}

// byDays puts flows that are in order on an axis of days, in the room of legs.
func byDays(legs []leg, flows []Flow) []leg {
	last := -1.0
	for i := range flows {
		at, minor := float64(flows[i].On.Sub(flows[0].On)), float64(flows[i].Amount.Minor())
		switch {
		case minor == 0:
		case at == last:
			legs[len(legs)-1].amount += minor
		default:
			legs = append(legs, leg{at: at, amount: minor})
			last = at
		}
	}
	return legs
}
