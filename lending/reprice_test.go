package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Penalty interest at a share of the contract's rate keeps what days bore at a former rate, and adds what
// days bear at the new one, whether or not a day-end looks and a payment is found or reversed.
func TestPenaltyOverChangesOfRate(t *testing.T) {
	for rate, later := range map[string]int64{"0% per year": 0, "6% per year": 1, "12% per year": 2} {
		for _, looked := range []bool{false, true} {
			p := standard()
			p.Late = lending.Late{ContractPPM: 1_500_000, Round: money.HalfUp}
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob")
			id := w.lent(p, 1_000_000, 6, "12% per year", "bob")
			owed := func() int64 { return w.loan(id).Dues[0].Owed[lending.Penalty] }
			w.day = w.loan(id).Dues[0].Date.AddDays(20)
			w.dayEnd()
			first := owed()
			require.Positive(t, first)
			do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 6, Rate: schedule.MustRate(rate)})
			w.day = w.day.AddDays(10)
			if looked {
				do(w, timer, lending.EndDay{Loan: id})
			}
			w.deposit("ann", amt(1, cny))
			do(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(1, cny), Value: w.day.AddDays(-5), Reason: "found"})
			do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
			do(w, timer, lending.EndDay{Loan: id})
			require.InDelta(t, first+first*later/4, owed(), 1, "%s, %t", rate, looked)
			do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 6, Rate: schedule.MustRate("12% per year")})
			w.day = w.day.AddDays(10)
			do(w, timer, lending.EndDay{Loan: id})
			require.InDelta(t, first+first*later/4+first/2, owed(), 2, "%s, %t", rate, looked)
		}
	}
}
