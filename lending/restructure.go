package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Restructure makes the plan of a running loan anew in agreement with its borrower (重组): what is not
// due yet, and with ReAge what is past due too, is to be paid by other instalments. A later First is a
// payment holiday (还款假期), more Periods are an extension (展期). No money moves, and the principal that
// each lender is owed stays what it was. Payments before can no longer be reversed. To let something
// off and keep the plan, [Waive] it: here a lower balance makes other instalments.
//
// It goes by the same method. Fields at zero leave as it is what they speak of; at least one says
// something. By an officer with an approver, whose authority in the product's [Workflow] has to reach
// what the lenders lose by it ([Restructured.Loss]). Given by an officer.
type Restructure struct {
	Loan   LoanID
	Reason Code

	First   civil.Date         // due date of the first instalment, after the day
	Periods int                // instalments
	Every   schedule.Frequency `json:",omitzero"` // from one to the next
	Payment money.Amount       // of each, for methods with one
	Balloon bool               // the last takes the rest, however much more than Payment its principal is
	Rate    schedule.Rate      `json:",omitzero"` // of the basis of the loan's, at most its product's highest
	// Capitalise adds to what bears interest the interest that is owed on the day, and that of each
	// planned due date left out before First, which then is the next planned one on or after it.
	// Otherwise interest that is owed on the day bears none and falls due on the first due date, as an
	// instalment of its own before that of the plan; a late fee is charged for both together.
	Capitalise bool
	// ReAge takes what is past due into the new plan: principal and interest into its instalments;
	// penalty interest and charges fall due with the first. What a cover has advanced stays past due.
	ReAge bool
	// WaiveInterest and WaivePenalty let off what is owed of these on the day, the oldest first.
	WaiveInterest, WaivePenalty money.Amount
}

// Restructured is the outcome of [Restructure].
type Restructured struct {
	On           civil.Date
	By, Approver ActorID
	Reason       Code
	Booking
	Dropped []Dropped // fees of instalments that there are no more
	Recast  Recast
	Charges []Charge // of penalty interest that was re-aged
	// Proof shows that what settles the loan on the day is the same before and after, but for what was
	// waived and for what prepaying costs; Repriced is what fees come due sooner, less interest paid ahead
	// that now counts.
	Proof schedule.Proof
	// Before and After are what the lenders' dues are worth on the day, in minor units by component: what
	// is due at its face, what is to come discounted to the day at the rate of the old plan, by periods.
	// Charges to lenders count as penalty. Each figure is rounded once, half to even.
	Before, After Components
}

// Given is what the lenders give up of a component; below zero, what they gain.
func (e *Restructured) Given(c Component) int64 { return e.Before[c] - e.After[c] }

// Loss is what the lenders give up in all, in minor units; zero if they lose nothing.
func (e *Restructured) Loss() int64 { return max(0, e.Before.Total()-e.After.Total()) }

// Type implements event.Of.
func (Restructured) Type() string { return "restructured" }

// Apply implements event.Of.
func (e Restructured) Apply(l *Loan) {
	l.book(e.Booking)
	l.recut(Recut{Dropped: e.Dropped})
	l.recast(e.Recast)
	l.chargeAll(e.Charges)
	for i := range l.Dues {
		l.relieve(i)
	}
	l.seal(e.On)
}

// Code implements event.Coder.
func (e *Restructured) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Booking.code(c)
	codeDropped(c, &e.Dropped)
	e.Recast.code(c)
	codeCharges(c, &e.Charges)
	c.Date(&e.Proof.On)
	for _, a := range []*money.Amount{&e.Proof.Before, &e.Proof.PaidOut, &e.Proof.Repriced, &e.Proof.Paid,
		&e.Proof.Waived, &e.Proof.After} {
		c.Amount(a)
	}
	codeComponents(c, &e.Before)
	codeComponents(c, &e.After)
}

// Home implements Command.
func (c Restructure) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Restructure) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses terms that make no plan ([ErrTerms]), days that are not ahead
// ([ErrDate]), more waived than is owed ([ErrAmount]), a plan that costs more than the loan's cap ([CostCap]) allows on a due
// date and more than the old one did by then ([ErrRule]), and a loss of the lenders that is beyond the
// approver's authority ([ErrAuthority]).
func (c Restructure) Decide(t *Tx, l *Loan) (Restructured, error) {
	none := Restructured{}
	if err := t.resolved(l, c.Loan, c.Reason, StateActive); err != nil {
		return none, err
	}
	if err := errors.Join(l.whole(), t.Finished(l)); err != nil {
		return none, err
	}
	if err := c.check(l, t.On); err != nil {
		return none, err
	}
	ev := Restructured{On: t.On, By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason}
	if err := l.restructure(&c, &ev); err != nil {
		return none, err
	}
	if loss := ev.Loss(); loss > 0 {
		return ev, l.Product.Workflow.allows(t.Approver, amount(loss, l.Currency()))
	}
	return ev, nil
}

// check refuses what is out of bounds, whatever stands on the loan.
func (c *Restructure) check(l *Loan, on civil.Date) error {
	bad := func(err error, why string) error { return &Error{err, "restructuring of loan " + string(l.ID), why} }
	plain := *c
	plain.Loan, plain.Reason, plain.Balloon = "", "", false
	cur := l.Currency()
	was := l.Plan.Terms().Rate
	ok := func(a money.Amount) bool { return a == money.Amount{} || a.Currency() == cur && a.Sign() >= 0 }
	switch {
	case plain == Restructure{}:
		return bad(ErrTerms, "changes nothing")
	case !c.First.IsZero() && (!c.First.After(on) || c.First.Sub(on) > maxDays):
		return bad(ErrDate, "its first instalment is not within ten years after "+on.String())
	case c.Periods < 0 || c.Periods > schedule.MaxPeriods:
		return bad(ErrTerms, "has no instalments, or more than 600")
	case c.Every.Unit() == schedule.UnitTerm:
		return bad(ErrTerms, "names no time from one instalment to the next")
	case !ok(c.Payment) || !ok(c.WaiveInterest) || !ok(c.WaivePenalty):
		return bad(ErrAmount, "wants amounts of "+cur.Code()+" of zero or more")
	case c.Rate.Basis() != 0 && c.Rate.Basis() != was.Basis():
		return bad(ErrTerms, "bears "+text(c.Rate)+", the loan "+text(was)+": they have to be of one basis")
	case c.Rate.Basis() != 0 && (c.Rate.Pico() < 0 || c.Rate.Pico() > l.Product.MaxRate.Pico()):
		return bad(ErrLimit, "bears "+text(c.Rate)+", its product up to "+l.Product.MaxRate.String())
	}
	return nil
}
