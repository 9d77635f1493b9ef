package main

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/lendingtest"
)

// check asks whether figures of one's own keep the invariants of lendingtest.
type check struct {
	Distribution *life    `json:"distribution,omitempty"`
	Waterfall    *taking  `json:"waterfall,omitempty"`
	Conservation *entries `json:"conservation,omitempty"`
}

// life is what lots were given of the payments of a claim.
type life struct {
	Claims   []figure   `json:"claims"`
	Payments []figure   `json:"payments"`
	Shares   [][]figure `json:"shares"`
}

// taking is what a payment paid of debts, which stand in the order of payment.
type taking struct {
	Owed    []figure `json:"owed"`
	Payment figure   `json:"payment"`
	Paid    []figure `json:"paid"`
	Rest    figure   `json:"rest"`
}

// entries are postings of a ledger, and how far accounts may go.
type entries struct {
	Postings []posting `json:"postings"`
	Floors   []floor   `json:"floors,omitempty"`
}

// posting is a leg of an entry. Legs of one entry stand next to each other.
type posting struct {
	Entry   int    `json:"entry"`
	Book    string `json:"book"`
	Account string `json:"account"`
	Debit   figure `json:"debit"` // below zero for a credit; balances by currency
}

// floor is the least that an account may have, in minor units, of debits or of credits.
type floor struct {
	Account string `json:"account"`
	Least   int64  `json:"least"`
	Credits bool   `json:"credits,omitempty"`
}

// verdict is the answer.
type verdict struct {
	Holds     bool                  `json:"holds"`
	Invariant lendingtest.Invariant `json:"invariant,omitempty"` // the first that is broken
	Where     string                `json:"where,omitempty"`
}

// maxPostings keeps every sum of postings within 64 bits.
const maxPostings = 1000

// answer holds the figures against the invariants.
func (c *check) answer() (*verdict, error) {
	var found, err error
	switch {
	case c.Distribution != nil && c.Waterfall == nil && c.Conservation == nil:
		found, err = c.Distribution.violation()
	case c.Distribution == nil && c.Waterfall != nil && c.Conservation == nil:
		found, err = c.Waterfall.violation()
	case c.Distribution == nil && c.Waterfall == nil && c.Conservation != nil:
		found, err = c.Conservation.violation()
	default:
		err = wrong("check", "must have one of distribution, waterfall, conservation")
	}
	if err != nil {
		return nil, err
	}
	if v := (*lendingtest.Violation)(nil); errors.As(found, &v) {
		return &verdict{false, v.Invariant, v.Where}, nil
	}
	return &verdict{Holds: true}, nil
}

// signed takes the minor units of a figure that is to be judged and may be below zero.
func (u *unit) signed(field string, f figure) int64 {
	minor := f.Minor
	f.Minor = max(0, minor)
	u.one(field, f)
	return minor
}

// signedList takes those of a list.
func (u *unit) signedList(field string, list []figure) (minor []int64) {
	for i, f := range list {
		minor = append(minor, u.signed(fmt.Sprintf("%s[%d]", field, i), f))
	}
	return minor
}

func (l *life) violation() (found, err error) {
	var u unit
	d := lendingtest.Distribution{Claims: u.figures("check.distribution.claims", l.Claims...),
		Payments: u.figures("check.distribution.payments", l.Payments...)}
	for k, row := range l.Shares {
		d.Shares = append(d.Shares, u.signedList(fmt.Sprintf("check.distribution.shares[%d]", k), row))
	}
	if u.err != nil {
		return nil, u.err
	}
	return lendingtest.CheckDistribution(d), nil
}

func (t *taking) violation() (found, err error) {
	var u unit
	w := lendingtest.Taking{Owed: u.figures("check.waterfall.owed", t.Owed...),
		Payment: u.one("check.waterfall.payment", t.Payment), Paid: u.signedList("check.waterfall.paid", t.Paid),
		Rest: u.signed("check.waterfall.rest", t.Rest)}
	if u.err != nil {
		return nil, u.err
	}
	return lendingtest.CheckWaterfall(w), nil
}

func (e *entries) violation() (found, err error) {
	if len(e.Postings) > maxPostings {
		return nil, wrong("check.conservation.postings", "must be at most %d", maxPostings)
	}
	var rows []lendingtest.Posting
	for _, p := range e.Postings {
		currency := ""
		if !p.Debit.Currency.IsZero() {
			currency = p.Debit.Currency.String()
		}
		rows = append(rows, lendingtest.Posting{Entry: p.Entry, Book: p.Book, Account: p.Account,
			Currency: currency, Debit: p.Debit.Minor})
	}
	floors := map[string]lendingtest.Floor{}
	for i, f := range e.Floors {
		if _, twice := floors[f.Account]; twice {
			return nil, wrong(fmt.Sprintf("check.conservation.floors[%d].account", i), "must be another: each account is named once")
		}
		floors[f.Account] = lendingtest.Asset(f.Least)
		if f.Credits {
			floors[f.Account] = lendingtest.Liability(f.Least)
		}
	}
	return lendingtest.CheckConservation(rows, floors), nil
}
