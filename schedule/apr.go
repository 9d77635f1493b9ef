package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// APR is the annual percentage rate of United States Regulation Z, 12 CFR 1026 appendix J: the
// number of unit-periods in a year times the i at which advances and payments balance,
//
//	sum of amount / ((1 + f i) (1+i)^t) = 0,
//
// each t whole unit-periods and a fraction f after the first advance, as CountUnitPeriods counts
// them. The unit is the period most common between the flows: Months, Weeks, SemiMonthly or
// Days(1). Amounts are the amount financed, fees kept from it taken off, and the payments; either
// side may be the negative one. A single advance with a single payment has its own unit-period, the
// term, or a year if the term is longer, and unit is not looked at.
//
// It gives a *YieldError as XIRR does, with ReasonUndecided where payments between advances leave
// open whether there is another rate. The regulation's tolerance is 1/8 of a percent; disclosures
// round to two decimals, y.Percent(2).
func APR(flows []Flow, unit Frequency) (Yield, error) {
	flows, err := dated(flows)
	if err != nil {
		return 0, err
	}
	var legRoom [room]leg
	var gapRoom [room]float64
	legs, perYear := legRoom[:0], unitsPerYear(unit)
	if from, to, ok := singlePayment(flows); ok {
		unit, perYear = termUnit(from, to)
	}
	if unit.IsZero() && perYear > 0 {
		legs = byTerm(legs, flows)
	} else if legs, err = byUnits(legs, flows, unit); err != nil {
		return 0, err
	}
	c := newCourse(legs, gapRoom[:0])
	return c.yield(1, perYear)
}

// byTerm puts flows of two dates at 0 and 1, in the room of legs.
func byTerm(legs []leg, flows []Flow) []leg {
	for i := range flows {
		l := leg{amount: float64(flows[i].Amount.Minor())}
		if flows[i].On != flows[0].On {
			l.at = 1
		}
		legs = add(legs, l)
	}
	return legs
}

// byUnits puts flows that are in order on an axis of unit-periods, in the room of legs.
func byUnits(legs []leg, flows []Flow, unit Frequency) ([]leg, error) {
	for i := range flows {
		t, err := CountUnitPeriods(flows[0].On, flows[i].On, unit)
		if err != nil {
			return nil, err
		}
		legs = add(legs, leg{
			at:     float64(t.Whole),
			part:   float64(t.Num) / float64(t.Den),
			amount: float64(flows[i].Amount.Minor()),
		})
	}
	return legs, nil
}

// singlePayment gives the two dates of flows that fall on two alone.
func singlePayment(flows []Flow) (from, to civil.Date, ok bool) {
	for i := range flows {
		switch on := flows[i].On; {
		case flows[i].Amount.IsZero():
		case from.IsZero():
			from = on
		case on != from && to.IsZero():
			to = on
		case on != from && on != to:
			return from, to, false
		}
	}
	return from, to, !to.IsZero()
}

// termUnit is the unit-period of a single payment by (b)(5)(v) to (vii), and how many a year has: a
// year; or else the term, which is the zero Frequency, with 12 over its months when it is whole
// months and 365 over its days otherwise.
func termUnit(from, to civil.Date) (unit Frequency, perYear float64) {
	months, days := monthsBack(from, to)
	switch {
	case months >= 12:
		return Months(12), 1
	case days == 0:
		return Frequency{}, 12 / float64(months)
	}
	return Frequency{}, 365 / float64(to.Sub(from))
}
