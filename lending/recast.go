package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Recast is a plan made anew, from an instalment on: figures, no rules. Without rows it changes nothing.
//
// Instalments before From keep their places. Charges of those that it replaces move to others.
type Recast struct {
	From  int   // the first instalment that is replaced, with all after it
	Dues  []Due // that stand in their place
	Moved []ChargeMove
	// Payers are what covers bear of penalty interest at the rates of plans before it: a Former, from which
	// its minor-days begin anew.
	Payers []PayerPenalty
	Base   int // the first instalment of the plan
	Terms  PlanTerms
	Rows   []schedule.Row // of the plan, from Base on
}

// ChargeMove is a charge that falls due with another instalment than before; it is not figured anew any
// more.
type ChargeMove struct{ Charge, Instalment int } // the charge counted from 1

func (r *Recast) code(c *event.Codec) {
	c.Count(&r.From)
	event.List(c, &r.Dues, func(c *event.Codec, d *Due) { d.code(c) })
	event.List(c, &r.Moved, func(c *event.Codec, m *ChargeMove) {
		c.Count(&m.Charge)
		c.Count(&m.Instalment)
	})
	codePayerPenalties(c, &r.Payers)
	c.Count(&r.Base)
	r.Terms.code(c)
	codeRows(c, &r.Rows)
}

// recast puts a plan made anew in the place of the old one.
func (l *Loan) recast(r Recast) {
	if len(r.Rows) == 0 {
		return
	}
	from := max(0, min(r.From, len(l.Dues)))
	l.Dues = append(slices.Clone(l.Dues[:from]), r.Dues...)
	for _, m := range r.Moved {
		x := l.chargeAt(m.Charge)
		x.Instalment, x.Auto = m.Instalment, x.Auto && l.Product.timing(x.Fee) == OnDefault // once a loan
		for i := range l.Advances {
			if a := &l.Advances[i]; a.Charge == m.Charge {
				a.Instalment = m.Instalment
			}
		}
	}
	for _, p := range r.Payers {
		a := l.advance(p.Index)
		a.Former, a.MinorDays = p.Minor, p.MinorDays
	}
	l.Acceleration, l.planned = Acceleration{}, nil
	if plan, err := schedule.NewPlan(r.Terms.of(&l.Product), r.Rows); err == nil { // checked when recorded
		if was := l.Plan.Terms().Rate; was != r.Terms.Rate {
			l.Rates = append(slices.Clip(l.Rates), RateUntil{r.Base, was})
		}
		l.Base, l.Plan = r.Base, plan
	}
}

// uncharged is an instalment without the figures of its charges.
func (d Due) uncharged() Due {
	for _, c := range [...]Component{Fees, Costs} {
		d.Owed[c], d.Paid[c], d.Waived[c], d.Again[c], d.Advanced[c], d.Recovered[c] = 0, 0, 0, 0, 0, 0
	}
	return d
}

// overtaken lists what is unpaid of fees that came with instalments from one on and after a day.
func (l *Loan) overtaken(from int, day civil.Date) (drop []Dropped) {
	for _, d := range l.later(from - 1) {
		if l.due(l.chargeAt(d.Charge).Instalment).Date.After(day) {
			drop = append(drop, d)
		}
	}
	return drop
}

// moveCharges lists where charges of the instalments go that a new plan replaces, and adds them to the
// new dues. One that moves goes to the first of these, from a place on, that is not before its old day,
// or to the last; the others keep their places. Instalments that people began and the new plan does not
// reach stay behind it, on their days, with their charges.
func (l *Loan) moveCharges(r *Recast, place int, moves func(*Charge) bool) {
	last, own := len(r.Dues)-1, l.Base+l.Plan.Len()
	for i := own; i < len(l.Dues); i++ {
		d := &l.Dues[i]
		if d.Date.After(r.Dues[last].Date) && d.Owed[Fees]+d.Owed[Costs] > 0 {
			r.Dues = append(r.Dues, Due{Date: d.Date, Through: d.Date})
		}
	}
	for n := range l.Charges {
		x := &l.Charges[n]
		if x.Instalment < r.From || x.Instalment >= len(l.Dues) {
			continue
		}
		to := x.Instalment - r.From
		if moves(x) {
			day, end := l.Dues[x.Instalment].Date, last
			if x.Instalment >= own {
				end = len(r.Dues) - 1
			}
			for to = place; to < end && r.Dues[to].Date.Before(day); {
				to++
			}
			r.Moved = append(r.Moved, ChargeMove{n + 1, to + r.From})
		}
		d := &r.Dues[to]
		d.Owed.add(x.Component, x.Owed)
		d.Paid.add(x.Component, x.Paid)
		d.Waived.add(x.Component, x.Waived)
		if x.Again {
			d.Again.add(x.Component, x.Owed)
		}
		for i := range l.Advances {
			if a := &l.Advances[i]; a.Charge == n+1 {
				d.Advanced.add(x.Component, a.Amount)
				d.Recovered.add(x.Component, a.Recovered)
			}
		}
	}
}
