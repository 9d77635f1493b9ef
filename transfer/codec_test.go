package transfer_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// events lists a zero value of every event type of the part's kinds.
func events(t *testing.T) []any {
	all := []any{transfer.MarketDefined{}, transfer.ClaimListed{}, transfer.ListingWithdrawn{}, transfer.ClaimBought{},
		transfer.OrderPlaced{}, transfer.OrderWithdrawn{}, transfer.OrdersMatched{}, transfer.BoardLooked{},
		transfer.DebtorNotified{}, transfer.FacilityDefined{}, transfer.PackageDefined{}, transfer.Subscribed{},
		transfer.ExitRequested{}, transfer.ExitCancelled{}, transfer.ExitsPaid{}, transfer.PeriodClosed{},
		transfer.PackageLooked{}, transfer.PackageToppedUp{}, transfer.SurplusTaken{}, transfer.PackageClosed{}}
	types := 0
	for _, k := range transfer.Part().Kinds {
		types += len(k.Types())
	}
	require.Len(t, all, types, "every event type of every kind")
	return all
}

// fill sets every field of a value at random, within what its type can be.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case money.Amount:
		v.Set(reflect.ValueOf(amt(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"))))
		return
	case money.Currency:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]money.Currency{{}, cny}).Draw(t, "currency")))
		return
	case civil.Date:
		d := date("2024-02-29").AddDays(rapid.IntRange(-40_000, 40_000).Draw(t, "days"))
		v.Set(reflect.ValueOf(rapid.SampledFrom([]civil.Date{{}, d}).Draw(t, "date")))
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
	case reflect.Uint64:
		v.SetUint(rapid.Uint64().Draw(t, "version"))
	case reflect.Uint8:
		v.SetUint(uint64(rapid.Uint8().Draw(t, "enum")))
	default:
		t.Fatalf("an event has a field of kind %s", v.Kind())
	}
}

// bare finds a field of the type string, which could hold personal data, in a type.
func bare(v reflect.Type) bool {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if bare(v.Field(i).Type) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		return bare(v.Elem())
	}
	return v == reflect.TypeFor[string]()
}

// Every event reads back as it was written, whatever is in it, and applies to any board without a panic.
func TestEveryEventRoundTrips(t *testing.T) {
	exported := cmp.Exporter(func(reflect.Type) bool { return true })
	for _, e := range events(t) {
		t.Run(reflect.TypeOf(e).Name(), func(t *testing.T) {
			require.False(t, bare(reflect.TypeOf(e)), "no bare string")
			rapid.Check(t, func(t *rapid.T) {
				want, got := reflect.New(reflect.TypeOf(e)), reflect.New(reflect.TypeOf(e))
				fill(t, want.Elem())
				data := event.Encode(nil, 1, want.Interface().(event.Coder))
				require.NoError(t, event.Decode(data, 1, got.Interface().(event.Coder)))
				if diff := cmp.Diff(want.Interface(), got.Interface(), exported); diff != "" {
					t.Fatal(diff)
				}
				if o, ok := got.Elem().Interface().(event.Of[transfer.Board]); ok {
					o.Apply(new(transfer.Board))
				}
				if o, ok := got.Elem().Interface().(event.Of[transfer.Package]); ok {
					p := &transfer.Package{ID: "x", Holdings: []transfer.PackageHolding{{Investor: "a"}}, Queue: []transfer.ExitRequest{{Investor: "a"}}}
					o.Apply(p)
					o.Apply(p)
				}
			})
		})
	}
}
