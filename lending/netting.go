package lending

import (
	"cmp"
	"slices"
)

// netting gathers what parties get and give when payments are booked anew.
type netting struct {
	order *PayoutOrder
	rows  map[PartyID]int // place in order.Rows
	fees  map[Code]int    // place in order.Levies
}

// add adds what a payment brought, or takes it off with sign -1.
func (n *netting) add(m *Movement, sign int64) {
	for _, r := range m.rows {
		if n.rows == nil {
			n.rows = map[PartyID]int{}
		}
		i, ok := n.rows[r.Party]
		if !ok {
			i = len(n.order.Rows)
			n.rows[r.Party] = i
			n.order.Rows = append(n.order.Rows, PayoutRow{Party: r.Party})
		}
		row := &n.order.Rows[i]
		row.Gross += sign * r.Gross
		row.Fee += sign * r.Fee
		row.Stake += sign * r.Stake
	}
	for _, v := range append(cutLevies(m.Cuts), m.Platform...) {
		if n.fees == nil {
			n.fees = map[Code]int{}
		}
		i, ok := n.fees[v.Fee]
		if !ok {
			i = len(n.order.Levies)
			n.fees[v.Fee] = i
			n.order.Levies = append(n.order.Levies, Levy{Fee: v.Fee})
		}
		n.order.Levies[i].Minor += sign * v.Minor
		n.order.Levies[i].Tax += sign * v.Tax
	}
}

// finish leaves out what does not change, puts those who give in front of those who get, and returns
// what the platform gives back.
func (n *netting) finish() (back []Levy) {
	o := n.order
	o.Rows = slices.DeleteFunc(o.Rows, func(r PayoutRow) bool { return r == PayoutRow{Party: r.Party} })
	slices.SortStableFunc(o.Rows, func(a, b PayoutRow) int { return cmp.Compare(a.sign(), b.sign()) })
	o.Levies = slices.DeleteFunc(o.Levies, func(v Levy) bool {
		if v.Minor < 0 {
			back = append(back, v)
		}
		return v.Minor < 0 || v == Levy{Fee: v.Fee}
	})
	return back
}

// sign is below zero for a row that takes money from its party.
func (r *PayoutRow) sign() int { return cmp.Compare(r.Gross-r.Fee, 0) }
