package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
)

// ResolveDispute ends a disputed payment after two people have established with the custodian what
// it paid. A withdrawal that had ended otherwise is corrected in the party's wallet, a receipt that
// was sent back after all is taken from the party that it was assigned to, a sweep's in the fees due.
// A payout of a loan that
// paid after all counts as if it had been told first, as long as the loan waits for that money;
// otherwise the borrower owes what it paid. One that came back goes to its payee's wallet, and the
// loan stays paid out. Where the custodian keeps sub-accounts, what a bid's hold or a transfer
// moved otherwise than the books say is moved by another instruction, at once or by [RepeatMove];
// the bid and the books stay. Given by a cashier.
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
	if err := t.dispute(p, now); err != nil {
		return none, err
	}
	switch {
	case p.Purpose == PurposeMove && p.Repeat == "":
		ev.Posted = max(p.Posted, now.Paid)
		return ev, t.book(p, now) // what is missing is due
	case p.Ended:
		return ev, t.correct(p, now)
	}
	return ev, t.book(p, now)
}

// corrigible reports whether what had waited for the payment's end can be put right by a wallet.
func (p *Payment) corrigible() bool {
	switch p.Purpose {
	case PurposeWithdraw, PurposeReturn, PurposeDisburse, PurposeHold, PurposeMove,
		PurposeSweep:
		return true
	}
	return false
}

// correct books what a payment paid after all, or what of it came back. A hold or a transfer is
// corrected at the custodian, and the books are not.
func (t *Tx) correct(p *Payment, now payment.State) error {
	switch more := now.Paid - p.Posted; p.Purpose {
	case PurposeReturn:
		return t.unreturned(p, more)
	case PurposeHold, PurposeMove:
		t.straighten(p.Instruction, more)
		return nil
	case PurposeSweep:
		return t.unswept(p, more)
	case PurposeDisburse:
		if more > 0 {
			return t.paidAfterAll(p, more)
		}
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

// straighten has the custodian move back what it moved beyond the books, or move what is missing.
func (t *Tx) straighten(in payment.Instruction, more int64) {
	from, to, cur := in.To, in.From, in.Amount.Currency()
	if more < 0 {
		from, to, more = in.From, in.To, -more
	}
	if more > 0 {
		t.move(from, to, amount(more, cur), more)
	}
}
