package money

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// maxDigits is the finest minor unit of a currency: 10^-12.
const maxDigits = 12

// The codes of ISO 4217 that have a minor unit, by the digits of that unit. Source: ISO 4217
// list one, amendments up to 2025. A code that the standard withdraws stays, since stored amounts
// outlive it. Codes without a minor unit (XAU, XTS, XXX ...) are custom codes here.
const (
	iso0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
	iso2 = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN " +
		"BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB " +
		"EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS " +
		"KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
		"MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD " +
		"SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS " +
		"UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
	iso3 = "BHD IQD JOD KWD LYD OMR TND"
	iso4 = "CLF UYW"
)

// Currency is a code of three capital letters and the number of decimals of its minor unit
// (0 to 12). The digits travel with the value, so there is no registry to fill or to change. It
// is 4 bytes, comparable with ==, and safe as a map key; the zero value is no currency.
type Currency struct {
	code   [3]byte
	digits uint8
}

// NewCurrency returns the currency of the code, three letters A to Z, whose minor unit is
// 10^-digits, 0 to 12. A code of ISO 4217 must come with its ISO digits; any other code is a
// custom currency. It returns a *CurrencyError.
func NewCurrency(code string, digits int) (Currency, error) {
	if !isCode(code) {
		return Currency{}, currencyError(code, "want three letters A to Z")
	}
	if digits < 0 || digits > maxDigits {
		return Currency{}, currencyError(code, "digits are not 0 to 12")
	}
	if want, ok := isoDigits(code); ok && digits != want {
		return Currency{}, currencyError(code, "ISO 4217 gives it "+strconv.Itoa(want)+" digits")
	}
	return Currency{code: [3]byte{code[0], code[1], code[2]}, digits: uint8(digits)}, nil
}

// ParseCurrency reads what String writes: "CNY" for a code of ISO 4217, "XTS/12" (code and
// digits) for a custom one. "CNY/2" is read as CNY, so that a custom currency which ISO 4217
// later adopts with the same digits can still be read. It returns a *SyntaxError or a
// *CurrencyError.
func ParseCurrency(s string) (Currency, error) {
	if len(s) > maxText {
		return Currency{}, syntaxError("currency", s, "more than 40 bytes")
	}
	code, text, custom := strings.Cut(s, "/")
	if !custom {
		digits, ok := isoDigits(code)
		if !ok {
			return Currency{}, currencyError(code, "not in ISO 4217, and no digits are given")
		}
		return NewCurrency(code, digits)
	}
	digits, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(digits) != text {
		return Currency{}, syntaxError("currency", s, "digits after the slash are no plain number")
	}
	return NewCurrency(code, digits)
}

// MustCurrency is ParseCurrency for constants and tests; it panics on an error.
func MustCurrency(s string) Currency {
	c, err := ParseCurrency(s)
	if err != nil {
		panic(err)
	}
	return c
}

// Code returns the three letters, or "" for no currency.
func (c Currency) Code() string {
	if c.IsZero() {
		return ""
	}
	return string(c.code[:])
}

// Digits returns the number of decimals of the minor unit, 0 to 12.
func (c Currency) Digits() int { return int(c.digits) }

// IsZero reports whether c is the zero value, no currency.
func (c Currency) IsZero() bool { return c == Currency{} }

// String returns the text that ParseCurrency reads, or "" for no currency.
func (c Currency) String() string {
	code := c.Code()
	if c.IsZero() || c.isISO() {
		return code
	}
	return code + "/" + strconv.Itoa(c.Digits())
}

// MarshalText returns String. It never fails.
func (c Currency) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText wrote; the empty text is no currency. It returns the errors
// of ParseCurrency and then leaves c as it was.
func (c *Currency) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = Currency{}
		return nil
	}
	parsed, err := ParseCurrency(string(text[:min(len(text), maxText+1)]))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Value implements driver.Valuer: the text of String. It never fails.
func (c Currency) Value() (driver.Value, error) { return c.String(), nil }

// Scan implements sql.Scanner for a text column. NULL and numbers are refused with a
// *CurrencyError (use sql.Null for a column that may be NULL); c then stays as it was.
func (c *Currency) Scan(src any) error {
	switch text := src.(type) {
	case string:
		return c.UnmarshalText([]byte(text[:min(len(text), maxText+1)]))
	case []byte:
		return c.UnmarshalText(text)
	}
	return currencyError(fmt.Sprintf("%T", src), "the database gave no text")
}

// isISO reports whether the code stands in ISO 4217 with a minor unit.
func (c Currency) isISO() bool {
	_, ok := isoDigits(string(c.code[:]))
	return ok
}

// isoDigits returns the digits that ISO 4217 gives to the code, and whether it knows the code.
func isoDigits(code string) (int, bool) {
	switch {
	case !isCode(code):
		return 0, false
	case listed(iso2, code):
		return 2, true
	case listed(iso0, code):
		return 0, true
	case listed(iso3, code):
		return 3, true
	case listed(iso4, code):
		return 4, true
	}
	return 0, false
}

// listed looks a code up in a list of codes in alphabetical order, four bytes apart.
func listed(list, code string) bool {
	low, high := 0, (len(list)+1)/4
	for low < high {
		mid := (low + high) / 2
		switch at := list[4*mid : 4*mid+3]; {
		case at == code:
			return true
		case at < code:
			low = mid + 1
		default:
			high = mid
		}
	}
	return false
}

// isCode reports whether the text is three letters A to Z.
func isCode(s string) bool {
	return len(s) == 3 && isCapital(s[0]) && isCapital(s[1]) && isCapital(s[2])
}

func isCapital(b byte) bool { return 'A' <= b && b <= 'Z' }

func currencyError(code, reason string) error {
	return &CurrencyError{Code: clip(code), Reason: reason}
}
