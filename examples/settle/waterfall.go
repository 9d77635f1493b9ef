package main

import (
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending"
)

// Bounds of a question, beside those of a line.
const maxPlaces = 64

// waterfall asks what a payment pays of what is owed.
type waterfall struct {
	Order       string   `json:"order,omitempty"`        // a preset by name, instead of buckets
	PlatformFee string   `json:"platform_fee,omitempty"` // of managed-contract
	OverdueFee  string   `json:"overdue_fee,omitempty"`  // of managed-contract
	Buckets     []bucket `json:"buckets,omitempty"`      // first to last
	ByBucket    bool     `json:"by_bucket,omitempty"`    // with buckets
	Advance     *advance `json:"advance,omitempty"`      // of debts in advance
	Debts       []debt   `json:"debts"`                  // from the oldest instalment on
	Payment     figure   `json:"payment"`
}

// bucket is a place in the order.
type bucket struct {
	Age       *age      `json:"age,omitempty"`
	Component component `json:"component"`
	Fee       string    `json:"fee,omitempty"`
}

// debt is one thing that is owed.
type debt struct {
	Instalment int       `json:"instalment"`
	Component  component `json:"component"`
	Age        *age      `json:"age,omitempty"`
	Fee        string    `json:"fee,omitempty"`
	Owed       figure    `json:"owed"`
}

// taken is the answer: what is paid, in the order of payment, and what is left over.
type taken struct {
	Parts []part `json:"parts"`
	Rest  figure `json:"rest"`
}

// part is what one debt is paid.
type part struct {
	Debt       int       `json:"debt"` // its place in the question, counted from 1
	Instalment int       `json:"instalment"`
	Component  component `json:"component"`
	Fee        string    `json:"fee,omitempty"`
	Paid       figure    `json:"paid"`
}

// presets are the orders that have names, but for managed-contract, which takes two fees.
func presets() map[string]func() lending.Waterfall {
	return map[string]func() lending.Waterfall{
		"civil-code-561":       lending.CivilCode561,
		"costs-then-principal": lending.CostsThenPrincipal,
		"twelve-buckets":       lending.TwelveBuckets,
		"dianrong-contract":    lending.DianrongContract,
		"originator-recovery":  lending.OriginatorRecovery,
	}
}

// presetNames are the names that an order can have.
const presetNames = "civil-code-561 costs-then-principal twelve-buckets dianrong-contract managed-contract originator-recovery"

// answer takes the payment up.
func (w *waterfall) answer() (*taken, error) {
	order, err := w.order()
	if err != nil {
		return nil, err
	}
	var u unit
	payment := u.one("waterfall.payment", w.Payment)
	debts, err := w.owed(&u)
	if err != nil {
		return nil, err
	}
	if u.err != nil {
		return nil, u.err
	}
	parts, rest := order.Allocate(nil, debts, payment)
	answer := &taken{Parts: make([]part, len(parts)), Rest: u.figure(rest)}
	for i, p := range parts {
		answer.Parts[i] = part{Debt: p.Charge, Instalment: p.Instalment, Component: component(p.Component),
			Fee: w.Debts[p.Charge-1].Fee, Paid: u.figure(p.Minor)}
	}
	return answer, nil
}

// owed are the debts of the question, each with its place counted from 1.
func (w *waterfall) owed(u *unit) (debts []lending.Debt, err error) {
	var sum int64
	for i, d := range w.Debts {
		at := fmt.Sprintf("waterfall.debts[%d].", i)
		debts = append(debts, lending.Debt{Instalment: d.Instalment, Component: lending.Component(d.Component),
			Age: lending.Age(or(d.Age, age(lending.AgePastDue))), Fee: lending.Code(d.Fee), Charge: i + 1,
			Minor: u.add(&sum, at+"owed", d.Owed)})
		switch {
		case d.Instalment < 0:
			return nil, wrong(at+"instalment", "must not be below zero")
		case i > 0 && d.Instalment < w.Debts[i-1].Instalment:
			return nil, wrong(at+"instalment", "must not be below %d, that of the debt before", w.Debts[i-1].Instalment)
		case d.Fee != "" && debts[i].Component != lending.Fees && debts[i].Component != lending.Costs:
			return nil, wrong(at+"fee", "must not be there: only fees and costs have one")
		}
	}
	return debts, nil
}

// order is the waterfall that the question names or lists.
func (w *waterfall) order() (order lending.Waterfall, err error) {
	preset, known := presets()[w.Order]
	managed := w.Order == "managed-contract"
	switch {
	case (w.Order == "") == (len(w.Buckets) == 0):
		return order, wrong("waterfall", "must have either an order or buckets")
	case len(w.Buckets) > maxPlaces:
		return order, wrong("waterfall.buckets", "must be at most %d", maxPlaces)
	case w.Order != "" && w.ByBucket:
		return order, wrong("waterfall.by_bucket", "goes with buckets: an order has its own")
	case !managed && (w.PlatformFee != "" || w.OverdueFee != ""):
		return order, wrong("waterfall.order", "must be managed-contract: it alone has platform_fee and overdue_fee")
	case managed && (w.PlatformFee == "" || w.OverdueFee == "" || w.PlatformFee == w.OverdueFee):
		return order, wrong("waterfall", "must have two different fees, platform_fee and overdue_fee")
	case managed:
		order = lending.ManagedContract(lending.Code(w.PlatformFee), lending.Code(w.OverdueFee))
	case known:
		order = preset()
	case w.Order != "":
		return order, wrong("waterfall.order", "must be one of %s", strings.ReplaceAll(presetNames, " ", ", "))
	default:
		order.ByBucket = w.ByBucket
		for _, b := range w.Buckets {
			order.Order = append(order.Order, lending.Bucket{Age: lending.Age(or(b.Age, 0)),
				Component: lending.Component(b.Component), Fee: lending.Code(b.Fee)})
		}
	}
	order.Advance = lending.AdvanceRule(or(w.Advance, advance(order.Advance)))
	if err := order.Check(); err != nil {
		return order, wrong("waterfall.buckets", "%s", strings.TrimPrefix(err.Error(), "lending: "))
	}
	return order, nil
}

// or is what a pointer points to, or else a value.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
