package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Purpose is what a payment is for.
type Purpose uint8

// Purposes of payments.
const (
	PurposeDeposit  Purpose = iota + 1 // came in by itself (充值)
	PurposeWithdraw                    // a party takes its money out (提现)
	PurposeDisburse                    // a loan is paid out (放款)
	PurposeTopup                       // the platform pays in what it owes the client account
	PurposeReturn                      // a receipt without an owner goes back to where it came from (退回)
	PurposeHold                        // a bid is frozen
	PurposeMove                        // money goes from one sub-account to another
	PurposeSweep                       // the platform takes its fees out (手续费划转)
)

var purposeNames = [...]string{"", "deposit", "withdraw", "disburse", "top-up", "return", "hold", "move",
	"sweep"}

// String returns the purpose's name.
func (p Purpose) String() string { return nameOf(purposeNames[:], p, "purpose") }

// Payment is the state of one payment stream: money that came in, or an instruction to the
// custodian and what the custodian said of it.
type Payment struct {
	Purpose      Purpose
	Instruction  payment.Instruction
	Loan         LoanID // of a disbursement or bid
	Hold         int    // of a bid: its number
	Fee          int64  // of a withdrawal, taken besides the amount
	State        payment.State
	Posted       int64      // of the instruction, booked as paid
	Sends        int        // hand-overs begun, of a custodian that does not recognise repeated ids
	Acknowledged bool       // the last hand-over was
	Parked       bool       // waits for people: sent with an unknown outcome
	Ended        bool       // what waited for its end has moved on
	Reversed     bool       // a deposit that bounced
	Repeat       payment.ID // of a move: the one that moves what this did not
}

// PaymentInstructed starts the stream of an outgoing payment.
type PaymentInstructed struct {
	Purpose     Purpose
	Instruction payment.Instruction
	Loan        LoanID
	Fee         int64
	Hold        int   // number of a bid's hold
	Booked      int64 // of a move: stands in the books already, before the custodian has moved it
}

// Type implements event.Of.
func (PaymentInstructed) Type() string { return "instructed" }

// Apply implements event.Of.
func (e PaymentInstructed) Apply(p *Payment) {
	p.Purpose, p.Instruction, p.Loan, p.Fee = e.Purpose, e.Instruction, e.Loan, e.Fee
	p.Hold, p.Posted = e.Hold, e.Booked
}

// Code implements event.Coder.
func (e *PaymentInstructed) Code(c *event.Codec) {
	event.Enum(c, &e.Purpose)
	e.Instruction.Code(c)
	event.Text(c, &e.Loan)
	c.Int(&e.Fee)
	c.Count(&e.Hold)
	c.Int(&e.Booked)
}

// PaymentObserved is the outcome of [Observe].
type PaymentObserved struct {
	Report payment.Report
	State  payment.State // joined with what was heard before
	Posted int64         // booked as paid in all
	Ended  bool          // what waited for the end has moved on
}

// Type implements event.Of.
func (PaymentObserved) Type() string { return "observed" }

// Apply implements event.Of.
func (e PaymentObserved) Apply(p *Payment) {
	p.State, p.Posted, p.Ended = e.State, e.Posted, p.Ended || e.Ended
	p.Parked = p.Parked && !e.State.Status.Final()
}

// Code implements event.Coder.
func (e *PaymentObserved) Code(c *event.Codec) {
	e.Report.Code(c)
	c.Int(&e.State.Paid)
	event.Enum(c, &e.State.Status)
	c.Int(&e.Posted)
	c.Bool(&e.Ended)
}

var paymentKind = event.NewKind[Payment]("payment", nil, event.On[PaymentInstructed](),
	event.On[PaymentObserved](), event.On[MoneyReceived](), event.On[DepositReversed](),
	event.On[PaymentSent](), event.On[PaymentParked](), event.On[PaymentReleased](),
	event.On[MoveRepeated]())

// PaymentRef refers to a payment's stream.
func PaymentRef(id payment.ID) event.Ref[Payment] { return paymentKind.Ref(string(id)) }

// instruct moves client money into transit and asks for it to be paid, in one commit.
func (t *Tx) instruct(
	in payment.Instruction, from ledger.Account, p Purpose, loan LoanID,
) (PaymentInstructed, error) {
	if t.desk.cfg.Custody == PerUser {
		in.From = SubAccount(from)
	}
	ev := PaymentInstructed{Purpose: p, Instruction: in, Loan: loan}
	if err := in.Check(); err != nil {
		return ev, err
	}
	out := ledger.Move(ledger.Client, ledger.Why(p.String()), from, p.transit(in.ID), in.Amount)
	if err := t.Post(out); err != nil {
		return ev, err
	}
	return ev, t.enqueue(ev)
}

// enqueue opens a payment's stream, unless it is home and the command does so itself, and hands its
// instruction to the outbox.
func (t *Tx) enqueue(e PaymentInstructed) error {
	in := e.Instruction
	if err := in.Check(); err != nil {
		return err
	}
	if PaymentRef(in.ID).Stream() != t.home {
		if err := event.Write(t.Tx, PaymentRef(in.ID), e); err != nil {
			return err
		}
	}
	t.Send(event.Message{ID: string(in.ID), Topic: Topic, Data: event.Encode(nil, 1, &in)})
	return nil
}

func transit(id payment.ID) ledger.Account { return ledger.OutTransit(ledger.Ref(id)) }

// transit is the account of an instruction's money while its end is not known.
func (p Purpose) transit(id payment.ID) ledger.Account {
	if p == PurposeSweep {
		return ledger.FeesTransit(ledger.Ref(id))
	}
	return transit(id)
}

// whyDeposit is the reason of an entry by which a party brings in money itself.
const whyDeposit ledger.Why = "deposit"

// Deposit records money that the custodian received for a party (充值). The key is the custodian's
// own id of the receipt, after a word for the source ("bank/4711"), so that the same receipt told
// twice counts once. Given by the custodian.
type Deposit struct {
	Party  PartyID
	Amount money.Amount
}

// TopUp records money of its own that the platform paid into the client account, to settle what
// it owes there, or ahead, for what its promotions will pay: see [SettleCoupon]. Given by the custodian.
type TopUp struct{ Amount money.Amount }

// MoneyReceived is the outcome of [Deposit] and [TopUp].
type MoneyReceived struct {
	Payment payment.ID
	Purpose Purpose
	Party   PartyID // empty for the platform
	Amount  money.Amount
}

// Type implements event.Of.
func (MoneyReceived) Type() string { return "received" }

// Apply implements event.Of.
func (e MoneyReceived) Apply(p *Payment) {
	p.Purpose = e.Purpose
	p.Instruction = payment.Instruction{ID: e.Payment, Kind: payment.Collect,
		Party: payment.PartyID(e.Party), Amount: e.Amount}
	p.State, p.Posted = payment.State{Paid: e.Amount.Minor(), Status: payment.Settled}, e.Amount.Minor()
}

// Code implements event.Coder.
func (e *MoneyReceived) Code(c *event.Codec) {
	event.Text(c, &e.Payment)
	event.Enum(c, &e.Purpose)
	event.Text(c, &e.Party)
	c.Amount(&e.Amount)
}

// Home implements Command.
func (c Deposit) Home(m Meta) event.Ref[Payment] { return PaymentRef(payment.ID(idOf("D", m.Key))) }

// Allowed implements Command.
func (Deposit) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command.
func (c Deposit) Decide(t *Tx, p *Payment) (MoneyReceived, error) {
	if p.Purpose != 0 {
		return MoneyReceived{}, &Error{ErrExists, "payment " + t.home.ID, ""}
	}
	if err := positive("deposit", c.Amount, c.Amount.Currency()); err != nil {
		return MoneyReceived{}, err
	}
	if _, err := t.party(c.Party); err != nil {
		return MoneyReceived{}, err
	}
	in := ledger.Move(ledger.Client, whyDeposit, ledger.Bank(), Avail(c.Party), c.Amount)
	return MoneyReceived{payment.ID(t.home.ID), PurposeDeposit, c.Party, c.Amount}, t.Post(in)
}

// Home implements Command.
func (c TopUp) Home(m Meta) event.Ref[Payment] { return PaymentRef(payment.ID(idOf("T", m.Key))) }

// Allowed implements Command.
func (TopUp) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command.
func (c TopUp) Decide(t *Tx, _ *Payment) (MoneyReceived, error) {
	if err := positive("top-up", c.Amount, c.Amount.Currency()); err != nil {
		return MoneyReceived{}, err
	}
	in := ledger.Move(ledger.Client, "top-up", ledger.Bank(), ledger.TopupDue(), c.Amount)
	return MoneyReceived{payment.ID(t.home.ID), PurposeTopup, "", c.Amount}, t.Post(in)
}

// ReverseDeposit records that the custodian took a deposit back (chargeback). What the party has
// spent already becomes its debt, and the platform owes the client account that much. What a loan was
// paid with it stays paid until [ReversePayment] or [Chargeback] says otherwise. Given by the custodian.
type ReverseDeposit struct{ Payment payment.ID }

// DepositReversed is the outcome of [ReverseDeposit].
type DepositReversed struct{ Amount money.Amount }

// Type implements event.Of.
func (DepositReversed) Type() string { return "reversed" }

// Apply implements event.Of.
func (DepositReversed) Apply(p *Payment) { p.Reversed = true }

// Code implements event.Coder.
func (e *DepositReversed) Code(c *event.Codec) { c.Amount(&e.Amount) }

// Home implements Command.
func (c ReverseDeposit) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Payment) }

// Allowed implements Command.
func (ReverseDeposit) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command.
func (c ReverseDeposit) Decide(t *Tx, p *Payment) (DepositReversed, error) {
	none := DepositReversed{}
	if p.Purpose != PurposeDeposit {
		return none, &Error{ErrUnknown, "deposit " + string(c.Payment), ""}
	}
	if p.Reversed {
		return none, &Error{ErrState, "deposit " + string(c.Payment), "was reversed before"}
	}
	party := PartyID(p.Instruction.Party)
	err := t.reclaim("deposit-reversed", party, ledger.Bank(), p.Instruction.Amount)
	return DepositReversed{p.Instruction.Amount}, err
}

// Observe takes in what the custodian says of an instruction. Reports may come late, twice and
// out of order; the same reports in any order lead to the same state. Given by the custodian or the
// system.
type Observe struct{ Report payment.Report }

// Home implements Command.
func (c Observe) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Report.Instruction) }

// Allowed implements Command.
func (Observe) Allowed() []Role { return []Role{RoleCustodian, RoleSystem} }

// Decide implements Command. A report that contradicts an earlier end is recorded and leaves the
// payment disputed: no money moves on it. [ResolveDispute] ends it.
func (c Observe) Decide(t *Tx, p *Payment) (PaymentObserved, error) {
	none := PaymentObserved{}
	id := c.Report.Instruction
	if !p.outgoing() {
		return none, &Error{ErrUnknown, "payment " + string(id), ""}
	}
	now, err := p.State.Observe(p.Instruction, c.Report)
	if err != nil {
		return none, err
	}
	ev := PaymentObserved{Report: c.Report, State: now, Posted: p.Posted}
	if now.Status == payment.Disputed || p.State.Status.Final() {
		return ev, t.dispute(p, now)
	}
	ev.Posted, ev.Ended = max(p.Posted, now.Paid), now.Status.Final()
	return ev, t.book(p, now)
}

// outgoing reports whether the payment is an instruction, on which the custodian reports.
func (p *Payment) outgoing() bool {
	switch p.Purpose {
	case PurposeWithdraw, PurposeDisburse, PurposeReturn, PurposeHold, PurposeMove,
		PurposeSweep:
		return true
	}
	return false
}

// book books what has been paid, and at the end moves on what waited for it.
func (t *Tx) book(p *Payment, now payment.State) error {
	if err := t.Want(append(p.waits(), booksStream)...); err != nil {
		return err
	}
	in := p.Instruction
	paid := amount(now.Paid-p.Posted, in.Amount.Currency())
	switch {
	case p.Purpose == PurposeMove:
		return t.arrive(in, now.Paid-p.Posted) // what is not moved stays due
	case p.Purpose == PurposeHold && now.Status.Final():
		return t.held(p, now.Paid)
	case p.Purpose == PurposeHold:
		return nil
	}
	if err := t.settle(p, paid); err != nil || !now.Status.Final() {
		return err
	}
	return t.finish(p, now)
}

// waits are the streams that a payment's end moves on.
func (p *Payment) waits() (ss []event.Stream) {
	if p.Purpose == PurposeReturn {
		return []event.Stream{ReceiptRef(p.receipt()).Stream()}
	}
	if p.Loan != "" {
		ss = append(ss, LoanRef(p.Loan).Stream())
	}
	if who := PartyID(p.Instruction.Party); who != "" && p.Purpose != PurposeDisburse {
		ss = append(ss, WalletRef(who, p.Instruction.Amount.Currency()).Stream())
	}
	return ss
}

func (t *Tx) settle(p *Payment, paid money.Amount) error {
	if paid.IsZero() {
		return nil
	}
	from := p.Purpose.transit(p.Instruction.ID)
	if err := t.Post(ledger.Move(ledger.Client, "settled", from, ledger.Bank(), paid)); err != nil {
		return err
	}
	return t.swept(p, paid.Minor())
}

// finish returns what was not paid to where it came from and moves on what waited for the end.
func (t *Tx) finish(p *Payment, now payment.State) error {
	if p.Purpose == PurposeReturn {
		return t.returned(p, transit(p.Instruction.ID), now.Paid-p.Instruction.Amount.Minor())
	}
	rest := amount(p.Instruction.Amount.Minor()-now.Paid, p.Instruction.Amount.Currency())
	from := Avail(PartyID(p.Instruction.Party))
	switch p.Purpose {
	case PurposeDisburse:
		from = Clear(p.Loan)
	case PurposeSweep:
		from = ledger.FeesDue()
	}
	if !rest.IsZero() {
		lies := p.Purpose.transit(p.Instruction.ID)
		back := ledger.Move(ledger.Client, "payment-failed", lies, from, rest)
		if err := t.Post(back); err != nil {
			return err
		}
	}
	if p.Purpose != PurposeDisburse {
		return t.endFee(p, now)
	}
	if err := t.disbursed(p, now.Paid); err != nil {
		return fmt.Errorf("payment %s: %w", p.Instruction.ID, err)
	}
	return nil
}
