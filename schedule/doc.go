// Package schedule turns the terms of a loan into the amounts that are due on dates, exact to the
// last minor unit.
//
// Terms are rules, a Plan is what follows from them. Everything that changes a cent is a field of
// Terms: method, day count, accrual, and both rounding modes.
//
//	plan, err := schedule.Terms{
//		Principal: money.MustParse("CNY 100000.00"),
//		Rate:      schedule.MustRate("12% per year"),
//		Method:    schedule.MethodLevelPayment,
//		Periods:   12,
//		Every:     schedule.Months(1),
//		Start:     civil.MustParse("2026-01-31"),
//		DayCount:  daycount.Thirty360US,
//		Accrual:   schedule.AccrueByPeriod,
//		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
//	}.Plan()
//	first := plan.At(0) // due 2026-02-28: CNY 7884.88 and CNY 1000.00 interest
//
// For many plans, Terms.Prepare does the common work once and Prepared.Append writes rows of
// whole minor units into the caller's slice without allocating.
//
// # Rules
//
//   - Interest of a row = balance x rate x part of the year, rounded once by Rounding.Interest from
//     its exact value. Under MethodFlat and MethodBullet the interest of the whole term is rounded
//     once instead.
//   - The level payment is the annuity at the rate of a whole period, rounded once by
//     Rounding.Instalment; the equal shares of the other methods are rounded likewise.
//   - The last row takes what remains of principal and interest. When shares rounded up have paid
//     everything early, the rows after it are zero.
//   - Principal of a row is never negative. Where interest is above the level payment (a long first
//     period, a rate that varies with the days) the principal is 0 and the unpaid interest is
//     carried into the next row, where it is paid first and bears no interest.
//   - Due dates are counted from Start, or from FirstDue when the first period is odd, each from
//     the same day of the month, clamped to the month's end. An odd first period goes by day count.
//   - A rate per period is a rate per year times the periods in a year (12 months, 52 weeks, or
//     the day count's 360 or 365 days) wherever interest goes by days.
//
// # Invariants
//
// Every Plan keeps them, and Plan.Check verifies them: principal sums to the terms'; no principal,
// interest or balance is negative; the last balance is zero; due dates increase; principal and
// interest together stay within money.MaxMinor.
//
// # Errors
//
// Validate reports every fault at once as *TermsError values (ErrTerms). A sum above
// money.MaxMinor is an *OverflowError (ErrOverflow); so is a rate that comes to more than 3,000 %
// over one period or flat term and does not fit the exact 63-bit fraction it is kept in. Recorded
// rows that are no plan give a *PlanError (ErrPlan), rates a *RateError (ErrRate), and texts a
// *SyntaxError (ErrSyntax). Nothing panics but MustRate.
package schedule
