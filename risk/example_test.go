package risk_test

import (
	"fmt"

	"github.com/loanweave/loanweave/risk"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

func ExampleTable_At() {
	for _, days := range []int{0, 90, 91, 361} {
		fmt.Println(days, risk.ChinaFiveCategory().At(days))
	}
	// Output:
	// 0 normal 正常
	// 90 special mention 关注
	// 91 substandard 次级
	// 361 loss 损失
}

func ExampleAffordability_MaxPrincipal() {
	cny := money.MustCurrency("CNY")
	yuan := func(minor int64) money.Amount { a, _ := money.New(minor, cny); return a }
	a := risk.Affordability{Income: yuan(5_000_00), Debt: yuan(1_700_00), CapPPM: 400_000}
	most, err := a.MaxPrincipal(schedule.MustRate("12% per year"), 36, money.Down)
	fmt.Println(most, err)
	// Output: CNY 9032.25 <nil>
}
