package schedule_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// anyFields draws terms in which every field has a value of its own, options each with a chance.
// They need not make a plan.
func anyFields(set *rapid.Generator[bool]) *rapid.Generator[schedule.Terms] {
	return rapid.Custom(func(t *rapid.T) (terms schedule.Terms) {
		fill(t, set, reflect.ValueOf(&terms).Elem())
		return terms
	})
}

// fill sets a field, and the fields of it, by its type.
func fill(t *rapid.T, set *rapid.Generator[bool], field reflect.Value) {
	if draw := fieldOf(t, field.Type()); draw != nil {
		field.Set(reflect.ValueOf(draw))
		return
	}
	switch field.Kind() {
	case reflect.Uint8:
		words := rapid.IntRange(1, countWords(field.Type()))
		field.SetUint(uint64(words.Draw(t, field.Type().Name())))
	case reflect.Int, reflect.Int64:
		field.SetInt(rapid.Int64Range(1, 600).Draw(t, "number"))
	case reflect.Bool:
		field.SetBool(true)
	case reflect.Slice:
		field.Set(reflect.MakeSlice(field.Type(), rapid.IntRange(1, 3).Draw(t, "length"), 3))
		for i := range field.Len() {
			fill(t, set, field.Index(i))
		}
	default:
		for i := range field.NumField() {
			_, optional, _ := strings.Cut(field.Type().Field(i).Tag.Get("json"), ",")
			if optional == "" || set.Draw(t, field.Type().Field(i).Name) {
				fill(t, set, field.Field(i))
			}
		}
	}
}

// fieldOf draws a value of a type that writes itself, nil when it is of another type.
func fieldOf(t *rapid.T, field reflect.Type) any {
	switch field {
	case reflect.TypeFor[money.Amount]():
		codes := rapid.SampledFrom([]string{"CNY", "JPY", "KWD", "XTS/6"})
		minor := rapid.Int64Range(1, money.MaxMinor)
		amt, err := money.New(minor.Draw(t, "minor"), money.MustCurrency(codes.Draw(t, "code")))
		if err != nil {
			t.Fatal(err)
		}
		return amt
	case reflect.TypeFor[civil.Date]():
		return anyDate().Draw(t, "date")
	case reflect.TypeFor[schedule.Rate]():
		bases := rapid.SampledFrom([]schedule.Basis{1, 2, 3})
		rate, err := schedule.RateFromPico(anyRate().Draw(t, "rate").Pico(), bases.Draw(t, "basis"))
		if err != nil {
			t.Fatal(err)
		}
		return rate
	case reflect.TypeFor[schedule.Frequency]():
		return rapid.OneOf(anyFrequency(), rapid.Just(schedule.SemiMonthly()),
			rapid.Just(schedule.AtMaturity())).Draw(t, "frequency")
	case reflect.TypeFor[calendar.Calendar]():
		return rapid.SampledFrom([]calendar.Calendar{
			calendar.SaturdaySunday(), calendar.MustParse(`{"holidays":["2026-10-01","2026-10-02"]}`),
			calendar.MustParse(`{"weekend":["fri","sat"],"workdays":["2026-01-02"]}`),
		}).Draw(t, "calendar")
	}
	return nil
}

// countWords is how many words an enum has.
func countWords(enum reflect.Type) (n int) {
	for value := reflect.New(enum).Elem(); ; n++ {
		value.SetUint(uint64(n + 1))
		if _, err := value.Interface().(encoding.TextMarshaler).MarshalText(); err != nil {
			return n
		}
	}
}

func TestTermsJSONRoundTripEveryOption(t *testing.T) {
	for _, set := range []*rapid.Generator[bool]{rapid.Just(true), rapid.Bool()} {
		rapid.Check(t, func(t *rapid.T) {
			want := anyFields(set).Draw(t, "terms")
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
}

func TestTermsJSONRefusesUnknownWords(t *testing.T) {
	for _, test := range []struct {
		text string
		want error
	}{
		{`{"method":"annuity"}`, schedule.ErrSyntax},
		{`{"method":""}`, schedule.ErrSyntax},
		{`{"accrual":"By-Period"}`, schedule.ErrSyntax},
		{`{"stub":"both"}`, schedule.ErrSyntax},
		{`{"sizing":"by-hand"}`, schedule.ErrSyntax},
		{`{"every":"1 months"}`, schedule.ErrSyntax},
		{`{"rate":"12%"}`, schedule.ErrSyntax},
		{`{"rate":"10001% per year"}`, schedule.ErrRate},
		{`{"rounding":{"grain":"hour"}}`, schedule.ErrSyntax},
		{`{"rounding":{"remainder":"middle"}}`, schedule.ErrSyntax},
		{`{"rounding":{"interest":"half"}}`, money.ErrSyntax},
		{`{"principal":"CNY 1.000"}`, money.ErrAmount},
		{`{"day_count":"actual"}`, daycount.ErrSyntax},
		{`{"shift":{"rule":"next"}}`, calendar.ErrSyntax},
		{`{"start":"2026-02-30"}`, civil.ErrDate},
	} {
		var terms schedule.Terms
		if err := json.Unmarshal([]byte(test.text), &terms); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", test.text, err, test.want)
		}
	}
}

func planFor(t testing.TB, terms schedule.Terms) schedule.Plan {
	t.Helper()
	plan, err := terms.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// variedPlans are plans with something in every column, and of every length.
func variedPlans(t testing.TB) map[string]schedule.Plan {
	t.Helper()
	plans := map[string]schedule.Plan{"level": planFor(t, terms12())}
	add := func(name string, vary func(*schedule.Terms)) {
		terms := terms12()
		vary(&terms)
		plans[name] = planFor(t, terms)
	}
	monthly := schedule.Cycle{First: civil.MustParse("2026-02-28"), Every: schedule.Months(1)}
	add("one", func(t *schedule.Terms) { t.Method = schedule.MethodBullet })
	add("free", func(t *schedule.Terms) { t.Rate = schedule.MustRate("0% per year") })
	add("decades", func(t *schedule.Terms) { t.Periods = schedule.MaxPeriods })
	add("yen", func(t *schedule.Terms) { t.Principal = money.MustParse("JPY 1000000") })
	add("coins", func(t *schedule.Terms) { t.Principal = money.MustParse("CNY 0.03") })
	add("fine", func(t *schedule.Terms) { t.Principal = money.MustParse("XTS 0.000000000123") })
	add("vast", func(t *schedule.Terms) { t.Principal = money.MustParse("CNY 80000000000000.00") })
	add("fees", func(t *schedule.Terms) {
		t.Fees = []schedule.Fee{{Cycle: monthly, Amount: money.MustParse("CNY 12.50")}}
	})
	add("capitalised", func(t *schedule.Terms) {
		t.FirstDue, t.Capitalise = civil.MustParse("2026-08-31"), civil.MustParse("2026-07-31")
		t.Accrual = schedule.AccrueByDays
	})
	add("tranches", func(t *schedule.Terms) {
		t.Tranches = []schedule.Tranche{
			{On: civil.MustParse("2026-05-15"), Amount: money.MustParse("CNY 40000.00")},
		}
		t.DownPayment = schedule.MustRate("10% of principal")
		t.Shift = schedule.Shift{Rule: calendar.Following, Calendar: calendar.SaturdaySunday()}
	})
	plans["longest"] = longestPlan(t)
	return plans
}

// longestPlan is a recorded plan of MaxRows weeks.
func longestPlan(t testing.TB) schedule.Plan {
	t.Helper()
	terms := terms12()
	rows := make([]schedule.Row, schedule.MaxRows)
	for i := range rows {
		left := int64(schedule.MaxRows - 1 - i)
		rows[i] = schedule.Row{Due: terms.Start.AddDays(7 * (i + 1)), Principal: 1000,
			Interest: left, Balance: 1000 * left}
	}
	terms.Principal = money.MustParse("CNY 24000.00")
	plan, err := schedule.NewPlan(terms, rows)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// samePlan says how two plans differ, or nothing.
func samePlan(got, want schedule.Plan) string {
	switch {
	case !got.Terms().Equal(want.Terms()):
		return "terms differ"
	case !reflect.DeepEqual(got.Rows(), want.Rows()):
		return "rows differ"
	case got.TotalPayment() != want.TotalPayment() || got.TotalFees() != want.TotalFees():
		return "totals differ"
	}
	return ""
}

func checkPlanJSON(t rapid.TB, plan schedule.Plan) {
	t.Helper()
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var got schedule.Plan
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v: %s", err, text[:min(len(text), 2000)])
	}
	if diff := samePlan(got, plan); diff != "" {
		t.Fatalf("%s: %s", diff, text[:min(len(text), 2000)])
	}
}

func TestPlanJSONRoundTrip(t *testing.T) {
	for name, plan := range variedPlans(t) {
		t.Run(name, func(t *testing.T) { checkPlanJSON(t, plan) })
	}
	rapid.Check(t, func(t *rapid.T) {
		if plan, err := anyTerms().Draw(t, "terms").Plan(); err == nil {
			checkPlanJSON(t, plan)
		}
	})
}

func TestPlanJSONRefuses(t *testing.T) {
	terms := terms12()
	terms.Periods = 3
	monthly := schedule.Cycle{First: civil.MustParse("2026-02-28"), Every: schedule.Months(1)}
	terms.Fees = []schedule.Fee{{Cycle: monthly, Amount: money.MustParse("CNY 1.00")}}
	plan := planFor(t, terms)
	good, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, part, instead string
		cause               error // besides ErrPlan
	}{
		{"a field of no plan", `"rows":`, `"note":"x","rows":`, nil},
		{"a field of no terms", `"method":`, `"colour":1,"method":`, nil},
		{"a field of no row", `"number":1,`, `"number":1,"colour":1,`, nil},
		{"a field in another case", `"principal":"CNY 100000.00"`, `"Principal":"CNY 100000.00"`,
			schedule.ErrSyntax},
		{"a field twice", `"number":1,`, `"number":1,"number":1,`, schedule.ErrSyntax},
		{"a field twice, in another case", `"number":1,`, `"Number":7,"number":1,`, schedule.ErrSyntax},
		{"a very long field", `"rows":`, `"` + strings.Repeat("x", 1e6) + `":1,"rows":`, nil},
		{"no terms", `"terms":{`, `"terms":null,"x":{`, nil},
		{"terms that make no plan", `"periods":3`, `"periods":601`, schedule.ErrTerms},
		{"an unknown method", `level-payment`, `annuity`, schedule.ErrSyntax},
		{"a number for money", `"principal":"CNY 100000.00"`, `"principal":100000`, nil},
		{"a number for a row's money", `"interest":"CNY 1000.00"`, `"interest":1000.00`, nil},
		{"an amount too fine", `"interest":"CNY 1000.00"`, `"interest":"CNY 1000.000"`, money.ErrAmount},
		{"no interest", `"interest":"CNY 1000.00",`, ``, nil},
		{"no number", `"number":2,`, ``, nil},
		{"no end", `"end":"2026-02-28",`, ``, nil},
		{"another number", `"number":2`, `"number":3`, nil},
		{"another first day", `"from":"2026-01-31"`, `"from":"2026-01-30"`, nil},
		{"another total", `"total":"CNY 3400`, `"total":"CNY 3401`, nil},
		{"another currency", `"fee":"CNY 1.00"`, `"fee":"USD 1.00"`, nil},
		{"a sum that is none", `"interest":"CNY 1000.00"`, `"interest":"CNY 1000.01"`, nil},
		{"a balance that is none", `"balance":"CNY 6`, `"balance":"CNY 7`, nil},
		{"an impossible date", `"due":"2026-02-28"`, `"due":"2026-02-30"`, civil.ErrDate},
		{"rows that are no list", `"rows":[`, `"rows":{},"x":[`, nil},
		{"rows that are null", `"rows":[`, `"rows":null,"x":[`, nil},
		{"too many rows", `"rows":[`, `"rows":[` + strings.Repeat(`{},`, schedule.MaxRows), nil},
		{"two values", `{"terms"`, `{} {"terms"`, nil},
		{"a cut text", `"rows":`, `"rows":[`, nil},
		{"too long a text", `"rows":`, strings.Repeat(" ", schedule.MaxPlanJSON) + `"rows":`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := bytes.Replace(good, []byte(test.part), []byte(test.instead), 1)
			if bytes.Equal(text, good) && test.part != test.instead {
				t.Fatalf("%s is not in %s", test.part, good)
			}
			got := plan
			err := got.UnmarshalJSON(text)
			if !errors.Is(err, schedule.ErrPlan) || test.cause != nil && !errors.Is(err, test.cause) {
				t.Errorf("got %v, want ErrPlan and %v", err, test.cause)
			} else if len(err.Error()) > 400 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			if diff := samePlan(got, plan); diff != "" {
				t.Errorf("touched by an error: %s", diff)
			}
		})
	}
}

func TestPlanJSONOfNothing(t *testing.T) {
	if text, err := json.Marshal(schedule.Plan{}); !errors.Is(err, schedule.ErrPlan) {
		t.Errorf("the zero plan gives %s, %v", text, err)
	}
	plan := planFor(t, terms12())
	got := plan
	if err := json.Unmarshal([]byte("null"), &got); err != nil || samePlan(got, plan) != "" {
		t.Errorf("null: %v", err)
	}
	if err := json.Unmarshal([]byte("{}"), &got); !errors.Is(err, schedule.ErrTerms) {
		t.Errorf("an empty object: %v", err)
	}
}

func FuzzPlanJSON(f *testing.F) {
	for name, plan := range variedPlans(f) {
		if name == "longest" || name == "decades" {
			continue // long seeds make slow fuzzing
		}
		text, err := json.Marshal(plan)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var plan schedule.Plan
		err := plan.UnmarshalJSON(text)
		switch {
		case err != nil && !errors.Is(err, schedule.ErrPlan):
			t.Fatalf("untyped error %v", err)
		case err != nil || plan.Len() == 0:
			return
		}
		if err := plan.Check(); err != nil {
			t.Fatal(err)
		}
		checkPlanJSON(t, plan)
		plan.AppendSVG(plan.AppendCSV(plan.AppendMarkdown(plan.AppendTable(nil))))
	})
}

func BenchmarkPlanMarshalJSON(b *testing.B) {
	plan := planFor(b, terms12())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}
