package scheduletest_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
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

// A narrow implementation proves something: it rounds half up, and knows nothing but level payments.
func TestRunOnWhatIsDone(t *testing.T) {
	ours := rapid.Map(scheduletest.Level(), func(t schedule.Terms) schedule.Terms {
		t.Rounding = schedule.Rounding{Instalment: money.HalfUp, Interest: money.HalfUp}
		return t
	})
	asked, made := 0, 0
	scheduletest.RunOn(t, ours, func(terms schedule.Terms) ([]schedule.Row, error) {
		asked++
		if terms.Method != schedule.MethodLevelPayment || terms.Every != schedule.Months(1) ||
			terms.Rounding.Interest != money.HalfUp {
			return nil, errors.ErrUnsupported
		}
		made++
		return team{}.plan(terms)
	})
	if made < asked {
		t.Errorf("%d of %d terms were done", made, asked)
	}
}

// What Run says of a wrong implementation, in a process of its own, which has to fail.
func TestRunTellsWhatIsWrong(t *testing.T) {
	if bug := os.Getenv("SCHEDULETEST_BUG"); bug != "" {
		scheduletest.Run(t, func(terms schedule.Terms) ([]schedule.Row, error) {
			if bug == "no rows" {
				return nil, nil
			} else if bug == "nothing done" {
				return nil, errors.ErrUnsupported
			}
			return team{bug: bug}.plan(terms)
		})
		return
	}
	for bug, parts := range map[string][]string{
		"last interest forgotten": {"CheckInterest, in minor units of ", `{"principal":"`,
			"the rows, in minor units of ", "principal  interest  fee  capitalised  balance"},
		"no rows":      {"there are no rows, and no error", `{"principal":"`},
		"nothing done": {"no terms were given a plan", "all terms were refused"},
	} {
		self := exec.Command(os.Args[0], "-test.run=^TestRunTellsWhatIsWrong$", "-test.v",
			"-rapid.nofailfile")
		self.Env = append(os.Environ(), "SCHEDULETEST_BUG="+bug)
		said, err := self.CombinedOutput()
		if err == nil {
			t.Errorf("%s: passed", bug)
		}
		for _, part := range parts {
			if !strings.Contains(string(said), part) {
				t.Errorf("%s: %q is not in\n%s", bug, part, said)
			}
		}
	}
}

// A fee without a frequency is due once.
func TestFeeOnce(t *testing.T) {
	terms := interestOnly()
	terms.Fees = []schedule.Fee{{Amount: money.MustParse("CNY 50.00"),
		Cycle: schedule.Cycle{First: civil.MustParse("2026-07-15")}}}
	plan, err := terms.Plan()
	if err == nil {
		err = scheduletest.Check(terms, plan.Rows())
	}
	if err != nil {
		t.Error(err)
	}
}

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
