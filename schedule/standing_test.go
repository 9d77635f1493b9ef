package schedule_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// dueOn is a plan without interest that has a given amount due on each of some days.
func dueOn(t *testing.T, days []civil.Date, each string) schedule.Plan {
	t.Helper()
	part := eur(t, each)
	sum := part.Minor() * int64(len(days))
	principal, err := money.New(sum, part.Currency())
	if err != nil {
		t.Fatal(err)
	}
	terms := schedule.Terms{Principal: principal, Rate: schedule.MustRate("0% per year"),
		Method: schedule.MethodEqualPrincipal, Periods: len(days), Every: schedule.Months(1),
		Start: days[0].AddDays(-1), DayCount: daycount.Act365F, Accrual: schedule.AccrueByDays,
		Rounding: schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven}}
	var rows []schedule.Row
	for _, day := range days {
		sum -= part.Minor()
		rows = append(rows, schedule.Row{Due: day, Principal: part.Minor(), Balance: sum})
	}
	plan, err := schedule.NewPlan(terms, rows)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// dpdFile holds days past due as several systems count them.
type dpdFile struct {
	Grace struct {
		Cases []struct {
			Oldest     civil.Date      `json:"oldest_unpaid_due"`
			AsOf       civil.Date      `json:"as_of"`
			Grace      int             `json:"grace_days"`
			Pauses     [][2]civil.Date `json:"pauses_start_end"`
			PastDue    int             `json:"past_due_days"`
			Delinquent int             `json:"delinquent_days"`
		}
	} `json:"grace_pause"`
	Allocation struct {
		Cases []struct {
			AsOf     civil.Date `json:"as_of"`
			Schedule [][2]any
			Payments [][2]any
			Oldest   civil.Date `json:"oldest_unpaid_due"`
			DPD      int
			Overdue  json.Number `json:"overdue_amount"`
		}
	}
	Frappe struct {
		Cases []struct {
			AsOf   civil.Date `json:"as_of"`
			Oldest civil.Date `json:"oldest_unpaid_due"`
			DPD    int
		}
	} `json:"frappe_case"`
}

func TestVectorsDaysPastDue(t *testing.T) {
	var file dpdFile
	if err := json.NewDecoder(openVector(t, filepath.Join("risk", "delinquency_dpd.json"))).Decode(&file); err != nil {
		t.Fatal(err)
	}
	reproduced, total := 0, 0
	count := func(good bool, format string, args ...any) {
		if total++; good {
			reproduced++
		} else {
			t.Errorf(format, args...)
		}
	}
	for _, c := range file.Grace.Cases {
		how := schedule.Lateness{Grace: c.Grace}
		for _, pause := range c.Pauses {
			how.Pauses = append(how.Pauses, civil.Range{From: pause[0], To: pause[1]})
		}
		got := dueOn(t, []civil.Date{c.Oldest}, "250.00").Standing(nil, c.AsOf, how)
		count(got.DaysPastDue == c.PastDue && got.DaysDelinquent == c.Delinquent, "%+v: got %+v", c, got)
	}
	for _, c := range file.Frappe.Cases {
		got := dueOn(t, []civil.Date{c.Oldest}, "250.00").Standing(nil, c.AsOf, schedule.Lateness{})
		count(got.DaysPastDue == c.DPD && got.Since == c.Oldest, "%+v: got %+v", c, got)
	}
	for _, c := range file.Allocation.Cases {
		var days []civil.Date
		for _, due := range c.Schedule {
			days = append(days, civil.MustParse(due[0].(string)))
		}
		var payments []schedule.Payment
		for _, p := range c.Payments {
			payments = append(payments, schedule.Payment{On: civil.MustParse(p[0].(string)),
				Amount: eur(t, fmt.Sprintf("%.2f", p[1]))})
		}
		got := dueOn(t, days, fmt.Sprintf("%.2f", c.Schedule[0][1])).Standing(payments, c.AsOf, schedule.Lateness{})
		overdue, _ := c.Overdue.Float64()
		count(got.DaysPastDue == c.DPD && got.Since == c.Oldest &&
			figure(got.PastDue) == fmt.Sprintf("%.2f", overdue), "%+v: got %+v", c, got)
	}
	if reproduced == 0 {
		t.Error("no case was reproduced")
	}
	fmt.Printf("vectors: delinquency_dpd.json: reproduced %d of %d, unsupported 0\n", reproduced, total)
}

func TestStandingTolerance(t *testing.T) {
	first := civil.MustParse("2026-01-10")
	plan := dueOn(t, []civil.Date{first, first.AddMonths(1)}, "100.00")
	all := []schedule.Payment{{On: first, Amount: eur(t, "99.50")}}
	on := first.AddDays(20)
	if got := plan.Standing(all, on, schedule.Lateness{}); got.Oldest != 1 || got.DaysPastDue != 20 ||
		got.PastDue.String() != "EUR 0.50" {
		t.Errorf("to the cent: %+v", got)
	}
	if got := plan.Standing(all, on, schedule.Lateness{Tolerance: eur(t, "1.00")}); got.Oldest != 0 ||
		got.DaysPastDue != 0 || got.PastDue.String() != "EUR 0.50" {
		t.Errorf("technical arrears: %+v", got)
	}
	other := schedule.Lateness{Tolerance: money.MustParse("JPY 100000")}
	if got := plan.Standing(nil, on, other); got.Oldest != 1 || got.DaysPastDue != 20 {
		t.Errorf("a tolerance in another currency: %+v", got)
	}
	yen := []schedule.Payment{{On: first, Amount: money.MustParse("JPY 100")}}
	if got := plan.Standing(yen, on, schedule.Lateness{}); got.PastDue.String() != "EUR 100.00" {
		t.Errorf("another currency: %+v", got)
	}
}

// Days that are paused, one by one, against the ranges; overlapping ones count once.
func TestPausesCountDaysOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		since := civil.MustParse("2026-01-10")
		on := since.AddDays(rapid.IntRange(1, 60).Draw(t, "late"))
		var how schedule.Lateness
		for range rapid.IntRange(0, 4).Draw(t, "pauses") {
			from := since.AddDays(rapid.IntRange(-20, 70).Draw(t, "from"))
			how.Pauses = append(how.Pauses, civil.Range{From: from, To: from.AddDays(rapid.IntRange(0, 30).Draw(t, "length"))})
		}
		paused := 0
		for day := since; day.Before(on); day = day.AddDays(1) {
			for _, pause := range how.Pauses {
				if pause.Contains(day) {
					paused++
					break
				}
			}
		}
		terms := terms12()
		terms.Start, terms.FirstDue = since.AddMonths(-1), since
		plan, err := terms.Plan()
		if err != nil {
			t.Fatal(err)
		}
		got := plan.Standing(nil, on, how)
		if got.DaysPastDue-got.DaysDelinquent != paused {
			t.Fatalf("%+v, want %d paused days", got, paused)
		}
	})
}

func TestSettleGolden(t *testing.T) {
	terms := terms12()
	terms.Start = civil.MustParse("2026-01-15")
	plan := planOf(t, terms)
	on := civil.MustParse("2026-02-16") // 92,115.12 are out, and 30.70 accrued
	for _, test := range []struct {
		charge schedule.PrepaymentCharge
		want   string
	}{
		{schedule.PrepaymentCharge{}, "CNY 0.00"},
		{schedule.PrepaymentCharge{Rate: schedule.MustRate("1% of principal")}, "CNY 921.15"},
		{schedule.PrepaymentCharge{Months: 2}, "CNY 1842.30"},
		{schedule.PrepaymentCharge{Months: 1, Rate: schedule.MustRate("0.5% of principal")}, "CNY 1381.73"},
		{schedule.PrepaymentCharge{Minimum: cnyAmount("100.00")}, "CNY 100.00"},
		{schedule.PrepaymentCharge{Months: 1, Until: on}, "CNY 0.00"},
	} {
		got, err := plan.Settle(on, test.charge)
		if err != nil || got.Charge.String() != test.want ||
			got.Total.Minor() != plan.Payoff(on).Minor()+got.Charge.Minor() {
			t.Errorf("%+v: got %+v, %v", test.charge, got, err)
		}
	}
	for _, wrong := range []schedule.PrepaymentCharge{
		{Rate: schedule.MustRate("1% per year")}, {Months: -1}, {Minimum: money.MustParse("EUR 1.00")},
	} {
		if _, err := plan.Settle(on, wrong); !errors.Is(err, schedule.ErrTerms) {
			t.Errorf("%+v: got %v", wrong, err)
		}
	}
	if got := plan.Due(on).String(); got != "CNY 8884.88" {
		t.Errorf("due: %s", got)
	}
}

// 780.00 of interest over twelve months are 78 parts of 10.00: after nine months 3 + 2 + 1 of them
// are left. Under the sum of digits that is what the rest of the plan would charge.
func TestRebateOfTheRuleOf78(t *testing.T) {
	terms := terms12()
	terms.Principal, terms.Rate = cnyAmount("7800.00"), schedule.MustRate("10% per year")
	for _, method := range []schedule.Method{schedule.MethodFlat, schedule.MethodSumOfDigits} {
		terms.Method = method
		plan := planOf(t, terms)
		if got := plan.TotalInterest().String(); got != "CNY 780.00" {
			t.Fatalf("%s: interest is %s", method, got)
		}
		for paid, want := range map[int]string{0: "CNY 780.00", 9: "CNY 60.00", 11: "CNY 10.00", 12: "CNY 0.00"} {
			on := terms.Start
			if paid > 0 {
				on = plan.At(paid - 1).Due
			}
			if got := plan.Rebate(on).String(); got != want {
				t.Errorf("%s after %d: %s, want %s", method, paid, got, want)
			}
			var rest int64
			for _, in := range plan.Instalments()[paid:] {
				rest += in.Interest.Minor()
			}
			if method == schedule.MethodSumOfDigits && rest != plan.Rebate(on).Minor() {
				t.Errorf("after %d the plan charges %d more", paid, rest)
			}
		}
	}
	if got := planOf(t, terms12()).Rebate(terms.Start); got.Sign() != 0 {
		t.Errorf("a level payment has a rebate of %s", got)
	}
}
