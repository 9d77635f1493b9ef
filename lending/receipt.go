package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ReceiptID names a receipt without an owner.
type ReceiptID string

// Receipt is money that the custodian received and nobody knows whose it is (待认领款). It stands in
// suspense until it is assigned to a party or sent back.
type Receipt struct {
	ID        ReceiptID
	Amount    money.Amount // received
	Reference event.Hash   // of what the payer wrote, which the host keeps
	On        civil.Date   // received
	Left      int64        // in suspense now: neither assigned nor on its way back
	Party     PartyID      // to whom it was assigned; empty for nobody
	Returning payment.ID   // the order to send it back whose end is awaited; empty for none
	Returns   int          // orders so far
}

// ReceiptTaken is the outcome of [Receive].
type ReceiptTaken struct {
	Receipt   ReceiptID
	Amount    money.Amount
	Reference event.Hash
	On        civil.Date
}

// Type implements event.Of.
func (ReceiptTaken) Type() string { return "taken" }

// Apply implements event.Of.
func (e ReceiptTaken) Apply(r *Receipt) {
	r.ID, r.Amount, r.Reference, r.On = e.Receipt, e.Amount, e.Reference, e.On
	r.Left = e.Amount.Minor()
}

// Code implements event.Coder.
func (e *ReceiptTaken) Code(c *event.Codec) {
	event.Text(c, &e.Receipt)
	c.Amount(&e.Amount)
	c.Hash(&e.Reference)
	c.Date(&e.On)
}

// ReceiptAssigned is the outcome of [AssignReceipt].
type ReceiptAssigned struct {
	Party        PartyID
	Amount       money.Amount
	By, Approver ActorID
}

// Type implements event.Of.
func (ReceiptAssigned) Type() string { return "assigned" }

// Apply implements event.Of.
func (e ReceiptAssigned) Apply(r *Receipt) { r.Party, r.Left = e.Party, 0 }

// Code implements event.Coder.
func (e *ReceiptAssigned) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	c.Amount(&e.Amount)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ReturnOrdered is the outcome of [ReturnReceipt].
type ReturnOrdered struct {
	Payment      payment.ID
	Amount       money.Amount
	By, Approver ActorID
}

// Type implements event.Of.
func (ReturnOrdered) Type() string { return "return-ordered" }

// Apply implements event.Of.
func (e ReturnOrdered) Apply(r *Receipt) {
	r.Returning, r.Left = e.Payment, 0
	r.Returns++
}

// Code implements event.Coder.
func (e *ReturnOrdered) Code(c *event.Codec) {
	event.Text(c, &e.Payment)
	c.Amount(&e.Amount)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ReturnEnded stands on a receipt when an order to send it back has ended, or its end was corrected.
type ReturnEnded struct {
	Payment payment.ID
	Left    int64 // in suspense again
}

// Type implements event.Of.
func (ReturnEnded) Type() string { return "return-ended" }

// Apply implements event.Of.
func (e ReturnEnded) Apply(r *Receipt) {
	r.Left = e.Left
	if r.Returning == e.Payment {
		r.Returning = ""
	}
}

// Code implements event.Coder.
func (e *ReturnEnded) Code(c *event.Codec) {
	event.Text(c, &e.Payment)
	c.Int(&e.Left)
}

var receiptKind = event.NewKind[Receipt]("receipt", nil, event.On[ReceiptTaken](),
	event.On[ReceiptAssigned](), event.On[ReturnOrdered](), event.On[ReturnEnded]())

// ReceiptRef refers to a receipt's stream.
func ReceiptRef(id ReceiptID) event.Ref[Receipt] { return receiptKind.Ref(string(id)) }

// suspense is the ledger account of a receipt without an owner.
func suspense(id ReceiptID) ledger.Account { return ledger.Suspense(ledger.Ref(id)) }

// Receive records money that the custodian received and whose owner is not known. Like that of
// [Deposit], its key is the custodian's own id of the receipt. Given by the custodian.
type Receive struct {
	Amount    money.Amount
	Reference event.Hash // of what the payer wrote
}

// Home implements Command.
func (c Receive) Home(m Meta) event.Ref[Receipt] { return ReceiptRef(ReceiptID(idOf("U", m.Key))) }

// Allowed implements Command.
func (Receive) Allowed() []Role { return []Role{RoleCustodian} }

// Decide implements Command.
func (c Receive) Decide(t *Tx, r *Receipt) (ReceiptTaken, error) {
	id := ReceiptID(t.home.ID)
	if r.ID != "" {
		return ReceiptTaken{}, &Error{ErrExists, "receipt " + string(id), ""}
	}
	if err := positive("receipt", c.Amount, c.Amount.Currency()); err != nil {
		return ReceiptTaken{}, err
	}
	in := ledger.Move(ledger.Client, "received", ledger.Bank(), suspense(id), c.Amount)
	return ReceiptTaken{id, c.Amount, c.Reference, t.On}, t.Post(in)
}

// waits refuses a receipt that is not there, or not in suspense.
func (r *Receipt) waits(id ReceiptID) error {
	if r.ID == "" {
		return &Error{ErrUnknown, "receipt " + string(id), ""}
	}
	if r.Left == 0 {
		return &Error{ErrState, "receipt " + string(id), "was assigned, sent back, or is on its way back"}
	}
	return nil
}

// AssignReceipt gives a receipt to the party whose it is (认领). It needs an approver besides the
// actor. Given by a cashier.
type AssignReceipt struct {
	Receipt ReceiptID
	Party   PartyID
}

// Home implements Command.
func (c AssignReceipt) Home(Meta) event.Ref[Receipt] { return ReceiptRef(c.Receipt) }

// Allowed implements Command.
func (AssignReceipt) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command. It refuses an unknown party and a receipt that is not in suspense.
func (c AssignReceipt) Decide(t *Tx, r *Receipt) (ReceiptAssigned, error) {
	none := ReceiptAssigned{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := r.waits(c.Receipt); err != nil {
		return none, err
	}
	if _, err := t.party(c.Party); err != nil {
		return none, err
	}
	a := amount(r.Left, r.Amount.Currency())
	to := ledger.Move(ledger.Client, "receipt-assigned", suspense(r.ID), Avail(c.Party), a)
	return ReceiptAssigned{c.Party, a, t.Actor.ID, t.Approver.ID}, t.Post(to)
}

// ReturnReceipt asks the custodian to send a receipt back to where it came from (退回). What it does
// not send is in suspense again. It needs an approver besides the actor. Given by a cashier.
type ReturnReceipt struct{ Receipt ReceiptID }

// Home implements Command.
func (c ReturnReceipt) Home(Meta) event.Ref[Receipt] { return ReceiptRef(c.Receipt) }

// Allowed implements Command.
func (ReturnReceipt) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command. It refuses a receipt that is not in suspense.
func (c ReturnReceipt) Decide(t *Tx, r *Receipt) (ReturnOrdered, error) {
	none := ReturnOrdered{}
	if err := t.second(); err != nil {
		return none, err
	}
	if err := r.waits(c.Receipt); err != nil {
		return none, err
	}
	in := payment.Instruction{
		ID:   payment.ID(fmt.Sprintf("%s.r%d", r.ID, r.Returns+1)),
		Kind: payment.Return, Party: payment.PartyID(r.ID), Amount: amount(r.Left, r.Amount.Currency()),
	}
	if err := t.Want(PaymentRef(in.ID).Stream()); err != nil {
		return none, err
	}
	ev := ReturnOrdered{in.ID, in.Amount, t.Actor.ID, t.Approver.ID}
	_, err := t.instruct(in, suspense(r.ID), PurposeReturn, "")
	return ev, err
}

// receipt is the receipt that a payment sends back.
func (p *Payment) receipt() ReceiptID { return ReceiptID(p.Instruction.Party) }

// unreturned corrects the end of an order to send a receipt back: gone is what it sent besides, below
// zero what it did not send. What is not in suspense any more is taken from the party to whom it was
// assigned; where it was sent back twice the platform bears it.
func (t *Tx) unreturned(p *Payment, gone int64) error {
	r, err := event.Read(t.Tx, ReceiptRef(p.receipt()))
	if err != nil {
		return err
	}
	short := max(0, gone-r.Left)
	if short > 0 && r.Returning != "" {
		return &Error{ErrPending, "receipt " + string(r.ID), "is on its way back again: wait for that end"}
	}
	if err := t.returned(p, ledger.Bank(), gone-short); err != nil || short == 0 {
		return err
	}
	a := amount(short, r.Amount.Currency())
	if r.Party != "" {
		return t.reclaim("receipt-reclaimed", r.Party, ledger.Bank(), a)
	}
	return t.postAll(ledger.Move(ledger.Client, "returned-twice", ledger.TopupDue(), ledger.Bank(), a),
		ledger.Move(ledger.Platform, "returned-twice", ledger.Expense("returned-twice"), ledger.OwnBank(), a))
}

// returned ends an order to send a receipt back, or corrects its end. Gone is what left suspense by
// it; below zero, what comes back there from the account.
func (t *Tx) returned(p *Payment, account ledger.Account, gone int64) error {
	id, cur := p.receipt(), p.Instruction.Amount.Currency()
	r, err := event.Read(t.Tx, ReceiptRef(id))
	if err != nil {
		return err
	}
	e := ledger.Entry{Book: ledger.Client, Why: "receipt-returned", Currency: cur}
	e.Debit(suspense(id), gone)
	e.Credit(account, gone)
	if err := t.Post(e); err != nil {
		return err
	}
	return event.Write(t.Tx, ReceiptRef(id), ReturnEnded{p.Instruction.ID, r.Left - gone})
}
