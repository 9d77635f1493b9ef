package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ReversePayment takes a payment back although it was distributed, for example because the borrower's
// bank returned it (退票). What came in after it is allocated anew. Each holder gives back what he got too
// much; what his wallet no longer has becomes his debt to the platform, which stands in. The money is
// in the borrower's wallet afterwards, and late charges run as if the payment had never come. By an
// officer with an approver. A payment can no longer be reversed once a claim was sold, a cover has
// paid, the loan was written off or its terms were changed after it. Given by an officer.
type ReversePayment struct {
	Loan    LoanID
	Payment int // its number, counted from 1; zero for the latest
	Reason  Code
}

// Home implements Command.
func (c ReversePayment) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (ReversePayment) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c ReversePayment) Decide(t *Tx, l *Loan) (Rebooked, error) {
	ev, err := t.rebooking(l, c.Loan, c.Reason)
	if err != nil {
		return Rebooked{}, err
	}
	at := len(l.History) - 1
	for at >= 0 && c.Payment != 0 && l.History[at].N != c.Payment {
		at--
	}
	if at < l.Fixed {
		return Rebooked{}, l.noPayment(c.Payment)
	}
	return ev, t.rebook(l, at, l.History[at].On, facts(l.History[at+1:]), &ev)
}

func (l *Loan) noPayment(n int) error {
	if n == 0 || n > 0 && n <= l.Payments {
		return &Error{ErrState, "loan " + string(l.ID),
			"has no such payment to take back: its claims or terms have changed since; send a Chargeback, or where that is refused levy a charge"}
	}
	return &Error{ErrUnknown, fmt.Sprintf("payment %d of loan %s", n, l.ID), ""}
}

// facts are payments as they came in.
func facts(ms []Movement) []fact {
	list := make([]fact, len(ms))
	for i, m := range ms {
		list[i] = fact{n: m.N, on: m.On, by: m.By, kind: m.Kind, minor: m.Total.Minor()}
	}
	return list
}

// rebooking refuses to book payments anew without a second person or a reason, of a loan that does
// not run or has not come to rest, or on a day before what the loan has seen.
func (t *Tx) rebooking(l *Loan, id LoanID, reason Code) (Rebooked, error) {
	none := Rebooked{}
	if err := t.resolved(l, id, reason, StateActive, StateClosed, StateWrittenOff); err != nil {
		return none, err
	}
	return Rebooked{On: t.On, By: t.Actor.ID, Approver: t.Approver.ID, Reason: reason}, t.Finished(l)
}

// RepayAsOf pays a loan out of its borrower's wallet as of an earlier day: the money had come in then
// and was found later. What was paid since is allocated anew, and late charges that the payment would
// have kept from arising are taken back. By an officer with an approver. It reaches back as far as
// [ReversePayment] does. Of an amount that the loan cannot take up the rest stays in the wallet.
// Given by an officer.
type RepayAsOf struct {
	Loan   LoanID
	Amount money.Amount
	Value  civil.Date // from which it counts
	Reason Code
}

// Home implements Command.
func (c RepayAsOf) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (RepayAsOf) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c RepayAsOf) Decide(t *Tx, l *Loan) (Rebooked, error) {
	ev, err := t.rebooking(l, c.Loan, c.Reason)
	if err != nil {
		return Rebooked{}, err
	}
	if err := positive("repayment", c.Amount, l.Currency()); err != nil {
		return Rebooked{}, err
	}
	if err := l.reaches(c.Value, t.On); err != nil {
		return Rebooked{}, err
	}
	at := 0
	for at < len(l.History) && !l.History[at].On.After(c.Value) {
		at++
	}
	f := fact{n: l.Payments + 1, on: c.Value, by: l.Borrower, kind: OrdinaryPayment, minor: c.Amount.Minor()}
	if err := t.rebook(l, at, c.Value, append([]fact{f}, facts(l.History[at:])...), &ev); err != nil {
		return Rebooked{}, err
	}
	if len(ev.Again) == 0 || ev.Again[0].N != f.n {
		return Rebooked{}, &Error{ErrState, "loan " + string(l.ID), "owed nothing on " + c.Value.String()}
	}
	return ev, nil
}

// reaches refuses a day that is not between the last change of claims or terms and today.
func (l *Loan) reaches(value, today civil.Date) error {
	if err := dated("value", value); err != nil {
		return err
	}
	first := later(l.Sealed, l.Started)
	if value.Before(first) || value.After(today) {
		return &Error{ErrDate, "value date " + value.String(),
			"of loan " + string(l.ID) + " is not from " + first.String() + " to " + today.String()}
	}
	return nil
}
