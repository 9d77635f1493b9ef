package lending

import (
	"math/bits"
	"slices"
)

// flow is a payment on its way down a waterfall.
type flow struct {
	w      *Waterfall
	debts  []Debt
	states []flowState // by debt
	groups []flowGroup // debts of one instalment, in the order in which instalments are taken up
	parts  []Allocation
	rest   int64
}

type flowState struct {
	place int32 // of the debt's bucket
	part  int32 // its place among the parts, counted from 1
	paid  int64
}

// flowGroup is a run of debts of one instalment.
type flowGroup struct {
	age      Age
	from, to int32
	places   uint64 // bit n: one of the debts is in bucket n
}

func newFlow(w *Waterfall, dst []Allocation, debts []Debt, minor int64) flow {
	f := flow{w: w, debts: debts, parts: dst, rest: max(0, minor)}
	f.states = make([]flowState, len(debts))
	f.groups = make([]flowGroup, 0, groupsOf(debts))
	var last [Costs + 1]placed // of a component: instalments owe much the same one after the other
	for i := range debts {
		d := &debts[i]
		if begins(debts, i) {
			f.groups = append(f.groups, flowGroup{age: d.aged(), from: int32(i)})
		}
		r := &last[min(d.Component, Costs)]
		if !r.like(d) {
			*r = placed{d, w.rank(d)}
		}
		f.states[i].place = int32(r.place)
		g := &f.groups[len(f.groups)-1]
		g.to = int32(i + 1)
		g.places |= bit(r.place)
	}
	ahead := slices.IndexFunc(f.groups, func(g flowGroup) bool { return g.age == AgeInAdvance })
	if ahead >= 0 && w.Advance == NextThenLast {
		ahead++
	}
	if ahead >= 0 && (w.Advance == LastInstalment || w.Advance == NextThenLast) {
		slices.Reverse(f.groups[ahead:])
	}
	return f
}

// placed is a debt and the place of its bucket.
type placed struct {
	debt  *Debt
	place int
}

// like reports whether a debt goes by the same bucket for certain.
func (r *placed) like(d *Debt) bool {
	return r.debt != nil && r.debt.Component == d.Component && r.debt.Age == d.Age && r.debt.Fee == d.Fee
}

// begins reports whether a debt is the first of its instalment.
func begins(debts []Debt, i int) bool {
	return i == 0 || debts[i-1].Instalment != debts[i].Instalment || debts[i-1].aged() != debts[i].aged()
}

func groupsOf(debts []Debt) (n int) {
	for i := range debts {
		if begins(debts, i) {
			n++
		}
	}
	return n
}

// bit is the set of one bucket; there is none for a place below zero.
func bit(place int) uint64 { return 1 << uint(place) }

// pour pays, of the debts of an age, those in a set of buckets.
func (f *flow) pour(a Age, places uint64) {
	if a == AgeInAdvance && f.w.Advance == EvenlySpread {
		f.spread(places)
		return
	}
	for i := range f.groups {
		if g := &f.groups[i]; g.age == a && f.rest > 0 {
			f.rest -= f.pay(g, places, f.rest)
		}
	}
}

// pay pays up to some units of an instalment's debts in a set of buckets, and returns how many.
func (f *flow) pay(g *flowGroup, places uint64, most int64) (paid int64) {
	for set := g.places & places; set != 0 && paid < most; set &= set - 1 {
		place := int32(bits.TrailingZeros64(set))
		for i := g.from; i < g.to; i++ {
			if s := &f.states[i]; s.place == place {
				n := min(most-paid, f.debts[i].Minor-s.paid)
				f.record(int(i), n)
				paid += max(0, n)
			}
		}
	}
	return paid
}

func (f *flow) record(i int, minor int64) {
	if minor <= 0 {
		return
	}
	s, d := &f.states[i], &f.debts[i]
	if s.paid += minor; s.part > 0 {
		f.parts[s.part-1].Minor += minor
		return
	}
	f.parts = append(f.parts, Allocation{d.Instalment, d.Component, d.Charge, minor})
	s.part = int32(len(f.parts))
}

// spread shares what is left evenly among the instalments that are not due yet, and what some do not
// need once more among the others.
func (f *flow) spread(places uint64) {
	var open []*flowGroup
	for i := range f.groups {
		if f.groups[i].age == AgeInAdvance {
			open = append(open, &f.groups[i])
		}
	}
	for f.rest > 0 && len(open) > 0 {
		each, odd := f.rest/int64(len(open)), f.rest%int64(len(open))
		var full []*flowGroup
		for i, g := range open {
			share := each
			if i == len(open)-1 {
				share += odd
			}
			paid := f.pay(g, places, share)
			if f.rest -= paid; paid == share {
				full = append(full, g)
			}
		}
		open = full
	}
}
