package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// ReviewFunding confirms a fully funded loan and captures the lenders' holds (满标复审). Whoever
// disburses must be another person.
type ReviewFunding struct{ Loan LoanID }

// FundingReviewed is the outcome of [ReviewFunding].
type FundingReviewed struct {
	By     ActorID
	Lots   []Lot    // one a lender, in the order of their ids
	Payout PayoutID // stream that captures the holds in chunks; empty if it was done at once
}

// Type implements event.Of.
func (FundingReviewed) Type() string { return "funding-reviewed" }

// Apply implements event.Of.
func (e FundingReviewed) Apply(l *Loan) {
	l.State, l.Reviewer, l.Lots, l.Payout = StateReviewed, e.By, slices.Clone(e.Lots), e.Payout
	l.lenders = nil // the lots have them
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
	c.Count(&x.Rank)
	codeComponents(c, &x.Paid)
	c.Int(&x.Fees)
	c.Date(&x.Since)
}

func (s *Span) code(c *event.Codec) {
	c.Count(&s.From)
	c.Count(&s.To)
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
	ev := FundingReviewed{By: t.Actor.ID, Lots: lots(l.Bids)}
	rows := make([]PayoutRow, len(ev.Lots))
	for i, x := range ev.Lots {
		rows[i] = PayoutRow{Party: x.Holder, Gross: x.Units}
	}
	var err error
	ev.Payout, err = t.pay(l, PayoutOrder{Kind: PayCapture, Rows: rows})
	return ev, err
}

// lots gathers bids by lender, in the order of lender ids.
func lots(bids []Bid) []Lot {
	sum := make(map[PartyID]int64, len(bids))
	for _, b := range bids {
		sum[b.Lender] += b.Amount
	}
	all := make([]Lot, 0, len(sum))
	for p, n := range sum {
		all = append(all, Lot{Holder: p, Units: n, Weight: 1})
	}
	slices.SortFunc(all, func(a, b Lot) int { return cmp.Compare(a.Holder, b.Holder) })
	return all
}
