package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// BidHeld stands on a loan when the custodian has answered to the hold of a pending bid. What it
// did not freeze of the bid is wanted again. While a bid is pending no loan is full, no tender
// cleared or failed, and the bid is neither withdrawn nor displaced.
type BidHeld struct {
	Bid   int   // its number
	Minor int64 // what is frozen
	Back  int64 // what the custodian did not freeze of what it was asked for
	Full  bool  // the loan is fully funded

	ReviewBy civil.Date // last day on which it may then be reviewed; zero for none
}

// Type implements event.Of.
func (BidHeld) Type() string { return "bid-held" }

// Apply implements event.Of.
func (e BidHeld) Apply(l *Loan) {
	if b := at(l.Bids, e.Bid-1); b.Pending {
		b.Pending = false
		l.pending--
	}
	l.leave(e.Bid, e.Back, BidRefused)
	if e.Full {
		l.State, l.ReviewBy = StateFullyFunded, e.ReviewBy
		l.settle(nil)
	}
}

// Code implements event.Coder.
func (e *BidHeld) Code(c *event.Codec) {
	c.Count(&e.Bid)
	c.Int(&e.Minor)
	c.Int(&e.Back)
	c.Bool(&e.Full)
	c.Date(&e.ReviewBy)
}

// hold puts money of a lender on hold for the loan's next bid, if he may lend so much more, and has
// a custodian that keeps it freeze it: the bid is pending then.
func (t *Tx) hold(l *Loan, lender PartyID, minor int64) (pending bool, err error) {
	if err := t.MayLend(lender, l, minor); err != nil || minor == 0 {
		return false, err
	}
	a := amount(minor, l.Currency())
	e := ledger.Move(ledger.Client, "bid", Avail(lender), Hold(lender, l.ID), a)
	if err := t.write(e, l.stake(lender, minor)); err != nil || t.desk.cfg.Custody != PerUser {
		return false, err
	}
	id, bid := l.holdOf(len(l.Bids))
	return true, t.enqueue(PaymentInstructed{Purpose: PurposeHold, Loan: l.ID, Hold: bid,
		Instruction: payment.Instruction{
			ID: id, Kind: payment.Hold, Party: payment.PartyID(lender), Amount: a,
			From: SubAccount(Avail(lender)), To: SubAccount(Hold(lender, l.ID)),
		}})
}

// holdOf is the instruction and the number of the bid that comes after so many.
func (l *Loan) holdOf(bids int) (payment.ID, int) {
	return payment.ID(fmt.Sprintf("%s.h%d", l.ID, bids+1)), bids + 1
}

// wantHolds asks in one go for what a custodian's holds of the next bids write, and for others.
func (t *Tx) wantHolds(l *Loan, bids int, others ...event.Stream) error {
	for i := range bids {
		if t.desk.cfg.Custody != PerUser {
			break
		}
		id, _ := l.holdOf(len(l.Bids) + i)
		others = append(others, PaymentRef(id).Stream())
	}
	return t.Want(others...)
}

// held moves a bid on when the custodian has answered.
func (t *Tx) held(p *Payment, paid int64) error {
	l, err := event.Read(t.Tx, LoanRef(p.Loan))
	if err != nil {
		return err
	}
	lender := PartyID(p.Instruction.Party)
	ev := BidHeld{Bid: p.Hold, Minor: paid, Back: p.Instruction.Amount.Minor() - paid}
	ev.Full = l.Product.Tender.Mechanism == FirstCome && l.pending == 1 && l.Revocable.IsZero() &&
		ev.Back == 0 && l.Raised == l.Amount.Minor()
	ev.ReviewBy = t.reviewBy(l, ev.Full)
	if ev.Back > 0 { // it was never frozen
		back := amount(ev.Back, l.Currency())
		e := ledger.Move(ledger.Client, "bid-refused", Hold(lender, l.ID), Avail(lender), back)
		if err := t.write(e, l.stake(lender, -ev.Back)); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, LoanRef(p.Loan), ev)
}

// answered refuses a step while a bid waits for the custodian.
func (l *Loan) answered() error {
	if l.pending == 0 {
		return nil
	}
	return &Error{ErrPending, "loan " + string(l.ID),
		fmt.Sprintf("the custodian has not answered to %d bids", l.pending)}
}
