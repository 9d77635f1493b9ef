package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// ReversePayment takes the latest repayment of a loan back although it was distributed, for
// example because the borrower's bank returned it. Each holder gives back what he received; what
// his wallet no longer has becomes his debt to the platform, which stands in. The money is in the
// borrower's wallet afterwards, and late charges run as if the payment had never come. It needs an
// approver besides the actor. A payment can no longer be reversed once a claim was sold, a cover
// has paid or the loan was written off after it.
type ReversePayment struct {
	Loan   LoanID
	Reason Code
}

// PaymentReversed is the outcome of [ReversePayment].
type PaymentReversed struct {
	By, Approver ActorID
	Reason       Code
	Recut        Recut        // interest owed again
	Assessed     []Assessment // late charges as they stood when the payment came
	Payout       PayoutID     // stream that takes the money back in chunks; empty if done at once
}

// Type implements event.Of.
func (PaymentReversed) Type() string { return "payment-reversed" }

// Apply implements event.Of.
func (e PaymentReversed) Apply(l *Loan) {
	l.assess(e.Assessed)
	l.recut(e.Recut)
	l.State = StateActive
	if l.Last != nil && l.Last.Recovery {
		l.State = StateWrittenOff
	}
	if l.Last != nil {
		l.move(l.Last, -1)
		for _, p := range l.Last.Parts { // covers that had stood down are asked again
			d := l.due(p.Instalment)
			d.Asked, d.Promised = 0, [maxCovers]int64{}
		}
	}
	l.Closed = civil.Date{}
	l.Stale = true
	l.forget()
	l.Payout = e.Payout
}

// Code implements event.Coder.
func (e *PaymentReversed) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	e.Recut.code(c)
	codeAssessments(c, &e.Assessed)
	event.Text(c, &e.Payout)
}

// Home implements Command.
func (c ReversePayment) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (ReversePayment) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c ReversePayment) Decide(t *Tx, l *Loan) (PaymentReversed, error) {
	none := PaymentReversed{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := l.in(c.Loan, StateActive, StateClosed, StateWrittenOff); err != nil {
		return none, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return none, err
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	last := l.Last
	if last == nil {
		return none, &Error{ErrState, "loan " + string(l.ID), "its latest movement is no repayment"}
	}
	if err := t.finished(l); err != nil {
		return none, err
	}
	ev := PaymentReversed{By: t.Actor.ID, Approver: t.Approver.ID, Reason: c.Reason, Assessed: l.chargesAt()}
	for i := last.Recut.From; i < last.Recut.From+len(last.Recut.Interest); i++ {
		ev.Recut.From = last.Recut.From
		ev.Recut.Interest = append(ev.Recut.Interest, l.Plan.At(i).Interest.Minor())
	}
	return ev, t.reverse(l, last, &ev)
}

func (t *Tx) reverse(l *Loan, last *Repaid, ev *PaymentReversed) error {
	cur := l.Currency()
	if err := t.wantPay(l, l.lastRows, WalletRef(l.Borrower, cur).Stream()); err != nil {
		return err
	}
	for _, f := range last.Platform {
		if err := t.unearn(Clear(l.ID), f.Fee, f.Minor, cur); err != nil {
			return err
		}
	}
	if err := t.borrows(l, last.Of(Principal), true); err != nil {
		return err
	}
	if err := t.Post(l.titles(last, "payment-reversed", -1)); err != nil {
		return err
	}
	if last.Closes {
		for _, v := range l.Product.Covers {
			if err := t.cover(v.Name).Attach(t, l); err != nil {
				return err
			}
		}
	}
	var err error
	ev.Payout, err = t.pay(l, PayoutOrder{
		Kind: PayReclaim, Fee: l.lenderFee(), Rows: l.lastRows,
		Final: PayoutRow{Party: l.Borrower, Gross: last.Total.Minor()},
	})
	return err
}
