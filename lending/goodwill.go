package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PayGoodwill pays out of the platform's own bank account towards the client account, to pay a loan in
// its borrower's place (商誉补偿): an expense, of which nothing is asked back. The loan is paid when the
// custodian says that the money came: [CreditGoodwill]. By a cashier or an officer, with an
// approver. Given by an officer or a cashier.
type PayGoodwill struct {
	Loan   LoanID
	Amount money.Amount
	Reason Code
}

// GoodwillGranted is the outcome of [PayGoodwill].
type GoodwillGranted struct {
	By, Approver ActorID
	Reason       Code
	Amount       money.Amount
}

// Type implements event.Of.
func (GoodwillGranted) Type() string { return "goodwill-granted" }

// Apply implements event.Of.
func (e GoodwillGranted) Apply(l *Loan) { l.Goodwill += e.Amount.Minor() }

// Code implements event.Coder.
func (e *GoodwillGranted) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
	event.Text(c, &e.Reason)
	c.Amount(&e.Amount)
}

// Home implements Command.
func (c PayGoodwill) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (PayGoodwill) Allowed() []Role { return []Role{RoleOfficer, RoleCashier} }

// Decide implements Command. It refuses more than is owed in all ([ErrAmount]).
func (c PayGoodwill) Decide(t *Tx, l *Loan) (GoodwillGranted, error) {
	none := GoodwillGranted{}
	if err := t.resolved(l, c.Loan, c.Reason, StateActive); err != nil {
		return none, err
	}
	if err := positive("goodwill", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	if most := l.owes(Recut{}) - l.Goodwill; c.Amount.Minor() > most {
		return none, &Error{ErrAmount, "goodwill for loan " + string(l.ID), "is more than is owed"}
	}
	ev := GoodwillGranted{t.Actor.ID, t.Approver.ID, c.Reason, c.Amount}
	return ev, t.Post(ledger.Move(ledger.Platform, "goodwill", ledger.Expense("goodwill"), ledger.OwnBank(), c.Amount))
}

// CreditGoodwill records that money of [PayGoodwill] has come in at the custodian: it pays the loan, by
// the product's waterfall for [GoodwillPayment]. What the loan does not take up stays in the borrower's
// wallet. Given by the custodian.
type CreditGoodwill struct {
	Loan   LoanID
	Amount money.Amount
}

// GoodwillCredited is the outcome of [CreditGoodwill].
type GoodwillCredited struct {
	On     civil.Date
	To     PartyID // the borrower, to whose wallet it came
	Amount money.Amount
	Repaid Repaid // its number is zero if the loan took nothing up
}

// Type implements event.Of.
func (GoodwillCredited) Type() string { return "goodwill-credited" }

// Apply implements event.Of.
func (e GoodwillCredited) Apply(l *Loan) {
	l.Goodwill = max(0, l.Goodwill-e.Amount.Minor())
	l.recordIf(&e.Repaid)
}

// Code implements event.Coder.
func (e *GoodwillCredited) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.To)
	c.Amount(&e.Amount)
	e.Repaid.Code(c)
}

// Home implements Command.
func (c CreditGoodwill) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CreditGoodwill) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command. It refuses more than was granted ([ErrAmount]).
func (c CreditGoodwill) Decide(t *Tx, l *Loan) (GoodwillCredited, error) {
	none := GoodwillCredited{}
	if err := l.in(c.Loan, StateActive, StateClosed, StateWrittenOff); err != nil {
		return none, err
	}
	if err := positive("goodwill", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	if c.Amount.Minor() > l.Goodwill {
		return none, &Error{ErrAmount, "goodwill for loan " + string(l.ID),
			amount(l.Goodwill, l.Currency()).String() + " is on its way"}
	}
	if err := l.notBefore(t.On); err != nil {
		return none, err
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	ev := GoodwillCredited{On: t.On, To: l.Borrower, Amount: c.Amount}
	in := ledger.Move(ledger.Client, "goodwill", ledger.Bank(), Avail(l.Borrower), c.Amount)
	if err := t.Post(in); err != nil {
		return none, err
	}
	w, err := event.Read(t.Tx, WalletRef(l.Borrower, l.Currency()))
	if err != nil {
		return none, err
	}
	ev.Repaid, err = t.repayOf(l, GoodwillPayment, l.Borrower, min(c.Amount.Minor(), w.Available))
	return ev, err
}

// repayOf pays a loan on another ground than that its borrower does. A loan that is paid takes up
// nothing; on one that was written off it is a recovery.
func (t *Tx) repayOf(l *Loan, kind PaymentKind, by PartyID, minor int64) (Repaid, error) {
	if l.State == StateClosed || minor == 0 {
		return Repaid{}, nil
	}
	f := l.fact(t.On, minor)
	if f.by = by; f.kind == OrdinaryPayment {
		f.kind = kind
	}
	return t.repay(l, f)
}

// recordIf records a payment if there was one.
func (l *Loan) recordIf(e *Repaid) {
	if e.N > 0 {
		l.record(e)
		l.Payout = e.Payout
	}
}
