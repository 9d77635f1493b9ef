package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
)

// chinese are the weekends, New Year, Labour Day and the National Day's week of forty years.
func chinese(b *testing.B) calendar.Calendar {
	rules := calendar.Rules{Weekend: []time.Weekday{time.Saturday, time.Sunday}}
	for year := 2020; year < 2060; year++ {
		rules.Holidays = append(rules.Holidays, date(year, 1, 1))
		for day := 1; day <= 7; day++ {
			rules.Holidays = append(rules.Holidays, date(year, 10, day))
			if day <= 3 {
				rules.Holidays = append(rules.Holidays, date(year, 5, day))
			}
		}
	}
	made, err := calendar.New(rules)
	if err != nil {
		b.Fatal(err)
	}
	return made
}

// terms360 are a mortgage of thirty years on business days.
func terms360(b *testing.B) schedule.Terms {
	terms := terms12()
	terms.Rate, terms.Periods = schedule.MustRate("4.65% per year"), 360
	terms.Shift = schedule.Shift{Rule: calendar.Following, Calendar: chinese(b)}
	return terms
}

// loans are eight loans that differ by the day and the amount, so that no processor learns the rows
// of one by heart.
func loans(b *testing.B, terms schedule.Terms) (made [8]schedule.Prepared) {
	for i := range made {
		var err error
		if made[i], err = terms.Prepare(); err != nil {
			b.Fatal(err)
		}
		terms.Start = terms.Start.AddDays(37)
		if terms.Principal, err = terms.Principal.Add(terms.Principal); err != nil {
			b.Fatal(err)
		}
	}
	return made
}

// benchmarkRows makes the plans of loans by turns in one slice.
func benchmarkRows(b *testing.B, terms schedule.Terms) {
	made := loans(b, terms)
	rows := make([]schedule.Row, 0, terms.Periods)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		var err error
		if rows, err = made[i%len(made)].Append(rows[:0]); err != nil {
			b.Fatal(err)
		}
	}
	perRow := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(terms.Periods)
	b.ReportMetric(perRow, "ns/row")
}

// BenchmarkPlan makes rows with due dates on business days.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{12, 36, 360} {
		b.Run(fmt.Sprintf("level-%d", n), func(b *testing.B) {
			terms := terms360(b)
			terms.Periods = n
			benchmarkRows(b, terms)
		})
	}
	for _, rule := range []calendar.Adjustment{calendar.ModifiedFollowing, calendar.Preceding} {
		b.Run(fmt.Sprintf("level-360/%v", rule), func(b *testing.B) {
			terms := terms360(b)
			terms.Shift.Rule = rule
			benchmarkRows(b, terms)
		})
	}
	for _, method := range []schedule.Method{schedule.MethodEqualPrincipal, schedule.MethodFlat} {
		b.Run(fmt.Sprintf("%v-360", method), func(b *testing.B) {
			terms := terms360(b)
			terms.Method = method
			benchmarkRows(b, terms)
		})
	}
}

// BenchmarkRows makes rows whose dates cost next to nothing, each a number of days after the one
// before, so that the time is that of the amounts.
func BenchmarkRows(b *testing.B) {
	for _, test := range []struct {
		name    string
		accrual schedule.Accrual
		count   daycount.Convention
	}{
		{"360", schedule.AccrueByPeriod, daycount.Act365F},
		{"360/act-365f", schedule.AccrueByDays, daycount.Act365F},
		{"360/30-360", schedule.AccrueByDays, daycount.Thirty360US},
	} {
		b.Run(test.name, func(b *testing.B) {
			terms := terms360(b)
			terms.Every, terms.Shift = schedule.Days(30), schedule.Shift{}
			terms.Accrual, terms.DayCount = test.accrual, test.count
			benchmarkRows(b, terms)
		})
	}
}

func BenchmarkLevelPayment(b *testing.B) {
	for _, n := range []int{12, 36, 360} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var sum int64
			for i := int64(0); b.Loop(); i++ {
				got, _ := schedule.LevelPayment(1_000_000+i&1023, 99_300_000_000, 12_000_000_000_000, n)
				sum += got
			}
			if sum == 0 {
				b.Fatal("no payment")
			}
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	terms := terms360(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := terms.Prepare(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPayoff asks what settles a loan of 360 months in the middle of its life.
func BenchmarkPayoff(b *testing.B) {
	plan, err := terms360(b).Plan()
	if err != nil {
		b.Fatal(err)
	}
	middle := civil.MustParse("2041-02-10")
	b.ReportAllocs()
	for b.Loop() {
		if plan.Payoff(middle).IsZero() {
			b.Fatal("nothing is owed")
		}
	}
}
