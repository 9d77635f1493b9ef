package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
)

// kept is a store that remembers its commits, so that a world can be copied.
type kept struct {
	*memory.Store
	commits []event.Commit
}

func (k *kept) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	r, err := k.Store.Commit(ctx, c)
	if err == nil {
		k.commits = append(k.commits, c)
	}
	return r, err
}

// keep puts a world on a store that remembers.
func keep(w *world, commits []event.Commit) *kept {
	k := &kept{Store: memory.NewStore()}
	w.store = k.Store
	for _, c := range commits {
		_, err := k.Commit(context.Background(), c)
		require.NoError(w.t, err)
	}
	var err error
	w.desk, err = lending.Open(lending.Config{Store: k, Gateway: w.bank})
	require.NoError(w.t, err)
	return k
}

// scope explores what may happen to a loan of three units from two lenders in three instalments.
type scope struct {
	t     *testing.T
	id    lending.LoanID
	seen  map[string]bool
	taken []int // how often each action was taken
}

type place struct {
	w *world
	k *kept
}

// Every order of sales by amount and by term, payments of a unit, of what is due and of all, and due
// dates, to a depth of seven: after each step every instalment has one owner for each of its units,
// and the books agree.
func TestClaimsInSmallScope(t *testing.T) {
	depth := 7
	if runs() < 100 {
		depth = 4
	}
	w := newWorld(t, lending.Config{})
	k := keep(w, nil)
	w.register("ann", "bob", "eve")
	p := standard()
	p.MinAmount, p.Tender.MinBid, p.MaxRate = amt(1, cny), amt(1, cny), schedule.MustRate("1200% per year")
	p.Method, p.Late.GraceDays, p.Fees, p.Transfers.ByTerm = schedule.MethodEqualPrincipal, 0, nil, true
	id := w.lent(p, 3, 3, "1200% per year", "bob", "eve")
	w.deposit("ann", amt(100, cny))
	s := &scope{t: t, id: id, seen: map[string]bool{}}
	front := []place{{w, k}}
	for n := range depth {
		var next []place
		for _, at := range front {
			next = append(next, s.from(at, n < 5)...)
		}
		front = next
	}
	for i, n := range s.taken {
		require.Positive(t, n, "action %d was never taken", i)
	}
	t.Logf("%d states, %d new ones at depth %d", len(s.seen), len(front), depth)
}

// from lists the new places to which actions lead from one. What is refused changes nothing, so that the
// copy serves for the next action.
func (s *scope) from(at place, checks bool) (list []place) {
	acts := s.actions()
	s.taken = append(s.taken, make([]int, len(acts)-len(s.taken))...)
	if at.w.loan(s.id).State != lending.StateActive {
		return nil
	}
	var w *world
	var k *kept
	for i, act := range acts {
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
		require.NoError(s.t, l.Check())
		owned(s.t, l)
		if key := fmt.Sprint(w.day, l.State, l.Lots, l.Dues); !s.seen[key] {
			s.seen[key] = true
			if checks {
				w.reports()
			}
			list = append(list, place{w, k})
		}
		w = nil
	}
	return list
}

func (s *scope) actions() []func(*world, *lending.Loan) error {
	sale := func(last bool, units int64, span lending.Span) func(*world, *lending.Loan) error {
		return func(w *world, l *lending.Loan) error {
			a := lending.Assignment{Units: units, Span: span, To: "eve"}
			if last {
				a.Lot = len(l.Lots) - 1
			}
			if units == 0 {
				a.Units = l.Lots[a.Lot].Units
			}
			if l.Lots[a.Lot].Holder == "eve" {
				a.To = "bob"
			}
			return try(w, officer, sell{s.id, a})
		}
	}
	return []func(*world, *lending.Loan) error{
		sale(false, 1, lending.Span{}), sale(true, 0, lending.Span{}), sale(false, 0, lending.Span{From: 1, To: 2}),
		sale(true, 0, lending.Span{From: 2}), sale(true, 0, lending.Span{To: 1}),
		func(w *world, _ *lending.Loan) error {
			return try(w, party("ann"), lending.Repay{Loan: s.id, Amount: amt(1, cny)})
		},
		func(w *world, l *lending.Loan) error {
			due, err := l.DueOn(w.day)
			require.NoError(w.t, err)
			return try(w, party("ann"), lending.Repay{Loan: s.id, Amount: due})
		},
		func(w *world, l *lending.Loan) error {
			for i := range l.Dues {
				if l.Dues[i].Date.After(w.day) {
					w.day = l.Dues[i].Date
					return nil
				}
			}
			return lending.ErrState
		},
		func(w *world, _ *lending.Loan) error { return try(w, party("ann"), lending.PayOff{Loan: s.id}) },
	}
}

// owned sees that each unit of interest-bearing principal has one owner for each instalment.
func owned(t require.TestingT, l *lending.Loan) {
	for i := range l.Dues {
		var units, principal int64
		for _, x := range l.Lots {
			if !x.Span.Has(i) {
				continue
			}
			if principal += x.Units; l.Divided() {
				units += x.Bears
			} else {
				units += x.Units
			}
		}
		require.Equal(t, l.Amount.Minor(), units, "instalment %d", i)
		require.GreaterOrEqual(t, principal, l.Dues[i].Owed[lending.Principal]-l.Dues[i].Again[lending.Principal])
	}
}
