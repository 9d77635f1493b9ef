package schedule_test

import (
	"encoding"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestRateRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRate().Draw(t, "rate")
		if got, err := schedule.ParseRate(want.String()); got != want || err != nil {
			t.Fatalf("%s parsed as %v, %v", want, got, err)
		}
		if got, err := schedule.NewRate(want.Decimal(), want.Basis()); got != want || err != nil {
			t.Fatalf("%s from a decimal: %v, %v", want, got, err)
		}
		if got, err := schedule.RateFromPico(want.Pico(), want.Basis()); got != want || err != nil {
			t.Fatalf("%s from pico: %v, %v", want, got, err)
		}
	})
}

func TestParseRate(t *testing.T) {
	tests := []struct {
		text string
		pico int64
	}{
		{"12% per year", 120_000_000_000},
		{"1.05% per period", 10_500_000_000},
		{"0% per year", 0},
		{"0.0000000001% per year", 1},
		{"10000% per period", schedule.MaxPico},
		{"12.50% per year", 125_000_000_000},
	}
	for _, test := range tests {
		got, err := schedule.ParseRate(test.text)
		if err != nil || got.Pico() != test.pico || got.IsZero() {
			t.Errorf("%s: got %d, %v", test.text, got.Pico(), err)
		}
	}
}

func TestParseRateRefuses(t *testing.T) {
	for _, text := range []string{
		"", "%", "12", "12%", "12% per", "12% per month", "-1% per year", "+1% per year",
		"1e2% per year", ".5% per year", "5.% per year", "1.2.3% per year", " 1% per year",
		"1% per year ", "1 % per year", "123456% per year", "0.00000000001% per year",
		"% per year", "1,5% per year", strings.Repeat("9", 100) + "% per year",
	} {
		var fault *schedule.SyntaxError
		if _, err := schedule.ParseRate(text); !errors.As(err, &fault) || len(fault.Input) > 40 {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if _, err := schedule.ParseRate("10000.0000000001% per year"); !errors.Is(err, schedule.ErrRate) {
		t.Errorf("above the limit: got %v", err)
	}
}

func TestNewRateRefuses(t *testing.T) {
	tests := []struct {
		name     string
		fraction decimal.Decimal
		basis    schedule.Basis
	}{
		{"negative", decimal.New(-1, -12), schedule.PerYear},
		{"too high", decimal.New(100_000_000_000_001, -12), schedule.PerYear},
		{"too fine", decimal.New(1, -13), schedule.PerYear},
		{"huge", decimal.New(1, 1<<30), schedule.PerYear},
		{"minute", decimal.New(1, -1<<30), schedule.PerYear},
		{"no basis", decimal.New(1, -2), 0},
		{"unknown basis", decimal.New(1, -2), 4},
	}
	for _, test := range tests {
		if _, err := schedule.NewRate(test.fraction, test.basis); !errors.Is(err, schedule.ErrRate) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
	padded := decimal.RequireFromString("0.1200000000000000000000")
	got, err := schedule.NewRate(padded, schedule.PerYear)
	if err != nil || got != schedule.MustRate("12% per year") {
		t.Errorf("zeros at the end: got %v, %v", got, err)
	}
}

func FuzzParseRate(f *testing.F) {
	f.Add("12% per year")
	f.Add("1.05% per period")
	f.Fuzz(func(t *testing.T, text string) {
		rate, err := schedule.ParseRate(text)
		if err != nil {
			return
		}
		if back, err := schedule.ParseRate(rate.String()); back != rate || err != nil {
			t.Fatalf("%q reads as %s, which reads as %s, %v", text, rate, back, err)
		}
	})
}

func FuzzParseFrequency(f *testing.F) {
	f.Add("1 month")
	f.Add("520 weeks")
	f.Fuzz(func(t *testing.T, text string) {
		every, err := schedule.ParseFrequency(text)
		if err == nil && every.String() != text {
			t.Fatalf("%q reads as %s", text, every)
		}
	})
}

func TestFrequencyRoundTrips(t *testing.T) {
	for _, every := range []schedule.Frequency{
		schedule.Months(1), schedule.Months(3), schedule.Weeks(2), schedule.Days(1),
		schedule.Days(schedule.MaxDays),
	} {
		if got, err := schedule.ParseFrequency(every.String()); got != every || err != nil {
			t.Errorf("%s: got %v, %v", every, got, err)
		}
	}
	for _, text := range []string{
		"", "month", "1 months", "2 month", "0 days", "-1 days", "+1 month", "01 month",
		"121 months", "1 year", "1 monthss", "2  weeks", "99999999999999999999 days",
	} {
		if _, err := schedule.ParseFrequency(text); !errors.Is(err, schedule.ErrSyntax) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	for _, every := range []schedule.Frequency{
		schedule.Months(0), schedule.Months(121), schedule.Weeks(-1), schedule.Days(math.MaxInt),
	} {
		if !every.IsZero() {
			t.Errorf("%s should be unset", every)
		}
	}
	if day := civil.MustParse("2026-01-01"); !(schedule.Frequency{}).After(day, 1).IsZero() ||
		!schedule.Months(120).After(day, math.MaxInt).IsZero() {
		t.Error("After leaves the calendar without saying so")
	}
}

type enum interface {
	encoding.TextMarshaler
	String() string
}

func TestEnumTexts(t *testing.T) {
	tests := []struct {
		value enum
		back  encoding.TextUnmarshaler
		text  string
	}{
		{schedule.MethodLevelPayment, new(schedule.Method), "level-payment"},
		{schedule.MethodFlat, new(schedule.Method), "flat"},
		{schedule.AccrueByDays, new(schedule.Accrual), "by-days"},
		{schedule.PerPeriod, new(schedule.Basis), "per-period"},
		{schedule.UnitDay, new(schedule.Unit), "day"},
		{schedule.UnitHalfMonth, new(schedule.Unit), "half-month"},
		{schedule.UnitTerm, new(schedule.Unit), "term"},
		{schedule.MethodFixedPayment, new(schedule.Method), "fixed-payment"},
		{schedule.MethodCustom, new(schedule.Method), "custom"},
		{schedule.MethodStepped, new(schedule.Method), "stepped"},
		{schedule.MethodSumOfDigits, new(schedule.Method), "sum-of-digits"},
		{schedule.AccrueByPeriodDays, new(schedule.Accrual), "by-period-days"},
		{schedule.OfPrincipal, new(schedule.Basis), "of-principal"},
		{schedule.SizeByPeriod, new(schedule.Sizing), "by-period"},
		{schedule.SizeByAccrual, new(schedule.Sizing), "by-accrual"},
		{schedule.StubShort, new(schedule.Stub), "short"},
		{schedule.StubLong, new(schedule.Stub), "long"},
		{schedule.RemainderLast, new(schedule.Remainder), "last"},
		{schedule.RemainderFirst, new(schedule.Remainder), "first"},
		{schedule.GrainRow, new(schedule.Grain), "row"},
		{schedule.GrainDay, new(schedule.Grain), "day"},
		{schedule.GrainNone, new(schedule.Grain), "none"},
		{schedule.GrainPerDiem, new(schedule.Grain), "per-diem"},
		{schedule.ChangePrepay, new(schedule.ChangeKind), "prepay"},
		{schedule.ChangeShort, new(schedule.ChangeKind), "short"},
		{schedule.ChangeHoliday, new(schedule.ChangeKind), "holiday"},
		{schedule.ChangeReschedule, new(schedule.ChangeKind), "reschedule"},
		{schedule.ChangeResize, new(schedule.ChangeKind), "resize"},
		{schedule.ChangeCapitalise, new(schedule.ChangeKind), "capitalise"},
		{schedule.ChangeWaive, new(schedule.ChangeKind), "waive"},
		{schedule.ChangePayOff, new(schedule.ChangeKind), "pay-off"},
		{schedule.ChangeEarly, new(schedule.ChangeKind), "early"},
		{schedule.EffectNext, new(schedule.Effect), "next"},
		{schedule.EffectLower, new(schedule.Effect), "lower"},
		{schedule.EffectShorter, new(schedule.Effect), "shorter"},
	}
	for _, test := range tests {
		text, err := test.value.MarshalText()
		if err != nil || string(text) != test.text || test.value.String() != test.text {
			t.Errorf("%s: got %s, %v", test.text, text, err)
		}
		if err := test.back.UnmarshalText(text); err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		again, err := test.back.(enum).MarshalText()
		if err != nil || string(again) != test.text {
			t.Errorf("%s came back as %s, %v", test.text, again, err)
		}
		if err := test.back.UnmarshalText([]byte("nothing")); !errors.Is(err, schedule.ErrSyntax) {
			t.Errorf("unknown word: %v", err)
		}
	}
	for _, value := range []enum{
		schedule.Method(0), schedule.Method(10), schedule.Accrual(0), schedule.Accrual(4),
		schedule.Basis(0), schedule.Basis(4), schedule.Unit(0), schedule.Unit(6), schedule.Rate{},
		schedule.Frequency{}, schedule.Sizing(0), schedule.Sizing(3), schedule.Stub(0),
		schedule.Stub(3), schedule.Remainder(0), schedule.Remainder(3), schedule.Grain(0),
		schedule.Grain(5), schedule.ChangeKind(0), schedule.ChangeKind(10), schedule.Effect(0),
		schedule.Effect(4),
	} {
		if _, err := value.MarshalText(); !errors.Is(err, schedule.ErrSyntax) {
			t.Errorf("%T(%s): got %v", value, value, err)
		}
	}
	if got := schedule.Method(99).String(); got != "Method(99)" {
		t.Errorf("got %s", got)
	}
}
