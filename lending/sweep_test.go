package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

// feesDue has the platform earn 300.00 in upfront fees, by three loans.
func (w *world) feesDue() {
	w.register("ann", "bob")
	for range 3 {
		w.lent(rich(), 333_334, 3, "12% per year", "bob")
	}
	w.stand(30_000, 0, 30_000, 0)
}

// stand asks the books for fees due, those on their way, the platform's receivable and its cash.
func (w *world) stand(due, transit, rcv, own int64) {
	b := w.reports().Ledger()
	require.Equal(w.t, due, b.Total(ledger.KindFeesDue, cny), "fees due")
	require.Equal(w.t, transit, b.Total(ledger.KindFeesTransit, cny), "on their way")
	require.Equal(w.t, rcv, b.Total(ledger.KindFeesRcv, cny), "receivable")
	require.Equal(w.t, own, b.Total(ledger.KindOwnBank, cny), "own bank")
}

func custodies(t *testing.T, f func(*testing.T, *world)) {
	for name, c := range map[string]lending.Custody{"omnibus": lending.Omnibus, "per user": lending.PerUser} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lending.Config{Custody: c})
			w.feesDue()
			f(t, w)
			if w.perUser {
				w.matches(w.reports(), cny, 0)
			}
		})
	}
}

func TestSweepPays(t *testing.T) {
	custodies(t, func(t *testing.T, w *world) {
		meta := w.meta(cashier)
		in, err := lending.Do(context.Background(), w.desk, meta, lending.SweepFees{Amount: amt(20_000, cny)})
		require.NoError(t, err)
		require.Equal(t, payment.Sweep, in.Instruction.Kind)
		w.stand(10_000, 20_000, 30_000, 0)
		was := w.reports().Ledger().Total(ledger.KindBank, cny)
		w.deliver()
		w.stand(10_000, 0, 10_000, 20_000)
		require.Equal(t, was-20_000, w.reports().Ledger().Total(ledger.KindBank, cny))
		_, err = lending.Do(context.Background(), w.desk, meta, lending.SweepFees{Amount: amt(20_000, cny)})
		require.NoError(t, err, "sent again")
		w.deliver()
		w.stand(10_000, 0, 10_000, 20_000)
		require.ErrorIs(t, try(w, cashier, lending.SweepFees{Amount: amt(10_001, cny)}), lending.ErrFunds)
		do(w, cashier, lending.SweepFees{Amount: amt(10_000, cny)})
		w.deliver()
		w.stand(0, 0, 0, 30_000)
	})
}

func TestSweepFailsAndIsCorrected(t *testing.T) {
	custodies(t, func(t *testing.T, w *world) {
		w.bank.Script(func(payment.Instruction) memory.Script {
			return memory.Script{Parts: []int64{5_000}, Fail: true}
		})
		in := do(w, cashier, lending.SweepFees{Amount: amt(20_000, cny)}).Instruction.ID
		w.deliver()
		w.deliver() // a part, then the end
		w.stand(25_000, 0, 25_000, 5_000)
		for _, paid := range []int64{20_000, 0} { // told otherwise, twice
			end := payment.Report{Instruction: in, Status: payment.Settled, Paid: amt(paid, cny)}
			if paid == 0 {
				end.Status = payment.Failed
			}
			do(w, bank, lending.Observe{Report: end})
			do(w, cashier, lending.ResolveDispute{Report: end})
			w.stand(30_000-paid, 0, 30_000-paid, paid)
		}
		if w.perUser { // what the bank said last is what it does
			w.bank.Put(fees, amt(5_000, cny))
		}
	})
}

// A fee that is given back after its sweep is owed back by the platform, and nothing more is swept
// before that is paid in.
func TestSweptFeeIsReclaimed(t *testing.T) {
	custodies(t, func(t *testing.T, w *world) {
		w.bank.Script(func(in payment.Instruction) memory.Script { return memory.Script{Fail: in.Kind == payment.Payout} })
		cfg := lending.Config{Custody: lending.Omnibus, Store: w.store, Gateway: w.bank,
			Withdrawals: []lending.WithdrawalRules{{Currency: cny, Fee: amt(500, cny)}}}
		if w.perUser {
			cfg.Custody = lending.PerUser
		}
		var err error
		w.desk, err = lending.Open(cfg)
		require.NoError(t, err)
		w.deposit("bob", amt(1_000, cny))
		_, err = lending.Do(context.Background(), w.desk, w.meta(party("bob")), lending.Withdraw{Amount: amt(500, cny)})
		require.NoError(t, err)
		in := do(w, cashier, lending.SweepFees{Amount: amt(30_500, cny)}) // delivers both
		require.Equal(t, payment.Sweep, in.Instruction.Kind)
		w.deliver()
		w.stand(0, 0, 0, 30_000) // the withdrawal failed: 5.00 of it come from the platform
		require.Equal(t, int64(500), w.reports().Ledger().Total(ledger.KindTopupDue, cny))
		w.bank.Script(nil)
		w.lent(rich(), 20_000, 3, "12% per year", "bob")
		w.stand(600, 0, 600, 30_000)
		require.ErrorIs(t, try(w, cashier, lending.SweepFees{Amount: amt(101, cny)}), lending.ErrFunds)
		do(w, bank, lending.TopUp{Amount: amt(500, cny)})
		do(w, cashier, lending.SweepFees{Amount: amt(600, cny)})
	})
}

func TestSweepRefuses(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.feesDue()
	sweep := lending.SweepFees{Amount: amt(1, cny)}
	require.ErrorIs(t, try(w, officer, sweep), lending.ErrActor)
	require.ErrorIs(t, try(w, cashier, lending.SweepFees{}), lending.ErrAmount)
	require.ErrorIs(t, try(w, cashier, lending.SweepFees{Amount: amt(-1, cny)}), lending.ErrAmount)
	m := w.meta(cashier)
	m.Approver = lending.Actor{}
	_, err := lending.Do(context.Background(), w.desk, m, sweep)
	require.ErrorIs(t, err, lending.ErrSecond)
	m.Approver = lending.Actor{ID: cashier.ID, Role: lending.RoleOfficer}
	_, err = lending.Do(context.Background(), w.desk, m, sweep)
	require.ErrorIs(t, err, lending.ErrSecond)
	w.stand(30_000, 0, 30_000, 0)
}

// Whatever is swept at the same time, never more leaves than is due.
func TestSweepsRace(t *testing.T) {
	w := newWorld(t, lending.Config{States: -1})
	w.feesDue()
	const n = 16
	errs := make(chan error, n)
	for i := range n {
		go func() {
			m := lending.Meta{Key: fmt.Sprintf("sweep-%d", i), Actor: cashier, On: w.day, Approver: chief}
			_, err := lending.Do(context.Background(), w.desk, m, lending.SweepFees{Amount: amt(4_000, cny)})
			errs <- err
		}()
	}
	took := 0
	for range n {
		if err := <-errs; err == nil {
			took++
		} else {
			require.ErrorIs(t, err, lending.ErrFunds)
		}
	}
	require.Equal(t, 7, took)
	w.deliver()
	w.stand(2_000, 0, 2_000, 28_000)
}

// A till's snapshot is the till.
func TestTillSnapshotRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := lending.Till{Due: rapid.Int64().Draw(t, "due"), Topup: rapid.Int64().Draw(t, "topup")}
		var got lending.Till
		require.NoError(t, event.Decode(event.Encode(nil, 1, &want), 1, &got))
		require.Equal(t, want, got)
	})
}
