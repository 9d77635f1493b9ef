package scheduletest_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

// Terms are always valid, and all edges are among them.
func TestTermsAreValid(t *testing.T) {
	edges := map[string]int{}
	count := func(edge string, is bool) {
		if is {
			edges[edge]++
		} else {
			edges[edge] += 0
		}
	}
	for seed := range 3000 {
		terms := scheduletest.Terms().Example(seed)
		if err := terms.Validate(); err != nil {
			t.Fatalf("terms %d: %v\n%+v", seed, err, terms)
		}
		count("single period", terms.Periods == 1)
		count("zero rate", terms.Rate.Pico() == 0)
		count("month end", terms.Start.IsMonthEnd())
		count("leap day", terms.Start.Month() == time.February && terms.Start.Day() == 29)
		count("one unit", terms.Principal.Minor() == 1)
		count("long first period", terms.FirstDue.After(terms.Start.AddDays(100)))
		count("first due on Start", terms.FirstDue == terms.Start)
		count("maturity", !terms.Maturity.IsZero())
		count("long stub", terms.Stub == schedule.StubLong)
		count("whole term", terms.Every == schedule.AtMaturity())
		count("shift", terms.Shift.Accrual)
		count("grain", terms.Rounding.Grain > schedule.GrainRow)
		count("unit", terms.Rounding.Unit > 1)
		count("smooth", terms.Rounding.Smooth)
		count("remainder first", terms.Rounding.Remainder == schedule.RemainderFirst)
		count("balloon", !terms.Balloon.IsZero())
		count("down payment", !terms.DownPayment.IsZero())
		count("discount", !terms.Discount.IsZero())
		count("negative", terms.Negative)
		count("steps", len(terms.Steps) > 0)
		count("principals", len(terms.Principals) > 0)
		count("rates", len(terms.Rates) > 1)
		count("tranches", len(terms.Tranches) > 1)
		count("fees", len(terms.Fees) > 1)
		count("grace", terms.Grace.Principal > 0 && terms.Grace.Interest > 0 && terms.Grace.Free > 0)
		count("in advance", terms.InAdvance)
		count("own interest", !terms.Interest.IsZero())
		count("capitalise", !terms.Capitalise.IsZero())
		count("by-accrual", terms.Sizing == schedule.SizeByAccrual)
	}
	for edge, n := range edges {
		if n < 5 {
			t.Errorf("%s: drawn %d times", edge, n)
		}
	}
}

func TestPlainTermsMakePlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if _, err := scheduletest.PlainTerms().Draw(t, "terms").Plan(); err != nil {
			t.Fatal(err)
		}
	})
}
