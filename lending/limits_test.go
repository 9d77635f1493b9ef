package lending_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// A borrower has as many loans of a product open as it allows, whatever he has of others; what has
// ended no longer counts.
func TestMaxOpen(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "eve")
	p, q := standard(), standard()
	p.MaxOpen, q.ID = 2, "other"
	first := w.asked(p, 5000)
	w.asked(q, 5000)
	w.asked(q, 5000)
	second := w.asked(p, 5000)
	ask := lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1}
	refuse(w, party("ann"), ask, lending.ErrLimit)
	do(w, party("eve"), ask)
	do(w, analyst, lending.Approve{Loan: second, Rate: p.MinRate})
	do(w, officer, lending.Publish{Loan: second}) // it is one of the two
	do(w, party("ann"), lending.WithdrawApplication{Loan: first, Reason: "r"})
	do(w, party("ann"), ask)
	refuse(w, party("ann"), ask, lending.ErrLimit)
}

// What a borrower has asked for and owes stays within the product's limit, at application, when it
// comes back, and at publication.
func TestMaxExposure(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p, q := standard(), standard()
	p.MaxExposure, q.ID = amt(10_000, cny), "other"
	id := w.asked(p, 6000)
	ask := lending.Apply{Product: "std", Amount: amt(4001, cny), Periods: 1}
	refuse(w, party("ann"), ask, lending.ErrLimit)
	do(w, analyst, lending.ReferBack{Loan: id, Reason: "r"})
	refuse(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(10_001, cny)}, lending.ErrLimit)
	do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(10_000, cny)})
	require.Equal(t, int64(10_000), w.wallet("ann", cny).Debt())
	do(w, analyst, lending.Approve{Loan: id, Rate: p.MinRate})
	other := w.asked(q, 100) // the other product has no limit of its own
	refuse(w, officer, lending.Publish{Loan: id}, lending.ErrLimit)
	do(w, party("ann"), lending.WithdrawApplication{Loan: other, Reason: "r"})
	do(w, officer, lending.Publish{Loan: id})
	do(w, analyst, lending.AmendListing{Loan: id, Amount: amt(9000, cny)})
	require.Equal(t, int64(9000), w.wallet("ann", cny).Debt())
	do(w, officer, lending.Publish{Loan: id})
	w.deposit("bob", amt(9000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(9000, cny)})
	refuse(w, party("ann"), ask, lending.ErrLimit)
	w.reports()
}

// Whatever is asked for, withdrawn and declined in whatever order, a count by hand agrees with what
// is refused.
func TestLimitsAgainstCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{})
		w.register("ann")
		p := standard()
		p.MaxOpen, p.MaxExposure = rapid.IntRange(1, 3).Draw(t, "open"), amt(rapid.Int64Range(1000, 5000).Draw(t, "most"), cny)
		do(w, officer, lending.DefineProduct{Product: p})
		open, owed := map[lending.LoanID]int64{}, int64(0)
		for range rapid.IntRange(1, 10).Draw(t, "moves") {
			if ids := keysOf(open); len(ids) > 0 && rapid.Bool().Draw(t, "end one") {
				id := draw(t, "which", ids)
				if rapid.Bool().Draw(t, "declined") {
					do(w, analyst, lending.Decline{Loan: id, Reason: "r"})
				} else {
					do(w, party("ann"), lending.WithdrawApplication{Loan: id, Reason: "r"})
				}
				owed -= open[id]
				delete(open, id)
				continue
			}
			n := rapid.Int64Range(100, 3000).Draw(t, "amount")
			c := lending.Apply{Product: "std", Amount: amt(n, cny), Periods: 1}
			if len(open) >= p.MaxOpen || owed+n > p.MaxExposure.Minor() {
				refuse(w, party("ann"), c, lending.ErrLimit)
				continue
			}
			open[do(w, party("ann"), c).Loan] = n
			owed += n
		}
		require.Equal(t, owed, w.wallet("ann", cny).Debt())
		w.reports()
	})
}

func keysOf(m map[lending.LoanID]int64) []lending.LoanID { return slices.Sorted(maps.Keys(m)) }

// A rate that the product bears and the grade does not is refused.
func TestGradeBindsApproval(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := careful()
	p.Workflow, p.Documents = lending.Workflow{}, nil
	id := w.asked(p, 5000)
	for _, c := range []lending.Approve{
		{Loan: id, Rate: schedule.MustRate("21% per year"), Grade: "A1"},
		{Loan: id, Rate: schedule.MustRate("37% per year"), Grade: "A2"},
	} {
		refuse(w, analyst, c, lending.ErrLimit)
	}
	refuse(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("2% per year"), Grade: "A3"}, lending.ErrUnknown)
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("21% per year"), Grade: "A2"})
}
