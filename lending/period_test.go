package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// exitFee is a product whose borrowers pay so much of a base for prepaying.
func exitFee(base lending.Base, ppm int64, steps ...lending.FeeStep) lending.Product {
	p := standard()
	f := stepped(platformFee(lending.OnPrepayment, base, ppm), steps...)
	f.ID = "exit"
	p.Fees = []lending.Fee{f}
	return p
}

// paysOff pays a loan off and returns what that cost.
func (w *world) paysOff(id lending.LoanID) (cost int64) {
	off, err := w.loan(id).Payoff(w.day)
	require.NoError(w.t, err)
	w.deposit("ann", off)
	e := do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	return e.Of(lending.Fees)
}

// Interest of the running period is that of the plan that runs, whatever instalments were left by the one
// before; a small prepayment does not shorten the period.
func TestExitFeeOnInterestOfTheRunningPeriod(t *testing.T) {
	for _, periods := range []int{2, 9, 15} {
		w, id := restructured(t, exitFee(lending.OnInterest, 1_000_000), 3)
		do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: periods})
		w.day = w.day.AddDays(3)
		require.Equal(t, w.loan(id).Plan.At(0).Interest.Minor(), w.paysOff(id))
	}
	w, id := restructured(t, exitFee(lending.OnInterest, 1_000_000), 3)
	whole := w.loan(id).Plan.At(3).Interest.Minor()
	w.deposit("ann", amt(1_000_000, cny))
	do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(50_000, cny)})
	w.deliver()
	require.InDelta(t, whole, w.paysOff(id), 60, "half of the month bears interest on a little less")
}

// A price that falls with the periods goes by the calendar, not by instalments that prepayments make.
func TestExitFeeStepsByTheCalendar(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	id := w.lent(exitFee(lending.OnPrepaid, 30_000, lending.FeeStep{From: 4}), 1_000_000, 12, "12% per year", "bob", "eve")
	w.deposit("ann", amt(2_000_000, cny))
	for range 4 {
		w.day = w.day.AddDays(2)
		do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(10_000, cny)})
		w.deliver()
	}
	w.day = w.day.AddDays(1)
	require.InDelta(t, w.loan(id).Outstanding().Minor()*3/100, w.paysOff(id), 1)
}

// Periods before the end in which prepaying is free go by the end of the plan that runs.
func TestFreePeriodsOfALongerLoan(t *testing.T) {
	p := exitFee(lending.OnPrepaid, 30_000)
	p.Fees[0].FreePeriods = 9
	w, id := restructured(t, p, 3)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 9})
	w.deposit("ann", amt(2_000_000, cny))
	e := do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(1_000_000, cny)})
	require.Zero(t, e.Of(lending.Fees), "nine periods are left, with the interest of the former plan due in the first")
	w.deliver()
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 10})
	require.NotZero(t, w.paysOff(id), "ten")
}

// A fee on what came in time counts a payment with a part in advance for one instalment of the plan that
// runs, also of one with few instalments.
func TestTimelyFeeAfterRestructuring(t *testing.T) {
	p := standard()
	f := platformFee(lending.AtPayout, lending.OnTimely, 10_000)
	f.CapPeriods, f.Round, f.Point = 100, money.Down, lending.RunningTotal
	p.Fees = []lending.Fee{f}
	w, id := restructured(t, p, 3)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Periods: 3})
	l := w.loan(id)
	w.day = l.Dues[l.Base].Date
	due, err := l.DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	w.day = l.Dues[l.Base+1].Date.AddDays(-10)
	w.deposit("ann", amt(5_000_000, cny))
	e := do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(5_000_000, cny)})
	regular := l.Plan.At(1).Principal.Minor() + l.Plan.At(1).Interest.Minor()
	require.InDelta(t, regular/100, e.FeeOf(0)+e.FeeOf(1), 2)
}

// A whole period is one of the plan that runs.
func TestWholePeriodsOfTheRunningPlan(t *testing.T) {
	p := standard()
	p.Prepayment.Interest = lending.InterestWholePeriods
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	w.day = civil.MustParse("2026-01-15")
	id := w.lent(p, 1_000_000, 12, "12% per year", "bob", "eve")
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", Every: schedule.Months(3),
		First: civil.MustParse("2026-04-15"), Periods: 4})
	off, err := w.loan(id).Payoff(civil.MustParse("2026-01-20"))
	require.NoError(t, err)
	require.EqualValues(t, 1_030_000, off.Minor(), "a quarter has begun")
}

// Until a plan is made anew the running period is the first instalment that is not due before the day;
// prepayments leave it where it is.
func TestPeriodOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		p.Method = rapid.SampledFrom([]schedule.Method{schedule.MethodLevelPayment, schedule.MethodInterestOnly,
			schedule.MethodBullet}).Draw(t, "method")
		p.Every = rapid.SampledFrom([]schedule.Frequency{schedule.Months(1), schedule.Weeks(2), schedule.Days(10),
			schedule.SemiMonthly()}).Draw(t, "every")
		w := newWorld(t, lending.Config{})
		w.register("ann", "bob")
		w.day = w.day.AddDays(rapid.IntRange(0, 60).Draw(t, "start"))
		id := w.lent(p, 500_000, rapid.IntRange(1, 9).Draw(t, "periods"), "12% per year", "bob")
		was := w.loan(id)
		w.deposit("ann", amt(1_000_000, cny))
		for range rapid.IntRange(0, 5).Draw(t, "prepays") {
			w.day = w.day.AddDays(rapid.IntRange(0, 20).Draw(t, "days"))
			_ = try(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(20_000, cny)})
			w.deliver()
			day, n := w.day, 1
			for n < len(was.Dues) && was.Dues[n-1].Date.Before(day) {
				n++
			}
			require.Equal(t, n, was.Period(day))
			require.Equal(t, n, w.loan(id).Period(day))
		}
	})
}

// A down payment is no period: paying off in the first month is charged as in the first.
func TestDownPaymentIsNoPeriod(t *testing.T) {
	p := exitFee(lending.OnPrepaid, 30_000, lending.FeeStep{From: 2})
	p.DownPayment = schedule.MustRate("20% of principal")
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	w.repay(id, w.loan(id).Dues[0].Owed.Total())
	w.day = w.day.AddDays(10)
	off, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	require.Greater(t, off.Minor(), int64(800_000+24_000))
}
