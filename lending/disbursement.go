package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Disburse asks the custodian to pay the loan out to its borrower, less the fees withheld (放款).
// The actor must be another person than the one who reviewed the funding. Interest runs from the
// day on which the bank has paid everything. After a failed payout the same command, under a new
// key and without payees or amount, asks for what was ordered before and is still unpaid. Given by
// a cashier.
type Disburse struct {
	Loan LoanID
	// Payees are paid in the borrower's place (受托支付), each by an instruction of its own; what is
	// left goes to the borrower.
	Payees []PayTo
	// Amount is what to order now, of the loan's net amount; zero for all that was not ordered yet. A
	// loan paid out in tranches (分次放款) begins when the last is paid.
	Amount money.Amount
	// FirstDue is the first due date, zero for one period after the bank has paid. It makes the first
	// period shorter or longer than the others, two periods at most; it is dropped if it has passed
	// when the bank pays, or is then so near that the loan would cost more than its cap. Where a contract was issued it is the contract's.
	FirstDue civil.Date
}

// DisbursementOrdered is the outcome of [Disburse].
type DisbursementOrdered struct {
	By       ActorID
	Portions []PortionOrder
	Fees     []Levied // charged; only of the first order
	Net      int64    // of the loan, to be paid out in all
	On       civil.Date
	FirstDue civil.Date
	Caps     []CostCap // on what the loan may cost
}

// Type implements event.Of.
func (DisbursementOrdered) Type() string { return "disbursement-ordered" }

// Apply implements event.Of.
func (e DisbursementOrdered) Apply(l *Loan) {
	l.State, l.Net, l.Charged = StateDisbursing, e.Net, true
	l.Ordered, l.FirstDue, l.Caps = e.On, e.FirstDue, slices.Clone(e.Caps)
	l.order(e.Portions)
	if len(e.Fees) > 0 {
		l.Upfront = slices.Clone(e.Fees)
	}
}

// Code implements event.Coder.
func (e *DisbursementOrdered) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.List(c, &e.Portions, func(c *event.Codec, p *PortionOrder) { p.code(c) })
	codeLevied(c, &e.Fees)
	c.Int(&e.Net)
	c.Date(&e.On)
	c.Date(&e.FirstDue)
	codeCaps(c, &e.Caps)
}

// Home implements Command.
func (c Disburse) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Disburse) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command. It refuses a loan whose holds are not all captured, a first due date that
// [IssueContract] refuses or that is not the contract's, fees that leave nothing to pay out, what [Loan.Payable] lists, and whatever a gate or a cover refuses.
func (c Disburse) Decide(t *Tx, l *Loan) (DisbursementOrdered, error) {
	none := DisbursementOrdered{}
	if err := errors.Join(l.in(c.Loan, StateReviewed), l.undisputed()); err != nil {
		return none, err
	}
	if err := errors.Join(different(l.Reviewer, t.Actor.ID), t.disinterested(l)); err != nil {
		return none, err
	}
	if err := t.May(l.Borrower, ActBorrow); err != nil {
		return none, err
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	if err := l.begins(t.On, c.FirstDue); err != nil {
		return none, err
	}
	ev := DisbursementOrdered{By: t.Actor.ID, Net: l.Net, On: t.On, FirstDue: c.FirstDue}
	if err := t.checkPayees(l, c.Payees); err != nil {
		return none, err
	}
	if err := t.Want(append(l.nextPayments(len(c.Payees)+1), l.upfrontStreams()...)...); err != nil {
		return none, err
	}
	if !l.Charged {
		var err error
		if ev.Fees, ev.Net, err = t.charge(l); err != nil {
			return none, err
		}
	}
	var err error
	if ev.Caps, err = t.costCaps(l); err != nil {
		return none, err
	}
	if ev.Portions, err = l.portions(c, ev.Net); err != nil {
		return none, err
	}
	return ev, t.instructPortions(l, ev.Portions)
}

// begins refuses a first due date that is not the contract's, and one that [Loan.starts] refuses unless
// the payout was ordered with it before.
func (l *Loan) begins(on, firstDue civil.Date) error {
	if s := l.Dossier.Contract; s.Issuer != "" && s.FirstDue != firstDue {
		return &Error{ErrContract, "contract of loan " + string(l.ID),
			"has another first due date: order the payout with that, or issue it again"}
	}
	if !l.Ordered.IsZero() && l.FirstDue == firstDue {
		return l.Product.repays(l.terms(on, firstDue))
	}
	return l.starts(on, firstDue)
}

// starts refuses a first due date that is not after the start of the loan or more than two periods
// after it, with which the loan costs more than its product's cap, or which gives no plan.
func (l *Loan) starts(on, firstDue civil.Date) error {
	terms := l.terms(on, firstDue)
	if firstDue.IsZero() {
		return l.Product.repays(terms)
	}
	last := terms.Every.After(on, 2)
	if !firstDue.After(on) || firstDue.After(last) {
		return &Error{ErrDate, "first due date " + firstDue.String(),
			"of loan " + string(l.ID) + " is not from " + on.AddDays(1).String() + " to " + last.String()}
	}
	return errors.Join(l.Product.dear(terms), l.Product.repays(terms))
}

// charge goes through the checklist, admits the loan for the last time, attaches its covers and takes
// its fees: out of what is paid out, or out of the borrower's wallet.
func (t *Tx) charge(l *Loan) (fees []Levied, net int64, err error) {
	if err := l.Payable(t.On); err != nil {
		return nil, 0, err
	}
	if err := t.admit(l); err != nil {
		return nil, 0, err
	}
	for _, v := range l.Product.Covers {
		if err := t.cover(v.Name).Attach(t, l); err != nil {
			return nil, 0, fmt.Errorf("attach cover %s to loan %s: %w", v.Name, l.ID, err)
		}
	}
	return t.chargeUpfront(l)
}

// LoanActivated stands on a loan when the bank has paid it out: its plan begins.
type LoanActivated struct {
	On       civil.Date
	FirstDue civil.Date // zero for one period after On, also if the one that was ordered is dropped
	PaidOut  int64      // in all
	Rows     []schedule.Row
	Charges  []Charge // fees that fall due with instalments
}

// Type implements event.Of.
func (LoanActivated) Type() string { return "activated" }

// Apply implements event.Of.
func (e LoanActivated) Apply(l *Loan) {
	l.State, l.PaidOut, l.Looked, l.FirstDue = StateActive, e.PaidOut, e.On, e.FirstDue
	l.Started = e.On
	for i := range l.Lots {
		l.Lots[i].Since = e.On
	}
	l.paidPortions()
	l.Cost = CostDays{}
	if len(l.Caps) > 0 {
		l.Cost.Through = e.On
	}
	// the rows were checked when they were recorded
	l.Plan, _ = schedule.NewPlan(l.terms(e.On, l.FirstDue), e.Rows)
	l.Dues = make([]Due, len(e.Rows))
	for i, r := range e.Rows {
		l.Dues[i] = Due{Date: r.Due, Through: r.End}
		l.Dues[i].Owed[Principal], l.Dues[i].Owed[Interest] = r.Principal, r.Interest
	}
	l.Served = e.On
	for _, c := range e.Charges {
		l.charge(c)
	}
}

// Code implements event.Coder.
func (e *LoanActivated) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Date(&e.FirstDue)
	c.Int(&e.PaidOut)
	codeRows(c, &e.Rows)
	codeCharges(c, &e.Charges)
}

func codeRows(c *event.Codec, rows *[]schedule.Row) {
	event.List(c, rows, func(c *event.Codec, r *schedule.Row) {
		c.Date(&r.Due)
		c.Date(&r.End)
		c.Int(&r.Principal)
		c.Int(&r.Interest)
		c.Int(&r.Fee)
		c.Int(&r.Capitalised)
		c.Int(&r.Balance)
	})
}

// activate begins a loan's plan: interest runs from today, and the register has its claims.
func (t *Tx) activate(l *Loan, out int64) (LoanActivated, error) {
	none := LoanActivated{}
	if t.On.Before(l.Ordered) {
		return none, &Error{ErrDate, "loan " + string(l.ID), "its payout was ordered on " + l.Ordered.String()}
	}
	firstDue := l.FirstDue
	if !firstDue.After(t.On) || l.Product.dear(l.terms(t.On, firstDue)) != nil {
		firstDue = civil.Date{}
	}
	plan, err := l.terms(t.On, firstDue).Plan()
	if err != nil {
		return none, fmt.Errorf("plan of loan %s: %w", l.ID, err)
	}
	rows := plan.Rows()
	charges, err := l.Product.instalmentCharges(l.Amount.Minor(), t.On, rows)
	if err != nil {
		return none, err
	}
	if err := t.borrows(l, 0, true); err != nil {
		return none, err
	}
	e := ledger.Entry{Book: ledger.Register, Why: "disbursed", Currency: l.Currency()}
	for _, x := range l.Lots {
		e.Debit(ledger.Claim(ledger.Owner(x.Holder), ledger.Ref(l.ID)), x.Units)
	}
	e.Credit(ledger.Debt(ledger.Ref(l.ID)), l.Amount.Minor())
	return LoanActivated{t.On, firstDue, out, rows, charges}, t.Post(e)
}

// CreditRest is the way on for a loan that the custodian paid out in part and cannot pay on: what
// was ordered and not paid goes to the payees' wallets, what was never ordered to the borrower's,
// and the loan begins. It needs an approver besides the actor. Given by a cashier.
type CreditRest struct{ Loan LoanID }

// Home implements Command.
func (c CreditRest) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CreditRest) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command.
func (c CreditRest) Decide(t *Tx, l *Loan) (LoanActivated, error) {
	none := LoanActivated{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := errors.Join(l.in(c.Loan, StateReviewed), l.undisputed()); err != nil {
		return none, err
	}
	if l.PaidOut == 0 {
		return none, &Error{ErrState, "loan " + string(l.ID), "was not paid out in part"}
	}
	if err := t.creditPortions(l); err != nil {
		return none, err
	}
	return t.activate(l, l.Net)
}

// CancelFunding gives up a reviewed loan of which nothing was paid out: fees are returned and the
// lenders get their money back. Given by an officer.
type CancelFunding struct {
	Loan   LoanID
	Reason Code
}

// FundingCancelled is the outcome of [CancelFunding].
type FundingCancelled struct {
	By     ActorID
	Reason Code
	Payout PayoutID // stream that returns the money in chunks; empty if it was done at once
}

// Type implements event.Of.
func (FundingCancelled) Type() string { return "funding-cancelled" }

// Apply implements event.Of.
func (e FundingCancelled) Apply(l *Loan) { l.State, l.Payout = StateFailed, e.Payout }

// Code implements event.Coder.
func (e *FundingCancelled) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Reason)
	event.Text(c, &e.Payout)
}

// Home implements Command.
func (c CancelFunding) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CancelFunding) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c CancelFunding) Decide(t *Tx, l *Loan) (FundingCancelled, error) {
	none := FundingCancelled{}
	if err := errors.Join(l.in(c.Loan, StateReviewed), l.undisputed()); err != nil {
		return none, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return none, err
	}
	if l.PaidOut > 0 {
		return none, &Error{ErrState, "loan " + string(l.ID), "was paid out in part"}
	}
	if err := t.Finished(l); err != nil {
		return none, err
	}
	rows := make([]PayoutRow, len(l.Lots))
	for i, x := range l.Lots {
		rows[i] = PayoutRow{Party: x.Holder, Gross: x.Units, Stake: x.Units}
	}
	o := PayoutOrder{Kind: PayReturn, Rows: rows}
	if err := t.wantPay(l, o, l.upfrontStreams()...); err != nil {
		return none, err
	}
	if err := t.borrows(l, -l.Amount.Minor(), false); err != nil {
		return none, err
	}
	if err := t.uncharge(l); err != nil {
		return none, err
	}
	id, err := t.pay(l, o)
	return FundingCancelled{t.Actor.ID, c.Reason, id}, err
}

// uncharge undoes charge.
func (t *Tx) uncharge(l *Loan) error {
	if !l.Charged {
		return nil
	}
	for _, f := range l.Upfront {
		if err := t.unearn(l.feeSource(), f, l.Currency()); err != nil {
			return err
		}
	}
	return t.release(l)
}

// release ends the loan's covers.
func (t *Tx) release(l *Loan) error {
	for _, v := range l.Product.Covers {
		if err := t.cover(v.Name).Release(t, l); err != nil {
			return fmt.Errorf("release cover %s from loan %s: %w", v.Name, l.ID, err)
		}
	}
	return nil
}
