package guarantee_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// A fund's queue is a list: demands join at the end, change in place, and leave at zero.
func TestQueueIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f guarantee.Fund
		var want []guarantee.Demand
		for range rapid.IntRange(0, 300).Draw(t, "events") {
			k := guarantee.Key{Loan: rapid.SampledFrom([]lending.LoanID{"a", "b", "c"}).Draw(t, "loan"),
				Instalment: rapid.IntRange(0, 40).Draw(t, "instalment")}
			i := slices.IndexFunc(want, func(d guarantee.Demand) bool { return d.Key == k })
			minor := rapid.Int64Range(0, 5).Draw(t, "minor")
			if rapid.Bool().Draw(t, "demand") {
				guarantee.FundDemanded{Key: k, Minor: minor}.Apply(&f)
				if i < 0 {
					want = append(want, guarantee.Demand{Key: k})
					i = len(want) - 1
				}
			} else {
				guarantee.FundSettled{Paid: []guarantee.Settled{{Key: k, Left: minor}}}.Apply(&f)
			}
			if i < 0 {
				continue
			}
			if want[i].Minor = minor; minor == 0 {
				want = slices.Delete(want, i, i+1)
			}
		}
		got := slices.Collect(f.Queue.All())
		require.Equal(t, len(want), f.Queue.Len())
		require.True(t, slices.Equal(want, got), "%v, want %v", got, want)
		require.NoError(t, f.Check())
	})
}

// The next settlement is the first of all settlement dates that is not before the day.
func TestSettlementDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opened := civil.MustParse("2024-01-31").AddDays(rapid.IntRange(0, 60).Draw(t, "opened"))
		every := rapid.SampledFrom([]schedule.Frequency{schedule.Days(1), schedule.Days(10), schedule.Weeks(2),
			schedule.Months(1), schedule.Months(3)}).Draw(t, "every")
		on := opened.AddDays(rapid.IntRange(-10, 1500).Draw(t, "days"))
		n := 0
		for every.After(opened, n).Before(on) {
			n++
		}
		require.Equal(t, every.After(opened, n), guarantee.Settlement(opened, every, on))
	})
	end := civil.MustParse("9999-12-31")
	require.Equal(t, end, guarantee.Settlement(civil.MustParse("2024-01-31"), schedule.Months(7), end))
}
