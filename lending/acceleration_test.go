package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// hastened is a product whose loans fall due ten days after the borrower's first default.
func hastened() lending.Product {
	p := rich()
	p.ID, p.DayCount, p.Accrual = "hastened", daycount.Act365F, schedule.AccrueByDays
	p.Late.AccelerateDays = 10
	return p
}

// After the day everything that is left of the principal is due, the running interest is what has
// accrued, later interest is gone, and penalty interest runs on all of it.
func TestAccelerationByRule(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "pot-a", "pot-b")
	p := hastened()
	p.Covers = covered().Covers
	id := w.lent(p, 1_200_000, 3, "12% per year", "bob")
	plan, first := w.loan(id).Plan, w.loan(id).Dues[0].Date

	w.day = first.AddDays(10)
	w.dayEnd()
	require.True(t, w.loan(id).Acceleration.On.IsZero(), "ten days are borne")
	ahead := first.AddDays(30) // nobody has looked in between
	l := w.loan(id)
	due, err := l.DueOn(ahead)
	require.NoError(t, err)
	off, err := l.Payoff(ahead)
	require.NoError(t, err)
	require.Equal(t, due, off, "what is to be paid is all that is owed")

	w.day = first.AddDays(11)
	w.dayEnd()
	l = w.loan(id)
	require.Equal(t, w.day, l.Acceleration.On)
	for i := 1; i < 3; i++ {
		require.Equal(t, w.day, l.Dues[i].Date)
		require.Equal(t, plan.AccruedIn(i, w.day).Minor(), l.Dues[i].Owed[lending.Interest])
	}
	require.Equal(t, int64(1_200_000), l.Outstanding().Minor())
	require.Equal(t, 11, l.DaysPastDue(w.day), "days past due go on")
	again, err := l.DueOn(ahead)
	require.NoError(t, err)
	require.Equal(t, due, again, "the same whenever anybody looks")

	w.day = first.AddDays(15)
	w.dayEnd()
	require.Zero(t, w.loan(id).Dues[1].Promised, "covers wait for their trigger after the day")
	w.day = ahead
	w.dayEnd()
	l = w.loan(id)
	require.NotZero(t, l.Dues[2].Promised)
	for i := 1; i < 3; i++ {
		base := l.Dues[i].Owed[lending.Principal] + l.Dues[i].Owed[lending.Interest]
		require.Equal(t, base*19, l.Dues[i].MinorDays)
		require.Equal(t, (base*19*1825+365*5000)/(365*10000), l.Dues[i].Owed[lending.Penalty], "18.25%% a year, once rounded")
		require.Zero(t, l.Dues[i].Owed[lending.Fees], "no late fee on what was not missed")
	}
	do(w, officer, lending.WriteOff{Loan: id, Reason: "hopeless"})
	require.Equal(t, int64(1_200_000), w.loan(id).Outstanding().Minor())
	w.reports()
}

// A payment that is found later and had kept the loan from it undoes an acceleration by rule: dates,
// interest and the fees of later instalments are back.
func TestAccelerationIsCured(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := hastened()
	monthly := platformFee(lending.WithInstalment, lending.OnOutstanding, 5000)
	monthly.ID = "monthly"
	p.Fees = append(p.Fees, monthly)
	id := w.lent(p, 1_200_000, 3, "12% per year", "bob")
	before := w.loan(id).Dues
	w.day = before[0].Date.AddDays(20)
	w.dayEnd()
	require.False(t, w.loan(id).Acceleration.On.IsZero())
	require.Zero(t, w.loan(id).Dues[2].Owed[lending.Fees])
	require.NotZero(t, before[2].Owed[lending.Fees])
	w.repay(id, 1000)
	w.deposit("ann", amt(1_000_000, cny))
	do(w, officer, lending.RepayAsOf{Loan: id, Amount: amt(before[0].Owed.Total(), cny), Value: before[0].Date, Reason: "found"})
	w.dayEnd()
	l := w.loan(id)
	require.True(t, l.Acceleration.On.IsZero())
	require.Zero(t, l.DaysPastDue(w.day))
	require.Equal(t, before[2], l.Dues[2])
	require.NoError(t, l.Check())
}

// An officer and a second person accelerate a loan for another breach, once, and with effect.
func TestAccelerate(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "olga")
	id := w.lent(standard(), 1_200_000, 6, "12% per year", "bob")
	w.repay(id, 100)
	w.day = w.day.AddDays(10)
	c := lending.Accelerate{Loan: id, Reason: "misuse"}
	require.ErrorIs(t, try(w, party("ann"), c), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, lending.Accelerate{Loan: id}), lending.ErrID)
	require.ErrorIs(t, try(w, officer, lending.Accelerate{Loan: "L-none", Reason: "r"}), lending.ErrUnknown)
	w.day = w.day.AddDays(-20)
	require.ErrorIs(t, try(w, officer, c), lending.ErrDate)
	w.day = w.day.AddDays(20)
	m := w.meta(officer)
	m.Approver = officer
	_, err := lending.Do(context.Background(), w.desk, m, c)
	require.ErrorIs(t, err, lending.ErrSecond)

	payoff, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	ev := do(w, officer, c)
	require.Equal(t, w.day, ev.Accelerated.On)
	l := w.loan(id)
	due, err := l.DueOn(w.day)
	require.NoError(t, err)
	require.Equal(t, payoff, due, "as if it were paid off on the day")
	require.Zero(t, l.DaysPastDue(w.day))
	require.Equal(t, 3, l.DaysPastDue(w.day.AddDays(3)))
	require.ErrorIs(t, try(w, officer, c), lending.ErrState)
	do(w, officer, visit(id, 50))
	w.day = w.day.AddDays(1)
	require.ErrorIs(t, try(w, officer, c), lending.ErrState, "what came later falls due by itself")
	w.day = w.day.AddDays(-1)
	do(w, officer, lending.Waive{Loan: id, Charge: 1, Reason: "kind"})
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Payment: 1, Reason: "r"}), lending.ErrState)
	w.repay(id, due.Minor())
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	require.ErrorIs(t, try(w, officer, c), lending.ErrState)
}

// A loan of which only interest is left that has not accrued is not accelerated to nothing: it is paid off.
func TestAccelerateOwesNothingYet(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Waterfall, p.Prepayment.NoticeDays = lending.CostsThenPrincipal(), 1
	id := w.lent(p, 90_000, 2, "12% per year", "bob")
	do(w, party("ann"), lending.GiveNotice{Loan: id})
	w.repay(id, 90_000) // principal ahead, as it is too early to pay off
	require.Zero(t, w.loan(id).Outstanding().Minor())
	c := lending.Accelerate{Loan: id, Reason: "misuse"}
	require.ErrorIs(t, try(w, officer, c), lending.ErrState)
	require.Equal(t, lending.StateActive, w.loan(id).State)
	w.reports()
	w.day = w.day.AddDays(1)
	w.deposit("ann", amt(1_000, cny))
	do(w, party("ann"), lending.PayOff{Loan: id})
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	w.reports()
}

// overdueProduct draws a product with rules for what is overdue.
func overdueProduct(t *rapid.T) lending.Product {
	p := rich()
	p.Fees = append([]lending.Fee(nil), p.Fees...)
	p.Fees[1].Min = rapid.Int64Range(0, 2000).Draw(t, "late fee")
	p.Fees[1].PPM = rapid.Int64Range(1, 50_000).Draw(t, "late fee share")
	if rapid.Bool().Draw(t, "nothing withheld") {
		p.Fees = p.Fees[1:]
	}
	p.Fees = append(p.Fees, rapid.SampledFrom(moreFees()).Draw(t, "more fees")...)
	some := func(what string, most int) int { return rapid.IntRange(0, most).Draw(t, what) }
	p.Late.GraceDays = some("grace", 5)
	p.Late.AccelerateDays = some("accelerate after", 40)
	p.Late.NonAccrualDays = some("stop after", 60)
	p.Late.Base = lending.PenaltyBase(some("base", 1))
	p.Late.ContractPPM = int64(some("of the rate", 3)) * 500_000
	if rapid.Bool().Draw(t, "by days") {
		p.DayCount, p.Accrual = daycount.Act365F, schedule.AccrueByDays
	}
	if rapid.Bool().Draw(t, "tolerates") {
		p.Late.Tolerance = lending.Tolerance{Minor: int64(some("tolerance", 5000)), PPM: int64(some("tolerance share", 20_000))}
	}
	return p
}
