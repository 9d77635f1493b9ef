package money

// Parse reads an amount with its currency: a code, one space, and the number, as in
// "CNY 10000.00". A code of ISO 4217 takes up to its digits ("CNY 5" is CNY 5.00); for a custom
// code the number of decimals is the number of digits ("XTS 1.000" is XTS/3). "0" alone is the zero
// value. The number is digits with at most one dot between them and an optional minus in front: no
// plus, no exponent, no grouping, no other space. At most 40 bytes are looked at, and no decimal
// library sees the text.
//
// It returns a *SyntaxError, a *CurrencyError for a bad code, an *AmountError for more decimals
// than the currency has, and an *OverflowError beyond MaxMinor.
func Parse(s string) (Amount, error) {
	if s == "0" {
		return Amount{}, nil
	}
	if len(s) > maxText {
		return Amount{}, syntaxError("amount", s, "more than 40 bytes")
	}
	if len(s) < 4 || s[3] != ' ' {
		return Amount{}, syntaxError("amount", s, "want a code, one space and a number")
	}
	num, err := parseNumber(s[4:])
	if err != nil {
		return Amount{}, err
	}
	digits, ok := isoDigits(s[:3])
	if !ok {
		digits = num.scale
	}
	c, err := NewCurrency(s[:3], digits)
	if err != nil {
		return Amount{}, err
	}
	return num.in(c, s)
}

// ParseIn reads a bare number, as in "10000.00", as an amount of the currency, whether ISO or
// custom. It may have fewer decimals than the currency, never more. Syntax and errors are those of
// Parse; no currency is a *CurrencyError.
func ParseIn(s string, c Currency) (Amount, error) {
	if c.IsZero() {
		return Amount{}, currencyError("", "no currency is set")
	}
	num, err := parseNumber(s)
	if err != nil {
		return Amount{}, err
	}
	return num.in(c, s)
}

// MustParse is Parse for constants and tests; it panics on an error.
func MustParse(s string) Amount {
	a, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return a
}

// number is a parsed decimal: units of 10^-scale, at most MaxMinor either way.
type number struct {
	units int64
	scale int
}

// in converts the number to whole minor units of c; s is the text for the error.
func (n number) in(c Currency, s string) (Amount, error) {
	if n.scale > c.Digits() {
		return Amount{}, &AmountError{clip(s), "more decimals than " + c.String() + " has"}
	}
	for range c.Digits() - n.scale {
		n.units *= 10
		if n.units < -MaxMinor || n.units > MaxMinor {
			return Amount{}, &OverflowError{Op: clip(s)}
		}
	}
	return Amount{minor: n.units, cur: c}, nil
}

// parseNumber reads [-]digits[.digits].
func parseNumber(s string) (number, error) {
	if len(s) > maxText {
		return number{}, syntaxError("amount", s, "more than 40 bytes")
	}
	rest, sign := s, int64(1)
	if len(s) > 0 && s[0] == '-' {
		rest, sign = s[1:], -1
	}
	var n number
	dot := -1
	for i := range len(rest) {
		switch b := rest[i]; {
		case '0' <= b && b <= '9':
			n.units = n.units*10 + int64(b-'0')
		case b == '.' && dot < 0 && i > 0:
			dot = i
		default:
			return number{}, syntaxError("amount", s, "want digits with at most one dot between them")
		}
		if n.units > MaxMinor {
			return number{}, &OverflowError{Op: clip(s)}
		}
	}
	if dot == len(rest)-1 { // no digit at all, or none after the dot
		return number{}, syntaxError("amount", s, "a digit is missing")
	}
	if dot >= 0 {
		n.scale = len(rest) - 1 - dot
	}
	n.units *= sign
	return n, nil
}
