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

// A fee is the greater of its share and its minimum, not above its maximum.
func TestFeeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := lending.Fee{PPM: rapid.Int64Range(0, lending.Million).Draw(t, "ppm"), Min: rapid.Int64Range(0, 100).Draw(t, "min"), Round: money.HalfUp}
		if rapid.Bool().Draw(t, "capped") {
			f.Max = f.Min + rapid.Int64Range(0, 100).Draw(t, "max")
		}
		base := rapid.Int64Range(-5, 1_000_000).Draw(t, "base")
		got, err := f.Of(lending.FeeRow{Base: base})
		require.NoError(t, err)
		if base <= 0 || f.PPM == 0 {
			require.Zero(t, got)
			return
		}
		want := max(f.Min, roundHalfUp(big.NewRat(base*f.PPM, lending.Million)))
		if f.Max > 0 {
			want = min(want, f.Max)
		}
		require.Equal(t, want, got)
	})
	_, err := lending.Fee{PPM: 1}.Of(lending.FeeRow{Base: 100})
	require.ErrorIs(t, err, money.ErrMode)
}
