package schedule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// shown is a plan on one line: for each row its day, principal + interest, and fee and what was
// capitalised where there is any.
func shown(plan schedule.Plan) string {
	var rows []string
	for _, in := range plan.Instalments() {
		row := in.Due.String()[5:] + " " + figure(in.Principal) + "+" + figure(in.Interest)
		if in.Fee.Sign() != 0 {
			row += " fee " + figure(in.Fee)
		}
		if in.Capitalised.Sign() != 0 {
			row += " added " + figure(in.Capitalised)
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, ", ")
}

// Terms worked by hand: 1,200.00 at 1 % a month over three months from 15 January, and one thing
// more in each.
func TestOptionsGolden(t *testing.T) {
	rate := schedule.MustRate
	amounts := func(texts ...string) (all []money.Amount) {
		for _, text := range texts {
			all = append(all, cnyAmount(text))
		}
		return all
	}
	for _, test := range []struct {
		name string
		set  func(*schedule.Terms)
		want string
	}{
		{"custom", func(t *schedule.Terms) {
			t.Method, t.Principals = schedule.MethodCustom, amounts("600.00", "0.00", "600.00")
		}, "02-15 600.00+12.00, 03-15 0.00+6.00, 04-15 600.00+6.00"},
		{"stepped, 1 : 2 : 3 without interest", func(t *schedule.Terms) {
			t.Method, t.Rate = schedule.MethodStepped, rate("0% per year")
			t.Steps = []schedule.Step{{From: 2, Share: rate("200% of principal")}, {From: 3, Share: rate("300% of principal")}}
		}, "02-15 200.00+0.00, 03-15 400.00+0.00, 04-15 600.00+0.00"},
		{"sum of digits, 36.00 in 3 : 2 : 1", func(t *schedule.Terms) { t.Method = schedule.MethodSumOfDigits },
			"02-15 394.00+18.00, 03-15 400.00+12.00, 04-15 406.00+6.00"},
		{"balloon of half", func(t *schedule.Terms) {
			t.Method, t.Balloon = schedule.MethodEqualPrincipal, cnyAmount("600.00")
		}, "02-15 200.00+12.00, 03-15 200.00+10.00, 04-15 800.00+8.00"},
		{"level to a balloon", func(t *schedule.Terms) { t.Balloon = cnyAmount("600.00") },
			"02-15 198.01+12.00, 03-15 199.99+10.02, 04-15 802.00+8.02"},
		{"fixed payment with residual", func(t *schedule.Terms) {
			t.Method, t.Payment = schedule.MethodFixedPayment, cnyAmount("112.00")
		}, "02-15 100.00+12.00, 03-15 101.00+11.00, 04-15 999.00+9.99"},
		{"fixed payment below the interest", func(t *schedule.Terms) {
			t.Method, t.Payment, t.Negative = schedule.MethodFixedPayment, cnyAmount("2.00"), true
		}, "02-15 0.00+2.00 added 10.00, 03-15 0.00+2.00 added 10.10, 04-15 1220.10+12.20"},
		{"in advance", func(t *schedule.Terms) { t.Method, t.InAdvance = schedule.MethodInterestOnly, true },
			"01-15 0.00+12.00, 02-15 0.00+12.00, 03-15 0.00+12.00, 04-15 1200.00+0.00"},
		{"grace on principal", func(t *schedule.Terms) { t.Grace.Principal = 1 },
			"02-15 0.00+12.00, 03-15 597.01+12.00, 04-15 602.99+6.03"},
		{"grace on interest", func(t *schedule.Terms) { t.Method, t.Grace.Interest = schedule.MethodEqualPrincipal, 1 },
			"02-15 400.00+0.00, 03-15 400.00+20.00, 04-15 400.00+4.00"},
		{"a free period", func(t *schedule.Terms) { t.Method, t.Grace.Free = schedule.MethodEqualPrincipal, 1 },
			"02-15 400.00+0.00, 03-15 400.00+8.00, 04-15 400.00+4.00"},
		{"down payment", func(t *schedule.Terms) {
			t.Method, t.DownPayment = schedule.MethodEqualPrincipal, rate("25% of principal")
		}, "01-15 300.00+0.00, 02-15 300.00+9.00, 03-15 300.00+6.00, 04-15 300.00+3.00"},
		{"tranche", func(t *schedule.Terms) {
			t.Method = schedule.MethodEqualPrincipal
			t.Tranches = []schedule.Tranche{{On: civil.MustParse("2026-02-15"), Amount: cnyAmount("600.00")}}
		}, "02-15 200.00+6.00, 03-15 500.00+10.00, 04-15 500.00+5.00"},
		{"rates", func(t *schedule.Terms) {
			t.Method = schedule.MethodInterestOnly
			t.Rates = []schedule.RateStep{{From: civil.MustParse("2026-02-25"), Rate: rate("24% per year")},
				{From: civil.MustParse("2026-03-15"), Rate: rate("6% per year")}}
		}, "02-15 0.00+12.00, 03-15 0.00+20.00, 04-15 1200.00+6.00"},
		{"capitalised for a while", func(t *schedule.Terms) {
			t.Method, t.Capitalise = schedule.MethodInterestOnly, civil.MustParse("2026-03-01")
		}, "02-15 0.00+0.00 added 12.00, 03-01 0.00+0.00 added 6.46, 03-15 0.00+5.69, 04-15 1218.46+12.18"},
		{"compounded to a bullet", func(t *schedule.Terms) {
			t.Method, t.Capitalise = schedule.MethodBullet, civil.MustParse("2026-03-15")
			t.Interest = schedule.Cycle{First: civil.MustParse("2026-02-15"), Every: schedule.Months(1)}
		}, "02-15 0.00+0.00 added 12.00, 03-15 0.00+0.00 added 12.12, 04-15 1224.12+12.24"},
		{"interest twice as often", func(t *schedule.Terms) {
			t.Method, t.Every, t.Periods = schedule.MethodEqualPrincipal, schedule.Months(2), 2
			t.Interest = schedule.Cycle{First: civil.MustParse("2026-02-15"), Every: schedule.Months(1)}
		}, "02-15 0.00+12.00, 03-15 600.00+12.00, 04-15 0.00+6.00, 05-15 600.00+6.00"},
		{"fees", func(t *schedule.Terms) {
			t.Method = schedule.MethodInterestOnly
			every := schedule.Cycle{First: t.Start, Every: schedule.Months(2)}
			t.Fees = []schedule.Fee{{Cycle: every, Amount: cnyAmount("5.00")},
				{Cycle: every, Rate: rate("1% of principal")}, {Cycle: every, Rate: rate("1.2% per year")}}
		}, "01-15 0.00+0.00 fee 17.00, 02-15 0.00+12.00, 03-15 0.00+12.00 fee 19.40, 04-15 1200.00+12.00 fee 18.20"},
		{"a fee once", func(t *schedule.Terms) {
			t.Method = schedule.MethodInterestOnly
			t.Fees = []schedule.Fee{{Cycle: schedule.Cycle{First: t.Start}, Rate: rate("2% of principal")}}
		}, "01-15 0.00+0.00 fee 24.00, 02-15 0.00+12.00, 03-15 0.00+12.00, 04-15 1200.00+12.00"},
		{"semi-monthly", func(t *schedule.Terms) { t.Method, t.Every = schedule.MethodInterestOnly, schedule.SemiMonthly() },
			"01-30 0.00+6.00, 02-15 0.00+6.00, 02-28 1200.00+6.00"},
		{"long stub", func(t *schedule.Terms) {
			t.Method, t.Periods, t.Maturity = schedule.MethodInterestOnly, 0, civil.MustParse("2026-04-30")
			t.Stub = schedule.StubLong
		}, "02-15 0.00+12.00, 03-15 0.00+12.00, 04-30 1200.00+18.00"},
		{"short stub", func(t *schedule.Terms) {
			t.Method, t.Periods, t.Maturity = schedule.MethodInterestOnly, 0, civil.MustParse("2026-04-30")
		}, "02-15 0.00+12.00, 03-15 0.00+12.00, 04-15 0.00+12.00, 04-30 1200.00+6.00"},
		{"paid on business days", func(t *schedule.Terms) {
			t.Method = schedule.MethodInterestOnly
			t.Shift = schedule.Shift{Rule: calendar.Following, Calendar: calendar.SaturdaySunday()}
		}, "02-16 0.00+12.00, 03-16 0.00+12.00, 04-15 1200.00+12.00"},
		{"accrued to business days", func(t *schedule.Terms) {
			t.Method, t.Accrual = schedule.MethodInterestOnly, schedule.AccrueByDays
			t.Shift = schedule.Shift{Rule: calendar.Following, Calendar: calendar.SaturdaySunday(), Accrual: true}
		}, "02-16 0.00+12.40, 03-16 0.00+12.00, 04-15 1200.00+11.60"},
		{"first takes the rest", func(t *schedule.Terms) {
			t.Method, t.Principal = schedule.MethodEqualPrincipal, cnyAmount("1000.00")
			t.Rounding.Remainder = schedule.RemainderFirst
		}, "02-15 333.34+10.00, 03-15 333.33+6.67, 04-15 333.33+3.33"},
		{"whole yuan", func(t *schedule.Terms) { t.Rounding.Unit = 100 },
			"02-15 396.00+12.00, 03-15 399.96+8.04, 04-15 404.04+4.04"},
		{"grace, and a tranche in it", func(t *schedule.Terms) {
			t.Method, t.Periods, t.Grace.Principal = schedule.MethodEqualPrincipal, 4, 2
			t.Tranches = []schedule.Tranche{{On: civil.MustParse("2026-02-15"), Amount: cnyAmount("200.00")}}
		}, "02-15 0.00+10.00, 03-15 0.00+12.00, 04-15 600.00+12.00, 05-15 600.00+6.00"},
		{"grace, and capitalised in it", func(t *schedule.Terms) {
			t.Method, t.Periods, t.Grace.Principal = schedule.MethodEqualPrincipal, 4, 2
			t.Capitalise = civil.MustParse("2026-02-15")
		}, "02-15 0.00+0.00 added 12.00, 03-15 0.00+12.12, 04-15 600.00+12.12, 05-15 612.00+6.12"},
		{"a down payment before the day that was moved", func(t *schedule.Terms) {
			t.Method, t.DownPayment = schedule.MethodInterestOnly, rate("10% of principal")
			t.Shift = schedule.Shift{Rule: calendar.Following, Calendar: calendar.SaturdaySunday()}
			t.Tranches = []schedule.Tranche{{On: civil.MustParse("2026-02-15"), Amount: cnyAmount("200.00")}}
		}, "01-15 100.00+0.00, 02-16 0.00+9.00, 02-16 20.00+0.00, 03-16 0.00+10.80, 04-15 1080.00+10.80"},
		{"capitalised in a long first period", func(t *schedule.Terms) {
			t.FirstDue, t.Capitalise = civil.MustParse("2026-04-15"), civil.MustParse("2026-03-15")
		}, "03-15 0.00+0.00 added 24.00, 04-15 403.95+12.24, 05-15 407.99+8.20, 06-15 412.06+4.12"},
		{"interest carried over a change of rate", func(t *schedule.Terms) {
			t.FirstDue, t.Sizing = civil.MustParse("2027-12-15"), schedule.SizeByAccrual
			t.Rates = []schedule.RateStep{{From: civil.MustParse("2027-12-15"), Rate: t.Rate}}
			t.Rate = rate("36% per year") // 828.00 up to December, of which 131.92 are carried
		}, "12-15 0.00+696.08, 01-15 531.38+143.92, 02-15 668.62+6.69"},
		{"by day", func(t *schedule.Terms) {
			t.Method, t.Accrual, t.Rounding.Grain = schedule.MethodInterestOnly, schedule.AccrueByDays, schedule.GrainDay
			t.Rate, t.DayCount = rate("1% per year"), daycount.Act365F // 3.29 cents a day
		}, "02-15 0.00+0.93, 03-15 0.00+0.84, 04-15 1200.00+0.93"},
	} {
		terms := terms12()
		terms.Principal, terms.Periods, terms.Start = cnyAmount("1200.00"), 3, civil.MustParse("2026-01-15")
		test.set(&terms)
		plan, err := terms.Plan()
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := shown(plan); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
		if err := plan.Check(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestFloatingGolden(t *testing.T) {
	number := decimal.RequireFromString
	day := civil.MustParse
	fixings := []schedule.Fixing{{On: day("2026-01-10"), Value: number("0.03")},
		{On: day("2026-04-09"), Value: number("0.05")}, {On: day("2026-07-10"), Value: number("-0.04")}}
	quarterly := schedule.Cycle{First: day("2026-01-10"), Every: schedule.Months(3)}
	before := schedule.MustRate("4% per year")
	for name, test := range map[string]struct {
		f    schedule.Floating
		want string
	}{
		"index":      {schedule.Floating{}, "3% 5% 0%"},
		"spread":     {schedule.Floating{Spread: number("0.015")}, "4.5% 6.5% 0%"},
		"multiplier": {schedule.Floating{Multiplier: number("1.5")}, "4.5% 7.5% 0%"},
		"floor and cap": {schedule.Floating{Floor: schedule.MustRate("3.5% per year"),
			Cap: schedule.MustRate("4.75% per year")}, "3.5% 4.75% 3.5%"},
		"most change": {schedule.Floating{MaxChange: schedule.MustRate("0.5% per year")}, "3.5% 4% 3.5%"},
		"lag":         {schedule.Floating{LagDays: 2, Reset: schedule.Cycle{First: day("2026-04-10"), Every: schedule.Months(3)}}, "3% 5%"},
		"first given": {schedule.Floating{First: schedule.MustRate("2% per year")}, "2% 5% 0%"},
	} {
		if test.f.Reset.IsZero() {
			test.f.Reset = quarterly
		}
		steps, err := test.f.Steps(before, fixings, day("2026-07-11"))
		var got []string
		for _, step := range steps {
			got = append(got, strings.TrimSuffix(step.Rate.String(), " per year"))
		}
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v, %v, want %s", name, got, err, test.want)
		}
	}
	early := schedule.Floating{Reset: schedule.Cycle{First: day("2026-01-09"), Every: schedule.Months(3)}}
	if _, err := early.Steps(before, fixings, day("2026-07-11")); err == nil {
		t.Error("a reset before the first fixing has a rate")
	}
}

func ExamplePlan_After() {
	plan, err := terms12().Plan() // CNY 100,000.00 at 12 % over 12 months
	if err != nil {
		fmt.Println(err)
		return
	}
	third := plan.At(2).Due
	lower, proof, err := plan.After(schedule.Change{On: third, Kind: schedule.ChangePrepay,
		Amount: money.MustParse("CNY 20000.00")})
	fmt.Println(plan.At(3).Total, "->", lower.At(4).Total, err)
	fmt.Println(proof.Before, "=", proof.Paid, "+", proof.After, proof.Check())

	cheaper, _, err := lower.After(schedule.RateStep{From: third, Rate: schedule.MustRate("9% per year")})
	fmt.Println(cheaper.At(4).Total, err)
	// Output:
	// CNY 8884.88 -> CNY 6550.07 <nil>
	// CNY 76108.02 = CNY 20000.00 + CNY 56108.02 <nil>
	// CNY 6470.34 <nil>
}

func ExamplePlan_Standing() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	payments := []schedule.Payment{{On: plan.At(0).Due, Amount: money.MustParse("CNY 8884.88")}}
	s := plan.Standing(payments, plan.At(1).Due.AddDays(40), schedule.Lateness{Grace: 3})
	fmt.Println("instalment", s.Oldest, "of", s.Since, "is", s.DaysPastDue, "days past due,", s.DaysDelinquent, "after grace")
	fmt.Println(s.PastDue)
	// Output:
	// instalment 2 of 2026-03-31 is 40 days past due, 37 after grace
	// CNY 17769.76
}

func ExamplePlan_Recalculated() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	first, second := plan.At(0).Due, plan.At(1).Due
	late, err := plan.Recalculated([]schedule.Payment{
		{On: first, Amount: money.MustParse("CNY 8884.88")},
		{On: second.AddDays(15), Amount: money.MustParse("CNY 8884.88")},
	}, second.AddDays(20))
	fmt.Println(plan.At(2).Interest, "->", late.At(3).Interest, err)
	// Output:
	// CNY 841.51 -> CNY 881.33 <nil>
}

func ExamplePlan_Settle() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := plan.Settle(plan.At(2).Due, schedule.PrepaymentCharge{Rate: schedule.MustRate("1% of principal")})
	fmt.Println(s.Principal, s.Interest, s.Charge, s.Total, err)
	// Output:
	// CNY 76108.02 CNY 0.00 CNY 761.08 CNY 76869.10 <nil>
}

func ExampleFloating_Steps() {
	lpr := []schedule.Fixing{
		{On: civil.MustParse("2025-05-20"), Value: decimal.RequireFromString("0.030")},
		{On: civil.MustParse("2025-10-20"), Value: decimal.RequireFromString("0.031")},
	}
	rate := schedule.Floating{
		Reset:  schedule.Cycle{First: civil.MustParse("2025-07-01"), Every: schedule.Months(6)},
		Spread: decimal.RequireFromString("0.02"),
	}
	steps, err := rate.Steps(schedule.MustRate("5.1% per year"), lpr, civil.MustParse("2026-06-30"))
	fmt.Println(steps, err)
	// Output:
	// [{2025-07-01 5% per year false} {2026-01-01 5.1% per year false}] <nil>
}

func BenchmarkPrepay(b *testing.B) {
	plan, err := terms12().Plan()
	if err != nil {
		b.Fatal(err)
	}
	prepay := schedule.Change{On: plan.At(2).Due, Kind: schedule.ChangePrepay, Amount: cnyAmount("20000.00")}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := plan.After(prepay); err != nil {
			b.Fatal(err)
		}
	}
}
