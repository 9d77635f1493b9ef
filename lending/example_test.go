package lending_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A payment of 10.00 on two overdue instalments, figures in minor units of a host's own rows.
func ExampleWaterfall_Allocate() {
	owed := []lending.Debt{
		{Instalment: 0, Component: lending.Fees, Minor: 500},
		{Instalment: 0, Component: lending.Interest, Minor: 120},
		{Instalment: 0, Component: lending.Principal, Minor: 300},
		{Instalment: 1, Component: lending.Interest, Minor: 110},
		{Instalment: 1, Component: lending.Principal, Minor: 310},
	}
	parts, rest := lending.CivilCode561().Allocate(nil, owed, 1000)
	for _, p := range parts {
		fmt.Println(p.Instalment, p.Component, p.Minor)
	}
	fmt.Println("left over", rest)
	// Output:
	// 0 fees 500
	// 0 interest 120
	// 0 principal 300
	// 1 interest 80
	// left over 0
}

// The late fee of the greater of 5% and 15.00, on an instalment of 123.03 and on one of 1,020.00.
func ExampleFee_Of() {
	late := lending.Fee{ID: "late", PPM: 50_000, Min: 1500, Round: money.HalfUp}
	small, _ := late.Of(lending.FeeRow{Base: 12_303})
	large, _ := late.Of(lending.FeeRow{Base: 102_000})
	fmt.Println(small, large)
	// Output: 1500 5100
}

// Penalty interest at 18.25% a year on 1,000.00 unpaid for 10 days.
func ExamplePenaltyOn() {
	rules := lending.Late{Penalty: schedule.MustRate("18.25% per year"), Round: money.HalfUp}
	penalty, _ := lending.PenaltyOn(100_000*10, rules)
	fmt.Println(penalty)
	// Output: 500
}

// The same key is the same command, for ever; a refusal has a class and a stable code.
func ExampleDo() {
	ctx := context.Background()
	desk, _ := lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank()})
	m := lending.Meta{Key: "new-ann", On: civil.MustParse("2026-01-31"),
		Actor: lending.Actor{ID: "olga", Role: lending.RoleOfficer}}
	first, err := lending.Do(ctx, desk, m, lending.Register{Party: "ann", Kind: lending.Person})
	fmt.Println(first.Party, err)
	again, err := lending.Do(ctx, desk, m, lending.Register{Party: "ann", Kind: lending.Person})
	fmt.Println(again == first, err)

	m.Key = "bid"
	_, err = lending.Do(ctx, desk, m, lending.PlaceBid{Loan: "L-1", Amount: money.MustParse("CNY 1.00")})
	fmt.Println(errors.Is(err, lending.ErrActor), lending.ClassOf(err), lending.CodeOf(err))
	// Output:
	// ann <nil>
	// true <nil>
	// true denied wrong-actor
}
