package schedule_test

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

func ExampleTerms_Plan() {
	plan, err := schedule.Terms{
		Principal: money.MustParse("CNY 10000.00"),
		Rate:      schedule.MustRate("12% per year"),
		Method:    schedule.MethodLevelPayment,
		Periods:   3,
		Every:     schedule.Months(1),
		Start:     civil.MustParse("2026-01-31"),
		DayCount:  daycount.Thirty360US,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, in := range plan.Instalments() {
		fmt.Println(in.Due, in.Total, "of which interest", in.Interest)
	}
	fmt.Println("total", plan.TotalPayment())
	// Output:
	// 2026-02-28 CNY 3400.22 of which interest CNY 100.00
	// 2026-03-31 CNY 3400.22 of which interest CNY 67.00
	// 2026-04-30 CNY 3400.23 of which interest CNY 33.67
	// total CNY 10200.67
}

func ExampleTerms_Validate() {
	terms := terms12()
	terms.Periods, terms.Method = 0, 0
	fmt.Println(terms.Validate())
	// Output:
	// schedule: terms: Method must be level-payment, equal-principal, interest-only, bullet, flat, fixed-payment, custom, stepped or sum-of-digits
	// schedule: terms: Periods must be 1 to 600
}

func ExamplePlan_Payoff() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	on := civil.MustParse("2026-02-15")
	fmt.Println(plan.Outstanding(on), "and", plan.Accrued(on), "make", plan.Payoff(on))
	// Output:
	// CNY 100000.00 and CNY 535.71 make CNY 100535.71
}

func ExamplePrepared_Append() {
	prepared, err := terms12().Prepare()
	if err != nil {
		fmt.Println(err)
		return
	}
	rows, err := prepared.Append(make([]schedule.Row, 0, prepared.Len()))
	fmt.Println(prepared.Instalment(), rows[11].Principal, rows[11].Interest, err)
	// Output:
	// 888488 879688 8797 <nil>
}

func ExampleParseRate() {
	rate, err := schedule.ParseRate("1.050% per period")
	fmt.Println(rate, rate.Decimal(), err)
	// Output:
	// 1.05% per period 0.0105 <nil>
}
