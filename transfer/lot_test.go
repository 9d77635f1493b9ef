package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/transfer"
)

var methods = []schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
	schedule.MethodInterestOnly, schedule.MethodBullet}

// lots draws an active loan of three lenders on which something may be paid already.
func lots(t *rapid.T, w *world) lending.LoanID {
	p := standard()
	p.Method = rapid.SampledFrom(methods).Draw(t, "method")
	units := rapid.Int64Range(1, 5_000)
	id := w.lent(p, rapid.IntRange(2, 8).Draw(t, "periods"), "9% per year", map[lending.PartyID]int64{
		"bob": 1_000 + units.Draw(t, "bob"), "eve": units.Draw(t, "eve"), "dan": units.Draw(t, "dan")})
	if rapid.Bool().Draw(t, "paid") {
		w.day = w.day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		w.repay(id, rapid.Int64Range(1, 800).Draw(t, "payment"))
	}
	return id
}

// The claim of a part of a lot is what its buyer is really paid, instalment by instalment, and the
// claims of all lots are what the loan owes.
func TestOfLotIsWhatIsPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{}, "ann", "bob", "eve", "dan", "zoe")
		id := lots(t, w)
		l := w.loan(id)
		lot := rapid.IntRange(0, 2).Draw(t, "lot")
		units := rapid.Int64Range(1, l.Lots[lot].Units).Draw(t, "units")
		var all int64
		for n := range l.Lots {
			if c, err := transfer.OfLot(l, lending.Assignment{Lot: n, Units: l.Lots[n].Units}, w.day); err == nil {
				all += c.Principal()
				require.LessOrEqual(t, c.Accrued, l.Plan.TotalInterest().Minor())
			}
		}
		require.Equal(t, l.Outstanding().Minor(), all, "claims of all lots")
		c, err := transfer.OfLot(l, lending.Assignment{Lot: lot, Units: units}, w.day)
		if err != nil {
			require.ErrorIs(t, err, transfer.ErrClaim)
			return
		}
		do(w, officer, give{id, lending.Assignment{Lot: lot, Units: units, To: "zoe", Compelled: true}})
		l = w.loan(id)
		var rows []transfer.Row
		for i := range l.Dues {
			if w.day.Before(l.Dues[i].Date) {
				w.day = l.Dues[i].Date
			}
			had := w.free("zoe")
			if n := l.Dues[i].Unpaid().Total(); n > 0 {
				w.repay(id, n)
			}
			if got := w.free("zoe") - had; got > 0 {
				rows = append(rows, transfer.Row{Due: l.Dues[i].Date, Principal: got})
			}
		}
		want := c.Rows
		for i, r := range want {
			want[i] = transfer.Row{Due: r.Due, Principal: r.Principal + r.Interest}
		}
		require.Equal(t, want, rows)
	})
}

// What is accrued runs from nothing to the whole of the running instalment.
func TestOfLotAccrues(t *testing.T) {
	w := newWorld(t, lending.Config{}, "ann", "bob", "eve")
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00, "eve": 2_000_00})
	l := w.loan(id)
	last := int64(-1)
	for d := range 29 {
		c, err := transfer.OfLot(l, lending.Assignment{Lot: 0, Units: 10_000_00}, w.day.AddDays(d))
		require.NoError(t, err)
		require.Greater(t, c.Accrued, last)
		last = c.Accrued
	}
	require.Equal(t, int64(100_00), last, "a month of 1% on 10,000")
	_, err := transfer.OfLot(l, lending.Assignment{Lot: 2, Units: 1}, w.day)
	require.ErrorIs(t, err, lending.ErrLimit)
	_, err = transfer.OfLot(l, lending.Assignment{Lot: 0, Units: 10_000_01}, w.day)
	require.ErrorIs(t, err, lending.ErrLimit)
	_, err = transfer.OfLot(l, lending.Assignment{Lot: 0, Units: 0}, w.day)
	require.ErrorIs(t, err, lending.ErrLimit)
	w.day = w.day.AddDays(5)
	w.repay(id, 1)
	_, err = transfer.OfLot(w.loan(id), lending.Assignment{Lot: 0, Units: 1_00}, w.day.AddDays(-1))
	require.ErrorIs(t, err, lending.ErrDate, "a day before what the loan has seen")
	_, err = transfer.OfLot(&lending.Loan{ID: "L", State: lending.StateClosed}, lending.Assignment{Units: 1}, w.day)
	require.ErrorIs(t, err, lending.ErrState)
}
