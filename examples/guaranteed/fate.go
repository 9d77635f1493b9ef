package main

import "math/rand/v2"

// Every loan is one of 12,000.00 over twelve months, at 12% a year.
const (
	principal = 1_200_000
	periods   = 12
	rate      = "12% per year"
)

// fate is what a borrower does, under whatever protection.
type fate struct {
	pays      int   // instalments on their due dates, then no more; periods for all
	recovered int64 // what he pays after the write-off, in minor units
}

func (f fate) defaults() bool { return f.pays < periods }

// fates draws what becomes of each loan. Exactly so many of a hundred stop paying.
func (c config) fates() []fate {
	rng := rand.New(rand.NewPCG(c.seed, 0))
	list := make([]fate, c.loans)
	for i := range list {
		list[i] = fate{pays: periods}
	}
	for _, i := range rng.Perm(c.loans)[:c.loans*c.bad/100] {
		list[i] = fate{pays: 1 + rng.IntN(8), recovered: rng.Int64N(principal / 4)}
	}
	return list
}
