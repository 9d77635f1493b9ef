package regulator_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// loanTerms draws terms of monthly periods, by whole months or by actual days over 365.
func loanTerms(t *rapid.T, methods ...schedule.Method) schedule.Terms {
	mode := rapid.SampledFrom([]money.Mode{money.HalfEven, money.HalfUp, money.Up, money.Down, money.Ceiling})
	terms := schedule.Terms{
		Principal: amt(rapid.Int64Range(100, 1_000_000_000).Draw(t, "principal"), cny),
		Rate:      perYear(rapid.Int64Range(0, 400_000_000_000).Draw(t, "rate")),
		Method:    rapid.SampledFrom(methods).Draw(t, "method"),
		Periods:   rapid.IntRange(1, 60).Draw(t, "periods"),
		Every:     schedule.Months(rapid.IntRange(1, 3).Draw(t, "months")),
		Start:     civil.MustParse("2020-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "start")),
		DayCount:  daycount.Thirty360US, Accrual: schedule.AccrueByPeriod,
		Rounding: schedule.Rounding{Instalment: mode.Draw(t, "instalment"), Interest: mode.Draw(t, "interest")},
	}
	if rapid.Bool().Draw(t, "by days") {
		terms.DayCount, terms.Accrual = daycount.Act365F, schedule.AccrueByDays
	}
	return terms
}

func perYear(pico int64) schedule.Rate {
	r, err := schedule.RateFromPico(pico, schedule.PerYear)
	if err != nil {
		panic(err)
	}
	return r
}

// costs is the oracle of Within: the same account in fractions, without a tolerance. It returns what
// the borrower still owes at the end, negative when he paid more than the rate asks for.
func costs(handed int64, plan schedule.Plan, rate schedule.Rate, byDays bool) *big.Rat {
	debt, accrued := new(big.Rat).SetInt64(handed), new(big.Rat)
	before, start := new(big.Rat), plan.Terms().Start
	for _, row := range plan.Rows() {
		now := big.NewRat(int64(row.Due.Sub(start)), 365)
		if !byDays {
			u, _ := schedule.CountUnitPeriods(start, row.Due, schedule.Months(1))
			now = big.NewRat(int64(u.Whole*u.Den+u.Num), int64(12*u.Den))
		}
		growth := new(big.Rat).Mul(debt, big.NewRat(rate.Pico(), 1_000_000_000_000))
		accrued.Add(accrued, growth.Mul(growth, new(big.Rat).Sub(now, before)))
		before = now
		paid := new(big.Rat).SetInt64(row.Principal + row.Interest + row.Fee)
		if paid.Cmp(accrued) < 0 {
			accrued.Sub(accrued, paid)
			continue
		}
		debt.Sub(debt, paid.Sub(paid, accrued))
		accrued.SetInt64(0)
	}
	return debt.Add(debt, accrued)
}

// A loan at its own rate is within that rate and every higher one, whatever the rounding; with a fee
// of more than the rounding can be, it is not within its own.
func TestWithinItsOwnRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := loanTerms(t, schedule.MethodLevelPayment, schedule.MethodEqualPrincipal,
			schedule.MethodInterestOnly, schedule.MethodBullet)
		plan, err := terms.Plan()
		if err != nil {
			t.Skip("no plan")
		}
		handed := terms.Principal.Minor()
		require.True(t, regulator.Within(handed, plan, terms.Rate))
		more := terms.Rate.Pico() + rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "more")
		require.True(t, regulator.Within(handed, plan, perYear(more)))
		if fee := int64(2*terms.Periods + 2); fee < handed {
			require.False(t, regulator.Within(handed-fee, plan, terms.Rate))
		}
	})
}

// What the oracle finds within is within; what it finds dearer by more than a minor unit a payment
// and what that earns is not.
func TestWithinAgainstFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := loanTerms(t, schedule.MethodFlat, schedule.MethodLevelPayment, schedule.MethodSumOfDigits,
			schedule.MethodBullet)
		plan, err := terms.Plan()
		if err != nil {
			t.Skip("no plan")
		}
		rate := perYear(rapid.Int64Range(0, 800_000_000_000).Draw(t, "cap"))
		handed := terms.Principal.Minor() - rapid.Int64Range(0, terms.Principal.Minor()/10).Draw(t, "fee")
		left := costs(handed, plan, rate, terms.Accrual == schedule.AccrueByDays)
		within := regulator.Within(handed, plan, rate)
		slack := int64(terms.Periods) * (2 + rate.Pico()*int64(terms.Periods)*3/12/1_000_000_000_000)
		switch {
		case left.Sign() >= 0:
			require.True(t, within, "left %s", left.FloatString(3))
		case left.Cmp(big.NewRat(-slack*4, 1)) < 0:
			require.False(t, within, "left %s", left.FloatString(3))
		}
	})
}

// Within agrees with the disclosed APR of Regulation Z where both count alike: regular months.
func TestWithinAgainstAPR(t *testing.T) {
	terms := schedule.Terms{
		Principal: amt(1_000_000_000, cny), Rate: schedule.MustRate("10% per year"),
		Method: schedule.MethodFlat, Periods: 24, Every: schedule.Months(1),
		Start: civil.MustParse("2026-01-31"), DayCount: daycount.Thirty360US,
		Accrual:  schedule.AccrueByPeriod,
		Rounding: schedule.Rounding{Instalment: money.HalfUp, Interest: money.HalfUp},
	}
	plan, err := terms.Plan()
	require.NoError(t, err)
	apr, err := schedule.APR(plan.Flows(), schedule.Months(1))
	require.NoError(t, err)
	require.Equal(t, "18.16", apr.Percent(2).String())
	require.False(t, regulator.Within(1_000_000_000, plan, schedule.MustRate("18.15% per year")))
	require.True(t, regulator.Within(1_000_000_000, plan, schedule.MustRate("18.17% per year")))
	require.False(t, regulator.Within(1_000_000_000, plan, schedule.MustRate("10% per period")))
	require.False(t, regulator.Within(1_000_000_000, plan, schedule.Rate{}))
}

// A year of 360 days costs more than its name.
func TestMoneyMarketYear(t *testing.T) {
	terms := schedule.Terms{
		Principal: amt(1_000_000_000, cny), Rate: schedule.MustRate("15.4% per year"),
		Method: schedule.MethodInterestOnly, Periods: 12, Every: schedule.Months(1),
		Start: civil.MustParse("2026-01-31"), DayCount: daycount.Act360, Accrual: schedule.AccrueByDays,
		Rounding: schedule.Rounding{Instalment: money.HalfUp, Interest: money.HalfUp},
	}
	plan, err := terms.Plan()
	require.NoError(t, err)
	require.False(t, regulator.Within(1_000_000_000, plan, schedule.MustRate("15.6% per year")))
	require.True(t, regulator.Within(1_000_000_000, plan, schedule.MustRate("15.62% per year")))
}
