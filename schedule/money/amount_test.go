package money_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

func TestAmountIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(money.Amount{}); size != 16 {
		t.Errorf("an Amount takes %d bytes", size)
	}
}

func TestAmountRebuilds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "a")
		b, err := money.New(a.Minor(), a.Currency())
		if err != nil || a != b {
			t.Fatalf("%v rebuilt as %v, %v", a, b, err)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	cny := money.MustCurrency("CNY")
	for _, minor := range []int64{money.MaxMinor + 1, -money.MaxMinor - 1, 1<<63 - 1, -1 << 63} {
		if _, err := money.New(minor, cny); !errors.Is(err, money.ErrOverflow) {
			t.Errorf("New(%d) = %v", minor, err)
		}
	}
	if _, err := money.New(1, money.Currency{}); !errors.Is(err, money.ErrAmount) {
		t.Errorf("a unit of no currency: %v", err)
	}
}

// Sums against big.Int: exact or refused, and refused only when out of range or mixed.
func TestAddSubCmp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAmount().Draw(t, "a"), anyAmount().Draw(t, "b")
		if rapid.Bool().Draw(t, "same currency") && a.Currency() != (money.Currency{}) {
			b, _ = money.New(b.Minor(), a.Currency())
		}
		checkSum(t, a, b, a.Add, 1)
		checkSum(t, a, b, a.Sub, -1)
		order, err := a.Cmp(b)
		if mixed(a, b) {
			var mismatch *money.MismatchError
			if !errors.As(err, &mismatch) || mismatch.Left != a.Currency() {
				t.Fatalf("%v cmp %v: %v", a, b, err)
			}
			return
		}
		if want := big.NewInt(a.Minor()).Cmp(big.NewInt(b.Minor())); err != nil || order != want {
			t.Fatalf("%v cmp %v = %d, %v", a, b, order, err)
		}
	})
}

func mixed(a, b money.Amount) bool {
	none := money.Currency{}
	return a.Currency() != none && b.Currency() != none && a.Currency() != b.Currency()
}

func checkSum(
	t *rapid.T, a, b money.Amount, op func(money.Amount) (money.Amount, error), sign int64,
) {
	got, err := op(b)
	want := a.Minor() + sign*b.Minor() // both are below 2^53
	switch {
	case mixed(a, b):
		if !errors.Is(err, money.ErrMismatch) {
			t.Fatalf("%v and %v: %v", a, b, err)
		}
	case want > money.MaxMinor || want < -money.MaxMinor:
		if !errors.Is(err, money.ErrOverflow) {
			t.Fatalf("%v and %v: %v", a, b, err)
		}
	case err != nil || got.Minor() != want:
		t.Fatalf("%v and %v = %v, %v", a, b, got, err)
	case got.Currency() != a.Currency() && got.Currency() != b.Currency():
		t.Fatalf("%v and %v gave the currency of neither: %v", a, b, got)
	}
	if err != nil && got != (money.Amount{}) {
		t.Fatalf("a refusal came with %v", got)
	}
}

func TestNothingIsNeutral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, nothing := anyAmount().Draw(t, "a"), money.Amount{}
		left, err := nothing.Add(a)
		if err != nil || left != a {
			t.Fatalf("nothing + %v = %v, %v", a, left, err)
		}
		right, err := a.Sub(nothing)
		if err != nil || right != a {
			t.Fatalf("%v - nothing = %v, %v", a, right, err)
		}
	})
	zero := money.MustParse("CNY 0")
	if zero == (money.Amount{}) || !zero.IsZero() || zero.Sign() != 0 {
		t.Error("CNY 0 must differ from nothing under == and still be zero")
	}
}

func TestNegAndSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "a")
		sum, err := a.Add(a.Neg())
		if err != nil || !sum.IsZero() || a.Neg().Neg() != a || a.Neg().Sign() != -a.Sign() {
			t.Fatalf("%v, negated %v, sum %v, %v", a, a.Neg(), sum, err)
		}
		if want := big.NewInt(a.Minor()).Sign(); a.Sign() != want || a.IsZero() != (want == 0) {
			t.Fatalf("sign of %v is %d", a, a.Sign())
		}
	})
}

// Text against big.Rat, which prints minor/10^digits with exactly that many decimals.
func TestTextPrintsAllDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "a")
		digits := a.Currency().Digits()
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
		want := new(big.Rat).SetFrac(big.NewInt(a.Minor()), unit)
		if a.Text() != want.FloatString(digits) {
			t.Fatalf("got %s, want %s", a.Text(), want.FloatString(digits))
		}
		if a.Decimal().Rat().Cmp(want) != 0 {
			t.Fatalf("Decimal of %v is %v", a, a.Decimal())
		}
	})
}

func TestAmountEncodings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "a")
		data, err := json.Marshal(a)
		if err != nil || string(data) != `"`+a.String()+`"` {
			t.Fatalf("json of %v: %s, %v", a, data, err)
		}
		back := money.MustParse("USD 1")
		if err := json.Unmarshal(data, &back); err != nil || back != a {
			t.Fatalf("json %s: got %v, %v", data, back, err)
		}
		value, err := a.Value()
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []any{value, []byte(value.(string))} {
			scanned := money.MustParse("USD 1")
			if err := scanned.Scan(src); err != nil || scanned != a {
				t.Fatalf("Scan(%q) = %v, %v", src, scanned, err)
			}
		}
	})
}

// Numbers, null and other shapes of JSON never change an amount.
func TestAmountJSONTakesStringsOnly(t *testing.T) {
	for _, text := range []string{`5`, `5.00`, `true`, `{}`, `[]`, `""`, `"CNY"`, `"5"`, `null`} {
		a := money.MustParse("USD 1")
		err := json.Unmarshal([]byte(text), &a)
		if a.String() != "USD 1.00" || (err == nil) != (text == "null") {
			t.Errorf("json %s left %v, %v", text, a, err)
		}
	}
}

func TestAmountScanRefuses(t *testing.T) {
	for _, src := range []any{nil, int64(5), 5.0, true} {
		a := money.MustParse("USD 1")
		if err := a.Scan(src); !errors.Is(err, money.ErrAmount) || a.String() != "USD 1.00" {
			t.Errorf("Scan(%v) left %v, %v", src, a, err)
		}
	}
}

func FuzzAmountUnmarshalText(f *testing.F) {
	f.Add([]byte("CNY 10000.00"))
	f.Add([]byte("XTS -0.000000000001"))
	f.Fuzz(func(t *testing.T, text []byte) {
		before := money.MustParse("USD 1")
		a := before
		if err := a.UnmarshalText(text); err != nil {
			checkEcho(t, err)
			if a != before {
				t.Fatalf("%q changed the amount to %v and failed: %v", text, a, err)
			}
			return
		}
		parsed, err := money.Parse(string(text))
		if err != nil || parsed != a {
			t.Fatalf("%q: UnmarshalText gave %v, Parse %v, %v", text, a, parsed, err)
		}
	})
}

func FuzzScan(f *testing.F) {
	f.Add("CNY 1", []byte("CNY 1"), int64(1), 1.0)
	f.Add("XTS/2", []byte("XTS/2"), int64(-1), -0.5)
	f.Fuzz(func(t *testing.T, text string, raw []byte, whole int64, real float64) {
		for _, src := range []any{text, raw, whole, real, nil} {
			a, c := money.MustParse("USD 1"), money.MustCurrency("USD")
			if err := a.Scan(src); err != nil {
				checkEcho(t, err)
			} else if again, err := money.Parse(a.String()); err != nil || again != a {
				t.Fatalf("Scan(%v) = %v, read back as %v, %v", src, a, again, err)
			}
			if err := c.Scan(src); err != nil {
				checkEcho(t, err)
			} else if back := (money.Currency{}); back.Scan(c.String()) != nil || back != c {
				t.Fatalf("Scan(%v) = %v, read back as %v", src, c, back)
			}
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	a, one := money.MustParse("CNY 10000.00"), money.MustParse("CNY 0.01")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Add(one); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAmountString(b *testing.B) {
	a := money.MustParse("CNY 10000.00")
	b.ReportAllocs()
	for b.Loop() {
		_ = a.String()
	}
}
