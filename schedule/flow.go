package schedule

import (
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Flow is money on a date as a lender sees it: negative when it is paid out, positive when it comes
// in. A borrower's cost is the same rate, so the signs need not be turned for APR and APRC.
type Flow struct {
	On     civil.Date   `json:"on"`
	Amount money.Amount `json:"amount"`
}

// Flows are what a lender pays and gets under the plan, by date: the principal out on Start, less
// the Discount and what Tranches pay out on their own days, and the total of every instalment in on
// its due date. Another fee that is kept from the principal is one more Flow, in on Start.
func (p Plan) Flows() []Flow {
	terms := p.Terms()
	first := terms.Principal.Minor() - terms.Discount.Minor()
	flows := make([]Flow, 1, p.Len()+len(terms.Tranches)+1)
	for _, tranche := range terms.Tranches {
		first -= tranche.Amount.Minor()
		flows = append(flows, Flow{On: tranche.On, Amount: tranche.Amount.Neg()})
	}
	flows[0] = Flow{On: terms.Start, Amount: p.amount(-first)}
	for i := range p.Len() {
		in := p.At(i)
		flows = append(flows, Flow{On: in.Due, Amount: in.Total})
	}
	slices.SortStableFunc(flows, Flow.byDate)
	return flows
}

func (f Flow) byDate(g Flow) int { return f.On.Compare(g.On) }

// dated checks dates and currency, and gives flows by date from the first that is not zero: the
// slice itself when it is in order already, else a sorted copy.
func dated(flows []Flow) ([]Flow, error) {
	var seen money.Currency
	var last civil.Date
	sorted := true
	for i := range flows {
		on, cur := flows[i].On, flows[i].Amount.Currency()
		if on.IsZero() {
			return nil, &YieldError{Reason: ReasonTime}
		}
		if cur != seen && !joins(&seen, cur) {
			return nil, &YieldError{Reason: ReasonCurrency}
		}
		sorted = sorted && !on.Before(last)
		last = on
	}
	if !sorted {
		flows = slices.Clone(flows)
		slices.SortStableFunc(flows, Flow.byDate)
	}
	for len(flows) > 0 && flows[0].Amount.IsZero() {
		flows = flows[1:]
	}
	return flows, nil
}

// joins reports whether a currency can stand beside those seen, which it may set: no currency, that
// of nothing, stands beside every other.
func joins(seen *money.Currency, cur money.Currency) bool {
	if seen.IsZero() {
		*seen = cur
	}
	return cur == *seen || cur.IsZero()
}
