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
// A Plan answers for any day: Outstanding, Accrued, Due, Payoff, Settle with a charge, and Standing,
// which counts the days past due of what was really paid. When something happens, After gives the
// plan as it goes on, and the Proof that no value was lost: a RateStep, a Tranche, a Pause, or a
// Change (prepaid, paid short or early, a holiday, other dates, waived). Recalculated follows what
// was really paid. A plan writes itself as JSON, CSV, Markdown, a table and a picture; Schema
// describes the JSON.
//
// # Rules
//
//   - Interest of a row = balance x rate x part of the year, rounded once by Rounding.Interest from
//     its exact value, unless Rounding.Grain says otherwise. Under MethodFlat and MethodBullet the
//     interest of the whole term is rounded once instead.
//   - The level payment is the annuity at the rate of a whole period, or under SizeByAccrual what
//     the payments are worth by the interest that really accrues; rounded once by
//     Rounding.Instalment, as are the equal shares of the other methods.
//   - The last row takes what remains of principal and interest. When shares rounded up have paid
//     everything early, the rows after it are zero.
//   - Where interest is above the level payment (a long first period, a rate that varies with the
//     days) the principal is 0 and the unpaid interest is carried into the next row, where it is
//     paid first and bears no interest. MethodFixedPayment may add it to the balance instead.
//   - Due dates are counted from Start, or from FirstDue when the first period is odd, each from
//     the same day of the month, clamped to the month's end; then days that are not business days
//     are moved by Shift. An odd first period goes by day count.
//   - A change of rate or a tranche counts from its day on. On one day, what is due comes first,
//     then payouts, the rate, and changes in their order.
//   - A rate per period is a rate per year times the periods in a year (12 months, 24 half months,
//     52 weeks, or the day count's 360 or 365 days) wherever interest goes by days.
//
// # Yields
//
// IRR, XIRR, APR (Regulation Z, appendix J), APRC (Directive 2008/48/EC), EffectiveRate and
// NominalRate, FlatToNominal and NominalToFlat, Holding (price, duration, average life) and Annuity
// answer what a plan is worth. Where there is no rate, or more than one, a *YieldError says why.
// Floating point proposes there; it never decides a cent.
//
// # Invariants
//
// Every Plan keeps them, and Plan.Check verifies them: principal sums to the terms' and to what was
// capitalised, less what was waived; no principal, interest, fee or balance is negative; the last
// balance is zero; due dates do not fall; everything paid stays within money.MaxMinor. Proof.Check:
// what is owed before an event, and what comes to it, is there again after it.
//
// # Errors
//
// Validate reports every fault at once as *TermsError values (ErrTerms); what only shows as the
// plan is made (a payment below the interest, a change that cannot be) is one too. A sum above
// money.MaxMinor is an *OverflowError (ErrOverflow); so is a rate that comes to more than 3,000 %
// over one period or flat term and does not fit the exact 63-bit fraction it is kept in. Recorded
// rows that are no plan give a *PlanError (ErrPlan), rates a *RateError (ErrRate), texts a
// *SyntaxError (ErrSyntax), and flows without a yield a *YieldError (ErrYield). Work is bounded
// for whatever terms. Nothing panics but MustRate.
package schedule
