package lending_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// rankOracle pays unit by unit: each goes to the first rank that lacks one of its share, and to the last if
// none does. A share is the least whole number that is not below the exact one, of what is left for the
// rank and those behind it.
func rankOracle(weights, paid []int64, total, minor int64) []int64 {
	shares := make([]int64, len(weights))
	left := big.NewRat(total, 1)
	for k := range weights {
		var behind int64
		for _, w := range weights[k:] {
			behind += w
		}
		exact := new(big.Rat).Mul(left, big.NewRat(weights[k], behind))
		whole := new(big.Int).Quo(exact.Num(), exact.Denom())
		if !exact.IsInt() {
			whole.Add(whole, big.NewInt(1))
		}
		shares[k] = whole.Int64()
		left.Sub(left, new(big.Rat).SetInt(whole))
	}
	gets := make([]int64, len(weights))
	for range minor {
		k := 0
		for k < len(weights)-1 && paid[k]+gets[k] >= shares[k] {
			k++
		}
		gets[k]++
	}
	return gets
}

// A payment is divided among ranks as the oracle does, whatever they had before.
func TestByRankOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "ranks")
		weights := rapid.SliceOfN(rapid.Int64Range(1, 60), n, n).Draw(t, "weights")
		paid := rapid.SliceOfN(rapid.Int64Range(0, 90), n, n).Draw(t, "paid")
		total, minor := rapid.Int64Range(0, 400).Draw(t, "total"), rapid.Int64Range(0, 200).Draw(t, "minor")
		require.Equal(t, rankOracle(weights, paid, total, minor), lending.ByRank(weights, paid, total, minor))
	})
}

// Shares by rank sum to the total, never fall when it grows, are less than a minor unit above the exact
// ones, and below by less than one for each rank, and exact where all principal is shared.
func TestRankShares(t *testing.T) {
	sum := func(ns []int64) (sum int64) {
		for _, n := range ns {
			sum += n
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(1, 1<<40), 1, 4).Draw(t, "weights")
		whole := sum(weights)
		total := rapid.Int64Range(0, whole).Draw(t, "total")
		shares, more := lending.RankShares(weights, total), lending.RankShares(weights, total+1)
		require.Equal(t, total, sum(shares))
		for k, n := range shares {
			exact := new(big.Rat).Mul(big.NewRat(total, 1), big.NewRat(weights[k], whole))
			off, _ := new(big.Rat).Sub(big.NewRat(n, 1), exact).Float64()
			require.Less(t, off, 1.0)
			require.Greater(t, off, -float64(k+1))
			require.LessOrEqual(t, n, more[k])
		}
		require.Equal(t, weights, lending.RankShares(weights, whole))
	})
}

// rankSums sums what lots of each rank received of a component.
func rankSums(l *lending.Loan, vs []lending.Vector, c lending.Component) (sums [lending.MaxRank + 1]int64) {
	for _, v := range vs {
		for i, n := range v.Shares {
			if v.Component == c {
				sums[l.Lots[i].Rank] += n
			}
		}
	}
	return sums
}

// dueWith is the last instalment that is due when one is paid.
func dueWith(l *lending.Loan, instalment int, e *lending.Repaid) int {
	for i := range l.Dues {
		if i > instalment && (e.Kind == lending.RecoveryPayment || !l.Dues[i].Date.After(e.On)) {
			instalment = i
		}
	}
	return instalment
}

// missedTo is what lenders miss of a component of the instalments up to one, on the loan's last day.
func missedTo(l *lending.Loan, instalment int, c lending.Component, e *lending.Repaid) (sum int64) {
	for i := range l.Dues[:instalment+1] {
		if c != lending.Fees && c != lending.Costs {
			sum += l.Dues[i].Missing()[c]
		}
	}
	for _, x := range l.Charges {
		if x.Component == c && x.Instalment <= instalment && x.Payee == lending.ToLenders && !x.On.After(e.On) {
			sum += x.Unpaid()
		}
	}
	return sum
}

// lendersParts are the parts of a payment that were the lenders', not those of covers and others.
func lendersParts(l *lending.Loan, e *lending.Repaid) []lending.Allocation {
	parts := slices.Clone(e.Parts)
	for _, a := range e.Advances {
		left, v := a.Minor, l.Advances[a.Index]
		for k := range parts {
			if p := &parts[k]; p.Charge == 0 && p.Instalment == v.Instalment && p.Component == v.Component {
				n := min(left, p.Minor)
				p.Minor -= n
				left -= n
			}
		}
	}
	return slices.DeleteFunc(parts, func(p lending.Allocation) bool {
		return p.Minor == 0 || p.Charge > 0 && l.Charges[p.Charge-1].Payee != lending.ToLenders
	})
}

// ranksOf are the weights of the ranks that there are in a component, what they were paid, and which they are.
func ranksOf(l *lending.Loan, c lending.Component) (weights, paid []int64, ranks []int) {
	for r := range lending.MaxRank + 1 {
		var w, had int64
		for _, x := range l.Lots {
			if x.Rank != r {
				continue
			}
			had += x.Paid[c]
			if w += x.Units; c == lending.Interest {
				w += x.Units * (x.Weight - 1)
			}
		}
		if w > 0 {
			weights, paid, ranks = append(weights, w), append(paid, had), append(ranks, r)
		}
	}
	return weights, paid, ranks
}

// requireRanked holds what a payment brought each rank against the oracle, part by part, on the loan before and
// after it.
func requireRanked(t require.TestingT, was, is *lending.Loan, e *lending.Repaid) {
	parts := lendersParts(is, e)
	for c := lending.Interest; c <= lending.Costs; c++ {
		weights, paid, ranks := ranksOf(was, c)
		want := make([]int64, len(paid))
		for k, p := range parts {
			if p.Component != c {
				continue
			}
			last := dueWith(is, p.Instalment, e)
			total := was.Received[c] + missedTo(is, last, c, e)
			for n, q := range parts {
				if q.Component == c && (q.Instalment <= last || n < k) {
					total += q.Minor
				}
			}
			for r, n := range rankOracle(weights, paid, total, p.Minor) {
				paid[r] += n
				want[r] += n
			}
		}
		got := rankSums(was, e.Vectors, c)
		for k, r := range ranks {
			require.Equal(t, want[k], got[r], "%s of rank %d", c, r)
		}
	}
}

// ranked lends 1,000.00 over four months, half each from bob and eve, with bob's lot behind eve's.
func rankedLoan(t require.TestingT, change func(*lending.Product)) (*world, lending.LoanID) {
	w, id := onAPar(t, change)
	do(w, party("bob"), lending.Subordinate{Loan: id, Lot: 0, Rank: 1})
	return w, id
}

// gained is what parties have more in their wallets than before.
func gained(w *world, act func(), ps ...lending.PartyID) (gains []int64) {
	for _, p := range ps {
		gains = append(gains, -w.wallet(p, cny).Available)
	}
	act()
	for i, p := range ps {
		gains[i] += w.wallet(p, cny).Available
	}
	return gains
}

// In shortage the senior lot has its part of an instalment before the junior one has any; once the
// instalment is paid both have the same. A loss falls on the junior lot, and a recovery comes to the
// senior one first.
func TestShortageFallsOnJuniors(t *testing.T) {
	w, id := rankedLoan(t, nil)
	due := w.loan(id).Dues[0]
	require.EqualValues(t, []int64{1_000, 24_628}, []int64{due.Owed[lending.Interest], due.Owed[lending.Principal]})
	w.day = due.Date
	pay := func(minor int64) []int64 {
		return gained(w, func() { w.repay(id, minor) }, "eve", "bob")
	}
	require.Equal(t, []int64{500, 300}, pay(800), "interest")
	require.Equal(t, []int64{5_800, 200}, pay(6_000))
	require.Equal(t, []int64{12_314 - 5_800, 12_314}, pay(due.Owed.Total()-6_800))
	w.day = w.loan(id).Dues[1].Date.AddDays(100)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
	w.deliver()
	l := w.loan(id)
	left := l.Lots[1].Units - l.Lots[1].Paid[lending.Principal]
	require.EqualValues(t, 37_686, left)
	w.repay(id, 37_000) // principal first: all of it is due
	l = w.loan(id)
	require.Equal(t, []int64{49_314, 12_314}, []int64{l.Lots[1].Paid[lending.Principal], l.Lots[0].Paid[lending.Principal]})
	w.repay(id, 3_000)
	l = w.loan(id)
	require.NoError(t, l.Check())
	require.Equal(t, []int64{50_000, 14_628}, []int64{l.Lots[1].Paid[lending.Principal], l.Lots[0].Paid[lending.Principal]})
	w.reports()
}

// While several instalments are due, or all of them, a junior lot has nothing of the first before the senior one
// has its share of all.
func TestSeniorsFirstInAllThatIsDue(t *testing.T) {
	principal := func(l *lending.Loan, lot int) int64 { return l.Lots[lot].Paid[lending.Principal] }
	for _, accelerated := range []bool{false, true} {
		w, id := rankedLoan(t, func(p *lending.Product) { p.Late.Penalty = schedule.MustRate("0% per year") })
		w.day = w.loan(id).Dues[1].Date
		senior := (w.loan(id).Dues[0].Owed[lending.Principal] + w.loan(id).Dues[1].Owed[lending.Principal] + 1) / 2
		if accelerated {
			senior = 50_000
			do(w, officer, lending.Accelerate{Loan: id, Reason: "default"})
		}
		interest := w.loan(id).Dues[0].Owed[lending.Interest] + w.loan(id).Dues[1].Owed[lending.Interest]
		w.repay(id, interest/2)
		for principal(w.loan(id), 1) < senior {
			require.Zero(t, principal(w.loan(id), 0))
			w.repay(id, min(5_000, senior-principal(w.loan(id), 1)))
		}
		require.NoError(t, w.loan(id).Check())
		w.closes(t, id)
	}
}

// A cover that does not suffice pays what the senior lot misses first; what the borrower pays then goes to the
// junior lot before it goes to the cover.
func TestCoverPaysSeniorsFirst(t *testing.T) {
	w, id := rankedLoan(t, func(p *lending.Product) {
		p.Covers = []lending.CoverTerms{{Name: "pot-b", Kind: lending.CoverProvisionFund, TriggerDays: 5}}
	})
	due := w.loan(id).Dues[0]
	require.EqualValues(t, 25_628, due.Owed.Total())
	w.deposit("pot-b", amt(13_000, cny))
	w.day = due.Date.AddDays(6)
	w.dayEnd() // principal first: 12,314 to eve, the rest to bob
	require.Equal(t, []int64{0, 12_314, 686}, []int64{w.wallet("pot-b", cny).Available, w.wallet("eve", cny).Available, w.wallet("bob", cny).Available})
	penalty, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	gains := gained(w, func() { w.repay(id, penalty.Minor()) }, "eve", "bob", "pot-b")
	late := penalty.Minor() - 25_628
	require.Equal(t, []int64{500 + (late+1)/2, 500 + 12_314 - 686 + late/2, 13_000}, gains)
	require.NoError(t, w.loan(id).Check())
	w.closes(t, id)
}

// A lot is sold at its rank or a later one; what is sold behind others is what the figures said, before and
// after.
func TestSoldByRank(t *testing.T) {
	w, id := rankedLoan(t, nil)
	sale := func(lot, rank int, units int64) error {
		return try(w, officer, sell{id, lending.Assignment{Lot: lot, Units: units, Rank: rank, To: "zoe"}})
	}
	require.ErrorIs(t, sale(0, 0, 20_000), lending.ErrLimit, "the buyer has to know the rank")
	require.ErrorIs(t, w.loan(id).Salable(lending.Assignment{Units: 1, To: "zoe"}, w.day), lending.ErrLimit)
	require.NoError(t, sale(0, 1, 20_000))
	require.ErrorIs(t, sale(2, 1, 20_000), lending.ErrState, "zoe has it")
	part := lending.Assignment{Lot: 1, Units: 10_000, Rank: 3, To: "zoe"}
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, 20_000) // eve has all of hers, the others a part of theirs
	require.ErrorIs(t, sale(1, 3, 10_000), lending.ErrState)
	require.ErrorIs(t, w.loan(id).Salable(part, w.day), lending.ErrState)
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	want, err := w.loan(id).LotDues(part, w.day)
	require.NoError(t, err)
	require.NoError(t, sale(1, 3, 10_000))
	l := w.loan(id)
	require.Equal(t, []int{1, 0, 1, 3}, []int{l.Lots[0].Rank, l.Lots[1].Rank, l.Lots[2].Rank, l.Lots[3].Rank})
	got, err := l.LotDues(lending.Assignment{Lot: 3, Units: 10_000}, w.day)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, l.Check())
	for lot, x := range l.Lots {
		dues, err := l.LotDues(lending.Assignment{Lot: lot, Units: x.Units}, w.day)
		require.NoError(t, err)
		left := x.Units - x.Paid[lending.Principal]
		for _, d := range dues {
			left -= d.Principal
		}
		require.Zero(t, left, "lot %d", lot)
	}
	w.closes(t, id)
}

// Claims are ranked by their holders, where the product allows it, never upwards, while nothing is overdue, and
// are then not divided by term or moved out.
func TestSubordinateRefuses(t *testing.T) {
	w, id := rankedLoan(t, nil)
	behind := func(who lending.PartyID, lot, rank int) error {
		return try(w, party(who), lending.Subordinate{Loan: id, Lot: lot, Rank: rank})
	}
	require.ErrorIs(t, behind("bob", 1, 1), lending.ErrActor, "eve's")
	require.ErrorIs(t, behind("bob", 2, 1), lending.ErrUnknown)
	require.ErrorIs(t, behind("bob", -1, 1), lending.ErrUnknown)
	require.ErrorIs(t, behind("bob", 0, 0), lending.ErrTerms)
	require.ErrorIs(t, behind("bob", 0, 1), lending.ErrTerms)
	require.ErrorIs(t, behind("bob", 0, lending.MaxRank+1), lending.ErrLimit)
	require.ErrorIs(t, try(w, party("bob"), lending.Subordinate{Loan: "L9", Rank: 1}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, officer, sell{id, lending.Assignment{Lot: 0, Units: 1, Rank: -1, To: "zoe"}}), lending.ErrTerms)
	require.ErrorIs(t, try(w, officer, divide{id, 2}), lending.ErrState)
	span := lending.Assignment{Lot: 1, Units: 50_000, Span: lending.Span{From: 2}, To: "zoe"}
	require.ErrorIs(t, try(w, officer, sell{id, span}), lending.ErrState)
	span.Rank = 1
	require.ErrorIs(t, try(w, officer, sell{id, span}), lending.ErrTerms)
	b, err := w.desk.LiveBook(t.Context(), w.day)
	require.NoError(t, err)
	require.EqualValues(t, "claims-by-rank", b.LeftLoans[0].Why)
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, 100)
	w.day = w.day.AddDays(1)
	require.ErrorIs(t, behind("eve", 1, 1), lending.ErrState, "owes what is due")
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	require.NoError(t, behind("eve", 1, 2), "all lots behind")
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"}), lending.ErrState, "sealed")
	w.closes(t, id)

	p := rich()
	id = w.lent(p, 100_000, 4, "12% per year", "bob", "eve")
	require.ErrorIs(t, behind("bob", 0, 1), lending.ErrTerms, "its product does not allow it")
	p.ID, p.Transfers.ByRank = "both", true
	id = w.lent(p, 100_000, 4, "12% per year", "bob", "eve")
	do(w, officer, divide{id, 2})
	require.ErrorIs(t, behind("bob", 0, 1), lending.ErrState)
}

// A payment that pays one fee of all instalments before the next fee of any is divided part by part: what it
// has brought on later instalments counts as received.
func TestRankedFeesOutOfOrder(t *testing.T) {
	w, id := rankedLoan(t, func(p *lending.Product) {
		p.Late.GraceDays, p.Waterfall.ByBucket = 0, true
		p.Waterfall.Order = nil
		for _, fee := range []lending.Code{"late-a", "late-b"} {
			f := platformFee(lending.WhenLate, lending.OnUnpaid, 20_001)
			f.ID, f.Payee = fee, lending.ToLenders
			p.Fees = append(p.Fees, f)
			p.Waterfall.Order = append(p.Waterfall.Order, lending.Bucket{Component: lending.Fees, Fee: fee})
		}
		for _, c := range []lending.Component{lending.Costs, lending.Penalty, lending.Interest, lending.Principal, lending.Fees} {
			p.Waterfall.Order = append(p.Waterfall.Order, lending.Bucket{Component: c})
		}
	})
	w.day = w.loan(id).Dues[2].Date.AddDays(3)
	w.dayEnd()
	for _, minor := range []int64{700, 901, 77, 500} {
		was := w.loan(id)
		e := w.repay(id, minor)
		inOrder := slices.IsSortedFunc(e.Parts, func(a, b lending.Allocation) int { return a.Instalment - b.Instalment })
		require.Equal(t, minor != 901, inOrder)
		requireRanked(t, was, w.loan(id), &e)
	}
	require.NoError(t, w.loan(id).Check())
	w.closes(t, id)
}
