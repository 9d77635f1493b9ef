package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// act365F is Actual/365 (Fixed) of the 2006 ISDA Definitions, section 4.16(d): the days of the
// calendar over 365, also in a leap year.
func act365F(from, to civil.Date) (num, den int64) {
	return int64(to.Sub(from)), 365
}
