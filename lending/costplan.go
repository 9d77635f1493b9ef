package lending

import (
	"github.com/loanweave/loanweave/schedule/civil"
)

// keepsCap refuses a plan made anew on a day that costs more than the loan's cap allows on one of its due
// dates, and more than the plan that it replaces did by then. Both are judged as if all were paid as it
// falls due, and at once what is past due: the least principal that can be out.
func (l *Loan) keepsCap(was *Loan, on civil.Date) error {
	if len(l.Caps) == 0 {
		return nil
	}
	days := []civil.Date{on}
	for i := l.ahead(on); i < len(l.Dues); i++ {
		days = append(days, l.Dues[i].Date)
	}
	before, after := was.aboveCap(days), l.aboveCap(days)
	worst := 0
	for k := range days {
		if after[k]-max(0, before[k]) > after[worst]-max(0, before[worst]) {
			worst = k
		}
	}
	if after[worst] <= max(0, before[worst]) {
		return nil
	}
	return &Error{ErrRule, "restructuring of loan " + string(l.ID), "costs " +
		amount(after[worst], l.Currency()).String() + " more than its cap allows by " + days[worst].String()}
}

// aboveCap is by how much the loan costs more than its cap allows on each of some days, from the first on
// paid as planned; below zero where it costs less.
func (l *Loan) aboveCap(days []civil.Date) []int64 {
	above, out, next := make([]int64, len(days)), l.Outstanding().Minor(), 0
	counted := l.countTo(days[0])
	for k, day := range days {
		for ; next < len(l.Dues) && !l.Dues[next].Date.After(day); next++ {
			counted = l.countOn(counted, out, later(days[0], l.Dues[next].Date))
			out -= l.Dues[next].Unpaid()[Principal]
		}
		counted = l.countOn(counted, out, day)
		above[k] = l.costBy(day) - l.allows(counted)
	}
	return above
}
