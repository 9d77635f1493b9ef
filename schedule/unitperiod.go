package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// UnitPeriods is a stretch of time as Regulation Z counts it: whole unit-periods, and a fraction of
// one that earns simple interest.
type UnitPeriods struct {
	Whole int // 0 or more
	Num   int // the fraction is Num/Den, 0 to 1
	Den   int // 1 or more
}

// CountUnitPeriods counts the unit-periods between two dates by 12 CFR 1026, appendix J (b)(5):
//
//   - Months(1): whole months back from the later date, and the days left over 30.
//   - Months(n), 2 to 11, and SemiMonthly: 30 days for every whole month back from the later date,
//     and the days left, over 30 n or 15 days.
//   - Months(12): whole years back from the later date, and what is left over 12 when it is whole
//     months, else in days over 365.
//   - Weeks(n) up to 52, and Days(1): the days between over those of a unit-period.
//
// Months counted back keep the day, clamped to the end of a shorter month; one is whole too where
// months counted forward from the earlier date clamp to the later. Another unit gives a *YieldError
// with ReasonUnit, dates that are zero or in the wrong order one with ReasonTime.
func CountUnitPeriods(from, to civil.Date, unit Frequency) (UnitPeriods, error) {
	if from.IsZero() || to.Before(from) {
		return UnitPeriods{}, &YieldError{Reason: ReasonTime}
	}
	if unitsPerYear(unit) == 0 {
		return UnitPeriods{}, &YieldError{Reason: ReasonUnit}
	}
	switch n := unit.N(); unit.Unit() {
	case UnitWeek:
		return over(to.Sub(from), 7*n), nil
	case UnitDay:
		return over(to.Sub(from), n), nil
	case UnitHalfMonth:
		months, days := monthsBack(from, to)
		return over(30*months+days, 15), nil
	default:
		return countMonths(from, to, n), nil
	}
}

// countMonths counts unit-periods of n months, 1 to 12.
func countMonths(from, to civil.Date, n int) UnitPeriods {
	months, days := monthsBack(from, to)
	switch {
	case n == 1:
		return UnitPeriods{Whole: months, Num: days, Den: 30}
	case n < 12:
		return over(30*months+days, 30*n)
	case days == 0:
		return over(months, 12)
	}
	years := months / 12
	return UnitPeriods{Whole: years, Num: to.AddMonths(-12 * years).Sub(from), Den: 365}
}

// over is n/den as a whole and a fraction.
func over(n, den int) UnitPeriods { return UnitPeriods{Whole: n / den, Num: n % den, Den: den} }

// monthsBack is how many whole months, counted back from the later date, there are between two
// dates, and the days that are left at the earlier.
func monthsBack(from, to civil.Date) (months, days int) {
	y, m, _ := from.Date()
	z, n, _ := to.Date()
	months = 12*(z-y) + int(n-m)
	start := to.AddMonths(-months)
	if !start.Before(from) {
		return months, start.Sub(from)
	}
	if from.AddMonths(months) == to {
		return months, 0
	}
	months--
	return months, to.AddMonths(-months).Sub(from)
}

// unitsPerYear is how many unit-periods a year has by appendix J (b)(5); 0 when the unit is none of
// its standard intervals.
func unitsPerYear(unit Frequency) float64 {
	switch n := unit.N(); {
	case unit.Unit() == UnitMonth && n <= 12:
		return 12 / float64(n)
	case unit.Unit() == UnitHalfMonth && n == 1:
		return 24
	case unit.Unit() == UnitWeek && n <= 52:
		return 52 / float64(n)
	case unit.Unit() == UnitDay && n == 1:
		return 365
	}
	return 0
}
