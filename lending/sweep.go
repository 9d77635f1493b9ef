package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// SweepFees pays fees out of the client account to the platform's own bank account (平台手续费划转). Until
// the bank has paid, the money is FeesTransit; what it does not pay is FeesDue again, and may be swept
// by another command. It needs an approver besides the actor. Given by a cashier.
type SweepFees struct{ Amount money.Amount }

// Home implements Command.
func (c SweepFees) Home(m Meta) event.Ref[Payment] { return PaymentRef(payment.ID(idOf("S", m.Key))) }

// Allowed implements Command.
func (SweepFees) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command. It refuses with [ErrFunds] more than is due to the platform less what
// the platform owes the client account: that has to be topped up first.
func (c SweepFees) Decide(t *Tx, p *Payment) (PaymentInstructed, error) {
	none, cur := PaymentInstructed{}, c.Amount.Currency()
	if err := t.second(); err != nil {
		return none, err
	}
	if p.Purpose != 0 {
		return none, &Error{ErrExists, "payment " + t.home.ID, ""}
	}
	if err := positive("sweep", c.Amount, cur); err != nil {
		return none, err
	}
	has, err := t.sweepable(cur)
	if err != nil {
		return none, err
	}
	if c.Amount.Minor() > has.Minor() {
		return none, &Error{ErrFunds, "sweep of " + c.Amount.String(),
			"fees due, less what the platform has to top up, are " + has.String()}
	}
	in := payment.Instruction{ID: payment.ID(t.home.ID), Kind: payment.Sweep, Amount: c.Amount}
	return t.instruct(in, ledger.FeesDue(), PurposeSweep, "")
}

// swept books in the platform's own book what a sweep has paid; below zero, what came back.
func (t *Tx) swept(p *Payment, minor int64) error {
	if p.Purpose != PurposeSweep || minor == 0 {
		return nil
	}
	e := ledger.Entry{Book: ledger.Platform, Why: "swept", Currency: p.Instruction.Amount.Currency()}
	e.Debit(ledger.OwnBank(), minor)
	e.Credit(ledger.FeesRcv(), minor)
	return t.Post(e)
}

// unswept corrects the end of a sweep: more is what it paid after all, below zero what of it came back.
func (t *Tx) unswept(p *Payment, more int64) error {
	e := ledger.Entry{Book: ledger.Client, Why: "payment-corrected", Currency: p.Instruction.Amount.Currency()}
	e.Debit(ledger.FeesDue(), more)
	e.Credit(ledger.Bank(), more)
	if err := t.Post(e); err != nil {
		return err
	}
	return t.swept(p, more)
}
