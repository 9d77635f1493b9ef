package schedule_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// anyYearlyRate draws a rate a year, of whole percents or of any.
func anyYearlyRate(t *rapid.T, most int64) schedule.Rate {
	pico := rapid.OneOf(rapid.Int64Range(0, most),
		rapid.Map(rapid.Int64Range(0, most/1e10), func(n int64) int64 { return n * 1e10 }),
	).Draw(t, "pico")
	rate, err := schedule.RateFromPico(pico, schedule.PerYear)
	if err != nil {
		t.Fatal(err)
	}
	return rate
}

// compounded is 1 plus a rate of so many half pico units, to the power of perYear, exactly.
func compounded(halves int64, perYear int) *big.Rat {
	once := big.NewRat(halves, 2e12*int64(perYear))
	once.Add(once, big.NewRat(1, 1))
	grown := big.NewRat(1, 1)
	for range perYear {
		grown.Mul(grown, once)
	}
	return grown
}

// Both rates are the nearest: half a unit less gives less, half a unit more gives more.
func TestEffectiveRateIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perYear := rapid.SampledFrom([]int{1, 2, 4, 12, 24, 52}).Draw(t, "perYear")
		nominal := anyYearlyRate(t, 2e12)
		effective, err := schedule.EffectiveRate(nominal, perYear)
		if errors.Is(err, schedule.ErrRate) && nominal.Pico() > 1e12 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		exact := compounded(2*nominal.Pico(), perYear)
		near := big.NewRat(1e12+effective.Pico(), 1e12)
		if near.Sub(near, exact).Abs(near).Cmp(big.NewRat(1, 2e12)) > 0 {
			t.Fatalf("%v became %v", nominal, effective)
		}
		back, err := schedule.NominalRate(effective, perYear)
		if err != nil {
			t.Fatal(err)
		}
		goal := big.NewRat(1e12+effective.Pico(), 1e12)
		low, high := compounded(2*back.Pico()-1, perYear), compounded(2*back.Pico()+1, perYear)
		if low.Cmp(goal) > 0 || high.Cmp(goal) < 0 {
			t.Fatalf("%v became %v", effective, back)
		}
		if diff := back.Pico() - nominal.Pico(); diff < -1 || diff > 1 {
			t.Fatalf("%v became %v", nominal, back)
		}
	})
}

func TestEffectiveRateRefuses(t *testing.T) {
	year := schedule.MustRate("12% per year")
	for _, test := range []struct {
		rate    schedule.Rate
		perYear int
	}{
		{year, 0}, {year, 367}, {year, -1}, {schedule.MustRate("1% per period"), 12},
		{schedule.Rate{}, 12},
	} {
		if _, err := schedule.EffectiveRate(test.rate, test.perYear); !errors.Is(err, schedule.ErrRate) {
			t.Errorf("%v, %d: %v", test.rate, test.perYear, err)
		}
		if _, err := schedule.NominalRate(test.rate, test.perYear); !errors.Is(err, schedule.ErrRate) {
			t.Errorf("%v, %d: %v", test.rate, test.perYear, err)
		}
	}
	if _, err := schedule.EffectiveRate(schedule.MustRate("10000% per year"), 366); err == nil {
		t.Error("no error")
	}
	if rate, err := schedule.NominalRate(schedule.MustRate("10000% per year"), 366); err != nil ||
		math.Abs(float64(rate.Pico())/1e12-4.6443) > 1e-3 {
		t.Error(rate, err)
	}
}

func ExampleEffectiveRate() {
	effective, err := schedule.EffectiveRate(schedule.MustRate("12% per year"), 12)
	fmt.Println(effective, err)
	nominal, err := schedule.NominalRate(effective, 12)
	fmt.Println(nominal, err)
	// Output:
	// 12.6825030132% per year <nil>
	// 12% per year <nil>
}
