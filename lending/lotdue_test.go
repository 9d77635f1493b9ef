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

// The fees of each instalment are what the lot pays in the end, whatever they are figured on; what is accrued of
// them is none of the future's.
func TestLotDuesTellFees(t *testing.T) {
	interest, yearly := platformFee(lending.AtPayout, lending.OnInterest, 100_000), platformFee(lending.AtPayout, lending.OnOutstanding, 20_000)
	yearly.Per = lending.PerYear
	running := interest
	running.Point = lending.RunningTotal
	timely := platformFee(lending.AtPayout, lending.OnTimely, 100_000)
	for name, f := range map[string]lending.Fee{"interest": interest, "yearly": yearly, "running": running, "timely": timely} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob", "eve")
			p := standard()
			p.Fees = []lending.Fee{f}
			id := w.lent(p, 10_001, 4, "12% per year", "bob", "eve")
			start := w.loan(id).Started
			dues, err := w.loan(id).LotDues(lending.Assignment{Units: w.loan(id).Lots[0].Units}, start)
			require.NoError(t, err)
			var paid int64
			for i, d := range dues {
				require.Positive(t, d.Fee)
				if f.Base != lending.OnTimely {
					require.Zero(t, d.AccruedFee, "nothing is accrued yet")
				}
				w.day = d.Due
				w.repay(id, w.loan(id).Dues[i].Unpaid().Total())
				require.Equal(t, d.Fee, w.loan(id).Lots[0].FeesPaid()-paid, "%d", i)
				paid += d.Fee
			}
			l := w.lent(p, 10_001, 4, "12% per year", "bob", "eve")
			half := w.loan(l).Started.AddDays(15)
			dues, err = w.loan(l).LotDues(lending.Assignment{Units: w.loan(l).Lots[0].Units}, half)
			require.NoError(t, err)
			require.Less(t, dues[0].AccruedFee, dues[0].Fee)
			require.Positive(t, dues[0].AccruedFee)
			if f.Base != lending.OnTimely {
				require.Zero(t, dues[1].AccruedFee)
			}
		})
	}
}
