package schedule_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var byValue = cmp.Comparer(func(a, b civil.Date) bool { return a == b })

// Every method, rounding, day count and stub agrees with the oracle to the cent; a refusal means
// that the sums are out of range, or that a rate is beyond what the package documents.
func TestAppendAgreesWithOracle(t *testing.T) {
	var made, refused int
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		o := newOracle(terms)
		want, fits := o.rows()
		plan, err := terms.Plan()
		if err != nil {
			refused++
			var over *schedule.OverflowError
			if !errors.As(err, &over) || fits && o.largest.Cmp(rat(30, 1)) < 0 {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		made++
		if !fits {
			t.Fatal("made a plan that is out of range")
		}
		if diff := cmp.Diff(want, plan.Rows(), byValue); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Logf("%d plans made, %d refused", made, refused)
	if made < refused {
		t.Error("most terms should have a plan")
	}
}

// The loops for plain terms and the walk that any terms take make the same rows.
func TestLoopsAgreeWithTheWalk(t *testing.T) {
	weekends := calendar.SaturdaySunday()
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		terms.MonthEnd = rapid.Bool().Draw(t, "month end")
		terms.Rounding.Smooth = rapid.Bool().Draw(t, "smooth")
		if terms.Method == schedule.MethodLevelPayment {
			terms.Rounding.Unit = rapid.Int64Range(0, 100).Draw(t, "unit")
			terms.Sizing = schedule.Sizing(rapid.IntRange(0, 2).Draw(t, "sizing"))
		}
		if rapid.Bool().Draw(t, "shift") {
			terms.Shift = schedule.Shift{Rule: adjustment(t), Calendar: weekends,
				Accrual: terms.Accrual == schedule.AccrueByDays && rapid.Bool().Draw(t, "accrual too")}
		}
		if terms.Validate() != nil {
			t.Skip("a shift to before Start")
		}
		plan, err := terms.Plan()
		want, walked := schedule.WalkRows(terms)
		if (err == nil) != (walked == nil) {
			if over := new(schedule.OverflowError); errors.As(err, &over) && over.Figure == "the rate" {
				return // beyond the loops' fractions, as documented
			}
			t.Fatalf("loops: %v, walk: %v", err, walked)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, plan.Rows(), byValue); diff != "" {
			t.Fatal(diff)
		}
	})
}

func adjustment(t *rapid.T) calendar.Adjustment {
	return calendar.Adjustment(rapid.IntRange(1, int(calendar.NoAdjustment)).Draw(t, "adjustment"))
}

func TestPlanKeepsItsInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		if err := plan.Check(); err != nil {
			t.Fatal(err)
		}
		var principal, interest int64
		for _, in := range plan.Instalments() {
			principal += in.Principal.Minor()
			interest += in.Interest.Minor()
			if in.Total.Minor() != in.Principal.Minor()+in.Interest.Minor() {
				t.Fatalf("instalment %d does not add up", in.Number)
			}
		}
		if principal != terms.Principal.Minor() || interest != plan.TotalInterest().Minor() {
			t.Fatalf("principal %d, interest %d", principal, interest)
		}
		if plan.TotalPayment().Minor() != principal+interest {
			t.Fatal("total payment is not the sum")
		}
	})
}

// The rows discounted at the contract's rate are worth the principal, but for the rounding of each
// row's interest. Rows after a shortfall are left out: carried interest bears none.
func TestPlanIsWorthItsPrincipal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		terms.FirstDue, terms.Accrual = civil.Date{}, schedule.AccrueByPeriod
		terms.Method = rapid.SampledFrom(allMethods[:3]).Draw(t, "declining method")
		terms.Periods = min(terms.Periods, 40)
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		r := newOracle(terms).regular()
		discount := new(big.Rat).Inv(new(big.Rat).Add(rat(1, 1), r))
		worth, weight := new(big.Rat), rat(1, 1)
		balance, n := terms.Principal.Minor(), int64(0)
		for _, row := range plan.Rows() {
			if row.Interest != round(mul(rat(balance, 1), r), terms.Rounding.Interest).Int64() {
				t.Skip("interest was carried")
			}
			weight = mul(weight, discount)
			worth.Add(worth, mul(weight, rat(row.Principal+row.Interest, 1)))
			balance, n = row.Balance, n+1
		}
		gap := worth.Sub(worth, rat(terms.Principal.Minor(), 1))
		bound := rat(n, 2)
		if terms.Rounding.Interest > money.HalfDown {
			bound = rat(n, 1)
		}
		if gap.Abs(gap).Cmp(bound) > 0 {
			t.Fatalf("off by %s of at most %s", gap.FloatString(6), bound.FloatString(1))
		}
	})
}

func TestDueDatesKeepTheirDay(t *testing.T) {
	dues := func(start, first string, n int) (got []string) {
		terms := terms12()
		terms.Start, terms.Periods = civil.MustParse(start), n
		if first != "" {
			terms.FirstDue = civil.MustParse(first)
		}
		plan, err := terms.Plan()
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range plan.Instalments() {
			got = append(got, in.Due.String())
		}
		return got
	}
	tests := []struct {
		name, start, first string
		want               []string
	}{
		{"31st", "2027-01-31", "", []string{"2027-02-28", "2027-03-31", "2027-04-30"}},
		{"leap year", "2028-01-30", "", []string{"2028-02-29", "2028-03-30", "2028-04-30"}},
		{"regular first due", "2027-01-31", "2027-02-28",
			[]string{"2027-02-28", "2027-03-31", "2027-04-30"}},
		{"long stub", "2027-01-10", "2027-02-28",
			[]string{"2027-02-28", "2027-03-28", "2027-04-28"}},
		{"short stub", "2027-01-10", "2027-01-31",
			[]string{"2027-01-31", "2027-02-28", "2027-03-31"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, dues(test.start, test.first, 3)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func rowsOf(t *testing.T, terms schedule.Terms) []schedule.Row {
	t.Helper()
	plan, err := terms.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan.Rows()
}

func principals(rows []schedule.Row) (got []int64) {
	for _, row := range rows {
		got = append(got, row.Principal)
	}
	return got
}

func TestTinyPrincipals(t *testing.T) {
	tests := []struct {
		mode money.Mode
		want []int64
	}{
		{money.HalfEven, []int64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}},
		{money.Up, []int64{1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
	}
	for _, test := range tests {
		terms := terms12()
		terms.Principal = money.MustParse("CNY 0.03")
		terms.Rounding.Instalment = test.mode
		for _, terms.Method = range []schedule.Method{
			schedule.MethodLevelPayment, schedule.MethodEqualPrincipal, schedule.MethodFlat,
		} {
			if diff := cmp.Diff(test.want, principals(rowsOf(t, terms))); diff != "" {
				t.Errorf("%v %v: %s", terms.Method, test.mode, diff)
			}
		}
	}
}

// A first period of a year at 24 % costs more than a payment: 24,000 against 9,456.
func TestInterestAboveThePaymentIsCarried(t *testing.T) {
	terms := terms12()
	terms.Rate = schedule.MustRate("24% per year")
	terms.Start = civil.MustParse("2026-01-01")
	terms.FirstDue = civil.MustParse("2027-01-01")
	rows := rowsOf(t, terms)
	want := []schedule.Row{
		{Due: civil.MustParse("2027-01-01"), Interest: 945596, Balance: 10000000},
		{Due: civil.MustParse("2027-02-01"), Interest: 945596, Balance: 10000000},
		// 2,400,000 and 2 x 200,000 have accrued, 1,891,192 are paid: 908,808 are left.
		{Due: civil.MustParse("2027-03-01"), Interest: 908808, Principal: 36788, Balance: 9963212},
		{Due: civil.MustParse("2027-04-01"), Interest: 199264, Principal: 746332, Balance: 9216880},
	}
	for i := range want {
		want[i].End = want[i].Due
	}
	if diff := cmp.Diff(want, rows[:4], byValue); diff != "" {
		t.Error(diff)
	}
}

func TestAppendLeavesTheSliceOnError(t *testing.T) {
	terms := terms12()
	terms.Principal = money.MustParse("CNY 90000000000000.00")
	prepared, err := terms.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	kept := []schedule.Row{{Principal: 7}}
	got, err := prepared.Append(kept)
	if !errors.Is(err, schedule.ErrOverflow) || !slices.Equal(got, kept) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	for _, method := range allMethods {
		for _, accrual := range []schedule.Accrual{schedule.AccrueByPeriod, schedule.AccrueByDays} {
			terms := terms12()
			terms.Method, terms.Accrual = method, accrual
			prepared, err := terms.Prepare()
			if err != nil {
				t.Fatal(err)
			}
			rows := make([]schedule.Row, 0, prepared.Len())
			allocs := testing.AllocsPerRun(100, func() {
				if rows, err = prepared.Append(rows[:0]); err != nil {
					t.Fatal(err)
				}
			})
			if allocs != 0 || len(rows) != prepared.Len() {
				t.Errorf("%v %v: %v allocations, %d rows", method, accrual, allocs, len(rows))
			}
		}
	}
}

func TestZeroPreparedHasNoRows(t *testing.T) {
	var prepared schedule.Prepared
	rows, err := prepared.Append(nil)
	if len(rows) != 0 || err != nil || prepared.Len() != 0 {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestPlanReachesTheLastDay(t *testing.T) {
	terms := terms12()
	terms.Start = civil.MustParse("9998-12-31")
	rows := rowsOf(t, terms)
	if got := rows[11].Due.String(); got != "9999-12-31" {
		t.Errorf("ends on %s", got)
	}
	terms.Start = civil.MustParse("9999-01-01")
	if _, err := terms.Plan(); !errors.Is(err, schedule.ErrTerms) {
		t.Errorf("beyond the calendar: got %v", err)
	}
}
