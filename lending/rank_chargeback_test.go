package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// backOracle takes a component back from ranks unit by unit: each from the last one that has more than the
// ranks would give it of what is left, had that come at once.
func backOracle(weights, paid []int64, missing, minor int64) []int64 {
	left := -minor
	for _, n := range paid {
		left += n
	}
	keeps := rankOracle(weights, make([]int64, len(paid)), left+missing, left)
	gives := make([]int64, len(paid))
	for range minor {
		k := len(paid) - 1
		for paid[k]-gives[k] <= keeps[k] {
			k--
		}
		gives[k]++
	}
	return gives
}

// requireCalledBack holds what each rank gave back against the oracle, on the loan before and after; that every
// lot's claim grew by what it gave back; and that no lot is charged more in fees than it kept.
func requireCalledBack(t require.TestingT, was, is *lending.Loan, e *lending.CalledBack) {
	var back lending.Components
	for _, p := range e.Parts {
		if p.Charge == 0 || was.Charges[p.Charge-1].Payee == lending.ToLenders {
			back[p.Component] += p.Minor
		}
	}
	due := dueWith(is, -1, &lending.Repaid{On: e.On})
	for c := lending.Interest; c <= lending.Costs; c++ {
		weights, paid, ranks := ranksOf(was, c)
		missing := missedTo(is, due, c, &lending.Repaid{On: e.On})
		want := backOracle(weights, paid, missing, back[c])
		got := rankSums(was, e.Vectors, c)
		for k, r := range ranks {
			require.Equal(t, want[k], got[r], "%s of rank %d", c, r)
		}
		require.Equal(t, was.Received[c]-back[c], is.Received[c])
	}
	for i := range was.Lots {
		x, y := &was.Lots[i], &is.Lots[i]
		var gave int64
		for _, v := range e.Vectors {
			gave += v.Shares[i]
			require.GreaterOrEqual(t, v.Shares[i], -1-was.Drift[v.Component], "lot %d: what rounding moves", i)
			require.Equal(t, x.Paid[v.Component]-v.Shares[i], y.Paid[v.Component])
		}
		require.Equal(t, x.Paid.Total()-gave, y.Paid.Total())
		if onceFees(was, i) <= x.Paid.Total() {
			require.LessOrEqual(t, onceFees(is, i), y.Paid.Total(), "lot %d", i)
		}
		require.LessOrEqual(t, y.FeesPaid(), x.FeesPaid(), "lot %d", i)
	}
}

// onceFees is what a lot is charged in fees on payments that are not for the time.
func onceFees(l *lending.Loan, lot int) (sum int64) {
	k := 0
	for _, f := range l.Product.Fees {
		if f.Timing != lending.AtPayout {
			continue
		}
		if f.Per == lending.Once {
			sum += l.Lots[lot].Fees[k].Charged
		}
		k++
	}
	return sum
}

// A payment from before claims were ranked bounces: the borrower's bank takes it back, each holder gives back
// what he had of it, and it is owed with the next instalment; in shortage then, the senior lot comes first.
func TestChargebackOfAPaymentBeforeRanks(t *testing.T) {
	w, id := onAPar(t, nil)
	w.day = w.loan(id).Dues[0].Date
	due := w.loan(id).Dues[0].Owed.Total()
	require.Equal(t, []int64{12_814, 12_814}, gained(w, func() { w.repay(id, due) }, "eve", "bob"))
	do(w, party("bob"), lending.Subordinate{Loan: id, Lot: 0, Rank: 1})
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"}), lending.ErrState, "ranked since")
	var e lending.CalledBack
	was := w.loan(id)
	call := func() { e = do(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"}); w.deliver() }
	require.Equal(t, []int64{due, -12_814, -12_814}, gained(w, call, "ann", "eve", "bob"))
	requireCalledBack(t, was, w.loan(id), &e)
	require.NoError(t, w.loan(id).Check())
	w.reports()
	w.day = w.loan(id).Dues[1].Date
	senior := (w.loan(id).Dues[1].Owed[lending.Interest] + 1) / 2
	require.Equal(t, []int64{senior + 10_000, senior}, gained(w, func() { w.repay(id, 2*senior+10_000) }, "eve", "bob"))
	require.NoError(t, w.loan(id).Check())
	w.closes(t, id)
}

// While something is due and unpaid, what is called back is the junior lot's loss first, whoever had the money:
// the senior lot keeps its share of what is due.
func TestChargebackInShortageFallsOnJuniors(t *testing.T) {
	w, id := rankedLoan(t, nil)
	w.day = w.loan(id).Dues[0].Date
	require.Equal(t, []int64{500 + 12_314, 500}, gained(w, func() { w.repay(id, 13_314) }, "eve", "bob"), "the senior's")
	require.Equal(t, []int64{0, 10_000}, gained(w, func() { w.repay(id, 10_000) }, "eve", "bob"), "the junior's")
	was := w.loan(id)
	var e lending.CalledBack
	call := func() {
		e = do(w, officer, lending.Chargeback{Loan: id, Payment: 1, Amount: amt(11_000, cny), Reason: "bounced"})
		w.deliver()
	}
	// Of 22,314 in principal 11,314 are left, of which and 2,314 that are due half is the senior lot's.
	require.Equal(t, []int64{-(12_314 - 6_814), -(10_000 - 4_500)}, gained(w, call, "eve", "bob"))
	requireCalledBack(t, was, w.loan(id), &e)
	w.reports()
	w.closes(t, id)
}

// onAPar is the loan of rankedLoan before its claims are ranked.
func onAPar(t require.TestingT, change func(*lending.Product)) (*world, lending.LoanID) {
	p := rich()
	p.ID, p.Transfers.ByRank, p.Fees = "ranked", true, nil
	if change != nil {
		change(&p)
	}
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "eve", "zoe", "pot-a", "pot-b")
	return w, w.lent(p, 100_000, 4, "12% per year", "bob", "eve")
}

// After the last instalment what is called back is due at once, and the junior lot gives all of it back that it has:
// with the fee that it paid, and no fee comes back to the senior lot, which keeps its money.
func TestChargebackAtOnceFallsOnJuniors(t *testing.T) {
	w, id := onAPar(t, func(p *lending.Product) {
		p.Fees = []lending.Fee{{ID: "service", Timing: lending.AtPayout, Payee: lending.ToPlatform,
			Base: lending.OnPayment, PPM: 10_000, Point: lending.RunningTotal, Round: money.HalfUp}}
	})
	do(w, party("bob"), lending.Subordinate{Loan: id, Lot: 0, Rank: 1})
	for i := range w.loan(id).Dues {
		w.day = w.loan(id).Dues[i].Date
		w.repay(id, w.loan(id).Dues[i].Owed.Total())
	}
	was := w.loan(id)
	require.Equal(t, lending.StateClosed, was.State)
	w.day = w.day.AddDays(3)
	e := do(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"})
	w.deliver()
	l := w.loan(id)
	requireCalledBack(t, was, l, &e)
	require.Equal(t, was.Lots[1].Paid, l.Lots[1].Paid, "the senior lot keeps all that it had")
	require.Equal(t, was.Lots[1].Fees, l.Lots[1].Fees)
	back := was.Lots[0].Paid.Total() - l.Lots[0].Paid.Total()
	require.Equal(t, e.Total(), back)
	require.Equal(t, l.Lots[0].Paid.Total(), l.Lots[0].Fees[0].Base)
	charged := was.Lots[0].Fees[0].Charged
	refund := (charged*back + was.Lots[0].Paid.Total() - 1) / was.Lots[0].Paid.Total() // in proportion, rounded up
	require.Equal(t, charged-refund, l.Lots[0].Fees[0].Charged)
	w.reports()
	w.closes(t, id)
}

// A payment on ranked claims that is called back and made again leaves every lot with what it had.
func TestChargebackOfRankedIsOwedAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Transfers.ByRank = true
		minor := rapid.Int64Range(2_000, 300_000).Draw(t, "amount")
		w := newTwin(t, p, minor, 3)
		rank := func(when string) {
			if rapid.Bool().Draw(t, when) {
				lot := rapid.IntRange(0, 2).Draw(t, "lot")
				_ = try(w.world, party(twinLenders[lot]), lending.Subordinate{Loan: w.id, Lot: lot, Rank: rapid.IntRange(1, 3).Draw(t, "rank")})
			}
		}
		rank("before")
		w.day = w.day.AddDays(rapid.IntRange(1, 50).Draw(t, "days"))
		paid := w.pay(rapid.Int64Range(2, 2*minor).Draw(t, "payment"))
		rank("after")
		if !w.loan(w.id).Ranked() {
			return // see TestChargebackIsOwedAnew
		}
		part := rapid.Int64Range(1, paid).Draw(t, "part")
		for _, n := range []int64{part, paid - part} {
			if n > 0 {
				was := w.loan(w.id)
				e := do(w.world, officer, lending.Chargeback{Loan: w.id, Amount: amt(n, cny), Reason: "bank"})
				w.deliver()
				requireCalledBack(t, was, w.loan(w.id), &e)
				require.NoError(t, w.loan(w.id).Check())
			}
		}
		require.Zero(t, w.loan(w.id).Received.Total(), "the lenders have nothing of it")
		w.paidFees(p)
		w.pay(50 * minor)
		l := w.loan(w.id)
		require.Equal(t, lending.StateClosed, l.State)
		for i := range l.Lots {
			require.Equal(t, l.Lots[i].Units, l.Lots[i].Paid[lending.Principal])
		}
		w.reports()
	})
}
