package schedule_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A fraction of sixty digits is rounded once, exactly; ties too.
func TestRoundRateOfManyDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching("[0-9]{12}[05][0-9]{0,60}").Draw(t, "digits")
		if rapid.Bool().Draw(t, "tie") {
			digits = digits[:12] + "5"
		}
		mode := rapid.SampledFrom(allModes).Draw(t, "mode")
		got, err := schedule.RoundRate(decimal.RequireFromString("0."+digits), schedule.PerYear, mode)
		if err != nil {
			t.Fatal(err)
		}
		exact, _ := new(big.Rat).SetString("0." + digits)
		want := round(mul(exact, rat(1e12, 1)), mode)
		if got.Pico() != want.Int64() {
			t.Fatalf("0.%s %s is %d, want %s", digits, mode, got.Pico(), want)
		}
	})
}

func ExampleRoundRate() {
	third := decimal.NewFromInt(1).DivRound(decimal.NewFromInt(3), 60)
	rate, err := schedule.RoundRate(third, schedule.PerYear, money.HalfEven)
	fmt.Println(rate, err)
	_, err = schedule.NewRate(third, schedule.PerYear)
	fmt.Println(err)
	// Output:
	// 33.3333333333% per year <nil>
	// schedule: rate is finer than 1e-10 of a percent
}

func ExampleNewPlan() {
	terms := terms12()
	plan, err := terms.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	recorded := plan.Rows() // kept by a host, for ever
	again, err := schedule.NewPlan(terms, recorded)
	fmt.Println(again.Len(), again.TotalInterest(), err)

	recorded[3].Principal++
	_, err = schedule.NewPlan(terms, recorded)
	fmt.Println(err)
	// Output:
	// 12 CNY 6618.53 <nil>
	// schedule: plan: instalment 4: balance must fall by the principal
}

func ExamplePlan_Rebate() {
	terms := terms12()
	terms.Method = schedule.MethodFlat
	plan, err := terms.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.TotalInterest(), plan.Rebate(plan.At(8).Due)) // 6 of 78 parts are left
	// Output:
	// CNY 12000.00 CNY 923.08
}

func ExamplePlan_MarshalJSON() {
	terms := terms12()
	terms.Periods = 1
	plan, err := terms.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.Marshal(plan)
	var back schedule.Plan
	fmt.Println(err, json.Unmarshal(text, &back), back.TotalPayment())
	// Output:
	// <nil> <nil> CNY 101000.00
}

func ExampleNominalRate() {
	effective, err := schedule.EffectiveRate(schedule.MustRate("12% per year"), 12)
	fmt.Println(effective, err)
	nominal, err := schedule.NominalRate(effective, 12)
	fmt.Println(nominal, err)
	// Output:
	// 12.6825030132% per year <nil>
	// 12% per year <nil>
}

func ExampleCountUnitPeriods() {
	from, to := civil.MustParse("1978-02-10"), civil.MustParse("1978-04-01")
	units, err := schedule.CountUnitPeriods(from, to, schedule.Months(1))
	fmt.Println(units.Whole, units.Num, units.Den, err)
	// Output:
	// 1 19 30 <nil>
}

func ExamplePause() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	paused, proof, err := plan.After(schedule.Pause{From: plan.At(0).Due, To: plan.At(1).Due})
	fmt.Println(paused.At(1).Interest, paused.At(1).Total, err)
	fmt.Println(proof)
	// Output:
	// CNY 0.00 CNY 8884.88 <nil>
	// CNY 84151.39 + CNY -921.15 repriced = CNY 83230.24
}
