package lending

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

// Custody is how the custodian keeps client money (资金存管).
type Custody uint8

// Modes of custody. In the first, wallets are the library's and holds are immediate. In the second
// the custodian keeps a sub-account for each party (分户存管) and everything that [Tx.Post] moves
// between two owners is an instruction that it may refuse or answer late. Wallets give at once and
// receive when the custodian has moved the money: until then it stands in OutTransit. Once nothing
// is on its way,
//
//	available + held of a wallet = free + frozen of the party's sub-account
//	clearing of a loan           = its escrow
//	fees due - top-up due        = the platform's sub-account
//
// What a command's entry puts into a wallet or a loan cannot be spent by the same command there.
const (
	Omnibus Custody = iota // one client account at the bank
	PerUser
)

// Custody tells how the desk's custodian keeps client money.
func (t *Tx) Custody() Custody { return t.desk.cfg.Custody }

// SubAccount returns the custodian's sub-account behind a ledger account. The zero one is that of
// accounts which no custodian keeps: the bank as a whole, and money in an instruction.
func SubAccount(a ledger.Account) payment.Account {
	p, ref := payment.PartyID(a.Owner), payment.Ref(a.Ref)
	switch a.Kind {
	case ledger.KindAvailable:
		return payment.Account{Kind: payment.Free, Party: p}
	case ledger.KindHeld:
		return payment.Account{Kind: payment.Frozen, Party: p, Ref: ref}
	case ledger.KindClearing, ledger.KindSuspense:
		return payment.Account{Kind: payment.Escrow, Ref: ref}
	case ledger.KindFeesDue, ledger.KindTopupDue:
		return payment.Account{Kind: payment.Fees}
	}
	return payment.Account{}
}

// arrives is the ledger account that receives when a move has come to an end; false where it has
// received at once, because the money cannot be spent from there.
func arrives(to payment.Account) (ledger.Account, bool) {
	switch to.Kind {
	case payment.Free:
		return Avail(PartyID(to.Party)), true
	case payment.Escrow:
		return ledger.Clearing(ledger.Ref(to.Ref)), true
	}
	return ledger.Account{}, false
}

// Moves names the instructions by which a command moves money at the custodian.
type Moves struct {
	Base  payment.ID // their ids are Base.0, Base.1, ...
	Count int
}

func (m *Moves) code(c *event.Codec) {
	event.Text(c, &m.Base)
	c.Count(&m.Count)
}

// At returns the id of one.
func (m Moves) At(i int) payment.ID { return payment.ID(fmt.Sprintf("%s.%d", m.Base, i)) }

// ordered names what the command has moved so far.
func (t *Tx) ordered() Moves {
	if len(t.moves) == 0 {
		return Moves{}
	}
	return Moves{t.movesBase(), len(t.moves)}
}

func (t *Tx) movesBase() payment.ID { return payment.ID(idOf("X", t.Key)) }

// mirror has the custodian move what an entry moves between sub-accounts, and returns the entry
// that stands until it has: wallets and loans receive later. What goes out of the custodian's
// house, or comes in, is left alone.
func (t *Tx) mirror(e ledger.Entry) ledger.Entry {
	if t.desk.cfg.Custody != PerUser || e.Book != ledger.Client {
		return e
	}
	out := e
	out.Legs = make([]ledger.Leg, 0, 2*len(e.Legs))
	var givers []ledger.Leg
	for _, l := range e.Legs {
		if l.Debit > 0 && SubAccount(l.Account).Kind != 0 {
			givers = append(givers, l)
		}
	}
	for _, l := range e.Legs {
		to := SubAccount(l.Account)
		if l.Debit > 0 || to.Kind == 0 {
			out.Legs = append(out.Legs, l)
			continue
		}
		_, later := arrives(to)
		for rest := -l.Debit; rest > 0; {
			if len(givers) == 0 {
				out.Credit(l.Account, rest)
				break
			}
			n := min(rest, givers[0].Debit)
			id := t.move(SubAccount(givers[0].Account), to, amount(n, e.Currency), 0)
			rest -= n
			if later && id != "" {
				out.Credit(transit(id), n)
			} else {
				out.Credit(l.Account, n)
			}
			if givers[0].Debit -= n; givers[0].Debit == 0 {
				givers = givers[1:]
			}
		}
	}
	return out
}

// move notes an instruction for the end of the decision and returns its id, empty for a move from
// a sub-account to itself. So much of it as is booked stands in the books already.
func (t *Tx) move(from, to payment.Account, a money.Amount, booked int64) payment.ID {
	if from == to {
		return ""
	}
	in := payment.Instruction{
		ID: Moves{Base: t.movesBase()}.At(len(t.moves)), Kind: payment.Transfer, Party: to.Party,
		Amount: a, From: from, To: to,
	}
	switch {
	case to.Party == "":
		in.Party = from.Party
	case from.Kind == payment.Free && to.Kind == payment.Frozen && from.Party == to.Party:
		in.Kind = payment.Hold
	case from.Kind == payment.Frozen && to.Kind == payment.Free && from.Party == to.Party:
		in.Kind = payment.Release
	}
	t.moves = append(t.moves, PaymentInstructed{Purpose: PurposeMove, Instruction: in, Booked: booked})
	return in.ID
}

// sendMoves asks the custodian for all moves of the command, in their order.
func (t *Tx) sendMoves() error {
	ss := make([]event.Stream, len(t.moves))
	for i, m := range t.moves {
		ss[i] = PaymentRef(m.Instruction.ID).Stream()
	}
	if err := t.Want(ss...); err != nil {
		return err
	}
	for _, m := range t.moves {
		if err := t.enqueue(m); err != nil {
			return err
		}
	}
	return nil
}

// moved refuses a step while the custodian has not made all of an earlier command's moves.
func (t *Tx) moved(m Moves) error {
	ids := make([]payment.ID, m.Count)
	for i := range ids {
		ids[i] = m.At(i)
	}
	for len(ids) > 0 {
		ss := make([]event.Stream, len(ids))
		for i, id := range ids {
			ss[i] = PaymentRef(id).Stream()
		}
		if err := t.Want(ss...); err != nil {
			return err
		}
		var again []payment.ID
		for _, id := range ids {
			p, err := event.Read(t.Tx, PaymentRef(id))
			switch {
			case err != nil:
				return err
			case p.Repeat != "":
				again = append(again, p.Repeat)
			case p.State.Status != payment.Settled:
				return &Error{ErrPending, "payment " + string(id), "the custodian has not moved it yet"}
			}
		}
		ids = again
	}
	return nil
}

// Due returns what the custodian has yet to move of a transfer that it ended without moving
// everything, in minor units. [RepeatMove] asks for it again.
func (p *Payment) Due() int64 {
	if p.Purpose != PurposeMove || p.State.Status != payment.Failed || p.Repeat != "" {
		return 0
	}
	return p.Instruction.Amount.Minor() - p.State.Paid
}

// RepeatMove asks the custodian again for what it refused to move between sub-accounts, or moved
// in part. The first instruction has come to its end, so nothing can be moved twice; the rest gets
// an instruction of its own. Given by a cashier or the system.
type RepeatMove struct{ Payment payment.ID }

// MoveRepeated is the outcome of [RepeatMove].
type MoveRepeated struct {
	By      ActorID
	Payment payment.ID // that carries on
	Minor   int64
}

// Type implements event.Of.
func (MoveRepeated) Type() string { return "repeated" }

// Apply implements event.Of.
func (e MoveRepeated) Apply(p *Payment) { p.Repeat, p.Posted = e.Payment, p.State.Paid }

// Code implements event.Coder.
func (e *MoveRepeated) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Payment)
	c.Int(&e.Minor)
}

// Home implements Command.
func (c RepeatMove) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Payment) }

// Allowed implements Command.
func (RepeatMove) Allowed() []Role { return []Role{RoleCashier, RoleSystem} }

// Decide implements Command.
func (c RepeatMove) Decide(t *Tx, p *Payment) (MoveRepeated, error) {
	none := MoveRepeated{}
	if p.Purpose == 0 {
		return none, &Error{ErrUnknown, "payment " + string(c.Payment), ""}
	}
	due := p.Due()
	if due == 0 {
		return none, &Error{ErrState, "payment " + string(c.Payment), "is no transfer of which a part is due"}
	}
	in := p.Instruction
	cur, booked := in.Amount.Currency(), p.Posted-p.State.Paid
	id := t.move(in.From, in.To, amount(due, cur), booked)
	ev := MoveRepeated{t.Actor.ID, id, due}
	if _, later := arrives(in.To); !later || due == booked {
		return ev, nil
	}
	rest := amount(due-booked, cur)
	return ev, t.Post(ledger.Move(ledger.Client, "repeated", transit(in.ID), transit(id), rest))
}

// arrive books what the custodian has moved beyond what is booked.
func (t *Tx) arrive(in payment.Instruction, minor int64) error {
	to, later := arrives(in.To)
	if !later || minor <= 0 {
		return nil
	}
	paid := amount(minor, in.Amount.Currency())
	return t.Post(ledger.Move(ledger.Client, "arrived", transit(in.ID), to, paid))
}
