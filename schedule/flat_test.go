package schedule_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// Flat 1 % a month, as the trade quotes it.
func TestFlatToNominal(t *testing.T) {
	flat := schedule.MustRate("1% per period")
	for _, test := range []struct {
		periods            int
		nominal, effective float64
	}{
		{1, 12, 12.68}, {12, 21.46, 23.70}, {24, 21.57, 23.84},
	} {
		nominal, err := schedule.FlatToNominal(flat, test.periods, schedule.Months(1))
		if err != nil {
			t.Fatal(err)
		}
		effective, err := schedule.EffectiveRate(nominal, 12)
		if err != nil || math.Abs(float64(nominal.Pico())/1e10-test.nominal) > 0.005 ||
			math.Abs(float64(effective.Pico())/1e10-test.effective) > 0.005 {
			t.Errorf("%d periods: %v, %v, %v", test.periods, nominal, effective, err)
		}
	}
	yearly, err := schedule.FlatToNominal(schedule.MustRate("12% per year"), 12, schedule.Months(1))
	monthly, err2 := schedule.FlatToNominal(flat, 12, schedule.Months(1))
	if yearly != monthly || errors.Join(err, err2) != nil {
		t.Error(yearly, monthly, err, err2)
	}
}

// A flat rate goes to a nominal rate and back without loss, whatever the periods.
func TestFlatRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		every := rapid.SampledFrom([]schedule.Frequency{
			schedule.Months(1), schedule.Months(3), schedule.Weeks(1), schedule.Weeks(2), schedule.Days(10),
			schedule.SemiMonthly(),
		}).Draw(t, "every")
		pico := rapid.OneOf(rapid.Int64Range(0, 1e3), rapid.Int64Range(0, 5e10)).Draw(t, "pico")
		flat, err := schedule.RateFromPico(pico, schedule.PerPeriod)
		if err != nil {
			t.Fatal(err)
		}
		periods := rapid.OneOf(rapid.IntRange(1, 60), rapid.IntRange(1, 600)).Draw(t, "periods")
		nominal, err := schedule.FlatToNominal(flat, periods, every)
		if err != nil {
			t.Fatal(err)
		}
		back, err := schedule.NominalToFlat(nominal, periods, every)
		if diff := back.Pico() - flat.Pico(); err != nil || diff < -1 || diff > 1 {
			t.Fatalf("%v became %v, %v", flat, back, err)
		}
		if nominal.Pico() < 0 || pico == 0 && nominal.Pico() != 0 {
			t.Fatalf("%v became %v", flat, nominal)
		}
	})
}

func TestFlatRefuses(t *testing.T) {
	flat := schedule.MustRate("1% per period")
	for _, test := range []struct {
		rate    schedule.Rate
		periods int
		every   schedule.Frequency
		want    error
	}{
		{schedule.Rate{}, 12, schedule.Months(1), schedule.ErrRate},
		{flat, 0, schedule.Months(1), schedule.ErrTerms},
		{flat, 601, schedule.Months(1), schedule.ErrTerms},
		{flat, 12, schedule.Frequency{}, schedule.ErrTerms},
		{flat, 12, schedule.AtMaturity(), schedule.ErrTerms},
		{schedule.MustRate("10000% per period"), 2, schedule.Weeks(1), schedule.ErrRate},
	} {
		_, err := schedule.FlatToNominal(test.rate, test.periods, test.every)
		if !errors.Is(err, test.want) {
			t.Errorf("%+v: %v", test, err)
		}
		_, err = schedule.NominalToFlat(test.rate, test.periods, test.every)
		if test.rate.Pico() < 1e12 && !errors.Is(err, test.want) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func ExampleFlatToNominal() {
	nominal, err := schedule.FlatToNominal(schedule.MustRate("1% per period"), 12, schedule.Months(1))
	fmt.Println(nominal.Decimal().Round(4), err)
	effective, err := schedule.EffectiveRate(nominal, 12)
	fmt.Println(effective.Decimal().Round(4), err)
	// Output:
	// 0.2146 <nil>
	// 0.237 <nil>
}
