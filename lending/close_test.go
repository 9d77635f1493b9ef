package lending_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// booked is a world in which money moved on two days.
func booked(t *testing.T, cfg lending.Config) (w *world, first civil.Date) {
	w = newWorld(t, cfg)
	w.register("ann", "bob", "eve")
	w.lent(rich(), 300_000, 3, "12% per year", "bob", "eve")
	first = w.day
	w.day = w.day.AddDays(10)
	w.deposit("ann", amt(5000, cny))
	return w, first
}

func (w *world) close(through civil.Date, carry ...lending.MatterKind) (lending.PeriodClosed, error) {
	return w.desk.ClosePeriod(context.Background(), w.meta(officer), through, carry...)
}

func TestClosedPeriodTakesNoEntry(t *testing.T) {
	w, first := booked(t, lending.Config{})
	closed, err := w.close(first)
	require.NoError(t, err)
	today := w.day

	w.day = first
	records := w.feed()
	for name, err := range map[string]error{
		"a deposit":  try(w, bank, lending.Deposit{Party: "bob", Amount: amt(1, cny)}),
		"a payment":  try(w, party("ann"), lending.Repay{Loan: w.reports().Loans()[0], Amount: amt(1, cny)}),
		"one's cash": try(w, party("ann"), lending.Withdraw{Amount: amt(1, cny)}),
	} {
		require.ErrorIs(t, err, lending.ErrClosed, name)
		require.Equal(t, lending.ClassRefused, lending.ClassOf(err), name)
		require.Equal(t, "period-closed", lending.CodeOf(err), name)
	}
	require.Equal(t, records, w.feed(), "a refusal writes nothing")
	do(w, officer, lending.Freeze{Party: "eve"}) // moves no money

	w.day = first.AddDays(1)
	w.deposit("bob", amt(1, cny))
	w.day = today
	require.NoError(t, w.desk.VerifyClose(context.Background(), first))

	trial, err := w.desk.Trial(context.Background(), first)
	require.NoError(t, err)
	require.Equal(t, closed.Totals, trial.Totals())
	require.Zero(t, trial.Ledger().Balance(ledger.Available("ann"), cny), "later entries do not count")
}

// Whoever is at it at the same time either has his entry in the close or is refused.
func TestCloseRacesWithEntries(t *testing.T) {
	w, first := booked(t, lending.Config{})
	var posts sync.WaitGroup
	refused := make([]error, 8)
	for i := range refused {
		posts.Go(func() {
			for n := range 40 {
				m := lending.Meta{Key: fmt.Sprintf("race/%d/%d", i, n), Actor: bank, On: first}
				_, err := lending.Do(context.Background(), w.desk, m, lending.Deposit{Party: "bob", Amount: amt(1, cny)})
				if err != nil {
					refused[i] = err
					return
				}
			}
		})
	}
	_, err := w.close(first)
	posts.Wait()
	require.NoError(t, err)
	for _, err := range refused {
		if err != nil {
			require.ErrorIs(t, err, lending.ErrClosed)
		}
	}
	require.NoError(t, w.desk.VerifyClose(context.Background(), first))
	w.reports()
}

func TestUnfinishedMattersHoldUpAClose(t *testing.T) {
	w, _ := booked(t, lending.Config{Chunk: 1})
	in := do(w, party("ann"), lending.Withdraw{Amount: amt(5000, cny)}).Instruction
	on := w.day
	w.day = w.day.AddDays(1)
	_, err := w.close(on)
	require.ErrorIs(t, err, lending.ErrPending)
	var unfinished *lending.UnfinishedError
	require.ErrorAs(t, err, &unfinished)
	require.Equal(t, []lending.Matter{{Kind: lending.MatterTransit, Ref: ledger.Ref(in.ID), Amount: amt(5000, cny)}}, unfinished.Matters)
	w.day = on
	w.deposit("bob", amt(1, cny)) // nothing was locked
	w.day = on.AddDays(1)

	id := w.open(standard(), 1000, 1, "0% per year")
	for _, p := range []lending.PartyID{"bob", "eve"} {
		w.deposit(p, amt(500, cny))
		do(w, party(p), lending.PlaceBid{Loan: id, Amount: amt(500, cny)})
	}
	opened := do(w, officer, lending.ReviewFunding{Loan: id}).Payout
	late := w.day
	w.day = w.day.AddDays(1)
	_, err = w.close(late, lending.MatterTransit, lending.MatterPayout)
	require.ErrorAs(t, err, &unfinished)
	require.Equal(t, lending.Matter{Kind: lending.MatterPayout, Ref: ledger.Ref(opened), Amount: amt(1000, cny)}, unfinished.Matters[0])

	closed, err := w.close(on, lending.MatterTransit)
	require.NoError(t, err)
	require.Equal(t, ledger.Ref(in.ID), closed.Carried[0].Ref)
	w.deliver()
	_, err = w.close(late, lending.MatterTransit)
	require.NoError(t, err)
}

func TestReopeningTakesTwoAndLeavesATrace(t *testing.T) {
	w, first := booked(t, lending.Config{})
	m := w.meta(officer)
	was, err := w.desk.ClosePeriod(context.Background(), m, first)
	require.NoError(t, err)
	again, err := w.desk.ClosePeriod(context.Background(), m, first)
	require.NoError(t, err, "the same key has the same outcome")
	require.Equal(t, was, again)

	alone := w.meta(officer)
	alone.Approver = officer
	open := lending.ReopenPeriod{Reason: "late-invoice"}
	_, err = lending.Do(context.Background(), w.desk, alone, open)
	require.ErrorIs(t, err, lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, lending.ReopenPeriod{}), lending.ErrID)
	require.ErrorIs(t, try(w, officer, lending.ReopenPeriod{Locked: first, Reason: "x"}), lending.ErrState)
	require.ErrorIs(t, try(w, cashier, open), lending.ErrActor)
	ev := do(w, officer, open)
	require.Equal(t, lending.PeriodReopened{Was: first, Reason: "late-invoice", By: "olga", Approver: "chief"}, ev)
	require.ErrorIs(t, w.desk.VerifyClose(context.Background(), first), lending.ErrUnknown)

	today := w.day
	w.day = first
	w.deposit("bob", amt(1, cny))
	w.day = today
	anew, err := w.close(first)
	require.NoError(t, err)
	require.NotEqual(t, was.Hash, anew.Hash)
}

func TestCloseRefusals(t *testing.T) {
	w, first := booked(t, lending.Config{})
	total := func(k ledger.Kind, n int64) lending.Total {
		return lending.Total{Currency: cny, Kind: k, Debit: ledger.Sum{}.Add(n)}
	}
	good := []lending.Total{total(ledger.KindBank, 5), total(ledger.KindAvailable, -5)}
	require.ErrorIs(t, try(w, officer, lending.ClosePeriod{Through: first, Totals: good}), lending.ErrState)
	for want, c := range map[error]lending.LockPeriod{
		lending.ErrDate:  {Through: w.day},
		lending.ErrState: {Through: first.AddDays(-1)},
	} {
		if errors.Is(want, lending.ErrState) {
			do(w, officer, lending.LockPeriod{Through: first})
		}
		require.ErrorIs(t, try(w, officer, c), want)
	}
	require.ErrorIs(t, try(w, officer, lending.LockPeriod{}), lending.ErrDate)
	for name, bad := range map[string][]lending.Total{
		"out of balance": {total(ledger.KindBank, 5), total(ledger.KindAvailable, -4)},
		"across books":   {total(ledger.KindBank, 5), total(ledger.KindIncome, -5)},
		"out of order":   {good[1], good[0]},
		"twice":          {good[0], good[0]},
		"no account":     {total(0, 5)},
		"nothing":        {total(ledger.KindBank, 0)},
	} {
		require.Error(t, try(w, officer, lending.ClosePeriod{Through: first, Totals: bad}), name)
	}
	require.ErrorIs(t, try(w, officer, lending.ClosePeriod{Through: first, Totals: good,
		Carried: []lending.Matter{{Kind: lending.MatterPayout}}}), lending.ErrPending)
	require.ErrorIs(t, try(w, officer, lending.ClosePeriod{Through: first, Carried: make([]lending.Matter, 10_001)}), lending.ErrLimit)

	// a close whose figures are not the ledger's is found out
	do(w, officer, lending.ClosePeriod{Through: first, Totals: good, Hash: event.Hash{1}})
	require.ErrorIs(t, w.desk.VerifyClose(context.Background(), first), ledger.ErrBooks)
	require.ErrorIs(t, try(w, officer, lending.ClosePeriod{Through: first, Totals: good}), lending.ErrState)

	bare, err := lending.Open(lending.Config{Store: struct{ event.Store }{w.store}})
	require.NoError(t, err)
	_, err = bare.ClosePeriod(context.Background(), w.meta(officer), first)
	require.ErrorIs(t, err, lending.ErrConfig)
	_, err = w.desk.Trial(context.Background(), civil.Date{})
	require.ErrorIs(t, err, lending.ErrDate)
}
