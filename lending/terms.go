package lending

import (
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Terms returns the schedule terms of a loan of the product whose interest starts on a date, its due
// dates one period after another from there.
func (p *Product) Terms(a money.Amount, periods int, r schedule.Rate, start civil.Date) schedule.Terms {
	return p.terms(a, periods, r, start)
}
