package lending_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
)

// defaulted is how many loans are in default on the day, by the statement and by the curves.
func (w *world) defaulted(days int) int {
	r := w.reports()
	s, err := r.OutcomeStatement(cny, lending.ByYear, days, w.day)
	require.NoError(w.t, err)
	v, err := r.Vintages(cny, lending.ByMonth, days, w.day)
	require.NoError(w.t, err)
	require.Equal(w.t, s.Total.Defaulted, v.Lines[0].Defaulted)
	return s.Total.Defaulted.Loans
}

// What is paid on the last day is in time, what comes on the next is too late for ever.
func TestDefaultBeginsTheDayAfter(t *testing.T) {
	for late, want := range map[int]int{30: 0, 31: 1} {
		w := newWorld(t, lending.Config{}).with("ann", "bob")
		id := w.lent(standard(), 100_000, 1, "12% per year", "bob")
		due := w.loan(id).Dues[0]
		w.day = due.Date.AddDays(late)
		require.Equal(t, want, w.defaulted(30), "unpaid for %d days", late)
		w.repay(id, due.Owed.Total())
		w.day = w.day.AddDays(400)
		require.Equal(t, want, w.defaulted(30), "paid after %d days", late)
	}
}

// An instalment that is waived was unpaid until then.
func TestDefaultBeforeAWaiver(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	p := standard()
	p.Method = schedule.MethodInterestOnly
	id := w.lent(p, 100_000, 12, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(20)
	do(w, officer, lending.Waive{Loan: id, Instalment: 0, Component: lending.Interest, Reason: "goodwill"})
	require.Zero(t, w.loan(id).Dues[0].Unpaid().Total())
	require.Equal(t, 1, w.defaulted(19))
	require.Equal(t, 0, w.defaulted(20))
}

// Of eleven borrowers the ten who owe most are ten; a mark that is lifted is none.
func TestDisclosureOfManyBorrowers(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("bob")
	p := standard()
	do(w, officer, lending.DefineProduct{Product: p})
	for i := range 11 {
		who := lending.PartyID(fmt.Sprintf("ann-%d", i))
		w.register(who)
		a := amt(10_000+int64(i), cny)
		id := do(w, party(who), lending.Apply{Product: p.ID, Amount: a, Periods: 1}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: p.MinRate})
		do(w, officer, lending.Publish{Loan: id})
		w.deposit("bob", a)
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: a})
		do(w, officer, lending.ReviewFunding{Loan: id})
		do(w, cashier, lending.Disburse{Loan: id})
		w.deliver()
	}
	do(w, officer, lending.MarkRelated{Party: "ann-3"})
	do(w, officer, lending.MarkRelated{Party: "ann-4"})
	do(w, officer, lending.MarkRelated{Party: "ann-4", Lift: true})
	d, err := w.reports().Disclosure(cny, w.day)
	require.NoError(t, err)
	require.Equal(t, amt(110_055, cny), d.Outstanding.Amount)
	require.Equal(t, amt(100_055, cny), d.TopTen)
	require.Equal(t, amt(10_010, cny), d.Largest)
	require.Equal(t, lending.Volume{Loans: 1, Amount: amt(10_003, cny)}, d.Related)
}

// A rate is rounded once, a tie to the even one, on both sides of zero.
func TestRatesRoundTiesToEven(t *testing.T) {
	for part, want := range map[int64]int64{1: 0, 3: 2, 5: 2, 7: 4, -1: 0, -3: -2, -5: -2, 4: 2} {
		require.Equal(t, want, lending.PPM(ledger.Sum{}.Add(part), ledger.Sum{}.Add(2*lending.Million)), "%d", part)
	}
	require.Zero(t, lending.PPM(ledger.Sum{}.Add(5), ledger.Sum{}))
}
