package lending_test

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A desk whose custodian keeps a sub-account for each party: a bid is pending until the custodian
// has frozen its money.
func ExampleCustody() {
	ctx, cny, day := context.Background(), money.MustCurrency("CNY"), civil.MustParse("2026-03-30")
	custodian := memory.NewCustodian()
	desk, _ := lending.Open(lending.Config{
		Store: memory.NewStore(), Gateway: custodian, Custody: lending.PerUser})
	by := func(who lending.ActorID, role lending.Role, key string) lending.Meta {
		return lending.Meta{Key: key, Actor: lending.Actor{ID: who, Role: role}, On: day}
	}
	officer := func(key string) lending.Meta { return by("olga", lending.RoleOfficer, key) }
	lending.Do(ctx, desk, officer("new-ann"), lending.Register{Party: "ann", Kind: lending.Person})
	lending.Do(ctx, desk, officer("new-bob"), lending.Register{Party: "bob", Kind: lending.Person})
	product := lending.StandardProduct("personal", cny)
	lending.Do(ctx, desk, officer("product"), lending.DefineProduct{Product: product})
	ask := money.MustParse("CNY 1000.00")

	custodian.Put(payment.Account{Kind: payment.Free, Party: "bob"}, ask) // bob pays in
	lending.Do(ctx, desk, by("bank", lending.RoleCustodian, "in-1"), lending.Deposit{Party: "bob", Amount: ask})

	applied, _ := lending.Do(ctx, desk, by("ann", lending.RoleParty, "app"),
		lending.Apply{Product: "personal", Amount: ask, Periods: 12})
	lending.Do(ctx, desk, by("amir", lending.RoleAnalyst, "yes"),
		lending.Approve{Loan: applied.Loan, Rate: schedule.MustRate("10% per year")})
	lending.Do(ctx, desk, officer("publish"), lending.Publish{Loan: applied.Loan})
	bid, err := lending.Do(ctx, desk, by("bob", lending.RoleParty, "bid"),
		lending.PlaceBid{Loan: applied.Loan, Amount: ask})
	fmt.Println("pending:", bid.Pending, err)

	desk.Deliver(ctx, day)
	loan, _ := desk.Loan(ctx, applied.Loan)
	fmt.Println(loan.State, custodian.Sub(lending.SubAccount(lending.Hold("bob", loan.ID)), cny), "frozen")
	books, _ := desk.Reports(ctx)
	fmt.Println(len(books.CompareSubAccounts(custodian.Subs(cny), cny)), "differences")
	// Output:
	// pending: true <nil>
	// fully-funded 100000 frozen
	// 0 differences
}
