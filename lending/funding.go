package lending

import (
	"maps"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// tendered are the states of a loan whose tender is under way, up to its review.
var tendered = []State{StateScheduled, StateOpen, StateOffered, StateFullyFunded}

// reviewBy is the last day on which a loan that is funded now may be reviewed, zero for none.
func (t *Tx) reviewBy(l *Loan, full bool) civil.Date {
	if n := l.Product.Tender.ReviewDays; full && n > 0 {
		return t.On.AddDays(n)
	}
	return civil.Date{}
}

// ReviewFunding confirms a fully funded loan and captures the lenders' holds (满标复审), within the
// days that [Tender.ReviewDays] gives for it. Whoever disburses must be another person. Given by an
// officer.
type ReviewFunding struct{ Loan LoanID }

// FundingReviewed is the outcome of [ReviewFunding].
type FundingReviewed struct {
	By     ActorID
	Lots   []Lot    // one a lender, or one for each rate that a lender earns, in the order of ids
	Payout PayoutID // stream that captures the holds in chunks; empty if it was done at once
}

// Type implements event.Of.
func (FundingReviewed) Type() string { return "funding-reviewed" }

// Apply implements event.Of.
func (e FundingReviewed) Apply(l *Loan) {
	l.State, l.Reviewer, l.Lots, l.Payout = StateReviewed, e.By, slices.Clone(e.Lots), e.Payout
}

// Code implements event.Coder.
func (e *FundingReviewed) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.List(c, &e.Lots, func(c *event.Codec, x *Lot) { x.code(c) })
	event.Text(c, &e.Payout)
}

func (x *Lot) code(c *event.Codec) {
	event.Text(c, &x.Holder)
	c.Int(&x.Units)
	c.Int(&x.Weight)
	x.Span.code(c)
	c.Int(&x.Bears)
	c.Count(&x.Rank)
	codeComponents(c, &x.Paid)
	codeTallies(c, &x.Fees)
	c.Date(&x.Since)
}

// Home implements Command.
func (c ReviewFunding) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (ReviewFunding) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c ReviewFunding) Decide(t *Tx, l *Loan) (FundingReviewed, error) {
	if err := l.in(c.Loan, StateFullyFunded); err != nil {
		return FundingReviewed{}, err
	}
	if err := t.disinterested(l); err != nil {
		return FundingReviewed{}, err
	}
	if !l.ReviewBy.IsZero() && t.On.After(l.ReviewBy) {
		return FundingReviewed{}, &Error{ErrExpired, "loan " + string(l.ID),
			"was to be reviewed until " + l.ReviewBy.String() + ": the day-end ends it"}
	}
	lots, err := l.lots()
	if err != nil {
		return FundingReviewed{}, err
	}
	ev := FundingReviewed{By: t.Actor.ID, Lots: lots}
	rows := make([]PayoutRow, len(ev.Lots))
	for i, x := range ev.Lots {
		rows[i] = PayoutRow{Party: x.Holder, Gross: x.Units}
	}
	ev.Payout, err = t.pay(l, PayoutOrder{Kind: PayCapture, Rows: rows})
	return ev, err
}

// lots gathers what was taken of the bids by lender, in the order of lender ids. Where lenders have
// rates of their own it is one lot a lender and rate, the lowest first, with weights by rate.
func (l *Loan) lots() ([]Lot, error) {
	own := l.Product.Tender.Mechanism.OwnRates()
	sum := make(map[lotKey]int64, len(l.Bids))
	for i := range l.Bids {
		if b := &l.Bids[i]; b.Amount > 0 {
			sum[l.lotOf(b)] += b.Amount
		}
	}
	keys := slices.SortedFunc(maps.Keys(sum), lotKey.compare)
	all, offers, taken := make([]Lot, len(keys)), make([]Offer, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		all[i] = Lot{Holder: k.lender, Units: sum[k], Weight: 1}
		offers[i], taken[i] = Offer{Pico: k.pico}, sum[k]
	}
	if !own {
		return all, nil
	}
	weights, err := Weights(offers, taken)
	if err != nil {
		return nil, err
	}
	for i, w := range weights {
		all[i].Weight = w
	}
	return all, nil
}
