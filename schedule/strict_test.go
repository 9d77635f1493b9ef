package schedule_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// What encoding/json would take, and would hide a typing error or a second value.
func TestReadTermsIsStrict(t *testing.T) {
	for _, test := range []struct {
		text string
		want schedule.JSONError
	}{
		{`{"Periods":3}`, schedule.JSONError{Field: "Periods", Problem: "is no field, want periods"}},
		{`{"term":3}`, schedule.JSONError{Field: "term", Problem: "is no field"}},
		{`{"periods":3,"periods":4}`, schedule.JSONError{Field: "periods", Problem: "is there twice"}},
		{`{"rounding":{"Unit":1}}`,
			schedule.JSONError{Field: "rounding.Unit", Problem: "is no field, want unit"}},
		{`{"fees":[{},{"amount":"CNY 1.00","amount":"CNY 2.00"}]}`,
			schedule.JSONError{Field: "fees[1].amount", Problem: "is there twice"}},
		{`{"shift":{"calendar":{"WEEKEND":["sat"]}}}`,
			schedule.JSONError{Field: "shift.calendar.WEEKEND", Problem: "is no field, want weekend"}},
		{`{"ſtart":"2026-01-31"}`, schedule.JSONError{Field: "ſtart", Problem: "is no field, want start"}},
		{`{"` + strings.Repeat("x", 1e5) + `":1}`,
			schedule.JSONError{Field: strings.Repeat("x", 40), Problem: "is no field"}},
		{`{} {}`, schedule.JSONError{Problem: `must end before "{}"`}},
		{`{}}`, schedule.JSONError{Problem: `must end before "}"`}},
		{` null `, schedule.JSONError{Problem: "must not be a JSON null"}},
		{` `, schedule.JSONError{Problem: "must not be empty"}},
		{strings.Repeat(" ", schedule.MaxPlanJSON) + "{}", schedule.JSONError{Problem: "must have at most 4 MiB"}},
	} {
		got := terms12()
		err := schedule.ReadTerms([]byte(test.text), &got)
		var wrong *schedule.JSONError
		if !errors.As(err, &wrong) || !errors.Is(err, schedule.ErrSyntax) {
			t.Errorf("%.60s: got %v", test.text, err)
		} else if diff := cmp.Diff(test.want, *wrong); diff != "" {
			t.Errorf("%.60s: %s", test.text, diff)
		}
		if !got.Equal(terms12()) {
			t.Errorf("%.60s: touched by an error", test.text)
		}
	}
	deep := `{"fees":` + strings.Repeat("[", 1e6)
	if err := schedule.ReadTerms([]byte(deep), new(schedule.Terms)); err == nil {
		t.Error("a million lists in one another are taken")
	}
}

// Terms that are read over others replace what they name, lists as a whole.
func TestReadTermsOverOthers(t *testing.T) {
	fee := func(amount string) schedule.Fee {
		return schedule.Fee{Amount: money.MustParse(amount), Cycle: schedule.Cycle{
			First: civil.MustParse("2026-02-28"), Every: schedule.Months(1)}}
	}
	old := terms12()
	old.Fees = []schedule.Fee{fee("CNY 1.00")}
	got, want := old, old
	text := `{"periods":3,"rates":null,"rounding":{"unit":100},"fees":[{"cycle":{"first":"2026-02-28",` +
		`"every":"1 month"},"rate":"1% per year"}]}`
	if err := schedule.ReadTerms([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want.Periods, want.Rounding.Unit = 3, 100
	want.Fees = []schedule.Fee{{Cycle: old.Fees[0].Cycle, Rate: schedule.MustRate("1% per year")}}
	if !got.Equal(want) {
		t.Errorf("got %+v", got)
	}
	if old.Fees[0] != fee("CNY 1.00") {
		t.Error("the list that was there is written over")
	}
	if err := schedule.ReadTerms([]byte(`{"periods":4}`), &got); err != nil || len(got.Fees) != 1 {
		t.Errorf("%v, %d fees", err, len(got.Fees))
	}
}

func TestReadTermsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyFields(rapid.Bool()).Draw(t, "terms")
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got schedule.Terms
		if err := schedule.ReadTerms(text, &got); err != nil || !got.Equal(want) {
			t.Fatalf("%s came back as %+v, %v", text, got, err)
		}
	})
}

// ownForm reads whatever there is.
type ownForm struct{ json.RawMessage }

// ReadJSON looks into pointers and lists, and leaves alone what its type reads by itself.
func TestReadJSON(t *testing.T) {
	type inner struct {
		Name string `json:"name"`
	}
	type outer struct {
		Inner *inner           `json:"inner"`
		List  [2][]inner       `json:"list"`
		Map   map[string]inner `json:"map"`
		Any   any              `json:"any"`
		Raw   *json.RawMessage `json:"raw"`
		Own   ownForm          `json:"own"`
	}
	for text, field := range map[string]string{
		`{"inner":{"name":"a"},"list":[[{"name":"b"}],[]],"inner":null}`: "inner",
		`{"inner":{"Name":"a"}}`:        "inner.Name",
		`{"list":[[],[{},{"note":1}]]}`: "list[1][1].note",
		`{"map":{"x":{"y":[{}]}},"any":[{"any":1}],"raw":[[],{"a":{}}],"own":{"a":[1]}}`: "",
		`{"raw":[[],{"a":{}}],"own":[[{}]],"note":1}`:                                    "note",
	} {
		err := schedule.ReadJSON([]byte(text), new(outer))
		got := (*schedule.JSONError)(nil)
		if field == "" && err != nil || field != "" && (!errors.As(err, &got) || got.Field != field) {
			t.Errorf("%s: %v, want field %q", text, err, field)
		}
	}
}
