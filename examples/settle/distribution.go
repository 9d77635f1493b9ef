package main

import (
	"strings"

	"github.com/loanweave/loanweave/schedule/money"
)

// maxShares bounds what one question makes: lots times payments.
const maxShares = 10_000

// distribution asks what each lot of a claim is given of payments.
type distribution struct {
	Units    []figure `json:"units"`          // by lot, in the order of their holders; only their ratio counts
	Paid     []figure `json:"paid,omitempty"` // by lot, what was given before; left out: nothing
	Payments []figure `json:"payments"`       // one after the other
}

// shared is the answer.
type shared struct {
	Shares [][]figure `json:"shares"` // by payment and lot
	Paid   []figure   `json:"paid"`   // by lot, at the end
}

// answer shares each payment by the rule of money.Apportioner.
func (d *distribution) answer() (*shared, error) {
	var weights, u unit
	units := weights.figures("distribution.units", d.Units...)
	payments := u.figures("distribution.payments", d.Payments...)
	paid := u.figures("distribution.paid", d.Paid...)
	switch {
	case weights.err != nil:
		return nil, weights.err
	case u.err != nil:
		return nil, u.err
	case sum(units) == 0:
		return nil, wrong("distribution.units", "must sum to more than zero")
	case len(payments) == 0:
		return nil, wrong("distribution.payments", "must be one at least")
	case len(payments)*len(units) > maxShares:
		return nil, wrong("distribution", "must have at most %d shares: lots times payments", maxShares)
	case len(paid) == 0:
		paid = make([]int64, len(units))
	}
	var a money.Apportioner
	answer := &shared{}
	total := sum(paid)
	for _, n := range payments {
		if n > money.MaxMinor-total {
			return nil, tooMuch("distribution.payments")
		}
		total += n
		shares, err := a.Share(nil, paid, units, total)
		if err != nil { // units and payments were looked at
			return nil, wrong("distribution.paid", "%s", strings.TrimPrefix(err.Error(), "money: bad apportionment: "))
		}
		for i, n := range shares {
			paid[i] += n
		}
		answer.Shares = append(answer.Shares, u.list(shares))
	}
	answer.Paid = u.list(paid)
	return answer, nil
}
