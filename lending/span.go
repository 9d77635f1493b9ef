package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// Span is a half-open range of instalments [From, To), by their places in [Loan.Dues]. To at zero is
// the end, however many there come to be: the zero span is all of them.
type Span struct{ From, To int }

// Has reports whether an instalment is in the span.
func (s Span) Has(instalment int) bool {
	return instalment >= s.From && (s.To == 0 || instalment < s.To)
}

func (s *Span) code(c *event.Codec) {
	c.Count(&s.From)
	c.Count(&s.To)
}

// tranche is a part of a loan's claims: a span of instalments, or a rank.
type tranche struct {
	Span
	rank int
}

// pool is a tranche with the lots among which is shared what it gets.
type pool struct {
	tranche
	lots []int // in their order
}

// Divided reports whether the loan's claims are divided by term (期限拆分): every lot is of a span then.
func (l *Loan) Divided() bool { return len(l.Lots) > 0 && l.Lots[0].Span != (Span{}) }

// whole refuses a new plan while claims are divided by term.
func (l *Loan) whole() error {
	if l.Divided() {
		return &Error{ErrState, "loan " + string(l.ID),
			"its claims are divided by term, and its plan is not made anew: pay it off, or pay instalments ahead"}
	}
	return nil
}

// pools lists the tranches that the lots divide the loan into, by term, or by rank, the first in rank first.
func (l *Loan) pools() (list []pool) {
	if !l.Divided() && !l.Ranked() {
		return []pool{{lots: upTo(len(l.Lots))}}
	}
	for i := range l.Lots {
		t := l.Lots[i].tranche()
		k := slices.IndexFunc(list, func(p pool) bool { return p.tranche == t })
		if k < 0 {
			k, list = len(list), append(list, pool{tranche: t})
		}
		list[k].lots = append(list[k].lots, i)
	}
	slices.SortFunc(list, func(p, q pool) int { return cmp.Or(p.From-q.From, p.rank-q.rank) })
	return list
}

// poolOf is the pool of a lot.
func (l *Loan) poolOf(lot int) pool {
	list := l.pools()
	return list[slices.IndexFunc(list, func(p pool) bool { return slices.Contains(p.lots, lot) })]
}

func (x *Lot) tranche() tranche { return tranche{x.Span, x.Rank} }

// span is that of the claims to which an instalment belongs.
func (l *Loan) span(instalment int) Span {
	if l.Divided() {
		for i := range l.Lots {
			if s := l.Lots[i].Span; s.Has(instalment) {
				return s
			}
		}
	}
	return Span{}
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// weight is the lot's share in a component: principal is shared by Units, interest by units and weight,
// charges by units.
func (x *Lot) weight(c Component) int64 {
	units := x.Units
	if x.Bears != 0 && c != Principal {
		units = x.Bears
	}
	if c == Interest {
		units *= x.Weight
	}
	return units
}

// weights returns the shares of a pool's lots in a component, and their sum.
func (l *Loan) weights(p *pool, c Component) (ws []int64, sum int64) {
	ws = make([]int64, len(p.lots))
	for n, i := range p.lots {
		ws[n] = l.Lots[i].weight(c)
		sum += ws[n]
	}
	return ws, sum
}

// paid returns what each lot of a pool was paid of a component, and the sum.
func (l *Loan) paid(p *pool, c Component) (ps []int64, sum int64) {
	ps = make([]int64, len(p.lots))
	for n, i := range p.lots {
		ps[n] = l.Lots[i].Paid[c]
		sum += ps[n]
	}
	return ps, sum
}
