package schedule_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Appendix J (b)(5), on the dates of its examples and on ends of months.
func TestCountUnitPeriods(t *testing.T) {
	month := schedule.Months(1)
	units := func(whole, num, den int) schedule.UnitPeriods {
		return schedule.UnitPeriods{Whole: whole, Num: num, Den: den}
	}
	for _, test := range []struct {
		from, to string
		unit     schedule.Frequency
		want     schedule.UnitPeriods
	}{
		{"1978-01-10", "1978-02-10", month, units(1, 0, 30)},
		{"1978-02-10", "1978-04-01", month, units(1, 19, 30)},
		{"1978-01-01", "1978-01-31", month, units(0, 30, 30)},
		{"2024-01-31", "2024-02-29", month, units(1, 0, 30)},
		{"2024-01-31", "2024-03-01", month, units(1, 1, 30)},
		{"2024-02-29", "2024-03-31", month, units(1, 0, 30)},
		{"2024-01-10", "2024-01-10", month, units(0, 0, 30)},
		{"1978-02-23", "1978-03-01", schedule.SemiMonthly(), units(0, 6, 15)},
		{"1978-02-23", "1978-04-01", schedule.SemiMonthly(), units(2, 6, 15)},
		{"1978-05-23", "1978-10-01", schedule.Months(3), units(1, 39, 90)},
		{"1978-01-10", "1978-03-01", schedule.Months(2), units(0, 52, 60)},
		{"1978-03-20", "1978-04-21", schedule.Weeks(1), units(4, 4, 7)},
		{"1978-04-03", "1978-04-11", schedule.Weeks(2), units(0, 8, 14)},
		{"1978-01-01", "1978-02-01", schedule.Days(1), units(31, 0, 1)},
		{"1978-01-17", "1979-07-17", schedule.Months(12), units(1, 6, 12)},
		{"1978-01-17", "1979-07-20", schedule.Months(12), units(1, 184, 365)},
	} {
		from, to := civil.MustParse(test.from), civil.MustParse(test.to)
		got, err := schedule.CountUnitPeriods(from, to, test.unit)
		if err != nil || got != test.want {
			t.Errorf("%s to %s by %v: %v, %v, want %v", from, to, test.unit, got, err, test.want)
		}
	}
}

func TestCountUnitPeriodsRefuses(t *testing.T) {
	on := civil.MustParse("2024-01-31")
	for _, unit := range []schedule.Frequency{
		{}, schedule.Months(13), schedule.Weeks(53), schedule.Days(2), schedule.AtMaturity(),
	} {
		if _, err := schedule.CountUnitPeriods(on, on, unit); reasonOf(t, err) != schedule.ReasonUnit {
			t.Errorf("%v: %v", unit, err)
		}
	}
	for _, dates := range [][2]civil.Date{{{}, on}, {on, {}}, {on, on.AddDays(-1)}} {
		_, err := schedule.CountUnitPeriods(dates[0], dates[1], schedule.Months(1))
		if reasonOf(t, err) != schedule.ReasonTime {
			t.Errorf("%v: %v", dates, err)
		}
	}
}

// However time is counted, it never runs backward by more than the uneven months allow, and whole
// periods and fraction are in bounds.
func TestCountUnitPeriodsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := yieldStart.AddDays(rapid.IntRange(0, 4000).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))
		unit := rapid.SampledFrom([]schedule.Frequency{
			schedule.Months(1), schedule.Months(3), schedule.Months(12), schedule.SemiMonthly(),
			schedule.Weeks(1), schedule.Weeks(2), schedule.Days(1),
		}).Draw(t, "unit")
		n, err := schedule.CountUnitPeriods(from, to, unit)
		if err != nil || n.Whole < 0 || n.Num < 0 || n.Den < 1 || n.Num > n.Den {
			t.Fatalf("%v, %v", n, err)
		}
	})
}

// aprByHalving is the slow opinion on payments of a single advance.
func aprByHalving(advance float64, payments []float64, times []schedule.UnitPeriods) float64 {
	lo, hi := -1+1e-12, 10.0
	for range 200 {
		i, worth := (lo+hi)/2, -advance
		for k, t := range times {
			f := float64(t.Num) / float64(t.Den)
			worth += payments[k] / ((1 + f*i) * math.Pow(1+i, float64(t.Whole)))
		}
		if worth > 0 {
			lo = i
		} else {
			hi = i
		}
	}
	return lo
}

func TestAPRAgreesWithHalving(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := schedule.Months(rapid.IntRange(1, 4).Draw(t, "unit"))
		flows := []schedule.Flow{{On: yieldStart, Amount: fine(10_000)}}
		var payments []float64
		var times []schedule.UnitPeriods
		first := yieldStart.AddDays(rapid.IntRange(1, 100).Draw(t, "first"))
		for k := range rapid.IntRange(2, 60).Draw(t, "payments") {
			on := unit.After(first, k)
			paid := float64(rapid.IntRange(100, 2000).Draw(t, "paid"))
			n, err := schedule.CountUnitPeriods(yieldStart, on, unit)
			if err != nil {
				t.Fatal(err)
			}
			flows = append(flows, schedule.Flow{On: on, Amount: fine(-paid)})
			payments, times = append(payments, paid), append(times, n)
		}
		got, err := schedule.APR(flows, unit)
		perYear := 12 / float64(unit.N())
		want := perYear * aprByHalving(10_000, payments, times)
		if err != nil || math.Abs(float64(got)-want) > 1e-10*perYear {
			t.Fatalf("got %v, %v, want %v", float64(got), err, want)
		}
	})
}

// Three advances, a payment between them: the rate is shown to be the only one, or said not to be.
func TestAPRSeveralAdvances(t *testing.T) {
	flows := []schedule.Flow{
		fineFlow("2024-01-10", 1000), fineFlow("2024-02-25", 1000), fineFlow("2024-03-10", -50),
		fineFlow("2024-04-15", 1000), fineFlow("2024-06-10", -1600), fineFlow("2024-07-10", -1600),
	}
	y, err := schedule.APR(flows, schedule.Months(1))
	if err != nil || y < 0.2 || y > 0.4 {
		t.Error(y, err)
	}
	flows[0].Amount, flows[2].Amount = fine(10), fine(-2500)
	if y, err = schedule.APR(flows, schedule.Months(1)); reasonOf(t, err) != schedule.ReasonUndecided {
		t.Error(y, err)
	}
	if rates := ratesOf(y, err); len(rates) != 1 {
		t.Error(rates)
	}
}

// A flow of nothing before the first advance does not move the time.
func TestAPRStartsAtTheFirstAdvance(t *testing.T) {
	flows := []schedule.Flow{fineFlow("2024-01-10", 1000), fineFlow("2024-02-25", -520),
		fineFlow("2024-03-25", -520)}
	want, err := schedule.APR(flows, schedule.Months(1))
	if err != nil {
		t.Fatal(err)
	}
	flows = append(flows, fineFlow("2023-12-24", 0))
	if got, err := schedule.APR(flows, schedule.Months(1)); err != nil || got != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestAPRReasons(t *testing.T) {
	for _, test := range []struct {
		name  string
		flows []schedule.Flow
		unit  schedule.Frequency
		want  schedule.YieldReason
	}{
		{"none", nil, schedule.Months(1), schedule.ReasonNoFlows},
		{"one", loanFlows(0, 1), schedule.Months(1), schedule.ReasonTotalLoss},
		{"no unit", loanFlows(3, 400_000), schedule.Frequency{}, schedule.ReasonUnit},
		{"no date", []schedule.Flow{{Amount: fine(1)}}, schedule.Months(1), schedule.ReasonTime},
	} {
		if _, err := schedule.APR(test.flows, test.unit); reasonOf(t, err) != test.want {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// unitsOfVectors are the unit-periods of appendix J by how many a year has.
func unitsOfVectors(perYear int) schedule.Frequency {
	switch {
	case perYear == 24:
		return schedule.SemiMonthly()
	case perYear == 365:
		return schedule.Days(1)
	case 12%perYear == 0:
		return schedule.Months(12 / perYear)
	case 52%perYear == 0:
		return schedule.Weeks(52 / perYear)
	}
	return schedule.Frequency{}
}

type regZCase struct {
	ID          string
	Advance     float64
	AdvanceDate civil.Date      `json:"advance_date"`
	FirstDate   civil.Date      `json:"first_payment_date"`
	Payments    json.RawMessage // {count, amount} or [{unit_periods_after_first, amount}]
	PerYear     int             `json:"unit_periods_per_year"`
	Full        int             `json:"t_full_unit_periods"`
	Fraction    [2]int          `json:"f_fraction"`
	Payment     float64
	PaymentDate civil.Date `json:"payment_date"`
	Dates       string     // of a single payment: "date to date"
	APR         float64    `json:"apr_percent"`
	Agrees      bool
}

// flows gives the flows and the unit of a case; false when it has none that are dated.
func (c *regZCase) flows(t *testing.T) ([]schedule.Flow, schedule.Frequency, bool) {
	t.Helper()
	if from, to, ok := strings.Cut(c.Dates, " to "); ok {
		c.AdvanceDate, c.PaymentDate = civil.MustParse(from), civil.MustParse(to)
	}
	flows := []schedule.Flow{{On: c.AdvanceDate, Amount: fine(-c.Advance)}}
	if !c.PaymentDate.IsZero() {
		paid := schedule.Flow{On: c.PaymentDate, Amount: fine(c.Payment)}
		return append(flows, paid), schedule.Frequency{}, true
	}
	if c.PerYear == 0 || c.FirstDate.IsZero() {
		return nil, schedule.Frequency{}, false
	}
	unit := unitsOfVectors(c.PerYear)
	var level struct {
		Count  int
		Amount float64
	}
	var each []struct {
		After  int `json:"unit_periods_after_first"`
		Amount float64
	}
	if json.Unmarshal(c.Payments, &level) != nil {
		if err := json.Unmarshal(c.Payments, &each); err != nil {
			t.Fatal(err)
		}
	}
	for k := range level.Count {
		flows = append(flows, schedule.Flow{On: unit.After(c.FirstDate, k), Amount: fine(level.Amount)})
	}
	for _, p := range each {
		flows = append(flows, schedule.Flow{On: unit.After(c.FirstDate, p.After), Amount: fine(p.Amount)})
	}
	return flows, unit, !unit.IsZero()
}

func TestVectorsRegulationZ(t *testing.T) {
	var file struct{ Cases []regZCase }
	readReference(t, "regz_appendix_j.json", &file)
	var apr tally
	for _, c := range file.Cases {
		flows, unit, ok := c.flows(t)
		switch {
		case !c.Agrees:
			continue
		case !ok:
			apr.unsupported++
			continue
		}
		y, err := schedule.APR(flows, unit)
		good := err == nil && y.Percent(2).InexactFloat64() == c.APR
		if good && c.PerYear > 0 {
			n, err := schedule.CountUnitPeriods(c.AdvanceDate, c.FirstDate, unit)
			good = err == nil && n.Whole == c.Full && n.Num*c.Fraction[1] == c.Fraction[0]*n.Den
		}
		apr.count(t, good, "%s: %v, %v, want %v", c.ID, y, err, c.APR)
	}
	apr.print(t, "regz_appendix_j.json")
}

func ExampleAPR() {
	// 5,000 lent for 24 monthly payments of 230, a fee of 100 kept back.
	start := civil.MustParse("2025-01-10")
	flows := []schedule.Flow{
		{On: start, Amount: money.MustParse("USD 5000.00")},
		{On: start, Amount: money.MustParse("USD -100.00")},
	}
	for k := range 24 {
		due := start.AddMonths(k + 1)
		flows = append(flows, schedule.Flow{On: due, Amount: money.MustParse("USD -230.00")})
	}
	apr, err := schedule.APR(flows, schedule.Months(1))
	fmt.Println(apr.Percent(2), err)
	// Output:
	// 11.71 <nil>
}

func BenchmarkAPR(b *testing.B) {
	flows := loanFlows(36, 33_000)
	for k := range flows[1:] {
		flows[k+1].On = yieldStart.AddDays(45).AddMonths(k)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schedule.APR(flows, schedule.Months(1)); err != nil {
			b.Fatal(err)
		}
	}
}
