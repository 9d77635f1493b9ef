package lending_test

import (
	"context"
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A product that asks for an identity card, and lets a junior analyst pass loans of up to 5,000.00;
// larger ones go to the committee.
func ExampleWorkflow() {
	cny := money.MustCurrency("CNY")
	loan := lending.StandardProduct("personal", cny)
	loan.Documents = []lending.Requirement{{Document: "id-card", Before: lending.BeforeApproval}}
	loan.Workflow = lending.Workflow{
		Stages: []lending.Stage{
			{Stage: "desk", Role: lending.RoleAnalyst, Documents: []lending.Code{"id-card"}, Days: 2,
				Routes: []lending.Route{{Outcome: "pass", Authority: true}, {Outcome: "escalate", To: "committee"}}},
			{Stage: "committee", Role: lending.RoleAnalyst, Routes: []lending.Route{{Outcome: "agree", Authority: true}}},
		},
		Authorities: []lending.Authority{
			{Level: "junior", UpTo: money.MustParse("CNY 5000.00")},
			{Level: "chair", UpTo: money.MustParse("CNY 1000000.00")},
		},
	}

	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	desk, err := lending.Open(lending.Config{Store: memory.NewStore(), Gateway: memory.NewBank()})
	must(err)
	ctx, day, keys := context.Background(), civil.MustParse("2026-01-31"), 0
	by := func(id lending.ActorID, role lending.Role, level lending.Code) lending.Meta {
		keys++
		return lending.Meta{Key: fmt.Sprint("example/", keys), Actor: lending.Actor{ID: id, Role: role, Level: level}, On: day}
	}
	step := func(m lending.Meta, c lending.CompleteStage) {
		if _, err := lending.Do(ctx, desk, m, c); err != nil {
			fmt.Println(lending.CodeOf(err))
			return
		}
		fmt.Println(c.Stage, c.Outcome)
	}

	_, err = lending.Do(ctx, desk, by("olga", lending.RoleOfficer, ""), lending.Register{Party: "ann", Kind: lending.Person})
	must(err)
	_, err = lending.Do(ctx, desk, by("olga", lending.RoleOfficer, ""), lending.DefineProduct{Product: loan})
	must(err)
	applied, err := lending.Do(ctx, desk, by("ann", lending.RoleParty, ""),
		lending.Apply{Product: "personal", Amount: money.MustParse("CNY 8000.00"), Periods: 12})
	must(err)

	pass := lending.CompleteStage{Loan: applied.Loan, Stage: "desk", Outcome: "pass"}
	step(by("june", lending.RoleAnalyst, "junior"), pass)
	_, err = lending.Do(ctx, desk, by("ann", lending.RoleParty, ""),
		lending.SubmitDocument{Loan: applied.Loan, Document: "id-card", Hash: [32]byte{1}})
	must(err)
	pass.Outcome = "escalate"
	step(by("june", lending.RoleAnalyst, "junior"), pass)
	agree := lending.CompleteStage{Loan: applied.Loan, Stage: "committee", Outcome: "agree"}
	step(by("june", lending.RoleAnalyst, "junior"), agree)
	step(by("chen", lending.RoleAnalyst, "chair"), agree)
	// Output:
	// authority
	// desk escalate
	// authority
	// committee agree
}
