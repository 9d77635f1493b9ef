package lendingtest_test

import (
	"errors"
	"fmt"
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

// The case of each broken way is what that way does with its figures, and the check finds it.
func TestEveryBrokenWayFailsOnItsCase(t *testing.T) {
	names := map[string]bool{}
	named := func(t *testing.T, name string, breaks lendingtest.Invariant, among []lendingtest.Invariant, found error) {
		t.Helper()
		var v *lendingtest.Violation
		require.True(t, errors.As(found, &v), "the check finds nothing")
		require.Equal(t, breaks, v.Invariant, "%v", v)
		require.Contains(t, among, breaks)
		require.False(t, names[name] || name == "", "%q is no name of its own", name)
		names[name] = true
	}
	for _, b := range lendingtest.BrokenAllocators() {
		t.Run(b.Name, func(t *testing.T) {
			c := b.Case.Figures
			named(t, b.Case.Name, b.Case.Breaks, b.Breaks, lendingtest.CheckDistribution(c))
			shares, err := b.Share(slices.Clone(c.Claims), slices.Clone(c.Payments))
			require.NoError(t, err)
			require.Equal(t, c.Shares, shares)
			right, err := ours(c.Claims, c.Payments)
			require.NoError(t, err)
			require.NoError(t, lendingtest.CheckDistribution(lendingtest.Distribution{Claims: c.Claims, Payments: c.Payments, Shares: right}))
		})
	}
	for _, b := range lendingtest.BrokenWaterfalls() {
		t.Run(b.Name, func(t *testing.T) {
			c := b.Case.Figures
			named(t, b.Case.Name, b.Case.Breaks, b.Breaks, lendingtest.CheckWaterfall(c))
			paid, rest, err := b.Take(slices.Clone(c.Owed), c.Payment)
			require.NoError(t, err)
			require.Equal(t, c, lendingtest.Taking{Owed: c.Owed, Payment: c.Payment, Paid: paid, Rest: rest})
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

// What is no life, or gives more than is held, is told in words that say so.
func TestDistributionTellsWhatIsTooMuch(t *testing.T) {
	for _, c := range []struct {
		claims, payments []int64
		shares           [][]int64
		want             string
	}{
		{[]int64{100, 100}, []int64{150, 60}, [][]int64{{75, 75}, {30, 30}}, "shares-sum: payment 1 of 60 is more than all lots still hold: 50"},
		{[]int64{100, 100}, []int64{150}, [][]int64{{101, 49}}, "shares-fair: after payment 0 lot 0 has 101, more than it holds: 100"},
		{[]int64{100, 100}, []int64{200}, [][]int64{{101, 99}}, "shares-whole: all is paid, and lot 0 has 101 of 100"},
		{[]int64{100, 100}, []int64{50}, [][]int64{{60, -10}}, "shares-sum: payment 0 of 50 gives lot 0 more: 60"},
		{[]int64{100, 100}, []int64{-1}, [][]int64{{0, -1}}, "shares-sum: payment 0 is below zero: -1"},
		{[]int64{100, 100}, []int64{1}, [][]int64{{1}}, "shares-sum: payment 0 has 1 shares for 2 lots"},
		{[]int64{100, 100}, []int64{1}, nil, "shares-sum: 1 payments have shares of 0"},
		{[]int64{0, 0}, nil, nil, "shares-sum: claims must sum to more than zero: nobody holds anything"},
		{[]int64{1 << 53, 1}, nil, nil, "shares-sum: claims must be from 0 to 2^53 in all: claim of lot 1 is 1"},
	} {
		err := lendingtest.CheckDistribution(lendingtest.Distribution{Claims: c.claims, Payments: c.payments, Shares: c.shares})
		require.EqualError(t, err, "lendingtest: "+c.want)
	}
}

// Each way of sharing that was seen to fail comes with a case that shows it. Three lenders hold 3, 3
// and 1; 3 are paid, then 1 more: by the largest remainders of what is paid in all, the third lender
// first gets a unit and then has to give it back.
func ExampleBrokenAllocators() {
	for _, broken := range lendingtest.BrokenAllocators() {
		c := broken.Case.Figures
		fmt.Printf("%s: %s\n  %d hold, %d paid, shares %d\n  %v\n", broken.Name, broken.Case.Name,
			c.Claims, c.Payments, c.Shares, lendingtest.CheckDistribution(c))
	}
	// Output:
	// each share rounded alone: halves are both rounded up
	//   [100 100] hold, [25] paid, shares [[13 13]]
	//   lendingtest: shares-sum: payment 0 of 25 gives 26
	// rounded down, the rest kept: a third each, and a cent stays
	//   [100 100 100] hold, [100] paid, shares [[33 33 33]]
	//   lendingtest: shares-sum: payment 0 of 100 gives 99
	// rounded down, the rest to the first: a third each, twice, and the first gains twice
	//   [100 100 100] hold, [100 100] paid, shares [[34 33 33] [34 33 33]]
	//   lendingtest: shares-fair: after payment 1 lot 0 has 68, its share is 66 and 200/300
	// rounded down, the rest to the last: a third each, twice, and the last gains twice
	//   [100 100 100] hold, [100 100] paid, shares [[33 33 34] [33 33 34]]
	//   lendingtest: shares-fair: after payment 1 lot 2 has 68, its share is 66 and 200/300
	// largest remainder of each payment: the same remainder is the largest each time
	//   [100 50] hold, [2 2 2] paid, shares [[1 1] [1 1] [1 1]]
	//   lendingtest: shares-fair: after payment 2 lot 0 has 3, its share is 4 and 0/150
	// largest remainder of running totals: the small lot has to give back
	//   [3 3 1] hold, [3 1] paid, shares [[1 1 1] [1 1 -1]]
	//   lendingtest: shares-positive: payment 1 asks 1 back from lot 2
	// equal parts whatever the claims: half to a lot that holds a quarter
	//   [300 100] hold, [100] paid, shares [[50 50]]
	//   lendingtest: shares-fair: after payment 0 lot 0 has 50, its share is 75 and 0/400
	// a unit too many: half each, and a cent from nowhere
	//   [100 100] hold, [100] paid, shares [[51 50]]
	//   lendingtest: shares-sum: payment 0 of 100 gives 101
}

// Each way of taking a payment up that was seen to fail comes with a case that shows it.
func ExampleBrokenWaterfalls() {
	for _, broken := range lendingtest.BrokenWaterfalls() {
		c := broken.Case.Figures
		fmt.Printf("%s: %s\n  owed %d, payment %d, paid %d, left %d\n  %v\n", broken.Name, broken.Case.Name,
			c.Owed, c.Payment, c.Paid, c.Rest, lendingtest.CheckWaterfall(c))
	}
	// Output:
	// pays debts of nothing first: 300 for a debt of nothing
	//   owed [0 500], payment 300, paid [300 0], left 0
	//   lendingtest: parts-bound: debt 0 of 0 is paid 300
	// last debt first: the second is paid, the first stays open
	//   owed [100 200], payment 150, paid [0 150], left 0
	//   lendingtest: parts-order: debt 1 is paid while debt 0 is open
	// in proportion: half of both
	//   owed [100 300], payment 200, paid [50 150], left 0
	//   lendingtest: parts-order: debt 1 is paid while debt 0 is open
	// forgets what is left over: 50 are gone
	//   owed [100 200], payment 350, paid [100 200], left 0
	//   lendingtest: parts-sum: a payment of 350 leaves 50, not 0
	// skips what it cannot pay in full: the larger debt is passed over
	//   owed [200 100], payment 150, paid [0 100], left 50
	//   lendingtest: parts-order: debt 1 is paid while debt 0 is open
}
