package lending_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// followAll reads on from a position to the end, so many records at a time.
func (w *world) followAll(after event.Position, limit int) (all []lending.Happening, ends []event.Position) {
	for {
		hs, next, err := w.desk.Follow(context.Background(), after, limit)
		require.NoError(w.t, err)
		if len(hs) == 0 {
			return all, ends
		}
		require.LessOrEqual(w.t, len(hs), limit)
		all, after = append(all, hs...), next
		for range hs {
			ends = append(ends, next)
		}
	}
}

// Every event and entry comes once, in order, with the command behind it; from every position on
// comes the same rest, whatever the limit.
func TestFollowFromPositions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	all, ends := w.followAll(0, 1)
	whole, _ := w.followAll(0, 1000)
	same := func(a, b lending.Happening) bool { return reflect.DeepEqual(a, b) }
	require.True(t, slices.EqualFunc(whole, all, same))
	for i, pos := range ends {
		if i%3 != 0 || raced && i%64 != 0 {
			continue
		}
		rest, _ := w.followAll(pos, 97)
		require.True(t, slices.EqualFunc(all[i+1:], rest, same), "from %d", pos)
	}
	type place struct {
		s event.Stream
		v event.Version
	}
	seen := map[place]lending.Happening{}
	for _, h := range all {
		_, twice := seen[place{h.Stream, h.Version}]
		require.False(t, twice)
		seen[place{h.Stream, h.Version}] = h
		require.True(t, h.Event != nil || h.Stream.Kind == "market", "%s %s", h.Stream, h.Record.Type)
		require.NotEmpty(t, h.Key)
		require.NotEmpty(t, h.Order.Actor.ID)
		require.False(t, h.Order.On.IsZero())
	}
	records, orders := 0, 0
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(t, err)
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if records++; c.Record.Type == "~order" {
				orders++
				continue
			}
			require.Empty(t, cmp.Diff(c.Record, seen[place{c.Stream, c.At}].Record))
		}
		pos = next
	}
	require.Equal(t, records-orders, len(all))
	past, pos, err := w.desk.Follow(context.Background(), 1<<40, 5)
	require.NoError(t, err)
	require.Empty(t, past)
	require.Equal(t, event.Position(1<<40), pos)
}

// A happening tells who gave the command and who approved; what a desk does not know is passed on
// as it is, and a store without a feed has nothing to follow.
func TestFollowTellsWho(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	bare, err := lending.Open(lending.Config{Store: w.store, Gateway: w.bank})
	require.NoError(t, err)
	raw, off := 0, 0
	for pos := event.Position(0); ; {
		hs, next, err := bare.Follow(context.Background(), pos, 100)
		require.NoError(t, err)
		if len(hs) == 0 {
			break
		}
		for _, h := range hs {
			if h.Event == nil {
				require.Contains(t, []string{"pot", "market"}, h.Stream.Kind)
				require.NotEmpty(t, h.Record.Data)
				raw++
			}
			if e, ok := h.Event.(lending.LoanWrittenOff); ok {
				require.Equal(t, lending.Order{On: e.On, Actor: officer, Approver: chief}, h.Order)
				off++
			}
		}
		pos = next
	}
	require.Positive(t, raw)
	require.Equal(t, 1, off)
	blind, err := lending.Open(lending.Config{Store: struct{ event.Store }{w.store}})
	require.NoError(t, err)
	_, _, err = blind.Follow(context.Background(), 0, 1)
	require.ErrorIs(t, err, lending.ErrConfig)
}

// A statement and a read model of the host, built from happenings alone, equal the reports.
func TestFollowersEqualReports(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	all, _ := w.followAll(0, 17)
	balances := map[ledger.Account]int64{} // a read model: the books by account
	loans := map[string]*lending.Loan{}    // another: loans as they stand
	wallet, lines := int64(0), 0           // a statement of bob's free balance
	for _, h := range all {
		switch e := h.Event.(type) {
		case ledger.Entry:
			require.Equal(t, h.Order.On, e.On)
			for _, l := range e.Legs {
				balances[l.Account] += l.Debit
			}
		case event.Of[lending.Loan]:
			if loans[h.Stream.ID] == nil {
				loans[h.Stream.ID] = new(lending.Loan)
			}
			e.Apply(loans[h.Stream.ID])
		case lending.Moved:
			if h.Stream == lending.WalletRef("bob", cny).Stream() && e.Available != 0 {
				wallet += e.Available
				lines++
			}
		}
	}
	r := w.reports()
	for b := ledger.Client; b <= ledger.Register; b++ {
		for _, line := range r.TrialBalance(b) {
			require.Equal(t, line.Debit, balances[line.Account], line.Account.String())
			delete(balances, line.Account)
		}
	}
	for a, n := range balances {
		require.Zero(t, n, a.String())
	}
	for _, id := range r.Loans() {
		require.Empty(t, cmp.Diff(r.Loan(id), loans[string(id)], exported))
	}
	require.Equal(t, r.Portfolio("bob", cny).Available.Minor(), wallet)
	require.Positive(t, lines)
}

// A notifier that is stopped anywhere and started again at the position it kept tells each lender
// once of each bid.
func ExampleDesk_Follow() {
	w := newWorld(panics{}, lending.Config{})
	w.register("ann", "bob", "eve")
	w.lent(standard(), 100_000, 2, "12% per year", "bob", "eve")

	pos := event.Position(0)
	for {
		hs, next, err := w.desk.Follow(context.Background(), pos, 10)
		if err != nil || len(hs) == 0 {
			break
		}
		for _, h := range hs {
			if bid, ok := h.Event.(lending.BidPlaced); ok {
				fmt.Printf("%s: your bid of %s was taken on %s\n", bid.Lender, bid.Accepted, h.Order.On)
			}
		}
		pos = next // keep it in the transaction that keeps the messages
	}
	// Output:
	// bob: your bid of CNY 500.00 was taken on 2026-01-31
	// eve: your bid of CNY 500.00 was taken on 2026-01-31
}

// While others commit, a follower loses nothing and sees nothing twice.
func TestFollowWhileOthersCommit(t *testing.T) {
	w := newWorld(t, lending.Config{})
	const writers, each = 4, 50
	for i := range writers {
		w.register(lending.PartyID(fmt.Sprintf("w%d", i)))
	}
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			for n := range each {
				m := lending.Meta{Key: fmt.Sprintf("w%d/%d", i, n), Actor: bank, On: w.day}
				c := lending.Deposit{Party: lending.PartyID(fmt.Sprintf("w%d", i)), Amount: amt(1, cny)}
				if _, err := lending.Do(context.Background(), w.desk, m, c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	got, pos, last := map[string]int{}, event.Position(0), false
	for {
		hs, next, err := w.desk.Follow(context.Background(), pos, 3)
		require.NoError(t, err)
		for _, h := range hs {
			if _, ok := h.Event.(lending.MoneyReceived); ok {
				got[h.Key]++
			}
		}
		if pos = next; len(hs) > 0 {
			continue
		}
		if last {
			break
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
	require.Len(t, got, writers*each)
	for key, n := range got {
		require.Equal(t, 1, n, key)
	}
}
