package main

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// terms are the plan's own terms of a published loan, said once more.
func terms(p *Published, start civil.Date) schedule.Terms {
	q := product(p.kind())
	return schedule.Terms{
		Principal: usd(p.Amount), Rate: p.Rate, Method: q.Method, Periods: p.Months, Every: q.Every,
		Start: start, DayCount: q.DayCount, Accrual: q.Accrual,
		Rounding: schedule.Rounding{Instalment: money.Up, Interest: money.HalfEven},
	}
}

// drawPublished draws a loan as a tape may tell it, likely or not, and its plan.
func drawPublished(t *rapid.T) (*Published, schedule.Plan) {
	months := rapid.SampledFrom([]int{36, 60}).Draw(t, "months")
	bps := rapid.Int64Range(0, 3600).Draw(t, "rate")
	r, err := schedule.RateFromPico(bps*100_000_000, schedule.PerYear)
	if err != nil {
		t.Fatal(err)
	}
	issued := civil.MustParse("2015-01-01").AddMonths(rapid.IntRange(0, 24).Draw(t, "issued"))
	p := &Published{
		Amount: rapid.Int64Range(minLoan, 40_000_00).Draw(t, "amount"), Months: months, Rate: r,
		Grade: lending.Code(rapid.StringMatching("[A-G]").Draw(t, "grade")), Issued: issued,
		Status: Status(rapid.IntRange(int(FullyPaid), int(ChargedOff)).Draw(t, "status")),
	}
	plan, err := terms(p, issued.AddDays(rapid.IntRange(0, 27).Draw(t, "start"))).Plan()
	if err != nil {
		t.Fatal(err)
	}
	p.Installment = plan.At(0).Total.Minor()
	p.Principal = rapid.Int64Range(0, p.Amount).Draw(t, "principal")
	p.Interest = rapid.Int64Range(0, p.Amount).Draw(t, "interest")
	p.LateFees = lateFee(p.Installment) * rapid.Int64Range(0, 5).Draw(t, "late")
	p.Recoveries = rapid.Int64Range(0, p.Amount).Draw(t, "recoveries")
	p.LastPayment = issued.AddMonths(rapid.IntRange(0, months+5).Draw(t, "last"))
	if p.Status == FullyPaid && rapid.Bool().Draw(t, "silent") {
		p.LastPayment = civil.Date{}
	}
	return p, plan
}

// TestScriptInOrder: steps come in order after the start, and end as the outcome says.
func TestScriptInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, plan := drawPublished(t)
		s := replay(p, plan, rand.New(rand.NewPCG(1, 2)))
		last := plan.Terms().Start.AddDays(1)
		for _, at := range s.steps {
			if at.on.Before(last) || at.do == payCents && at.cents <= 0 {
				t.Fatalf("step %+v after %s", at, last)
			}
			last = at.on
		}
		count := map[deed]int{}
		for _, at := range s.steps {
			count[at.do]++
		}
		switch {
		case s.outcome == PaidEarly && count[payOff] != 1,
			s.outcome == PaidOnTime && count[payDue] != p.Months,
			(s.outcome == Running || s.outcome == Behind) && count[payDue]+count[payCents] >= p.Months,
			s.outcome == WrittenOff && count[giveUp] != 1,
			(p.Status == ChargedOff) != (s.outcome == WrittenOff):
			t.Fatalf("%s: %v", s.outcome, count)
		}
	})
}

// TestAnyLoanReplays: the engine refuses nothing that a script asks for, whatever was published.
func TestAnyLoanReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawPublished(t)
		m := runMarket(t, []Published{*p}, rapid.Uint64().Draw(t, "seed"))
		loan := m.store.reports.Loan(m.deals[0].id)
		want := map[Status]lending.State{FullyPaid: lending.StateClosed, Current: lending.StateActive,
			Overdue: lending.StateActive, ChargedOff: lending.StateWrittenOff}[p.Status]
		if loan.State != want {
			t.Fatalf("loan is %s, want %s", loan.State, want)
		}
	})
}

// TestKnownOutcomes publishes lives that follow the plan exactly: the replay gives them back.
func TestKnownOutcomes(t *testing.T) {
	issued := civil.MustParse("2016-03-01")
	base := Published{Amount: 12_000_00, Months: 36, Rate: schedule.MustRate("13.99% per year"),
		Grade: "C", Issued: issued}
	plan, err := terms(&base, issued).Plan()
	if err != nil {
		t.Fatal(err)
	}
	base.Installment = plan.At(0).Total.Minor()
	fee := lateFee(base.Installment)
	upTo := func(n int) (principal, interest int64) {
		for i := range n {
			principal += plan.At(i).Principal.Minor()
			interest += plan.At(i).Interest.Minor()
		}
		return principal, interest
	}
	for name, tc := range map[string]struct {
		status  Status
		paid    int
		late    int64
		back    int64
		outcome Outcome
	}{
		"on time":         {FullyPaid, 36, 0, 0, PaidOnTime},
		"late":            {FullyPaid, 36, 3, 0, PaidLate},
		"current":         {Current, 17, 0, 0, Running},
		"current, fees":   {Current, 17, 2, 0, Running},
		"behind":          {Overdue, 5, 1, 0, Behind},
		"lost":            {ChargedOff, 9, 2, 0, WrittenOff},
		"lost, some back": {ChargedOff, 9, 0, 1234_56, WrittenOff},
		"lost at once":    {ChargedOff, 0, 0, 0, WrittenOff},
	} {
		t.Run(name, func(t *testing.T) {
			p := base
			p.Status, p.Recoveries, p.LateFees = tc.status, tc.back, tc.late*fee
			p.CollectionFee = (tc.back*18 + 50) / 100
			p.Principal, p.Interest = upTo(tc.paid)
			p.LastPayment = issued.AddMonths(tc.paid)
			d := runMarket(t, []Published{p}, 3).deals[0]
			if d.script.outcome != tc.outcome || d.principal != p.Principal || d.interest != p.Interest ||
				d.lateFees != p.LateFees || d.recovered != p.Recoveries || d.collection != p.CollectionFee {
				t.Errorf("%s: replayed %d %d %d %d %d, published %+v", d.script.outcome, d.principal,
					d.interest, d.lateFees, d.recovered, d.collection, p)
			}
		})
	}
}

// TestPaysOffOnTheDay: interest published for a pay-off in the middle of a period, to the cent, is
// paid to the cent, whether the month is known or not.
func TestPaysOffOnTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawPublished(t)
		p.Status, p.LateFees, p.LastPayment = FullyPaid, 0, civil.Date{}
		seed := rapid.Uint64().Draw(t, "seed")
		start := runMarket(t, []Published{*p}, seed).deals[0].funded // follows from the seed alone
		plan, err := terms(p, start).Plan()
		if err != nil {
			t.Fatal(err)
		}
		end := start.AddDays(rapid.IntRange(1, p.Months*28).Draw(t, "days"))
		p.Interest = earned(plan, end)
		if rapid.Bool().Draw(t, "month known") {
			p.LastPayment = end.AddDays(1 - end.Day())
		}
		if p.LastPayment.Before(p.Issued) || monthsBetween(p.Issued, p.LastPayment) >= p.Months {
			p.LastPayment = civil.Date{}
		}
		d := runMarket(t, []Published{*p}, seed).deals[0]
		if d.interest != p.Interest || d.principal != p.Amount {
			t.Fatalf("paid interest %d, want %d (from %s to %s)", d.interest, p.Interest, start, end)
		}
	})
}

// earned is the interest of all rows that is earned by a day.
func earned(plan schedule.Plan, on civil.Date) (sum int64) {
	for i := range plan.Len() {
		sum += plan.AccruedIn(i, on).Minor()
	}
	return sum
}

// TestPayoffDay: of all days in the month of the last payment none comes closer to the interest.
func TestPayoffDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, plan := drawPublished(t)
		p.Status, p.Interest = FullyPaid, p.Interest/5
		got := payoffDay(p, plan)
		off := func(on civil.Date) int64 {
			return abs(earned(plan, on) - p.Interest)
		}
		if got.Before(plan.Terms().Start) || got.After(plan.Maturity()) {
			t.Fatalf("paid off on %s", got)
		}
		if !p.LastPayment.IsZero() && monthsBetween(p.Issued, p.LastPayment) >= p.Months {
			if got != plan.Maturity() {
				t.Fatalf("paid off on %s, before the end", got)
			}
			return
		}
		for on := plan.Terms().Start.AddDays(1); on.Before(plan.Maturity()); on = on.AddDays(1) {
			in := p.LastPayment.IsZero() || monthsBetween(p.LastPayment, on) == 0
			if in && off(on) < off(got) {
				t.Fatalf("paid off on %s, %d away; %s is %d away", got, off(got), on, off(on))
			}
		}
	})
}
