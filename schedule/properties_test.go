package schedule_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/schedule/scheduletest"
)

func asJSON(t schedule.Terms) string {
	text, err := json.Marshal(t)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// anyPlan draws terms that make a plan, which is not too large, and things that happen to it.
func anyPlan(t *rapid.T) schedule.Plan {
	terms := scheduletest.Terms().Filter(func(t schedule.Terms) bool {
		return t.Method != schedule.MethodFixedPayment || t.Negative
	}).Draw(t, "terms")
	plan, err := terms.Plan()
	if err != nil {
		t.Skip(err)
	}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "events") {
		if next, _, err := plan.After(anyEvent(t, plan)); err == nil {
			plan = next
		}
	}
	return plan
}

func TestAnyPlanKeepsItsInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := anyPlan(t)
		if err := plan.Check(); err != nil {
			t.Fatal(err)
		}
		again, err := schedule.NewPlan(plan.Terms(), plan.Rows())
		if err != nil {
			t.Fatal(err)
		}
		diff := cmp.Diff(plan.Instalments(), again.Instalments(), byValue,
			cmp.Comparer(func(a, b money.Amount) bool { return a == b }))
		if diff != "" || again.TotalPayment() != plan.TotalPayment() {
			t.Fatal(diff)
		}
		principal, added := int64(0), int64(0)
		for _, row := range plan.Rows() {
			principal, added = principal+row.Principal, added+row.Capitalised
		}
		for _, c := range plan.Terms().Changes {
			if c.Kind == schedule.ChangeWaive {
				added -= c.Amount.Minor()
			}
		}
		if principal != plan.Terms().Principal.Minor()+added {
			t.Fatalf("principal sums to %d", principal)
		}
	})
}

// Terms come back from JSON, and make the same plan then.
func TestAnyTermsJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := anyPlan(t)
		var terms schedule.Terms
		if err := json.Unmarshal([]byte(asJSON(plan.Terms())), &terms); err != nil {
			t.Fatal(err)
		}
		if !terms.Equal(plan.Terms()) {
			t.Fatalf("came back as %s", asJSON(terms))
		}
		sameRows(t, plan, terms)
	})
}

// sameRows fails unless other terms make the rows of a plan.
func sameRows(t *rapid.T, plan schedule.Plan, terms schedule.Terms) {
	t.Helper()
	other, err := terms.Plan()
	if err != nil {
		t.Fatalf("%v\n%s", err, asJSON(terms))
	}
	if diff := cmp.Diff(plan.Rows(), other.Rows(), byValue); diff != "" {
		t.Fatalf("%s\n%s", diff, asJSON(terms))
	}
}

// What says the default aloud changes nothing.
func TestDefaultsSaidAloud(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := anyPlan(t)
		terms := plan.Terms()
		terms.Stub, terms.Sizing = max(terms.Stub, 1), max(terms.Sizing, 1)
		terms.Rounding.Grain = max(terms.Rounding.Grain, 1)
		terms.Rounding.Remainder = max(terms.Rounding.Remainder, 1)
		terms.Rounding.Unit = max(terms.Rounding.Unit, 1)
		if terms.Shift.Rule == 0 {
			terms.Shift.Rule = calendar.NoAdjustment
		}
		terms.Changes = slices.Clone(terms.Changes)
		for i := range terms.Changes {
			if kind := terms.Changes[i].Kind; kind == schedule.ChangePrepay || kind == schedule.ChangeWaive {
				terms.Changes[i].Effect = max(terms.Changes[i].Effect, 1)
			}
		}
		sameRows(t, plan, terms)
	})
}

// A rate step that repeats the rate changes nothing where no payment is sized anew; where one is,
// by what periods bear, no instalment differs by more than rounding has moved the balance. (The
// last is left out: it takes what all others rounded.)
func TestRepeatedRateChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := diaryTerms().Filter(func(t schedule.Terms) bool {
			return len(t.Rates) == 0 && t.Payment.IsZero() && !t.InAdvance &&
				t.Method != schedule.MethodFlat && t.Method != schedule.MethodSumOfDigits &&
				t.Rounding.Grain < schedule.GrainPerDiem && t.Every.Unit() != schedule.UnitTerm &&
				t.Shift.Rule == 0
		}).Draw(t, "terms")
		plan, err := terms.Plan()
		if err != nil {
			t.Skip(err)
		}
		on := terms.Start.AddDays(rapid.IntRange(0, 900).Draw(t, "day"))
		if rapid.Bool().Draw(t, "on a due date") {
			on = rapid.SampledFrom(plan.Rows()).Draw(t, "row").End
		}
		terms.Rates = []schedule.RateStep{{From: on, Rate: terms.Rate}}
		if terms.Method == schedule.MethodStepped {
			t.Skip("small shares of a payment magnify its rounding")
		}
		if terms.Method != schedule.MethodLevelPayment {
			sameRows(t, plan, terms)
			return
		}
		terms.Sizing, terms.Rounding.Unit, terms.Rounding.Grain = schedule.SizeByAccrual, 0, 0
		terms.Grace.Interest, terms.Balloon = 0, money.Amount{}
		terms.Interest, terms.Capitalise, terms.Fees = schedule.Cycle{}, civil.Date{}, nil
		closeRows(t, terms)
	})
}

// closeRows compares totals with and without the rates of terms at a modest rate.
func closeRows(t *rapid.T, terms schedule.Terms) {
	terms.Rate = schedule.MustRate("12% per year")
	terms.Rates = []schedule.RateStep{{From: terms.Rates[0].From, Rate: terms.Rate}}
	with, err := terms.Plan()
	terms.Rates = nil
	without, plainErr := terms.Plan()
	if err != nil || plainErr != nil {
		t.Skip(err, plainErr)
	}
	if with.Len() != without.Len() {
		t.Fatalf("%d rows instead of %d", with.Len(), without.Len())
	}
	bound := int64(2) // each row rounds payment and interest; no period bears more than an eighth
	for i, row := range with.Rows()[:with.Len()-1] {
		was := without.Rows()[i]
		if was.Principal == 0 && i >= terms.Grace.Principal {
			t.Skip("carried interest bears none: figuring anew spreads it")
		}
		bound += bound/8 + 3
		gap := row.Principal + row.Interest - was.Principal - was.Interest
		if max(gap, -gap) > bound {
			t.Fatalf("row %d: %+v instead of %+v\n%s", i+1, row, was, asJSON(terms))
		}
	}
}

// A tranche of all but a unit on the day after Start, at a rate of 0, is the whole from Start on.
func TestTrancheAtOnceIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := diaryTerms().Filter(func(t schedule.Terms) bool {
			return len(t.Tranches)+len(t.Rates) == 0 && t.DownPayment.IsZero() &&
				t.Principal.Minor() > 1 && t.Method <= schedule.MethodBullet &&
				t.Grace == schedule.Grace{} && t.Balloon.IsZero() && !t.InAdvance &&
				(t.Maturity.IsZero() || t.Maturity.After(t.Start.AddDays(1))) && t.Shift.Rule == 0 &&
				t.Rounding.Remainder != schedule.RemainderFirst
		}).Draw(t, "terms")
		terms.Rate = schedule.MustRate("0% per year")
		terms.Interest, terms.Capitalise, terms.Fees = schedule.Cycle{}, civil.Date{}, nil
		plan, err := terms.Plan()
		if err != nil || !plan.At(0).End.After(terms.Start.AddDays(1)) {
			t.Skip(err)
		}
		rest, err := money.New(terms.Principal.Minor()-1, terms.Principal.Currency())
		if err != nil {
			t.Fatal(err)
		}
		terms.Tranches = []schedule.Tranche{{On: terms.Start.AddDays(1), Amount: rest}}
		sameRows(t, plan, terms)
	})
}

// With a unit far below what is looked at, twice the principal has twice of everything.
func TestTwiceThePrincipalIsTwiceTheRows(t *testing.T) {
	fine := money.MustCurrency("XTS/12")
	rapid.Check(t, func(t *rapid.T) {
		terms := scheduletest.Terms().Filter(func(t schedule.Terms) bool {
			return t.Method != schedule.MethodCustom && len(t.Tranches)+len(t.Fees) == 0 &&
				t.Rate.Pico() <= 1e11 && t.Rounding.Grain <= schedule.GrainRow && t.Periods <= 36 &&
				t.Method != schedule.MethodFixedPayment && !t.Rounding.Smooth && t.Interest.IsZero() &&
				t.Capitalise.IsZero()
		}).Draw(t, "terms")
		terms.Payment, terms.Balloon, terms.Discount = money.Amount{}, money.Amount{}, money.Amount{}
		terms.Rounding.Unit, terms.Rates = 0, nil
		var plans [2]schedule.Plan
		for i := range plans {
			var err error
			if terms.Principal, err = money.New(1e13*int64(i+1), fine); err != nil {
				t.Fatal(err)
			}
			if plans[i], err = terms.Plan(); err != nil {
				t.Skip(err)
			}
		}
		for i, row := range plans[0].Rows() {
			twice := plans[1].Rows()[i]
			for _, pair := range [][2]int64{{row.Principal, twice.Principal},
				{row.Interest, twice.Interest}, {row.Balance, twice.Balance}} {
				if gap := 2*pair[0] - pair[1]; gap > 1e6 || gap < -1e6 { // of 1e13
					t.Fatalf("row %d: %+v, then %+v\n%s", i+1, row, twice, asJSON(terms))
				}
			}
		}
	})
}

// Four hundred years on the calendar is the same: every date of the terms moves, and the rows with
// them.
func TestFourHundredYearsLater(t *testing.T) {
	const cycle = 146_097
	later := func(d civil.Date) civil.Date { return d.AddDays(cycle) }
	rapid.Check(t, func(t *rapid.T) {
		plan := anyPlan(t)
		terms := plan.Terms()
		if !terms.Shift.Calendar.IsZero() {
			t.Skip("holidays are of this age")
		}
		terms.Start, terms.FirstDue = later(terms.Start), later(terms.FirstDue)
		terms.Maturity, terms.Capitalise = later(terms.Maturity), later(terms.Capitalise)
		terms.Interest.First = later(terms.Interest.First)
		terms.Rates, terms.Tranches = slices.Clone(terms.Rates), slices.Clone(terms.Tranches)
		terms.Fees = slices.Clone(terms.Fees)
		for i := range terms.Rates {
			terms.Rates[i].From = later(terms.Rates[i].From)
		}
		for i := range terms.Tranches {
			terms.Tranches[i].On = later(terms.Tranches[i].On)
		}
		for i := range terms.Fees {
			terms.Fees[i].Cycle.First = later(terms.Fees[i].Cycle.First)
		}
		terms.Changes = slices.Clone(terms.Changes)
		for i := range terms.Changes {
			c := &terms.Changes[i]
			c.On, c.Until, c.First = later(c.On), later(c.Until), later(c.First)
		}
		rows := plan.Rows()
		for i := range rows {
			rows[i].Due, rows[i].End = later(rows[i].Due), later(rows[i].End)
		}
		moved, err := terms.Plan()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, moved.Rows(), byValue); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Hostile terms are answered or refused at a bounded cost: no more rows than MaxRows, and at most a
// gigabyte passed through, which is what the arithmetic of exact fractions works in.
func TestHostileTermsAreBounded(t *testing.T) {
	highest := schedule.MustRate("10000% per period")
	first, last := civil.MustParse("0001-01-01"), civil.MustParse("9999-12-31")
	tests := []struct {
		name  string
		spoil func(*schedule.Terms)
	}{
		{"highest rate", func(t *schedule.Terms) { t.Rate = highest }},
		{"highest rate by accrual", func(t *schedule.Terms) {
			t.Rate, t.Sizing, t.Accrual = highest, schedule.SizeByAccrual, schedule.AccrueByDays
		}},
		{"a unit, smoothed", func(t *schedule.Terms) {
			t.Principal, t.Rounding.Smooth = money.MustParse("CNY 0.01"), true
			t.Sizing = schedule.SizeByAccrual
		}},
		{"unreduced steps", func(t *schedule.Terms) {
			t.Method, t.Sizing = schedule.MethodStepped, schedule.SizeByAccrual
			for k := 2; k <= 600; k++ {
				share := schedule.MustRate("99.9999999989% of principal")
				t.Steps = append(t.Steps, schedule.Step{From: k, Share: share})
			}
		}},
		{"a rate a day", func(t *schedule.Terms) {
			t.Rate = schedule.MustRate("0.0000000007% per year")
			for day := t.Start; len(t.Rates) < 200; day = day.AddDays(1) {
				t.Rates = append(t.Rates, schedule.RateStep{From: day, Rate: t.Rate})
			}
		}},
		{"from the first day", func(t *schedule.Terms) { t.Start = first }},
		{"to the last day", func(t *schedule.Terms) { t.Start = last.AddMonths(-600) }},
		{"beyond the last day", func(t *schedule.Terms) { t.Start = last.AddMonths(-599) }},
		{"all of time", func(t *schedule.Terms) {
			t.Start, t.Maturity, t.Periods, t.Every = first, last, 1, schedule.AtMaturity()
		}},
		{"all of time by day", func(t *schedule.Terms) {
			t.Start, t.Maturity, t.Periods, t.Every = first, last, 1, schedule.AtMaturity()
			t.Rounding.Grain = schedule.GrainDay
		}},
		{"all of time in days", func(t *schedule.Terms) {
			t.Start, t.Maturity, t.Periods, t.Every = first, last, 0, schedule.Days(1)
		}},
		{"longest periods", func(t *schedule.Terms) { t.Start, t.Every = first, schedule.Days(3660) }},
		{"fifty years by day", func(t *schedule.Terms) { t.Rounding.Grain = schedule.GrainDay }},
		{"fees a day", func(t *schedule.Terms) {
			cycle := schedule.Cycle{First: t.Start, Every: schedule.Days(1)}
			fee := schedule.Fee{Cycle: cycle, Rate: schedule.MustRate("0.1% per year")}
			t.Fees = []schedule.Fee{fee, fee, fee, fee}
		}},
		{"a step beyond", func(t *schedule.Terms) {
			t.Interest = schedule.Cycle{First: last, Every: schedule.Months(120)}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			terms := terms12()
			terms.Periods = 600
			test.spoil(&terms)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			plan, err := terms.Plan()
			runtime.ReadMemStats(&after)
			checkRefusal(t, err)
			worked := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%d rows, %d MiB, %v", plan.Len(), worked, err)
			if plan.Len() > schedule.MaxRows || worked > 1<<10 {
				t.Error("more than can be asked for")
			}
		})
	}
}

// checkRefusal fails on an error that is none of those documented.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, schedule.ErrTerms) && !errors.Is(err, schedule.ErrOverflow) {
		t.Fatalf("untyped error %v", err)
	}
}

// FuzzTerms fills every field of terms with garbage, or with a value of the right kind, as the
// bytes have it: they make a plan that keeps its invariants, or are refused.
func FuzzTerms(f *testing.F) {
	f.Add([]byte{}, false)
	f.Add([]byte("every field has bytes of its own, and there are some fields"), true)
	f.Fuzz(func(t *testing.T, data []byte, wild bool) {
		terms := terms12()
		g := garbage{data: data, wild: wild}
		g.fill(reflect.ValueOf(&terms).Elem())
		if terms.Periods > 60 && terms.Validate() == nil {
			terms.Periods = 60 // work per input
		}
		invalid := terms.Validate()
		plan, err := terms.Plan()
		if checkRefusal(t, err); err != nil {
			return
		}
		if invalid != nil {
			t.Fatal("refused terms made a plan")
		}
		if err := plan.Check(); err != nil {
			t.Fatalf("%v\n%s", err, asJSON(terms))
		}
	})
}

// garbage turns bytes into values.
type garbage struct {
	data []byte
	wild bool // values need not be sound
}

func (g *garbage) next() uint64 {
	var word [8]byte
	n := copy(word[:], g.data)
	g.data = g.data[n:]
	return binary.LittleEndian.Uint64(word[:])
}

// byte is 0 when there are no more bytes.
func (g *garbage) byte() uint8 {
	if len(g.data) == 0 {
		return 0
	}
	b := g.data[0]
	g.data = g.data[1:]
	return b
}

// fill sets one field in four, until there are no more bytes.
func (g *garbage) fill(v reflect.Value) {
	if v.Kind() == reflect.Struct && !g.set(v) {
		for i := range v.NumField() {
			if g.byte()%4 == 1 {
				g.fill(v.Field(i))
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Uint8:
		v.SetUint(uint64(g.byte()))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(g.byte()))
		if g.wild {
			v.SetInt(int64(g.next()))
		}
	case reflect.Bool:
		v.SetBool(g.byte()%2 == 1)
	case reflect.Slice:
		some := reflect.MakeSlice(v.Type(), int(g.byte()%4), 4)
		for i := range some.Len() {
			element := some.Index(i)
			for f := range element.NumField() {
				if element.Type().Field(f).IsExported() {
					g.fill(element.Field(f))
				}
			}
		}
		v.Set(some)
	}
}

// set makes a value of a type that has no fields of its own to fill; false for one that has.
func (g *garbage) set(v reflect.Value) bool {
	var made any
	switch v.Interface().(type) {
	case money.Amount:
		made = g.amount()
	case schedule.Rate:
		rate, _ := schedule.RateFromPico(int64(g.next()%(schedule.MaxPico+1)), schedule.Basis(g.byte()%4))
		made = rate
	case schedule.Frequency:
		n := int(g.byte())
		made = []schedule.Frequency{schedule.Months(n), schedule.Weeks(n), schedule.Days(n),
			schedule.SemiMonthly(), schedule.AtMaturity(), {}}[g.byte()%6]
	case civil.Date:
		day, _ := civil.FromOrdinal(int32(g.next() % 3_652_060))
		if !g.wild {
			day = terms12().Start.AddDays(int(g.next() % 1000))
		}
		made = day
	case calendar.Calendar:
		made = calendar.SaturdaySunday()
	default:
		return false
	}
	v.Set(reflect.ValueOf(made))
	return true
}

func (g *garbage) amount() money.Amount {
	currency := terms12().Principal.Currency()
	minor := int64(g.next() % 20_000_000)
	if g.wild {
		minor = int64(g.next())
		if g.byte()%4 == 1 {
			currency = money.MustCurrency("JPY")
		}
	}
	amt, _ := money.New(minor, currency)
	return amt
}

// Garbage without a fuzzer, and of every day count.
func TestGarbageTerms(t *testing.T) {
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		terms := terms12()
		terms.DayCount = daycount.Convention(rapid.Uint8().Draw(t, "day count"))
		data := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "bytes")
		g := garbage{data: data, wild: rapid.Bool().Draw(t, "wild")}
		g.fill(reflect.ValueOf(&terms).Elem())
		terms.Periods = min(terms.Periods, 60)
		plan, err := terms.Plan()
		if err != nil {
			return
		}
		if err := plan.Check(); err != nil {
			t.Fatalf("%v\n%s", err, asJSON(terms))
		}
		made++
	})
	t.Logf("%d plans", made)
}
