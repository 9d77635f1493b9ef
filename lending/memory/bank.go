package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Errors of a simulated bank after which the caller does not know the outcome.
var (
	ErrLost   = errors.New("memory: answer lost")                 // the bank has the instruction
	ErrDown   = errors.New("memory: bank down")                   // the bank never saw it
	ErrReused = errors.New("memory: id reused for other content") // the first content stands
)

// Bank is a simulated custodian with one omnibus account for each currency, or with sub-accounts
// besides. Without a script it settles every instruction at once. It is safe for concurrent use
// and must not be copied. Make it with [NewBank] or [NewCustodian].
type Bank struct {
	mu       sync.Mutex
	script   func(payment.Instruction) Script
	repeats  bool // pays again when an id comes again
	orders   map[payment.ID]*instruction
	seen     []payment.ID
	accounts map[money.Currency]int64
	subs     map[sub]int64 // nil without sub-accounts
}

var _ payment.Gateway = (*Bank)(nil)

// instruction is what the bank knows of one id.
type instruction struct {
	in       payment.Instruction
	script   Script
	stages   []stage
	at       int   // index of the stage that was reached
	down     int   // submissions that did nothing so far
	arrived  bool  // the bank has it
	paid     int64 // minor units that went out, all payments together
	payments int   // payments of which any part went out
	reserved int64 // taken from the sub-account, and not moved on yet
}

// NewBank returns a bank that holds nothing, pays an id once and has no faults.
func NewBank() *Bank {
	return &Bank{
		orders:   map[payment.ID]*instruction{},
		accounts: map[money.Currency]int64{},
	}
}

// Script sets how instructions are treated from now on; nil means without faults. The function is
// asked once for an id, at its first submission, and must not call the bank.
func (b *Bank) Script(f func(payment.Instruction) Script) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.script = f
}

// Dedup sets whether an id that comes again is carried out only once, as it is at first. Without,
// the bank says so in its capabilities and pays in full again for every submission that arrives.
func (b *Bank) Dedup(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.repeats = !on
}

// Deposit adds money to the omnibus account of its currency, as a party's own transfer does.
func (b *Bank) Deposit(a money.Amount) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accounts[a.Currency()] += a.Minor()
}

// Balance returns what the omnibus account holds in minor units: deposits and collections less
// payouts. Holds, releases and transfers move nothing. The bank lets the account be overdrawn.
func (b *Bank) Balance(c money.Currency) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.accounts[c]
}

// Paid returns the minor units that really moved for an id, all payments together.
func (b *Bank) Paid(id payment.ID) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o := b.orders[id]; o != nil {
		return o.paid
	}
	return 0
}

// Payments returns how many times money really moved for an id. The parts of one payment count
// as one.
func (b *Bank) Payments(id payment.ID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o := b.orders[id]; o != nil {
		return o.payments
	}
	return 0
}

// Seen lists the ids that arrived at the bank, refused ones too, in the order of their arrival.
func (b *Bank) Seen() []payment.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.seen)
}

// Capabilities implements [payment.Gateway].
func (b *Bank) Capabilities() payment.Caps {
	b.mu.Lock()
	defer b.mu.Unlock()
	return payment.Caps{Idempotent: !b.repeats, Partial: true}
}

// Submit implements [payment.Gateway]. A malformed instruction is rejected. Besides
// [payment.ErrRejected] it returns [ErrLost], [ErrDown], [ErrReused] and the error of a context
// that is done, in which case it did nothing.
func (b *Bank) Submit(ctx context.Context, in payment.Instruction) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.orders[in.ID]
	if o == nil {
		if err := in.Check(); err != nil {
			return fmt.Errorf("%w: %w", payment.ErrRejected, err)
		}
		o = b.open(in)
	}
	if o.in != in {
		return fmt.Errorf("submit %q: %w", in.ID, ErrReused)
	}
	if o.down < o.script.Unknown {
		o.down++
		return fmt.Errorf("submit %q: %w", in.ID, ErrDown)
	}
	first := !o.arrived
	switch {
	case first:
		o.arrived = true
		b.seen = append(b.seen, in.ID)
		b.reserve(o)
		b.reach(o, 0)
	case b.repeats && !o.script.Reject:
		b.draw(o, in.Amount.Minor())
		b.move(o, in.Amount.Minor())
		o.payments++
	}
	if first && o.script.LoseAck {
		return fmt.Errorf("submit %q: %w", in.ID, ErrLost)
	}
	if o.script.Reject {
		return fmt.Errorf("submit %q: %w", in.ID, payment.ErrRejected)
	}
	return nil
}

// Query implements [payment.Gateway].
func (b *Bank) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	if err := ctx.Err(); err != nil {
		return payment.Report{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.orders[id]
	if o == nil || !o.arrived {
		return payment.Report{}, fmt.Errorf("query %q: %w", id, payment.ErrNotFound)
	}
	now := o.stages[o.at]
	paid, err := money.New(now.paid, o.in.Amount.Currency())
	if err != nil {
		return payment.Report{}, fmt.Errorf("query %q: %w", id, err)
	}
	if o.at+1 < len(o.stages) {
		b.reach(o, o.at+1)
	}
	return payment.Report{Instruction: id, Paid: paid, Status: now.status}, nil
}

func (b *Bank) open(in payment.Instruction) *instruction {
	o := &instruction{in: in}
	if b.script != nil {
		o.script = b.script(in)
	}
	o.stages = o.script.reports(in)
	b.orders[in.ID] = o
	return o
}

// reach brings an instruction to a stage and moves the money that this takes.
func (b *Bank) reach(o *instruction, at int) {
	before := int64(0)
	if at > 0 {
		before = o.stages[at-1].paid
	}
	o.at = at
	after := o.stages[at].paid
	if before == 0 && after > 0 {
		o.payments++
	}
	b.move(o, after-before)
	if at == len(o.stages)-1 {
		b.draw(o, -o.reserved)
	}
}

// move books minor units that left the account, or entered it when the bank collects.
func (b *Bank) move(o *instruction, minor int64) {
	o.paid += minor
	b.arrive(o, minor)
	switch cur := o.in.Amount.Currency(); o.in.Kind {
	case payment.Payout, payment.Return, payment.Sweep:
		b.accounts[cur] -= minor
	case payment.Collect:
		b.accounts[cur] += minor
	}
}
