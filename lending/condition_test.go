package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

func TestConditionsAreChecked(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.asked(standard(), 5000)
	many := make([]lending.Precedent, 61)
	for name, ps := range map[string][]lending.Precedent{
		"too early": {{Condition: "a", Before: lending.BeforeApproval}}, "no time": {{Condition: "a"}},
		"twice":   {{Condition: "a", Before: lending.BeforePublication}, {Condition: "a", Before: lending.BeforeDisbursement}},
		"unnamed": {{Before: lending.BeforePublication}}, "too many": many,
	} {
		err := try(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("1% per year"), Conditions: ps})
		require.Error(t, err, name)
		require.NotContains(t, []lending.Class{lending.ClassUnknown, lending.ClassBroken}, lending.ClassOf(err), name)
	}
}
