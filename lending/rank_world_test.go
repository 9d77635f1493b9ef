package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// rankWorld is a loan whose claims are sold and put behind others while it is paid or not.
type rankWorld struct {
	*world
	id    lending.LoanID
	minor int64
	taken map[string]int
}

var rankParties = []lending.PartyID{"bob", "eve", "zoe", "dan"}

func newRankWorld(t *rapid.T, taken map[string]int) *rankWorld {
	p := twinProduct(t)
	p.Transfers.ByTerm, p.Transfers.ByRank = false, true
	p.MinAmount, p.Tender.MinBid = amt(1, cny), amt(1, cny)
	p.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
		schedule.MethodInterestOnly, schedule.MethodBullet, schedule.MethodFlat}).Draw(t, "method")
	covered := rapid.Bool().Draw(t, "covered")
	if covered {
		p.Covers = []lending.CoverTerms{{Name: "pot-a", Kind: lending.CoverProvisionFund, TriggerDays: 5}}
	}
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 3})
	w.register(append([]lending.PartyID{"ann", "pot-a", "pot-b"}, rankParties...)...)
	r := &rankWorld{world: w, minor: rapid.Int64Range(200, 5_000).Draw(t, "amount"), taken: taken}
	if covered {
		w.deposit("pot-a", amt(rapid.Int64Range(1, r.minor).Draw(t, "pot"), cny))
	}
	r.id = w.lent(p, r.minor, rapid.IntRange(2, 6).Draw(t, "periods"), "12% per year", "bob", "eve", "zoe")
	w.deposit("ann", amt(50*r.minor, cny))
	return r
}

// did notes that an action was taken.
func (r *rankWorld) did(what string, err error) {
	if err == nil {
		r.taken[what]++
	}
	r.deliver()
}

// step takes an action, or tries to.
func (r *rankWorld) step(t *rapid.T) {
	l := r.loan(r.id)
	active := l.State == lending.StateActive
	minor := func(most int64) lending.Repay {
		return lending.Repay{Loan: r.id, Amount: amt(rapid.Int64Range(1, most).Draw(t, "pays"), cny)}
	}
	lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	if l.State == lending.StateWrittenOff {
		r.pay(t, l, minor(r.minor/2))
	}
	switch what := rapid.IntRange(0, 16).Draw(t, "what"); what {
	case 0, 1:
		r.day = r.day.AddDays(rapid.IntRange(1, 40).Draw(t, "days"))
		r.dayEnd()
	case 2, 3, 4, 5:
		if active {
			r.pay(t, l, minor(r.minor/2))
		}
	case 6, 7:
		rank := rapid.IntRange(1, lending.MaxRank).Draw(t, "rank")
		r.did("subordinate", try(r.world, party(l.Lots[lot].Holder), lending.Subordinate{Loan: r.id, Lot: lot, Rank: rank}))
	case 8, 9:
		a := drawPart(t, l, false, rapid.SampledFrom(rankParties).Draw(t, "to"))
		a.Rank = rapid.IntRange(0, lending.MaxRank).Draw(t, "rank")
		later := a.Rank > l.Lots[a.Lot].Rank
		if err := try(r.world, officer, sell{r.id, a}); later {
			r.did("sold behind", err)
		} else {
			r.did("sold", err)
		}
	case 10:
		r.did("reversed", try(r.world, officer, lending.ReversePayment{Loan: r.id, Reason: "bounced"}))
	case 11:
		value := r.day.AddDays(-rapid.IntRange(1, 20).Draw(t, "days ago"))
		r.did("found", try(r.world, officer, lending.RepayAsOf{Loan: r.id, Amount: minor(r.minor / 4).Amount, Value: value, Reason: "found"}))
	case 12:
		r.did("prepaid", try(r.world, party("ann"), lending.Prepay{Loan: r.id, Amount: minor(r.minor).Amount}))
	case 13:
		if rapid.Bool().Draw(t, "gives up") {
			r.day = r.day.AddDays(35)
			r.dayEnd()
			r.did("written off", try(r.world, officer, lending.WriteOff{Loan: r.id, Reason: "lost"}))
		}
	case 14:
		i := rapid.IntRange(0, len(l.Dues)-1).Draw(t, "instalment")
		c := rapid.SampledFrom([]lending.Component{lending.Interest, lending.Penalty}).Draw(t, "component")
		r.did("waived", try(r.world, officer, lending.Waive{Loan: r.id, Component: c, Instalment: i, Reason: "grace"}))
	case 15:
		r.did("restructured", try(r.world, officer, lending.Restructure{Loan: r.id, Reason: "agreed",
			Periods: rapid.IntRange(2, 6).Draw(t, "periods"), ReAge: rapid.Bool().Draw(t, "re-age")}))
	case 16:
		r.callBack(t, l)
	}
	r.holds(t)
}

// pay pays and holds who got what against the oracle.
func (r *rankWorld) pay(t *rapid.T, was *lending.Loan, c lending.Repay) {
	e := do(r.world, party("ann"), c)
	requireRanked(t, was, r.loan(r.id), &e)
	if was.Ranked() {
		r.taken["paid "+was.State.String()]++
	}
	r.deliver()
}

// callBack has a payment called back, all of it or a part, and holds who gave back what against the oracle.
func (r *rankWorld) callBack(t *rapid.T, was *lending.Loan) {
	c := lending.Chargeback{Loan: r.id, Reason: "bank"}
	if n := len(was.History); n > 0 {
		m := was.History[rapid.IntRange(0, n-1).Draw(t, "payment")]
		c.Payment, c.Amount = m.N, amt(rapid.Int64Range(0, m.Total.Minor()).Draw(t, "called back"), cny)
	}
	e, err := lending.Do(t.Context(), r.desk, r.meta(officer), c)
	r.did("called back", err)
	if err == nil && was.Ranked() {
		r.taken["called back by rank"]++
		requireCalledBack(t, was, r.loan(r.id), &e)
	}
}

// holds sees that the invariants of the loan hold, and that lots together get what all miss, and each its
// principal.
func (r *rankWorld) holds(t *rapid.T) {
	l := r.loan(r.id)
	require.NoError(t, l.Check())
	var left int64
	for i, x := range l.Lots {
		require.LessOrEqual(t, x.Paid[lending.Principal], x.Units, "lot %d", i)
		left += x.Units - x.Paid[lending.Principal]
	}
	var missing lending.Components
	for i := range l.Dues {
		m := l.Dues[i].Missing()
		missing[lending.Principal] += m[lending.Principal]
		missing[lending.Interest] += m[lending.Interest]
	}
	require.Equal(t, missing[lending.Principal], left)
	if l.State != lending.StateActive || r.day.Before(l.Looked) {
		return
	}
	var sum lending.Components
	for i, x := range l.Lots {
		dues, err := l.LotDues(lending.Assignment{Lot: i, Units: x.Units}, r.day)
		require.NoError(t, err)
		for _, d := range dues {
			sum[lending.Principal] += d.Principal
			sum[lending.Interest] += d.Interest
			left -= d.Principal
		}
	}
	require.Equal(t, missing[lending.Principal], sum[lending.Principal])
}

// Whatever happens to a loan whose claims are put behind others, each payment is divided as the oracle
// divides it, the books agree, and a loan that is paid pays every lot its principal.
func TestRankedWorlds(t *testing.T) {
	taken := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := newRankWorld(t, taken)
		if rapid.Bool().Draw(t, "behind from the first") {
			r.did("subordinate", try(r.world, party("bob"), lending.Subordinate{Loan: r.id, Rank: 1}))
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			r.step(t)
		}
		r.reports()
		if l := r.loan(r.id); l.State == lending.StateActive {
			r.closes(t, r.id)
			require.NoError(t, r.loan(r.id).Check())
		}
	})
	t.Log(taken)
	if runs() >= 100 {
		for _, what := range []string{"subordinate", "sold behind", "sold", "reversed", "found", "prepaid", "written off",
			"waived", "restructured", "called back", "called back by rank", "paid active", "paid written-off"} {
			require.Positive(t, taken[what], what)
		}
	}
}

// seniorsFirst sees that a lot behind another has something of an instalment only if the other has its share of
// that and of those before it, in principal and in interest. The loan has two ranks, ranked before anything
// was paid, and neither covers nor waivers.
func seniorsFirst(t require.TestingT, l *lending.Loan) {
	for _, c := range []lending.Component{lending.Principal, lending.Interest} {
		var owed, had, weight [2]int64
		for _, x := range l.Lots {
			k := min(1, x.Rank)
			had[k] += x.Paid[c]
			weight[k] += x.Units
		}
		if weight[0] == 0 || weight[1] == 0 {
			return
		}
		var all int64
		for i := range l.Dues {
			before := owed[1]
			all += l.Dues[i].Owed[c]
			owed[0] = (all*weight[0] + weight[0] + weight[1] - 1) / (weight[0] + weight[1])
			owed[1] = all - owed[0]
			if had[1] > before {
				require.GreaterOrEqual(t, had[0], owed[0], "%s of instalment %d: junior lots have %d", c, i, had[1])
			}
		}
	}
}

// A loan that is paid in full pays ranked claims as it pays them on a par: principal to the minor unit, and of all
// else each rank exactly its share of what came in, rounded by ranks (for which rounding among all lots at
// once allows another minor unit). Until then no senior lot misses what a junior one has.
func TestRankedPaidInFullIsPariPassu(t *testing.T) {
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Transfers.ByTerm, p.Transfers.ByRank = false, true
		p.MinAmount, p.Tender.MinBid = amt(1, cny), amt(1, cny)
		p.Prepayment.Scope, p.Late.AccelerateDays, p.Late.NonAccrualDays = lending.PrepayNever, 0, 0
		minor := rapid.Int64Range(200, 50_000).Draw(t, "amount")
		var worlds [2]*world
		var ids [2]lending.LoanID
		periods := rapid.IntRange(2, 6).Draw(t, "periods")
		for k := range worlds {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob", "eve", "zoe")
			worlds[k], ids[k] = w, w.lent(p, minor, periods, "12% per year", "bob", "eve", "zoe")
		}
		do(worlds[0], party("bob"), lending.Subordinate{Loan: ids[0], Lot: 0, Rank: 1})
		two := rapid.Bool().Draw(t, "two behind")
		if two {
			rank := rapid.IntRange(1, lending.MaxRank).Draw(t, "rank")
			do(worlds[0], party("zoe"), lending.Subordinate{Loan: ids[0], Lot: 2, Rank: rank})
			two = rank > 1
		}
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			days, pays := rapid.IntRange(0, 25).Draw(t, "days"), rapid.Int64Range(1, minor/2).Draw(t, "pays")
			back := rapid.IntRange(0, 5).Draw(t, "back") == 0
			for k, w := range worlds {
				w.day = w.day.AddDays(days)
				if back {
					_ = try(w, officer, lending.ReversePayment{Loan: ids[k], Reason: "bounced"})
					w.deliver()
				} else if w.loan(ids[k]).State == lending.StateActive {
					w.repay(ids[k], pays)
				}
				w.dayEnd()
			}
			l := worlds[0].loan(ids[0])
			require.NoError(t, l.Check())
			if !two {
				seniorsFirst(t, l)
			}
			if l.Lots[0].Paid[lending.Principal] < worlds[1].loan(ids[1]).Lots[0].Paid[lending.Principal] {
				short++
			}
		}
		for k, w := range worlds {
			if w.loan(ids[k]).State == lending.StateActive {
				w.closes(t, ids[k])
			}
		}
		a, b := worlds[0].loan(ids[0]), worlds[1].loan(ids[1])
		require.Equal(t, b.Received, a.Received)
		for i := range a.Lots {
			require.Equal(t, b.Lots[i].Paid[lending.Principal], a.Lots[i].Paid[lending.Principal], "lot %d", i)
		}
		for c := lending.Interest; c <= lending.Costs; c++ {
			weights, paid, _ := ranksOf(a, c)
			all := a.Received[c]
			require.Equal(t, rankOracle(weights, make([]int64, len(paid)), all, all), paid, "%s", c)
		}
	})
	if runs() >= 100 {
		require.Greater(t, short, 50, "junior lots missed something on the way")
	}
}

// Payments on ranked claims that are taken back or found late come out as if all had been known.
func TestRankedTwins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twinProduct(t)
		p.Transfers.ByRank = true
		v := newTwinLife(t, p)
		for _, w := range []*knower{v.a, v.b} {
			do(w.world, party("bob"), lending.Subordinate{Loan: w.id, Lot: 0, Rank: 2})
		}
		v.live(t)
	})
}
