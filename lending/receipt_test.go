package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

// suspended is what the books have in suspense.
func (w *world) suspended() int64 { return w.reports().Ledger().Total(ledger.KindSuspense, cny) }

// Money of nobody stands in suspense, with its age, until two people give it to its owner.
func TestReceiptAssigned(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("bob")
	first := do(w, bank, lending.Receive{Amount: amt(300, cny), Reference: event.Hash{1}}).Receipt
	w.day = w.day.AddDays(4)
	second := do(w, bank, lending.Receive{Amount: amt(50, cny), Reference: event.Hash{2}}).Receipt
	require.Equal(t, []lending.Suspended{
		{Receipt: first, Reference: event.Hash{1}, On: w.day.AddDays(-4), DaysHeld: 10, Amount: amt(300, cny)},
		{Receipt: second, Reference: event.Hash{2}, On: w.day, DaysHeld: 6, Amount: amt(50, cny)},
	}, w.reports().Suspense(w.day.AddDays(6)))

	give := lending.AssignReceipt{Receipt: first, Party: "bob"}
	m := w.meta(cashier)
	m.Approver = lending.Actor{ID: cashier.ID, Role: lending.RoleOfficer}
	require.ErrorIs(t, asOrder("", give).send(w, m), lending.ErrSecond)
	m = w.meta(cashier)
	m.Approver = lending.Actor{}
	require.ErrorIs(t, asOrder("", lending.ReturnReceipt{Receipt: first}).send(w, m), lending.ErrSecond)
	require.ErrorIs(t, try(w, cashier, lending.AssignReceipt{Receipt: first, Party: "zoe"}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, cashier, lending.AssignReceipt{Receipt: "U-x", Party: "bob"}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, cashier, lending.ReturnReceipt{Receipt: "U-x"}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, bank, lending.Receive{}), lending.ErrAmount)
	do(w, cashier, give)
	require.ErrorIs(t, try(w, cashier, give), lending.ErrState)
	require.ErrorIs(t, try(w, cashier, lending.ReturnReceipt{Receipt: first}), lending.ErrState)
	require.EqualValues(t, 300, w.wallet("bob", cny).Available)
	require.EqualValues(t, 50, w.suspended())
	require.Len(t, w.reports().Suspense(w.day), 1)
}

// A receipt goes back to where it came from; what the custodian does not send is in suspense again,
// and can be sent again under an id of its own.
func TestReceiptReturned(t *testing.T) {
	w := newWorld(t, lending.Config{})
	n := 0
	w.bank.Script(func(payment.Instruction) memory.Script {
		n++
		return []memory.Script{{Reject: true}, {Parts: []int64{100}, Fail: true}, {}}[n-1]
	})
	w.register("bob")
	id := do(w, bank, lending.Receive{Amount: amt(300, cny)}).Receipt
	back := lending.ReturnReceipt{Receipt: id}
	for _, left := range []int64{300, 200, 0} {
		do(w, cashier, back)
		require.Zero(t, w.suspended())
		require.ErrorIs(t, try(w, cashier, back), lending.ErrState)
		require.ErrorIs(t, try(w, cashier, lending.AssignReceipt{Receipt: id, Party: "bob"}), lending.ErrState)
		for range 3 {
			w.deliver()
		}
		require.Equal(t, left, w.suspended())
		require.Len(t, w.reports().Suspense(w.day), int(min(left, 1)))
	}
	require.ErrorIs(t, try(w, cashier, back), lending.ErrState)
	require.EqualValues(t, -300, w.bank.Balance(cny)) // the test's bank was never told of the receipt
	require.Zero(t, w.reports().Ledger().Total(ledger.KindBank, cny))
}

// The end of a return that was reported wrongly is corrected; what its owner has of it by then is
// taken back from him, and becomes his debt if he has spent it.
func TestReceiptReturnDisputed(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("bob")
	id := do(w, bank, lending.Receive{Amount: amt(300, cny)}).Receipt
	pay := do(w, cashier, lending.ReturnReceipt{Receipt: id}).Payment
	settled := lending.Observe{Report: payment.Report{Instruction: pay, Paid: amt(300, cny), Status: payment.Settled}}
	failed := lending.Observe{Report: payment.Report{Instruction: pay, Status: payment.Failed}}
	do(w, bank, settled)
	do(w, bank, failed)
	require.Zero(t, w.suspended())
	do(w, cashier, lending.ResolveDispute(failed))
	require.EqualValues(t, 300, w.suspended())
	do(w, cashier, lending.AssignReceipt{Receipt: id, Party: "bob"})
	do(w, bank, settled)
	do(w, cashier, lending.ResolveDispute(failed))
	require.EqualValues(t, 300, w.wallet("bob", cny).Available)
	w.reports()
	do(w, party("bob"), lending.Withdraw{Amount: amt(100, cny)})
	w.deliver()
	do(w, bank, settled)
	do(w, cashier, lending.ResolveDispute(settled))
	require.Zero(t, w.wallet("bob", cny).Available)
	require.EqualValues(t, 100, w.wallet("bob", cny).Owed)
	l := w.reports().Ledger()
	require.EqualValues(t, 100, l.Total(ledger.KindTopupDue, cny))
	require.EqualValues(t, -100, l.Total(ledger.KindBank, cny)) // 300 in, 300 back, 100 withdrawn
	do(w, bank, failed)                                         // and it came back after all
	do(w, cashier, lending.ResolveDispute(failed))
	require.EqualValues(t, 300, w.suspended())
	w.reports()
}

// A receipt that two orders sent back is the platform's loss; while the second is on its way the
// first waits.
func TestReceiptReturnedTwice(t *testing.T) {
	w := newWorld(t, lending.Config{})
	id := do(w, bank, lending.Receive{Amount: amt(300, cny)}).Receipt
	say := func(p payment.ID, minor int64, s payment.Status) payment.Report {
		return payment.Report{Instruction: p, Paid: amt(minor, cny), Status: s}
	}
	first := do(w, cashier, lending.ReturnReceipt{Receipt: id}).Payment
	do(w, bank, lending.Observe{Report: say(first, 0, payment.Failed)})
	second := do(w, cashier, lending.ReturnReceipt{Receipt: id}).Payment
	do(w, bank, lending.Observe{Report: say(first, 300, payment.Settled)})
	resolve := lending.ResolveDispute{Report: say(first, 300, payment.Settled)}
	require.ErrorIs(t, try(w, cashier, resolve), lending.ErrPending)
	do(w, bank, lending.Observe{Report: say(second, 300, payment.Settled)})
	do(w, cashier, resolve)
	l := w.reports().Ledger()
	require.EqualValues(t, 300, l.Total(ledger.KindTopupDue, cny))
	require.EqualValues(t, 300, l.Total(ledger.KindExpense, cny))
	require.EqualValues(t, -300, l.Total(ledger.KindBank, cny))
}
