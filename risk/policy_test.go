package risk_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/risk"
	"github.com/loanweave/loanweave/schedule/civil"
)

func policy() risk.Policy {
	return risk.Policy{Rules: []risk.Knockout{
		{Reason: "R-AGE", Figure: "age", Min: 18, Max: 60},
		{Reason: "R-INCOME", Figure: "income", Min: 300_000},
		{Reason: "R-BANKRUPT", Flag: "bankrupt"},
		{Reason: "R-AGE", Flag: "no-id"},
	}, MaxAge: 30}
}

func facts(age, income int64, flags ...lending.Code) risk.Facts {
	return risk.Facts{Figures: []risk.Figure{{"income", income}, {"age", age}}, Flags: flags}
}

// Each rule on both sides of its bounds; every reason is named, each once, in the order of the rules.
func TestPolicyNamesEveryReason(t *testing.T) {
	for _, c := range []struct {
		facts risk.Facts
		want  []lending.Code
	}{
		{facts(18, 300_000), nil},
		{facts(60, 300_000), nil},
		{facts(17, 300_000), []lending.Code{"R-AGE"}},
		{facts(61, 300_000), []lending.Code{"R-AGE"}},
		{facts(40, 299_999), []lending.Code{"R-INCOME"}},
		{facts(40, 1<<50), nil},
		{facts(40, 300_000, "bankrupt"), []lending.Code{"R-BANKRUPT"}},
		{facts(17, 0, "bankrupt", "no-id"), []lending.Code{"R-AGE", "R-INCOME", "R-BANKRUPT"}},
		{risk.Facts{}, []lending.Code{"R-AGE", "R-INCOME"}},
	} {
		require.Equal(t, c.want, policy().Decide(&c.facts), "%+v", c.facts)
	}
}

func TestPolicyListsItsContradictions(t *testing.T) {
	require.NoError(t, policy().Validate())
	bad := risk.Policy{MaxAge: -1, Rules: []risk.Knockout{{Reason: "a b", Figure: "x"}, {Reason: "r"},
		{Reason: "r", Figure: "x", Flag: "y"}, {Reason: "r", Figure: "x", Min: 5, Max: 4}}}
	err := bad.Validate()
	require.ErrorIs(t, err, risk.ErrTable)
	for _, want := range []string{"an age of 0 days", "rule 0 has no reason", "rule 1 looks", "rule 2 looks", "rule 3 lets nothing"} {
		require.ErrorContains(t, err, want)
	}
	require.Error(t, risk.Policy{}.Validate())
}

// A loan is published when the facts on its file pass, and paid out when they still do.
func TestPolicyIsAGate(t *testing.T) {
	w := newWorld(t, policy())
	id := w.approved()
	publish := func() error { _, err := try(w, officer, lending.Publish{Loan: id}); return err }
	err := publish()
	require.ErrorIs(t, err, risk.ErrFacts)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))

	do(w, analyst, risk.RecordFacts{Loan: id, Facts: facts(17, 1)})
	err = publish()
	require.ErrorIs(t, err, risk.ErrKnockedOut)
	require.Equal(t, lending.ClassRefused, lending.ClassOf(err))
	var out *risk.KnockoutError
	require.True(t, errors.As(err, &out))
	require.Equal(t, []lending.Code{"R-AGE", "R-INCOME"}, out.Reasons)
	require.Equal(t, id, out.Loan)

	do(w, analyst, risk.RecordFacts{Loan: id, Facts: facts(30, 300_000)})
	recorded := w.day
	w.day = recorded.AddDays(31)
	require.ErrorIs(t, publish(), risk.ErrFacts, "the facts are too old")
	w.day = recorded.AddDays(30)
	require.NoError(t, publish())

	do(w, bob, lending.PlaceBid{Loan: id, Amount: fen(1_000_00)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	do(w, analyst, risk.RecordFacts{Loan: id, Facts: facts(30, 300_000, "bankrupt")})
	_, err = try(w, cashier, lending.Disburse{Loan: id})
	require.ErrorIs(t, err, risk.ErrKnockedOut, "bankrupt since the publication")
	require.Equal(t, lending.StateReviewed, w.loan(id).State)
}

func TestRecordFactsRefuses(t *testing.T) {
	w := newWorld(t, policy())
	id := w.approved()
	many := make([]risk.Figure, 65)
	for name, c := range map[string]risk.RecordFacts{
		"no such loan":  {Loan: "L-nothing", Facts: facts(30, 1)},
		"twice":         {Loan: id, Facts: risk.Facts{Figures: []risk.Figure{{"a", 1}, {"b", 1}, {"a", 2}}}},
		"flag twice":    {Loan: id, Facts: facts(1, 1, "a", "b", "a")},
		"malformed":     {Loan: id, Facts: facts(1, 1, "a b")},
		"no name":       {Loan: id, Facts: risk.Facts{Figures: []risk.Figure{{"", 1}}}},
		"out of bounds": {Loan: id, Facts: facts(1, 1<<53+1)},
		"too many":      {Loan: id, Facts: risk.Facts{Figures: many}},
		"out of date":   {Loan: id, Facts: risk.Facts{Until: w.day.AddDays(-1)}},
	} {
		_, err := try(w, analyst, c)
		require.ErrorIs(t, err, risk.ErrFacts, name)
	}
	_, err := try(w, ann, risk.RecordFacts{Loan: id, Facts: facts(30, 1)})
	require.ErrorIs(t, err, lending.ErrActor)
	_, err = try(w, lending.Actor{ID: "ann", Role: lending.RoleAnalyst}, risk.RecordFacts{Loan: id, Facts: facts(30, 1)})
	require.ErrorIs(t, err, risk.ErrFacts, "the borrower is an analyst")
}

// Products that a policy does not name are none of its business.
func TestPolicyForSomeProducts(t *testing.T) {
	p := policy()
	p.Products = []lending.ProductID{"other"}
	w := newWorld(t, p)
	do(w, officer, lending.Publish{Loan: w.approved()})
}

func TestFactsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.Custom(func(t *rapid.T) lending.Code {
			return lending.Code(rapid.StringMatching(`[a-z][a-z0-9-]{0,20}`).Draw(t, "code"))
		})
		in := risk.FactsRecorded{Loan: "L-1", On: civil.MustParse("2026-01-30"), By: "ana"}
		for range rapid.IntRange(0, 5).Draw(t, "figures") {
			in.Facts.Figures = append(in.Facts.Figures, risk.Figure{Name: code.Draw(t, "n"), Value: rapid.Int64Range(-1<<53, 1<<53).Draw(t, "v")})
		}
		in.Facts.Flags = rapid.SliceOfN(code, 0, 3).Draw(t, "flags")
		if len(in.Facts.Flags) == 0 {
			in.Facts.Flags = nil
		}
		copy(in.Facts.Evidence[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		var out risk.FactsRecorded
		require.NoError(t, event.Decode(event.Encode(nil, 1, &in), 1, &out))
		require.True(t, reflect.DeepEqual(in, out), "%+v\n%+v", in, out)
	})
}
