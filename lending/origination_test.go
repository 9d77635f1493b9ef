package lending_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

var (
	junior = lending.Actor{ID: "june", Role: lending.RoleAnalyst, Level: "junior"}
	senior = lending.Actor{ID: "sven", Role: lending.RoleAnalyst, Level: "senior"}
)

func hash(n byte) event.Hash { return event.Hash{n} }

// careful asks for everything that there is to ask for.
func careful() lending.Product {
	p := standard()
	p.ID = "careful"
	p.Documents = []lending.Requirement{
		{Document: "id-card", Before: lending.BeforeApproval},
		{Document: "payslip", Kind: lending.Person, Before: lending.BeforeApproval, ValidDays: 30},
		{Document: "licence", Kind: lending.Company, Before: lending.BeforeApproval},
		{Document: "photo", Before: lending.BeforePublication},
		{Document: "deed", Before: lending.BeforeDisbursement},
	}
	p.ExpiryDays = 20
	p.Uses, p.Forbidden = []lending.Code{"car", "stock"}, []lending.Code{"bets"}
	p.Grades = []lending.GradeTerms{{Grade: "A1", MinRate: p.MinRate, MaxRate: schedule.MustRate("20% per year")},
		{Grade: "A2", MinRate: p.MinRate, MaxRate: p.MaxRate, MaxAmount: amt(8000_00, cny)}}
	p.ContractRequired = true
	p.Workflow = lending.Workflow{
		Stages: []lending.Stage{
			{Stage: "desk", Role: lending.RoleAnalyst, Documents: []lending.Code{"id-card"}, Days: 2,
				Routes: []lending.Route{{Outcome: "pass", Authority: true}, {Outcome: "visit", To: "site"},
					{Outcome: "escalate", To: "committee"}}},
			{Stage: "site", Role: lending.RoleOfficer, Documents: []lending.Code{"report"},
				Routes: []lending.Route{{Outcome: "seen", To: "desk"}}},
			{Stage: "committee", Role: lending.RoleAnalyst,
				Routes: []lending.Route{{Outcome: "agree", Authority: true}}},
		},
		Authorities: []lending.Authority{{Level: "junior", UpTo: amt(5000, cny)}, {Level: "senior", UpTo: amt(1_000_000, cny)}},
	}
	return p
}

// asked has ann apply for a loan of the product.
func (w *world) asked(p lending.Product, minor int64) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: p})
	return do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(minor, cny), Periods: 3}).Loan
}

func (w *world) submit(id lending.LoanID, documents ...lending.Code) {
	for i, d := range documents {
		do(w, party(w.loan(id).Borrower), lending.SubmitDocument{Loan: id, Document: d, Hash: hash(byte(i + 1))})
	}
}

// approved takes a loan of the careful product through its workflow, with its file complete.
func (w *world) approved(minor int64, conditions ...lending.Precedent) lending.LoanID {
	do(w, officer, lending.DefineProduct{Product: careful()})
	id := do(w, party("ann"), lending.Apply{
		Product: "careful", Amount: amt(minor, cny), Periods: 3, Use: "car"}).Loan
	w.submit(id, "id-card", "payslip", "photo", "deed")
	do(w, senior, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "pass"})
	do(w, senior, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year"), Grade: "A1", Conditions: conditions})
	return id
}

// carefully runs a loan through everything that an origination can ask for, each step refused once.
func carefully(w *world) {
	id := w.asked(careful(), 8000)
	approve := lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year"), Conditions: []lending.Precedent{
		{Condition: "seal", Before: lending.BeforePublication}, {Condition: "pledge", Before: lending.BeforeDisbursement},
		{Condition: "debt", Before: lending.BeforeDisbursement}}}
	refuse(w, senior, approve, lending.ErrStageOrder)
	refuse(w, senior, approve, lending.ErrFileIncomplete)
	desk := func(o lending.Code) lending.CompleteStage {
		return lending.CompleteStage{Loan: id, Stage: "desk", Outcome: o, Note: hash(9)}
	}
	refuse(w, junior, desk("visit"), lending.ErrFileIncomplete)
	w.submit(id, "id-card")
	refuse(w, senior, lending.CompleteStage{Loan: id, Stage: "committee", Outcome: "agree"}, lending.ErrStageOrder)
	refuse(w, officer, desk("visit"), lending.ErrActor)
	refuse(w, junior, desk("pass"), lending.ErrAuthority)
	refuse(w, analyst, desk("pass"), lending.ErrAuthority)
	refuse(w, junior, desk("dance"), lending.ErrUnknown)
	do(w, junior, desk("visit"))
	w.day = w.day.AddDays(3)
	site := lending.CompleteStage{Loan: id, Stage: "site", Outcome: "seen"}
	refuse(w, officer, site, lending.ErrFileIncomplete)
	do(w, officer, lending.SubmitDocument{Loan: id, Document: "report", Hash: hash(7)})
	do(w, officer, site)
	do(w, junior, lending.ReferBack{Loan: id, Reason: "unclear", Documents: []lending.Code{"letter", "payslip"}})
	do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(9000, cny), Use: "stock"})
	do(w, junior, desk("escalate"))
	refuse(w, junior, lending.CompleteStage{Loan: id, Stage: "committee", Outcome: "agree"}, lending.ErrAuthority)
	do(w, senior, lending.CompleteStage{Loan: id, Stage: "committee", Outcome: "agree"})
	refuse(w, senior, desk("pass"), lending.ErrStageOrder)
	refuse(w, senior, approve, lending.ErrFileIncomplete)
	w.submit(id, "letter")
	do(w, senior, lending.WaiveDocument{Loan: id, Document: "payslip", Reason: "pension"})
	refuse(w, junior, approve, lending.ErrAuthority)
	refuse(w, senior, approve, lending.ErrUnknown) // without a grade
	approve.Grade = "A1"
	do(w, senior, approve)
	for _, missing := range []error{lending.ErrFileIncomplete, lending.ErrCondition} {
		refuse(w, officer, lending.Publish{Loan: id}, missing)
	}
	do(w, analyst, lending.ReferBack{Loan: id, Reason: "grade"}) // takes the approval back
	refuse(w, officer, lending.Publish{Loan: id}, lending.ErrState)
	do(w, party("ann"), lending.Resubmit{Loan: id})
	do(w, senior, desk("pass"))
	approve.Grade = "A2"
	do(w, senior, approve)
	w.submit(id, "photo")
	do(w, officer, lending.SatisfyCondition{Loan: id, Condition: "seal", Evidence: hash(3)})
	do(w, officer, lending.Publish{Loan: id})
	do(w, senior, lending.AmendListing{Loan: id, Amount: amt(7000, cny), Rate: schedule.MustRate("10% per year"), OpenDays: 5})
	do(w, officer, lending.Publish{Loan: id})
	payCarefully(w, id)
}

// payCarefully takes a published loan of the careful product to the payout.
func payCarefully(w *world, id lending.LoanID) {
	w.deposit("bob", amt(7000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(7000, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	pay := lending.Disburse{Loan: id}
	for _, missing := range []error{lending.ErrFileIncomplete, lending.ErrCondition, lending.ErrContract} {
		refuse(w, cashier, pay, missing)
	}
	w.submit(id, "deed")
	do(w, analyst, lending.SatisfyCondition{Loan: id, Condition: "pledge", Evidence: hash(4)})
	do(w, analyst, lending.WaiveCondition{Loan: id, Condition: "debt", Reason: "small"})
	refuse(w, cashier, pay, lending.ErrContract)
	h := do(w, officer, lending.IssueContract{Loan: id}).Hash
	refuse(w, cashier, pay, lending.ErrContract)
	sign := lending.SignContract{Loan: id, Hash: h}
	refuse(w, chief, sign, lending.ErrContract)
	refuse(w, party("ann"), lending.SignContract{Loan: id, Hash: hash(1)}, lending.ErrContract)
	do(w, party("ann"), sign)
	refuse(w, party("ann"), sign, lending.ErrState)
	refuse(w, cashier, pay, lending.ErrContract)
	refuse(w, officer, sign, lending.ErrSecond)
	do(w, chief, sign)
	refuse(w, chief, sign, lending.ErrState)
	do(w, cashier, pay)
	w.deliver()
}

// refuse sends a command that must be refused for a reason and write nothing.
func refuse[S any, E event.Of[S]](w *world, a lending.Actor, c lending.Command[S, E], want error) {
	before := w.feed()
	require.ErrorIs(w.t, try(w, a, c), want, "%T", c)
	require.Equal(w.t, before, w.feed(), "%T was refused and wrote something", c)
}

// A loan that has to show everything gets there, and no step can be left out.
func TestCarefulLife(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	carefully(w)
	id := w.reports().Loans()[0]
	l := w.loan(id)
	require.Equal(t, lending.StateActive, l.State)
	require.Equal(t, amt(7000, cny), l.Amount)
	require.Equal(t, "10% per year", l.Rate.String())
	require.Equal(t, lending.Code("stock"), l.Dossier.Use)
	require.Len(t, l.Dossier.Documents, 6)
	require.Equal(t, l.Published.AddDays(5), l.Deadline)
	var way []lending.Code
	for _, s := range l.Dossier.Steps {
		way = append(way, s.Stage+":"+s.Outcome)
	}
	require.Equal(t, []lending.Code{"desk:visit", "site:seen", "desk:", "desk:escalate", "committee:agree", "desk:pass"}, way)
	require.Equal(t, []lending.StageTime{
		{Product: "careful", Stage: "committee", Count: 1},
		{Product: "careful", Stage: "desk", Count: 4},
		{Product: "careful", Stage: "site", Count: 1, Days: 3, Longest: 3},
	}, w.reports().StageTimes())
}

// A checklist says everything that is missing at once.
func TestChecklistReportsEverything(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := careful()
	p.Workflow, p.Grades = lending.Workflow{}, nil
	id := w.asked(p, 5000)
	w.submit(id, "id-card", "payslip")
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year"), Conditions: []lending.Precedent{
		{Condition: "seal", Before: lending.BeforePublication}, {Condition: "pledge", Before: lending.BeforeDisbursement}}})
	err := try(w, officer, lending.Publish{Loan: id})
	for _, want := range []error{lending.ErrFileIncomplete, lending.ErrCondition, lending.ErrUse} {
		require.ErrorIs(t, err, want)
	}
	var file *lending.FileError
	var open *lending.ConditionError
	require.True(t, errors.As(err, &file) && errors.As(err, &open))
	require.Equal(t, []lending.Code{"photo"}, file.Missing)
	require.Equal(t, []lending.Code{"seal"}, open.Open)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))
	w.day = w.day.AddDays(20) // what has run out is missing again
	require.Equal(t, []lending.Code{"photo"}, w.loan(id).Missing(lending.BeforePublication, w.day))
	require.Equal(t, []lending.Code{"payslip", "photo", "deed"}, w.loan(id).Missing(lending.BeforeDisbursement, w.day.AddDays(11)))
}

// What a product states about its origination is checked as a whole.
func TestOriginationValidates(t *testing.T) {
	p := careful()
	require.NoError(t, p.Validate())
	for name, spoil := range map[string]func(*lending.Product){
		"expiry":           func(p *lending.Product) { p.ExpiryDays = -1 },
		"expiry too late":  func(p *lending.Product) { p.ExpiryDays = 3651 },
		"open":             func(p *lending.Product) { p.MaxOpen = -1 },
		"open too many":    func(p *lending.Product) { p.MaxOpen = 101 },
		"exposure":         func(p *lending.Product) { p.MaxExposure = amt(-1, cny) },
		"use both ways":    func(p *lending.Product) { p.Forbidden = []lending.Code{"car"} },
		"use":              func(p *lending.Product) { p.Uses = []lending.Code{"a b"} },
		"document twice":   func(p *lending.Product) { p.Documents = append(p.Documents, p.Documents[0]) },
		"document unnamed": func(p *lending.Product) { p.Documents = []lending.Requirement{{Before: 1}} },
		"document never":   func(p *lending.Product) { p.Documents = []lending.Requirement{{Document: "a"}} },
		"document validity": func(p *lending.Product) {
			p.Documents = []lending.Requirement{{Document: "a", Before: 1, ValidDays: -1}}
		},
		"documents": func(p *lending.Product) { p.Documents = make([]lending.Requirement, 61) },
	} {
		p := careful()
		spoil(&p)
		require.NotEqual(t, lending.Class(0), lending.ClassOf(p.Validate()), name)
		require.Equal(t, lending.ClassInvalid, lending.ClassOf(p.Validate()), name)
	}
	p.ExpiryDays, p.MaxOpen, p.Uses = -1, -1, []lending.Code{"x y"}
	for _, all := range []string{"expiry", "open loans", "use"} {
		require.ErrorContains(t, p.Validate(), all)
	}
}

// Waivers need a reason and an officer who is another person; conditions are met once.
// Approvals state conditions that can be met.
// An application waits as long as its product says, counted from the day it was last sent in, and
// lapses in the day-end after.
// A borrower takes his application back at any time before its publication.
// A returned application comes back within the product's terms, or not at all.
// One project is financed once at a time, by whomever.
// A use that the product does not lend for is refused when it is stated.
func TestUses(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.Forbidden = []lending.Code{"bets"}
	do(w, officer, lending.DefineProduct{Product: p})
	for use, want := range map[lending.Code]error{"bets": lending.ErrUse, "a b": lending.ErrID} {
		refuse(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1, Use: use}, want)
	}
	for _, use := range []lending.Code{"", "car"} {
		id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1, Use: use}).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("1% per year")})
		if use == "" {
			refuse(w, officer, lending.Publish{Loan: id}, lending.ErrUse)
			continue
		}
		do(w, officer, lending.Publish{Loan: id})
	}
}

// A listing without bids is amended within the product's bounds and published anew by another
// person; once somebody has bid, it stays as it is.
// Nobody works on his own loan, whatever else he is.
func TestBorrowerKeepsOffHisOwnLoan(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	analyst, officer := lending.Actor{ID: "ann", Role: lending.RoleAnalyst, Level: "senior"}, lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	id := w.asked(careful(), 5000)
	w.submit(id, "id-card")
	refuse(w, analyst, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "pass"}, lending.ErrActor)
	refuse(w, analyst, lending.ReferBack{Loan: id, Reason: "r"}, lending.ErrActor)
	refuse(w, analyst, lending.WaiveDocument{Loan: id, Document: "payslip", Reason: "r"}, lending.ErrActor)
	id = w.approved(5000, lending.Precedent{Condition: "seal", Before: lending.BeforeDisbursement})
	refuse(w, analyst, lending.WaiveCondition{Loan: id, Condition: "seal", Reason: "r"}, lending.ErrActor)
	refuse(w, analyst, lending.SatisfyCondition{Loan: id, Condition: "seal", Evidence: hash(1)}, lending.ErrActor)
	do(w, chief, lending.Publish{Loan: id})
	refuse(w, analyst, lending.AmendListing{Loan: id, Amount: amt(6000, cny)}, lending.ErrActor)
	w.deposit("bob", amt(5000, cny))
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(5000, cny)})
	do(w, chief, lending.ReviewFunding{Loan: id})
	w.deliver()
	refuse(w, officer, lending.IssueContract{Loan: id}, lending.ErrActor)
	h := do(w, chief, lending.IssueContract{Loan: id}).Hash
	do(w, party("ann"), lending.SignContract{Loan: id, Hash: h})
	refuse(w, officer, lending.SignContract{Loan: id, Hash: h}, lending.ErrActor)
}

// Check finds a loan that stands where its file does not let it.
func TestCheckHoldsTheFile(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	carefully(w)
	id := w.reports().Loans()[0]
	require.NoError(t, w.loan(id).Check())
	for name, spoil := range map[string]func(*lending.Loan){
		"stage":         func(l *lending.Loan) { l.Dossier.Stage = "desk" },
		"condition":     func(l *lending.Loan) { l.Dossier.Conditions[1].By = "" },
		"contract":      func(l *lending.Loan) { l.Dossier.Contract.Countersigner = "" },
		"signature":     func(l *lending.Loan) { l.Dossier.Contract.Signed = civil.Date{} },
		"publication":   func(l *lending.Loan) { l.State, l.Dossier.Conditions[0].By = lending.StateReviewed, "" },
		"in the market": func(l *lending.Loan) { l.State, l.Dossier.Stage = lending.StateOpen, "desk" },
	} {
		l := w.loan(id)
		spoil(l)
		require.ErrorIs(t, l.Check(), lending.ErrInvariant, name)
	}
}

// A level that is no id is refused before anything is looked at.
func TestLevelIsAnID(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.asked(careful(), 5000)
	w.submit(id, "id-card")
	odd := lending.Actor{ID: "june", Role: lending.RoleAnalyst, Level: "a b"}
	refuse(w, odd, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "escalate"}, lending.ErrID)
}
