package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

// counting is a store that counts how often a command folds a stream. A second time means that a
// decision wrote before it had asked for everything: all that it wrote was thrown away and read again.
type counting struct {
	*memory.Store
	loads map[event.Cursor]int
	again []string
}

// Find begins a command.
func (s *counting) Find(ctx context.Context, key string) (event.Receipt, event.Hash, error) {
	s.loads = map[event.Cursor]int{}
	return s.Store.Find(ctx, key)
}

// Commit ends it: what is loaded until the next one is for looking at.
func (s *counting) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	s.loads = nil
	return s.Store.Commit(ctx, c)
}

func (s *counting) Load(ctx context.Context, at ...event.Cursor) ([]event.Slice, error) {
	slices, err := s.Store.Load(ctx, at...)
	for i, sl := range slices {
		if s.loads == nil {
			break
		}
		if s.loads[at[i]]++; len(sl.Records) > 0 && s.loads[at[i]] > 1 {
			s.again = append(s.again, fmt.Sprintf("%v", at[i]))
		}
	}
	return slices, err
}

// TestNothingIsReadTwice lives through a loan with every fee: what moves money to its lenders folds
// each wallet once, whether it is paid at once or in chunks.
func TestNothingIsReadTwice(t *testing.T) {
	for _, chunk := range []int{2, 50} {
		w := newWorld(t, lending.Config{})
		store := &counting{Store: w.store}
		var err error
		w.desk, err = lending.Open(lending.Config{Store: store, Gateway: w.bank, Chunk: chunk, States: -1})
		require.NoError(t, err)
		once := func(what string, f func()) {
			t.Helper()
			store.again = nil
			f()
			require.Empty(t, store.again, "%s, chunks of %d", what, chunk)
		}
		w.register("ann", "bob", "eve", "dan")
		id := w.lent(rich(), 300_000, 6, "12% per year", "bob", "eve", "dan")
		w.deposit("ann", amt(1_000_000, cny))
		repay := func() {
			due, err := w.loan(id).DueOn(w.day)
			require.NoError(t, err)
			do(w, party("ann"), lending.Repay{Loan: id, Amount: due})
			w.deliver()
		}
		w.day = civil.MustParse("2026-02-28")
		once("repaid in time", repay)
		w.day = civil.MustParse("2026-04-10")
		once("repaid late", repay)
		once("withdrawn", func() { do(w, party("bob"), lending.Withdraw{Amount: amt(100, cny)}) })
		w.day = civil.MustParse("2026-06-30")
		once("written off", func() {
			do(w, officer, lending.WriteOff{Loan: id, Reason: "gone"})
			w.deliver()
		})
		once("recovered", func() {
			do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(10_000, cny)})
			w.deliver()
		})
	}
}
