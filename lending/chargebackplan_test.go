package lending_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// feeAhead is a loan of 1000 whose instalments come with a fee, paid out on a day.
func feeAhead(t *testing.T, day string, p lending.Product, periods int, rate string,
	f lending.Fee) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{})
	w.day = civil.MustParse(day)
	w.register("ann", "bob")
	f.ID, f.Timing = "f", lending.WithInstalment
	p.Fees = []lending.Fee{f}
	return w, w.lent(p, 1000, periods, rate, "bob")
}

// owedAgain is what the loan's charges owe that was called back.
func owedAgain(l *lending.Loan) (sum int64) {
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Again {
			sum += x.Owed
		}
	}
	return sum
}

// A fee that was paid ahead and called back is owed whatever becomes of its instalment: a plan made anew
// that ends before drops fees that were never paid, and not this one.
func TestChargebackOfAFeeOutlivesItsPlan(t *testing.T) {
	p := standard()
	p.Every, p.MaxRate = schedule.Months(3), schedule.MustRate("100% per year")
	p.Waterfall.Advance = lending.LastInstalment
	w, id := feeAhead(t, "2024-02-29", p, 2, "100% per year", lending.Fee{Payee: lending.ToLenders,
		Base: lending.OnOutstanding, PPM: 5_000_000, Fixed: 7, Round: money.Down})
	w.repay(id, 1356)
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
	again := owedAgain(w.loan(id))
	require.Positive(t, again)
	w.reports()
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", First: civil.MustParse("2024-04-20"),
		Periods: 20, Capitalise: true})
	require.Equal(t, again, owedAgain(w.loan(id)))
	w.reports()
	w.repay(id, 2738)
	w.reports()
	w.closes(t, id)
}

// Nor does it fall away with an earlier end of the plan.
func TestChargebackOfAFeeOutlivesAShorterPlan(t *testing.T) {
	p := standard()
	p.Every = schedule.Months(3)
	p.Waterfall.Advance = lending.LastInstalment
	w, id := feeAhead(t, "2024-02-29", p, 4, "12% per year", lending.Fee{Payee: lending.ToLenders,
		Base: lending.OnAmount, Fixed: 300, Round: money.Up})
	w.repay(id, 700)
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
	again := owedAgain(w.loan(id))
	require.Positive(t, again)
	do(w, officer, lending.Restructure{Loan: id, Reason: "agreed", First: civil.MustParse("2024-04-20"),
		Periods: 1})
	require.Equal(t, again, owedAgain(w.loan(id)))
	w.reports()
	w.closes(t, id)
}

// Nor with an acceleration by rule, which drops the fees of later instalments.
func TestChargebackOfAFeeOutlivesAnAcceleration(t *testing.T) {
	p := standard()
	p.Late.GraceDays, p.Late.AccelerateDays = 0, 1
	w, id := feeAhead(t, "2023-02-28", p, 6, "0% per year", lending.Fee{Payee: lending.ToPlatform, Fixed: 1500,
		Base: lending.OnOutstanding, PPM: 333_333, Round: money.HalfEven})
	w.day = civil.MustParse("2023-03-03")
	w.repay(id, 2)
	w.day = civil.MustParse("2023-05-11")
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
	again := owedAgain(w.loan(id))
	require.Positive(t, again)
	w.repay(id, 1503)
	require.False(t, w.loan(id).Acceleration.On.IsZero())
	require.Equal(t, again, owedAgain(w.loan(id)))
	w.reports()
	w.closes(t, id)
}

// penaltyOwed is what a loan owes of penalty interest, re-aged or not.
func penaltyOwed(l *lending.Loan) (sum int64) {
	for i := range l.Dues {
		sum += l.Dues[i].Unpaid()[lending.Penalty]
	}
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Fee == lending.FeePenalty {
			sum += x.Unpaid()
		}
	}
	return sum
}

// Penalty interest that was called back is owed with an instalment ahead. A plan made anew loses none of
// it, paid again or not, and asks for none twice.
func TestChargebackOfPenaltyIntoANewPlan(t *testing.T) {
	for name, c := range map[string]lending.Restructure{
		"extended": {Periods: 6}, "re-aged": {ReAge: true, Periods: 6},
		"holiday": {First: civil.MustParse("2024-04-20")}, "let off": {WaivePenalty: amt(100, cny), ReAge: true},
	} {
		for _, paid := range []int64{0, 3_000, 40_000} { // again: none of it, a part, all
			t.Run(fmt.Sprint(name, paid), func(t *testing.T) {
				w, id := penaltyCalledBack(t)
				if paid > 0 {
					w.repay(id, paid)
				}
				before := penaltyOwed(w.loan(id))
				require.Equal(t, max(0, 6_667-paid), before)
				c := c
				c.Loan, c.Reason, c.WaivePenalty = id, "agreed", amt(min(before, c.WaivePenalty.Minor()), cny)
				do(w, officer, c)
				w.reports()
				require.Equal(t, before-c.WaivePenalty.Minor(), penaltyOwed(w.loan(id)))
				w.dayEnd()
				require.Equal(t, before-c.WaivePenalty.Minor(), penaltyOwed(w.loan(id)))
				w.closes(t, id)
			})
		}
	}
}

// Whatever was paid, called back and paid again, a plan made anew loses nothing of any component: charges
// stand as they were, penalty interest less what is waived, and so does what settles the loan, for what was
// called back counts as unpaid and not as paid ahead. It closes with each lender's principal back.
func TestChargebackThenNewPlan(t *testing.T) {
	t.Parallel()
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		w, minor := newPlanned(t)
		comes := func(f lending.Fee) bool { return f.Timing == lending.WithInstalment }
		if slices.ContainsFunc(w.loan(w.id).Product.Fees, comes) {
			return // such fees come and go with instalments
		}
		for range rapid.IntRange(1, 3).Draw(t, "payments") {
			w.day = w.day.AddDays(rapid.IntRange(0, 50).Draw(t, "days"))
			if w.loan(w.id).State == lending.StateActive {
				w.repay(w.id, rapid.Int64Range(1, 2*minor).Draw(t, "pays"))
			}
			w.callsBack(t)
			w.deliver()
			w.reports()
		}
		w.day = w.day.AddDays(rapid.IntRange(0, 50).Draw(t, "then"))
		if w.loan(w.id).State != lending.StateActive {
			return
		}
		do(w.world, timer, lending.EndDay{Loan: w.id})
		was := w.loan(w.id)
		c := drawRestructure(t, was, w.day)
		e, err := lending.Do(t.Context(), w.desk, w.meta(officer), c)
		if !w.may(t, err) {
			return
		}
		made++
		w.reports()
		is := w.loan(w.id)
		require.Equal(t, charged(was), charged(is))
		require.Equal(t, penaltyOwed(was)-c.WaivePenalty.Minor(), penaltyOwed(is))
		require.Equal(t, owedAgain(was), owedAgain(is))
		require.LessOrEqual(t, e.Proof.Repriced.Minor(), int64(0))
		require.GreaterOrEqual(t, e.Proof.Repriced.Minor(), -interestAhead(was, w.day))
		w.closes(t, w.id)
	})
	require.GreaterOrEqual(t, made, runs()/20)
}

// charged is what is unpaid of a loan's charges, penalty interest that was re-aged apart.
func charged(l *lending.Loan) (sum int64) {
	for i := range l.Charges {
		if x := &l.Charges[i]; x.Fee != lending.FeePenalty {
			sum += x.Unpaid()
		}
	}
	return sum
}

// interestAhead is interest of instalments to come that was paid or let off.
func interestAhead(l *lending.Loan, on civil.Date) (sum int64) {
	for i := range l.Dues {
		if d := &l.Dues[i]; d.Date.After(on) {
			sum += d.Paid[lending.Interest] + d.Waived[lending.Interest]
		}
	}
	return sum
}

// penaltyCalledBack is a loan whose first instalment was paid late, with penalty interest, and the payment
// called back.
func penaltyCalledBack(t *testing.T) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{})
	w.day = civil.MustParse("2023-12-31")
	w.register("ann", "bob")
	p := standard()
	p.Late.Penalty = schedule.MustRate("365% per year")
	id := w.lent(p, 100_000, 3, "0% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(20)
	w.repay(id, 50_000)
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
	w.reports()
	return w, id
}
