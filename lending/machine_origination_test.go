package lending_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// stepwise is a product whose loans have to show everything, with a workflow of its own: one of them off
// line, one lent by a fronting lender.
func stepwise(t *rapid.T, c money.Currency, i int) lending.Product {
	p := products(c, i)[0]
	p.ID = stepwiseID(i)
	p.Documents = []lending.Requirement{
		{Document: "id-card", Before: lending.BeforeApproval},
		{Document: "photo", Kind: lending.Person, Before: lending.BeforePublication, ValidDays: 3},
		{Document: "deed", Before: lending.BeforeDisbursement},
	}
	p.ExpiryDays, p.Uses = 9, []lending.Code{"car", "stock"}
	p.MaxOpen, p.MaxExposure, p.ContractRequired = 3, amt(300_000, c), true
	p.Workflow = drawWorkflow(t)
	p.Workflow.Authorities = []lending.Authority{{Level: "junior", UpTo: amt(100_000, c)}, {Level: "senior", UpTo: amt(1<<40, c)}}
	if p.Validate() != nil {
		p.Workflow.Stages = []lending.Stage{{Stage: "s0", Role: lending.RoleAnalyst, Documents: []lending.Code{"report"},
			Routes: []lending.Route{{Outcome: "o0", Authority: true}, {Outcome: "o1", To: "s0"}}}}
	}
	switch i {
	case 1:
		p.Channels = lending.Channels{Acquisition: lending.Offline, Checks: lending.Offline, VisitDays: 2,
			Signing: lending.Offline, Collection: lending.Offline}
	case 2:
		p = lending.DebtTransfer(p, "dan")
	}
	return p
}

func stepwiseID(i int) lending.ProductID { return lending.ProductID(fmt.Sprintf("steps-%d", i)) }

func (m *machine) applyStepwise(t *rapid.T) {
	if len(m.desks[0].follow.Loans()) > 12 {
		return
	}
	i := rapid.IntRange(0, len(m.curs)-1).Draw(t, "currency")
	run(m, party(m.party(t)), lending.Apply{Product: stepwiseID(i), Amount: amt(minor(t, 200_000), m.curs[i]),
		Periods: rapid.IntRange(1, 6).Draw(t, "periods"), Use: draw(t, "use", []lending.Code{"", "car", "stock", "bets"}),
		Project: draw(t, "project", []event.Hash{{}, hash(1), hash(2)})})
}

// prepare takes a loan that still lacks something one step nearer; false when it lacks nothing.
func (m *machine) prepare(t *rapid.T, l *lending.Loan) bool {
	if !strings.HasPrefix(string(l.Product.ID), "steps") {
		return false
	}
	before := map[lending.State]lending.Checkpoint{lending.StateApplied: lending.BeforeApproval,
		lending.StateApproved: lending.BeforePublication, lending.StateReviewed: lending.BeforeDisbursement}[l.State]
	switch missing, open := l.Missing(before, m.day), l.Dossier.Open(before); {
	case before == 0:
		return false
	case len(missing) > 0:
		m.submit(t, l, missing[0])
	case l.State == lending.StateApplied:
		m.decide(t, l)
	case len(open) > 0:
		if rapid.IntRange(0, 3).Draw(t, "waive") == 0 {
			run(m, senior, lending.WaiveCondition{Loan: l.ID, Condition: open[0], Reason: "small"})
			break
		}
		run(m, officer, lending.SatisfyCondition{Loan: l.ID, Condition: open[0], Evidence: hash(5)})
	case errors.Is(l.Publishable(m.day), lending.ErrFieldVerification) && l.State == lending.StateApproved:
		m.visit(t, l)
	case l.Dossier.Use == "":
		run(m, analyst, lending.ReferBack{Loan: l.ID, Reason: "use"})
	case l.State == lending.StateReviewed && len(l.Tried) == 0:
		return m.sign(l)
	default:
		return false
	}
	return true
}

// visit records a visit to the borrower, and where the application came from if that is not known.
func (m *machine) visit(t *rapid.T, l *lending.Loan) {
	if rapid.IntRange(0, 3).Draw(t, "early") == 0 && run(m, officer, lending.Publish{Loan: l.ID}) == nil {
		t.Fatalf("loan %s was published without a field verification", l.ID)
	}
	run(m, officer, lending.RecordSource{Party: l.Borrower, Loan: l.ID, Source: lending.Source{Channel: "branch-7"}})
	who := draw(t, "who", []lending.Actor{officer, chief, analyst})
	day := m.day.AddDays(-m.back - rapid.IntRange(0, 2).Draw(t, "visited"))
	run(m, who, lending.RecordFieldVerification{Loan: l.ID, Visit: lending.FieldVerification{Agent: "gus",
		Branch: "branch-7", Visited: day, Evidence: []event.Hash{hash(rapid.Byte().Draw(t, "found") | 1)}, Passed: rapid.IntRange(0, 3).Draw(t, "passed") > 0}})
}

func (m *machine) submit(t *rapid.T, l *lending.Loan, d lending.Code) {
	if rapid.IntRange(0, 4).Draw(t, "waive") == 0 {
		run(m, senior, lending.WaiveDocument{Loan: l.ID, Document: d, Reason: "known"})
		return
	}
	who := draw(t, "who", []lending.Actor{party(l.Borrower), party("bob"), officer})
	run(m, who, lending.SubmitDocument{Loan: l.ID, Document: d, Hash: hash(1)})
}

// decide goes on in the workflow, or approves with conditions.
func (m *machine) decide(t *rapid.T, l *lending.Loan) {
	who := draw(t, "analyst", []lending.Actor{junior, senior, senior})
	i := slices.IndexFunc(l.Product.Workflow.Stages, func(s lending.Stage) bool { return s.Stage == l.Dossier.Stage })
	if i < 0 {
		run(m, who, lending.Approve{Loan: l.ID, Rate: schedule.MustRate("7.2% per year"), Conditions: []lending.Precedent{
			{Condition: "seal", Before: lending.BeforePublication}, {Condition: "pledge", Before: lending.BeforeDisbursement}}})
		return
	}
	s := l.Product.Workflow.Stages[i]
	for _, d := range s.Documents {
		run(m, officer, lending.SubmitDocument{Loan: l.ID, Document: d, Hash: hash(2)})
	}
	run(m, who, lending.CompleteStage{Loan: l.ID, Stage: s.Stage, Outcome: draw(t, "route", s.Routes).Outcome})
}

// sign takes a contract a step nearer; false when it is signed.
func (m *machine) sign(l *lending.Loan) bool {
	k := l.Dossier.Contract
	switch {
	case k.Issuer == "":
		run(m, officer, lending.IssueContract{Loan: l.ID})
	case k.Signed.IsZero() && l.Product.Channels.Signing == lending.Offline:
		run(m, officer, lending.RecordSignature{Loan: l.ID, Hash: k.Hash, Branch: "branch-7", Paper: hash(3)})
	case k.Signed.IsZero():
		run(m, party(l.Borrower), lending.SignContract{Loan: l.ID, Hash: k.Hash})
	case k.Countersigner == "":
		run(m, chief, lending.SignContract{Loan: l.ID, Hash: k.Hash})
	default:
		return false
	}
	return true
}

// turn does to a loan on its way what is not the way: back, off, other terms, out of order.
func (m *machine) turn(t *rapid.T) {
	move := rapid.IntRange(0, 8).Draw(t, "turn")
	fit := [][]lending.State{
		{lending.StateApplied, lending.StateApproved}, {lending.StateReturned}, {lending.StateReturned},
		{lending.StateApplied, lending.StateReturned, lending.StateApproved}, {lending.StateOpen}, {lending.StateOpen},
		{lending.StateApproved, lending.StateOpen, lending.StateReviewed}, {lending.StateApproved, lending.StateOpen, lending.StateReviewed},
		{lending.StateApplied, lending.StateReturned, lending.StateApproved, lending.StateOpen, lending.StateReviewed, lending.StateActive},
	}
	l := m.loan(t, fit[move]...)
	if l == nil {
		return
	}
	a := amt(minor(t, 200_000), l.Currency())
	switch move {
	case 0:
		run(m, analyst, lending.ReferBack{Loan: l.ID, Reason: "papers", Documents: []lending.Code{"letter"}})
	case 1, 2:
		run(m, party(l.Borrower), lending.Resubmit{Loan: l.ID, Amount: a, Use: draw(t, "use", []lending.Code{"", "car"})})
	case 3:
		who := draw(t, "who", []lending.PartyID{l.Borrower, "bob"})
		run(m, party(who), lending.WithdrawApplication{Loan: l.ID, Reason: "elsewhere"})
	case 4, 5:
		run(m, senior, lending.AmendListing{Loan: l.ID, Amount: a, OpenDays: rapid.IntRange(0, 3).Draw(t, "days")})
	case 6, 7:
		for _, c := range l.Dossier.Open(lending.BeforeDisbursement) {
			run(m, senior, lending.WaiveCondition{Loan: l.ID, Condition: c, Reason: "r"})
		}
	case 8:
		m.outOfOrder(t, l)
	}
}

// outOfOrder tries a step whose turn it may not be.
func (m *machine) outOfOrder(t *rapid.T, l *lending.Loan) {
	switch rapid.IntRange(0, 5).Draw(t, "out of order") {
	case 0:
		run(m, senior, lending.Approve{Loan: l.ID, Rate: schedule.MustRate("7.2% per year")})
	case 1:
		run(m, officer, lending.Publish{Loan: l.ID})
	case 2:
		run(m, cashier, lending.Disburse{Loan: l.ID})
	case 3:
		run(m, chief, lending.SignContract{Loan: l.ID, Hash: l.Dossier.Contract.Hash})
	case 4:
		run(m, senior, lending.CompleteStage{Loan: l.ID, Stage: "s1", Outcome: "o0"})
	case 5:
		run(m, officer, lending.IssueContract{Loan: l.ID})
	}
}

// lives checks that a change of a loan's state is one of the table's.
func lives(t *rapid.T, from lending.State, c event.Change, l *lending.Loan) {
	if x := (lending.Transition{From: from, Event: c.Record.Type, To: l.State}); x.From != x.To && !slices.Contains(lending.Life(), x) {
		t.Fatalf("loan %s went from %s by %s to %s", l.ID, x.From, x.Event, x.To)
	}
	if l.State == lending.StateActive && from != lending.StateActive && l.Product.ContractRequired && l.Dossier.Contract.Countersigner == "" {
		t.Fatalf("loan %s is active without a contract", l.ID)
	}
	if from == lending.StateApplied && l.State == lending.StateApproved && l.Dossier.Stage != "" {
		t.Fatalf("loan %s was approved in stage %s", l.ID, l.Dossier.Stage)
	}
}
