package lendingtest

import (
	"cmp"
	"math/bits"
	"slices"
)

// BrokenAllocator is a way of sharing payments that was seen on a platform or in a library and breaks
// an invariant: show with it that your own checks would find it, on its case first.
type BrokenAllocator struct {
	Name   string
	Breaks []Invariant // one of which [CheckDistribution] or [RunDistribution] reports, by the case
	Case   Case[Distribution]
	Share  Allocator
}

// BrokenAllocators lists them: shares rounded alone (sums of rounded parts in live platforms' stored
// procedures), the rest kept or given to the first or the last lot, largest remainders payment by
// payment and on running totals, equal parts.
func BrokenAllocators() []BrokenAllocator {
	return []BrokenAllocator{
		{"each share rounded alone", []Invariant{SharesSum, SharesFair, SharesWhole},
			lifeCase("halves are both rounded up", SharesSum, of(100, 100), of(25), of(13, 13)),
			perPayment(func(claims []int64, n int64) []int64 {
				return apply(claims, func(i int) int64 { q, r := exact(claims, n, i); return q + roundUp(2*r, claims) })
			})},
		{"rounded down, the rest kept", []Invariant{SharesSum},
			lifeCase("a third each, and a cent stays", SharesSum, of(100, 100, 100), of(100), of(33, 33, 33)),
			perPayment(floors)},
		{"rounded down, the rest to the first", []Invariant{SharesFair, SharesWhole},
			lifeCase("a third each, twice, and the first gains twice", SharesFair, of(100, 100, 100), of(100, 100), of(34, 33, 33), of(34, 33, 33)),
			perPayment(restTo(0))},
		{"rounded down, the rest to the last", []Invariant{SharesFair, SharesWhole},
			lifeCase("a third each, twice, and the last gains twice", SharesFair, of(100, 100, 100), of(100, 100), of(33, 33, 34), of(33, 33, 34)),
			perPayment(restTo(-1))},
		{"largest remainder of each payment", []Invariant{SharesFair, SharesWhole},
			lifeCase("the same remainder is the largest each time", SharesFair, of(100, 50), of(2, 2, 2), of(1, 1), of(1, 1), of(1, 1)),
			perPayment(largestRemainder)},
		{"largest remainder of running totals", []Invariant{SharesPositive},
			lifeCase("the small lot has to give back", SharesPositive, of(3, 3, 1), of(3, 1), of(1, 1, 1), of(1, 1, -1)), runningRemainder},
		{"equal parts whatever the claims", []Invariant{SharesFair, SharesWhole},
			lifeCase("half to a lot that holds a quarter", SharesFair, of(300, 100), of(100), of(50, 50)), perPayment(equalParts)},
		{"a unit too many", []Invariant{SharesSum},
			lifeCase("half each, and a cent from nowhere", SharesSum, of(100, 100), of(100), of(51, 50)),
			perPayment(func(claims []int64, n int64) []int64 {
				out := largestRemainder(claims, n)
				if n > 0 {
					out[0]++
				}
				return out
			})},
	}
}

// perPayment shares every payment for itself.
func perPayment(share func(claims []int64, payment int64) []int64) Allocator {
	return func(claims, payments []int64) ([][]int64, error) {
		var out [][]int64
		for _, n := range payments {
			out = append(out, share(claims, n))
		}
		return out, nil
	}
}

func apply(claims []int64, of func(i int) int64) []int64 {
	out := make([]int64, len(claims))
	for i := range claims {
		out[i] = of(i)
	}
	return out
}

// exact is a lot's share of an amount: whole units and the rest in parts of the claims' sum.
func exact(claims []int64, n int64, i int) (quo, rest int64) {
	hi, lo := bits.Mul64(uint64(n), uint64(claims[i]))
	q, r := bits.Div64(hi, lo, uint64(total(claims)))
	return int64(q), int64(r)
}

func roundUp(twice int64, claims []int64) int64 {
	if twice >= total(claims) {
		return 1
	}
	return 0
}

func floors(claims []int64, n int64) []int64 {
	return apply(claims, func(i int) int64 { q, _ := exact(claims, n, i); return q })
}

func places(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func restTo(lot int) func([]int64, int64) []int64 {
	return func(claims []int64, n int64) []int64 {
		out := floors(claims, n)
		out[(lot+len(out))%len(out)] += n - total(out)
		return out
	}
}

func equalParts(claims []int64, n int64) []int64 {
	count := int64(len(claims))
	return apply(claims, func(i int) int64 {
		part := n / count
		if int64(i) < n%count {
			part++
		}
		return part
	})
}

// largestRemainder is exact in total; the units that rounding down leaves go to the largest rests.
func largestRemainder(claims []int64, n int64) []int64 {
	out, order := floors(claims, n), places(len(claims))
	slices.SortStableFunc(order, func(a, b int) int {
		_, restA := exact(claims, n, a)
		_, restB := exact(claims, n, b)
		return cmp.Compare(restB, restA)
	})
	for i := range n - total(out) {
		out[order[i]]++
	}
	return out
}

// runningRemainder shares the running total by largest remainders and pays the difference, which may
// be negative: the Alabama paradox.
func runningRemainder(claims, payments []int64) ([][]int64, error) {
	var out [][]int64
	var paid int64
	before := make([]int64, len(claims))
	for _, n := range payments {
		paid += n
		now := largestRemainder(claims, paid)
		out = append(out, apply(claims, func(i int) int64 { return now[i] - before[i] }))
		before = now
	}
	return out, nil
}

// BrokenWaterfall is a way of taking a payment up that breaks an invariant.
type BrokenWaterfall struct {
	Name   string
	Breaks []Invariant // one of which [CheckWaterfall] or [RunWaterfall] reports, by the case
	Case   Case[Taking]
	Take   Taker
}

// BrokenWaterfalls lists them.
func BrokenWaterfalls() []BrokenWaterfall {
	return []BrokenWaterfall{
		{"pays debts of nothing first", []Invariant{PartsBound},
			takingCase("300 for a debt of nothing", PartsBound, of(0, 500), 300, of(300, 0), 0),
			func(owed []int64, n int64) ([]int64, int64, error) {
				paid := make([]int64, len(owed))
				if len(paid) > 0 {
					paid[0], n = n, 0
				}
				return paid, n, nil
			}},
		{"last debt first", []Invariant{PartsOrder},
			takingCase("the second is paid, the first stays open", PartsOrder, of(100, 200), 150, of(0, 150), 0),
			func(owed []int64, n int64) ([]int64, int64, error) {
				paid := make([]int64, len(owed))
				for i := len(owed) - 1; i >= 0; i-- {
					paid[i] = min(n, owed[i])
					n -= paid[i]
				}
				return paid, n, nil
			}},
		{"in proportion", []Invariant{PartsOrder, PartsSum},
			takingCase("half of both", PartsOrder, of(100, 300), 200, of(50, 150), 0),
			func(owed []int64, n int64) ([]int64, int64, error) {
				all := total(owed)
				if all == 0 {
					return make([]int64, len(owed)), n, nil
				}
				paid := floors(owed, min(n, all))
				return paid, n - total(paid), nil
			}},
		{"forgets what is left over", []Invariant{PartsSum},
			takingCase("50 are gone", PartsSum, of(100, 200), 350, of(100, 200), 0),
			func(owed []int64, n int64) ([]int64, int64, error) {
				paid, _ := inOrder(owed, n)
				return paid, 0, nil
			}},
		{"skips what it cannot pay in full", []Invariant{PartsOrder},
			takingCase("the larger debt is passed over", PartsOrder, of(200, 100), 150, of(0, 100), 50),
			func(owed []int64, n int64) ([]int64, int64, error) {
				paid := make([]int64, len(owed))
				for i := range owed {
					if owed[i] <= n {
						paid[i] = owed[i]
						n -= owed[i]
					}
				}
				return paid, n, nil
			}},
	}
}

// inOrder is the right way.
func inOrder(owed []int64, n int64) ([]int64, int64) {
	paid := make([]int64, len(owed))
	for i := range owed {
		paid[i] = min(n, owed[i])
		n -= paid[i]
	}
	return paid, n
}
