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
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

var policies = []transfer.ExitPolicy{transfer.FirstCome, transfer.Cycles, transfer.ProRata}

func exitRules(t *rapid.T) transfer.ExitRules {
	r := transfer.ExitRules{Policy: rapid.SampledFrom(policies).Draw(t, "policy")}
	if r.Policy == transfer.Cycles {
		r.Portion, r.Part = rapid.Int64Range(0, lending.Million).Draw(t, "portion"), rapid.Int64Range(1, 9).Draw(t, "part")
	}
	return r
}

func exits(t *rapid.T) []transfer.Exit {
	out := make([]transfer.Exit, rapid.IntRange(0, 7).Draw(t, "exits"))
	for i := range out {
		out[i] = transfer.Exit{ID: transfer.ExitID(fmt.Sprint(i)), Turn: rapid.Int64Range(-1, 3).Draw(t, "turn"),
			Units: rapid.Int64Range(1, 40).Draw(t, "units")}
	}
	return out
}

// plainExits serves one request after another, and one minor unit after another where all share alike.
func plainExits(r transfer.ExitRules, cash int64, queue []transfer.Exit) map[transfer.ExitID]int64 {
	got, sum := map[transfer.ExitID]int64{}, int64(0)
	for _, x := range queue {
		sum += x.Units
	}
	switch r.Policy {
	case transfer.FirstCome:
		for _, x := range queue {
			for got[x.ID] < x.Units && cash > 0 {
				got[x.ID]++
				cash--
			}
		}
	case transfer.Cycles:
		for served := true; served; {
			served = false
			for _, x := range queue {
				next := min(x.Units-got[x.ID], max(r.Part, x.Units*r.Portion/lending.Million))
				if next > cash {
					if cash >= r.Part {
						got[x.ID] += cash
					}
					return got
				}
				got[x.ID], cash, served = got[x.ID]+next, cash-next, served || next > 0
			}
		}
	case transfer.ProRata:
		pay := min(cash, sum)
		for n := range pay { // to whom a whole unit is due, then to whom most of one is
			if n >= pay {
				break
			}
			best, most := -1, new(big.Rat)
			for i, x := range queue {
				lacks := big.NewRat(pay*x.Units-got[x.ID]*sum, sum)
				if lacks.Cmp(big.NewRat(1, 1)) > 0 {
					lacks = big.NewRat(1, 1)
				}
				if best < 0 || lacks.Cmp(most) > 0 {
					best, most = i, lacks
				}
			}
			got[queue[best].ID]++
		}
	}
	return got
}

// Requests are served as the plain way serves them, in whatever order they come; nobody sells more than he
// asked for, and no money is left that could be used.
func TestServeOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, given, cash := exitRules(t), exits(t), rapid.Int64Range(0, 200).Draw(t, "cash")
		got, err := r.Serve(cash, given)
		require.NoError(t, err)
		queue := slices.Clone(given) // ids rise: a stable sort by turn is by turn and id
		slices.SortStableFunc(queue, func(a, b transfer.Exit) int { return int(a.Turn - b.Turn) })
		want := plainExits(r, cash, queue)
		var sum, asked int64
		for i, x := range given {
			require.Equal(t, want[x.ID], got[i], "%v", x)
			require.LessOrEqual(t, got[i], x.Units)
			sum, asked = sum+got[i], asked+x.Units
		}
		require.LessOrEqual(t, sum, cash)
		require.Less(t, min(cash, asked)-sum, max(1, r.Part))

		other := rapid.Permutation(given).Draw(t, "order")
		again, err := r.Serve(cash, other)
		require.NoError(t, err)
		for i, x := range other {
			require.Equal(t, want[x.ID], again[i], "another order")
		}
	})
}

// In cycles nobody is more than a portion ahead of anybody who still waits.
func TestCyclesAreEven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := exits(t)
		r := transfer.ExitRules{Policy: transfer.Cycles, Part: rapid.Int64Range(1, 9).Draw(t, "part")}
		got, err := r.Serve(rapid.Int64Range(0, 200).Draw(t, "cash"), given)
		require.NoError(t, err)
		for i := range given {
			for j := range given {
				if got[j] < given[j].Units {
					require.LessOrEqual(t, got[i]-got[j], r.Part)
				}
			}
		}
	})
}

// Money that does not pay for a portion pays for a part of it, but for no less than Part.
func TestCyclesEndInAPart(t *testing.T) {
	r := transfer.ExitRules{Policy: transfer.Cycles, Portion: lending.Million, Part: 5}
	for cash, want := range map[int64]int64{4: 0, 5: 5, 9: 9, 10: 10, 11: 10} {
		got, err := r.Serve(cash, []transfer.Exit{{ID: "a", Units: 10}})
		require.NoError(t, err)
		require.Equal(t, []int64{want}, got, "%d", cash)
	}
}

func TestServeRefuses(t *testing.T) {
	first := transfer.ExitRules{Policy: transfer.FirstCome}
	one := []transfer.Exit{{ID: "a", Units: 1}}
	for _, c := range []struct {
		name  string
		rules transfer.ExitRules
		cash  int64
		exits []transfer.Exit
	}{
		{"policy", transfer.ExitRules{}, 1, one},
		{"policy", transfer.ExitRules{Policy: transfer.ProRata + 1}, 1, one},
		{"part", transfer.ExitRules{Policy: transfer.Cycles}, 1, one},
		{"part", transfer.ExitRules{Policy: transfer.Cycles, Part: money.MaxMinor + 1}, 1, one},
		{"portion", transfer.ExitRules{Policy: transfer.Cycles, Part: 1, Portion: -1}, 1, one},
		{"portion", transfer.ExitRules{Policy: transfer.Cycles, Part: 1, Portion: lending.Million + 1}, 1, one},
		{"part of none", transfer.ExitRules{Policy: transfer.ProRata, Part: 1}, 1, one},
		{"portion of none", transfer.ExitRules{Policy: transfer.FirstCome, Portion: 1}, 1, one},
		{"cash", first, -1, one},
		{"cash", first, money.MaxMinor + 1, one},
		{"nothing", first, 1, []transfer.Exit{{ID: "a"}}},
		{"below", first, 1, []transfer.Exit{{ID: "a", Units: -1}}},
		{"too much", first, 1, []transfer.Exit{{ID: "a", Units: money.MaxMinor}, {ID: "b", Units: 1}}},
		{"twice", first, 1, []transfer.Exit{{ID: "a", Units: 1}, {ID: "a", Units: 2}}},
		{"many", first, 1, make([]transfer.Exit, transfer.MaxExits+1)},
	} {
		_, err := c.rules.Serve(c.cash, c.exits)
		require.ErrorIs(t, err, transfer.ErrExit, c.name)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(err), c.name)
	}
	for _, p := range policies { // the largest figures
		r := transfer.ExitRules{Policy: p}
		if p == transfer.Cycles {
			r.Part, r.Portion = 1, 1
		}
		got, err := r.Serve(money.MaxMinor, []transfer.Exit{{ID: "a", Units: money.MaxMinor}})
		require.NoError(t, err)
		require.Equal(t, []int64{money.MaxMinor}, got, p)
		none, err := r.Serve(0, nil)
		require.NoError(t, err)
		require.Empty(t, none)
	}
	require.Equal(t, "first-come cycles pro-rata exit policy 9", fmt.Sprint(transfer.FirstCome, " ", transfer.Cycles, " ",
		transfer.ProRata, " ", transfer.ExitPolicy(9)))
}

// A thousand is there for three who want out. Of the fourth cycle 50 is left, less than a part.
func ExampleExitRules_Serve() {
	queue := []transfer.Exit{{ID: "early", Turn: 1, Units: 900}, {ID: "large", Turn: 2, Units: 3_000}, {ID: "small", Turn: 3, Units: 100}}
	for _, r := range []transfer.ExitRules{{Policy: transfer.FirstCome},
		{Policy: transfer.Cycles, Portion: 50_000, Part: 100}, {Policy: transfer.ProRata}} {
		sold, _ := r.Serve(1_000, queue)
		fmt.Println(r.Policy, sold)
	}
	// Output:
	// first-come [900 100 0]
	// cycles [400 450 100]
	// pro-rata [225 750 25]
}

func BenchmarkExits(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	queue, sum := make([]transfer.Exit, 100_000), int64(0)
	for i := range queue {
		queue[i] = transfer.Exit{ID: transfer.ExitID(fmt.Sprint(i)), Turn: r.Int64N(1_000), Units: 1 + r.Int64N(100_000_00)}
		sum += queue[i].Units
	}
	for _, p := range policies {
		b.Run(p.String(), func(b *testing.B) {
			rules := transfer.ExitRules{Policy: p}
			if p == transfer.Cycles {
				rules.Portion, rules.Part = 10_000, 100_00
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rules.Serve(sum/3, queue); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
