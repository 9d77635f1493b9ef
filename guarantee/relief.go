package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// relief is of which demands a cover is relieved for good, as they have lapsed or were disputed rightly, and since
// when. It outlives the loan's closing: one that has closed is open again when its last payment bounces.
type relief map[Key]civil.Date

// add relieves of a demand from a day on.
func (r *relief) add(k Key, on civil.Date) {
	if *r == nil {
		*r = relief{}
	}
	(*r)[k] = on
}

// of reports whether an instalment as it is due now is one of which the cover is relieved. One that is to come
// again, as an acceleration was taken back or the plan is another one, is not.
func (r relief) of(l *lending.Loan, k Key) bool {
	on, ok := r[k]
	return ok && (l.State == lending.StateWrittenOff || on.After(l.Dues[k.Instalment].Date))
}
