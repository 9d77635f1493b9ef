package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// maxPlaces bounds a waterfall.
const maxPlaces = 64

// Waterfall is the order in which a payment is taken up (清偿顺序).
type Waterfall struct {
	// Order lists what is paid first to last. A debt goes by the bucket that names it most closely:
	// its fee before its age.
	Order []Bucket
	// ByBucket fills a bucket for every instalment before the next bucket. Otherwise each instalment
	// is paid in full before the next, all that is of the first age in Order before the second.
	ByBucket bool
	Advance  AdvanceRule // for what is not due yet
}

// Check reports whether a debt of every component and age has its place, and each bucket stands once.
func (w Waterfall) Check() error {
	bad := func(why string) error { return &Error{ErrTerms, "waterfall", why} }
	if len(w.Order) > maxPlaces {
		return bad("has too many buckets")
	}
	for i, b := range w.Order {
		switch {
		case !b.Component.IsValid():
			return bad("names " + b.Component.String())
		case b.Age > AgeInAdvance:
			return bad("names " + b.Age.String())
		case b.Fee != "" && !b.Component.charged():
			return bad("names fee " + string(b.Fee) + " of " + b.Component.String())
		case slices.Contains(w.Order[:i], b):
			return bad("names " + b.Component.String() + " twice at one age")
		}
	}
	for c := Interest; c <= Costs; c++ {
		for a := AgePastDue; a <= AgeInAdvance; a++ {
			if w.rank(&Debt{Component: c, Age: a}) < 0 {
				return bad("leaves out " + c.String() + " " + a.String())
			}
		}
	}
	if w.Advance > EvenlySpread {
		return bad("has " + w.Advance.String())
	}
	return nil
}

// rank is the place of a debt's bucket in the order; below zero if it has none.
func (w *Waterfall) rank(d *Debt) int {
	place, fit := -1, 0
	for i := range w.Order {
		if w.Order[i].Component != d.Component {
			continue
		}
		if f := w.Order[i].fit(d); f > fit {
			place, fit = i, f
		}
	}
	return place
}

// ages lists the ages in the order in which they are taken up where instalments are paid one by one.
func (w *Waterfall) ages() (list []Age) {
	list = make([]Age, 0, AgeInAdvance)
	add := func(a Age) {
		if !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	for _, b := range w.Order {
		if b.Age != 0 {
			add(b.Age)
			continue
		}
		add(AgePastDue)
		add(AgeDue)
		add(AgeInAdvance)
	}
	return list
}

// Allocate takes a payment of minor units up by what is owed, listed by instalments from the oldest
// on. It appends the parts to dst, in the order in which they were paid, and returns what is left
// over. Parts plus rest are the payment exactly; no part is above its debt. A debt below zero counts
// as zero, and one that the order does not name is never paid: ask [Waterfall.Check] first.
func (w Waterfall) Allocate(dst []Allocation, debts []Debt, minor int64) (parts []Allocation, rest int64) {
	f := newFlow(&w, dst, debts, minor)
	if w.ByBucket {
		for place := range w.Order {
			for _, a := range [...]Age{AgePastDue, AgeDue, AgeInAdvance} {
				if b := &w.Order[place]; b.Age == 0 || b.Age == a {
					f.pour(a, bit(place))
				}
			}
		}
		return f.parts, f.rest
	}
	for _, a := range w.ages() {
		f.pour(a, ^uint64(0))
	}
	return f.parts, f.rest
}

func (w Waterfall) clone() Waterfall {
	w.Order = slices.Clone(w.Order)
	return w
}

func (w *Waterfall) code(c *event.Codec) {
	event.List(c, &w.Order, func(c *event.Codec, b *Bucket) { b.code(c) })
	c.Bool(&w.ByBucket)
	event.Enum(c, &w.Advance)
}
