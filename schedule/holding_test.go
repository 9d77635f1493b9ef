package schedule_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func holdingOf(flows []schedule.Flow) schedule.Holding {
	return schedule.Holding{On: flows[0].On, Flows: flows[1:]}
}

// Whatever floating point proposes, long arithmetic agrees, at any yield and in every mode.
func TestDirtyPriceAgreesWithLongArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := holdingOf(anyLoan(t))
		y := schedule.Yield(rapid.OneOf(rapid.Float64Range(-0.2, 0.5), rapid.Float64Range(-0.999, 100),
			rapid.SampledFrom([]float64{0, 1, 3, -0.5, 31})).Draw(t, "yield"))
		for _, mode := range allModes {
			got, err := h.DirtyPrice(y, mode)
			want, ok := schedule.ExactPrice(h, y, mode)
			if ok != (err == nil) || ok && got.Minor() != want {
				t.Fatalf("%v: got %v, %v, want %d, %v", mode, got, err, want, ok)
			}
		}
	})
}

// At 100 % a year the price of an odd cent in a year is half a cent exactly.
func TestDirtyPriceDecidesTies(t *testing.T) {
	on := civil.MustParse("2025-01-01")
	for _, test := range []struct {
		cents string
		mode  money.Mode
		want  int64
	}{
		{"0.03", money.HalfEven, 2}, {"0.03", money.HalfUp, 2}, {"0.03", money.HalfDown, 1},
		{"0.03", money.Up, 2}, {"0.03", money.Down, 1}, {"0.03", money.Ceiling, 2},
		{"0.03", money.Floor, 1}, {"-0.03", money.HalfEven, -2}, {"-0.03", money.Ceiling, -1},
		{"-0.03", money.Floor, -2}, {"-0.05", money.HalfEven, -2}, {"0.04", money.Floor, 2},
		{"0.04", money.Up, 2},
	} {
		h := schedule.Holding{On: on, Flows: []schedule.Flow{
			{On: on.AddDays(365), Amount: money.MustParse("EUR " + test.cents)}}}
		if got, err := h.DirtyPrice(1, test.mode); err != nil || got.Minor() != test.want {
			t.Errorf("%s %v: %v, %v, want %d", test.cents, test.mode, got, err, test.want)
		}
		// At 3100 % the discount over 73 days is 1/2, which takes a root.
		h.Flows[0].On = on.AddDays(73)
		if got, err := h.DirtyPrice(31, test.mode); err != nil || got.Minor() != test.want {
			t.Errorf("%s %v: %v, %v, want %d", test.cents, test.mode, got, err, test.want)
		}
	}
}

// The yield at the price of a yield is that yield, but for the cent that the price was rounded to.
func TestYieldAtUndoesPrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := holdingOf(loanFlows(rapid.IntRange(1, 60).Draw(t, "payments"), 50_000_000))
		y := schedule.Yield(rapid.Float64Range(-0.5, 2).Draw(t, "yield"))
		price, err := h.DirtyPrice(y, money.HalfEven)
		if err != nil {
			t.Fatal(err)
		}
		back, err := h.YieldAt(price)
		if err != nil || math.Abs(float64(back-y)) > 1e-6 {
			t.Fatalf("%v became %v, %v", y, back, err)
		}
	})
}

func TestCleanPrice(t *testing.T) {
	h := holdingOf(loanFlows(12, 90_000))
	h.Accrued = money.MustParse("USD 12.34")
	dirty, err := h.DirtyPrice(0.1, money.HalfEven)
	clean, err2 := h.CleanPrice(0.1, money.HalfEven)
	if diff, err3 := dirty.Sub(clean); errors.Join(err, err2, err3) != nil || diff != h.Accrued {
		t.Error(dirty, clean, err, err2, err3)
	}
	h.Accrued = money.MustParse("EUR 12.34")
	if _, err := h.CleanPrice(0.1, money.HalfEven); err == nil {
		t.Error("no error")
	}
}

// Modified duration is the slope of the price, measured.
func TestDurationIsTheSlopeOfThePrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := holdingOf(loanFlows(rapid.IntRange(1, 60).Draw(t, "payments"), 5_000_000_000_000))
		y := schedule.Yield(rapid.Float64Range(-0.3, 1).Draw(t, "yield"))
		d, err := h.Duration(y)
		if err != nil {
			t.Fatal(err)
		}
		const step = 1e-4
		price := func(y schedule.Yield) float64 {
			amt, err := h.DirtyPrice(y, money.HalfEven)
			if err != nil {
				t.Fatal(err)
			}
			return float64(amt.Minor())
		}
		measured := -(price(y+step) - price(y-step)) / (2 * step) / price(y)
		if math.Abs(measured-d.Modified) > 1e-4*d.Modified+1e-5 {
			t.Fatalf("measured %v, got %v", measured, d)
		}
		if math.Abs(d.Macaulay-d.Modified*(1+float64(y))) > 1e-12 {
			t.Fatal(d)
		}
	})
}

func TestAverageLife(t *testing.T) {
	on := civil.MustParse("2025-01-01")
	flow := func(days int, dollars float64) schedule.Flow {
		return schedule.Flow{On: on.AddDays(days), Amount: fine(dollars)}
	}
	h := schedule.Holding{On: on, Flows: []schedule.Flow{flow(730, 300), flow(0, 500), flow(365, 100)}}
	if years, err := h.AverageLife(); err != nil || math.Abs(years-1.75) > 1e-15 {
		t.Error(years, err)
	}
}

func TestHoldingRefuses(t *testing.T) {
	h := holdingOf(loanFlows(12, 90_000))
	for _, y := range []float64{-1, -2, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := h.DirtyPrice(schedule.Yield(y), money.HalfEven)
		if reasonOf(t, err) != schedule.ReasonRange {
			t.Errorf("%v: %v", y, err)
		}
		if _, err := h.Duration(schedule.Yield(y)); reasonOf(t, err) != schedule.ReasonRange {
			t.Errorf("%v: %v", y, err)
		}
	}
	if _, err := h.DirtyPrice(0, 0); !errors.Is(err, schedule.ErrTerms) {
		t.Error(err)
	}
	if _, err := h.DirtyPrice(-0.999999999999, money.HalfEven); !errors.Is(err, schedule.ErrOverflow) {
		t.Error(err)
	}
	_, err := schedule.Holding{}.DirtyPrice(0, money.HalfEven)
	if reasonOf(t, err) != schedule.ReasonTime {
		t.Error(err)
	}
	past := schedule.Holding{On: h.On.AddMonths(50), Flows: h.Flows}
	if price, err := past.DirtyPrice(0.1, money.HalfEven); err != nil || price.String() != "USD 0.00" {
		t.Error(price, err)
	}
	if _, err := past.Duration(0.1); reasonOf(t, err) != schedule.ReasonNoFlows {
		t.Error(err)
	}
	_, err = past.YieldAt(money.MustParse("USD 1.00"))
	if reasonOf(t, err) != schedule.ReasonTotalLoss {
		t.Error(err)
	}
}

func ExampleHolding() {
	on := civil.MustParse("2026-03-15")
	h := schedule.Holding{On: on, Accrued: money.MustParse("EUR 5.00"), Flows: []schedule.Flow{
		{On: civil.MustParse("2026-09-15"), Amount: money.MustParse("EUR 510.00")},
		{On: civil.MustParse("2027-03-15"), Amount: money.MustParse("EUR 505.00")},
	}}
	dirty, err := h.DirtyPrice(0.08, money.HalfEven)
	clean, err2 := h.CleanPrice(0.08, money.HalfEven)
	fmt.Println(dirty, clean, errors.Join(err, err2))
	yield, err := h.YieldAt(dirty)
	duration, err2 := h.Duration(yield)
	fmt.Printf("%v, %.4f years, %v\n", yield, duration.Macaulay, errors.Join(err, err2))
	// Output:
	// EUR 958.19 EUR 953.19 <nil>
	// 7.9993%, 0.7461 years, <nil>
}

func BenchmarkDirtyPrice(b *testing.B) {
	h := holdingOf(loanFlows(36, 33_000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.DirtyPrice(0.1, money.HalfEven); err != nil {
			b.Fatal(err)
		}
	}
}
