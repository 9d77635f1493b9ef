package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PrepaymentScope is how far a loan may be paid before it is due. The zero value is in any part.
type PrepaymentScope uint8

// Scopes.
const (
	PrepayInPart PrepaymentScope = iota // in part ([Prepay]) or in full ([PayOff])
	PrepayInFull                        // in full alone
	PrepayNever                         // not at all
)

// String returns the scope's name.
func (s PrepaymentScope) String() string {
	if s == PrepayInPart {
		return "in-part"
	}
	return nameOf([]string{"", "in-full", "never"}, s, "scope")
}

// EarlyInterest is for how long a loan that is paid off early bears interest. Whatever it says, never
// more is owed than was planned. The zero value is to the day.
type EarlyInterest uint8

// Rules of interest on an early payoff.
const (
	InterestToDay        EarlyInterest = iota // up to the day on which it is paid off (按日计息)
	InterestWholePeriods                      // a period that has begun counts as a whole one (不足一月按一月)
	InterestAsPlanned                         // as if it had not been paid off early
)

// String returns the rule's name.
func (e EarlyInterest) String() string {
	if e == InterestToDay {
		return "to-day"
	}
	return nameOf([]string{"", "whole-periods", "as-planned"}, e, "early interest")
}

// Prepayment rules what a borrower may pay before it is due (提前还款). The zero value lets him pay
// anything on any day, with interest to the day. Paying instalments ahead at their planned figures,
// as [Repay] does, is no prepayment and always possible. What it costs besides is a matter of fees.
type Prepayment struct {
	Scope PrepaymentScope
	// After is how many periods have to have passed since interest began; 0 to [schedule.MaxPeriods].
	After int
	// Minimum is the least principal that is prepaid in part; zero for any.
	Minimum money.Amount
	// NoticeDays is how many days before it has to be announced ([GiveNotice]); 0 for none.
	NoticeDays int
	// Interest is what a loan that is paid off early bears. What is prepaid in part bears it to the day.
	Interest EarlyInterest
}

func (r *Prepayment) code(c *event.Codec) {
	event.Enum(c, &r.Scope)
	c.Count(&r.After)
	c.Amount(&r.Minimum)
	c.Count(&r.NoticeDays)
	event.Enum(c, &r.Interest)
}

// check reports rules that are out of bounds.
func (r *Prepayment) check(c money.Currency) error {
	switch {
	case r.Scope > PrepayNever || r.Interest > InterestAsPlanned:
		return &Error{ErrTerms, "prepayment", "has " + r.Scope.String() + ", " + r.Interest.String()}
	case r.After < 0 || r.After > maxPrepayAfter || r.NoticeDays < 0 || r.NoticeDays > maxDays:
		return &Error{ErrTerms, "prepayment",
			fmt.Sprintf("after %d periods, at %d days' notice", r.After, r.NoticeDays)}
	case r.Minimum.IsZero():
		return nil
	}
	return positive("least prepayment", r.Minimum, c)
}

// maxPrepayAfter bounds Prepayment.After.
const maxPrepayAfter = 600

// prepayable refuses to pay on a date what is due later, in part or in full, if the product's rules do
// not let the borrower.
func (l *Loan) prepayable(on civil.Date, inPart bool) error {
	r := &l.Product.Prepayment
	refuse := func(format string, args ...any) error {
		return &Error{ErrPrepayment, "loan " + string(l.ID), fmt.Sprintf(format, args...)}
	}
	if !inPart && l.isDue(on) {
		return nil
	}
	first := l.Product.Every.After(l.Started, r.After)
	switch {
	case r.Scope == PrepayNever:
		return refuse("is not paid before it is due: pay instalments ahead instead")
	case r.Scope == PrepayInFull && inPart:
		return refuse("is prepaid in full alone: pay it off instead")
	case first.IsZero() || on.Before(first):
		return refuse("is not prepaid before %s", first)
	case r.NoticeDays > 0 && l.Noticed.IsZero():
		return refuse("is prepaid at %d days' notice: give notice first", r.NoticeDays)
	case r.NoticeDays > 0 && on.Before(l.Noticed.AddDays(r.NoticeDays)):
		return refuse("is prepaid from %s on, %d days after notice", l.Noticed.AddDays(r.NoticeDays), r.NoticeDays)
	}
	return nil
}

// isDue reports whether nothing is unpaid that falls due after a date.
func (l *Loan) isDue(on civil.Date) bool {
	for i := l.ahead(on); i < len(l.Dues); i++ {
		if l.Dues[i].Unpaid().Total() > 0 {
			return false
		}
	}
	return true
}
