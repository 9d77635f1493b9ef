package payment

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Opaque ids: of an instruction, and of a party as the custodian knows it.
type (
	ID      string
	PartyID string
)

// Kind is what an instruction asks the custodian to do. Payout is all that omnibus custody needs;
// with a sub-account for each party at the custodian, holds and transfers are instructions too.
type Kind uint8

// Kinds of instruction.
const (
	Payout   Kind = iota + 1 // pay client money out to a party's own bank account
	Collect                  // draw money from a party's bank account
	Hold                     // freeze (冻结) in the party's sub-account: free to frozen
	Release                  // unfreeze (解冻): frozen to free
	Transfer                 // move between sub-accounts of different owners
	Return                   // send a receipt back to where it came from; Party is the receipt's id
	Sweep                    // pay the platform's fees out to its own bank account; concerns no party
)

var kindNames = [...]string{"", "payout", "collect", "hold", "release", "transfer", "return", "sweep"}

// String returns the kind's name.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("instruction %d", uint8(k))
	}
	return kindNames[k]
}

// Instruction asks the custodian to move money. The same id always carries the same content.
type Instruction struct {
	ID     ID
	Kind   Kind
	Party  PartyID      // whom it concerns; empty for a sweep, and where a transfer concerns no party
	Amount money.Amount // above zero
	// From and To are sub-accounts, where the custodian keeps them. What is paid out has no To. With one
	// account for all clients nothing is moved within it, and both are zero.
	From, To Account
}

// Code codes the instruction.
func (i *Instruction) Code(c *event.Codec) {
	event.Text(c, &i.ID)
	event.Enum(c, &i.Kind)
	event.Text(c, &i.Party)
	c.Amount(&i.Amount)
	i.From.code(c)
	i.To.code(c)
}

// ErrInstruction is what a malformed instruction or report unwraps to.
var ErrInstruction = errors.New("payment: malformed")

// Check reports whether the instruction is well formed.
func (i Instruction) Check() error {
	if i.ID == "" || i.Kind < Payout || i.Kind > Sweep || i.Amount.Sign() <= 0 || !i.moves() {
		return fmt.Errorf("%w: instruction %q", ErrInstruction, i.ID)
	}
	return nil
}

// moves reports whether the sub-accounts are those that the kind moves money between.
func (i Instruction) moves() bool {
	if !i.From.ok() || !i.To.ok() || i.Party == "" && i.Kind != Transfer && i.Kind != Sweep {
		return false
	}
	from, to := i.From.Kind, i.To.Kind
	own := i.From.Party == i.Party && i.To.Party == i.Party
	switch i.Kind {
	case Hold:
		return own && from == Free && to == Frozen
	case Release:
		return own && from == Frozen && to == Free
	case Transfer:
		return from != 0 && to != 0 && i.From != i.To
	case Payout, Return:
		return to == 0
	case Sweep:
		return to == 0 && (from == 0 || from == Fees) && i.Party == ""
	}
	return from == 0
}
