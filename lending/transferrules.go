package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// TransferRules say when a claim on a loan may be sold (债权转让规则). The zero value lets any part
// of a claim on a loan that is not overdue be sold at any time. They bind [Tx.Assign] of a sale;
// what passes by law or contract ([Assignment.Compelled]) they do not.
type TransferRules struct {
	Closed    bool  // claims are not sold at all
	Overdue   bool  // those on overdue loans are too
	Whole     bool  // a lot is sold as a whole or not at all
	ByTerm    bool  // instalments are sold apart (期限拆分); then the borrower cannot prepay in part, see [Tx.Divide]
	ByRank    bool  // claims are put behind others by their holders (劣后); see [Subordinate]
	MinUnits  int64 // smallest part to be sold, and to be left, in minor units of principal lent; 0 for one
	HoldDays  int   // days since the holder got the claim (持有期)
	QuietDays int   // none on a due date, nor on so many days before; 0 for no such days
}

func (r *TransferRules) code(c *event.Codec) {
	c.Bool(&r.Closed)
	c.Bool(&r.Overdue)
	c.Bool(&r.Whole)
	c.Bool(&r.ByTerm)
	c.Bool(&r.ByRank)
	c.Int(&r.MinUnits)
	c.Count(&r.HoldDays)
	c.Count(&r.QuietDays)
}

// check reports rules that are out of bounds or contradict each other.
func (r *TransferRules) check() error {
	switch {
	case r.MinUnits < 0 || r.MinUnits > MaxLoan, r.HoldDays < 0 || r.HoldDays > maxDays,
		r.QuietDays < 0 || r.QuietDays > maxDays:
		return &Error{ErrTerms, "transfer rules", "are out of bounds"}
	case r.Closed && *r != (TransferRules{Closed: true, ByRank: r.ByRank}):
		return &Error{ErrTerms, "transfer rules", "say how claims are sold that are not sold at all"}
	}
	return nil
}

// Salable refuses what [Tx.Assign] would refuse of a sale on a date, whoever may hold it: a part that
// the lot does not have, its holder or the borrower as the buyer, and what the product's rules forbid. A
// claim that stands behind others is not sold without naming its rank ([Assignment.Rank]).
func (l *Loan) Salable(a Assignment, on civil.Date) error {
	if err := l.in(l.ID, StateActive); err != nil {
		return err
	}
	if err := l.assignable(a); err != nil {
		return err
	}
	return l.sellable(a, on)
}

// sellable refuses a sale that the product's rules do not allow on a date.
func (l *Loan) sellable(a Assignment, on civil.Date) error {
	r, x := &l.Product.Transfers, &l.Lots[a.Lot]
	refuse := func(format string, args ...any) error {
		return &Error{ErrLimit, "loan " + string(l.ID), fmt.Sprintf(format, args...)}
	}
	if a.Rank > x.Rank {
		if err := l.subordinable(a.Rank, on); err != nil {
			return err
		}
	}
	rest := x.Units - a.Units
	switch held := x.Since.AddDays(r.HoldDays); {
	case r.Closed:
		return refuse("its claims are not sold")
	case a.Rank < x.Rank:
		return refuse("the claim is of rank %d, behind others: its sale names the rank", x.Rank)
	case !r.Overdue && l.DaysPastDue(on) > 0:
		return refuse("is overdue, its claims are not sold")
	case r.Whole && rest > 0:
		return refuse("its lots are sold as a whole")
	case a.Units < r.MinUnits && rest > 0 || rest > 0 && rest < r.MinUnits:
		return refuse("its lots are sold in parts of at least %d units, and as much is left", r.MinUnits)
	case r.HoldDays > 0 && on.Before(held):
		return refuse("the claim may be sold from %s", held)
	case r.QuietDays > 0 && l.quiet(on):
		return refuse("claims are not sold on the %d days before a due date, nor on it", r.QuietDays)
	}
	return nil
}

// quiet reports whether a due date is near.
func (l *Loan) quiet(on civil.Date) bool {
	for i := range l.Dues {
		if left := l.Dues[i].Date.Sub(on); left >= 0 {
			return left <= l.Product.Transfers.QuietDays
		}
	}
	return false
}
