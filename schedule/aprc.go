package schedule

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// APRC is the annual percentage rate of charge of the European Union, Directive 2008/48/EC annex I
// and Directive 2014/17/EU annex I: the X at which drawdowns and payments, charges among them,
// balance,
//
//	sum of drawdowns / (1+X)^t = sum of payments / (1+X)^s,
//
// with times in years from the first drawdown. Either side may be the negative one. Time is counted
// by the unit, whole units and then days:
//
//   - UnitMonth: a year is 12 months, leap or not. Whole months are counted back from the flow, and
//     the days left at the first drawdown are over the 365 or 366 of the year that ends there.
//   - UnitWeek: a year is 52 weeks; days left are counted likewise.
//   - UnitDay: a year is 365 days.
//
// It gives a *YieldError as XIRR does, and one with ReasonUnit for another unit. The directives
// state the rate to one decimal, the next rounded half up: y.Percent(1).
func APRC(flows []Flow, unit Unit) (Yield, error) {
	flows, err := dated(flows)
	if err != nil {
		return 0, err
	}
	if unit != UnitMonth && unit != UnitWeek && unit != UnitDay {
		return 0, &YieldError{Reason: ReasonUnit}
	}
	var legRoom [room]leg
	var gapRoom [room]float64
	legs := legRoom[:0]
	for i := range flows {
		at := product(yearDays, years(flows[0].On, flows[i].On, unit))
		legs = add(legs, leg{at: at, amount: float64(flows[i].Amount.Minor())})
	}
	c := newCourse(legs, gapRoom[:0])
	return c.yield(yearDays, 1)
}

// TimedFlow is money at a time in years from the first drawdown, for a contract that states times
// and no dates.
type TimedFlow struct {
	Years  float64 // 0 or more
	Amount money.Amount
}

// APRCOfTimes is APRC for given times. A time that is negative or no finite number gives a
// *YieldError with ReasonTime.
func APRCOfTimes(flows []TimedFlow) (Yield, error) {
	var legRoom [room]leg
	var gapRoom [room]float64
	legs := legRoom[:0]
	var seen money.Currency
	for _, f := range flows {
		if !(f.Years >= 0 && f.Years <= maxYears) {
			return 0, &YieldError{Reason: ReasonTime}
		}
		if !joins(&seen, f.Amount.Currency()) {
			return 0, &YieldError{Reason: ReasonCurrency}
		}
		at := product(yearDays, f.Years)
		legs = append(legs, leg{at: at, amount: float64(f.Amount.Minor())})
	}
	c := newCourse(inTime(legs), gapRoom[:0])
	return c.yield(yearDays, 1)
}

// maxYears is the longest time from the first flow, as far as two dates can be apart.
const maxYears = 10_000

// years is the time between two dates by the rule of the unit.
func years(from, to civil.Date, unit Unit) float64 {
	var whole float64
	var days int
	switch unit {
	case UnitMonth:
		months, left := monthsBack(from, to)
		whole, days = float64(months)/12, left
	case UnitWeek:
		weeks := to.Sub(from) / 7
		whole, days = float64(weeks)/52, to.Sub(from)%7
	default:
		return float64(to.Sub(from)) / yearDays
	}
	end := from.AddDays(days)
	length := end.Sub(end.AddMonths(-12))
	if length == 0 {
		length = yearDays // the first year of the calendar
	}
	return whole + float64(days)/float64(length)
}
