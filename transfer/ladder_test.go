package transfer_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

var widths = []schedule.Frequency{schedule.Days(1), schedule.Days(10), schedule.Weeks(1), schedule.Months(1), schedule.Months(3)}

func ladderTerms(t *rapid.T) transfer.LadderTerms {
	sum := rapid.Int64Range(0, 3_000)
	return transfer.LadderTerms{On: date("2026-01-31").AddDays(rapid.IntRange(0, 40).Draw(t, "on")), Currency: cny,
		Width: rapid.SampledFrom(widths).Draw(t, "width"), Count: rapid.IntRange(1, 14).Draw(t, "count"),
		Cash: sum.Draw(t, "cash"), Cushion: sum.Draw(t, "cushion")}
}

func basket(t *rapid.T, on civil.Date) (claims []transfer.Claim, promises []transfer.Promise) {
	minor, days := rapid.Int64Range(0, 900), rapid.IntRange(-40, 500)
	for range rapid.IntRange(0, 5).Draw(t, "claims") {
		c := transfer.Claim{On: on, Currency: cny}
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			c.Rows = append(c.Rows, transfer.Row{Due: on.AddDays(days.Draw(t, "due")), Principal: 1 + minor.Draw(t, "principal"),
				Interest: minor.Draw(t, "interest")})
			c.Accrued += c.Rows[len(c.Rows)-1].Interest / 3
		}
		slices.SortFunc(c.Rows, func(a, b transfer.Row) int { return a.Due.Compare(b.Due) })
		claims = append(claims, c)
	}
	for range rapid.IntRange(0, 6).Draw(t, "promises") {
		p := transfer.Promise{Due: on.AddDays(days.Draw(t, "due")), Pays: 2 * minor.Draw(t, "pays")}
		p.Owed = p.Pays - min(p.Pays, minor.Draw(t, "later"))
		promises = append(promises, p)
	}
	return claims, promises
}

// plainLadder looks at each rung for itself and goes through everything.
func plainLadder(t transfer.LadderTerms, claims []transfer.Claim, promises []transfer.Promise) transfer.Ladder {
	l := transfer.Ladder{Terms: t}
	l.Value = t.Cash
	for _, c := range claims {
		l.Value += c.Accrued
		for _, r := range c.Rows {
			l.Value += r.Principal
			if r.Due.Before(t.On) {
				l.Overdue += r.Principal + r.Interest
			}
		}
	}
	for _, p := range promises {
		l.Owed += p.Owed
	}
	for i := range t.Count + 1 {
		r := transfer.Rung{From: t.Width.After(t.On, i), To: t.Width.After(t.On, i+1), Cumulative: t.Cash}
		if i == t.Count {
			r.To = civil.Date{}
		}
		within := func(on civil.Date) bool { return !on.Before(r.From) && (i == t.Count || on.Before(r.To)) }
		for _, c := range claims {
			for _, x := range c.Rows {
				if within(x.Due) {
					r.Assets += x.Principal + x.Interest
				}
			}
		}
		for _, p := range promises {
			if within(p.Due) || i == 0 && p.Due.Before(t.On) {
				r.Liabilities += p.Pays
			}
		}
		r.Gap = r.Assets - r.Liabilities
		for _, before := range l.Rungs {
			r.Cumulative += before.Gap
		}
		r.Cumulative += r.Gap
		l.Rungs = append(l.Rungs, r)
	}
	return l
}

// A ladder is what the plain one is, in whatever order its rows come; its sums agree.
func TestLadderOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := ladderTerms(t)
		claims, promises := basket(t, terms.On)
		l, err := transfer.DrawLadder(terms, claims, promises)
		require.NoError(t, err)
		require.Equal(t, plainLadder(terms, claims, promises), l)
		again, err := transfer.DrawLadder(terms, rapid.Permutation(claims).Draw(t, "claims"),
			rapid.Permutation(promises).Draw(t, "promises"))
		require.NoError(t, err)
		require.Equal(t, l, again, "another order")

		assets, liabilities, all, promised := l.Overdue, int64(0), int64(0), int64(0)
		for _, r := range l.Rungs {
			assets, liabilities = assets+r.Assets, liabilities+r.Liabilities
		}
		for _, c := range claims {
			for _, r := range c.Rows {
				all += r.Principal + r.Interest
			}
		}
		for _, p := range promises {
			promised += p.Pays
		}
		require.Equal(t, all, assets)
		require.Equal(t, promised, liabilities)
		require.Equal(t, terms.Cash+all-l.Overdue-promised, l.Rungs[terms.Count].Cumulative)

		w, warned := l.Warning()
		short := slices.IndexFunc(l.Rungs, func(r transfer.Rung) bool { return r.Cumulative < terms.Cushion })
		require.Equal(t, short >= 0, warned)
		if warned {
			require.Equal(t, transfer.Warning{Rung: short, Days: l.Rungs[short].From.Sub(terms.On),
				Short: terms.Cushion - l.Rungs[short].Cumulative}, w)
		}
	})
}

// A ladder of days never warns later than one of wider rungs, a higher cushion never warns later than a
// lower one, and more cash never earlier.
func TestLadderWarnsInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := ladderTerms(t)
		claims, promises := basket(t, terms.On)
		warning := func(x transfer.LadderTerms) (transfer.Ladder, int) {
			l, err := transfer.DrawLadder(x, claims, promises)
			require.NoError(t, err)
			if w, ok := l.Warning(); ok {
				return l, w.Rung
			}
			return l, len(l.Rungs)
		}
		l, at := warning(terms)
		days := terms
		days.Width, days.Count = schedule.Days(1), 600
		fine, first := warning(days)
		if at < len(l.Rungs)-1 {
			require.Less(t, first, len(fine.Rungs))
			require.True(t, fine.Rungs[first].From.Before(l.Rungs[at].To))
		}
		safe, rich := terms, terms
		safe.Cushion += rapid.Int64Range(0, 900).Draw(t, "more")
		rich.Cash += rapid.Int64Range(0, 900).Draw(t, "more")
		_, sooner := warning(safe)
		_, later := warning(rich)
		require.LessOrEqual(t, sooner, at)
		require.GreaterOrEqual(t, later, at)
	})
}

// Coverage is exact, also where the products are beyond 64 bits.
func TestCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		figure := rapid.Int64Range(0, money.MaxMinor)
		c := transfer.Coverage{Value: figure.Draw(t, "value"), Owed: figure.Draw(t, "owed")}
		ppm := rapid.Int64Range(-1, 3*lending.Million).Draw(t, "ppm")
		have := new(big.Int).Mul(big.NewInt(c.Value), big.NewInt(lending.Million))
		need := new(big.Int).Mul(big.NewInt(c.Owed), big.NewInt(ppm))
		require.Equal(t, have.Cmp(need) >= 0, c.AtLeast(ppm))
		require.Equal(t, c.AtLeast(lending.Million), c.Deficit() == 0)
		got, err := c.PPM(money.Down)
		if c.Owed == 0 {
			require.ErrorIs(t, err, transfer.ErrLadder)
			return
		}
		if have.Div(have, big.NewInt(c.Owed)); !have.IsInt64() {
			require.ErrorIs(t, err, money.ErrOverflow)
			return
		}
		require.NoError(t, err)
		require.Equal(t, have.Int64(), got)
	})
	c := transfer.Coverage{Value: 99_99, Owed: 100_00}
	require.Equal(t, int64(1), c.Deficit())
	require.False(t, c.AtLeast(lending.Million))
	require.True(t, c.AtLeast(999_900))
	_, err := transfer.Coverage{}.PPM(money.Down)
	require.ErrorIs(t, err, transfer.ErrLadder)
}

func TestDrawLadderRefuses(t *testing.T) {
	on := date("2026-01-31")
	good := func() transfer.LadderTerms {
		return transfer.LadderTerms{On: on, Currency: cny, Width: schedule.Months(1), Count: 3}
	}
	claim := transfer.Claim{On: on, Currency: cny, Rows: []transfer.Row{{Due: on, Principal: money.MaxMinor}}}
	promise := transfer.Promise{Due: on, Pays: money.MaxMinor, Owed: money.MaxMinor}
	_, err := transfer.DrawLadder(good(), []transfer.Claim{claim}, []transfer.Promise{promise})
	require.NoError(t, err)
	for name, spoil := range map[string]func(*transfer.LadderTerms){
		"day":       func(x *transfer.LadderTerms) { x.On = civil.Date{} },
		"currency":  func(x *transfer.LadderTerms) { x.Currency = money.Currency{} },
		"none":      func(x *transfer.LadderTerms) { x.Count = 0 },
		"below":     func(x *transfer.LadderTerms) { x.Count = -1 },
		"many":      func(x *transfer.LadderTerms) { x.Count = transfer.MaxRungs + 1 },
		"width":     func(x *transfer.LadderTerms) { x.Width = schedule.Frequency{} },
		"term":      func(x *transfer.LadderTerms) { x.Width = schedule.AtMaturity() },
		"calendar":  func(x *transfer.LadderTerms) { x.Width, x.Count = schedule.Months(120), 1_000 },
		"debt":      func(x *transfer.LadderTerms) { x.Cash = -1 },
		"riches":    func(x *transfer.LadderTerms) { x.Cash = money.MaxMinor + 1 },
		"cushion":   func(x *transfer.LadderTerms) { x.Cushion = -1 },
		"softer":    func(x *transfer.LadderTerms) { x.Cushion = money.MaxMinor + 1 },
		"yesterday": func(x *transfer.LadderTerms) { x.On = on.AddDays(-1) },
		"cash too":  func(x *transfer.LadderTerms) { x.Cash = 1 },
	} {
		terms := good()
		spoil(&terms)
		_, err := transfer.DrawLadder(terms, []transfer.Claim{claim}, nil)
		require.ErrorIs(t, err, transfer.ErrLadder, name)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(err), name)
	}
	for _, p := range []transfer.Promise{{Pays: 1}, {Due: on, Pays: -1}, {Due: on, Owed: 1}, {Due: on, Pays: 1, Owed: -1},
		{Due: on, Pays: money.MaxMinor + 1}} {
		_, err := transfer.DrawLadder(good(), nil, []transfer.Promise{p})
		require.ErrorIs(t, err, transfer.ErrLadder, "%v", p)
	}
	_, err = transfer.DrawLadder(good(), []transfer.Claim{claim, claim}, nil)
	require.ErrorIs(t, err, transfer.ErrLadder, "more than an amount")
	_, err = transfer.DrawLadder(good(), nil, []transfer.Promise{promise, {Due: on, Pays: 1}})
	require.ErrorIs(t, err, transfer.ErrLadder, "more than an amount")
	_, err = transfer.DrawLadder(good(), []transfer.Claim{{On: on, Currency: cny}}, nil)
	require.ErrorIs(t, err, transfer.ErrClaim)
	_, err = transfer.DrawLadder(good(), nil, make([]transfer.Promise, transfer.MaxLadder+1))
	require.ErrorIs(t, err, transfer.ErrLadder)
	_, err = transfer.DrawLadder(good(), make([]transfer.Claim, transfer.MaxLadder+1), nil)
	require.ErrorIs(t, err, transfer.ErrLadder)
}

// Claims that pay over a year, promises due in a quarter: covered in full, and short of cash in the third
// month.
func ExampleDrawLadder() {
	on := date("2026-01-01")
	claim := transfer.Claim{On: on, Currency: cny}
	for month := range 12 {
		claim.Rows = append(claim.Rows, transfer.Row{Due: on.AddMonths(month + 1), Principal: 100_00, Interest: 10_00})
	}
	l, _ := transfer.DrawLadder(
		transfer.LadderTerms{On: on, Currency: cny, Width: schedule.Months(1), Count: 4, Cash: 50_00},
		[]transfer.Claim{claim},
		[]transfer.Promise{{Due: date("2026-02-15"), Pays: 150_00, Owed: 149_00}, {Due: date("2026-03-31"), Pays: 500_00, Owed: 490_00}})
	for _, r := range l.Rungs {
		fmt.Println(r.From, r.Assets, r.Liabilities, r.Gap, r.Cumulative)
	}
	ppm, _ := l.PPM(money.Down)
	fmt.Println("coverage", ppm, "deficit", l.Deficit())
	fmt.Println(l.Warning())
	// Output:
	// 2026-01-01 0 0 0 5000
	// 2026-02-01 11000 15000 -4000 1000
	// 2026-03-01 11000 50000 -39000 -38000
	// 2026-04-01 11000 0 11000 -27000
	// 2026-05-01 99000 0 99000 72000
	// coverage 1956181 deficit 0
	// {2 59 38000} true
}

func BenchmarkLadder(b *testing.B) {
	r, on := rand.New(rand.NewPCG(1, 2)), date("2026-01-01")
	claims, promises := make([]transfer.Claim, 100_000), make([]transfer.Promise, 100_000)
	for i := range claims {
		c := transfer.Claim{On: on, Currency: cny}
		first := on.AddDays(r.IntN(30))
		for month := range 12 {
			c.Rows = append(c.Rows, transfer.Row{Due: first.AddMonths(month), Principal: r.Int64N(100_00), Interest: 1_00})
		}
		claims[i] = c
		promises[i] = transfer.Promise{Due: on.AddDays(r.IntN(400)), Pays: r.Int64N(900_00)}
	}
	terms := transfer.LadderTerms{On: on, Currency: cny, Width: schedule.Days(1), Count: 365}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := transfer.DrawLadder(terms, claims, promises); err != nil {
			b.Fatal(err)
		}
	}
}
