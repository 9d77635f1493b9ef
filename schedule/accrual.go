package schedule

// Accrual is what a period's interest is counted by. The zero value is unset.
type Accrual uint8

// The accruals. Their texts are by-period and by-days.
const (
	// AccrueByPeriod counts a whole period of n months as n/12 of a year, of n weeks as n/52, of
	// n days as n over the year of the day count. A first period of odd length goes by days.
	AccrueByPeriod Accrual = iota + 1
	// AccrueByDays counts every period by the day count, from due date to due date.
	AccrueByDays
)

const accruals = "by-period by-days"

// IsValid reports whether a is one of the accruals above.
func (a Accrual) IsValid() bool { return isWord(accruals, uint8(a)) }

// String gives the text of a, or Accrual(n) when it has none.
func (a Accrual) String() string { return wordOf("Accrual", accruals, uint8(a)) }

// MarshalText gives the text of a; an unset or unknown accrual is a *SyntaxError.
func (a Accrual) MarshalText() ([]byte, error) {
	return marshalWord("Accrual", accruals, uint8(a))
}

// UnmarshalText reads what MarshalText wrote; a is untouched on error.
func (a *Accrual) UnmarshalText(text []byte) error {
	return unmarshalWord(a, "Accrual", accruals, text)
}
