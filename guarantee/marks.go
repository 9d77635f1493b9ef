package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
)

// marks are demands of which something is settled for good, and since when: they have lapsed, or a dispute was
// decided. They outlive the loan's closing: one that has closed is open again when its last payment bounces.
type marks map[Key]civil.Date

// set marks a demand on a day.
func (m *marks) set(k Key, on civil.Date) {
	if *m == nil {
		*m = marks{}
	}
	(*m)[k] = on
}

// on reports whether the demand for an instalment as it is due now is marked. That for one that is to come again,
// as an acceleration was taken back or the plan is another one, is not.
func (m marks) on(l *lending.Loan, k Key) bool {
	day, ok := m[k]
	return ok && k.Instalment < len(l.Dues) &&
		(l.State == lending.StateWrittenOff || day.After(l.Dues[k.Instalment].Date))
}
