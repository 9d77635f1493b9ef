package schedule_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func paid(on civil.Date, amount string) schedule.Payment {
	return schedule.Payment{On: on, Amount: cnyAmount(amount)}
}

func recalculated(t *testing.T, plan schedule.Plan, on civil.Date, payments ...schedule.Payment) schedule.Plan {
	t.Helper()
	next, err := plan.Recalculated(payments, on)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// The second instalment of the textbook loan, 8,884.88, comes 15 days late: its 7,963.73 of
// principal bear half a month more, 39.82 at 1 % a month.
func TestRecalculatedGolden(t *testing.T) {
	plan := planOf(t, terms12())
	first, second, third := plan.At(0).Due, plan.At(1).Due, plan.At(2).Due
	onTime := recalculated(t, plan, third.AddDays(-1), paid(first, "8884.88"), paid(second, "8884.88"))
	if diff := cmp.Diff(plan.Rows(), onTime.Rows(), byValue); diff != "" {
		t.Error(diff)
	}
	late := recalculated(t, plan, third.AddDays(-1), paid(first, "8884.88"),
		paid(second.AddDays(15), "8884.88"))
	if got := late.At(1); got.Due != second || got.Total.Sign() != 0 {
		t.Errorf("the instalment missed: %+v", got)
	}
	if got := late.At(2); got.Due != second.AddDays(15) || got.Interest != plan.At(1).Interest ||
		got.Total.String() != "CNY 8884.88" || got.Balance != plan.At(1).Balance {
		t.Errorf("the late payment: %+v", got)
	}
	if got := late.At(3).Interest.Minor() - plan.At(2).Interest.Minor(); got != 3982 {
		t.Errorf("the third instalment bears %d more", got)
	}
	// A payment on the due date, short by 1,000.
	short := recalculated(t, plan, first, paid(first, "7884.88"))
	if got := short.At(1).Total.String(); got != "CNY 9884.88" {
		t.Errorf("what is missing falls due in %s", got)
	}
	// The next instalment, paid in full 15 days after the first: 17 of the 33 days of 30/360 from
	// 28 February to 31 March, of 921.15.
	early := recalculated(t, plan, second, paid(first, "8884.88"), paid(first.AddDays(15), "8884.88"))
	if got := early.At(1); got.Due != first.AddDays(15) || got.Interest.String() != "CNY 474.53" {
		t.Errorf("paid early: %+v", got)
	}
	// Too much at once pays off the loan.
	whole := recalculated(t, plan, first, paid(first, "999999.99"))
	if whole.Len() != 2 || whole.TotalInterest().String() != "CNY 1000.00" {
		t.Errorf("paid off: %v", totals(whole))
	}
	// Nothing is ever paid: a month after the last instalment everything is due, with the interest of
	// 13 months.
	never := recalculated(t, plan, plan.Maturity())
	if got := never.At(12); never.Len() != 13 || got.Due != plan.Maturity().AddMonthsOn(1, 31) ||
		got.Interest.String() != "CNY 13000.00" || got.Principal.String() != "CNY 100000.00" {
		t.Errorf("nothing ever paid: %v", totals(never))
	}
}

// Whatever is paid, the plan accounts for all of it: it is paid by the rows up to the day, or was
// more than the loan.
func TestRecalculatedPaysWhatWasPaid(t *testing.T) {
	kept := 0
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		terms.Periods = min(terms.Periods, 24)
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		var payments []schedule.Payment
		var sum int64
		row := plan.At(rapid.IntRange(0, plan.Len()-1).Draw(t, "until"))
		for range rapid.IntRange(0, 5).Draw(t, "payments") {
			i := rapid.IntRange(0, row.Number-1).Draw(t, "row")
			on := plan.At(i).Due.AddDays(rapid.SampledFrom([]int{0, 0, -3, 5}).Draw(t, "days"))
			most := max(plan.At(i).Total.Minor(), 1)
			minor := rapid.SampledFrom([]int64{most, most/2 + 1, most + 1}).Draw(t, "minor")
			amount, _ := money.New(minor, terms.Principal.Currency())
			if !on.Before(terms.Start) && !on.After(row.Due) {
				payments, sum = append(payments, schedule.Payment{On: on, Amount: amount}), sum+minor
			}
		}
		next, err := plan.Recalculated(payments, row.Due)
		if err != nil {
			if !errors.Is(err, schedule.ErrTerms) && !errors.Is(err, schedule.ErrOverflow) {
				t.Fatal(err)
			}
			return
		}
		kept++
		if err := next.Check(); err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, in := range next.Instalments() {
			if !in.Due.After(row.Due) {
				got += in.Total.Minor()
			}
		}
		if got != min(sum, got) || got != sum && next.Maturity().After(row.Due) {
			t.Fatalf("%d paid, the rows have %d: %v", sum, got, totals(next))
		}
	})
	if kept == 0 {
		t.Error("nothing was recalculated")
	}
}
