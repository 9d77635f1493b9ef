package schedule_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// One payment of 1,200 for 1,000 lays bare how time was counted.
func TestAPRCCountsTime(t *testing.T) {
	for _, test := range []struct {
		from, to string
		unit     schedule.Unit
		years    float64
	}{
		{"2025-01-01", "2026-01-01", schedule.UnitMonth, 1},
		{"2024-01-01", "2025-01-01", schedule.UnitMonth, 1},
		{"2024-01-01", "2025-01-01", schedule.UnitDay, 366.0 / 365},
		{"1994-01-01", "1995-07-01", schedule.UnitDay, 546.0 / 365},
		{"2025-01-31", "2025-02-28", schedule.UnitMonth, 1.0 / 12},
		{"2025-01-12", "2025-03-15", schedule.UnitMonth, 2.0/12 + 3.0/366},
		{"2024-03-12", "2024-05-15", schedule.UnitMonth, 2.0/12 + 3.0/366},
		{"2024-01-12", "2024-03-15", schedule.UnitMonth, 2.0/12 + 3.0/365},
		{"2025-01-12", "2025-03-15", schedule.UnitWeek, 8.0/52 + 6.0/366},
		{"2025-01-12", "2026-01-11", schedule.UnitWeek, 1},
	} {
		flows := []schedule.Flow{fineFlow(test.from, -1000), fineFlow(test.to, 1200)}
		got, err := schedule.APRC(flows, test.unit)
		want := math.Pow(1.2, 1/test.years) - 1
		if err != nil || math.Abs(float64(got)-want) > 1e-12*(1+want) {
			t.Errorf("%s to %s: %v, %v, want %v", test.from, test.to, float64(got), err, want)
		}
	}
}

// Times that are days over 365 give what XIRR gives, in any order.
func TestAPRCOfTimesAgreesWithXIRR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := anyLoan(t)
		want, wantErr := schedule.XIRR(flows)
		var timed []schedule.TimedFlow
		for _, f := range flows {
			years := float64(f.On.Sub(flows[0].On)) / 365
			timed = append(timed, schedule.TimedFlow{Years: years, Amount: f.Amount.Neg()})
		}
		timed = rapid.Permutation(timed).Draw(t, "order")
		got, err := schedule.APRCOfTimes(timed)
		if reasonOf(t, err) != reasonOf(t, wantErr) ||
			math.Abs(float64(got-want)) > 1e-12*float64(1+want)*(1+math.Abs(math.Log1p(float64(want)))) {
			t.Fatalf("%v, %v, want %v, %v", got, err, want, wantErr)
		}
	})
}

func TestAPRCReasons(t *testing.T) {
	flows := loanFlows(3, 400_000)
	for _, unit := range []schedule.Unit{0, schedule.UnitHalfMonth, schedule.UnitTerm, 99} {
		if _, err := schedule.APRC(flows, unit); reasonOf(t, err) != schedule.ReasonUnit {
			t.Errorf("%v: %v", unit, err)
		}
	}
	if _, err := schedule.APRC(nil, schedule.UnitDay); reasonOf(t, err) != schedule.ReasonNoFlows {
		t.Error(err)
	}
	for _, years := range []float64{-1, math.NaN(), math.Inf(1), 1e300} {
		flows := []schedule.TimedFlow{{Amount: fine(1)}, {Years: years, Amount: fine(-1)}}
		_, err := schedule.APRCOfTimes(flows)
		if reasonOf(t, err) != schedule.ReasonTime {
			t.Errorf("%v: %v", years, err)
		}
	}
	_, err := schedule.APRCOfTimes([]schedule.TimedFlow{
		{Amount: fine(1)}, {Years: 1, Amount: money.MustParse("EUR -1.00")}})
	if reasonOf(t, err) != schedule.ReasonCurrency {
		t.Error(err)
	}
	// The first year of the calendar has no year before it to take the length of.
	first := civil.MustParse("0001-01-01")
	early := []schedule.Flow{{On: first, Amount: fine(-1)}, {On: first.AddDays(40), Amount: fine(1)}}
	if y, err := schedule.APRC(early, schedule.UnitMonth); err != nil || y != 0 {
		t.Error(y, err)
	}
}

func TestVectorsAPRC(t *testing.T) {
	var file struct {
		Cases []struct {
			ID                  string
			Drawdowns, Payments [][2]float64
			APRC                float64 `json:"aprc_percent"`
			Decimals            int
			Agrees              any // true, or which of several figures agree
		}
	}
	readReference(t, "eu_aprc.json", &file)
	var aprc tally
	for _, c := range file.Cases {
		if c.Agrees != true {
			continue
		}
		var flows []schedule.TimedFlow
		for _, d := range c.Drawdowns {
			flows = append(flows, schedule.TimedFlow{Years: d[0], Amount: fine(-d[1])})
		}
		for _, p := range c.Payments {
			flows = append(flows, schedule.TimedFlow{Years: p[0], Amount: fine(p[1])})
		}
		y, err := schedule.APRCOfTimes(flows)
		got := y.Percent(c.Decimals).InexactFloat64()
		aprc.count(t, err == nil && got == c.APRC, "%s: %v, %v, want %v", c.ID, got, err, c.APRC)
	}
	aprc.print(t, "eu_aprc.json")
}

func ExampleAPRC() {
	start := civil.MustParse("2025-01-15")
	flows := []schedule.Flow{
		{On: start, Amount: money.MustParse("EUR -1000.00")},
		{On: start, Amount: money.MustParse("EUR 15.00")}, // a charge for opening the file
	}
	for k := range 12 {
		due := start.AddMonths(k + 1)
		flows = append(flows, schedule.Flow{On: due, Amount: money.MustParse("EUR 88.00")})
	}
	aprc, err := schedule.APRC(flows, schedule.UnitMonth)
	fmt.Println(aprc.Percent(1), err)
	// Output:
	// 13.9 <nil>
}

func BenchmarkAPRC(b *testing.B) {
	flows := loanFlows(36, 33_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schedule.APRC(flows, schedule.UnitMonth); err != nil {
			b.Fatal(err)
		}
	}
}
