package lending_test

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// plainQueue is automatic bidding as one would say it: a slice whose tail is appended to, and the
// largest bid that breaks no rule, found by trying every one.
type plainQueue struct {
	rules lending.QueueRules
	line  []lending.Mandate
}

// plainRound is what a plain queue made of a listing.
type plainRound struct {
	bids    []lending.AutoBid
	skipped []lending.Skipped
	last    lending.MandateID
}

func (q *plainQueue) off(id lending.MandateID) {
	q.line = slices.DeleteFunc(q.line, func(m lending.Mandate) bool { return m.ID == id })
}

// fill fills a listing and moves the queue on.
func (q *plainQueue) fill(w lending.Wanted, on civil.Date, purse func(lending.PartyID) lending.Purse) plainRound {
	var r plainRound
	var kept, tail []lending.Mandate
	for i := range q.line {
		if !q.anybody(w) {
			kept = append(kept, q.line[i:]...)
			break
		}
		m := &q.line[i]
		r.last = m.ID
		n, why := q.bid(w, m, purse(m.Lender), on)
		if n > 0 {
			r.bids = append(r.bids, lending.AutoBid{Mandate: m.ID, Lender: m.Lender, Minor: n})
			w.Raised, w.Lenders = w.Raised+n, w.Lenders+1
		} else {
			r.skipped = append(r.skipped, lending.Skipped{Mandate: m.ID, Why: why})
		}
		if n > 0 || q.rules.Turns == lending.EveryTurnCounts {
			tail = append(tail, *m)
		} else {
			kept = append(kept, *m)
		}
	}
	q.line = append(kept, tail...)
	return r
}

// allows reports whether the market and the tender allow a bid of n.
func (q *plainQueue) allows(w lending.Wanted, n int64) bool {
	rest := w.Amount - w.Raised
	stepwise := n >= w.MinBid && (w.Increment == 0 || (n-w.MinBid)%w.Increment == 0)
	tail := n < rest && rest-n < w.MinBid
	return n >= 1 && n <= rest && (n == rest && !w.Stepped || stepwise) && w.Lenders < lending.MaxLots &&
		!(w.NoTail && tail) && (w.MaxPerLender == 0 || n <= w.MaxPerLender) &&
		(rest-n)*lending.Million >= w.Amount*q.rules.ManualPPM && (w.MaxBid == 0 || n <= w.MaxBid) &&
		(q.rules.BidPPM == 0 || n*lending.Million <= w.Amount*q.rules.BidPPM)
}

// anybody reports whether any bid at all is still allowed.
func (q *plainQueue) anybody(w lending.Wanted) bool {
	for n := int64(1); n <= w.Amount-w.Raised; n++ {
		if q.allows(w, n) {
			return true
		}
	}
	return false
}

// bid tries every bid from the largest down.
func (q *plainQueue) bid(w lending.Wanted, m *lending.Mandate, p lending.Purse, on civil.Date) (int64, lending.Skip) {
	if why := unfit(w, m, p, on); why != 0 && why < lending.SkipOnce {
		return 0, why
	}
	if n, why := q.largest(w, m, bounds(q.rules, w, m, nil)); n == 0 {
		return 0, why
	}
	if why := unfit(w, m, p, on); why != 0 {
		return 0, why
	}
	return q.largest(w, m, bounds(q.rules, w, m, &p))
}

func (q *plainQueue) largest(w lending.Wanted, m *lending.Mandate, bs []bound) (int64, lending.Skip) {
	for n := w.Amount; n >= m.Min; n-- {
		ok := q.allows(w, n)
		for _, b := range bs {
			ok = ok && b.holds(n)
		}
		if ok {
			return n, 0
		}
	}
	for top := int64(far); ; top-- { // down to the smallest bid that breaks each bound
		for i := len(bs) - 1; i >= 0; i-- {
			if !bs[i].holds(top) {
				bs[i].top = top
			}
		}
		if top == -far {
			break
		}
	}
	tight := bs[0]
	for _, b := range bs {
		if b.top < tight.top {
			tight = b
		}
	}
	return 0, tight.by
}

// far is beyond every figure that the plain queue is asked about.
const far = 250

// bound is a condition on a bid. Top is the smallest bid seen to break it.
type bound struct {
	by    lending.Skip
	holds func(n int64) bool
	top   int64
}

// bounds lists the conditions on a bid in the order of their reasons; without a purse, those that
// do not look at one.
func bounds(r lending.QueueRules, w lending.Wanted, m *lending.Mandate, p *lending.Purse) []bound {
	bs := []bound{
		{by: lending.SkipSize, holds: func(n int64) bool { return n <= m.Max }},
		{by: lending.SkipRoom, holds: func(n int64) bool {
			return (w.Amount-w.Raised-n)*lending.Million >= w.Amount*r.ManualPPM
		}},
		{by: lending.SkipShare, holds: func(n int64) bool {
			return (w.MaxBid == 0 || n <= w.MaxBid) && (w.MaxPerLender == 0 || n <= w.MaxPerLender) && (r.BidPPM == 0 || n*lending.Million <= w.Amount*r.BidPPM) &&
				(m.LoanPPM == 0 || n*lending.Million <= w.Amount*m.LoanPPM)
		}},
	}
	if p != nil {
		gradeCap := int64(0)
		for _, g := range m.PerGrade {
			if g.Grade == w.Grade {
				gradeCap = g.Minor
			}
		}
		under := func(limit, has int64) func(int64) bool {
			return func(n int64) bool { return limit == 0 || has+n <= limit }
		}
		spare := max(p.Free-m.Retain, 0)
		bs = append(bs,
			bound{by: lending.SkipFunds, holds: func(n int64) bool { return n <= spare }},
			bound{by: lending.SkipBorrowerCap, holds: under(m.PerBorrower, p.Borrower)},
			bound{by: lending.SkipGradeCap, holds: under(gradeCap, p.Grade)},
			bound{by: lending.SkipTotalCap, holds: under(m.Total, p.Total)},
			bound{by: lending.SkipSpread, holds: func(n int64) bool {
				return m.Spread <= 1 || n*int64(m.Spread) <= spare+p.Total
			}})
	}
	for i := range bs {
		bs[i].top = far + 1
	}
	return bs
}

// unfit says why a mandate does not take a listing, whatever the amount.
func unfit(w lending.Wanted, m *lending.Mandate, p lending.Purse, on civil.Date) lending.Skip {
	f := &m.Takes
	basis := max(f.MinRate.Basis(), f.MaxRate.Basis())
	someCover := slices.ContainsFunc(f.Covers, func(c lending.Code) bool { return slices.Contains(w.Covers, c) })
	switch {
	case w.Amount < f.MinAmount || f.MaxAmount > 0 && w.Amount > f.MaxAmount:
		return lending.SkipAmount
	case basis != 0 && basis != w.Rate.Basis(), !f.MinRate.IsZero() && w.Rate.Pico() < f.MinRate.Pico(),
		!f.MaxRate.IsZero() && w.Rate.Pico() > f.MaxRate.Pico():
		return lending.SkipRate
	case w.Months < f.MinMonths || f.MaxMonths > 0 && w.Months > f.MaxMonths:
		return lending.SkipTerm
	case len(f.Grades) > 0 && !slices.Contains(f.Grades, w.Grade):
		return lending.SkipGrade
	case len(f.Products) > 0 && !slices.Contains(f.Products, w.Product):
		return lending.SkipProduct
	case f.Covered && len(w.Covers) == 0 || len(f.Covers) > 0 && !someCover:
		return lending.SkipCover
	case m.Lender == w.Borrower:
		return lending.SkipOwn
	case on.Before(m.From) || !m.Until.IsZero() && on.After(m.Until):
		return lending.SkipDates
	case p.Here > 0:
		return lending.SkipOnce
	case p.Barred:
		return lending.SkipBarred
	case p.Debtor:
		return lending.SkipDebtor
	case p.Borrowed > 0:
		return lending.SkipBorrowed
	}
	return 0
}
