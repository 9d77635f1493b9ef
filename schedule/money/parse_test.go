package money_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

func TestParseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "a")
		b, err := money.Parse(a.String())
		if err != nil || a != b {
			t.Fatalf("Parse(%q) = %v, %v", a, b, err)
		}
		if a == (money.Amount{}) {
			return
		}
		c, err := money.ParseIn(a.Text(), a.Currency())
		if err != nil || a != c {
			t.Fatalf("ParseIn(%q, %v) = %v, %v", a.Text(), a.Currency(), c, err)
		}
	})
}

func TestParseAccepts(t *testing.T) {
	for text, want := range map[string]string{
		"CNY 10000.00":                        "CNY 10000.00",
		"CNY 5":                               "CNY 5.00",
		"CNY 5.1":                             "CNY 5.10",
		"CNY -0.05":                           "CNY -0.05",
		"CNY -0":                              "CNY 0.00",
		"CNY 007":                             "CNY 7.00",
		"JPY 5":                               "JPY 5",
		"BHD 0.001":                           "BHD 0.001",
		"CLF 1.2345":                          "CLF 1.2345",
		"XTS 1.000000000000":                  "XTS 1.000000000000",
		"XTS 7":                               "XTS 7",
		"CNY 90071992547409.91":               "CNY 90071992547409.91",
		"CNY -90071992547409.91":              "CNY -90071992547409.91",
		"CNY 0000000000000000000000000000000": "CNY 0.00",
		"0":                                   "0",
	} {
		a, err := money.Parse(text)
		if err != nil || a.String() != want {
			t.Errorf("Parse(%q) = %v, %v", text, a, err)
		}
	}
	if digits := money.MustParse("XTS 1.000").Currency().Digits(); digits != 3 {
		t.Errorf("XTS 1.000 has %d digits", digits)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": money.ErrSyntax, " ": money.ErrSyntax, "00": money.ErrSyntax, "-0": money.ErrSyntax,
		"5": money.ErrSyntax, "CNY": money.ErrSyntax, "CNY ": money.ErrSyntax,
		"CNY5": money.ErrSyntax, "CNY  5": money.ErrSyntax, "CNY 5 ": money.ErrSyntax,
		" CNY 5": money.ErrSyntax, "CNY\t5": money.ErrSyntax, "CNY 5\n": money.ErrSyntax,
		"CNY +5": money.ErrSyntax, "CNY --5": money.ErrSyntax, "CNY -": money.ErrSyntax,
		"CNY .": money.ErrSyntax, "CNY .5": money.ErrSyntax, "CNY 5.": money.ErrSyntax,
		"CNY -.5": money.ErrSyntax, "CNY 1.2.3": money.ErrSyntax, "CNY 1,000": money.ErrSyntax,
		"CNY 1e2": money.ErrSyntax, "CNY 0x1": money.ErrSyntax, "CNY 1_0": money.ErrSyntax,
		"CNY ５": money.ErrSyntax, "CNY \u22125": money.ErrSyntax, "CNY NaN": money.ErrSyntax,
		"5 CNY": money.ErrSyntax, "cny 5": money.ErrCurrency, "C1Y 5": money.ErrCurrency,
		"XTS/2 5.00":          money.ErrSyntax,
		"XTS 0.0000000000001": money.ErrCurrency,
		"CNY 5.001":           money.ErrAmount, "CNY 5.000": money.ErrAmount, "JPY 5.0": money.ErrAmount,
		"CNY 90071992547409.92": money.ErrOverflow, "JPY 9007199254740992": money.ErrOverflow,
		"CNY 90071992547410": money.ErrOverflow, "CNY -90071992547410": money.ErrOverflow,
		"CNY -90071992547409.92": money.ErrOverflow, "CNY 9007199254740991": money.ErrOverflow,
		"CNY 99999999999999999999999999999999999": money.ErrOverflow,
		"CNY " + strings.Repeat("0", 37):          money.ErrSyntax,
		strings.Repeat("9", 1e6):                  money.ErrSyntax,
	} {
		a, err := money.Parse(text)
		if !errors.Is(err, want) || a != (money.Amount{}) {
			t.Errorf("Parse(%.50q) = %v, %v; want %v", text, a, err, want)
			continue
		}
		checkEcho(t, err)
	}
}

func TestParseIn(t *testing.T) {
	c := money.MustCurrency("XTS/3")
	if a, err := money.ParseIn("-5.1", c); err != nil || a.Minor() != -5100 {
		t.Errorf("got %v, %v", a, err)
	}
	for text, want := range map[string]error{
		"": money.ErrSyntax, "-": money.ErrSyntax, "CNY 5": money.ErrSyntax,
		"5.0001": money.ErrAmount, "9007199254740.992": money.ErrOverflow,
		strings.Repeat("0", 41): money.ErrSyntax,
	} {
		if _, err := money.ParseIn(text, c); !errors.Is(err, want) {
			t.Errorf("ParseIn(%.50q): %v, want %v", text, err, want)
		}
	}
	if _, err := money.ParseIn("5", money.Currency{}); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("no currency: %v", err)
	}
}

func TestMustPanicsOnBadConstants(t *testing.T) {
	for name, must := range map[string]func(){
		"MustParse":    func() { money.MustParse("CNY five") },
		"MustCurrency": func() { money.MustCurrency("XTS") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			must()
		})
	}
}

// grammar is the syntax of an amount, as documented.
var grammar = regexp.MustCompile(`^[A-Z]{3} -?[0-9]+(\.[0-9]+)?$`)

// FuzzParse holds Parse against the grammar and the value against big.Rat, both ways: what is
// accepted is exact, and what is refused has one of the documented reasons.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"CNY 10000.00", "XTS 1.000000000000", "0", "JPY -7", "CNY 5.", "CNY .5", "BHD 1.234",
		"CNY 90071992547409.91", "CNY 90071992547409.92", "CNY 1e5", "CNY 1.234", "xts 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := money.Parse(text)
		if text == "0" {
			return
		}
		if !grammar.MatchString(text) || len(text) > 40 {
			if err == nil {
				t.Fatalf("Parse(%q) = %v", text, a)
			}
			checkEcho(t, err)
			return
		}
		exact, _ := new(big.Rat).SetString(text[4:])
		if err == nil {
			back, _ := new(big.Rat).SetString(a.Text())
			if back.Cmp(exact) != 0 || a.Currency().Code() != text[:3] {
				t.Fatalf("Parse(%q) = %v", text, a)
			}
			return
		}
		checkEcho(t, err)
		checkRefusal(t, text, exact, err)
	})
}

// checkRefusal checks that a text in the grammar is refused for more decimals than the currency or
// any currency has, or for its size.
func checkRefusal(t *testing.T, text string, exact *big.Rat, err error) {
	t.Helper()
	_, decimals, _ := strings.Cut(text, ".")
	digits := len(decimals)
	c, unknown := money.ParseCurrency(text[:3])
	if unknown == nil {
		digits = c.Digits()
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(digits, len(decimals)))), nil)
	units := new(big.Rat).Mul(exact, new(big.Rat).SetInt(unit))
	large := new(big.Int).Abs(units.Num()).Cmp(big.NewInt(money.MaxMinor)) > 0
	switch {
	case errors.Is(err, money.ErrOverflow) && large:
	case errors.Is(err, money.ErrAmount) && unknown == nil && len(decimals) > digits:
	case errors.Is(err, money.ErrCurrency) && unknown != nil && len(decimals) > 12:
	default:
		t.Fatalf("Parse(%q) refused without a reason: %v", text, err)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Parse("CNY 10000.00"); err != nil {
			b.Fatal(err)
		}
	}
}
