package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
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

// One that has come so near that the loan would cost more than its cap is dropped as well.
func TestFirstDueDateComesTooNear(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Delay: 1} })
	w.register("ann", "bob")
	w.day = civil.MustParse("2026-01-10")
	id := w.funded(withFee(), 1000_00, 1, "8% per year", "bob")
	do(w, cashier, lending.Disburse{Loan: id, FirstDue: civil.MustParse("2026-02-10")})
	w.deliver()
	w.day = civil.MustParse("2026-01-30")
	w.deliver()
	l := w.loan(id)
	require.Equal(t, "2026-02-28", l.Plan.At(0).Due.String())
	require.Zero(t, l.FirstDue)
	w.reports()
}

// withFee has a fee that is dear over less than a month.
func withFee() lending.Product {
	p := standard()
	p.MaxPeriods, p.MinAmount = 1, amt(100_00, cny)
	p.MaxRate, p.MaxAPR = schedule.MustRate("8% per year"), schedule.MustRate("36% per year")
	p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount, Payee: lending.ToPlatform,
		PPM: 20_000, Round: money.Down}}
	return p
}

// A first due date lies after the payout and at most two periods later, keeps the cap on the cost and
// what a loan can repay.
func TestFirstDueDateIsBounded(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.day = civil.MustParse("2026-01-10")
	id := w.funded(withFee(), 1000_00, 1, "8% per year", "bob")
	pay := lending.Disburse{Loan: id}
	for due, want := range map[string]error{
		"2026-01-09": lending.ErrDate, "2026-01-10": lending.ErrDate, "2026-03-11": lending.ErrDate,
		"2076-01-10": lending.ErrDate, "2026-01-11": lending.ErrTerms, "2026-01-30": lending.ErrTerms,
	} {
		pay.FirstDue = civil.MustParse(due)
		refuse(w, cashier, pay, want)
	}
	pay.FirstDue = civil.MustParse("2026-03-10")
	do(w, cashier, pay)

	q := standard()
	q.ID, q.MaxPeriods, q.MaxAmount = "huge", 1, amt(lending.MaxLoan, cny)
	id = w.funded(q, lending.MaxLoan/103*100, 1, "36% per year", "bob") // 3% more in a month fit, 6% in two do not
	refuse(w, cashier, lending.Disburse{Loan: id, FirstDue: civil.MustParse("2026-03-10")}, lending.ErrLimit)
	do(w, cashier, lending.Disburse{Loan: id, FirstDue: civil.MustParse("2026-02-10")})
}

// The first due date stands in the contract, and a payout under a contract has no other.
func TestFirstDueDateIsTheContracts(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.day = civil.MustParse("2026-01-10")
	p := standard()
	p.ContractRequired = true
	id := w.funded(p, 1000_00, 2, "8% per year", "bob")
	due := civil.MustParse("2026-02-25")
	refuse(w, officer, lending.IssueContract{Loan: id, FirstDue: w.day}, lending.ErrDate)
	refuse(w, officer, lending.IssueContract{Loan: id, FirstDue: due.AddMonths(1)}, lending.ErrDate)
	sign := func(firstDue civil.Date) {
		h := do(w, officer, lending.IssueContract{Loan: id, FirstDue: firstDue}).Hash
		k, err := w.loan(id).Contract(w.day, firstDue)
		require.NoError(t, err)
		require.Equal(t, k.Hash(), h)
		do(w, party("ann"), lending.SignContract{Loan: id, Hash: h})
		do(w, chief, lending.SignContract{Loan: id, Hash: h})
	}
	sign(civil.Date{})
	refuse(w, cashier, lending.Disburse{Loan: id, FirstDue: due}, lending.ErrContract)
	sign(due)
	refuse(w, cashier, lending.Disburse{Loan: id}, lending.ErrContract)
	refuse(w, cashier, lending.Disburse{Loan: id, FirstDue: due.AddDays(1)}, lending.ErrContract)
	w.day = w.day.AddDays(1)
	do(w, cashier, lending.Disburse{Loan: id, FirstDue: due})
	w.deliver()
	require.Equal(t, due, w.loan(id).Plan.At(0).Due)
	w.reports()
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
