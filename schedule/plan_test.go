package schedule_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// The textbook loan: 100,000 at 12 % over 12 months, 8,884.88 x 11 and 8,884.85 at the end.
func TestPlanLevelGolden(t *testing.T) {
	plan, err := terms12().Plan()
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range plan.Instalments() {
		want := "CNY 8884.88"
		if in.Number == 12 {
			want = "CNY 8884.85"
		}
		if in.Total.String() != want {
			t.Errorf("instalment %d is %s, want %s", in.Number, in.Total, want)
		}
	}
	if got := plan.TotalInterest().String(); got != "CNY 6618.53" {
		t.Errorf("interest is %s", got)
	}
}

// Apache Fineract, flat interest: 1,000.00 at 7 % over 3 months; and 1,000 in 6 parts of whole
// units rounded half to even, as in its schedule of 167 x 5 and 165.
func TestPlanSharesGolden(t *testing.T) {
	terms := terms12()
	terms.Principal, terms.Periods = money.MustParse("EUR 1000.00"), 3
	terms.Method, terms.Rate = schedule.MethodFlat, schedule.MustRate("7% per year")
	rows := rowsOf(t, terms)
	for i, want := range [][2]int64{{33333, 583}, {33333, 583}, {33334, 584}} {
		if got := [2]int64{rows[i].Principal, rows[i].Interest}; got != want {
			t.Errorf("row %d: got %v, want %v", i+1, got, want)
		}
	}
	terms.Principal, terms.Periods = money.MustParse("JPY 1000"), 6
	terms.Method, terms.Rate = schedule.MethodEqualPrincipal, schedule.MustRate("0% per year")
	want := []int64{167, 167, 167, 167, 167, 165}
	if diff := cmp.Diff(want, principals(rowsOf(t, terms))); diff != "" {
		t.Error(diff)
	}
}

// 12,000.00 at 1 % a month, worked by hand.
func TestPlanMethodsGolden(t *testing.T) {
	tests := []struct {
		method          schedule.Method
		first, last     [2]int64 // principal, interest
		rows            int
		interest, total string
	}{
		{schedule.MethodFlat, [2]int64{100000, 12000}, [2]int64{100000, 12000}, 12,
			"CNY 1440.00", "CNY 13440.00"},
		{schedule.MethodEqualPrincipal, [2]int64{100000, 12000}, [2]int64{100000, 1000}, 12,
			"CNY 780.00", "CNY 12780.00"},
		{schedule.MethodInterestOnly, [2]int64{0, 12000}, [2]int64{1200000, 12000}, 12,
			"CNY 1440.00", "CNY 13440.00"},
		{schedule.MethodBullet, [2]int64{1200000, 144000}, [2]int64{1200000, 144000}, 1,
			"CNY 1440.00", "CNY 13440.00"},
	}
	for _, test := range tests {
		terms := terms12()
		terms.Principal, terms.Method = money.MustParse("CNY 12000.00"), test.method
		terms.Rate = schedule.MustRate("1% per period")
		plan, err := terms.Plan()
		if err != nil {
			t.Fatal(err)
		}
		first, last := plan.At(0), plan.At(plan.Len()-1)
		if got := [2]int64{first.Principal.Minor(), first.Interest.Minor()}; got != test.first {
			t.Errorf("%v: first %v, want %v", test.method, got, test.first)
		}
		if got := [2]int64{last.Principal.Minor(), last.Interest.Minor()}; got != test.last {
			t.Errorf("%v: last %v, want %v", test.method, got, test.last)
		}
		if plan.Len() != test.rows || plan.TotalInterest().String() != test.interest ||
			plan.TotalPayment().String() != test.total {
			t.Errorf("%v: %d rows, interest %s, total %s", test.method, plan.Len(),
				plan.TotalInterest(), plan.TotalPayment())
		}
		if got := plan.Maturity().String(); got != "2027-01-31" {
			t.Errorf("%v: matures on %s", test.method, got)
		}
	}
}

func TestNewPlanRebuilds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, err := anyTerms().Draw(t, "terms").Plan()
		if err != nil {
			return
		}
		again, err := schedule.NewPlan(plan.Terms(), plan.Rows())
		if err != nil {
			t.Fatal(err)
		}
		diff := cmp.Diff(plan.Rows(), again.Rows(), byValue)
		if diff != "" || again.TotalInterest() != plan.TotalInterest() {
			t.Fatal(diff)
		}
	})
}

func TestNewPlanRefuses(t *testing.T) {
	tests := []struct {
		name   string
		number int
		spoil  func([]schedule.Row) []schedule.Row
	}{
		{"no rows", 0, func(r []schedule.Row) []schedule.Row { return nil }},
		{"too many", 0, func(r []schedule.Row) []schedule.Row { return make([]schedule.Row, schedule.MaxRows+1) }},
		{"row missing", 11, func(r []schedule.Row) []schedule.Row { return r[:11] }},
		{"extra cent", 3, func(r []schedule.Row) []schedule.Row { r[2].Principal++; return r }},
		{"balance", 3, func(r []schedule.Row) []schedule.Row { r[2].Balance--; return r }},
		{"negative", 2, func(r []schedule.Row) []schedule.Row { r[1].Principal = -1; return r }},
		{"interest", 2, func(r []schedule.Row) []schedule.Row { r[1].Interest = -1; return r }},
		{"earlier", 2, func(r []schedule.Row) []schedule.Row { r[1].Due = r[0].Due.AddDays(-1); return r }},
		{"no date", 1, func(r []schedule.Row) []schedule.Row { r[0].Due = civil.Date{}; return r }},
		{"before start", 1, func(r []schedule.Row) []schedule.Row {
			r[0].Due = terms12().Start.AddDays(-1)
			return r
		}},
		{"more than is out", 12, func(r []schedule.Row) []schedule.Row {
			r[11].Principal++
			r[11].Balance--
			return r
		}},
	}
	for _, test := range tests {
		_, err := schedule.NewPlan(terms12(), test.spoil(rowsOf(t, terms12())))
		var fault *schedule.PlanError
		if !errors.As(err, &fault) || fault.Number != test.number ||
			!errors.Is(err, schedule.ErrPlan) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
	rows := rowsOf(t, terms12())
	for i := range rows {
		rows[i].Interest = 0
	}
	rows[11].Interest = money.MaxMinor - 10_000_000
	if _, err := schedule.NewPlan(terms12(), rows); err != nil {
		t.Errorf("the largest interest: got %v", err)
	}
	for _, interest := range []int64{rows[11].Interest + 1, math.MaxInt64} {
		rows[11].Interest = interest
		if _, err := schedule.NewPlan(terms12(), rows); !errors.Is(err, schedule.ErrOverflow) {
			t.Errorf("interest %d: got %v", interest, err)
		}
	}
	rows = rowsOf(t, terms12())
	if _, err := schedule.NewPlan(schedule.Terms{}, rows); !errors.Is(err, schedule.ErrTerms) {
		t.Errorf("no terms: got %v", err)
	}
}

func TestPlanIsImmutable(t *testing.T) {
	rows := rowsOf(t, terms12())
	plan, err := schedule.NewPlan(terms12(), rows)
	if err != nil {
		t.Fatal(err)
	}
	rows[0].Interest, plan.Rows()[1].Interest = 1, 1
	if err := plan.Check(); err != nil || plan.At(0).Interest.Minor() != 100000 ||
		plan.At(1).Interest.Minor() == 1 {
		t.Error("a caller's slice reaches into the plan")
	}
}

func TestZeroPlanAnswers(t *testing.T) {
	var plan schedule.Plan
	day := civil.MustParse("2026-01-01")
	if err := plan.Check(); !errors.Is(err, schedule.ErrPlan) {
		t.Errorf("got %v", err)
	}
	if plan.Len() != 0 || !plan.Maturity().IsZero() || len(plan.Instalments()) != 0 ||
		!plan.Payoff(day).IsZero() || !plan.AccruedIn(0, day).IsZero() ||
		!plan.TotalPayment().IsZero() || plan.At(0) != (schedule.Instalment{}) ||
		plan.At(-1) != (schedule.Instalment{}) {
		t.Error("the zero plan is not empty")
	}
}
