package schedule_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

func TestPortableAgreesWithMath(t *testing.T) {
	near := func(t *rapid.T, name string, x, got, want float64) {
		if got != want && !(math.Abs(got-want) <= 2e-15*math.Abs(want)) {
			t.Fatalf("%s(%v) = %v, want %v", name, x, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			x := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.Float64Range(-700, 700),
				rapid.Float64Range(-1e-9, 1e-9)).Draw(t, "x")
			near(t, "exp", x, schedule.Exp(x), math.Exp(x))
			near(t, "expm1", x, schedule.Expm1(x), math.Expm1(x))
			u := rapid.OneOf(rapid.Float64Range(-0.999, 1), rapid.Float64Range(-0.999, 1e9),
				rapid.Float64Range(-1e-9, 1e-9)).Draw(t, "u")
			near(t, "log1p", u, schedule.Log1p(u), math.Log1p(u))
			p := rapid.Float64Range(1e-9, 1e9).Draw(t, "p")
			if got, want := schedule.LnRatio(p, 3), math.Log(p/3); math.Abs(got-want) > 4e-15 {
				t.Fatalf("ln(%v/3) = %v, want %v", p, got, want)
			}
		}
	})
	for _, x := range []float64{-1e300, math.Inf(-1)} {
		if schedule.Exp(x) != 0 || schedule.Expm1(x) != -1 {
			t.Errorf("exp(%v) = %v", x, schedule.Exp(x))
		}
	}
	for _, x := range []float64{1e300, math.Inf(1)} {
		if !math.IsInf(schedule.Exp(x), 1) || !math.IsInf(schedule.Expm1(x), 1) {
			t.Errorf("exp(%v) = %v", x, schedule.Exp(x))
		}
	}
}
