package lending_test

import (
	"context"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Penalty interest and late fees against a naive count, day by day, in rational numbers: whatever
// part payments are made, and whenever anybody looks, the borrower owes the same.
func TestPenaltyDayByDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rich()
		p.Late.GraceDays = rapid.IntRange(0, 5).Draw(t, "grace")
		p.Late.Penalty = schedule.MustRate(rapid.SampledFrom([]string{"0% per year", "18.25% per year", "36.5% per year"}).Draw(t, "rate"))
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		id := w.lent(p, rapid.Int64Range(100, 1_000_000).Draw(t, "principal"), 1, "12% per year", "bob")
		due := w.loan(id).Dues[0]
		rate := new(big.Rat).SetFrac64(p.Late.Penalty.Pico(), 1_000_000_000_000)
		rate.Quo(rate, big.NewRat(365, 1))

		base, days := due.Owed[lending.Principal]+due.Owed[lending.Interest], new(big.Int)
		principal, interest := due.Owed[lending.Principal], due.Owed[lending.Interest]
		var feePaid, penaltyPaid, fee int64
		w.day = due.Date
		for range rapid.IntRange(1, 40).Draw(t, "days") {
			days.Add(days, big.NewInt(base))
			w.day = w.day.AddDays(1)
			past := w.day.Sub(due.Date)
			var penalty int64
			if past > p.Late.GraceDays {
				exact := new(big.Rat).Mul(rate, new(big.Rat).SetInt(days))
				penalty = roundHalfUp(exact)
				if fee == 0 {
					fee = max(1500, roundHalfUp(big.NewRat(base*5, 100)))
				}
			}
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				w.dayEnd()
			case 1:
				want := fee - feePaid + max(0, penalty-penaltyPaid) + interest + principal
				q, err := w.desk.Quote(context.Background(), id, w.day)
				require.NoError(t, err)
				require.Equal(t, want, q.Due.Minor(), "%d days late", past)
				require.Equal(t, want, q.Payoff.Minor())
				if part := rapid.Int64Range(1, want).Draw(t, "part"); part < want {
					w.repay(id, part)
					part -= pay(&feePaid, fee-feePaid, part)
					part -= pay(&penaltyPaid, max(0, penalty-penaltyPaid), part)
					var gone int64
					part -= pay(&gone, interest, part)
					interest -= gone
					principal -= part
					base = interest + principal
				}
			}
			if base == 0 {
				return
			}
		}
	})
}

func pay(to *int64, owed, money int64) int64 {
	n := min(owed, money)
	*to += n
	return n
}

func roundHalfUp(r *big.Rat) int64 {
	twice := new(big.Int).Add(new(big.Int).Mul(r.Num(), big.NewInt(2)), r.Denom())
	return twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64()
}

// A payment taken up by hand, cent by cent, agrees with the waterfall in both of its orders.
func TestWaterfallCentByCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation([]lending.Component{lending.Interest, lending.Principal, lending.Penalty, lending.LateFees}).Draw(t, "order")
		rule := lending.Waterfall{Order: order, Across: rapid.Bool().Draw(t, "across")}
		require.NoError(t, rule.Check())
		owing := make([]lending.Owing, rapid.IntRange(0, 6).Draw(t, "instalments"))
		for i := range owing {
			owing[i].Instalment = i
			for _, c := range order {
				owing[i].Components[c] = rapid.Int64Range(-2, 40).Draw(t, "owed")
			}
		}
		amount := rapid.Int64Range(0, 500).Draw(t, "amount")
		want := map[lending.Allocation]int64{}
		left := append([]lending.Owing(nil), owing...)
		rest := amount
		for rest > 0 {
			i, c := firstOpen(left, rule)
			if i < 0 {
				break
			}
			left[i].Components[c]--
			want[lending.Allocation{Instalment: i, Component: c}]++
			rest--
		}
		parts, over := rule.Allocate(owing, amount)
		require.Equal(t, rest, over)
		for _, p := range parts {
			require.Positive(t, p.Minor)
			require.Equal(t, want[lending.Allocation{Instalment: p.Instalment, Component: p.Component}], p.Minor)
			delete(want, lending.Allocation{Instalment: p.Instalment, Component: p.Component})
		}
		require.Empty(t, want)
	})
}

func firstOpen(owing []lending.Owing, rule lending.Waterfall) (int, lending.Component) {
	for k := range len(owing) * len(rule.Order) {
		i, c := k/len(rule.Order), k%len(rule.Order)
		if rule.Across {
			i, c = k%len(owing), k/len(owing)
		}
		if owing[i].Components[rule.Order[c]] > 0 {
			return i, rule.Order[c]
		}
	}
	return -1, 0
}

// Waterfalls that forget or repeat a component are refused.
func TestWaterfallCheck(t *testing.T) {
	require.Error(t, lending.Waterfall{}.Check())
	require.Error(t, lending.Waterfall{Order: []lending.Component{1, 2, 3, 3}}.Check())
	require.Error(t, lending.Waterfall{Order: []lending.Component{0, 1, 2, 3}}.Check())
	require.Error(t, lending.Waterfall{Order: []lending.Component{1, 2, 3, 9}}.Check())
	require.NoError(t, lending.CivilCode561().Check())
	parts, rest := lending.Waterfall{Order: []lending.Component{200}}.Allocate([]lending.Owing{{}}, 5)
	require.Empty(t, parts)
	require.Equal(t, int64(5), rest)
}

// A fee is the greater of its share and its minimum, not above its maximum.
func TestFeeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := lending.Fee{PPM: rapid.Int64Range(0, lending.Million).Draw(t, "ppm"), Min: rapid.Int64Range(0, 100).Draw(t, "min"), Round: money.HalfUp}
		if rapid.Bool().Draw(t, "capped") {
			f.Max = f.Min + rapid.Int64Range(0, 100).Draw(t, "max")
		}
		base := rapid.Int64Range(-5, 1_000_000).Draw(t, "base")
		got, err := f.Of(base)
		require.NoError(t, err)
		if base <= 0 {
			require.Zero(t, got)
			return
		}
		want := max(f.Min, roundHalfUp(big.NewRat(base*f.PPM, lending.Million)))
		if f.Max > 0 {
			want = min(want, f.Max)
		}
		require.Equal(t, want, got)
	})
	_, err := lending.Fee{PPM: 1}.Of(100)
	require.ErrorIs(t, err, money.ErrMode)
}
