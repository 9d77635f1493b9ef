package lending_test

import (
	"encoding/json"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fineractStep is an event in the life of a loan, or what is expected of it then.
type fineractStep struct {
	Event, Expect, Kind, Key string
	Date                     civil.Date
	Amount, Percent          string
	Charge                   string
	Rule                     string
	Type                     string `json:"transaction_type"`
	Nth                      json.Number
	Payment                  json.Number `json:"payment_nr"`
	Columns                  []string
	Rows                     json.RawMessage
	Values                   map[string]string
	Value                    string
}

type fineractCase struct {
	ID    string
	Terms fineractTerms
	Steps []fineractStep
}

// transaction is a row of Fineract's list of transactions.
type transaction struct {
	on       civil.Date
	kind     string
	n        int // number of the payment
	amount   int64
	by       [4]int64 // principal, interest, fees, penalties
	reverted bool
}

// fineractLife replays a case on a desk.
type fineractLife struct {
	*world
	terms  fineractTerms
	id     lending.LoanID
	names  map[int]string     // of payments
	sent   map[int]int64      // with payments, whatever was taken up
	others []transaction      // that are no payments, or were taken back
	waived map[int]civil.Date // by instalment
	dues   map[int]civil.Date // of charges, by number
	past   []lending.Movement // from before a barrier
	netted bool               // a chargeback was met by the borrower's balance
}

// uncarried says why the engine cannot carry a case.
type uncarried string

func (u uncarried) Error() string { return string(u) }

func (l *fineractLife) eur(text string) money.Amount {
	a, err := money.ParseIn(text, eur)
	require.NoError(l.t, err)
	return a
}

var fineractIgnored = []string{"approve", "cob", "add_disbursement_detail", ""}

// take replays one event.
func (l *fineractLife) take(s *fineractStep) error {
	if slices.Contains(fineractIgnored, s.Event) {
		return nil
	}
	switch s.Event {
	case "business_date":
		l.day = s.Date
		return nil
	case "global_config":
		if s.Key == "charge-accrual-date" || s.Key == "enable-business-date" || s.Key == "enable-immediate-charge-accrual-post-maturity" {
			return nil // matters of accounting
		}
		return uncarried("setting " + s.Key)
	case "product_set_future_allocation":
		for i := range l.terms.Allocation {
			if a := &l.terms.Allocation[i]; a.Type == s.Type {
				a.Future = s.Rule
			}
		}
		return nil
	case "disburse":
		return l.disburse(s)
	}
	if l.id == "" {
		return uncarried("event " + s.Event + " before the payout")
	}
	return l.service(s)
}

func (l *fineractLife) service(s *fineractStep) error {
	switch s.Event {
	case "repayment":
		return l.pays("Repayment", s.Date, l.eur(s.Amount))
	case "payoff":
		return l.payOff(s.Date)
	case "transaction":
		return l.transact(s)
	case "add_charge":
		return l.charge(s.Charge, s.Date, l.eur(s.Amount))
	case "add_nsf_fee": // the step's amount is 10
		return l.charge("LOAN_NSF_FEE", s.Date, l.eur("10.00"))
	case "add_installment_charge":
		return l.chargeEach(s)
	case "waive_charge":
		return l.waive()
	case "undo_last_repayment", "undo_repayment", "undo_transaction":
		return l.undo(s)
	case "chargeback":
		return l.chargeback(s)
	case "credit_balance_refund":
		return l.withdraw(s)
	case "write_off":
		return l.writeOff(s)
	}
	return uncarried("event " + s.Event)
}

func (l *fineractLife) disburse(s *fineractStep) error {
	if l.id != "" {
		return uncarried("a second payout")
	}
	if s.Date.After(l.day) {
		return uncarried("a payout dated ahead")
	}
	today := l.day
	defer func() { l.day = today }()
	l.day = s.Date // nothing is known of the loan in between
	a := l.eur(s.Amount)
	p := l.terms.product(l.world)
	if err := p.Validate(); err != nil {
		return err
	}
	l.register("ann", "bob", "eve", "shop")
	do(l.world, officer, lending.DefineProduct{Product: p})
	l.id = do(l.world, party("ann"), lending.Apply{Product: p.ID, Amount: a, Periods: l.terms.Repayments}).Loan
	do(l.world, analyst, lending.Approve{Loan: l.id, Rate: l.terms.rate(l.world)})
	do(l.world, officer, lending.Publish{Loan: l.id})
	for i, who := range []lending.PartyID{"bob", "eve"} {
		part := a.Minor() / 3
		if i == 1 {
			part = a.Minor() - part
		}
		if part == 0 {
			continue
		}
		l.deposit(who, amt(part, eur))
		do(l.world, party(who), lending.PlaceBid{Loan: l.id, Amount: amt(part, eur)})
	}
	do(l.world, officer, lending.ReviewFunding{Loan: l.id})
	l.deliver()
	out := lending.Disburse{Loan: l.id}
	if first := l.terms.Submitted; l.terms.Begin == "SUBMITTED_ON_DATE" && first != l.day {
		out.FirstDue = p.Every.After(first, 1)
	}
	do(l.world, cashier, out)
	l.deliver()
	l.others = append(l.others, transaction{on: l.day, kind: "Disbursement", amount: a.Minor()})
	down := amt(l.now().Dues[0].Unpaid().Total(), eur)
	if d := l.terms.DownPayment; d != nil && d.Auto && !down.IsZero() {
		return l.pays("Down Payment", l.day, down)
	}
	return nil
}

func (l *fineractLife) now() *lending.Loan { return l.loan(l.id) }

// pays has the borrower pay an amount as of a day.
func (l *fineractLife) pays(name string, on civil.Date, a money.Amount) error {
	loan := l.now()
	if err := l.fits(loan, on, a.Minor()); err != nil {
		return err
	}
	if err := l.ownDues(loan, on); err != nil {
		return err
	}
	n := loan.Payments + 1
	l.deposit("ann", a)
	var err error
	switch {
	case on.After(l.day):
		return uncarried("a payment dated ahead")
	case on == l.day:
		err = try(l.world, party("ann"), lending.Repay{Loan: l.id, Amount: a})
	default:
		err = try(l.world, officer, lending.RepayAsOf{Loan: l.id, Amount: a, Value: on, Reason: "value"})
	}
	l.names[n], l.sent[n] = name, a.Minor()
	l.deliver()
	return err
}

// fits says why a payment of a loan that bears interest is beyond the engine's commands.
func (l *fineractLife) fits(loan *lending.Loan, on civil.Date, minor int64) error {
	if !l.terms.bears() || loan.State != lending.StateActive {
		return nil
	}
	off, err := loan.Payoff(on)
	if err != nil {
		return err
	}
	if l.terms.Recalculation == nil {
		var all int64
		for i := range loan.Dues {
			all += loan.Dues[i].Unpaid().Total()
		}
		if minor >= off.Minor() && all != off.Minor() {
			return uncarried("interest of the whole term is owed though the loan is paid off early")
		}
		return nil
	}
	due, err := loan.DueOn(on)
	switch {
	case err != nil:
		return err
	case loan.DaysPastDue(on) > 0:
		return uncarried("a late payment, interest recalculated")
	case due.Minor() != minor:
		return uncarried("a payment of another amount than is due, interest recalculated")
	}
	return nil
}

// ownDues says that a charge is due before its instalment where that makes a difference.
func (l *fineractLife) ownDues(loan *lending.Loan, on civil.Date) error {
	for n, due := range l.dues {
		x := loan.Charges[n-1]
		if x.Unpaid() > 0 && !due.After(on) && on.Before(loan.Dues[x.Instalment].Date) &&
			l.terms.Strategy == "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST" {
			return uncarried("a charge that is due before the instalment with which it is owed")
		}
	}
	return nil
}

func (l *fineractLife) payOff(on civil.Date) error {
	if on != l.day {
		return uncarried("a payoff dated back")
	}
	loan := l.now()
	if loan.State == lending.StateClosed {
		return nil
	}
	a, err := loan.Payoff(on)
	if err != nil {
		return err
	}
	return l.pays("Repayment", on, a)
}

var fineractNames = map[string]string{"REPAYMENT": "Repayment", "GOODWILL_CREDIT": "Goodwill Credit",
	"INTEREST_PAYMENT_WAIVER": "Interest Payment Waiver", "MERCHANT_ISSUED_REFUND": "Merchant Issued Refund",
	"PAYOUT_REFUND": "Payout Refund"}

// transact replays payments on other grounds.
func (l *fineractLife) transact(s *fineractStep) error {
	a, name := l.eur(s.Amount), fineractNames[s.Kind]
	if s.Kind == "REPAYMENT" {
		return l.pays(name, s.Date, a)
	}
	loan := l.now()
	switch {
	case name == "":
		return uncarried("transaction " + s.Kind)
	case s.Date != l.day:
		return uncarried(name + " dated back")
	case loan.State != lending.StateActive:
		return uncarried(name + " on a loan that is paid")
	}
	if err := l.fits(loan, l.day, a.Minor()); err != nil {
		return err
	}
	n := loan.Payments + 1
	l.names[n], l.sent[n] = name, a.Minor()
	if s.Kind == "MERCHANT_ISSUED_REFUND" || s.Kind == "PAYOUT_REFUND" {
		l.deposit("shop", a)
		return try(l.world, party("shop"), lending.Refund{Loan: l.id, From: "shop", Amount: a})
	}
	if err := try(l.world, officer, lending.PayGoodwill{Loan: l.id, Amount: a, Reason: "sorry"}); err != nil {
		return err
	}
	return try(l.world, bank, lending.CreditGoodwill{Loan: l.id, Amount: a})
}

// undo has the borrower's bank return a payment: it is reversed, and the money leaves.
func (l *fineractLife) undo(s *fineractStep) error {
	loan := l.now()
	nth, _ := s.Nth.Int64()
	at := -1
	for i := range loan.History {
		m := &loan.History[i]
		switch {
		case s.Event == "undo_last_repayment" && l.names[m.N] == "Repayment":
			at = i
		case s.Event != "undo_last_repayment" && m.On == s.Date && (s.Kind == "" || s.Kind == l.names[m.N]):
			if nth--; nth == 0 {
				at = i
			}
		}
	}
	if at < 0 {
		return uncarried("something other than a payment undone")
	}
	m := loan.History[at]
	if name := l.names[m.N]; name != "Repayment" && name != "Down Payment" {
		return uncarried(name + " undone")
	}
	if l.terms.bears() && l.terms.Recalculation != nil {
		return uncarried("a payment undone, interest recalculated")
	}
	if at < loan.Fixed {
		return uncarried("a payment undone that came before a chargeback or a waiver")
	}
	x := l.row(&m)
	x.reverted = true
	l.others = append(l.others, x)
	err := try(l.world, officer, lending.ReversePayment{Loan: l.id, Payment: m.N, Reason: "returned"})
	if err != nil {
		return err
	}
	l.deliver()
	return l.leaves(l.sent[m.N])
}

// leaves has money leave the borrower's wallet.
func (l *fineractLife) leaves(minor int64) error {
	err := try(l.world, party("ann"), lending.Withdraw{Amount: amt(minor, eur)})
	l.deliver()
	return err
}

func (l *fineractLife) withdraw(s *fineractStep) error {
	if s.Date != l.day {
		return uncarried("a refund of a balance dated back")
	}
	l.others = append(l.others, transaction{on: l.day, kind: "Credit Balance Refund", amount: l.eur(s.Amount).Minor()})
	return l.leaves(l.eur(s.Amount).Minor())
}

func (l *fineractLife) writeOff(s *fineractStep) error {
	loan := l.now()
	switch {
	case s.Date != l.day:
		return uncarried("a write-off dated back")
	case loan.DaysPastDue(l.day) == 0:
		return uncarried("a write-off of a loan that is not past due")
	case l.terms.bears() && l.terms.Recalculation != nil:
		return uncarried("overdue principal that bears interest")
	}
	l.past = append(l.past, loan.History...)
	return try(l.world, officer, lending.WriteOff{Loan: l.id, Reason: "lost"})
}
