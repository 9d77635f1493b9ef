package money_test

import (
	"encoding"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

// The published table of rounding modes (java.math.RoundingMode), typed in.
func TestModesTable(t *testing.T) {
	inputs := []int64{55, 25, 16, 11, 10, -10, -11, -16, -25, -55} // tenths
	for mode, want := range map[money.Mode][]int64{
		money.Up:       {6, 3, 2, 2, 1, -1, -2, -2, -3, -6},
		money.Down:     {5, 2, 1, 1, 1, -1, -1, -1, -2, -5},
		money.Ceiling:  {6, 3, 2, 2, 1, -1, -1, -1, -2, -5},
		money.Floor:    {5, 2, 1, 1, 1, -1, -2, -2, -3, -6},
		money.HalfUp:   {6, 3, 2, 1, 1, -1, -1, -2, -3, -6},
		money.HalfDown: {5, 2, 2, 1, 1, -1, -1, -2, -2, -5},
		money.HalfEven: {6, 2, 2, 1, 1, -1, -1, -2, -2, -6},
	} {
		for i, tenths := range inputs {
			if got, err := money.MulDiv(tenths, 1, 10, mode); err != nil || got != want[i] {
				t.Errorf("MulDiv %v of %d tenths = %d, %v; want %d", mode, tenths, got, err, want[i])
			}
			a, err := money.Round(decimal.New(tenths, -1), money.MustCurrency("JPY"), mode)
			if err != nil || a.Minor() != want[i] {
				t.Errorf("Round %v of %d tenths = %v, %v; want %d", mode, tenths, a, err, want[i])
			}
		}
	}
}

func TestMulDivEqualsRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyInt64().Draw(t, "a"), anyInt64().Draw(t, "b")
		c := anyInt64().Filter(func(n int64) bool { return n > 0 }).Draw(t, "c")
		checkMulDiv(t, a, b, c)
	})
}

func checkMulDiv(t rapid.TB, a, b, c int64) {
	t.Helper()
	for _, mode := range modes {
		want := roundRat(fraction(a, b, c), mode)
		got, err := money.MulDiv(a, b, c, mode)
		switch {
		case !want.IsInt64():
			if !errors.Is(err, money.ErrOverflow) {
				t.Fatalf("%d*%d/%d %v = %d, %v; want overflow", a, b, c, mode, got, err)
			}
		case err != nil || got != want.Int64():
			t.Fatalf("%d*%d/%d %v = %d, %v; want %d", a, b, c, mode, got, err, want)
		}
	}
}

// The edges of the result's range, where a rounding step decides between a number and a refusal.
func TestMulDivEdges(t *testing.T) {
	const most, least = 1<<63 - 1, -1 << 63
	for _, x := range [][3]int64{
		{most, 1, 1}, {least, 1, 1}, {least, -1, 1}, {least, least, most}, {most, most, most},
		{least, 2, 2}, {least, 3, 4}, {most, 3, 3}, {most, 3, 2}, {least, most, most},
		{most, 1<<62 + 1, 1 << 62}, {least, 1<<62 + 1, 1 << 62}, {0, least, 1},
		{6148914691236517205, 3, 2}, {6148914691236517205, -3, 2}, {most, most, 1},
	} {
		checkMulDiv(t, x[0], x[1], x[2])
	}
}

func TestMulDivRefuses(t *testing.T) {
	for _, c := range []int64{0, -1, -1 << 63} {
		if _, err := money.MulDiv(1, 1, c, money.Down); !errors.Is(err, money.ErrDivisor) {
			t.Errorf("divisor %d: %v", c, err)
		}
	}
	for _, mode := range []money.Mode{0, 8, 255} {
		if _, err := money.MulDiv(1, 1, 1, mode); !errors.Is(err, money.ErrMode) {
			t.Errorf("%v: %v", mode, err)
		}
	}
}

func FuzzMulDiv(f *testing.F) {
	f.Add(int64(1), int64(2), int64(3))
	f.Add(int64(-1<<63), int64(-1), int64(1))
	f.Fuzz(func(t *testing.T, a, b, c int64) {
		if c > 0 {
			checkMulDiv(t, a, b, c)
		}
	})
}

// anyCoefficient draws from numbers of a digit up to numbers of a hundred, with ties often.
func anyCoefficient() *rapid.Generator[*big.Int] {
	return rapid.Custom(func(t *rapid.T) *big.Int {
		n := big.NewInt(anyInt64().Draw(t, "n"))
		if rapid.Bool().Draw(t, "long") {
			factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(rapid.Int64Range(0, 80).Draw(t, "e")), nil)
			n.Mul(n, factor).Add(n, big.NewInt(rapid.Int64Range(-1, 1).Draw(t, "beside")))
		}
		return n
	})
}

func TestRoundEqualsRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefficient := anyCoefficient().Draw(t, "coefficient")
		exponent := rapid.Int32Range(-110, 20).Draw(t, "exponent")
		checkRound(t, coefficient, exponent, anyCurrency().Draw(t, "currency"))
	})
}

// Every small number of up to three decimals, the powers of ten, and the bounds.
func TestRoundEdges(t *testing.T) {
	jpy := money.MustCurrency("JPY")
	for exponent := int32(-3); exponent <= 17; exponent++ {
		for n := int64(-60); n <= 60; n++ {
			checkRound(t, big.NewInt(n), exponent, jpy)
		}
	}
	for exponent := int32(-1); exponent <= 0; exponent++ {
		for beside := int64(-12); beside <= 12; beside++ {
			checkRound(t, big.NewInt(money.MaxMinor+beside), exponent, jpy)
			checkRound(t, big.NewInt(-money.MaxMinor+beside), exponent, jpy)
			checkRound(t, big.NewInt(10*money.MaxMinor+beside), exponent, jpy)
		}
	}
}

func checkRound(t rapid.TB, coefficient *big.Int, exponent int32, c money.Currency) {
	t.Helper()
	d := decimal.NewFromBigInt(coefficient, exponent)
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Digits())), nil)
	exact := new(big.Rat).Mul(d.Rat(), new(big.Rat).SetInt(unit))
	for _, mode := range modes {
		want := roundRat(exact, mode)
		got, err := money.Round(d, c, mode)
		switch {
		case new(big.Int).Abs(want).Cmp(big.NewInt(money.MaxMinor)) > 0:
			if !errors.Is(err, money.ErrOverflow) {
				t.Fatalf("%v %v of %v = %v, %v; want overflow", mode, c, d, got, err)
			}
		case err != nil || got.Minor() != want.Int64() || got.Currency() != c:
			t.Fatalf("%v %v of %v = %v, %v; want %d units", mode, c, d, got, err, want)
		}
	}
	if d.Coefficient().Cmp(coefficient) != 0 || d.Exponent() != exponent {
		t.Fatal("Round changed its argument")
	}
}

// Whatever an amount says as a decimal is rounded to that amount in every mode.
func TestRoundOfDecimalIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Filter(func(a money.Amount) bool { return a != money.Amount{} }).Draw(t, "a")
		for _, mode := range modes {
			if b, err := money.Round(a.Decimal(), a.Currency(), mode); err != nil || a != b {
				t.Fatalf("%v came back as %v, %v", a, b, err)
			}
		}
	})
}

// Exponents of any size are answered at once.
func TestRoundIsBounded(t *testing.T) {
	start := time.Now()
	cny := money.MustCurrency("CNY")
	for _, exponent := range []int32{1<<31 - 1, 1e9, 20_000_000, 16} {
		for _, sign := range []int64{1, -1} {
			_, err := money.Round(decimal.New(sign, exponent), cny, money.HalfUp)
			if !errors.Is(err, money.ErrOverflow) {
				t.Errorf("%de%d: %v", sign, exponent, err)
			}
		}
	}
	for _, exponent := range []int32{-1 << 31, -1e9, -20_000_000, -40} {
		for mode, want := range map[money.Mode][2]int64{
			money.HalfUp: {0, 0}, money.Up: {1, -1}, money.Ceiling: {1, 0}, money.Floor: {0, -1},
		} {
			for i, sign := range []int64{9, -9} {
				a, err := money.Round(decimal.New(sign, exponent), cny, mode)
				if err != nil || a.Minor() != want[i] {
					t.Errorf("%v of %de%d = %v, %v", mode, sign, exponent, a, err)
				}
			}
		}
	}
	zero, err := money.Round(decimal.New(0, 1<<31-1), cny, money.HalfUp)
	if err != nil || zero != money.MustParse("CNY 0") {
		t.Errorf("0e2147483647 = %v, %v", zero, err)
	}
	long := decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 1<<16), -19000)
	if _, err := money.Round(long, cny, money.HalfUp); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("65537 bits: %v", err)
	}
	if spent := time.Since(start); spent > 5*time.Second {
		t.Errorf("took %v", spent)
	}
}

func TestRoundRefuses(t *testing.T) {
	one := decimal.New(1, 0)
	if _, err := money.Round(one, money.Currency{}, money.Up); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("no currency: %v", err)
	}
	if _, err := money.Round(one, money.MustCurrency("CNY"), 0); !errors.Is(err, money.ErrMode) {
		t.Errorf("no mode: %v", err)
	}
	a, err := money.Round(decimal.Decimal{}, money.MustCurrency("CNY"), money.Up)
	if err != nil || !a.IsZero() {
		t.Errorf("zero Decimal: %v, %v", a, err)
	}
}

// The process-wide settings of the decimal package reach no result. Not parallel: it sets them.
func TestDecimalGlobalsDoNotMatter(t *testing.T) {
	precision, quotes := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes
	defer func() { decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = precision, quotes }()
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes = 0, true

	a, err := money.Round(decimal.New(12345, -3), money.MustCurrency("CNY"), money.HalfEven)
	if err != nil || a.String() != "CNY 12.34" {
		t.Errorf("got %v, %v", a, err)
	}
}

// text is what the enums of this package can do.
type text interface {
	fmt.Stringer
	encoding.TextMarshaler
}

// checkEnum checks that exactly the numbers 1 to last have a text, that texts differ, and that
// each text reads back to its number.
func checkEnum[E text, P interface {
	*E
	encoding.TextUnmarshaler
}](t *testing.T, of func(uint8) E, last uint8, unset error) {
	t.Helper()
	seen := map[string]bool{}
	for n := range 256 {
		value := of(uint8(n))
		name, err := value.MarshalText()
		if n == 0 || n > int(last) {
			if !errors.Is(err, unset) {
				t.Errorf("%d marshals to %q, %v", n, name, err)
			}
		} else if err != nil || string(name) != value.String() {
			t.Errorf("%d marshals to %q, %v", n, name, err)
		}
		if seen[value.String()] || value.String() == "" {
			t.Errorf("%d has the text %q, like another", n, value)
		}
		seen[value.String()] = true
		read := of(1)
		err = P(&read).UnmarshalText([]byte(value.String()))
		switch {
		case n >= 1 && n <= int(last):
			if err != nil || read.String() != value.String() {
				t.Errorf("%q reads back as %v, %v", value, read, err)
			}
		case !errors.Is(err, money.ErrSyntax) || read.String() != of(1).String():
			t.Errorf("%q reads as %v, %v", value, read, err)
		}
	}
	kept := of(1)
	if err := P(&kept).UnmarshalText(nil); !errors.Is(err, money.ErrSyntax) {
		t.Errorf("the empty text reads as %v, %v", kept, err)
	}
}

func TestModeTexts(t *testing.T) {
	checkEnum(t, func(n uint8) money.Mode { return money.Mode(n) }, 7, money.ErrMode)
	for _, mode := range modes {
		if !mode.IsValid() {
			t.Errorf("%v is not valid", mode)
		}
	}
}

func FuzzEnumsUnmarshalText(f *testing.F) {
	f.Add([]byte("half-even"))
	f.Add([]byte("largest-remainder"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var mode money.Mode
		if err := mode.UnmarshalText(data); err != nil {
			checkEcho(t, err)
		} else if mode.String() != string(data) {
			t.Fatalf("%q reads as %v", data, mode)
		}
		var rule money.Remainder
		if err := rule.UnmarshalText(data); err != nil {
			checkEcho(t, err)
		} else if rule.String() != string(data) {
			t.Fatalf("%q reads as %v", data, rule)
		}
	})
}

func BenchmarkMulDiv(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.MulDiv(10_000_000, 12_000_000, 1_200_000_007, money.HalfEven); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRound(b *testing.B) {
	d, cny := decimal.New(1234567890123, -9), money.MustCurrency("CNY")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Round(d, cny, money.HalfEven); err != nil {
			b.Fatal(err)
		}
	}
}
