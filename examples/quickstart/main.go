// Command quickstart takes one loan through its whole life: applied for, approved, listed, bid
// for, funded, disbursed, repaid and paid out to its lenders.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func main() {
	ctx, day, cny := context.Background(), civil.MustParse("2026-01-31"), money.MustParse
	desk := must(lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank()}))
	by := func(id lending.ActorID, role lending.Role, key string) lending.Meta {
		return lending.Meta{Key: key, Actor: lending.Actor{ID: id, Role: role}, On: day}
	}
	for _, p := range []lending.PartyID{"ann", "bob", "eve"} {
		must(lending.Do(ctx, desk, by("olga", lending.RoleOfficer, "new-"+string(p)),
			lending.Register{Party: p, Kind: lending.Person}))
	}
	personal := lending.StandardProduct("personal", money.MustCurrency("CNY"))
	must(lending.Do(ctx, desk, by("olga", lending.RoleOfficer, "product"),
		lending.DefineProduct{Product: personal}))
	for _, p := range []lending.PartyID{"bob", "eve"} {
		must(lending.Do(ctx, desk, by("bank", lending.RoleCustodian, "in-"+string(p)),
			lending.Deposit{Party: p, Amount: cny("CNY 6000.00")}))
	}

	loan := must(lending.Do(ctx, desk, by("ann", lending.RoleParty, "apply"),
		lending.Apply{Product: "personal", Amount: cny("CNY 10000.00"), Periods: 12})).Loan
	must(lending.Do(ctx, desk, by("amir", lending.RoleAnalyst, "approve"),
		lending.Approve{Loan: loan, Rate: schedule.MustRate("7.2% per year")}))
	must(lending.Do(ctx, desk, by("olga", lending.RoleOfficer, "publish"), lending.Publish{Loan: loan}))
	must(lending.Do(ctx, desk, by("bob", lending.RoleParty, "bid-1"),
		lending.PlaceBid{Loan: loan, Amount: cny("CNY 6000.00")}))
	must(lending.Do(ctx, desk, by("eve", lending.RoleParty, "bid-2"),
		lending.PlaceBid{Loan: loan, Amount: cny("CNY 6000.00")})) // cut to the 4,000 still wanted
	must(lending.Do(ctx, desk, by("olga", lending.RoleOfficer, "review"), lending.ReviewFunding{Loan: loan}))
	must(lending.Do(ctx, desk, by("carl", lending.RoleCashier, "disburse"), lending.Disburse{Loan: loan}))
	must(desk.Deliver(ctx, day)) // the bank pays, interest starts

	for _, due := range must(desk.Loan(ctx, loan)).Plan.Instalments() {
		day = due.Due
		must(lending.Do(ctx, desk, by("bank", lending.RoleCustodian, "in-"+day.String()),
			lending.Deposit{Party: "ann", Amount: due.Total}))
		must(lending.Do(ctx, desk, by("ann", lending.RoleParty, "repay-"+day.String()),
			lending.Repay{Loan: loan, Amount: due.Total}))
	}
	reports := must(desk.Reports(ctx))
	for _, p := range []lending.PartyID{"bob", "eve"} {
		got := reports.Portfolio(p, money.MustCurrency("CNY"))
		fmt.Printf("%s lent %s, got %s back and %s interest\n", p, got.Lent, got.Principal, got.Interest)
	}
	fmt.Println("loan is", must(desk.Loan(ctx, loan)).State, "- books agree:", reports.Check() == nil)
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
