package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// The flows of a plan are its principal out, less the discount, and all that it pays in.
func TestPlanFlows(t *testing.T) {
	terms := terms12()
	terms.Discount = money.MustParse("CNY 500.00")
	terms.Tranches = []schedule.Tranche{
		{On: terms.Start.AddDays(40), Amount: money.MustParse("CNY 30000.00")},
	}
	plan, err := terms.Plan()
	if err != nil {
		t.Fatal(err)
	}
	flows := plan.Flows()
	if !slices.IsSortedFunc(flows, func(a, b schedule.Flow) int { return a.On.Compare(b.On) }) {
		t.Error("out of order")
	}
	if first := flows[0].Amount.String(); first != "CNY -69500.00" {
		t.Error(first)
	}
	var out, in int64
	for _, f := range flows {
		if f.Amount.Sign() < 0 {
			out -= f.Amount.Minor()
			continue
		}
		in += f.Amount.Minor()
	}
	if out != 99_500_00 || in != plan.TotalPayment().Minor() {
		t.Error(out, in, plan.TotalPayment())
	}
	if _, err := schedule.XIRR(flows); err != nil {
		t.Error(err)
	}
	if _, err := schedule.XIRR(schedule.Plan{}.Flows()); !errors.Is(err, schedule.ErrYield) {
		t.Error(err)
	}
}

func ExamplePlan_Flows() {
	plan, err := terms12().Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	xirr, err := schedule.XIRR(plan.Flows())
	apr, err2 := schedule.APR(plan.Flows(), schedule.Months(1))
	aprc, err3 := schedule.APRC(plan.Flows(), schedule.UnitMonth)
	fmt.Println(xirr, apr, aprc, errors.Join(err, err2, err3))
	// Output:
	// 12.7801% 12.0000% 12.6825% <nil>
}
