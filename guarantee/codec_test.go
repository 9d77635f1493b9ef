package guarantee_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var whole = cmp.Exporter(func(reflect.Type) bool { return true })

// fill sets every field of a value at random, within what its type can be.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case money.Currency:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]money.Currency{{}, cny}).Draw(t, "currency")))
		return
	case civil.Date:
		d := civil.MustParse("2024-02-29").AddDays(rapid.IntRange(-40_000, 40_000).Draw(t, "days"))
		v.Set(reflect.ValueOf(rapid.SampledFrom([]civil.Date{{}, d}).Draw(t, "date")))
		return
	case schedule.Frequency:
		f := rapid.SampledFrom([]schedule.Frequency{{}, schedule.Months(3), schedule.Weeks(2), schedule.Days(10)})
		v.Set(reflect.ValueOf(f.Draw(t, "frequency")))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		if n := rapid.IntRange(0, 3).Draw(t, "len"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString(rapid.StringMatching(`[A-Za-z0-9_-]{0,9}`).Draw(t, "id"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 1<<31-1).Draw(t, "count")))
	case reflect.Int64:
		v.SetInt(rapid.Int64().Draw(t, "int"))
	case reflect.Uint8:
		v.SetUint(uint64(rapid.Uint8().Draw(t, "enum")))
	default:
		t.Fatalf("an event has a field of kind %s", v.Kind())
	}
}

// Every event reads back as it was written, whatever is in it, and says nothing about people.
func TestEveryEventRoundTrips(t *testing.T) {
	for _, e := range guarantee.AllEvents() {
		t.Run(reflect.TypeOf(e).Name(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want, got := reflect.New(reflect.TypeOf(e)), reflect.New(reflect.TypeOf(e))
				fill(t, want.Elem())
				data := event.Encode(nil, 1, want.Interface().(event.Coder))
				require.NoError(t, event.Decode(data, 1, got.Interface().(event.Coder)))
				if diff := cmp.Diff(want.Interface(), got.Interface(), whole, cmpopts.EquateEmpty()); diff != "" {
					t.Fatal(diff)
				}
			})
			named(t, reflect.TypeOf(e))
		})
	}
}

// named refuses bare strings.
func named(t *testing.T, x reflect.Type) {
	require.NotEqual(t, reflect.TypeFor[string](), x, "a bare string")
	switch x.Kind() {
	case reflect.Slice, reflect.Array:
		named(t, x.Elem())
	case reflect.Struct:
		if x.PkgPath() != reflect.TypeFor[guarantee.Fund]().PkgPath() {
			return
		}
		for i := range x.NumField() {
			named(t, x.Field(i).Type)
		}
	}
}

// Whatever events stand on a stream, in whatever order, folding them panics nowhere.
func TestApplyIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f guarantee.Fund
		var g guarantee.Guarantor
		var o guarantee.Originator
		var p guarantee.CollateralPolicy
		var k guarantee.Collateral
		for range rapid.IntRange(1, 12).Draw(t, "events") {
			e := reflect.New(reflect.TypeOf(rapid.SampledFrom(guarantee.AllEvents()).Draw(t, "event")))
			fill(t, e.Elem())
			switch e := e.Elem().Interface().(type) {
			case event.Of[guarantee.Fund]:
				e.Apply(&f)
			case event.Of[guarantee.Guarantor]:
				e.Apply(&g)
			case event.Of[guarantee.Originator]:
				e.Apply(&o)
			case event.Of[guarantee.CollateralPolicy]:
				e.Apply(&p)
			case event.Of[guarantee.Collateral]:
				e.Apply(&k)
			}
			guarantee.Wakes(&f, &g, &o, &k)
			_, _, _, _ = f.Check(), g.Check(), o.Check(), k.Check()
			_ = k.Within(1, k.Terms.MaxLTV)
			_, _ = f.Excess(1)
			_ = g.Overdue(civil.MustParse("2026-01-31"))
		}
	})
}
