package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// An acceleration by rule lets fees of later instalments fall away, and with them instalments of which
// nothing else is owed. A payment from before it that is reversed is still the one that is taken out of
// the loan's past.
func TestPastOfAPaymentReversedAfterAcceleration(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Late.AccelerateDays = 1
	p.Waterfall = lending.CostsThenPrincipal()
	p.Prepayment.Scope = lending.PrepayNever
	p.Fees = []lending.Fee{platformFee(lending.WithInstalment, lending.OnAmount, 5000)}
	id := w.lent(p, 100_000, 3, "0% per year", "bob")
	w.repay(id, 100_000) // all principal ahead
	require.Zero(t, w.loan(id).Outstanding().Minor())
	w.day = w.loan(id).Dues[0].Date.AddDays(5)
	w.dayEnd()
	require.False(t, w.loan(id).Acceleration.On.IsZero())
	require.Zero(t, w.loan(id).Dues[2].Unpaid().Total(), "its fee fell away")
	w.reports()
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	require.EqualValues(t, 100_000, w.loan(id).Outstanding().Minor())
	w.reports()
}
