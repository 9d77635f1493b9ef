package guarantee_test

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Gil, a guarantee company, stands behind bob's loan to ann. She misses an instalment; gil is asked for it and
// pays bob; ann pays late, and gil has its money back.
func Example() {
	ctx, day, cny := context.Background(), civil.MustParse("2026-01-31"), money.MustParse
	yuan := money.MustCurrency("CNY")
	behind := guarantee.Parties{Guarantors: []lending.PartyID{"gil"}}
	desk := must(lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank(),
		Parts: []lending.Part{behind.Part()}}))
	olga, amir := by(&day, "olga", lending.RoleOfficer), by(&day, "amir", lending.RoleAnalyst)
	carl, bank := by(&day, "carl", lending.RoleCashier), by(&day, "bank", lending.RoleCustodian)
	ann, bob := by(&day, "ann", lending.RoleParty), by(&day, "bob", lending.RoleParty)
	gil := by(&day, "gil", lending.RoleParty)
	for _, p := range []lending.Register{{Party: "ann", Kind: lending.Person}, {Party: "bob", Kind: lending.Person},
		{Party: "gil", Kind: lending.Company}} {
		must(lending.Do(ctx, desk, olga(), p))
	}
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "bob", Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "gil", Amount: cny("CNY 2000.00")}))

	// Gil stands for ten times its net assets at most. It is asked for what is five days late, and has a fee of 1%.
	must(lending.Do(ctx, desk, olga(), guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantee.GuarantorTerms{
		Currency: yuan, Liability: guarantee.JointSeveral, Control: guarantee.ByPlatform, Interest: true,
		SharePPM: lending.Million, PeriodDays: 180, PayDays: 10, Leverage: 10, SinglePPM: lending.Million}}))
	must(lending.Do(ctx, desk, olga(), guarantee.AssessNetAssets{Guarantor: "gil", Amount: cny("CNY 50000.00"),
		Evidence: sha256.Sum256([]byte("audited accounts of gil"))}))
	product := lending.StandardProduct("guaranteed", yuan)
	product.Covers = []lending.CoverTerms{{Name: "gil", Kind: lending.CoverGuarantor, TriggerDays: 5}}
	product.Fees = []lending.Fee{{ID: "guarantee-fee", Timing: lending.AtDisbursement, Base: lending.OnCovered, PPM: 10_000,
		Payee: lending.ToParty, Party: "gil", Round: money.HalfUp}}
	must(lending.Do(ctx, desk, olga(), lending.DefineProduct{Product: product}))

	loan := must(lending.Do(ctx, desk, ann(),
		lending.Apply{Product: "guaranteed", Amount: cny("CNY 10000.00"), Periods: 12})).Loan
	must(lending.Do(ctx, desk, amir(), lending.Approve{Loan: loan, Rate: schedule.MustRate("12% per year")}))
	must(lending.Do(ctx, desk, olga(), lending.Publish{Loan: loan}))
	must(lending.Do(ctx, desk, bob(), lending.PlaceBid{Loan: loan, Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, olga(), lending.ReviewFunding{Loan: loan}))
	must(lending.Do(ctx, desk, carl(), lending.Disburse{Loan: loan}))
	must(desk.Deliver(ctx, day)) // the bank pays: the guarantor is bound, and has its fee
	tell := func(what string) {
		r := must(desk.Reports(ctx))
		fmt.Println(day, what, "bob has", r.Portfolio("bob", yuan).Available, "and gil", r.Portfolio("gil", yuan).Available)
	}
	tell("paid out:")

	first := must(desk.Loan(ctx, loan)).Plan.At(0)
	day = first.Due.AddDays(5)
	must(desk.DayEnd(ctx, day)) // ann has not paid: gil is asked
	must(lending.Do(ctx, desk, gil(), guarantee.PayDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: loan, Instalment: 0}}))
	tell("gil pays:")

	day = first.Due.AddDays(20)
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "ann", Amount: first.Total}))
	must(lending.Do(ctx, desk, ann(), lending.Repay{Loan: loan, Amount: first.Total}))
	tell("ann pays:")
	// Output:
	// 2026-01-31 paid out: bob has CNY 0.00 and gil CNY 2100.00
	// 2026-03-05 gil pays: bob has CNY 888.49 and gil CNY 1211.51
	// 2026-03-20 ann pays: bob has CNY 888.49 and gil CNY 2100.00
}

// Borrowers pay 2% into a provision fund, which pays lenders as far as it goes: a state to be seen, and no
// error. Ann misses an instalment, pays it late, and the fund has its money back behind bob.
func Example_fund() {
	ctx, day, cny := context.Background(), civil.MustParse("2026-01-31"), money.MustParse
	yuan := money.MustCurrency("CNY")
	behind := guarantee.Parties{Funds: []lending.PartyID{"fund"}}
	desk := must(lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank(),
		Parts: []lending.Part{behind.Part()}}))
	olga, amir := by(&day, "olga", lending.RoleOfficer), by(&day, "amir", lending.RoleAnalyst)
	carl, bank := by(&day, "carl", lending.RoleCashier), by(&day, "bank", lending.RoleCustodian)
	ann, bob := by(&day, "ann", lending.RoleParty), by(&day, "bob", lending.RoleParty)
	for _, p := range []lending.Register{{Party: "ann", Kind: lending.Person}, {Party: "bob", Kind: lending.Person},
		{Party: "fund", Kind: lending.Vehicle}} {
		must(lending.Do(ctx, desk, olga(), p))
	}
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "bob", Amount: cny("CNY 10000.00")}))

	// The fund covers principal and interest in full, the oldest demand first, and settles every day.
	must(lending.Do(ctx, desk, olga(), guarantee.DefineFund{Fund: "fund", Terms: guarantee.FundTerms{
		Currency: yuan, PrincipalPPM: lending.Million, InterestPPM: lending.Million, Policy: guarantee.FIFO,
		Settle: schedule.Days(1), TargetPPM: 1_100_000, CeilingPPM: 100_000}}))
	product := lending.StandardProduct("protected", yuan)
	product.Covers = []lending.CoverTerms{{Name: "fund", Kind: lending.CoverProvisionFund, TriggerDays: 5}}
	product.Fees = []lending.Fee{{ID: "contribution", Timing: lending.AtDisbursement, Base: lending.OnAmount, PPM: 20_000,
		Payee: lending.ToParty, Party: "fund", Round: money.HalfUp}}
	must(lending.Do(ctx, desk, olga(), lending.DefineProduct{Product: product}))

	loan := must(lending.Do(ctx, desk, ann(),
		lending.Apply{Product: "protected", Amount: cny("CNY 10000.00"), Periods: 12})).Loan
	must(lending.Do(ctx, desk, amir(), lending.Approve{Loan: loan, Rate: schedule.MustRate("12% per year")}))
	must(lending.Do(ctx, desk, olga(), lending.Publish{Loan: loan}))
	must(lending.Do(ctx, desk, bob(), lending.PlaceBid{Loan: loan, Amount: cny("CNY 10000.00")}))
	must(lending.Do(ctx, desk, olga(), lending.ReviewFunding{Loan: loan}))
	must(lending.Do(ctx, desk, carl(), lending.Disburse{Loan: loan}))
	must(desk.Deliver(ctx, day))
	tell := func(what string) {
		fund, _, err := lending.View(ctx, desk, guarantee.FundRef("fund"))
		r := must(desk.Reports(ctx))
		fmt.Println(day, what, "bob has", r.Portfolio("bob", yuan).Available, "and the fund", r.Portfolio("fund", yuan).Available)
		fmt.Println("  still asked for", must(money.New(must(fund, err).Queue.Total(), yuan)), "- exhausted:", fund.Exhausted)
	}
	tell("paid out:")

	first := must(desk.Loan(ctx, loan)).Plan.At(0)
	day = first.Due.AddDays(5)
	must(desk.DayEnd(ctx, day)) // ann has not paid: the fund is asked, and pays all that it has
	tell("the fund pays:")

	day = first.Due.AddDays(20)
	must(lending.Do(ctx, desk, bank(), lending.Deposit{Party: "ann", Amount: first.Total}))
	must(lending.Do(ctx, desk, ann(), lending.Repay{Loan: loan, Amount: first.Total}))
	must(desk.DayEnd(ctx, day)) // what she has paid is not asked for any more
	tell("ann pays:")
	// Output:
	// 2026-01-31 paid out: bob has CNY 0.00 and the fund CNY 200.00
	//   still asked for CNY 0.00 - exhausted: false
	// 2026-03-05 the fund pays: bob has CNY 200.00 and the fund CNY 0.00
	//   still asked for CNY 688.49 - exhausted: true
	// 2026-03-20 ann pays: bob has CNY 888.49 and the fund CNY 200.00
	//   still asked for CNY 0.00 - exhausted: false
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
