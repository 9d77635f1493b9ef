package scheduletest_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

type check func(schedule.Terms, []schedule.Row) error

// The engine of package schedule passes.
func TestRun(t *testing.T) {
	scheduletest.Run(t, func(t schedule.Terms) ([]schedule.Row, error) {
		plan, err := t.Plan()
		return plan.Rows(), err
	})
}

// A plain implementation by somebody else passes as well.
func TestRunOfATeam(t *testing.T) { scheduletest.Run(t, team{}.plan) }

// bugs of a team, each with a check that is meant for it.
var bugs = []struct {
	name  string
	check check
}{
	{"month-end drift", scheduletest.CheckDates},
	{"one period late", scheduletest.CheckDates},
	{"a row lost", scheduletest.CheckDates},
	{"odd period as whole", scheduletest.CheckInterest},
	{"rate per period as per year", scheduletest.CheckInterest},
	{"30/360 for actual", scheduletest.CheckInterest},
	{"one day too many", scheduletest.CheckPresentValue},
	{"rounded twice", scheduletest.CheckInterest},
	{"interest on the first principal", scheduletest.CheckPresentValue},
	{"last interest forgotten", scheduletest.CheckInterest},
	{"interest a period late", scheduletest.CheckPresentValue},
	{"a cent a row", scheduletest.CheckInterest},
	{"balloon forgotten", scheduletest.CheckInstalments},
	{"one payment too many", scheduletest.CheckInstalments},
	{"shares shuffled", scheduletest.CheckInstalments},
	{"remainder dropped", scheduletest.CheckPrincipalSums},
	{"last row negative", scheduletest.CheckBalance},
	{"balance before the payment", scheduletest.CheckBalance},
	{"fee taken twice", scheduletest.CheckFees},
}

// teamTerms draws what a team can: plain terms, some with a balloon.
func teamTerms() *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		terms := scheduletest.PlainTerms().Draw(t, "terms")
		if terms.Method <= schedule.MethodEqualPrincipal && rapid.Bool().Draw(t, "balloon") {
			p := terms.Principal
			terms.Balloon = scheduletest.Amount(p.Currency(), 1, p.Minor()).Draw(t, "balloon")
		}
		return terms
	})
}

// find gives the first terms of many on which a check finds a bug.
func find(bug string, by check) (seed int, found error) {
	for seed := range 3000 {
		terms := teamTerms().Example(seed)
		rows, err := team{bug: bug}.plan(terms)
		if err != nil {
			continue
		}
		if err := by(terms, rows); err != nil {
			return seed, err
		}
	}
	return 0, nil
}

// Every bug is found by its check within some thousand terms, and nothing is found without one.
func TestChecksCatch(t *testing.T) {
	if seed, err := find("", scheduletest.Check); err != nil {
		t.Fatalf("terms %d, with nothing broken: %v", seed, err)
	}
	for _, bug := range bugs {
		t.Run(bug.name, func(t *testing.T) {
			seed, err := find(bug.name, bug.check)
			if err == nil {
				t.Fatal("not found")
			}
			t.Logf("found by terms %d: %v", seed, err)
		})
	}
}

// Checks answer on no rows at all, and on rows that mean nothing.
func TestChecksOfNonsense(t *testing.T) {
	for seed := range 500 {
		terms := scheduletest.Terms().Example(seed)
		if scheduletest.Check(terms, nil) == nil {
			t.Fatalf("terms %d: no rows are a plan", seed)
		}
		rows := []schedule.Row{{}, {Principal: -1, Interest: 7, Balance: 9}, {Due: terms.Start}}
		for _, by := range []check{scheduletest.Check, scheduletest.CheckBalance,
			scheduletest.CheckDates, scheduletest.CheckFees, scheduletest.CheckInstalments,
			scheduletest.CheckInterest, scheduletest.CheckPresentValue} {
			by(terms, nil)
			by(terms, rows)
		}
	}
}
