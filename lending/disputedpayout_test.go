package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
)

func end(id payment.ID, minor int64, s payment.Status) payment.Report {
	return payment.Report{Instruction: id, Paid: amt(minor, cny), Status: s}
}

// disputed takes a loan to a payout that was told to have failed and then to have paid.
func (w *world) disputed(minor int64) (lending.LoanID, payment.ID) {
	w.register("ann", "bob")
	id := w.funded(standard(), minor, 12, "8% per year", "bob")
	in := do(w, cashier, lending.Disburse{Loan: id}).Portions[0].Payment
	do(w, bank, lending.Observe{Report: end(in, 0, payment.Failed)})
	return id, in
}

// A payout that paid after all begins its loan as if that had been told first; while it is in dispute
// nobody else gets the money.
func TestPayoutPaidAfterAll(t *testing.T) {
	w := newWorld(t, lending.Config{})
	id, in := w.disputed(1000_00)
	do(w, bank, lending.Observe{Report: end(in, 1000_00, payment.Settled)})
	for range 2 { // again does not count twice
		require.Equal(t, []payment.ID{in}, w.loan(id).Disputed)
		do(w, bank, lending.Observe{Report: end(in, 0, payment.Failed)})
	}
	require.ErrorIs(t, try(w, officer, lending.CancelFunding{Loan: id, Reason: "x"}), lending.ErrPending)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrPending)
	require.ErrorIs(t, try(w, cashier, lending.CreditRest{Loan: id}), lending.ErrPending)
	do(w, cashier, lending.ResolveDispute{Report: end(in, 1000_00, payment.Settled)})
	l := w.loan(id)
	require.Equal(t, lending.StateActive, l.State)
	require.EqualValues(t, 1000_00, l.PaidOut)
	require.Empty(t, l.Disputed)
	require.Empty(t, w.reports().TrialBalance(ledger.Client))

	do(w, bank, lending.Observe{Report: end(in, 0, payment.Failed)}) // it came back
	do(w, cashier, lending.ResolveDispute{Report: end(in, 0, payment.Failed)})
	require.EqualValues(t, 1000_00, w.wallet("ann", cny).Available)
	require.Equal(t, lending.StateActive, w.loan(id).State)
	w.reports()
}

// A payout that failed indeed leaves the loan as it was.
func TestPayoutFailedIndeed(t *testing.T) {
	w := newWorld(t, lending.Config{})
	id, in := w.disputed(1000_00)
	do(w, bank, lending.Observe{Report: end(in, 1000_00, payment.Settled)})
	do(w, cashier, lending.ResolveDispute{Report: end(in, 0, payment.Failed)})
	w.reports()
	do(w, officer, lending.CancelFunding{Loan: id, Reason: "x"})
	require.EqualValues(t, 1000_00, w.wallet("bob", cny).Available)

	// and paid nevertheless: the platform stands in, and the borrower owes it
	do(w, bank, lending.Observe{Report: end(in, 1000_00, payment.Settled)})
	do(w, cashier, lending.ResolveDispute{Report: end(in, 1000_00, payment.Settled)})
	require.EqualValues(t, 1000_00, w.wallet("ann", cny).Owed)
	require.Equal(t, lending.StateFailed, w.loan(id).State)
	books := w.reports().Ledger()
	require.EqualValues(t, 1000_00, books.Total(ledger.KindTopupDue, cny))
	require.Zero(t, books.Total(ledger.KindBank, cny))
	do(w, party("bob"), lending.Withdraw{Amount: amt(1000_00, cny)})
	w.deliver()
	w.reports()
}

// A part that two orders paid is a debt of the borrower, but for what it still waited for.
func TestPayoutPaidTwice(t *testing.T) {
	w := newWorld(t, lending.Config{})
	id, first := w.disputed(1000_00)
	second := do(w, cashier, lending.Disburse{Loan: id}).Portions[0].Payment
	do(w, bank, lending.Observe{Report: end(first, 1000_00, payment.Settled)})
	resolve := lending.ResolveDispute{Report: end(first, 1000_00, payment.Settled)}
	require.ErrorIs(t, try(w, cashier, resolve), lending.ErrPending)
	do(w, bank, lending.Observe{Report: end(second, 600_00, payment.Failed)})
	require.Equal(t, lending.StateReviewed, w.loan(id).State)
	do(w, cashier, resolve)
	require.Equal(t, lending.StateActive, w.loan(id).State)
	require.EqualValues(t, 600_00, w.wallet("ann", cny).Owed)
	w.reports()
	do(w, bank, lending.Observe{Report: end(second, 1000_00, payment.Settled)})
	do(w, cashier, lending.ResolveDispute{Report: end(second, 1000_00, payment.Settled)})
	require.EqualValues(t, 1000_00, w.wallet("ann", cny).Owed)
	require.EqualValues(t, 1000_00, w.reports().Ledger().Total(ledger.KindTopupDue, cny))
}

// Of a loan in parts only the part waits that the payout was for.
func TestPayoutOfOnePartPaidAfterAll(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "shop")
	id := w.funded(standard(), 1000_00, 12, "8% per year", "bob")
	parts := do(w, cashier, lending.Disburse{Loan: id,
		Payees: []lending.PayTo{{Party: "shop", Amount: amt(300_00, cny)}}}).Portions
	shop, ann := parts[0].Payment, parts[1].Payment
	do(w, bank, lending.Observe{Report: end(shop, 0, payment.Failed)})
	do(w, bank, lending.Observe{Report: end(shop, 300_00, payment.Settled)})
	do(w, cashier, lending.ResolveDispute{Report: end(shop, 300_00, payment.Settled)})
	l := w.loan(id)
	require.Equal(t, lending.StateDisbursing, l.State)
	require.EqualValues(t, 300_00, l.Portions[0].Paid)
	do(w, bank, lending.Observe{Report: end(ann, 700_00, payment.Settled)})
	require.Equal(t, lending.StateActive, w.loan(id).State)
	require.Empty(t, w.reports().TrialBalance(ledger.Client))
}
