package schedule

// Accrual is what a period's interest is counted by. The zero value is unset.
type Accrual uint8

// The accruals. Their texts are by-period, by-days and by-period-days.
const (
	// AccrueByPeriod counts a whole period of n months as n/12 of a year, of n weeks as n/52, of
	// n days as n over the year of the day count, and a part of a period by the day count over
	// that of the period. A period of odd length goes by days.
	AccrueByPeriod Accrual = iota + 1
	// AccrueByDays counts every period by the day count, from due date to due date.
	AccrueByDays
	// AccrueByPeriodDays counts as AccrueByPeriod does, but a part of a whole period by the days of
	// the calendar over those of the period.
	AccrueByPeriodDays
)

const accruals = "by-period by-days by-period-days"

// whole reports whether whole periods count as such, whatever their days.
func (a Accrual) whole() bool { return a != AccrueByDays }

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
