package schedule_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule"
)

// A balance that is carried on period by period is what Balance says, and ends at nothing.
func TestAnnuityBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := schedule.Annuity{
			Rate:    decimal.New(rapid.Int64Range(0, 1e6).Draw(t, "rate"), -6),
			PerYear: rapid.SampledFrom([]int{1, 12, 52}).Draw(t, "perYear"),
			Periods: rapid.IntRange(1, 40).Draw(t, "periods"),
			Due:     rapid.Bool().Draw(t, "due"),
		}
		balance := decimal.New(rapid.Int64Range(1, 1e9).Draw(t, "present"), -2)
		present := balance
		payment, err := a.Payment(present, 40)
		if err != nil {
			t.Fatal(err)
		}
		per := a.Rate.DivRound(decimal.NewFromInt(int64(a.PerYear)), 45)
		for k := 1; k <= a.Periods; k++ {
			if !a.Due || k > 1 {
				balance = balance.Add(balance.Mul(per)).Round(45)
			}
			balance = balance.Sub(payment)
			got, err := a.Balance(present, k, 20)
			if err != nil || got.Sub(balance).Abs().Cmp(decimal.New(1, -15)) > 0 {
				t.Fatalf("after %d: %v, %v, want %v", k, got, err, balance)
			}
		}
		back, err := a.Present(payment, 20)
		if err != nil || back.Sub(present).Abs().Cmp(decimal.New(1, -15)) > 0 {
			t.Fatalf("%v became %v, %v", present, back, err)
		}
	})
}

func TestAnnuityRefuses(t *testing.T) {
	one := decimal.NewFromInt(1)
	good := schedule.Annuity{Rate: one, PerYear: 1, Periods: 1}
	for name, a := range map[string]schedule.Annuity{
		"zero":             {},
		"no periods":       {PerYear: 1},
		"too many periods": {PerYear: 1, Periods: 601},
		"per year":         {PerYear: 367, Periods: 1},
		"negative":         {Rate: one.Neg(), PerYear: 1, Periods: 1},
		"high":             {Rate: decimal.New(101, 0), PerYear: 1, Periods: 1},
		"fine":             {Rate: decimal.New(1, -1_000_000_000), PerYear: 1, Periods: 1},
		"long":             {Rate: decimal.New(1, 1_000_000_000), PerYear: 1, Periods: 1},
	} {
		if _, err := a.Payment(one, 2); !errors.Is(err, schedule.ErrTerms) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, places := range []int{-1, 65} {
		if _, err := good.Payment(one, places); !errors.Is(err, schedule.ErrTerms) {
			t.Error(places, err)
		}
	}
	if _, err := good.Payment(decimal.New(1, 1_000_000_000), 2); !errors.Is(err, schedule.ErrTerms) {
		t.Error(err)
	}
	for _, k := range []int{-1, 2} {
		if _, err := good.Balance(one, k, 2); !errors.Is(err, schedule.ErrTerms) {
			t.Error(k, err)
		}
	}
}

// tvmCase is a call of a spreadsheet function.
type tvmCase struct {
	Fn                  string
	Args                []json.RawMessage // numbers, or the text "rate" or "rate/periods"
	Expected, Tolerance decimal.Decimal
	Agrees              bool
}

// arg is an argument as a decimal.
func (c tvmCase) arg(t *testing.T, i int) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(strings.Trim(string(c.Args[i]), `"`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (c tvmCase) int(t *testing.T, i int) int {
	t.Helper()
	return int(c.arg(t, i).IntPart())
}

// annuity is the one of a case, whose number of periods is argument i.
func (c tvmCase) annuity(t *testing.T, i int) schedule.Annuity {
	t.Helper()
	rate, perYear, _ := strings.Cut(strings.Trim(string(c.Args[0]), `"`), "/")
	a := schedule.Annuity{PerYear: 1, Periods: c.int(t, i), Due: strings.HasSuffix(c.Fn, " begin")}
	var err, err2 error
	a.Rate, err = decimal.NewFromString(rate)
	if perYear != "" {
		err2 = json.Unmarshal([]byte(perYear), &a.PerYear)
	}
	if errors.Join(err, err2) != nil {
		t.Fatal(err, err2)
	}
	return a
}

const tvmPlaces = 30

// span is what payments from to to pay in all, and what of it is principal.
func (c tvmCase) span(t *testing.T, a schedule.Annuity, present decimal.Decimal, from, to int) (
	paid, principal decimal.Decimal,
) {
	t.Helper()
	payment, err := a.Payment(present, tvmPlaces)
	before, err2 := a.Balance(present, from-1, tvmPlaces)
	after, err3 := a.Balance(present, to, tvmPlaces)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	return payment.Mul(decimal.NewFromInt(int64(to - from + 1))), before.Sub(after)
}

// spreadsheet answers a case with the sign of spreadsheets; false for a function that is not
// answered.
func (c tvmCase) spreadsheet(t *testing.T) (decimal.Decimal, bool) {
	t.Helper()
	var got, paid, principal decimal.Decimal
	var err error
	fn, _, _ := strings.Cut(c.Fn, " ")
	switch fn {
	case "pmt":
		got, err = c.annuity(t, 1).Payment(c.arg(t, 2), tvmPlaces)
	case "pv", "fv":
		if len(c.Args) > 3 && !c.arg(t, 3).IsZero() {
			return got, false
		}
		answer := c.annuity(t, 1).Present
		if fn == "fv" {
			answer = c.annuity(t, 1).Future
		}
		got, err = answer(c.arg(t, 2), tvmPlaces)
	case "ipmt", "ppmt":
		k := c.int(t, 1)
		paid, principal = c.span(t, c.annuity(t, 2), c.arg(t, 3), k, k)
	case "cumipmt", "cumprinc":
		paid, principal = c.span(t, c.annuity(t, 1), c.arg(t, 2), c.int(t, 3), c.int(t, 4))
	default:
		return got, false
	}
	switch fn {
	case "ipmt", "cumipmt":
		got = paid.Sub(principal)
	case "ppmt", "cumprinc":
		got = principal
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.Neg(), true
}

func TestVectorsTVM(t *testing.T) {
	var file struct{ Cases []tvmCase }
	readReference(t, "tvm.json", &file)
	var tvm tally
	for _, c := range file.Cases {
		if !c.Agrees {
			continue
		}
		got, ok := c.spreadsheet(t)
		if !ok {
			tvm.unsupported++
			continue
		}
		near := got.Sub(c.Expected).Abs().Cmp(c.Tolerance) <= 0
		tvm.count(t, near, "%s%s: %v, want %v", c.Fn, c.Args, got, c.Expected)
	}
	tvm.print(t, "tvm.json")
}

func ExampleAnnuity() {
	loan := schedule.Annuity{Rate: decimal.RequireFromString("0.08"), PerYear: 12, Periods: 60}
	payment, err := loan.Payment(decimal.NewFromInt(15_000), 6)
	fmt.Println(payment, err)
	after, err := loan.Balance(decimal.NewFromInt(15_000), 1, 6)
	fmt.Println(after, err)
	// Output:
	// 304.145914 <nil>
	// 14795.854086 <nil>
}
