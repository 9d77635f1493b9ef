package lending_test

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A first program with a standing order: bob lends up to 500.00 on every loan of a year or less and
// keeps 200.00 of his money; a tenth of each loan is left to manual bidders.
func ExampleDesk_Fill() {
	ctx, cny := context.Background(), money.MustCurrency("CNY")
	desk, _ := lending.Open(lending.Config{Store: memory.NewStore()})
	by := func(who lending.ActorID, role lending.Role, key string) lending.Meta {
		return lending.Meta{Key: key, Actor: lending.Actor{ID: who, Role: role}, On: civil.MustParse("2026-03-30")}
	}
	officer := func(key string) lending.Meta { return by("olga", lending.RoleOfficer, key) }
	lending.Do(ctx, desk, officer("new-ann"), lending.Register{Party: "ann", Kind: lending.Person})
	lending.Do(ctx, desk, officer("new-bob"), lending.Register{Party: "bob", Kind: lending.Person})
	lending.Do(ctx, desk, officer("product"), lending.DefineProduct{Product: lending.StandardProduct("personal", cny)})
	lending.Do(ctx, desk, by("bank", lending.RoleCustodian, "in-1"), lending.Deposit{Party: "bob", Amount: money.MustParse("CNY 650.00")})

	lending.Do(ctx, desk, officer("queue"), lending.DefineQueue{Market: "retail",
		Rules: lending.QueueRules{Currency: cny, Turns: lending.KeepsPlace, ManualPPM: 100_000}})
	lending.Do(ctx, desk, by("bob", lending.RoleParty, "auto"), lending.SwitchOn{Market: "retail",
		Mandate: lending.Mandate{Min: 100_00, Max: 500_00, Retain: 200_00, Takes: lending.LoanFilter{MaxMonths: 12}}})

	applied, _ := lending.Do(ctx, desk, by("ann", lending.RoleParty, "app"), lending.Apply{Product: "personal", Amount: money.MustParse("CNY 1000.00"), Periods: 12})
	lending.Do(ctx, desk, by("amir", lending.RoleAnalyst, "yes"), lending.Approve{Loan: applied.Loan, Rate: schedule.MustRate("10% per year")})
	lending.Do(ctx, desk, officer("publish"), lending.Publish{Loan: applied.Loan})
	filled, err := desk.Fill(ctx, by("timer", lending.RoleSystem, "fill"), "retail", applied.Loan)
	fmt.Println(filled.Bids[0].Lender, filled.Bids[0].Minor, err)
	// Output: bob 45000 <nil>
}
