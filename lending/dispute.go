package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
)

// ResolveDispute ends a disputed payment after two people have established with the custodian what
// it paid. A withdrawal that had ended otherwise is corrected in the party's wallet; a loan that
// was paid out stays so.
type ResolveDispute struct{ Report payment.Report }

// Home implements Command.
func (c ResolveDispute) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Report.Instruction) }

// Allowed implements Command.
func (ResolveDispute) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command.
func (c ResolveDispute) Decide(t *Tx, p *Payment) (PaymentObserved, error) {
	none := PaymentObserved{}
	if err := t.second(); err != nil {
		return none, err
	}
	what := "payment " + string(c.Report.Instruction)
	if p.Purpose == 0 {
		return none, &Error{ErrUnknown, what, ""}
	}
	if p.State.Status != payment.Disputed || p.Ended && !p.corrigible() {
		return none, &Error{ErrState, what, "is not in dispute, or what waited for it has gone on"}
	}
	now, err := payment.State{}.Observe(p.Instruction, c.Report)
	if err != nil {
		return none, err
	}
	if !now.Status.Final() {
		return none, &Error{ErrTerms, what, "can only be resolved by an end"}
	}
	ev := PaymentObserved{Report: c.Report, State: now, Posted: now.Paid, Ended: true}
	if p.Ended {
		return ev, t.correct(p, now)
	}
	return ev, t.book(p, now)
}

// corrigible reports whether what had waited for the payment's end can be put right by a wallet.
func (p *Payment) corrigible() bool {
	return p.Purpose == PurposeWithdraw || p.Purpose == PurposeReturn
}

// correct books what a withdrawal paid after all, or what of it came back.
func (t *Tx) correct(p *Payment, now payment.State) error {
	if p.Purpose == PurposeReturn {
		return t.returned(p, ledger.Bank(), now.Paid-p.Posted)
	}
	if err := t.correctFee(p, now); err != nil {
		return err
	}
	who, cur := PartyID(p.Instruction.Party), p.Instruction.Amount.Currency()
	if more := now.Paid - p.Posted; more > 0 {
		return t.reclaim("payment-corrected", who, ledger.Bank(), amount(more, cur))
	}
	back := amount(p.Posted-now.Paid, cur)
	if back.IsZero() {
		return nil
	}
	return t.Post(ledger.Move(ledger.Client, "payment-corrected", ledger.Bank(), Avail(who), back))
}
