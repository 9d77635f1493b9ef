package daycount

import (
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// leapDays counts the 29 Februaries after one date up to another: the first date is out, the last
// one in. The dates run forward.
func leapDays(after, upTo civil.Date) int { return leapDaysTo(upTo) - leapDaysTo(after) }

// leapDaysTo counts the 29 Februaries of the years from 1 to d, d included.
func leapDaysTo(d civil.Date) int {
	year, month, day := d.Date()
	if month < time.February || month == time.February && day < 29 {
		year--
	}
	return leapYears(year)
}

// leapYears counts the leap years from 1 to year, year included.
func leapYears(year int) int { return year/4 - year/100 + year/400 }
