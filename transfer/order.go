package transfer

import (
	"cmp"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// OrderID names an order.
type OrderID string

// MaxOrders bounds what is matched.
const MaxOrders = 1 << 20

// Order is an investor's money that waits for claims. Its caps are its own: a buyer with two orders has
// them twice.
type Order struct {
	ID    OrderID
	Buyer lending.PartyID
	Turn  int64 // the place in the queue, by waiting time: lower is served first, ties by id
	Criteria
}

// Criteria are what an order has and wants.
type Criteria struct {
	Money       int64 // to spend, 1 or more
	PerClaim    int64 // most money in one offer, 0 for no cap
	PerBorrower int64 // most money in offers of one borrower, 0 for no cap
	MinYield    Yield
	MinTerm     int // days
	MaxTerm     int // days, this one included; 0 for any
}

func (o *Order) fault() string {
	switch {
	case o.ID == "" || len(o.ID) > lending.MaxID:
		return "has no well-formed id"
	case o.Buyer == "":
		return "has no buyer"
	case o.Money < 1 || o.Money > money.MaxMinor:
		return "the money must be 1 or more, and an amount"
	case o.PerClaim < 0 || o.PerClaim > money.MaxMinor || o.PerBorrower < 0 || o.PerBorrower > money.MaxMinor:
		return "caps must be 0 or more, and amounts"
	case o.MinYield < MinYield || o.MinYield > MaxYield:
		return "the yield is out of bounds"
	case o.MinTerm < 0 || o.MinTerm > MaxTerm || o.MaxTerm < 0 || o.MaxTerm > MaxTerm:
		return "the terms are out of bounds"
	case o.MaxTerm > 0 && o.MaxTerm < o.MinTerm:
		return "the terms contradict each other"
	}
	return ""
}

// longest is the longest term wanted.
func (c *Criteria) longest() int32 {
	if c.MaxTerm == 0 {
		return MaxTerm
	}
	return int32(c.MaxTerm)
}

// capped is a sum within a cap, of which 0 is none.
func capped(sum, most int64) int64 {
	if most == 0 {
		return sum
	}
	return min(sum, most)
}

func (o *Order) compare(p *Order) int {
	return cmp.Or(cmp.Compare(o.Turn, p.Turn), cmp.Compare(o.ID, p.ID))
}

func (c *Criteria) compare(d *Criteria) int {
	return cmp.Or(cmp.Compare(c.Money, d.Money), cmp.Compare(c.PerClaim, d.PerClaim),
		cmp.Compare(c.PerBorrower, d.PerBorrower), cmp.Compare(c.MinYield, d.MinYield),
		cmp.Compare(c.MinTerm, d.MinTerm), cmp.Compare(c.MaxTerm, d.MaxTerm))
}
