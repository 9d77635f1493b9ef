package main

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Questions of fees, with answers worked by hand.
func TestFeeAnswers(t *testing.T) {
	for _, tc := range []struct{ name, ask, want string }{
		{"share and fixed", `"ppm":10000,"fixed":500,"round":"half-up","bases":[100000,1]`, `"fees":[1500,500],"total":2000`},
		{"nothing on nothing", `"ppm":10000,"fixed":500,"min":900,"round":"half-up","bases":[0]`, `"fees":[0],"total":0`},
		{"fixed alone", `"fixed":"USD 15.00","round":"down","bases":["USD 3.00"]`, `"fees":["USD 15.00"],"total":"USD 15.00"`},
		{"tax in the fee", `"fixed":10600,"tax_ppm":60000,"round":"down","bases":[1]`, `"fees":[10600],"total":10600,"taxes":[600]`},
		{"steps once", `"steps":[{"from":3,"fixed":100},{"from":8,"ppm":500000}],"round":"down","rows":[` +
			`{"base":1000,"count":2},{"base":1000,"count":3},{"base":1000,"count":7},{"base":1000,"count":8}]`,
			`"fees":[0,100,100,500],"total":700`},
		{"by the day, rounded once", `"per":"per-day","ppm":333,"round":"up","rows":[{"base":1000,"days":30}]`, `"fees":[10],"total":10`},
		{"by the day, each rounded", `"per":"per-day","ppm":333,"each_day":true,"round":"up","rows":[{"base":1000,"days":30}]`,
			`"fees":[30],"total":30`},
		{"by the day over a step", `"per":"per-day","fixed":1,"steps":[{"from":4,"fixed":10}],"round":"down","rows":[` +
			`{"base":1,"days":5,"count":5},{"base":1,"days":2,"count":6}]`, `"fees":[23,20],"total":43`},
		{"by the year", `"per":"per-year","ppm":100000,"round":"half-even","rows":[{"base":36500,"days":365},{"base":36500,"days":1}]`,
			`"fees":[3650,10],"total":3660`},
		{"within bounds", `"ppm":100000,"fixed":5,"min":20,"max":50,"round":"down","bases":[10,200,9000]`, `"fees":[20,25,50],"total":95`},
		{"above all of the base", `"ppm":100000000,"round":"down","bases":[3]`, `"fees":[300],"total":300`},
	} {
		text, _ := answerLine(4, []byte(`{"fee":{`+tc.ask+`}}`), false)
		if want := `{"line":4,"fee":{` + tc.want + `}}`; string(text) != want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, text, want)
		}
	}
}

// Each bad question of a fee is told with the line, the path of what is wrong, and what is wanted.
func TestFeeFaults(t *testing.T) {
	for _, tc := range []struct{ ask, code, field, problem string }{
		{`"ppm":-1,"bases":[1]`, "question", "fee.ppm", "must be 0 to 100000000"},
		{`"fixed":137438953473,"bases":[1]`, "overflow", "fee.fixed", "is beyond 137438953472 minor units"},
		{`"fixed":"CNY 1.00","bases":[1]`, "question", "fee.fixed", "must be in the form and currency of the other figures: minor units, without a currency"},
		{`"ppm":1,"steps":[{"from":1,"ppm":1},{"from":2,"ppm":100000001}],"rows":[{"base":1,"count":1}]`, "question", "fee.steps[1].ppm", "must be 0 to 100000000"},
		{`"ppm":1,"steps":[{"from":1},{"from":2,"ppm":"1"}],"rows":[{"base":1,"count":1}]`, "text", "fee.steps[1].ppm", "must be a whole number, not a JSON string"},
		{`"ppm":1,"steps":[{"from":1},{"ppm":2}],"rows":[{"base":1,"count":1}]`, "text", "fee.steps[1].from", "is missing"},
		{`"ppm":1,"steps":[{"from":1},{"from":2,"PPM":2}],"rows":[{"base":1,"count":1}]`, "text", "fee.steps[1].PPM", "is no field, want ppm"},
		{`"ppm":1,"steps":[{"from":5},{"from":5}],"rows":[{"base":1,"count":1}]`, "question", "fee.steps[1].from", "must be 6 to 65536: above 0 and above that of the step before"},
		{`"ppm":1,"steps":[{"from":1,"fixed":-1}],"rows":[{"base":1,"count":1}]`, "question", "fee.steps[0].fixed", "must not be below zero"},
		{`"ppm":1,"per":"week","bases":[1]`, "text", "fee.per", `"week" is none of once, per-day, per-year`},
		{`"ppm":1,"per":"per-day","bases":[1]`, "question", "fee.bases", "must be rows: days with a fee per-day or per-year, a count with steps"},
		{`"ppm":1,"bases":[1],"rows":[{"base":1}]`, "question", "fee", "must have either bases or rows, one at least"},
		{`"ppm":1`, "question", "fee", "must have either bases or rows, one at least"},
		{`"bases":[1]`, "question", "fee", "must have a price: ppm, fixed, or steps"},
		{`"ppm":1,"per":"per-day","rows":[{"base":1,"days":1},{"base":1}]`, "question", "fee.rows[1].days", "must be there exactly if the fee is per-day or per-year"},
		{`"ppm":1,"rows":[{"base":1,"days":1}]`, "question", "fee.rows[0].days", "must be there exactly if the fee is per-day or per-year"},
		{`"ppm":1,"per":"per-day","rows":[{"base":1,"days":65536}]`, "question", "fee.rows[0].days", "must be 0 to 65535"},
		{`"ppm":1,"rows":[{"base":1,"count":1}]`, "question", "fee.rows[0].count", "must be there exactly if the fee has steps"},
		{`"ppm":1,"steps":[{"from":1}],"rows":[{"base":1,"count":65537}]`, "question", "fee.rows[0].count", "must be 0 to 65536"},
		{`"ppm":1,"rows":[{"base":1},{"base":1.5}]`, "text", "fee.rows[1].base", `must be an amount, "CNY 100.00", or a whole number of minor units`},
		{`"ppm":1,"rows":[{"base":1},{"base":-5}]`, "question", "fee.rows[1].base", "must not be below zero"},
		{`"ppm":1,"tax_ppm":1000001,"bases":[1]`, "question", "fee.tax_ppm", "must be 0 to 1000000"},
		{`"ppm":0,"min":5,"bases":[1]`, "question", "fee.min", "must come with a price: what is always the same is fixed"},
		{`"ppm":1,"max":0,"bases":[1]`, "question", "fee.max", "must be above zero, and not below min"},
		{`"fixed":1,"per":"per-year","rows":[{"base":1,"days":1}]`, "question", "fee.per", "must be once or per-day with a fixed sum"},
		{`"ppm":1,"each_day":true,"bases":[1]`, "question", "fee.each_day", "must come with per-day or per-year"},
		{`"ppm":1,"running":true,"min":1,"bases":[1]`, "question", "fee.running", "must come with a share alone: no min, fixed, steps, or per"},
		{`"ppm":1,"running":1,"bases":[1]`, "text", "fee.running", "must be true or false, not a JSON number"},
		{`"ppm":1,"bases":1`, "text", "fee.bases", "must be a list, not a JSON number"},
	} {
		r := answered(t, []byte(`{"fee":{"round":"down",`+tc.ask+`}}`))
		if len(r.Errors) != 1 || r.Line != 1 || r.Errors[0].Code != tc.code || r.Errors[0].Field != tc.field || r.Errors[0].Problem != tc.problem {
			t.Errorf("%s:\n got %v\nwant [{%s %s %s}]", tc.ask, r.Errors, tc.code, tc.field, tc.problem)
		}
	}
}

// drawFee draws a fee as lending has it.
func drawFee(t *rapid.T) lending.Fee {
	share, fixed := rapid.Int64Range(0, 2_000_000), rapid.OneOf(rapid.Just[int64](0), rapid.Int64Range(0, 9_999))
	f := lending.Fee{ID: "fee", Timing: lending.ByHost, Base: lending.OnAmount, Payee: lending.ToPlatform,
		Per: rapid.SampledFrom(pers).Draw(t, "per"), Round: rapid.SampledFrom(roundings).Draw(t, "round"),
		PPM: share.Draw(t, "ppm"), Fixed: fixed.Draw(t, "fixed"), TaxPPM: rapid.Int64Range(0, 200_000).Draw(t, "tax"),
		Min: fixed.Draw(t, "min"), Max: fixed.Draw(t, "max")}
	for from := range rapid.IntRange(0, 3).Draw(t, "steps") {
		f.Steps = append(f.Steps, lending.FeeStep{From: 1 + 7*from, PPM: share.Draw(t, "ppm"), Fixed: fixed.Draw(t, "fixed")})
	}
	if f.Per != lending.Once && rapid.Bool().Draw(t, "each day") {
		f.Point = lending.EachDay
	}
	return f
}

// asked puts a fee as a question on rows.
func asked(f lending.Fee, form func(int64) figure, rows []lending.FeeRow) *fee {
	ppm, fixed, least, most := int(f.PPM), form(f.Fixed), form(f.Min), form(f.Max)
	q := &fee{PPM: &ppm, Fixed: &fixed, Per: per(f.Per), Min: &least, Round: rounding(f.Round),
		EachDay: f.Point == lending.EachDay, TaxPPM: int(f.TaxPPM)}
	if f.Max > 0 {
		q.Max = &most
	}
	for _, s := range f.Steps {
		fixed := form(s.Fixed)
		q.Steps = append(q.Steps, step{From: s.From, PPM: int(s.PPM), Fixed: &fixed})
	}
	for _, r := range rows {
		a := row{Base: form(r.Base)}
		if f.Per != lending.Once {
			a.Days = &r.Days
		}
		if len(f.Steps) > 0 {
			a.Count = &r.Count
		}
		q.Rows = append(q.Rows, a)
	}
	return q
}

// A fee is what lending says of the same fee and rows, to the cent; one that lending refuses is
// refused, and no other.
func TestFeesAreThoseOfLending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, form := drawFee(t), drawForm(t)
		var rows []lending.FeeRow
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			r := lending.FeeRow{Base: rapid.Int64Range(0, 1e8).Draw(t, "base")}
			if f.Per != lending.Once {
				r.Days = rapid.IntRange(0, 60).Draw(t, "days")
			}
			if len(f.Steps) > 0 {
				r.Count = rapid.IntRange(0, 60).Draw(t, "count")
			}
			rows = append(rows, r)
		}
		r := reply{Line: 1}
		r.answer(&request{Fee: asked(f, form, rows)})
		if refused := len(r.Errors) > 0; refused || f.Check() != nil {
			if !refused || f.Check() == nil {
				t.Fatalf("%v, lending: %v", r.Errors, f.Check())
			}
			return
		}
		got := ask(t, request{Fee: asked(f, form, rows)}).Fee
		for i, row := range rows {
			want, err := f.Of(row)
			if err != nil || got.Fees[i] != form(want) {
				t.Fatalf("%+v on %+v is %v, lending: %d, %v", f, row, got.Fees[i], want, err)
			}
			if f.TaxPPM > 0 {
				checkTax(t, got.Taxes[i].Minor, want, f.TaxPPM)
			}
		}
	})
}

// checkTax holds a tax to its own words: fee less tax bears it, to the nearest minor unit.
func checkTax(t rapid.TB, tax, minor, ppm int64) {
	t.Helper()
	if twice := 2 * (minor*ppm - tax*(lending.Million+ppm)); twice < -(lending.Million+ppm) || twice >= lending.Million+ppm {
		t.Fatalf("tax of %d at %d is %d", minor, ppm, tax)
	}
}

// The bounds that questions have are those of lending.
func TestFeeBounds(t *testing.T) {
	f := lending.Fee{ID: "fee", Timing: lending.ByHost, Base: lending.OnAmount, Payee: lending.ToPlatform,
		Round: money.HalfUp, PPM: maxFeePPM, Fixed: maxFeeMinor, TaxPPM: lending.Million}
	for i := range maxFeeSteps {
		f.Steps = append(f.Steps, lending.FeeStep{From: maxFeeCount - maxFeeSteps + 1 + i, PPM: 1})
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*lending.Fee){
		"ppm": func(f *lending.Fee) { f.PPM++ }, "fixed": func(f *lending.Fee) { f.Fixed++ }, "tax": func(f *lending.Fee) { f.TaxPPM++ },
		"from":  func(f *lending.Fee) { f.Steps = []lending.FeeStep{{From: maxFeeCount + 1}} },
		"steps": func(f *lending.Fee) { f.Steps = append([]lending.FeeStep{{From: 1}}, f.Steps...) },
	} {
		g := f
		if spoil(&g); g.Check() == nil {
			t.Errorf("%s one more is taken", name)
		}
	}
}
