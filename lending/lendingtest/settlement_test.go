package lendingtest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/schedule/money"
)

// ours shares as the library does.
func ours(claims, payments []int64) ([][]int64, error) {
	var a money.Apportioner
	var out [][]int64
	paid, sum := make([]int64, len(claims)), int64(0)
	for _, n := range payments {
		sum += n
		shares, err := a.Share(nil, paid, claims, sum)
		if err != nil {
			return nil, err
		}
		for i, x := range shares {
			paid[i] += x
		}
		out = append(out, shares)
	}
	return out, nil
}

func TestOursDistributes(t *testing.T) { lendingtest.RunDistribution(t, ours) }

// Our waterfall on one component of several instalments.
func TestOursTakesUp(t *testing.T) {
	lendingtest.RunWaterfall(t, func(owed []int64, payment int64) ([]int64, int64, error) {
		var rows []lending.Debt
		for i, n := range owed {
			rows = append(rows, lending.Debt{Instalment: i, Component: lending.Principal, Age: lending.AgePastDue, Minor: n})
		}
		parts, rest := lending.CivilCode561().Allocate(nil, rows, payment)
		paid := make([]int64, len(owed))
		for _, p := range parts {
			paid[p.Instalment] += p.Minor
		}
		return paid, rest, nil
	})
}

// seek looks for what a broken way breaks, over lives drawn as RunDistribution draws them.
func TestEveryBrokenAllocatorIsKilled(t *testing.T) {
	for _, b := range lendingtest.BrokenAllocators() {
		t.Run(b.Name, func(t *testing.T) {
			found := map[lendingtest.Invariant]bool{}
			for range 5 {
				rapid.Check(t, func(t *rapid.T) {
					claims, payments := lendingtest.DrawLife(t)
					var v *lendingtest.Violation
					if errors.As(lendingtest.TryDistribution(b.Share, claims, payments), &v) {
						found[v.Invariant] = true
						if !slices.Contains(b.Breaks, v.Invariant) {
							t.Fatalf("%v", v)
						}
					}
				})
			}
			require.NotEmpty(t, found, "nothing found it")
		})
	}
}

func TestEveryBrokenWaterfallIsKilled(t *testing.T) {
	for _, b := range lendingtest.BrokenWaterfalls() {
		t.Run(b.Name, func(t *testing.T) {
			found := false
			rapid.Check(t, func(t *rapid.T) {
				owed := rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 6).Draw(t, "owed")
				payment := rapid.Int64Range(0, 40).Draw(t, "payment")
				paid, rest, err := b.Take(owed, payment)
				require.NoError(t, err)
				var v *lendingtest.Violation
				if errors.As(lendingtest.CheckWaterfall(lendingtest.Taking{Owed: owed, Payment: payment, Paid: paid, Rest: rest}), &v) {
					found = true
					if !slices.Contains(b.Breaks, v.Invariant) {
						t.Fatalf("%v", v)
					}
				}
			})
			require.True(t, found)
		})
	}
}

func TestConservationFindsWhatIsLost(t *testing.T) {
	leg := func(entry int, book, account string, debit int64) lendingtest.Posting {
		return lendingtest.Posting{Entry: entry, Book: book, Account: account, Currency: "CNY", Debit: debit}
	}
	floors := map[string]lendingtest.Floor{"wallet": lendingtest.Liability(0), "bank": lendingtest.Asset(0)}
	good := []lendingtest.Posting{leg(1, "client", "bank", 5), leg(1, "client", "wallet", -5),
		leg(2, "client", "wallet", 5), leg(2, "client", "bank", -5)}
	require.NoError(t, lendingtest.CheckConservation(good, floors))
	for want, rows := range map[lendingtest.Invariant][]lendingtest.Posting{
		lendingtest.BooksBalance: {leg(1, "client", "bank", 5), leg(1, "client", "wallet", -4)},
		lendingtest.BooksApart:   {leg(1, "client", "bank", 5), leg(1, "platform", "income", -5)},
		lendingtest.BooksFloor:   {leg(1, "client", "wallet", 1), leg(1, "client", "other", -1)},
	} {
		var v *lendingtest.Violation
		require.True(t, errors.As(lendingtest.CheckConservation(rows, floors), &v), want)
		require.Equal(t, want, v.Invariant)
	}
	other := append(slices.Clone(good), lendingtest.Posting{Entry: 3, Book: "client", Account: "bank", Currency: "USD", Debit: 1},
		leg(3, "client", "wallet", -1))
	require.Error(t, lendingtest.CheckConservation(other, floors), "two currencies do not balance each other")
}

// A check names each invariant that it can find, on a case made for it.
func TestDistributionNamesWhatIsBroken(t *testing.T) {
	life := func(claims, payments []int64, shares ...[]int64) error {
		return lendingtest.CheckDistribution(lendingtest.Distribution{Claims: claims, Payments: payments, Shares: shares})
	}
	require.NoError(t, life([]int64{1, 2}, []int64{1, 2}, []int64{0, 1}, []int64{1, 1}))
	for _, c := range []struct {
		want lendingtest.Invariant
		err  error
	}{
		{lendingtest.SharesSum, life([]int64{1, 2}, []int64{2}, []int64{0, 1})},
		{lendingtest.SharesSum, life([]int64{1, 2}, []int64{4}, []int64{1, 3})},
		{lendingtest.SharesSum, life(nil, nil)},
		{lendingtest.SharesSum, life([]int64{-1, 2}, nil)},
		{lendingtest.SharesPositive, life([]int64{1, 2}, []int64{1}, []int64{-1, 2})},
		{lendingtest.SharesFair, life([]int64{2, 2, 4}, []int64{4}, []int64{2, 0, 2})},
		{lendingtest.SharesWhole, life([]int64{1, 2}, []int64{3}, []int64{2, 1})},
	} {
		var v *lendingtest.Violation
		require.True(t, errors.As(c.err, &v), "%s", c.want)
		require.Equal(t, c.want, v.Invariant, "%v", v)
	}
	require.Len(t, lendingtest.Invariants(), 10)
}
