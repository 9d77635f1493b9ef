package regulator_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// The same product on the last day of the old cap and on the first day of the new one. A flat rate of
// 9% a year costs more than 15.4%.
func Example() {
	p := lending.StandardProduct("flat12", money.MustCurrency("CNY"))
	p.Method, p.MinPeriods, p.MaxPeriods = schedule.MethodFlat, 12, 12
	p.MaxRate = schedule.MustRate("9% per year")

	rules := regulator.ChinaRates(regulator.Options{})
	desk, err := lending.Open(lending.Config{Store: memory.NewStore(), Rules: rules})
	if err != nil {
		fmt.Println(err)
	}
	for _, day := range []string{"2020-08-19", "2020-08-20"} {
		_, err := lending.Do(context.Background(), desk, lending.Meta{
			Key: "define-" + day, On: civil.MustParse(day),
			Actor: lending.Actor{ID: "olga", Role: lending.RoleOfficer},
		}, lending.DefineProduct{Product: p})
		fmt.Println(day, "allowed:", err == nil)
		var refusal *lending.RuleError
		if errors.As(err, &refusal) {
			fmt.Println(lending.CodeOf(err), refusal.Why)
			fmt.Println(refusal.Source)
		}
	}
	// Output:
	// 2020-08-19 allowed: true
	// 2020-08-20 allowed: false
	// rule-CN-7d a loan of it may cost more than 15.4% per year
	// SPC provisions on private lending as of 2020, arts. 25, 28 and 29 [LL][R4]
}

// What is in force on a day, and why.
func ExampleProfile_On() {
	p, _ := regulator.Lookup("CN-RATES", regulator.Options{})
	for _, day := range []string{"2020-08-19", "2020-08-20"} {
		fmt.Println(day)
		for _, r := range p.On(civil.MustParse(day)) {
			fmt.Println(" ", r.ID, r.Text)
		}
	}
	// Output:
	// 2020-08-19
	//   CN-7a interest and fees above 24% a year cannot be claimed
	//   CN-7b interest and fees above 36% a year are void
	//   CN-7c penalty interest and late fees together above 24% a year cannot be claimed
	// 2020-08-20
	//   CN-7d interest and fees stay within four times the one-year LPR of the contract's day
	//   CN-7e penalty interest and late fees together stay within four times the one-year LPR
}

// A contract of 2019 on which the lender sues in 2022.
func ExampleRateCaps() {
	caps, err := regulator.RateCaps(civil.MustParse("2019-05-06"), civil.MustParse("2022-03-01"), regulator.LPR())
	for _, c := range caps {
		fmt.Println(c.From, c.Enforceable, c.Most)
	}
	fmt.Println(err)
	// Output:
	// 2019-05-06 24% per year 36% per year
	// 2020-08-20 14.8% per year 14.8% per year
	// <nil>
}

// A profile of one rule of a host's own: nobody lends on a Sunday, unless he insists.
func ExampleRule() {
	sunday := regulator.Rule{
		ID: "HOUSE-1", From: civil.MustParse("2026-01-01"), Effect: regulator.Warn,
		Text: "nobody lends on a Sunday", Source: "house rules, page 1",
		Check: func(c *regulator.Case) (string, error) {
			if _, ok := c.Command.(lending.PlaceBid); ok && c.Tx.On.Weekday() == 0 {
				return "today is Sunday", nil
			}
			return "", nil
		},
	}
	house := regulator.Profile{ID: "HOUSE", Rules: []regulator.Rule{sunday}}
	all := regulator.Combine(regulator.India(regulator.Options{}), house)
	fmt.Println(all.ID, len(all.Rules), all.Validate())
	// Output: IN-2017_HOUSE 14 <nil>
}
