package daycount

import "github.com/loanweave/loanweave/schedule/civil"

// nl365 is NL/365, also called Actual/365 No Leap: the days of the calendar without every
// 29 February, over 365. A 29 February counts as the 28th: the day that is left out is the one
// that ends on it, as in QuantLib's Actual365Fixed(NoLeap) and Strata's NL/365.
func nl365(from, to civil.Date) (num, den int64) {
	return int64(to.Sub(from) - leapDays(from, to)), 365
}
