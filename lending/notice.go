package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// GiveNotice announces a prepayment (提前还款申请) where the product asks for it. It holds until the loan
// is prepaid; a later notice takes its place. By the borrower or the system.
// Given by a party or the system.
type GiveNotice struct{ Loan LoanID }

// NoticeGiven is the outcome of [GiveNotice].
type NoticeGiven struct{ On civil.Date }

// Type implements event.Of.
func (NoticeGiven) Type() string { return "notice-given" }

// Apply implements event.Of.
func (e NoticeGiven) Apply(l *Loan) { l.Noticed = e.On }

// Code implements event.Coder.
func (e *NoticeGiven) Code(c *event.Codec) { c.Date(&e.On) }

// Home implements Command.
func (c GiveNotice) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (GiveNotice) Allowed() []Role { return []Role{RoleParty, RoleSystem} }

// Decide implements Command. It refuses where no notice is asked for.
func (c GiveNotice) Decide(t *Tx, l *Loan) (NoticeGiven, error) {
	none := NoticeGiven{}
	if err := l.in(c.Loan, StateActive); err != nil {
		return none, err
	}
	if l.Product.Prepayment.NoticeDays == 0 {
		return none, &Error{ErrPrepayment, "loan " + string(l.ID), "asks for no notice"}
	}
	return NoticeGiven{t.On}, errors.Join(t.self(l.Borrower), l.notBefore(t.On))
}
