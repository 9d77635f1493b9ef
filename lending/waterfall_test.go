package lending_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/lendingtest"
)

// debts draws what is owed by instalments, the oldest first.
func debts(t *rapid.T) (list []lending.Debt) {
	age := lending.AgePastDue
	for i := range rapid.IntRange(0, 5).Draw(t, "instalments") {
		age = rapid.SampledFrom([]lending.Age{age, min(age+1, lending.AgeInAdvance), lending.AgeInAdvance}).Draw(t, "age")
		for range rapid.IntRange(1, 6).Draw(t, "debts") {
			d := lending.Debt{Instalment: i, Age: age, Minor: rapid.Int64Range(-2, 20).Draw(t, "owed"),
				Component: rapid.SampledFrom([]lending.Component{1, 2, 3, 4, 5}).Draw(t, "component")}
			if d.Component >= lending.Fees {
				d.Fee = rapid.SampledFrom([]lending.Code{"late", "mgmt", "court"}).Draw(t, "fee")
				d.Charge = len(list) + 1
			}
			list = append(list, d)
		}
	}
	return list
}

// A payment taken up by hand, cent by cent: each goes to the debt that comes first by the rule's own
// words.
func TestWaterfallCentByCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := lendingtest.Waterfall().Draw(t, "waterfall")
		require.NoError(t, rule.Check())
		owed := debts(t)
		if rule.Advance == lending.EvenlySpread {
			rule.Advance = lending.NextInstalment // has a test of its own
		}
		amount := rapid.Int64Range(0, 200).Draw(t, "amount")
		left := slices.Clone(owed)
		want, rest := make([]int64, len(owed)), amount
		for rest > 0 {
			i := firstOpen(left, rule)
			if i < 0 {
				break
			}
			left[i].Minor--
			want[i]++
			rest--
		}
		parts, over := rule.Allocate(nil, owed, amount)
		require.Equal(t, rest, over)
		requireParts(t, owed, want, parts)
	})
}

// requireParts compares parts with what each debt should have got; debts that look alike count together.
func requireParts(t *rapid.T, owed []lending.Debt, want []int64, parts []lending.Allocation) {
	t.Helper()
	sums := map[lending.Allocation]int64{}
	for i, d := range owed {
		sums[lending.Allocation{Instalment: d.Instalment, Component: d.Component, Charge: d.Charge}] += want[i]
	}
	for _, p := range parts {
		require.Positive(t, p.Minor)
		minor := p.Minor
		p.Minor = 0
		sums[p] -= minor
	}
	for key, n := range sums {
		require.Zero(t, n, "%+v", key)
	}
}

// firstOpen is the debt that gets the next cent.
func firstOpen(debts []lending.Debt, rule lending.Waterfall) int {
	best := -1
	for i := range debts {
		if debts[i].Minor > 0 && (best < 0 || slices.Compare(key(debts, i, rule), key(debts, best, rule)) < 0) {
			best = i
		}
	}
	return best
}

// key orders debts as the rule says.
func key(debts []lending.Debt, i int, rule lending.Waterfall) []int {
	d := debts[i]
	bucket := closest(rule, d)
	visit := d.Instalment
	if d.Age == lending.AgeInAdvance {
		next := debts[slices.IndexFunc(debts, func(d lending.Debt) bool { return d.Age == lending.AgeInAdvance })].Instalment
		switch {
		case rule.Advance == lending.LastInstalment, rule.Advance == lending.NextThenLast && visit != next:
			visit = 2000 - visit
		}
	}
	if rule.ByBucket {
		return []int{bucket, visit, i}
	}
	age := 0
	for k, b := range rule.Order { // where the age is first named
		if b.Age == d.Age || b.Age == 0 {
			age = k*4 + int(d.Age)
			break
		}
	}
	return []int{age, visit, bucket, i}
}

func closest(rule lending.Waterfall, d lending.Debt) int {
	for _, want := range [][2]bool{{true, true}, {true, false}, {false, true}, {false, false}} {
		for k, b := range rule.Order {
			if b.Component == d.Component && (b.Fee != "") == want[0] && (b.Age != 0) == want[1] &&
				(b.Fee == "" || b.Fee == d.Fee) && (b.Age == 0 || b.Age == d.Age) {
				return k
			}
		}
	}
	return -1
}

// Spread evenly, no instalment in advance gets more than another that could still take some, but for
// what does not divide.
func TestWaterfallSpreadsEvenly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := lendingtest.Waterfall().Draw(t, "waterfall")
		rule.Advance, rule.ByBucket = lending.EvenlySpread, false
		owed := debts(t)
		amount := rapid.Int64Range(0, 200).Draw(t, "amount")
		parts, rest := rule.Allocate(nil, owed, amount)
		open, got := map[int]int64{}, map[int]int64{}
		paid, all := int64(0), int64(0)
		for _, d := range owed {
			all += max(0, d.Minor)
			if d.Age == lending.AgeInAdvance {
				open[d.Instalment] += max(0, d.Minor)
			}
		}
		for _, p := range parts {
			paid += p.Minor
			if _, ahead := open[p.Instalment]; ahead {
				got[p.Instalment] += p.Minor
				open[p.Instalment] -= p.Minor
			}
		}
		require.Equal(t, amount, paid+rest)
		require.Equal(t, min(amount, all), paid)
		for i, n := range open {
			for j := range open {
				if n > 0 { // i could take more: j has not got much more than i
					require.LessOrEqual(t, got[j], got[i]+int64(len(open)*len(open)), "%d %d", i, j)
				}
			}
		}
	})
}

// 100 spread over three equal instalments in advance: 33, 33 and 34.
func TestWaterfallSpreadOfHundred(t *testing.T) {
	rule := lending.TwelveBuckets()
	rule.Advance = lending.EvenlySpread
	var owed []lending.Debt
	for i := range 3 {
		owed = append(owed, lending.Debt{Instalment: i, Component: lending.Principal, Age: lending.AgeInAdvance, Minor: 50})
	}
	parts, rest := rule.Allocate(nil, owed, 100)
	require.Zero(t, rest)
	slices.SortFunc(parts, func(a, b lending.Allocation) int { return cmp.Compare(a.Instalment, b.Instalment) })
	require.Equal(t, []lending.Allocation{{0, lending.Principal, 0, 33}, {1, lending.Principal, 0, 33},
		{2, lending.Principal, 0, 34}}, parts)
}

// Waterfalls that forget or repeat a bucket are refused, and the presets are none of them.
func TestWaterfallCheck(t *testing.T) {
	all := lending.CivilCode561().Order
	broken := []lending.Waterfall{
		{},
		{Order: all[1:]},
		{Order: append(slices.Clone(all), all[0])},
		{Order: append(slices.Clone(all), lending.Bucket{Component: 0})},
		{Order: append(slices.Clone(all), lending.Bucket{Component: 9})},
		{Order: append(slices.Clone(all), lending.Bucket{Component: lending.Fees, Age: 4})},
		{Order: append(slices.Clone(all), lending.Bucket{Component: lending.Interest, Fee: "late"})},
		{Order: append(slices.Clone(all[1:]), lending.Bucket{Component: lending.Costs, Age: lending.AgeDue})},
		{Order: append(slices.Clone(all[1:]), lending.Bucket{Component: lending.Costs, Fee: "court"})},
		{Order: slices.Repeat(all, 20)},
		{Order: all, Advance: 7},
	}
	for i, w := range broken {
		require.ErrorIs(t, w.Check(), lending.ErrTerms, "%d", i)
	}
	for _, w := range []lending.Waterfall{lending.CivilCode561(), lending.TwelveBuckets(), lending.CostsThenPrincipal(),
		lending.DianrongContract(), lending.ManagedContract("platform", "overdue"), lending.OriginatorRecovery()} {
		require.NoError(t, w.Check())
	}
	parts, rest := lending.Waterfall{Order: []lending.Bucket{{Component: 200}}}.Allocate(nil, []lending.Debt{{}}, 5)
	require.Empty(t, parts)
	require.Equal(t, int64(5), rest)
}
