package lending_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func withdrawals(r lending.WithdrawalRules) lending.Config {
	r.Currency = cny
	return lending.Config{Withdrawals: []lending.WithdrawalRules{r}}
}

// Every withdrawal is taken or refused as a list of all that were taken says; a date before the
// latest one counts on the day of that.
func TestWithdrawalLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(what string, of ...int64) money.Amount {
			return amt(rapid.SampledFrom(of).Draw(t, what), cny)
		}
		r := lending.WithdrawalRules{Min: some("min", 0, 10), Max: some("max", 0, 50),
			MaxPerDay: some("a day", 0, 60, 100), CountADay: rapid.IntRange(0, 3).Draw(t, "count"), Fee: some("fee", 0, 2)}
		w := newWorld(t, withdrawals(r))
		w.register("bob")
		w.deposit("bob", amt(400, cny))
		start, latest, has := w.day, w.day, int64(400)
		taken := map[civil.Date][]int64{}
		for range 12 {
			w.day = start.AddDays(rapid.IntRange(0, 2).Draw(t, "day"))
			minor := rapid.SampledFrom([]int64{1, 9, 10, 30, 50, 51}).Draw(t, "minor")
			day := w.day
			if day.Before(latest) {
				day = latest
			}
			sum := minor
			for _, n := range taken[day] {
				sum += n
			}
			want := error(nil)
			switch {
			case minor < r.Min.Minor(), !r.Max.IsZero() && minor > r.Max.Minor(),
				r.CountADay > 0 && len(taken[day]) == r.CountADay,
				!r.MaxPerDay.IsZero() && sum > r.MaxPerDay.Minor():
				want = lending.ErrLimit
			case minor+r.Fee.Minor() > has:
				want = lending.ErrFunds
			}
			err := try(w, party("bob"), lending.Withdraw{Amount: amt(minor, cny)})
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Fatalf("%+v, %v: %d on %s: %v, want %v", r, taken, minor, w.day, err, want)
			}
			if err == nil {
				taken[day], latest = append(taken[day], minor), day
				has -= minor + r.Fee.Minor()
			}
		}
		require.Equal(t, has, w.wallet("bob", cny).Available)
		w.reports()
	})
}

// The day's count and sum are exact however many withdraw at once, from two desks.
func TestWithdrawalsAtOnce(t *testing.T) {
	w := newWorld(t, withdrawals(lending.WithdrawalRules{CountADay: 3, Fee: amt(2, cny)}))
	cfg := withdrawals(lending.WithdrawalRules{CountADay: 3, Fee: amt(2, cny)})
	cfg.Store, cfg.Gateway = w.store, w.bank
	other, err := lending.Open(cfg)
	require.NoError(t, err)
	w.register("bob")
	w.deposit("bob", amt(10_000, cny))
	var wg sync.WaitGroup
	var taken atomic.Int32
	for i := range 12 {
		wg.Go(func() {
			m := lending.Meta{Key: fmt.Sprint("out-", i), Actor: party("bob"), On: w.day}
			_, err := lending.Do(context.Background(), []*lending.Desk{w.desk, other}[i%2], m,
				lending.Withdraw{Amount: amt(100, cny)})
			switch {
			case err == nil:
				taken.Add(1)
			case !errors.Is(err, lending.ErrLimit):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 3, taken.Load())
	require.EqualValues(t, 10_000-3*102, w.wallet("bob", cny).Available)
	w.day = w.day.AddDays(1)
	do(w, party("bob"), lending.Withdraw{Amount: amt(100, cny)})
	w.reports()
}

// The fee is taken with the withdrawal, kept when it is paid, and returned when it fails, in whole or
// in part.
func TestWithdrawalFee(t *testing.T) {
	for name, c := range map[string]struct {
		script memory.Script
		has    int64 // of 1,000 after a withdrawal of 200 for 2
		income int64
	}{
		"paid":            {memory.Script{}, 798, 2},
		"rejected":        {memory.Script{Reject: true}, 1000, 0},
		"failed":          {memory.Script{Fail: true}, 1000, 0},
		"failed half-way": {memory.Script{Parts: []int64{50}, Fail: true}, 950, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, withdrawals(lending.WithdrawalRules{Fee: amt(2, cny)}))
			w.bank.Script(func(payment.Instruction) memory.Script { return c.script })
			w.register("bob")
			w.deposit("bob", amt(1000, cny))
			do(w, party("bob"), lending.Withdraw{Amount: amt(200, cny)})
			require.EqualValues(t, 798, w.wallet("bob", cny).Available)
			for range 4 {
				w.deliver()
			}
			require.Equal(t, c.has, w.wallet("bob", cny).Available)
			b := w.reports().Ledger()
			require.Equal(t, c.income, b.Balance(ledger.Income("withdrawal"), cny))
			require.Equal(t, c.income, b.Total(ledger.KindFeesDue, cny))
			require.Zero(t, b.Total(ledger.KindOutTransit, cny))
		})
	}
}

// A disputed end that is resolved the other way takes the fee with it, forth and back.
func TestWithdrawalFeeCorrected(t *testing.T) {
	w := newWorld(t, withdrawals(lending.WithdrawalRules{Fee: amt(2, cny)}))
	w.register("bob")
	w.deposit("bob", amt(202, cny))
	id := do(w, party("bob"), lending.Withdraw{Amount: amt(200, cny)}).Instruction.ID
	settled := payment.Report{Instruction: id, Paid: amt(200, cny), Status: payment.Settled}
	failed := payment.Report{Instruction: id, Status: payment.Failed}
	do(w, bank, lending.Observe{Report: failed})
	require.EqualValues(t, 202, w.wallet("bob", cny).Available)
	do(w, bank, lending.Observe{Report: settled}) // the other end: nothing moves
	require.EqualValues(t, 202, w.wallet("bob", cny).Available)
	do(w, party("bob"), lending.Withdraw{Amount: amt(199, cny)}) // leaves 1
	do(w, cashier, lending.ResolveDispute{Report: settled})
	v := w.wallet("bob", cny)
	require.Zero(t, v.Available)
	require.EqualValues(t, 201, v.Owed)
	require.EqualValues(t, 4, w.reports().Ledger().Balance(ledger.Income("withdrawal"), cny))
	do(w, bank, lending.Observe{Report: failed})
	do(w, cashier, lending.ResolveDispute{Report: failed})
	require.EqualValues(t, 2, w.reports().Ledger().Balance(ledger.Income("withdrawal"), cny))
	require.EqualValues(t, 0, w.wallet("bob", cny).Owed)
	require.EqualValues(t, 1, w.wallet("bob", cny).Available)
	w.reports()
}

func TestWithdrawalRulesAreChecked(t *testing.T) {
	jpy := money.MustCurrency("JPY")
	for name, rs := range map[string][]lending.WithdrawalRules{
		"no currency":    {{}},
		"other currency": {{Currency: cny, Min: amt(1, jpy)}},
		"negative":       {{Currency: cny, Fee: amt(-1, cny)}},
		"negative count": {{Currency: cny, CountADay: -1}},
		"upside down":    {{Currency: cny, Min: amt(2, cny), Max: amt(1, cny)}},
		"twice":          {{Currency: cny}, {Currency: cny}},
	} {
		_, err := lending.Open(lending.Config{Store: memory.NewStore(), Withdrawals: rs})
		require.ErrorIs(t, err, lending.ErrConfig, name)
	}
	_, err := lending.Open(lending.Config{Store: memory.NewStore(), Parties: lending.PartyRules{DormantAfterDays: -1}})
	require.ErrorIs(t, err, lending.ErrConfig)
	_, err = lending.Open(lending.Config{Store: memory.NewStore(), Withdrawals: []lending.WithdrawalRules{{Currency: cny}, {Currency: jpy}}})
	require.NoError(t, err)
}
