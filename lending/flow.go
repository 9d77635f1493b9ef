package lending

import "slices"

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
}

func newFlow(w *Waterfall, dst []Allocation, debts []Debt, minor int64) flow {
	f := flow{w: w, debts: debts, parts: dst, rest: max(0, minor)}
	f.states = make([]flowState, len(debts))
	f.groups = make([]flowGroup, 0, len(debts))
	for i := range debts {
		f.states[i].place = int32(w.rank(&debts[i]))
		n := len(f.groups)
		if n > 0 && debts[i-1].Instalment == debts[i].Instalment && debts[i-1].aged() == debts[i].aged() {
			f.groups[n-1].to++
			continue
		}
		f.groups = append(f.groups, flowGroup{debts[i].aged(), int32(i), int32(i + 1)})
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

// pour pays, of the debts of an age, those in the buckets [from, to).
func (f *flow) pour(a Age, from, to int) {
	if a == AgeInAdvance && f.w.Advance == EvenlySpread {
		f.spread(from, to)
		return
	}
	for _, g := range f.groups {
		if f.rest == 0 {
			return
		}
		if g.age == a {
			f.rest -= f.pay(g, from, to, f.rest)
		}
	}
}

// pay pays up to some units of an instalment's debts in the buckets [from, to), and returns how many.
func (f *flow) pay(g flowGroup, from, to int, most int64) (paid int64) {
	for place := from; place < to; place++ {
		for i := g.from; i < g.to && paid < most; i++ {
			if s := &f.states[i]; int(s.place) == place {
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
func (f *flow) spread(from, to int) {
	var open []flowGroup
	for _, g := range f.groups {
		if g.age == AgeInAdvance {
			open = append(open, g)
		}
	}
	for f.rest > 0 && len(open) > 0 {
		each, odd := f.rest/int64(len(open)), f.rest%int64(len(open))
		var full []flowGroup
		for i, g := range open {
			share := each
			if i == len(open)-1 {
				share += odd
			}
			paid := f.pay(g, from, to, share)
			if f.rest -= paid; paid == share {
				full = append(full, g)
			}
		}
		open = full
	}
}
