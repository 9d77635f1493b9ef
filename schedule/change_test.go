package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

func planOf(t *testing.T, terms schedule.Terms) schedule.Plan {
	t.Helper()
	plan, err := terms.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// after is the plan after events whose proof holds.
func after(t *testing.T, plan schedule.Plan, events ...schedule.Event) (schedule.Plan, schedule.Proof) {
	t.Helper()
	next, proof, err := plan.After(events...)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(proof.Check(), next.Check()); err != nil {
		t.Fatal(err)
	}
	return next, proof
}

// totals are the payments of a plan, in whole minor units, by due date.
func totals(plan schedule.Plan) (all []string) {
	for _, in := range plan.Instalments() {
		all = append(all, fmt.Sprint(in.Due, " ", figure(in.Total)))
	}
	return all
}

func cnyAmount(text string) money.Amount { return money.MustParse("CNY " + text) }

// The textbook loan, 8,884.88 a month, of which 20,000 is prepaid with the third instalment. After
// it 76,108.02 - 20,000 is out (worked by hand: 100,000 grown at 1 % a month less the payments).
func TestPrepayGolden(t *testing.T) {
	plan := planOf(t, terms12())
	on := plan.At(2).Due
	if got := plan.At(2).Balance; got.String() != "CNY 76108.02" {
		t.Fatalf("the balance is %s", got)
	}
	lower, proof := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangePrepay,
		Amount: cnyAmount("20000.00")})
	if got := lower.At(4).Total.String(); got != "CNY 6550.07" {
		t.Errorf("lower: the instalment is %s", got)
	}
	if lower.Len() != plan.Len()+1 || lower.Maturity() != plan.Maturity() {
		t.Errorf("lower: ends %s after %d rows", lower.Maturity(), lower.Len())
	}
	if proof.Before.String() != "CNY 76108.02" || proof.After.String() != "CNY 56108.02" ||
		proof.Paid.String() != "CNY 20000.00" || !proof.Repriced.IsZero() && proof.Repriced.Sign() != 0 {
		t.Errorf("lower: %+v", proof)
	}
	shorter, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangePrepay,
		Amount: cnyAmount("20000.00"), Effect: schedule.EffectShorter})
	if got := shorter.At(4).Total.String(); got != "CNY 8884.88" {
		t.Errorf("shorter: the instalment is %s", got)
	}
	if want := plan.At(9).Due; shorter.Maturity() != want {
		t.Errorf("shorter: ends %s, want %s", shorter.Maturity(), want)
	}
}

// Between due dates a prepayment takes the interest up to its day first.
func TestPrepayTakesInterestFirst(t *testing.T) {
	terms := terms12()
	terms.Start = civil.MustParse("2026-01-15")
	plan := planOf(t, terms)
	on := civil.MustParse("2026-01-30") // 15 of 30 days at 1 %
	next, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangePrepay,
		Amount: cnyAmount("10500.00")})
	row := next.At(0)
	if row.Due != on || row.Interest.String() != "CNY 500.00" || row.Principal.String() != "CNY 10000.00" {
		t.Errorf("got %+v", row)
	}
	if got := next.At(1).Interest.String(); got != "CNY 450.00" {
		t.Errorf("the rest of the month bears %s", got)
	}
	whole, proof := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangePayOff})
	if whole.Len() != 1 || whole.TotalPayment().String() != "CNY 100500.00" ||
		whole.TotalPayment() != plan.Payoff(on) || proof.After.Sign() != 0 {
		t.Errorf("paid off: %v, %+v", totals(whole), proof)
	}
}

func TestShortGolden(t *testing.T) {
	plan := planOf(t, terms12())
	first := plan.At(0)
	next, _ := after(t, plan, schedule.Change{On: first.Due, Kind: schedule.ChangeShort,
		Amount: cnyAmount("1500.00")})
	// 1,000 interest, 500 principal; 7,384.88 is missing, and falls due on top of the second.
	want := []string{"CNY 1500.00", "CNY 16269.76", "CNY 8884.88"}
	for i, total := range want {
		if got := next.At(i).Total.String(); got != total {
			t.Errorf("instalment %d is %s, want %s", i+1, got, total)
		}
	}
	// The 7,384.88 bear one month of interest more, 73.85, which the last instalment has to pay,
	// with what that bears in ten months.
	if got := next.At(11).Total.Minor() - plan.At(11).Total.Minor(); got < 7385 || got > 8300 {
		t.Errorf("the last instalment is higher by %d", got)
	}
	none, _ := after(t, plan, schedule.Change{On: first.Due, Kind: schedule.ChangeShort})
	if got := none.At(0); got.Total.Sign() != 0 || none.At(1).Interest.String() != "CNY 2000.00" {
		t.Errorf("nothing paid: %+v, then %+v", got, none.At(1))
	}
}

func TestHolidayGolden(t *testing.T) {
	plan := planOf(t, terms12())
	from, until := plan.At(2).Due.AddDays(1), plan.At(5).Due // the fourth and fifth
	carried, _ := after(t, plan, schedule.Change{On: from, Kind: schedule.ChangeHoliday, Until: until})
	if got := carried.At(3); got.Due != until || got.From != plan.At(2).Due ||
		got.Interest.String() != "CNY 2283.24" {
		t.Errorf("carried: %+v", got) // three months of 761.08 on 76,108.02, rounded once
	}
	if carried.Maturity() != plan.Maturity() {
		t.Errorf("carried: ends %s", carried.Maturity())
	}
	added, _ := after(t, plan, schedule.Change{On: from, Kind: schedule.ChangeHoliday, Until: until,
		Capitalise: true})
	if got := added.At(3); got.Capitalised.String() != "CNY 761.08" || got.Balance.String() != "CNY 76869.10" {
		t.Errorf("added: %+v", got)
	}
}

func TestRescheduleGolden(t *testing.T) {
	plan := planOf(t, terms12())
	on := plan.At(5).Due
	longer, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangeReschedule, Count: 12})
	if longer.Len() != 18 || longer.Maturity() != plan.Maturity().AddMonthsOn(6, 31) {
		t.Errorf("longer: %d rows, ends %s", longer.Len(), longer.Maturity())
	}
	moved, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangeReschedule,
		First: on.AddDays(45)})
	if moved.Len() != 12 || moved.At(6).Due != on.AddDays(45) || moved.At(7).Due != on.AddDays(45).AddMonths(1) {
		t.Errorf("moved: %v", totals(moved))
	}
	same, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangeReschedule})
	resized, _ := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangeResize})
	if diff := cmp.Diff(same.Rows(), resized.Rows(), byValue); diff != "" {
		t.Errorf("rescheduled to the same dates: %s", diff)
	}
}

func TestRateAndTrancheEvents(t *testing.T) {
	plan := planOf(t, terms12())
	on := plan.At(5).Due
	cheaper, proof := after(t, plan, schedule.RateStep{From: on, Rate: schedule.MustRate("6% per year")})
	if got := cheaper.At(6).Total.Minor(); got >= plan.At(6).Total.Minor() || proof.Repriced.Sign() != 0 {
		t.Errorf("repriced to %d, %+v", got, proof)
	}
	back, proof := after(t, cheaper, schedule.RateStep{From: plan.At(2).Due, Rate: schedule.MustRate("6% per year")})
	if back.At(3).Interest.Minor() >= plan.At(3).Interest.Minor() {
		t.Errorf("backdated: %+v, %+v", back.At(3), proof)
	}
	more, proof := after(t, plan, schedule.Tranche{On: on.AddDays(10), Amount: cnyAmount("5000.00")})
	if proof.PaidOut.String() != "CNY 5000.00" || more.TotalPayment().Minor() <= plan.TotalPayment().Minor()+500_000 {
		t.Errorf("drawn: %+v", proof)
	}
	paused, _ := after(t, plan, schedule.Pause{From: on, To: plan.At(7).Due})
	if paused.At(6).Interest.Sign() != 0 || paused.At(7).Interest.Sign() != 0 ||
		paused.At(6).Total != plan.At(6).Total || paused.At(8).Interest.Sign() == 0 {
		t.Errorf("paused: %v", totals(paused))
	}
	waived, proof := after(t, plan, schedule.Change{On: on, Kind: schedule.ChangeWaive,
		Amount: cnyAmount("1000.00")})
	if proof.Waived.String() != "CNY 1000.00" || waived.At(6).Balance == plan.At(6).Balance {
		t.Errorf("waived: %+v", proof)
	}
}

// An instalment paid early leaves the fee of its day to that day, and fees are no interest.
func TestEarlyLeavesFees(t *testing.T) {
	terms := terms12()
	terms.Periods = 2
	terms.Fees = []schedule.Fee{{Cycle: schedule.Cycle{First: date(2026, 2, 28), Every: schedule.Months(12)},
		Amount: cnyAmount("5.00")}}
	next, _ := after(t, planOf(t, terms), schedule.Change{On: terms.Start, Kind: schedule.ChangeEarly})
	want := []string{"2026-01-31 50751.24", "2026-02-28 5.00", "2026-03-31 50238.74"}
	if diff := cmp.Diff(want, totals(next)); diff != "" {
		t.Error(diff)
	}
}

// A change of rate after everything was paid off finds nothing to smooth.
func TestRateAfterPayoff(t *testing.T) {
	terms := terms12()
	terms.Rounding.Smooth = true
	on := civil.MustParse("2026-04-30")
	next, _ := after(t, planOf(t, terms),
		schedule.Change{On: on, Kind: schedule.ChangePayOff},
		schedule.RateStep{From: on.AddDays(1), Rate: schedule.MustRate("6% per year")})
	if next.Maturity() != on {
		t.Errorf("ends %s", next.Maturity())
	}
}

func TestEventsThatAreNoneAreRefused(t *testing.T) {
	plan := planOf(t, terms12())
	day := plan.At(3).Due
	for _, event := range []schedule.Event{nil, (*schedule.Tranche)(nil), (*schedule.Change)(nil),
		schedule.Pause{}, schedule.Pause{From: day, To: day}} {
		if _, _, err := plan.After(event); !errors.Is(err, schedule.ErrTerms) {
			t.Errorf("%#v: got %v", event, err)
		}
	}
	if rows, err := (*schedule.Prepared)(nil).Append(nil); len(rows) != 0 || err != nil {
		t.Errorf("nothing prepared has %v, %v", rows, err)
	}
}

// The proof of a pause is at its end: what it gave up shows as repriced.
func TestPauseShowsInItsProof(t *testing.T) {
	plan := planOf(t, terms12())
	from, to := plan.At(0).Due, plan.At(1).Due
	_, proof := after(t, plan, schedule.Pause{From: from, To: to})
	if want := -plan.At(1).Interest.Minor(); proof.On != to || proof.Repriced.Minor() != want {
		t.Errorf("got %v on %s, want %d repriced", proof, proof.On, want)
	}
	if got := proof.String(); got != "CNY 84151.39 + CNY -921.15 repriced = CNY 83230.24" {
		t.Errorf("got %s", got)
	}
}

func TestChangesAreRefused(t *testing.T) {
	plan := planOf(t, terms12())
	on := plan.At(3).Due
	for name, c := range map[string]schedule.Change{
		"no kind":              {On: on},
		"short of no due date": {On: on.AddDays(3), Kind: schedule.ChangeShort},
		"an amount to resize":  {On: on, Kind: schedule.ChangeResize, Amount: cnyAmount("1.00")},
		"an effect to resize":  {On: on, Kind: schedule.ChangeResize, Effect: schedule.EffectLower},
		"after everything":     {On: plan.Maturity().AddDays(9), Kind: schedule.ChangePayOff},
		"no day":               {Kind: schedule.ChangeResize},
		"prepay nothing":       {On: on, Kind: schedule.ChangePrepay},
		"before the start":     {On: plan.Terms().Start.AddDays(-1), Kind: schedule.ChangeResize},
		"more than is owed":    {On: on, Kind: schedule.ChangePrepay, Amount: cnyAmount("90000.00")},
		"wrong currency":       {On: on, Kind: schedule.ChangePrepay, Amount: money.MustParse("EUR 1.00")},
		"waive nothing":        {On: on, Kind: schedule.ChangeWaive},
		"waive too much":       {On: on, Kind: schedule.ChangeWaive, Amount: cnyAmount("90000.00")},
		"no end of a holiday":  {On: on, Kind: schedule.ChangeHoliday},
		"endless holiday":      {On: on, Kind: schedule.ChangeHoliday, Until: on.AddMonths(100)},
		"short of more":        {On: on, Kind: schedule.ChangeShort, Amount: cnyAmount("9000.00")},
		"dates for nothing":    {On: on, Kind: schedule.ChangeResize, Count: 3},
		"reschedule back":      {On: on, Kind: schedule.ChangeReschedule, First: on},
		"short at the end":     {On: plan.Maturity(), Kind: schedule.ChangeShort},
		"reschedule the end":   {On: plan.Maturity(), Kind: schedule.ChangeReschedule},
	} {
		var fault *schedule.TermsError
		if _, _, err := plan.After(c); !errors.As(err, &fault) || fault.Field != "Changes" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	recorded, err := schedule.NewPlan(terms12(), append(plan.Rows()[:10:10], schedule.Row{
		Due: plan.At(10).Due, Principal: plan.At(9).Balance.Minor()}))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := recorded.After(schedule.Change{On: on, Kind: schedule.ChangeResize}); !errors.Is(err, schedule.ErrPlan) {
		t.Errorf("rows of another plan: got %v", err)
	}
}

// anyEvent is something that may happen to a plan.
func anyEvent(t *rapid.T, plan schedule.Plan) schedule.Event {
	length := plan.Maturity().Sub(plan.Terms().Start)
	on := plan.Terms().Start.AddDays(rapid.IntRange(0, length).Draw(t, "day"))
	if rapid.Bool().Draw(t, "on a due date") {
		on = plan.At(rapid.IntRange(0, plan.Len()-1).Draw(t, "row")).Due
	}
	owed := max(plan.Payoff(on).Minor(), 1)
	amount, _ := money.New(rapid.Int64Range(1, owed).Draw(t, "amount"), plan.Terms().Principal.Currency())
	effect := schedule.Effect(rapid.IntRange(0, 3).Draw(t, "effect"))
	kind := schedule.ChangeKind(rapid.IntRange(1, 9).Draw(t, "kind"))
	c := schedule.Change{On: on, Kind: kind}
	switch rapid.IntRange(0, 9).Draw(t, "event") {
	case 0:
		return schedule.RateStep{From: on, Rate: anyRate().Draw(t, "rate"), Keep: rapid.Bool().Draw(t, "keep")}
	case 1:
		return schedule.Tranche{On: on, Amount: amount}
	case 2:
		return schedule.Pause{From: on, To: on.AddDays(rapid.IntRange(1, 90).Draw(t, "pause"))}
	}
	switch kind {
	case schedule.ChangePrepay, schedule.ChangeWaive:
		c.Amount, c.Effect = amount, effect
	case schedule.ChangeShort:
		c.Amount = amount
	case schedule.ChangeHoliday:
		c.Until = on.AddDays(rapid.IntRange(1, 100).Draw(t, "holiday"))
		c.Capitalise = rapid.Bool().Draw(t, "capitalise")
	case schedule.ChangeEarly:
		c.Count = rapid.IntRange(0, 3).Draw(t, "instalments")
	case schedule.ChangeReschedule:
		c.Keep = rapid.Bool().Draw(t, "keep")
		c.Count = rapid.IntRange(0, 20).Draw(t, "count")
		if rapid.Bool().Draw(t, "other dates") {
			c.First = on.AddDays(rapid.IntRange(1, 100).Draw(t, "first"))
		}
	}
	return c
}

// changeable draws terms to which everything may happen. No fee is a share of the principal: those
// of the past would grow with a tranche.
func changeable() *rapid.Generator[schedule.Terms] {
	terms := scheduletest.Terms().Filter(func(t schedule.Terms) bool {
		return t.Method != schedule.MethodFlat && t.Method != schedule.MethodSumOfDigits &&
			t.Method != schedule.MethodCustom && !t.InAdvance
	})
	return rapid.Map(terms, func(t schedule.Terms) schedule.Terms {
		t.Fees = slices.DeleteFunc(slices.Clone(t.Fees), func(f schedule.Fee) bool {
			return f.Rate.Basis() == schedule.OfPrincipal
		})
		return t
	})
}

// Whatever happens, in whatever order: the plan stays sound, no value is lost, and nothing changes
// before the day.
func TestEventsKeepValue(t *testing.T) {
	made, kinds := 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		terms := changeable().Draw(t, "terms")
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		for range rapid.IntRange(1, 4).Draw(t, "events") {
			event := anyEvent(t, plan)
			next, proof, err := plan.After(event)
			if err != nil {
				if !errors.Is(err, schedule.ErrTerms) && !errors.Is(err, schedule.ErrOverflow) {
					t.Fatal(err)
				}
				continue
			}
			made++
			kinds[fmt.Sprintf("%T", event)]++
			if c, ok := event.(schedule.Change); ok {
				kinds[c.Kind.String()]++
			}
			if err := errors.Join(proof.Check(), next.Check()); err != nil {
				t.Fatalf("%+v: %v\n%+v\n%v\n%v\n%s", event, err, proof, totals(plan), totals(next), asJSON(next.Terms()))
			}
			first := proof.On
			if pause, ok := event.(schedule.Pause); ok {
				first = pause.From
			}
			for i, row := range next.Rows() {
				if !row.Due.Before(first) || !row.End.Before(first) {
					break
				}
				if i >= plan.Len() || row != plan.Rows()[i] {
					t.Fatalf("%+v changed row %d:\n%v\n%v\n%s", event, i+1, totals(plan), totals(next), asJSON(next.Terms()))
				}
			}
			plan = next
		}
	})
	t.Logf("%d events: %v", made, kinds)
	if made == 0 {
		t.Error("nothing happened")
	}
}

// Terms handed in and out are not the plan's own.
func TestPlanSharesNoMemory(t *testing.T) {
	terms := terms12()
	day := civil.MustParse("2026-05-15")
	terms.Rates = []schedule.RateStep{{From: day, Rate: schedule.MustRate("6% per year")}}
	plan := planOf(t, terms)
	before := plan.Payoff(day.AddDays(9))
	terms.Rates[0].Rate = schedule.MustRate("99% per year")
	plan.Terms().Rates[0].Rate = schedule.MustRate("98% per year")
	if got := plan.Payoff(day.AddDays(9)); got != before || plan.Terms().Rates[0].Rate.String() != "6% per year" {
		t.Errorf("got %s after %s", got, before)
	}
}

// A tranche, a fee off the due dates, postponed interest: what settles the loan is what it owes.
// 12,000.00 at 1 % a month by 30/360, worked by hand.
func TestPayoffInEveryState(t *testing.T) {
	day := civil.MustParse
	for _, test := range []struct {
		name string
		set  func(*schedule.Terms)
		on   string
		want string
	}{
		{"a tranche on a due date", func(t *schedule.Terms) {
			t.Tranches = []schedule.Tranche{{On: day("2026-02-15"), Amount: cnyAmount("2000.00")}}
		}, "2026-03-01", "CNY 11226.23"}, // 10,000 - 833.33 + 2,000, and 16 of 30 days of 111.67
		{"a fee between", func(t *schedule.Terms) {
			t.Fees = []schedule.Fee{{Cycle: schedule.Cycle{First: day("2026-02-01"), Every: schedule.Months(1)},
				Amount: cnyAmount("5.00")}}
		}, "2026-02-10", "CNY 12100.00"}, // 25 of 30 days of 120.00
		{"interest postponed", func(t *schedule.Terms) { t.Grace.Interest = 2 }, "2026-02-15", "CNY 11120.00"},
		{"a free period", func(t *schedule.Terms) { t.Grace.Free = 1 }, "2026-02-10", "CNY 12000.00"},
	} {
		terms := terms12()
		terms.Principal, terms.Start, terms.Method = cnyAmount("12000.00"), day("2026-01-15"), schedule.MethodEqualPrincipal
		test.set(&terms)
		if got := planOf(t, terms).Payoff(day(test.on)).String(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// Rows that do not follow from their terms are read as they stand, a tranche on a due date included.
func TestRecordedRowsWithATranche(t *testing.T) {
	terms := terms12()
	terms.Principal, terms.Start, terms.Method = cnyAmount("12000.00"), civil.MustParse("2026-01-15"), schedule.MethodEqualPrincipal
	due := civil.MustParse("2026-02-15")
	terms.Tranches = []schedule.Tranche{{On: due, Amount: cnyAmount("2000.00")}}
	made := planOf(t, terms)
	recorded, err := schedule.NewPlan(terms, otherInterest(made))
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range []civil.Date{due.AddDays(-1), due, due.AddDays(14), due.AddDays(40)} {
		if recorded.Payoff(on) != made.Payoff(on) {
			t.Errorf("%s: recorded %s, made %s", on, recorded.Payoff(on), made.Payoff(on))
		}
	}
}
