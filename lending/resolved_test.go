package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// A borrower who works for the platform decides nothing about his own loan, as actor or as approver.
func TestBorrowerResolvesNothing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.lent(rich(), 100_000, 3, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, 1_000)
	ann := lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	denied(w, ann, lending.Restructure{Loan: id, Reason: "r", Periods: 6})
	denied(w, ann, lending.Accelerate{Loan: id, Reason: "r"})
	denied(w, ann, lending.WriteOff{Loan: id, Reason: "r"})
	denied(w, ann, lending.Waive{Loan: id, Component: lending.Interest, Reason: "r"})
	denied(w, ann, lending.PayGoodwill{Loan: id, Amount: amt(10, cny), Reason: "r"})
	denied(w, ann, lending.Chargeback{Loan: id, Reason: "r"})
	denied(w, ann, lending.ReversePayment{Loan: id, Reason: "r"})
	denied(w, ann, lending.RepayAsOf{Loan: id, Reason: "r", Amount: amt(10, cny), Value: w.day.AddDays(-1)})
}

func denied[S any, E event.Of[S]](w *world, borrower lending.Actor, c lending.Command[S, E]) {
	m := w.meta(borrower)
	m.Approver = lending.Actor{ID: "otto", Role: lending.RoleOfficer}
	_, err := lending.Do(context.Background(), w.desk, m, c)
	require.ErrorIs(w.t, err, lending.ErrActor, "%T given", c)
	m = w.meta(officer)
	m.Approver = borrower
	_, err = lending.Do(context.Background(), w.desk, m, c)
	require.ErrorIs(w.t, err, lending.ErrActor, "%T approved", c)
}
