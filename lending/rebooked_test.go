package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
)

// A charge that was levied before a payment was found, or found wrong, changes nothing about that: the
// worlds come to be the same, or the loan was accelerated by rule meanwhile, the charge has made that
// stand, and it is too late.
func TestRebookedAfterALevy(t *testing.T) {
	t.Parallel()
	same := 0
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Late.AccelerateDays = rapid.IntRange(1, 60).Draw(t, "soon accelerated")
		v := newTwinLife(t, p)
		v.levies = true
		if v.live(t) {
			same++
		}
	})
	require.GreaterOrEqual(t, same, runs()/20)
}

// twoLateFees draws a product with late fees once and by the day, each with a minimum and a maximum.
func twoLateFees(t *rapid.T) lending.Product {
	p := twinProduct(t)
	bases := []lending.Base{lending.OnUnpaid, lending.OnInterest, lending.OnAmount, lending.OnOutstanding}
	once := platformFee(lending.WhenLate, draw(t, "once on", bases), rapid.Int64Range(1, 50_000).Draw(t, "once"))
	day := platformFee(lending.WhenLate, draw(t, "by the day on", bases), rapid.Int64Range(1, 5_000).Draw(t, "by the day"))
	day.Per = lending.PerDay
	for i, f := range []*lending.Fee{&once, &day} {
		f.ID = []lending.Code{"once", "by-day"}[i]
		f.Min = rapid.Int64Range(0, 900).Draw(t, "least")
		f.Max = f.Min + rapid.Int64Range(0, 2_000).Draw(t, "above it")
		f.Payee = draw(t, "fee to", []lending.Payee{lending.ToPlatform, lending.ToLenders})
	}
	p.Fees = []lending.Fee{once, day}
	p.Waterfall = drawWaterfall(t)
	p.Waterfall.ByBucket = rapid.Bool().Draw(t, "whole buckets")
	return p
}

// Where a new plan has two instalments fall due on one day, for which late fees are charged once, payments
// that are found and taken back leave the books as if that had been known.
func TestRebookedOnASharedDueDate(t *testing.T) {
	t.Parallel()
	same := 0
	rapid.Check(t, func(t *rapid.T) {
		v := newTwinLife(t, twoLateFees(t))
		days := rapid.IntRange(1, 45).Draw(t, "days before")
		c := lending.Restructure{Reason: "agreed", Periods: rapid.IntRange(1, 5).Draw(t, "new periods"),
			ReAge: rapid.Bool().Draw(t, "re-age")}
		for _, w := range []*knower{v.a, v.b} {
			w.day = w.day.AddDays(days)
			c.Loan = w.id
			if try(w.world, officer, c) != nil {
				return // everything is past due
			}
		}
		if shared(v.a.loan(v.a.id)) && v.live(t) {
			same++
		}
	})
	require.GreaterOrEqual(t, same, runs()/20)
}

// shared reports whether two instalments that are unpaid fall due on one day.
func shared(l *lending.Loan) bool {
	for i := 1; i < len(l.Dues); i++ {
		a, b := &l.Dues[i-1], &l.Dues[i]
		if a.Date == b.Date && a.Unpaid().Total() > 0 && b.Unpaid().Total() > 0 {
			return true
		}
	}
	return false
}

// A payoff that takes nothing any more, since an earlier one was found, is no payment any more: its money
// is the borrower's, nobody can take it back, and it stays away when the one that was found is reversed.
func TestRebookedPayOffTakesNothing(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	before, has := w.loan(w.id), w.wallet("ann", cny).Available
	first := w.day.AddDays(5)
	early, err := before.Payoff(first)
	require.NoError(t, err)
	w.day = w.day.AddDays(20)
	require.Equal(t, 1, do(w.world, party("ann"), lending.PayOff{Loan: w.id}).N)
	w.deliver()
	e := do(w.world, officer, lending.RepayAsOf{Loan: w.id, Amount: amt(early.Minor()+700, cny),
		Value: first, Reason: "found"})
	w.deliver()
	require.Equal(t, 1, e.Undone)
	require.Len(t, e.Again, 1)
	require.Equal(t, 2, e.Again[0].N)
	require.Equal(t, first, w.loan(w.id).Closed)
	require.Equal(t, has-early.Minor(), w.wallet("ann", cny).Available)
	reverse := lending.ReversePayment{Loan: w.id, Payment: 1, Reason: "r"}
	require.ErrorIs(t, try(w.world, officer, reverse), lending.ErrState)
	called := lending.Chargeback{Loan: w.id, Payment: 1, Reason: "r"}
	require.ErrorIs(t, try(w.world, officer, called), lending.ErrState)
	reverse.Payment = 2
	do(w.world, officer, reverse)
	w.deliver()
	l := w.loan(w.id)
	require.Equal(t, lending.StateActive, l.State)
	require.Equal(t, before.Dues, l.Dues)
	require.Equal(t, has, w.wallet("ann", cny).Available)
	require.Equal(t, 3, do(w.world, party("ann"), lending.PayOff{Loan: w.id}).N)
	w.reports()
}
