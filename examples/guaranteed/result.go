package main

import (
	"fmt"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// purses are what everybody has in the end more than he put in, in minor units.
//
// Invariant: they sum to zero.
type purses struct {
	Borrowers int64 // what they got less what they paid
	Lenders   int64
	Backers   int64 // who stood in, but for the platform
	Platform  int64 // income less expense, and what the guarantor has that is the platform itself
}

// less is what everybody has less than in another run: his loss. Of borrowers it is what they did not pay,
// below zero.
func (p purses) less(q purses) purses {
	return purses{q.Borrowers - p.Borrowers, q.Lenders - p.Lenders, q.Backers - p.Backers, q.Platform - p.Platform}
}

// result is how the year went under a model.
type result struct {
	model   model
	end     purses
	loss    purses // against a year in which all pay
	worst   int64  // what the unluckiest lender has in the end
	missed  int64  // of what was due to lenders, at the end of the worst week
	outcome string
}

// result draws up the figures, and holds the books against each other.
func (s *state) result(m model) (result, error) {
	r := result{model: m, missed: s.missed, outcome: s.outcome(m)}
	for i, id := range s.loans {
		r.end.Borrowers += s.Loan(id).PaidOut + s.Gain(borrower(i))
	}
	for i := range lenders {
		gain := s.Gain(lender(i))
		if r.end.Lenders += gain; i == 0 || gain < r.worst {
			r.worst = gain
		}
	}
	backers := &r.end.Backers
	if m.own() {
		backers = &r.end.Platform
	}
	for _, p := range []lending.PartyID{guarantor, fund, originator} {
		*backers += s.Gain(p)
	}
	books, err := s.Books()
	if err != nil {
		return r, err
	}
	for _, line := range books.Income(cny) {
		r.end.Platform += line.Amount.Minor()
	}
	for _, line := range books.Expenses(cny) {
		r.end.Platform -= line.Amount.Minor()
	}
	if e := r.end; e.Borrowers+e.Lenders+e.Backers+e.Platform != 0 {
		return r, fmt.Errorf("money is not conserved: %+v", e)
	}
	return r, nil
}

// miss notes what lenders miss of what was due to them.
func (s *state) miss(fates []fate) {
	var sum int64
	for i, f := range fates {
		if !f.defaults() {
			continue
		}
		l := s.Loan(s.loans[i])
		for k := range l.Dues {
			if c := l.Dues[k].Missing(); l.Dues[k].Date.Before(s.Day) && !bought(l) {
				sum += c[lending.Interest] + c[lending.Principal]
			}
		}
	}
	s.missed = max(s.missed, sum)
}

// bought reports whether the originator has bought a loan back: it misses the rest itself.
func bought(l *lending.Loan) bool {
	for i := range l.Lots {
		if l.Lots[i].Holder != originator {
			return false
		}
	}
	return len(l.Lots) > 0
}

// outcome says how it went for who stood in.
func (s *state) outcome(m model) string {
	switch {
	case m.act == nil && len(m.covers) == 0:
		return "the loss stays where it falls"
	case m.act == nil:
		f := desk.See(s.Desk, guarantee.FundRef(fund))
		if f.Exhausted {
			return fmt.Sprintf("empty, owing %s", plain(f.Queue.Total()))
		}
	case s.Put(originator) > 0:
		if o := desk.See(s.Desk, guarantee.OriginatorRef(originator)); o.State == guarantee.Defaulted {
			return fmt.Sprintf("in default since %s, owing %s", o.Ended, plain(o.Lapsed))
		}
	default:
		if g := desk.See(s.Desk, guarantee.GuarantorRef(guarantor)); g.State == guarantee.Defaulted {
			return fmt.Sprintf("in default since %s, owing %s", g.Ended, plain(g.Lapsed))
		}
	}
	return "paid all that was asked"
}
