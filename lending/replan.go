package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/schedule"
)

// instalments turns rows of a plan into instalments. Of what the rows repay, so much is principal, and what
// is more had been interest before it was added to the balance: it is repaid first.
func instalments(rows []schedule.Row, principal int64) []Due {
	added := -principal
	for i := range rows {
		added += rows[i].Principal
	}
	dues := make([]Due, len(rows))
	for i, r := range rows {
		interest := max(0, min(added, r.Principal))
		added -= interest
		dues[i] = Due{Date: r.Due, Through: r.Due}
		dues[i].Owed[Interest], dues[i].Owed[Principal] = r.Interest+interest, r.Principal-interest
	}
	return dues
}

// owedFrom is the principal that instalments from one on ask for, paid or not; interestFrom the
// interest.
func (l *Loan) owedFrom(from int) int64     { return l.sumFrom(from, Principal) }
func (l *Loan) interestFrom(from int) int64 { return l.sumFrom(from, Interest) }

func (l *Loan) sumFrom(from int, c Component) (sum int64) {
	for i := from; i < len(l.Dues); i++ {
		sum += l.Dues[i].Owed[c]
	}
	return sum
}

// credit takes interest that was paid or let off ahead of its time off the instalments from one on. What
// they have no room for stands as paid at a place before them.
func (r *Recast) credit(place, from int, paid, waived int64) {
	for i := from; i < len(r.Dues); i++ {
		d := &r.Dues[i]
		d.Paid[Interest] = min(paid, d.Owed[Interest])
		paid -= d.Paid[Interest]
		d.Waived[Interest] = min(waived, d.Owed[Interest]-d.Paid[Interest])
		waived -= d.Waived[Interest]
	}
	d := &r.Dues[place]
	d.Owed[Interest] += paid + waived
	d.Paid[Interest] += paid
	d.Waived[Interest] += waived
}

// cap cuts the interest of the instalments from a place on to a sum, the last ones first.
func (r *Recast) cap(place int, most int64) {
	over := -most
	for i := place; i < len(r.Dues); i++ {
		over += r.Dues[i].Owed[Interest]
	}
	for i := len(r.Dues) - 1; i > place && over > 0; i-- {
		d := &r.Dues[i]
		cut := min(over, d.Owed[Interest]-d.Paid[Interest]-d.Waived[Interest])
		d.Owed[Interest] -= cut
		over -= cut
	}
}

// bounded refuses more instalments than a loan can have.
func (l *Loan) bounded(n int) error {
	if n > schedule.MaxRows {
		return &Error{ErrLimit, "loan " + string(l.ID), fmt.Sprintf("would have %d instalments", n)}
	}
	return nil
}
