package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// What all lots get of an instalment is what the lenders miss of it, and what is due is earned.
func TestLotDuesAreWhatIsMissing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve", "dan")
	id := w.lent(standard(), 10_001, 4, "12% per year", "bob", "eve", "dan")
	w.repay(id, 1_234)
	l := w.loan(id)
	w.day = l.Dues[1].Date
	sums := make([]lending.Components, len(l.Dues))
	for lot := range l.Lots {
		dues, err := l.LotDues(lending.Assignment{Lot: lot, Units: l.Lots[lot].Units}, w.day)
		require.NoError(t, err)
		for _, d := range dues {
			sums[d.Instalment][lending.Principal] += d.Principal
			sums[d.Instalment][lending.Interest] += d.Interest
			require.Equal(t, !d.Due.After(w.day), d.Accrued == d.Interest, "%+v", d)
		}
	}
	for i := range l.Dues {
		require.Equal(t, l.Dues[i].Missing(), sums[i])
	}
	_, err := l.LotDues(lending.Assignment{Lot: 3, Units: 1}, w.day)
	require.ErrorIs(t, err, lending.ErrLimit)
	_, err = l.LotDues(lending.Assignment{Units: 1}, l.Started.AddDays(-1))
	require.ErrorIs(t, err, lending.ErrDate)
}

// Salable says what a sale would be refused for.
func TestSalable(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	p := standard()
	p.Transfers.MinUnits = 10_00
	id := w.lent(p, 100_00, 4, "12% per year", "bob", "eve")
	l := w.loan(id)
	require.NoError(t, l.Salable(lending.Assignment{Units: 10_00}, w.day))
	require.ErrorIs(t, l.Salable(lending.Assignment{Units: 9_99}, w.day), lending.ErrLimit)
	require.ErrorIs(t, l.Salable(lending.Assignment{Units: 50_00, To: "ann"}, w.day), lending.ErrActor)
	require.ErrorIs(t, l.Salable(lending.Assignment{Units: 50_00, To: "bob"}, w.day), lending.ErrState)
	require.ErrorIs(t, l.Salable(lending.Assignment{Units: 50_00}, l.Dues[0].Date.AddDays(1)), lending.ErrLimit, "overdue")
	require.ErrorIs(t, new(lending.Loan).Salable(lending.Assignment{}, w.day), lending.ErrUnknown)
}
