package daycount

import (
	"github.com/loanweave/loanweave/schedule/calendar"
	"github.com/loanweave/loanweave/schedule/civil"
)

// business252 is Business/252 of the Brazilian market, DU/252 in the rules of B3 and ANBIMA: the
// business days, the first included and the last not, over 252.
func business252(cal calendar.Calendar, from, to civil.Date) (num, den int64) {
	return int64(cal.BusinessDays(from, to)), 252
}
