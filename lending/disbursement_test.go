package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// A loan may be given a first due date: the odd days bear interest by the day count, and later
// instalments keep the day of the month.
func TestFirstDueDate(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.day = civil.MustParse("2026-01-10")
	id := w.funded(standard(), 1_000_000, 12, "12% per year", "bob")
	do(w, cashier, lending.Disburse{Loan: id, FirstDue: civil.MustParse("2026-02-25")})
	w.deliver()
	plan := w.loan(id).Plan
	require.Equal(t, "2026-02-25", plan.At(0).Due.String())
	require.Equal(t, "2026-03-25", plan.At(1).Due.String())
	// 45 days of 30/360 at 12% on 10,000.00 are 150.00
	require.Equal(t, int64(15_000), plan.At(0).Interest.Minor())
	w.reports()
}

// A first due date that has passed when the bank pays at last is dropped.
func TestFirstDueDatePasses(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Delay: 1} })
	w.register("ann", "bob")
	id := w.funded(standard(), 1_000_000, 12, "12% per year", "bob")
	do(w, cashier, lending.Disburse{Loan: id, FirstDue: w.day.AddDays(3)})
	w.deliver()
	w.day = w.day.AddDays(3)
	w.deliver()
	require.Equal(t, w.day.AddMonths(1), w.loan(id).Plan.At(0).Due)
}

// A custodian that takes back what it had reported paid leaves the payment disputed and the loan
// waiting; two people end it with what was paid indeed, and the loan goes on.
func TestDisputeIsResolvedByPeople(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Delay: 9} })
	w.register("ann", "bob")
	id := w.funded(standard(), 1_000_000, 12, "12% per year", "bob")
	in := do(w, cashier, lending.Disburse{Loan: id}).Portions[0].Payment
	say := func(minor int64, s payment.Status) payment.Report {
		return payment.Report{Instruction: in, Paid: amt(minor, cny), Status: s}
	}
	require.ErrorIs(t, try(w, cashier, lending.ResolveDispute{Report: say(1_000_000, payment.Settled)}), lending.ErrState)
	do(w, bank, lending.Observe{Report: say(500_000, payment.Pending)})
	seen := do(w, bank, lending.Observe{Report: say(300_000, payment.Failed)})
	require.Equal(t, payment.Disputed, seen.State.Status)
	require.Equal(t, lending.StateDisbursing, w.loan(id).State)

	require.ErrorIs(t, try(w, cashier, lending.ResolveDispute{Report: say(400_000, payment.Pending)}), lending.ErrTerms)
	alone := w.meta(cashier)
	alone.Approver = lending.Actor{}
	_, err := lending.Do(context.Background(), w.desk, alone, lending.ResolveDispute{Report: say(300_000, payment.Failed)})
	require.ErrorIs(t, err, lending.ErrSecond)

	do(w, cashier, lending.ResolveDispute{Report: say(300_000, payment.Failed)})
	require.Equal(t, lending.StateReviewed, w.loan(id).State)
	require.Equal(t, int64(300_000), w.loan(id).PaidOut)
	w.reports()
	w.bank.Script(nil)
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Equal(t, lending.StateActive, w.loan(id).State)
	require.Empty(t, w.reports().TrialBalance(1), "paid in by the lender, paid out to the borrower")
}
