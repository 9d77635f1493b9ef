package schedule_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

var allModes = []money.Mode{
	money.HalfEven, money.HalfUp, money.HalfDown, money.Up, money.Down, money.Ceiling, money.Floor,
}

var allMethods = []schedule.Method{
	schedule.MethodLevelPayment, schedule.MethodEqualPrincipal, schedule.MethodInterestOnly,
	schedule.MethodBullet, schedule.MethodFlat,
}

// terms12 are the terms that tests start from: 100,000.00 at 12 % in 12 level months.
func terms12() schedule.Terms {
	return schedule.Terms{
		Principal: money.MustParse("CNY 100000.00"),
		Rate:      schedule.MustRate("12% per year"),
		Method:    schedule.MethodLevelPayment,
		Periods:   12,
		Every:     schedule.Months(1),
		Start:     civil.MustParse("2026-01-31"),
		DayCount:  daycount.Thirty360US,
		Accrual:   schedule.AccrueByPeriod,
		Rounding:  schedule.Rounding{Instalment: money.HalfEven, Interest: money.HalfEven},
	}
}

// anyRate draws rates of every size, with short and with long decimals.
func anyRate() *rapid.Generator[schedule.Rate] {
	return rapid.Custom(func(t *rapid.T) schedule.Rate {
		pico := rapid.OneOf(
			rapid.SampledFrom([]int64{0, 1, 10_000_000_000, 120_000_000_000, schedule.MaxPico}),
			rapid.Map(rapid.Int64Range(0, 4000), func(bp int64) int64 { return bp * 100_000_000 }),
			rapid.Int64Range(0, 1e12),
			rapid.Int64Range(0, schedule.MaxPico),
		).Draw(t, "pico")
		basis := rapid.SampledFrom([]schedule.Basis{schedule.PerYear, schedule.PerPeriod})
		rate, err := schedule.RateFromPico(pico, basis.Draw(t, "basis"))
		if err != nil {
			t.Fatal(err)
		}
		return rate
	})
}

func anyFrequency() *rapid.Generator[schedule.Frequency] {
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]int{1, 1, 1, 3, 6, 12, 120}), schedule.Months),
		rapid.Map(rapid.SampledFrom([]int{1, 2, 4, 520}), schedule.Weeks),
		rapid.Map(rapid.SampledFrom([]int{1, 7, 10, 30, 365, 3660}), schedule.Days),
	)
}

// anyDate draws days from 2000 to 2060, ends of months more often than by chance.
func anyDate() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		first := civil.MustParse("2000-01-01")
		day := first.AddDays(rapid.IntRange(0, 60*365).Draw(t, "day"))
		if rapid.Bool().Draw(t, "month end") {
			return date(day.Year(), day.Month(), civil.DaysIn(day.Year(), day.Month()))
		}
		return day
	})
}

// anyTerms draws valid terms with every field at its edges.
func anyTerms() *rapid.Generator[schedule.Terms] {
	cny := money.MustCurrency("CNY")
	return rapid.Custom(func(t *rapid.T) schedule.Terms {
		minor := rapid.OneOf(
			rapid.Int64Range(1, 100),
			rapid.Int64Range(1, 1e9),
			rapid.Int64Range(1, money.MaxMinor),
			rapid.Int64Range(money.MaxMinor-1e15, money.MaxMinor),
		).Draw(t, "principal")
		principal, err := money.New(minor, cny)
		if err != nil {
			t.Fatal(err)
		}
		periods := rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(1, 36), rapid.IntRange(1, 120))
		terms := schedule.Terms{
			Principal: principal,
			Rate:      anyRate().Draw(t, "rate"),
			Method:    rapid.SampledFrom(allMethods).Draw(t, "method"),
			Periods:   periods.Draw(t, "periods"),
			Every:     anyFrequency().Draw(t, "every"),
			Start:     anyDate().Draw(t, "start"),
			DayCount: rapid.SampledFrom([]daycount.Convention{
				daycount.Thirty360US, daycount.Act365F, daycount.Act360,
			}).Draw(t, "day count"),
			Accrual: rapid.SampledFrom([]schedule.Accrual{
				schedule.AccrueByPeriod, schedule.AccrueByDays,
			}).Draw(t, "accrual"),
			Rounding: schedule.Rounding{
				Instalment: rapid.SampledFrom(allModes).Draw(t, "instalment"),
				Interest:   rapid.SampledFrom(allModes).Draw(t, "interest"),
			},
		}
		if rapid.Bool().Draw(t, "odd first period") {
			terms.FirstDue = terms.Start.AddDays(rapid.IntRange(1, 200).Draw(t, "first due"))
		}
		return terms
	})
}

func TestTermsValidateReportsEverything(t *testing.T) {
	err := schedule.Terms{}.Validate()
	if !errors.Is(err, schedule.ErrTerms) {
		t.Fatalf("got %v, want ErrTerms", err)
	}
	var fields []string
	for _, fault := range err.(interface{ Unwrap() []error }).Unwrap() {
		var fault1 *schedule.TermsError
		if !errors.As(fault, &fault1) {
			t.Fatalf("%T is no *TermsError", fault)
		}
		fields = append(fields, fault1.Field)
	}
	want := []string{
		"Principal", "Rate", "Method", "Periods", "Every", "Start", "DayCount", "Accrual",
		"Rounding.Instalment", "Rounding.Interest",
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Error(diff)
	}
}

func TestTermsValidateNamesTheField(t *testing.T) {
	tests := []struct {
		field string
		spoil func(*schedule.Terms)
	}{
		{"Principal", func(t *schedule.Terms) { t.Principal = money.MustParse("CNY -0.01") }},
		{"Principal", func(t *schedule.Terms) { t.Principal = money.MustParse("CNY 0.00") }},
		{"Periods", func(t *schedule.Terms) { t.Periods = 601 }},
		{"Periods", func(t *schedule.Terms) { t.Start = civil.MustParse("9999-06-01") }},
		{"Every", func(t *schedule.Terms) { t.Every = schedule.Days(0) }},
		{"FirstDue", func(t *schedule.Terms) { t.FirstDue = t.Start.AddDays(-1) }},
		{"FirstDue", func(t *schedule.Terms) { t.FirstDue, t.Periods = t.Start, 1 }},
		{"Method", func(t *schedule.Terms) { t.Method = 99 }},
		{"DayCount", func(t *schedule.Terms) { t.DayCount = 99 }},
		{"Accrual", func(t *schedule.Terms) { t.Accrual = 4 }},
		{"Rounding.Interest", func(t *schedule.Terms) { t.Rounding.Interest = 8 }},
	}
	for _, test := range tests {
		terms := terms12()
		test.spoil(&terms)
		_, err := terms.Plan()
		var fault *schedule.TermsError
		if !errors.As(err, &fault) || fault.Field != test.field {
			t.Errorf("%s: got %v", test.field, err)
		}
	}
	if err := terms12().Validate(); err != nil {
		t.Error(err)
	}
}

func TestTermsJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTerms().Draw(t, "terms")
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got schedule.Terms
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if !got.Equal(want) {
			t.Fatalf("%s came back as %+v", text, got)
		}
	})
}

func TestTermsJSONIsReadable(t *testing.T) {
	got, err := json.Marshal(terms12())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"principal":"CNY 100000.00","rate":"12% per year","method":"level-payment",` +
		`"periods":12,"every":"1 month","start":"2026-01-31","day_count":"30/360",` +
		`"accrual":"by-period","rounding":{"instalment":"half-even","interest":"half-even"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func FuzzTermsJSON(f *testing.F) {
	for _, method := range allMethods {
		terms := terms12()
		terms.Method, terms.FirstDue = method, civil.MustParse("2026-03-15")
		seed, err := json.Marshal(terms)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var terms schedule.Terms
		if json.Unmarshal(text, &terms) != nil {
			return
		}
		plan, err := terms.Plan()
		if err != nil {
			if !errors.Is(err, schedule.ErrTerms) && !errors.Is(err, schedule.ErrOverflow) {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if err := plan.Check(); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
