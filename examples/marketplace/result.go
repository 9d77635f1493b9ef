package main

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// Result is what one mechanism did. Days are from publication. Rates are in per cent a year, over
// funded loans, weighted by their amounts; what lenders earn is before fees and losses.
type Result struct {
	Mechanism lending.Mechanism `json:"mechanism"`
	Listed    int               `json:"listed"`
	Funded    int               `json:"funded"`
	Failed    int               `json:"failed"`
	Mean      float64           `json:"mean_days"`
	Median    float64           `json:"median_days"`
	P90       float64           `json:"p90_days"`
	Standing  float64           `json:"from_standing_orders_percent"` // of the money lent
	Reserve   float64           `json:"reserve"`
	Pays      float64           `json:"borrower_pays"`
	Lowest    float64           `json:"lender_lowest"` // of a loan's lenders, as is Highest
	Earn      float64           `json:"lender_mean"`
	Highest   float64           `json:"lender_highest"`
	Spread    float64           `json:"lender_spread"`     // within a loan, Highest less Lowest
	Above     float64           `json:"above_their_least"` // earned beyond what they take at least
	Lenders   float64           `json:"lenders_a_loan"`
}

// part is what a lender has of a loan by one bid.
type part struct {
	*bidder
	cents int64
	earns int64 // rate, in 1e-12
	least int64 // that he takes
}

// parts are what was taken of the bids for a loan.
func (t *trial) parts(l *lending.Loan) (out []part) {
	for _, b := range l.Bids {
		if b.State != lending.BidTaken {
			continue
		}
		at := slices.IndexFunc(t.bidders, func(x bidder) bool { return x.id == b.Lender })
		x := part{bidder: &t.bidders[at], cents: b.Amount, earns: l.Rate.Pico()}
		if t.mechanism.OwnRates() {
			x.earns = b.Pico
		}
		x.least = t.takes(x.bidder, l.Grade).Pico()
		out = append(out, x)
	}
	return out
}

// result adds up what became of the loans.
func (t *trial) result() Result {
	r := Result{Mechanism: t.mechanism, Listed: len(t.deals)}
	var days, lenders []float64
	var lent float64
	for _, d := range t.deals {
		l := t.loan(d)
		if l.State != lending.StateActive {
			r.Failed++
			continue
		}
		r.Funded++
		days = append(days, float64(d.funded.Sub(d.listed)))
		lenders = append(lenders, float64(r.add(l, t.parts(l))))
		lent += float64(d.Amount)
	}
	slices.Sort(days)
	r.Mean, r.Median = round(mean(days), 1), round(quantile(days, 0.5), 1)
	r.P90, r.Lenders = round(quantile(days, 0.9), 1), round(mean(lenders), 1)
	for _, sum := range []*float64{
		&r.Reserve, &r.Pays, &r.Lowest, &r.Earn, &r.Highest, &r.Spread, &r.Above,
	} {
		*sum = round(*sum/max(lent, 1)/1e10, 2)
	}
	r.Standing = round(100*r.Standing/max(lent, 1), 1)
	return r
}

// add sums a funded loan's money and its rates times money, and counts its lenders.
func (r *Result) add(l *lending.Loan, parts []part) (lenders int) {
	amount, low, high := float64(l.Amount.Minor()), l.Reserve.Pico(), int64(0)
	who := map[lending.PartyID]bool{}
	for _, x := range parts {
		who[x.id] = true
		low, high = min(low, x.earns), max(high, x.earns)
		r.Earn += float64(x.cents) * float64(x.earns)
		r.Above += float64(x.cents) * float64(x.earns-x.least)
		if x.standing {
			r.Standing += float64(x.cents)
		}
	}
	r.Reserve += amount * float64(l.Reserve.Pico())
	r.Pays += amount * float64(l.Rate.Pico())
	r.Lowest += amount * float64(low)
	r.Highest += amount * float64(high)
	r.Spread += amount * float64(high-low)
	return len(who)
}
