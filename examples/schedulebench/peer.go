package main

import (
	"math/rand/v2"
	"slices"
)

// loan is what differs between loans: all begin on 15 January 2026, are paid monthly, and round
// payment and interest half to even.
type loan struct {
	principal   int64 // in cents
	basisPoints int64 // the rate a year
	periods     int
}

// split is a row of a plan in cents.
type split struct{ principal, interest int64 }

// peer is one way to make plans.
type peer struct {
	name  string
	level func(loan) int64   // the level payment in cents
	plan  func(loan)         // makes the plan in the peer's own form
	cents func(loan) []split // makes it and turns it into cents
}

// newPeer wraps a way whose rows are of type R.
func newPeer[R any](
	name string, level func(loan) int64, plan func(loan) []R, cents func(R) split,
) peer {
	return peer{
		name:  name,
		level: level,
		plan:  func(l loan) { plan(l) },
		cents: func(l loan) []split {
			var rows []split
			for _, row := range plan(l) {
				rows = append(rows, cents(row))
			}
			return rows
		},
	}
}

// peers are all ways; the first is exact, and the others are compared with it.
func peers() []peer {
	return []peer{
		newPeer("loanweave", ownLevel, ownPlan, ownCents),
		newPeer("shopspring/decimal", shopspringLevel, shopspringPlan, shopspringCents),
		newPeer("govalues/decimal", govaluesLevel, govaluesPlan, govaluesCents),
		newPeer("float64", floatLevel, floatPlan, floatCents),
	}
}

// right counts the plans of random loans that a peer has right to the cent in every row. The loans
// are the same for all: hundreds of a currency, at quarters of a percent, as lenders quote them.
func right(p peer, loans int) (n int) {
	random := rand.New(rand.NewPCG(1, 2))
	for range loans {
		l := loan{
			principal:   100_00 * (1 + random.Int64N(10_000)),
			basisPoints: 25 * (1 + random.Int64N(144)),
			periods:     1 + random.IntN(60),
		}
		if slices.Equal(p.cents(l), peers()[0].cents(l)) {
			n++
		}
	}
	return n
}
