package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// WithdrawBid takes a bid back within its reflection period (撤标). The actor is the lender. His money
// is free again. Given by a party.
type WithdrawBid struct {
	Loan LoanID
	Bid  int // its number, as [BidPlaced] says
}

// BidWithdrawn is the outcome of [WithdrawBid].
type BidWithdrawn struct {
	Bid   int
	Minor int64 // released
}

// Type implements event.Of.
func (BidWithdrawn) Type() string { return "bid-withdrawn" }

// Apply implements event.Of.
func (e BidWithdrawn) Apply(l *Loan) { l.leave(e.Bid, e.Minor, BidRevoked) }

// Code implements event.Coder.
func (e *BidWithdrawn) Code(c *event.Codec) {
	c.Count(&e.Bid)
	c.Int(&e.Minor)
}

// Home implements Command.
func (c WithdrawBid) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (WithdrawBid) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a bid of somebody else, one that does not stand, and one whose
// period has passed.
func (c WithdrawBid) Decide(t *Tx, l *Loan) (BidWithdrawn, error) {
	none := BidWithdrawn{}
	if err := l.in(c.Loan, StateOpen); err != nil {
		return none, err
	}
	thing := fmt.Sprintf("bid %d of loan %s", c.Bid, l.ID)
	if c.Bid < 1 || c.Bid > len(l.Bids) {
		return none, &Error{ErrUnknown, thing, ""}
	}
	b := &l.Bids[c.Bid-1]
	if err := t.self(b.Lender); err != nil {
		return none, err
	}
	switch {
	case b.State != BidStanding:
		return none, &Error{ErrState, thing, "is " + b.State.String()}
	case b.Pending:
		return none, &Error{ErrPending, thing, "waits for the custodian"}
	case b.Until.IsZero():
		return none, &Error{ErrBid, thing, "cannot be withdrawn"}
	case t.On.After(b.Until):
		return none, &Error{ErrBid, thing, "could be withdrawn until " + b.Until.String()}
	}
	free := ledger.Move(ledger.Client, "bid-withdrawn", Hold(b.Lender, l.ID), Avail(b.Lender),
		amount(b.Amount, l.Currency()))
	return BidWithdrawn{c.Bid, b.Amount}, t.post(free, l.stake(b.Lender, -b.Amount))
}
