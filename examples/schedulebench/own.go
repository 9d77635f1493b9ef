package main

import (
	"log"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	yuan  = money.MustCurrency("CNY")
	first = civil.MustParse("2026-01-15")
)

// ownTerms are the terms of a loan.
func ownTerms(l loan) schedule.Terms {
	return schedule.Terms{
		Principal: must(money.New(l.principal, yuan)),
		Rate:      must(schedule.RateFromPico(l.basisPoints*100_000_000, schedule.PerYear)),
		Method:    schedule.MethodLevelPayment,
		Periods:   l.periods,
		Every:     schedule.Months(1),
		Start:     first,
		DayCount:  daycount.Thirty360US,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}
}

func ownLevel(l loan) int64 {
	prepared := must(ownTerms(l).Prepare())
	return prepared.Instalment()
}

func ownPlan(l loan) []schedule.Row {
	prepared := must(ownTerms(l).Prepare())
	return must(prepared.Append(nil))
}

func ownCents(row schedule.Row) split { return split{row.Principal, row.Interest} }

// appending makes the plan of a loan again and again in one slice, as a program does that keeps
// what it prepared.
func appending(l loan) func() {
	prepared := must(ownTerms(l).Prepare())
	rows := make([]schedule.Row, 0, prepared.Len())
	return func() { rows = must(prepared.Append(rows[:0])) }
}

// ownXIRR seeks the rate of return of a loan.
func ownXIRR(l loan) func() {
	plan := must(ownTerms(l).Plan())
	flows := plan.Flows()
	return func() { must(schedule.XIRR(flows)) }
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
