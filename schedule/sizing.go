package schedule

// Sizing is what the level payment is figured on. The zero value means SizeByPeriod.
type Sizing uint8

// The sizings. Their texts are by-period and by-accrual.
const (
	// SizeByPeriod takes every period as whole and regular: the annuity of the textbook, at the
	// rate of one period. Odd or uneven periods show in the last instalment.
	SizeByPeriod Sizing = iota + 1
	// SizeByAccrual discounts by the interest that each period really bears, so that the last
	// instalment differs from the others by rounding alone. Under MethodFlat every instalment has
	// the interest of its own period, and all have the same total.
	SizeByAccrual
)

const sizings = "by-period by-accrual"

// IsValid reports whether s is unset or one of the sizings above.
func (s Sizing) IsValid() bool { return s == 0 || isWord(sizings, uint8(s)) }

// String gives the text of s, or Sizing(n) when it has none.
func (s Sizing) String() string { return wordOf("Sizing", sizings, uint8(s)) }

// MarshalText gives the text of s; an unset or unknown sizing is a *SyntaxError.
func (s Sizing) MarshalText() ([]byte, error) { return marshalWord("Sizing", sizings, uint8(s)) }

// UnmarshalText reads what MarshalText wrote; s is untouched on error.
func (s *Sizing) UnmarshalText(text []byte) error {
	return unmarshalWord(s, "Sizing", sizings, text)
}
