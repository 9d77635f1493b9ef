package money_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/schedule/money"
)

func TestCurrencyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCurrency().Draw(t, "c")
		parsed, err := money.ParseCurrency(c.String())
		if err != nil || parsed != c {
			t.Fatalf("ParseCurrency(%q) = %v, %v", c, parsed, err)
		}
		rebuilt, err := money.NewCurrency(c.Code(), c.Digits())
		if err != nil || rebuilt != c {
			t.Fatalf("NewCurrency(%q, %d) = %v, %v", c.Code(), c.Digits(), rebuilt, err)
		}
		checkCurrencyEncodings(t, c)
	})
	checkCurrencyEncodings(t, money.Currency{})
}

func checkCurrencyEncodings(t rapid.TB, c money.Currency) {
	t.Helper()
	stale := money.MustCurrency("USD")
	data, err := json.Marshal(map[string]money.Currency{"c": c})
	if err != nil {
		t.Fatal(err)
	}
	back := map[string]*money.Currency{"c": &stale}
	if err := json.Unmarshal(data, &back); err != nil || *back["c"] != c {
		t.Fatalf("json %s: got %v, %v", data, back["c"], err)
	}
	value, err := c.Value()
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []any{value, []byte(value.(string))} {
		scanned := money.MustCurrency("USD")
		if err := scanned.Scan(src); err != nil || scanned != c {
			t.Fatalf("Scan(%q) = %v, %v", src, scanned, err)
		}
	}
}

// The digits that ISO 4217 list one gives; figures typed in from the standard.
func TestCurrencyISODigits(t *testing.T) {
	for code, digits := range map[string]int{
		"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "INR": 2, "IDR": 2, "MGA": 2, "HUF": 2, "ZWG": 2,
		"AED": 2, "XCG": 2, "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XPF": 0, "BIF": 0,
		"BHD": 3, "KWD": 3, "IQD": 3, "TND": 3, "OMR": 3, "CLF": 4, "UYW": 4,
	} {
		c, err := money.ParseCurrency(code)
		if err != nil || c.Digits() != digits || c.String() != code {
			t.Errorf("ParseCurrency(%s) = %v with %d digits, %v", code, c, c.Digits(), err)
		}
		for other := range 13 {
			_, err := money.NewCurrency(code, other)
			if (err == nil) != (other == digits) {
				t.Errorf("NewCurrency(%s, %d): %v", code, other, err)
			}
		}
	}
}

func TestCurrencyISOAndCustomTextsMeet(t *testing.T) {
	c, err := money.ParseCurrency("CNY/2")
	if err != nil || c != money.MustCurrency("CNY") {
		t.Errorf("CNY/2 = %v, %v", c, err)
	}
}

func TestCurrencyRefusals(t *testing.T) {
	for text, want := range map[string]error{
		"":                       money.ErrCurrency,
		"CN":                     money.ErrCurrency,
		"cny":                    money.ErrCurrency,
		"CNYY":                   money.ErrCurrency,
		"Y C":                    money.ErrCurrency,
		"XTS":                    money.ErrCurrency,
		"XTS/13":                 money.ErrCurrency,
		"XTS/-1":                 money.ErrCurrency,
		"CNY/3":                  money.ErrCurrency,
		"xts/3":                  money.ErrCurrency,
		"XTS/":                   money.ErrSyntax,
		"XTS/03":                 money.ErrSyntax,
		"XTS/+3":                 money.ErrSyntax,
		"XTS/3/3":                money.ErrSyntax,
		strings.Repeat("A", 41):  money.ErrSyntax,
		strings.Repeat("A", 1e6): money.ErrSyntax,
	} {
		c, err := money.ParseCurrency(text)
		if !errors.Is(err, want) || !c.IsZero() {
			t.Errorf("ParseCurrency(%.50q) = %v, %v; want %v", text, c, err, want)
		}
		checkEcho(t, err)
	}
}

func TestCurrencyKeepsItsValueOnError(t *testing.T) {
	for _, src := range []any{nil, 5, 2.5, "XTS", []byte("cny"), true} {
		c := money.MustCurrency("USD")
		if err := c.Scan(src); !errors.Is(err, money.ErrCurrency) || c.String() != "USD" {
			t.Errorf("Scan(%v) left %v, %v", src, c, err)
		}
	}
}

// checkEcho fails when an error repeats more than 40 bytes of its input.
func checkEcho(t rapid.TB, err error) {
	t.Helper()
	var syntax *money.SyntaxError
	var amount *money.AmountError
	var currency *money.CurrencyError
	var overflow *money.OverflowError
	switch {
	case errors.As(err, &syntax) && len(syntax.Input) <= 40:
	case errors.As(err, &amount) && len(amount.Input) <= 40:
	case errors.As(err, &currency) && len(currency.Code) <= 40:
	case errors.As(err, &overflow) && len(overflow.Op) <= 40:
	default:
		t.Fatalf("error of no known type, or one that repeats its input: %T %v", err, err)
	}
	if len(err.Error()) > 300 { // 40 bytes, four for each when quoted, and the reason
		t.Fatalf("error of %d bytes: %v", len(err.Error()), err)
	}
}

func FuzzParseCurrency(f *testing.F) {
	for _, seed := range []string{"CNY", "XTS/12", "XTS/03", "", "CNY/2", "USD/2", "A/1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := money.ParseCurrency(text)
		if err != nil {
			checkEcho(t, err)
			return
		}
		again, err := money.ParseCurrency(c.String())
		if err != nil || again != c || c.Digits() > 12 || len(c.Code()) != 3 {
			t.Fatalf("%q: %v, then %v, %v", text, c, again, err)
		}
		withDigits := c.Code() + "/" + strconv.Itoa(c.Digits())
		if text != c.String() && text != withDigits {
			t.Fatalf("%q is one more text of %v", text, c)
		}
	})
}
