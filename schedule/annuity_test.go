package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// Whatever floating point proposes, whole numbers agree, at ordinary rates and at odd ones.
func TestLevelPaymentAgreesWithWholeNumbers(t *testing.T) {
	var cases, sure int
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			p := rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, 1e10),
				rapid.Int64Range(1, money.MaxMinor)).Draw(t, "principal")
			num := rapid.OneOf(rapid.Int64Range(1, 12_000_000_000_000),
				rapid.Map(rapid.Int64Range(1, 50), func(n int64) int64 { return n * 120_000_000_000 }),
			).Draw(t, "rate")
			n := rapid.OneOf(rapid.IntRange(1, 4), rapid.IntRange(1, 60)).Draw(t, "n")
			mode := rapid.SampledFrom(allModes).Draw(t, "mode")
			const den = 12_000_000_000_000
			got, exact, ok := schedule.LevelPayments(p, num, den, n, mode)
			if ok && got != exact {
				t.Fatalf("got %d, want %d", got, exact)
			}
			cases++
			if schedule.Proposed(p, num, den, n, mode) {
				sure++
			}
		}
	})
	t.Logf("%d payments, %d by floating point alone", cases, sure)
	if sure == 0 || sure == cases {
		t.Error("only one of the two ways was taken")
	}
}

// Ties that floating point cannot see: one period at 50 % of an odd principal is a half exactly.
func TestLevelPaymentDecidesTies(t *testing.T) {
	tests := []struct {
		mode money.Mode
		want int64
	}{
		{money.HalfEven, 2}, {money.HalfUp, 2}, {money.HalfDown, 1}, {money.Up, 2},
		{money.Down, 1}, {money.Ceiling, 2}, {money.Floor, 1},
	}
	for _, test := range tests {
		if got, _, _ := schedule.LevelPayments(1, 1, 2, 1, test.mode); got != test.want {
			t.Errorf("%v: 1.5 became %d, want %d", test.mode, got, test.want)
		}
		// 100 x 1.1 is 110 exactly, and stays so in every mode.
		if got, _, _ := schedule.LevelPayments(100, 1, 10, 1, test.mode); got != 110 {
			t.Errorf("%v: 110 became %d", test.mode, got)
		}
	}
}

func TestFactorAgreesWithMulDiv(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Int64Range(0, 1000),
			rapid.Int64Range(0, money.MaxMinor)).Draw(t, "amount")
		den := rapid.OneOf(rapid.Int64Range(1, 1<<12), rapid.Int64Range(1, 1<<58)).Draw(t, "den")
		num := rapid.OneOf(rapid.Int64Range(0, 2*den), rapid.Int64Range(0, min(den, 1000)),
			rapid.SampledFrom([]int64{0, den / 2, den - 1, den})).Draw(t, "num")
		for _, mode := range allModes {
			fast, exact, same := schedule.TakeOf(amount, num, den, mode)
			if !same || fast != exact {
				t.Fatalf("%v: got %d, want %d", mode, fast, exact)
			}
		}
	})
}

// LendingClub, loans of early 2018, published by the platform: 36 or 60 months, rounded up.
func TestLevelPaymentLendingClub(t *testing.T) {
	tests := []struct {
		principal string
		rate      string
		months    int
		want      string
	}{
		{"10000", "5.32", 36, "301.15"},
		{"20000", "5.32", 36, "602.30"},
		{"6000", "6.72", 36, "184.50"},
		{"3500", "7.35", 36, "108.64"},
		{"15000", "7.35", 36, "465.57"},
		{"27500", "7.97", 36, "861.37"},
		{"1500", "9.44", 36, "48.01"},
		{"24000", "9.93", 60, "509.11"},
		{"40000", "10.42", 60, "858.18"},
		{"7325", "10.91", 36, "239.50"},
		{"30000", "13.59", 60, "691.69"},
		{"17000", "15.05", 36, "589.73"},
		{"20000", "21.45", 60, "546.15"},
		{"16000", "26.3", 60, "481.90"},
	}
	for _, test := range tests {
		got := lendingClub(t, test.principal, test.rate, test.months)
		if want := money.MustParse("USD " + test.want).Minor(); got != want {
			t.Errorf("%s at %s%%: got %d, want %d", test.principal, test.rate, got, want)
		}
	}
}

// lendingClub is the level payment of a loan under that platform's rules, in cents.
func lendingClub(t *testing.T, principal, rate string, months int) int64 {
	t.Helper()
	terms := terms12()
	amt, err := money.ParseIn(principal, money.MustCurrency("USD"))
	if err != nil {
		t.Fatal(err)
	}
	terms.Principal, terms.Periods = amt, months
	if terms.Rate, err = schedule.ParseRate(rate + "% per year"); err != nil {
		t.Fatal(err)
	}
	terms.Rounding.Instalment = money.Up
	prepared, err := terms.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	return prepared.Instalment()
}
