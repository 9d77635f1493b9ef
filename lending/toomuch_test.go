package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// However much is deposited, reports fold, the books are checked and the period can be closed; a
// statement of funds that an amount cannot hold is refused, never wrong.
func TestMoreThanAnAmount(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("p0")
	w.deposit("p0", amt(money.MaxMinor, cny))
	_, err := w.reports().FundFlow(cny, w.day, w.day.AddDays(1))
	require.NoError(t, err)
	for i := range 1100 {
		p := lending.PartyID(fmt.Sprintf("q%d", i))
		w.register(p)
		w.deposit(p, amt(money.MaxMinor, cny))
		if i == 0 {
			_, err = w.reports().FundFlow(cny, w.day, w.day.AddDays(1))
			require.ErrorIs(t, err, money.ErrOverflow)
		}
	}
	r := w.reports()
	require.Positive(t, r.Ledger().Total(ledger.KindBank, cny))
	require.Zero(t, r.Ledger().Internal(cny))
	for _, from := range []int{0, 1} { // within the span, and before it
		_, err = r.FundFlow(cny, w.day.AddDays(from), w.day.AddDays(2))
		require.ErrorIs(t, err, money.ErrOverflow)
	}
	m := w.meta(officer)
	m.On = w.day.AddDays(1)
	_, err = w.desk.ClosePeriod(context.Background(), m, w.day)
	require.NoError(t, err)
	require.NoError(t, w.desk.VerifyClose(context.Background(), w.day))
}
