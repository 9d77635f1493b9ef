package lending_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fill sets every field of a value at random, within what its type can be.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case money.Amount:
		c := rapid.SampledFrom([]money.Currency{cny, money.MustCurrency("JPY"), money.MustCurrency("XTS/12")}).Draw(t, "currency")
		v.Set(reflect.ValueOf(amt(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"), c)))
		return
	case money.Currency:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]money.Currency{{}, cny}).Draw(t, "currency")))
		return
	case ledger.Sum:
		v.Set(reflect.ValueOf(ledger.Sum{}.Add(rapid.Int64().Draw(t, "sum"))))
		return
	case civil.Date:
		d := civil.MustParse("2024-02-29").AddDays(rapid.IntRange(-40_000, 40_000).Draw(t, "days"))
		v.Set(reflect.ValueOf(rapid.SampledFrom([]civil.Date{{}, d}).Draw(t, "date")))
		return
	case schedule.Rate:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]schedule.Rate{{}, schedule.MustRate("7.25% per year")}).Draw(t, "rate")))
		return
	case schedule.Frequency:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]schedule.Frequency{{}, schedule.Months(3), schedule.Weeks(2), schedule.Days(10), schedule.SemiMonthly(), schedule.AtMaturity()}).Draw(t, "frequency")))
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

// Every event reads back as it was written, whatever is in it; Components' unused first figure
// counts too.
func TestEveryEventRoundTrips(t *testing.T) {
	t.Parallel()
	for _, e := range lending.AllEvents() {
		t.Run(reflect.TypeOf(e).Name(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want, got := reflect.New(reflect.TypeOf(e)), reflect.New(reflect.TypeOf(e))
				fill(t, want.Elem())
				data := event.Encode(nil, 1, want.Interface().(event.Coder))
				require.NoError(t, event.Decode(data, 1, got.Interface().(event.Coder)))
				if diff := cmp.Diff(want.Interface(), got.Interface(), exported); diff != "" {
					t.Fatal(diff)
				}
			})
		})
	}
}

// A loan's snapshot is the loan: folding on from it gives what folding from the start gives.
func TestLoanSnapshotRoundTrips(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	r := w.reports()
	require.NotEmpty(t, r.Loans())
	for _, id := range r.Loans() {
		l, back := r.Loan(id), new(lending.Loan)
		data := event.Encode(nil, 1, l)
		require.NoError(t, event.Decode(data, 1, back))
		require.Equal(t, data, event.Encode(nil, 1, back))
		require.NoError(t, back.Check())
		if diff := cmp.Diff(l, back, exported, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Hostile records: whatever bytes stand on a stream, reading them is an error or a change, never a
// panic, and checking what comes of it neither.
func FuzzReports(f *testing.F) {
	events := lending.AllEvents()
	for i, e := range events {
		p := reflect.New(reflect.TypeOf(e))
		f.Add(uint8(i), event.Encode(nil, 1, p.Interface().(event.Coder)), []byte{1, 2, 3})
	}
	f.Add(uint8(25), event.Encode(nil, 1, repaid(3)), []byte{1})
	f.Fuzz(func(t *testing.T, which uint8, first, second []byte) {
		r := new(lending.Reports)
		for i, data := range [][]byte{first, second, first} {
			e := events[(int(which)+i*7)%len(events)]
			c := event.Change{Stream: event.Stream{Kind: lending.KindOf(e), ID: "ann.CNY2"}, Record: event.Record{
				Type: e.(interface{ Type() string }).Type(), Data: data}}
			_ = r.Apply(c)
		}
		_ = r.Check()
		for _, id := range r.Loans() {
			l := r.Loan(id)
			_, _ = l.Payoff(civil.MustParse("2030-01-01"))
			_, _ = l.DueOn(civil.MustParse("2030-01-01"))
			_ = l.DaysPastDue(civil.MustParse("2030-01-01"))
			_, _ = l.Contract(civil.MustParse("2030-01-01"), civil.Date{})
			_ = l.Publishable(civil.MustParse("2030-01-01"))
			_ = l.Payable(civil.MustParse("2030-01-01"))
			_ = r.Statements(l.Borrower)
			_ = r.Portfolio(l.Borrower, cny)
		}
		on := civil.MustParse("2030-01-01")
		_, _ = r.Disclosure(cny, on)
		_, _ = r.Ageing(cny, on)
		for _, by := range dimensions {
			_, _ = r.Statistics(cny, by, on)
			_, _ = r.OutcomeStatement(cny, by, 90, on)
			_, _ = r.Vintages(cny, by, 0, on)
		}
		_ = r.Listings(0)
		_ = r.StageTimes()
		_ = r.OverdueStages(civil.MustParse("2030-01-01"))
	})
}
