package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// drifted is a book with one active loan of several lots, one of which was paid more minor units of a
// component at the expense of another.
func drifted(t require.TestingT, c lending.Component, minor int64) (b *lending.LiveBook, lots [2]int) {
	b = newOldSystem(12).book
	for i := range b.Loans {
		x := &b.Loans[i]
		if x.State != lending.StateActive || len(x.Lots) < 3 || x.Payments < 2 || x.Payments == len(x.Rows) {
			continue
		}
		for n := 1; n < len(x.Lots); n++ {
			if x.Lots[0].Paid[c] > minor && x.Lots[n].Paid[c]+minor <= x.Lots[n].Units {
				x.Lots[0].Paid[c] -= minor
				x.Lots[n].Paid[c] += minor
				x.Lots[0].Fees, x.Lots[n].Fees = [4]lending.Tally{}, [4]lending.Tally{}
				b.Loans[0], b.Loans[i] = b.Loans[i], b.Loans[0]
				return b, [2]int{0, n}
			}
		}
	}
	require.Fail(t, "no such loan")
	return nil, lots
}

func (w *world) imports(b *lending.LiveBook) error {
	w.day = b.On
	_, err := w.desk.Import(context.Background(), w.importer(), "old-system", b)
	return err
}

// A lot that is off its share is refused by name, with its figures, unless the book tolerates it; what
// is tolerated stands on the loan.
func TestLotsOffTheirShareAreRefused(t *testing.T) {
	b, _ := drifted(t, lending.Principal, 40)
	id := b.Loans[0].ID
	w := newWorld(t, lending.Config{})
	for _, tolerance := range []int64{0, 38} {
		b.Tolerance = tolerance
		err := w.imports(b)
		require.ErrorIs(t, err, lending.ErrTerms)
		require.ErrorContains(t, err, string(id))
		require.ErrorContains(t, err, "lot ")
		require.Zero(t, w.feed(), "nothing half done")
	}
	b.Tolerance = 41
	require.NoError(t, w.imports(b))
	drift := w.loan(id).Drift
	require.GreaterOrEqual(t, drift[lending.Principal], int64(76), "both lots")
	require.LessOrEqual(t, drift[lending.Principal], int64(80))
	require.Zero(t, drift[lending.Interest])
	w.reports()
	for _, bad := range []int64{-1, 1 << 40} {
		b.Tolerance = bad
		require.ErrorIs(t, newWorld(t, lending.Config{}).imports(b), lending.ErrTerms)
	}
}

// Lots that were off their shares heal: whatever is paid, nobody gives anything back, the books hold, a
// lot may be sold in parts, and in the end each has its claim to the cent.
func TestDriftHeals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t, "component", []lending.Component{lending.Principal, lending.Interest})
		b, _ := drifted(t, c, rapid.Int64Range(1, 400).Draw(t, "off"))
		b.Tolerance = 1000
		b.Loans, b.Left, b.LeftLoans = b.Loans[:1], nil, nil
		b.Totals = nil
		restate(b)
		w := newWorld(t, lending.Config{})
		require.NoError(t, w.imports(b))
		id := b.Loans[0].ID
		w.register("zoe")
		off := w.loan(id).Drift[c]
		require.Positive(t, off)
		for w.loan(id).State == lending.StateActive {
			was := w.loan(id)
			w.day = w.day.AddDays(rapid.IntRange(0, 20).Draw(t, "days"))
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				lot := rapid.IntRange(0, len(was.Lots)-1).Draw(t, "lot")
				try(w, officer, sell{id, lending.Assignment{Lot: lot, Units: minor(t, was.Lots[lot].Units), To: "zoe"}})
			case 1:
				try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
			default:
				w.repay(id, minor(t, was.Amount.Minor()/3))
				is := w.loan(id)
				for i := range was.Lots {
					for k := range was.Lots[i].Paid {
						require.GreaterOrEqual(t, is.Lots[i].Paid[k], was.Lots[i].Paid[k], "lot %d", i)
					}
				}
			}
			require.NoError(t, w.loan(id).Check())
		}
		for _, v := range w.loan(id).Lots {
			require.Equal(t, v.Units, v.Paid[lending.Principal])
		}
		w.reports()
	})
}
