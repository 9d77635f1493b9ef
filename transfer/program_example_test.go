package transfer_test

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// Zhang, a professional lender, lends ann 10,000 under a facility; zoe buys 4,000 of his claim half a percent
// below par; ann repays, and each gets what falls on his part.
func Example() {
	ctx, day, cny := context.Background(), civil.MustParse("2026-01-31"), money.MustParse
	yuan := money.MustCurrency("CNY")
	desk := must(lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank(),
		Parts: []lending.Part{transfer.Part()}}))
	olga, amir := by(&day, "olga", lending.RoleOfficer), by(&day, "amir", lending.RoleAnalyst)
	carl, bank := by(&day, "carl", lending.RoleCashier), by(&day, "bank", lending.RoleCustodian)
	ann, zhang, zoe := by(&day, "ann", lending.RoleParty), by(&day, "zhang", lending.RoleParty), by(&day, "zoe", lending.RoleParty)
	for _, p := range []lending.PartyID{"ann", "zhang", "zoe"} {
		must(lending.Do(ctx, desk, olga(), lending.Register{Party: p, Kind: lending.Person}))
	}
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "zhang", Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "zoe", Amount: cny("CNY 5000.00")}))

	// Zhang alone lends on the product, within his facility; claims on its loans are sold on a market.
	must(lending.Do(ctx, desk, olga(), lending.DefineProduct{
		Product: lending.DebtTransfer(lending.StandardProduct("fronted", yuan), "zhang")}))
	must(lending.Do(ctx, desk, olga(), transfer.DefineFacility{Lender: "zhang", Terms: transfer.FacilityTerms{
		Relation: transfer.Connected, Limits: []money.Amount{cny("CNY 10000.00")}}}))
	must(lending.Do(ctx, desk, olga(), transfer.DefineMarket{Market: "claims", Terms: transfer.MarketTerms{
		Currency: yuan, MaxDays: 30, MinSlice: 1, Round: money.HalfEven}}))

	loan := must(lending.Do(ctx, desk, ann(),
		lending.Apply{Product: "fronted", Amount: cny("CNY 10000.00"), Periods: 12})).Loan
	must(lending.Do(ctx, desk, amir(), lending.Approve{Loan: loan, Rate: schedule.MustRate("7.2% per year")}))
	must(lending.Do(ctx, desk, olga(), lending.Publish{Loan: loan}))
	must(lending.Do(ctx, desk, zhang(), lending.PlaceBid{Loan: loan, Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, olga(), lending.ReviewFunding{Loan: loan}))
	must(lending.Do(ctx, desk, carl(), lending.Disburse{Loan: loan}))
	must(desk.Deliver(ctx, day)) // the bank pays: zhang holds the claim, lot 0 of the loan

	listed := must(lending.Do(ctx, desk, zhang(), transfer.ListClaim{Market: "claims", Loan: loan, Lot: 0,
		Units: 4000_00, Ask: transfer.Ask{PPM: 995_000}, Expires: day.AddDays(7)})).Listing
	quote := must(transfer.QuoteSale(ctx, desk, loan, listed.Number, listed.Units, day))
	must(lending.Do(ctx, desk, zoe(), transfer.BuyClaim{Loan: loan, Listing: listed.Number, Units: quote.Units,
		Version: quote.Version, Debit: must(money.New(quote.Debit, yuan))}))

	for _, due := range must(desk.Loan(ctx, loan)).Plan.Instalments() {
		day = due.Due
		must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "ann", Amount: due.Total}))
		must(lending.Do(ctx, desk, ann(), lending.Repay{Loan: loan, Amount: due.Total}))
	}
	reports := must(desk.Reports(ctx))
	for _, p := range []lending.PartyID{"zhang", "zoe"} {
		got := reports.Portfolio(p, yuan)
		fmt.Printf("%s lent %s, sold %s, bought %s\n", p, got.Lent, got.Sold, got.Bought)
		fmt.Printf("  got %s back and %s interest, and has %s\n", got.Principal, got.Interest, got.Available)
	}
	fmt.Println("books agree:", reports.Check() == nil)
	// Output:
	// zhang lent CNY 10000.00, sold CNY 4000.00, bought CNY 0.00
	//   got CNY 6000.00 back and CNY 236.57 interest, and has CNY 10216.57
	// zoe lent CNY 0.00, sold CNY 0.00, bought CNY 4000.00
	//   got CNY 4000.00 back and CNY 157.71 interest, and has CNY 5177.71
	// books agree: true
}

// Zoe subscribes to a package that promises 6% a year; it buys half of bob's claim on ann at par; ann pays; zoe
// asks for all that she has and gets it with the promised interest; what is left is the sponsor's.
func Example_package() {
	ctx, day, cny := context.Background(), civil.MustParse("2026-01-31"), money.MustParse
	yuan := money.MustCurrency("CNY")
	cents := func(minor int64) money.Amount { return must(money.New(minor, yuan)) }
	desk := must(lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank(),
		Parts: []lending.Part{transfer.Part()}}))
	olga, amir := by(&day, "olga", lending.RoleOfficer), by(&day, "amir", lending.RoleAnalyst)
	carl, bank := by(&day, "carl", lending.RoleCashier), by(&day, "bank", lending.RoleCustodian)
	ann, bob, zoe := by(&day, "ann", lending.RoleParty), by(&day, "bob", lending.RoleParty), by(&day, "zoe", lending.RoleParty)
	sam, van := by(&day, "sam", lending.RoleParty), by(&day, "van", lending.RoleParty)
	for _, p := range []lending.PartyID{"ann", "bob", "zoe", "sam"} {
		must(lending.Do(ctx, desk, olga(), lending.Register{Party: p, Kind: lending.Person}))
	}
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "bob", Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "zoe", Amount: cny("CNY 6000.00")}))

	// The package is a party of its own, a vehicle; its terms never change. Sam stands behind it.
	must(lending.Do(ctx, desk, olga(), lending.Register{Party: "van", Kind: lending.Vehicle}))
	must(lending.Do(ctx, desk, olga(), lending.DefineProduct{Product: lending.StandardProduct("personal", yuan)}))
	must(lending.Do(ctx, desk, olga(), transfer.DefineMarket{Market: "claims", Terms: transfer.MarketTerms{
		Currency: yuan, MaxDays: 30, MinSlice: 1, Round: money.HalfEven}}))
	must(lending.Do(ctx, desk, olga(), transfer.DefinePackage{Package: "van", Terms: transfer.PackageTerms{Currency: yuan,
		RatePPM: 60_000, LockUpDays: 7, SettleDays: 1, MinAmount: 100_00, Cap: 100_000_00,
		Exit: transfer.ExitRules{Policy: transfer.FirstCome}, InDeficit: transfer.StopExits, PeriodMonths: 1,
		CoveragePPM: lending.Million, Sponsor: "sam"}}))

	loan := must(lending.Do(ctx, desk, ann(),
		lending.Apply{Product: "personal", Amount: cny("CNY 10000.00"), Periods: 12})).Loan
	must(lending.Do(ctx, desk, amir(), lending.Approve{Loan: loan, Rate: schedule.MustRate("12% per year")}))
	must(lending.Do(ctx, desk, olga(), lending.Publish{Loan: loan}))
	must(lending.Do(ctx, desk, bob(), lending.PlaceBid{Loan: loan, Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, olga(), lending.ReviewFunding{Loan: loan}))
	must(lending.Do(ctx, desk, carl(), lending.Disburse{Loan: loan}))
	must(desk.Deliver(ctx, day))

	must(lending.Do(ctx, desk, zoe(), transfer.Subscribe{Package: "van", Amount: cny("CNY 6000.00")}))
	listed := must(lending.Do(ctx, desk, bob(), transfer.ListClaim{Market: "claims", Loan: loan, Lot: 0,
		Units: 5000_00, Ask: transfer.Ask{PPM: lending.Million}, Expires: day})).Listing
	quote := must(transfer.QuoteSale(ctx, desk, loan, listed.Number, listed.Units, day))
	must(lending.Do(ctx, desk, van(), transfer.BuyClaim{Loan: loan, Listing: listed.Number, Units: quote.Units,
		Version: quote.Version, Debit: cents(quote.Debit)}))

	day = day.AddMonths(1) // ann pays off; a period of the package ends, and its interest is paid out
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "ann", Amount: must(must(desk.Loan(ctx, loan)).Payoff(day))}))
	must(lending.Do(ctx, desk, ann(), lending.PayOff{Loan: loan}))
	must(desk.DayEnd(ctx, day))
	value := must(transfer.ValueOf(ctx, desk, "van", day))
	fmt.Println("the package has", cents(value.Value), "and owes", cents(value.Owed))

	must(lending.Do(ctx, desk, zoe(), transfer.RequestExit{Package: "van", All: true}))
	day = day.AddDays(1)
	must(desk.DayEnd(ctx, day)) // by the terms an exit is paid a day after it was asked for
	value = must(transfer.ValueOf(ctx, desk, "van", day))
	must(lending.Do(ctx, desk, sam(), transfer.TakeSurplus{Package: "van", Amount: cents(value.Value)}))
	reports := must(desk.Reports(ctx))
	for _, p := range []lending.PartyID{"zoe", "sam"} {
		fmt.Println(p, "has", reports.Portfolio(p, yuan).Available)
	}
	fmt.Println("books agree:", reports.Check() == nil)
	// Output:
	// the package has CNY 6022.39 and owes CNY 6000.00
	// zoe has CNY 6028.60
	// sam has CNY 21.40
	// books agree: true
}

// by has an actor give commands on the day, each under a key of its own, with another officer's approval.
func by(day *civil.Date, id lending.ActorID, role lending.Role) func() lending.Meta {
	n := 0
	return func() lending.Meta {
		n++
		return lending.Meta{Key: fmt.Sprintf("%s-%d", id, n), Actor: lending.Actor{ID: id, Role: role},
			Approver: lending.Actor{ID: "otto", Role: lending.RoleOfficer}, On: *day}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
