package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
)

// DisbursementDisputed stands on a loan when the custodian has contradicted itself on one of its
// payouts, and when people have found out what that paid. Until then nothing more of the loan is
// ordered, credited or given back.
type DisbursementDisputed struct {
	Payment  payment.ID
	Resolved bool
}

// Type implements event.Of.
func (DisbursementDisputed) Type() string { return "disbursement-disputed" }

// Apply implements event.Of.
func (e DisbursementDisputed) Apply(l *Loan) {
	l.Disputed = slices.DeleteFunc(slices.Clone(l.Disputed), func(id payment.ID) bool { return id == e.Payment })
	if !e.Resolved {
		l.Disputed = append(l.Disputed, e.Payment)
	}
}

// Code implements event.Coder.
func (e *DisbursementDisputed) Code(c *event.Codec) {
	event.Text(c, &e.Payment)
	c.Bool(&e.Resolved)
}

// dispute notes on a loan that a payout of it comes into dispute, or out of it.
func (t *Tx) dispute(p *Payment, now payment.State) error {
	was, is := p.State.Status == payment.Disputed, now.Status == payment.Disputed
	if p.Purpose != PurposeDisburse || was == is {
		return nil
	}
	if err := t.Want(LoanRef(p.Loan).Stream()); err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(p.Loan), DisbursementDisputed{p.Instruction.ID, was})
}

// undisputed refuses a step while a payout of the loan is in dispute.
func (l *Loan) undisputed() error {
	if len(l.Disputed) == 0 {
		return nil
	}
	return &Error{ErrPending, "loan " + string(l.ID),
		"payment " + string(l.Disputed[0]) + " is in dispute: resolve it first"}
}

// paidAfterAll books what a payout paid beyond what its end had told. The loan has as much of it as
// its part still waits for; for the rest the platform stands in, and the borrower owes it.
func (t *Tx) paidAfterAll(p *Payment, more int64) error {
	if err := t.Want(append(p.waits(), booksStream)...); err != nil {
		return err
	}
	l, err := event.Read(t.Tx, LoanRef(p.Loan))
	if err != nil {
		return err
	}
	id, cur := p.Instruction.ID, p.Instruction.Amount.Currency()
	part := at(l.Portions, l.portionOf(id))
	if part.Payment != "" {
		return &Error{ErrPending, "payment " + string(id),
			"payment " + string(part.Payment) + " pays the same: wait for its end"}
	}
	var lent int64
	if l.State == StateReviewed || l.State == StateDisbursing {
		lent = min(more, part.Minor-part.Paid)
	}
	if more > lent {
		err := t.reclaim("paid-besides", l.Borrower, ledger.Bank(), amount(more-lent, cur))
		if err != nil {
			return err
		}
	}
	if lent == 0 {
		return nil
	}
	paid := ledger.Move(ledger.Client, "settled", Clear(l.ID), ledger.Bank(), amount(lent, cur))
	if err := t.Post(paid); err != nil {
		return err
	}
	return t.disbursed(p, lent)
}
