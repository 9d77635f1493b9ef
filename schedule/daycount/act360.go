package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// act360 is Actual/360 of the 2006 ISDA Definitions, section 4.16(e): the days of the calendar
// over 360. The People's Bank of China quotes a day's rate as a year's over 360 in the same way
// (Yinfa 2005 no. 129).
func act360(from, to civil.Date) (num, den int64) {
	return int64(to.Sub(from)), 360
}
