package main

import (
	"math"
	"time"
)

// The formulas of a textbook in float64, rounded to cents.

type floatRow struct {
	due                          time.Time
	principal, interest, balance float64
}

func floatRound(x float64) float64 { return math.RoundToEven(x*100) / 100 }

func floatPayment(l loan) float64 {
	rate := float64(l.basisPoints) / 10_000 / 12
	growth := math.Pow(1+rate, float64(l.periods))
	return floatRound(float64(l.principal) / 100 * rate * growth / (growth - 1))
}

func floatLevel(l loan) int64 { return floatMinor(floatPayment(l)) }

func floatPlan(l loan) []floatRow {
	rate, payment := float64(l.basisPoints)/10_000/12, floatPayment(l)
	balance := float64(l.principal) / 100
	rows := make([]floatRow, 0, l.periods)
	for i := range l.periods {
		interest := floatRound(balance * rate)
		principal := min(floatRound(payment-interest), balance)
		if i == l.periods-1 {
			principal = balance
		}
		balance = floatRound(balance - principal)
		rows = append(rows, floatRow{start().AddDate(0, i+1, 0), principal, interest, balance})
	}
	return rows
}

func floatCents(row floatRow) split {
	return split{floatMinor(row.principal), floatMinor(row.interest)}
}

func floatMinor(x float64) int64 { return int64(math.Round(x * 100)) }

// floatXIRR seeks the rate of return of a loan by Newton's method from 10 %, as it is written most
// often: with a power for every flow.
func floatXIRR(l loan) func() {
	times, amounts := []float64{0}, []float64{-float64(l.principal) / 100}
	for _, row := range floatPlan(l) {
		times = append(times, row.due.Sub(start()).Hours()/24/365)
		amounts = append(amounts, row.principal+row.interest)
	}
	return func() { newton(times, amounts) }
}

func newton(times, amounts []float64) float64 {
	rate := 0.1
	for range 100 {
		value, slope := 0.0, 0.0
		for i, at := range times {
			now := amounts[i] / math.Pow(1+rate, at)
			value += now
			slope -= at * now / (1 + rate)
		}
		step := value / slope
		rate -= step
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return rate
}
