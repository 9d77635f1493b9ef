package main

import (
	"time"

	"github.com/shopspring/decimal"
)

// The formulas of a textbook in shopspring/decimal, at the places that it divides to by default.

type shopspringRow struct {
	due                          time.Time
	principal, interest, balance decimal.Decimal
}

func shopspringRate(l loan) decimal.Decimal {
	return decimal.New(l.basisPoints, -4).Div(decimal.NewFromInt(12))
}

func shopspringPayment(l loan) decimal.Decimal {
	one, rate := decimal.NewFromInt(1), shopspringRate(l)
	growth := one.Add(rate).Pow(decimal.NewFromInt(int64(l.periods)))
	return decimal.New(l.principal, -2).Mul(rate).Mul(growth).Div(growth.Sub(one)).RoundBank(2)
}

func shopspringLevel(l loan) int64 { return shopspringMinor(shopspringPayment(l)) }

func shopspringPlan(l loan) []shopspringRow {
	rate, payment := shopspringRate(l), shopspringPayment(l)
	balance := decimal.New(l.principal, -2)
	rows := make([]shopspringRow, 0, l.periods)
	for i := range l.periods {
		interest := balance.Mul(rate).RoundBank(2)
		principal := decimal.Min(payment.Sub(interest), balance)
		if i == l.periods-1 {
			principal = balance
		}
		balance = balance.Sub(principal)
		rows = append(rows, shopspringRow{start().AddDate(0, i+1, 0), principal, interest, balance})
	}
	return rows
}

func shopspringCents(row shopspringRow) split {
	return split{shopspringMinor(row.principal), shopspringMinor(row.interest)}
}

func shopspringMinor(d decimal.Decimal) int64 { return d.Shift(2).IntPart() }

func start() time.Time { return time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC) }
