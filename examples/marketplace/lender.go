package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/loanweave/loanweave/lending"
)

// taste is what a lender likes to buy. It gives the lenders different portfolios.
type taste uint8

const (
	cautious taste = iota
	balanced
	bold
	tastes
)

// likes reports whether a lender bids for a grade by his own choice.
func (t taste) likes(grade lending.Code) bool {
	switch t {
	case cautious:
		return grade <= "B"
	case bold:
		return grade >= "C"
	}
	return true
}

// lender is a synthetic investor. What he has stands in his wallet alone.
type lender struct {
	id    lending.PartyID
	taste taste
	deals int // bids so far, for the keys of his commands
}

func newLenders(n int, chance *rand.Rand) []lender {
	all := make([]lender, n)
	for i := range all {
		id := lending.PartyID(fmt.Sprintf("lender-%05d", i))
		all[i] = lender{id: id, taste: taste(chance.IntN(int(tastes)))}
	}
	return all
}

// maxAsked is how many lenders look at a loan before one takes it against his taste.
const maxAsked = 6

// pick chooses who bids next for a loan of a grade.
func pick(all []lender, grade lending.Code, chance *rand.Rand) *lender {
	for range maxAsked - 1 {
		if x := &all[chance.IntN(len(all))]; x.taste.likes(grade) {
			return x
		}
	}
	return &all[chance.IntN(len(all))]
}

// maxBids bounds the bids for one loan, so that all its lenders fit one commit.
const maxBids = 40

// bidFor is a bid in whole notes, of a size that fills the loan with 20 to 40 of them.
func bidFor(amount int64, chance *rand.Rand) int64 {
	unit := (amount + maxBids*note - 1) / (maxBids * note) // notes
	return note * (unit + chance.Int64N(unit+1))
}

// bidsToday is how many bids a loan gets on one day: the better it pays, the more.
func bidsToday(ratePercent float64, chance *rand.Rand) int {
	pace := 3 + int(ratePercent/2)
	return 1 + chance.IntN(2*pace)
}
