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
	Hold                     // freeze (冻结) in the party's sub-account
	Release                  // unfreeze (解冻)
	Transfer                 // move between sub-accounts
	Return                   // send a receipt back to where it came from; Party is the receipt's id
)

var kindNames = [...]string{"", "payout", "collect", "hold", "release", "transfer", "return"}

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
	Party  PartyID
	Amount money.Amount // above zero
}

// Code codes the instruction.
func (i *Instruction) Code(c *event.Codec) {
	event.Text(c, &i.ID)
	event.Enum(c, &i.Kind)
	event.Text(c, &i.Party)
	c.Amount(&i.Amount)
}

// ErrInstruction is what a malformed instruction or report unwraps to.
var ErrInstruction = errors.New("payment: malformed")

// Check reports whether the instruction is well formed.
func (i Instruction) Check() error {
	if i.ID == "" || i.Party == "" || i.Kind < Payout || i.Kind > Return || i.Amount.Sign() <= 0 {
		return fmt.Errorf("%w: instruction %q", ErrInstruction, i.ID)
	}
	return nil
}
