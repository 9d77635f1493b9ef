package lending

import "github.com/loanweave/loanweave/schedule/civil"

// fallsDue is the instalment with which something that a person decides on is owed: the first that is
// due on a day or later. After the last one it is an instalment of its own, due on the day, which it
// returns with its date.
func (l *Loan) fallsDue(day civil.Date) (i int, begins civil.Date) {
	for i := range l.Dues {
		if !l.Dues[i].Date.Before(day) {
			return i, civil.Date{}
		}
	}
	return len(l.Dues), day
}

// begin adds an instalment that nothing is owed with yet, if i is the next and it has a date.
func (l *Loan) begin(i int, due civil.Date) {
	if i == len(l.Dues) && !due.IsZero() {
		l.Dues = append(l.Dues, Due{Date: due, Through: due})
	}
}
