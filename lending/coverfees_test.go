package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// feesCovered is a loan on which fees and costs of every payee fall due; the first pot stands for them or
// not, and the second one.
func feesCovered(t require.TestingT, first, second bool, order lending.Waterfall, more ...lending.Fee) (*world, lending.LoanID) {
	return feesCoveredUnder(t, nil, first, second, order, more...)
}

// feesCoveredUnder is the same under rules.
func feesCoveredUnder(t require.TestingT, rules lending.Rules, first, second bool, order lending.Waterfall, more ...lending.Fee) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Rules: rules})
	w.register("ann", "bob", "eve", "hal", "pot-a", "pot-b")
	p := covered()
	p.Covers[0].Fees, p.Covers[1].Fees, p.Waterfall = first, second, order
	p.Late = lending.Late{Penalty: schedule.MustRate("73% per year"), Round: money.HalfEven, GraceDays: 1}
	fee := func(id lending.Code, timing lending.Timing, base lending.Base, to lending.Payee, party lending.PartyID) {
		p.Fees = append(p.Fees, lending.Fee{ID: id, Timing: timing, Base: base, Payee: to, Party: party, PPM: 2_000, Round: money.HalfUp})
	}
	fee("service", lending.WithInstalment, lending.OnAmount, lending.ToPlatform, "")
	fee("advice", lending.WithInstalment, lending.OnAmount, lending.ToParty, "hal")
	fee("late", lending.WhenLate, lending.OnUnpaid, lending.ToLenders, "")
	p.Fees = append(p.Fees, more...)
	return w, w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
}

// platformHas is what the platform has of fees.
func (w *world) platformHas() (sum int64) {
	for _, line := range w.reports().TrialBalance(ledger.Platform) {
		if line.Account.Kind == ledger.KindIncome {
			sum -= line.Debit
		}
	}
	return sum
}

// A layer that stands for fees pays them to who is owed them, behind what the lenders miss, and has them back
// when the borrower pays; one that does not is not asked for them.
func TestCoverOfFees(t *testing.T) {
	for name, fees := range map[string]bool{"plus fees": true, "principal and interest": false} {
		w, id := feesCovered(t, fees, false, lending.CivilCode561())
		w.deposit("pot-a", amt(1_000_000, cny))
		first := w.loan(id).Plan.At(0)
		hal, income := w.wallet("hal", cny).Available, w.platformHas()
		w.day = first.Due.AddDays(5)
		w.dayEnd()
		l := w.loan(id)
		owed := l.Dues[0].Owed[lending.Fees]
		require.Positive(t, owed, name)
		asked := first.Total.Minor()
		if fees {
			asked += owed
		}
		paid := (asked*600_000 + 999_999) / 1_000_000
		require.Equal(t, paid, l.Covers[0].Paid, name)
		if fees { // the second layer has promised principal and interest alone, and has no money yet
			owed = 0
		}
		require.Equal(t, owed, l.Dues[0].Missing()[lending.Fees], name)

		w.deposit("pot-b", amt(1_000_000, cny))
		w.day = w.day.AddDays(1)
		w.dayEnd()
		missing := w.loan(id).Dues[0].Missing()
		require.Zero(t, missing[lending.Principal]+missing[lending.Interest], name)
		require.Equal(t, owed, missing[lending.Fees], name)
		do(w, officer, lending.Waive{Loan: id, Component: lending.Penalty, Instalment: 0, Reason: "kind"})
		unpaid := w.loan(id).Dues[0].Unpaid().Total()
		w.repay(id, unpaid)
		for _, a := range w.loan(id).Advances {
			require.Equal(t, a.Amount, a.Recovered, "%s: %+v", name, a)
		}
		require.Equal(t, int64(2_000), w.wallet("hal", cny).Available-hal, name)
		require.Equal(t, int64(2_000), w.platformHas()-income, name)
	}
}

// What covers are owed of fees and penalty interest outlasts a new plan.
func TestCoverOfFeesInANewPlan(t *testing.T) {
	w, id := feesCovered(t, true, true, lending.CostsThenPrincipal())
	w.deposit("pot-a", amt(1_000_000, cny))
	w.deposit("pot-b", amt(1_000_000, cny))
	first := w.loan(id).Plan.At(0)
	w.day = first.Due.AddDays(5)
	w.dayEnd()
	w.day = w.day.AddDays(1)
	w.dayEnd()
	w.day = w.day.AddDays(10)
	do(w, timer, lending.EndDay{Loan: id})
	l := w.loan(id)
	w.repay(id, first.Total.Minor()+l.Dues[0].Missing().Total())
	owed := l.Dues[0].Unpaid()
	require.Zero(t, w.loan(id).Dues[0].Unpaid()[lending.Principal])
	left := w.loan(id).Dues[0].Unpaid()
	require.Positive(t, left[lending.Penalty])
	require.Equal(t, owed[lending.Fees], left[lending.Fees])
	do(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: 6, ReAge: true, Rate: schedule.MustRate("6% per year")})
	l = w.loan(id)
	require.NoError(t, l.Check())
	require.Equal(t, left[lending.Penalty], l.Dues[0].Unpaid()[lending.Penalty], "a cover's, and no lender's")
	w.day = w.day.AddDays(3)
	do(w, timer, lending.EndDay{Loan: id})
	require.Equal(t, left[lending.Penalty], w.loan(id).Dues[0].Unpaid()[lending.Penalty], "it grows no more")

	w.deposit("ann", amt(5_000_000, cny))
	for w.loan(id).State == lending.StateActive {
		do(w, party("ann"), lending.PayOff{Loan: id})
		w.deliver()
	}
	for _, a := range w.loan(id).Advances {
		require.Equal(t, a.Amount, a.Recovered, "%+v", a)
	}
	require.Positive(t, w.wallet("pot-a", cny).Available-1_000_000, "penalty interest of ten days")
	w.reports()
}

// Whatever covers pay, borrowers pay and take back: every payee has what its charges say, and covers are owed
// what they have out.
func TestCoverOfFeesAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := []lending.Waterfall{lending.CivilCode561(), lending.CostsThenPrincipal()}[rapid.IntRange(0, 1).Draw(t, "order")]
		var rules lending.Rules
		if rapid.Bool().Draw(t, "capped") {
			rules = capping{capFrom("2020-01-01", "24")}
		}
		w, id := feesCoveredUnder(t, rules, rapid.Bool().Draw(t, "first"), rapid.Bool().Draw(t, "second"), order,
			lending.Fee{ID: "daily", Timing: lending.WhenLate, Per: lending.PerDay, Base: lending.OnUnpaid, Payee: lending.ToPlatform,
				PPM: 300, Round: money.HalfUp})
		hal, income := w.wallet("hal", cny).Available, w.platformHas()
		for range rapid.IntRange(5, 25).Draw(t, "steps") {
			w.day = w.day.AddDays(rapid.SampledFrom([]int{0, 1, 5, 20}).Draw(t, "pause"))
			w.dayEnd()
			if w.loan(id).State == lending.StateClosed {
				break
			}
			minor := rapid.Int64Range(1, 200_000).Draw(t, "minor")
			switch rapid.SampledFrom([]string{"pot-a", "pot-b", "repay", "bounce", "levy", "waive", "restructure", "prepay",
				"write-off", "accelerate", "chargeback"}).Draw(t, "step") {
			case "pot-a":
				w.deposit("pot-a", amt(minor, cny))
			case "pot-b":
				w.deposit("pot-b", amt(minor, cny))
			case "repay":
				w.repay(id, minor)
			case "bounce":
				w.bounce(id, minor, 0, payerDays{})
			case "levy":
				_ = try(w, officer, lending.LevyCharge{Loan: id, Component: lending.Costs, Amount: amt(minor%5_000+1, cny),
					Payee: lending.ToParty, Party: "hal", Fee: "court", Due: w.day, Reason: "court"})
			case "chargeback":
				_ = try(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"})
				w.deliver()
			case "restructure":
				_ = try(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: int(minor%8) + 1, ReAge: minor%2 == 0,
					Rate: schedule.MustRate([]string{"9% per year", "12% per year"}[minor%2])})
			case "prepay":
				w.deposit("ann", amt(minor, cny))
				_ = try(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(minor, cny)})
				w.deliver()
			case "accelerate":
				_ = try(w, officer, lending.Accelerate{Loan: id, Reason: "default"})
			case "write-off":
				if minor%4 == 0 {
					_ = try(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
				}
			case "waive":
				_ = try(w, officer, lending.Waive{Loan: id, Charge: int(minor%9) + 1, Reason: "kind"})
			}
			l := w.loan(id)
			require.NoError(t, l.Check())
			got := map[lending.Payee]int64{}
			for i := range l.Charges {
				x := &l.Charges[i]
				if got[x.Payee] += x.Paid + x.Advanced; x.Again {
					got[x.Payee] -= x.Owed // was given back
				}
			}
			require.Equal(t, got[lending.ToParty], w.wallet("hal", cny).Available-hal)
			w.reports()
			require.Equal(t, got[lending.ToPlatform], w.platformHas()-income)
			for k := range l.Dues {
				for layer := range l.Covers {
					require.LessOrEqual(t, l.Dues[k].Promised[layer], l.Covered(layer, k))
				}
			}
		}
	})
}

// A charge that a cover has advanced in part, and of which the rest is called back, owes covers nothing anew.
func TestChargebackOfChargeAdvancedInPart(t *testing.T) {
	w, id := feesCovered(t, true, true, lending.CivilCode561())
	first := w.loan(id).Plan.At(0)
	lenders := first.Total.Minor()
	w.deposit("pot-a", amt(1_000_000, cny))
	w.day = first.Due.AddDays(5)
	w.dayEnd() // pot-a pays 60%; pot-b has no money
	w.deposit("pot-b", amt(lenders*400_000/1_000_000+1_500, cny))
	w.day = w.day.AddDays(1)
	w.dayEnd()
	m := w.loan(id).Dues[0].Missing()
	ev := w.repay(id, m[lending.Fees]+m[lending.Penalty])
	require.Empty(t, ev.Advances)
	require.NoError(t, w.loan(id).Check())
	do(w, officer, lending.Chargeback{Loan: id, Payment: ev.N, Reason: "bounced"})
	w.deliver()
	require.NoError(t, w.loan(id).Check())
}

// A late fee by the day never falls below what a cover has advanced of it.
func TestFeeByTheDayAdvancedAndReAged(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	w.register("ann", "bob", "eve", "pot-a", "pot-b")
	p := covered()
	p.Covers[0].Fees = true
	p.Covers[0].TriggerDays, p.Covers[1].TriggerDays = 2, 2
	p.Late = lending.Late{Penalty: schedule.MustRate("73% per year"), Round: money.HalfEven, GraceDays: 10}
	p.Fees = append(p.Fees, lending.Fee{ID: "by-day", Timing: lending.WhenLate, Base: lending.OnUnpaid, Per: lending.PerDay,
		Payee: lending.ToPlatform, PPM: 1_000, Round: money.HalfUp})
	id := w.lent(p, 1_000_000, 6, "12% per year", "bob", "eve")
	w.deposit("pot-a", amt(3_000_000, cny)) // pot-b has no money
	w.day = w.loan(id).Plan.At(1).Due.AddDays(-5)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "default"})
	for range 4 {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	require.NoError(t, w.loan(id).Check())
	do(w, officer, lending.Restructure{Loan: id, Reason: "illness", Periods: 6, ReAge: true, Rate: schedule.MustRate("12% per year")})
	w.day = w.day.AddDays(1)
	do(w, timer, lending.EndDay{Loan: id})
	require.NoError(t, w.loan(id).Check())
}
