package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// ExtendTender puts the last day of a tender off (延期), before it has passed and as often and as far
// as the product allows. Given by an officer.
type ExtendTender struct {
	Loan  LoanID
	Until civil.Date // the new last day
}

// TenderExtended is the outcome of [ExtendTender].
type TenderExtended struct {
	By    ActorID
	Until civil.Date
}

// Type implements event.Of.
func (TenderExtended) Type() string { return "tender-extended" }

// Apply implements event.Of.
func (e TenderExtended) Apply(l *Loan) {
	l.Deadline = e.Until
	l.Extended++
}

// Code implements event.Coder.
func (e *TenderExtended) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.Until)
}

// Home implements Command.
func (c ExtendTender) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (ExtendTender) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c ExtendTender) Decide(t *Tx, l *Loan) (TenderExtended, error) {
	none := TenderExtended{}
	if err := l.in(c.Loan, StateScheduled, StateOpen); err != nil {
		return none, err
	}
	if err := t.disinterested(l); err != nil {
		return none, err
	}
	rules := &l.Product.Tender
	refuse := func(err error, why string) (TenderExtended, error) {
		return none, &Error{err, "tender of loan " + string(l.ID), why}
	}
	most := l.Deadline.AddDays(rules.ExtendDays)
	switch {
	case t.On.After(l.Deadline):
		return refuse(ErrExpired, "ended on "+l.Deadline.String())
	case l.Extended >= rules.Extensions:
		return refuse(ErrLimit, "cannot be extended, or not once more")
	case !c.Until.After(l.Deadline):
		return refuse(ErrDate, "is open until "+l.Deadline.String()+" and is not shortened")
	case c.Until.After(most), c.Until.AddDays(rules.CancelDays + 1).IsZero():
		return refuse(ErrDate, "is extended until "+most.String()+" at most")
	}
	return TenderExtended{t.Actor.ID, c.Until}, nil
}
