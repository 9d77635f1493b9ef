package lending_test

import (
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
