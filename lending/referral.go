package lending

import (
	"context"
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
)

// ReferralAccrued is the outcome of [AccrueReferral]. The fee is owed from here on; it reaches the
// books when it is paid.
type ReferralAccrued struct {
	Party    PartyID // referred
	Referrer PartyID
	Channel  Code
	Loan     LoanID
	Fee      money.Amount
}

// Type implements event.Of.
func (ReferralAccrued) Type() string { return "accrued" }

// Apply implements event.Of.
func (e ReferralAccrued) Apply(a *Acquisition) { a.Earned, a.Fee = e.Loan, e.Fee.Minor() }

// Code implements event.Coder.
func (e *ReferralAccrued) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Text(c, &e.Referrer)
	event.Text(c, &e.Channel)
	event.Text(c, &e.Loan)
	c.Amount(&e.Fee)
}

// ReferralPaid is the outcome of [PayReferral].
type ReferralPaid struct {
	Party        PartyID
	Fee          money.Amount
	By, Approver ActorID
}

// Type implements event.Of.
func (ReferralPaid) Type() string { return "paid" }

// Apply implements event.Of.
func (ReferralPaid) Apply(a *Acquisition) { a.Paid = true }

// Code implements event.Coder.
func (e *ReferralPaid) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Amount(&e.Fee)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ReferralCredited is the outcome of [CreditReferral].
type ReferralCredited struct {
	Party    PartyID
	Referrer PartyID
	Fee      money.Amount
}

// Type implements event.Of.
func (ReferralCredited) Type() string { return "credited" }

// Apply implements event.Of.
func (ReferralCredited) Apply(a *Acquisition) { a.Credited = true }

// Code implements event.Coder.
func (e *ReferralCredited) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Text(c, &e.Referrer)
	c.Amount(&e.Fee)
}

// AccrueReferral makes the fee for a referred party due, for a loan that was paid out after the
// source was recorded: one that the party borrowed, or that it lent to and has its claims of, as the
// campaign says. It takes effect once for a party. [Desk.AccrueReferrals] sends it. Given by an
// officer or the system.
type AccrueReferral struct {
	Party PartyID
	Loan  LoanID
}

// Home implements Command.
func (c AccrueReferral) Home(Meta) event.Ref[Acquisition] { return SourceRef(c.Party) }

// Allowed implements Command.
func (AccrueReferral) Allowed() []Role { return []Role{RoleOfficer, RoleSystem} }

// Decide implements Command.
func (c AccrueReferral) Decide(t *Tx, a *Acquisition) (ReferralAccrued, error) {
	none := ReferralAccrued{}
	what := "referral of " + string(c.Party)
	if a.Party == "" {
		return none, &Error{ErrUnknown, what, ""}
	}
	if a.Earned != "" {
		return none, &Error{ErrState, what, "accrued for loan " + string(a.Earned)}
	}
	if err := checkID("loan", c.Loan); err != nil {
		return none, err
	}
	l, err := event.Read(t.Tx, LoanRef(c.Loan))
	if err != nil {
		return none, err
	}
	fee := a.feeFor(l)
	if fee == 0 {
		return none, &Error{ErrState, what, "has earned no fee by loan " + string(c.Loan)}
	}
	return ReferralAccrued{c.Party, a.Source.Referrer, a.Terms.Channel, c.Loan, amount(fee, l.Currency())}, nil
}

// feeFor returns the fee that the source's campaign pays for a loan, zero for none.
func (a *Acquisition) feeFor(l *Loan) int64 {
	if a.Source.Referrer == "" || len(l.Dues) == 0 || l.Currency() != a.Terms.Currency ||
		l.Started.Before(a.On) {
		return 0
	}
	base := int64(0)
	switch a.Terms.Referral {
	case FirstLoan:
		if l.Borrower == a.Party {
			base = l.Amount.Minor()
		}
	case FirstInvested:
		for i := range l.Lots {
			if l.Lots[i].Holder == a.Party {
				base += l.Lots[i].Units
			}
		}
	}
	if base == 0 {
		return 0
	}
	return a.Terms.Fee(base)
}

// PayReferral pays an accrued fee out of the platform's own bank account towards the client account,
// as an expense of the channel. It needs an approver besides the actor. The referrer has the money
// when the custodian says that it came: [CreditReferral]. Given by a cashier.
type PayReferral struct{ Party PartyID }

// Home implements Command.
func (c PayReferral) Home(Meta) event.Ref[Acquisition] { return SourceRef(c.Party) }

// Allowed implements Command.
func (PayReferral) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command.
func (c PayReferral) Decide(t *Tx, a *Acquisition) (ReferralPaid, error) {
	none := ReferralPaid{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := a.at(c.Party, a.Earned != "" && !a.Paid); err != nil {
		return none, err
	}
	p, err := t.party(a.Source.Referrer)
	if err != nil {
		return none, err
	}
	if p.Frozen {
		return none, &Error{ErrState, "party " + string(p.ID), "is frozen"}
	}
	fee := amount(a.Fee, a.Terms.Currency)
	return ReferralPaid{c.Party, fee, t.Actor.ID, t.Approver.ID}, t.Post(ledger.Move(ledger.Platform,
		"referral-fee", ledger.Expense(ledger.Ref(a.Terms.Channel)), ledger.OwnBank(), fee))
}

// at refuses a step for which a referral fee is not at the stage.
func (a *Acquisition) at(p PartyID, stage bool) error {
	if a.Party == "" {
		return &Error{ErrUnknown, "referral of " + string(p), ""}
	}
	if !stage {
		return &Error{ErrState, "referral of " + string(p), "is accrued, then paid, then credited"}
	}
	return nil
}

// CreditReferral records that a referral fee has come in at the custodian: it goes to the referrer's
// wallet. Amount is what came in, and must be the fee. Given by the custodian.
type CreditReferral struct {
	Party  PartyID // referred
	Amount money.Amount
}

// Home implements Command.
func (c CreditReferral) Home(Meta) event.Ref[Acquisition] { return SourceRef(c.Party) }

// Allowed implements Command.
func (CreditReferral) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command.
func (c CreditReferral) Decide(t *Tx, a *Acquisition) (ReferralCredited, error) {
	none := ReferralCredited{}
	if err := a.at(c.Party, a.Paid && !a.Credited); err != nil {
		return none, err
	}
	if fee := amount(a.Fee, a.Terms.Currency); c.Amount != fee {
		return none, &Error{ErrAmount, "referral of " + string(c.Party), "is " + fee.String()}
	}
	who := a.Source.Referrer
	return ReferralCredited{c.Party, who, c.Amount}, t.Post(ledger.Move(ledger.Client, "referral-fee",
		ledger.Bank(), Avail(who), c.Amount))
}

// AccrueReferrals accrues every fee that the reports see earned, and returns how many it accrued. It
// may be called as often as the host likes, at day-end for instance.
func (d *Desk) AccrueReferrals(ctx context.Context, m Meta, r *Reports) (n int, err error) {
	var refused []error
	for _, c := range r.ReferralsDue() {
		_, fresh, err := once(ctx, d, m.mint("referral", string(c.Party)+"/"+string(c.Loan)), c)
		if errors.Is(err, event.ErrUnknown) {
			return n, err
		}
		if fresh {
			n++
		}
		refused = append(refused, err)
	}
	return n, errors.Join(refused...)
}
