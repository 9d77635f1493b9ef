package main

import (
	"time"

	"github.com/govalues/decimal"
)

// The formulas of a textbook in govalues/decimal, which has 19 digits and allocates nothing.

type govaluesRow struct {
	due                          time.Time
	principal, interest, balance decimal.Decimal
}

func govaluesRate(l loan) decimal.Decimal {
	return must(must(decimal.New(l.basisPoints, 4)).Quo(decimal.MustNew(12, 0)))
}

func govaluesPayment(l loan) decimal.Decimal {
	one, rate := decimal.MustNew(1, 0), govaluesRate(l)
	growth := must(must(one.Add(rate)).PowInt(l.periods))
	payment := must(must(must(decimal.New(l.principal, 2)).Mul(rate)).Mul(growth))
	return must(payment.Quo(must(growth.Sub(one)))).Round(2)
}

func govaluesLevel(l loan) int64 { return govaluesMinor(govaluesPayment(l)) }

func govaluesPlan(l loan) []govaluesRow {
	rate, payment := govaluesRate(l), govaluesPayment(l)
	balance := must(decimal.New(l.principal, 2))
	rows := make([]govaluesRow, 0, l.periods)
	for i := range l.periods {
		interest := must(balance.Mul(rate)).Round(2)
		principal := must(payment.Sub(interest))
		if i == l.periods-1 || principal.Cmp(balance) > 0 {
			principal = balance
		}
		balance = must(balance.Sub(principal))
		rows = append(rows, govaluesRow{start().AddDate(0, i+1, 0), principal, interest, balance})
	}
	return rows
}

func govaluesCents(row govaluesRow) split {
	return split{govaluesMinor(row.principal), govaluesMinor(row.interest)}
}

func govaluesMinor(d decimal.Decimal) int64 {
	whole, cents, _ := d.Int64(2)
	return 100*whole + cents
}
