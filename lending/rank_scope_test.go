package lending_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// rankScope explores what may happen to a loan of three units from two lenders in three instalments whose
// claims are ranked.
type rankScope struct {
	t     *testing.T
	id    lending.LoanID
	seen  map[string]bool
	taken []int
	acts  []func(*world, *lending.Loan) error
}

// From lots on a par and from ranked ones, every order of putting claims behind others, sales at their rank or a later one, payments of a unit, of what is
// due and of all, payments taken back, due dates and a write-off, to a depth of four: after each step the books
// and invariants hold, and no senior lot misses what a junior one has.
func TestRanksInSmallScope(t *testing.T) {
	depth := 4
	if runs() < 100 {
		depth = 3
	}
	w := newWorld(t, lending.Config{})
	k := keep(w, nil)
	w.register("ann", "bob", "eve")
	p := standard()
	p.MinAmount, p.Tender.MinBid, p.MaxRate = amt(1, cny), amt(1, cny), schedule.MustRate("1200% per year")
	p.Method, p.Late.GraceDays, p.Fees = schedule.MethodEqualPrincipal, 0, nil
	p.Transfers.ByRank, p.Transfers.Overdue = true, true
	id := w.lent(p, 3, 3, "1200% per year", "bob", "eve")
	w.deposit("ann", amt(100, cny))
	s := &rankScope{t: t, id: id, seen: map[string]bool{}}
	s.acts = s.actions()
	s.taken = make([]int, len(s.acts))
	behind := *w
	front := []place{{w, k}, {&behind, keep(&behind, k.commits)}}
	require.NoError(t, s.acts[0](&behind, behind.loan(id)))
	for n := range depth {
		var next []place
		for _, at := range front {
			next = append(next, s.from(at, n < 3)...)
		}
		front = next
	}
	for i, n := range s.taken {
		require.True(t, n > 0 || depth < 4, "action %d was never taken", i)
	}
	t.Logf("%d states, %d new ones at depth %d", len(s.seen), len(front), depth)
}

func (s *rankScope) from(at place, books bool) (list []place) {
	var w *world
	var k *kept
	for i, act := range s.acts {
		if w == nil {
			copied := *at.w
			w = &copied
			k = keep(w, at.k.commits)
		}
		if act(w, w.loan(s.id)) != nil {
			continue
		}
		s.taken[i]++
		l := w.loan(s.id)
		if key := fmt.Sprint(w.day, l.State, l.Lots, l.Dues, len(l.History)); !s.seen[key] {
			s.seen[key] = true
			s.holds(l)
			if books {
				w.reports()
			}
			list = append(list, place{w, k})
		}
		w = nil
	}
	return list
}

func (s *rankScope) holds(l *lending.Loan) {
	require.NoError(s.t, l.Check())
	var left int64
	for _, x := range l.Lots {
		require.LessOrEqual(s.t, x.Paid[lending.Principal], x.Units)
		left += x.Units - x.Paid[lending.Principal]
	}
	require.Equal(s.t, l.Outstanding().Minor(), left)
	if l.Drift == (lending.Components{}) {
		seniorsFirst(s.t, l)
	}
}

func (s *rankScope) actions() []func(*world, *lending.Loan) error {
	repay := func(w *world, minor int64) error {
		return try(w, party("ann"), lending.Repay{Loan: s.id, Amount: amt(minor, cny)})
	}
	sale := func(lot int, whole bool, later int) func(*world, *lending.Loan) error {
		return func(w *world, l *lending.Loan) error {
			x := l.Lots[lot]
			a := lending.Assignment{Lot: lot, Units: 1, Rank: x.Rank + later, To: "eve"}
			if whole {
				a.Units = x.Units
			}
			if x.Holder == "eve" {
				a.To = "bob"
			}
			return try(w, officer, sell{s.id, a})
		}
	}
	return []func(*world, *lending.Loan) error{
		func(w *world, l *lending.Loan) error {
			return try(w, party(l.Lots[0].Holder), lending.Subordinate{Loan: s.id, Lot: 0, Rank: 1})
		},
		sale(1, false, 0), sale(1, false, 1), sale(0, true, 0),
		func(w *world, _ *lending.Loan) error { return repay(w, 1) },
		func(w *world, l *lending.Loan) error {
			due, err := l.DueOn(w.day)
			require.NoError(w.t, err)
			return repay(w, due.Minor())
		},
		func(w *world, _ *lending.Loan) error { return try(w, party("ann"), lending.PayOff{Loan: s.id}) },
		func(w *world, _ *lending.Loan) error {
			return try(w, officer, lending.ReversePayment{Loan: s.id, Reason: "bounced"})
		},
		func(w *world, l *lending.Loan) error {
			for i := range l.Dues {
				if l.Dues[i].Date.After(w.day) {
					w.day = l.Dues[i].Date
					return nil
				}
			}
			w.day = w.day.AddDays(1)
			return nil
		},
		func(w *world, _ *lending.Loan) error {
			return try(w, officer, lending.WriteOff{Loan: s.id, Reason: "lost"})
		},
	}
}
