package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestPayoffGolden(t *testing.T) {
	terms := terms12()
	terms.Start = civil.MustParse("2026-01-15")
	plan, err := terms.Plan()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ on, outstanding, accrued, payoff string }{
		{"2026-01-14", "CNY 0.00", "CNY 0.00", "CNY 0.00"},
		{"2026-01-15", "CNY 100000.00", "CNY 0.00", "CNY 100000.00"},
		{"2026-01-30", "CNY 100000.00", "CNY 500.00", "CNY 100500.00"},
		{"2026-02-14", "CNY 100000.00", "CNY 966.67", "CNY 100966.67"},
		{"2026-02-15", "CNY 92115.12", "CNY 0.00", "CNY 92115.12"},
		{"2026-02-16", "CNY 92115.12", "CNY 30.71", "CNY 92145.83"}, // 30.70504
		{"2027-01-15", "CNY 0.00", "CNY 0.00", "CNY 0.00"},
		{"2030-01-01", "CNY 0.00", "CNY 0.00", "CNY 0.00"},
	}
	for _, test := range tests {
		on := civil.MustParse(test.on)
		got := []string{
			plan.Outstanding(on).String(), plan.Accrued(on).String(), plan.Payoff(on).String(),
		}
		for i, want := range []string{test.outstanding, test.accrued, test.payoff} {
			if got[i] != want {
				t.Errorf("%s: got %v, want %+v", test.on, got, test)
				break
			}
		}
	}
	if !plan.Payoff(civil.Date{}).IsZero() || !plan.AccruedIn(3, civil.Date{}).IsZero() {
		t.Error("something is owed on no date")
	}
}

// Accrued interest is the oracle's fraction, never falls within a row, and ends at the row's.
func TestAccruedInAgreesWithOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, err := anyTerms().Draw(t, "terms").Plan()
		if err != nil {
			return
		}
		i := rapid.IntRange(0, plan.Len()-1).Draw(t, "row")
		in, count := plan.At(i), plan.Terms().DayCount
		whole := int64(count.Days(in.From, in.Due))
		length := in.Due.Sub(in.From)
		day := in.From.AddDays(rapid.IntRange(-3, length+3).Draw(t, "first day"))
		before := int64(0)
		for range 70 {
			got := plan.AccruedIn(i, day).Minor()
			want := int64(0)
			switch {
			case !day.Before(in.Due):
				want = in.Interest.Minor()
			case day.After(in.From) && whole > 0:
				part := rat(int64(count.Days(in.From, day)), whole)
				part.Mul(part, rat(in.Interest.Minor(), 1))
				want = round(part, plan.Terms().Rounding.Interest).Int64()
			}
			if got != want || got < before || got > in.Interest.Minor() {
				t.Fatalf("%s: got %d, want %d, before %d", day, got, want, before)
			}
			if !day.Before(in.From) && day.Before(in.Due) {
				checkPayoff(t, plan, i, day, got)
			}
			before, day = got, day.AddDays(1)
		}
	})
}

// checkPayoff sums what the rows still hold, row by row.
func checkPayoff(t *rapid.T, plan schedule.Plan, i int, day civil.Date, accrued int64) {
	left := int64(0)
	for _, row := range plan.Rows()[i:] {
		left += row.Principal
	}
	if plan.Outstanding(day).Minor() != left || plan.Payoff(day).Minor() != left+plan.Accrued(day).Minor() {
		t.Fatalf("%s: outstanding %s, payoff %s", day, plan.Outstanding(day), plan.Payoff(day))
	}
	bare, err := schedule.NewPlan(plan.Terms(), otherInterest(plan))
	if err == nil && day.Before(plan.Maturity()) && !day.Before(plan.Terms().Start) &&
		bare.Accrued(day) != bare.AccruedIn(i, day) {
		t.Fatalf("%s: recorded rows accrue %s, row %d %s", day, bare.Accrued(day), i, bare.AccruedIn(i, day))
	}
}

// otherInterest are rows that do not follow from the terms: the last bears a unit more.
func otherInterest(plan schedule.Plan) []schedule.Row {
	rows := plan.Rows()
	rows[len(rows)-1].Interest++
	return rows
}

// What Payoff quotes is what a payoff on the day pays, whatever the terms and whatever happened: an
// instalment that waits for a business day is part of the quote, and has its row.
func TestPayoffIsWhatAPayoffPays(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		plan := anyPlan(t)
		length := plan.Maturity().Sub(plan.Terms().Start)
		on := plan.Terms().Start.AddDays(rapid.IntRange(0, max(length-1, 0)).Draw(t, "day"))
		if rapid.Bool().Draw(t, "on a due date") {
			on = plan.At(rapid.IntRange(0, plan.Len()-1).Draw(t, "row")).Due
		}
		quote := plan.Payoff(on)
		next, _, err := plan.After(schedule.Change{On: on, Kind: schedule.ChangePayOff})
		if err != nil || quote.Sign() == 0 {
			return
		}
		var before, pays int64
		for _, row := range plan.Rows() {
			if row.End.After(on) && !row.Due.After(on) {
				return // it is paid before its interest has run; a payoff on the day comes before that
			}
			if !row.Due.After(on) {
				before += row.Principal + row.Interest
			}
		}
		for _, row := range next.Rows() {
			pays += row.Principal + row.Interest
		}
		for _, c := range plan.Terms().Changes {
			if c.On.After(on) {
				return // what happens later happens to another loan
			}
		}
		for _, tranche := range plan.Terms().Tranches {
			if tranche.On.After(on) {
				return
			}
		}
		if compared++; pays-before != quote.Minor() {
			t.Fatalf("%s: quoted %s, paid %d\n%s\n%v\n%v", on, quote, pays-before, asJSON(plan.Terms()), totals(plan), totals(next))
		}
	})
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// The short way to the position of plain terms is the walk's.
func TestPlainPositionIsTheWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyTerms().Draw(t, "terms")
		if rapid.Bool().Draw(t, "shift") {
			terms.Shift = schedule.Shift{Rule: adjustment(t), Calendar: calendar.SaturdaySunday()}
		}
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		on := plan.Terms().Start.AddDays(rapid.IntRange(0, plan.Maturity().Sub(plan.Terms().Start)).Draw(t, "day"))
		short, walked := schedule.Positions(plan, on)
		if short != walked {
			t.Fatalf("%s: %v, the walk has %v", on, short, walked)
		}
	})
}

// A flat loan has earned a part of its row's interest, whatever its balance.
func TestPayoffOfFlatLoans(t *testing.T) {
	terms := terms12()
	terms.Method, terms.Start = schedule.MethodFlat, civil.MustParse("2026-01-15")
	plan := planOf(t, terms)
	if got := plan.Accrued(plan.At(5).Due.AddDays(15)); got.Minor() < 48_000 || got.Minor() > 51_000 {
		t.Errorf("half a month of 1,000.00 has earned %s", got)
	}
}
