package lending

import (
	"context"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PayoutID names a payout: the loan and a number.
type PayoutID string

// PayoutKind is what a payout does with each of its rows.
type PayoutKind uint8

// Kinds of payout, each a move of client money between the loan and many parties.
const (
	PayRelease    PayoutKind = iota + 1 // hold -> free balance
	PayCapture                          // hold -> the loan's clearing account
	PayReturn                           // clearing -> free balance, loan never came about
	PayDistribute                       // clearing -> free balance, less the lender's fee
	PayAdjust                           // payments are booked anew: what rows have too much, then what they lack
	PayNothing                          // no money moves: the loan was written off
)

var payoutNames = [...]string{"", "release", "capture", "return", "distribute", "adjust", "nothing"}

// String returns the kind's name.
func (k PayoutKind) String() string { return nameOf(payoutNames[:], k, "payout") }

// PayoutRow is one party's part of a payout in minor units. Figures below zero, of [PayAdjust] alone, are
// given back.
type PayoutRow struct {
	Party PartyID
	Gross int64
	Fee   int64 // of Gross, kept back
	Stake int64 // what the party has less in the loan afterwards
}

// PayoutOrder is one movement between a loan and many parties. It is carried out in chunks, each a
// commit of its own; the end state does not depend on their size.
type PayoutOrder struct {
	Kind PayoutKind
	Of   Stake // borrower and grade of the loan
	Rows []PayoutRow
	// Levies are what the platform gets after the last row: of the rows' fees, and of what is adjusted.
	Levies []Levy
	Final  PayoutRow // after the last row: clearing -> this party's free balance; no party for none
}

// Payout is the state of a payout stream.
type Payout struct {
	ID     PayoutID
	Loan   LoanID
	Cur    money.Currency
	Opened civil.Date
	Order  PayoutOrder
	Paid   int // rows done
	Done   bool
	Moves  Moves // that the custodian must have made before it goes on
}

// PayoutOpened starts a payout stream.
type PayoutOpened struct {
	ID    PayoutID
	Loan  LoanID
	Cur   money.Currency
	On    civil.Date
	Order PayoutOrder
	After Moves // of the command that opened it
}

// Type implements event.Of.
func (PayoutOpened) Type() string { return "opened" }

// Apply implements event.Of.
func (e PayoutOpened) Apply(p *Payout) {
	*p = Payout{ID: e.ID, Loan: e.Loan, Cur: e.Cur, Opened: e.On, Order: e.Order, Moves: e.After}
}

// Code implements event.Coder.
func (e *PayoutOpened) Code(c *event.Codec) {
	event.Text(c, &e.ID)
	event.Text(c, &e.Loan)
	c.Currency(&e.Cur)
	c.Date(&e.On)
	event.Enum(c, &e.Order.Kind)
	e.Order.Of.code(c)
	event.List(c, &e.Order.Rows, func(c *event.Codec, r *PayoutRow) { r.code(c) })
	codeLevies(c, &e.Order.Levies)
	e.Order.Final.code(c)
	e.After.code(c)
}

func (r *PayoutRow) code(c *event.Codec) {
	event.Text(c, &r.Party)
	c.Int(&r.Gross)
	c.Int(&r.Fee)
	c.Int(&r.Stake)
}

// ChunkPaid is the outcome of [PayChunk].
type ChunkPaid struct {
	To    int // rows done so far; the final leg counts as one where each step waits for the custodian
	Done  bool
	Moves Moves
}

// Type implements event.Of.
func (ChunkPaid) Type() string { return "paid" }

// Apply implements event.Of.
func (e ChunkPaid) Apply(p *Payout) { p.Paid, p.Done, p.Moves = e.To, e.Done, e.Moves }

// Code implements event.Coder.
func (e *ChunkPaid) Code(c *event.Codec) {
	c.Count(&e.To)
	c.Bool(&e.Done)
	e.Moves.code(c)
}

var payoutKind = event.NewKind("payout", func(p *Payout) civil.Date {
	if p.Done {
		return civil.Date{}
	}
	return p.Opened
}, event.On[PayoutOpened](), event.On[ChunkPaid]())

// PayoutRef refers to a payout's stream.
func PayoutRef(id PayoutID) event.Ref[Payout] { return payoutKind.Ref(string(id)) }

// PayChunk carries out the next rows of a payout. The desk sends it; see [Desk.Deliver]. Given by
// the system.
type PayChunk struct {
	Payout PayoutID
	From   int
}

// Home implements Command.
func (c PayChunk) Home(Meta) event.Ref[Payout] { return PayoutRef(c.Payout) }

// Allowed implements Command.
func (PayChunk) Allowed() []Role { return []Role{RoleSystem} }

// Decide implements Command.
func (c PayChunk) Decide(t *Tx, p *Payout) (ChunkPaid, error) {
	if p.ID == "" {
		return ChunkPaid{}, &Error{ErrUnknown, "payout " + string(c.Payout), ""}
	}
	if p.Done || c.From != p.Paid {
		return ChunkPaid{}, &Error{ErrState, "payout " + string(c.Payout), fmt.Sprintf("stands at row %d", p.Paid)}
	}
	if t.desk.cfg.Custody == PerUser {
		return t.chunk(p)
	}
	to := min(len(p.Order.Rows), p.Paid+t.desk.cfg.Chunk)
	if err := t.payRows(p.Loan, p.Cur, p.Order, p.Order.Rows[p.Paid:to], to == len(p.Order.Rows)); err != nil {
		return ChunkPaid{}, err
	}
	return ChunkPaid{To: to, Done: to == len(p.Order.Rows)}, nil
}

// chunk takes one step of a payout whose custodian moves the money: it waits for the moves of the
// step before, and the final leg and the end are steps of their own.
func (t *Tx) chunk(p *Payout) (ChunkPaid, error) {
	if err := t.moved(p.Moves); err != nil {
		return ChunkPaid{}, err
	}
	o, all := p.Order, len(p.Order.Rows)
	steps := all
	if o.Final.Party != "" || len(o.Levies) > 0 {
		steps++
	}
	if p.Paid == steps {
		return ChunkPaid{To: steps, Done: true}, nil
	}
	from, to := min(p.Paid, all), min(all, p.Paid+t.desk.cfg.Chunk)
	last := from == all
	if err := t.payRows(p.Loan, p.Cur, o, o.Rows[from:to], last); err != nil {
		return ChunkPaid{}, err
	}
	if last {
		to = steps
	}
	return ChunkPaid{To: to, Moves: t.ordered()}, nil
}

// atOnce reports whether a payout takes no stream of its own. What waits for a custodian does.
func (t *Tx) atOnce(o *PayoutOrder) bool {
	if t.desk.cfg.Custody == PerUser {
		return len(o.Rows) == 0 && o.Final.Party == "" && len(o.Levies) == 0
	}
	return len(o.Rows) <= t.desk.cfg.Chunk
}

// pay carries an order out at once when it is one chunk or less, and otherwise opens a stream for
// it, whose id it returns.
func (t *Tx) pay(l *Loan, o PayoutOrder) (PayoutID, error) {
	o.Of = Stake{Borrower: l.Borrower, Grade: l.Grade}
	if t.atOnce(&o) {
		return "", t.payRows(l.ID, l.Currency(), o, o.Rows, true)
	}
	id := t.nextPayout(l)
	open := PayoutOpened{id, l.ID, l.Currency(), t.On, o, t.ordered()}
	return id, event.Write(t.Tx, PayoutRef(id), open)
}

// wantPay asks in one go for every stream that an order will write, and for others. A decision that
// asks before its first posting is not made twice, and reads no wallet twice.
func (t *Tx) wantPay(l *Loan, o PayoutOrder, others ...event.Stream) error {
	if !t.atOnce(&o) {
		return t.Want(append(others, PayoutRef(t.nextPayout(l)).Stream())...)
	}
	return t.wantRows(l.Currency(), o, o.Rows, true, others...)
}

// wantRows asks for what rows of an order write, after the last one its final leg too, and for others.
func (t *Tx) wantRows(
	cur money.Currency, o PayoutOrder, rows []PayoutRow, last bool, others ...event.Stream,
) error {
	ss := append(slices.Grow(others, len(rows)+3), booksStream)
	for _, r := range rows {
		ss = append(ss, WalletRef(r.Party, cur).Stream())
	}
	if last && o.Final.Party != "" {
		ss = append(ss, WalletRef(o.Final.Party, cur).Stream())
	}
	if last && len(o.Levies) > 0 {
		ss = append(ss, till(t.home, cur).Stream())
	}
	return t.Want(ss...)
}

// nextPayout is the id of a payout that this attempt opens: a command opens at most one, but one for
// each bid that it places. Both numbers grow, so that no sum comes twice.
func (t *Tx) nextPayout(l *Loan) PayoutID {
	n := uint64(t.Version(LoanRef(l.ID).Stream())) + uint64(len(l.Bids))
	return PayoutID(fmt.Sprintf("%s.%d", l.ID, n))
}

// payRows posts rows of an order, and its final leg after the last.
func (t *Tx) payRows(loan LoanID, cur money.Currency, o PayoutOrder, rows []PayoutRow, last bool) error {
	if err := t.wantRows(cur, o, rows, last); err != nil {
		return err
	}
	if o.Kind == PayAdjust {
		return t.adjustRows(loan, cur, o, rows, last)
	}
	why := ledger.Why(o.Kind.String())
	client := ledger.Entry{Book: ledger.Client, Why: why, Currency: cur}
	client.Legs = make([]ledger.Leg, 0, 2*len(rows)+2)
	stakes := make([]stakeChange, len(rows))
	var out int64
	for i, r := range rows {
		stakes[i] = o.stake(loan, r, -1)
		switch o.Kind {
		case PayNothing:
			continue
		case PayRelease:
			client.Debit(Hold(r.Party, loan), r.Gross)
		case PayCapture:
			client.Debit(Hold(r.Party, loan), r.Gross)
			out -= r.Gross
			continue
		default:
			out += r.Gross - r.Fee
		}
		client.Credit(Avail(r.Party), r.Gross-r.Fee)
	}
	client.Debit(Clear(loan), out)
	if err := t.post(client, stakes...); err != nil || !last {
		return err
	}
	return t.levyAll(loan, why, o.Levies, cur)
}

// levyAll pays the platform what an order brings it out of the loan's clearing account.
func (t *Tx) levyAll(loan LoanID, why ledger.Why, levies []Levy, cur money.Currency) error {
	for _, v := range levies {
		if err := t.levyFrom(Clear(loan), why, Levied{Levy: v}, cur); err != nil {
			return err
		}
	}
	return nil
}

// stake is how a row changes what its party has in the loan.
func (o *PayoutOrder) stake(loan LoanID, r PayoutRow, sign int64) stakeChange {
	s := o.Of
	s.Minor = sign * r.Stake
	return stakeChange{r.Party, loan, s}
}

// adjustRows takes from wallets what they have too much, gives others what they lack and, after the
// last row, the platform and who had paid theirs.
func (t *Tx) adjustRows(loan LoanID, cur money.Currency, o PayoutOrder, rows []PayoutRow, last bool) error {
	give := ledger.Entry{Book: ledger.Client, Why: "adjust", Currency: cur}
	var stakes []stakeChange
	var gross int64
	for _, r := range rows {
		net := r.Gross - r.Fee
		if net < 0 {
			err := t.reclaim("reclaim", r.Party, Clear(loan), amount(-net, cur), o.stake(loan, r, -1))
			if err != nil {
				return err
			}
			continue
		}
		gross += net
		give.Credit(Avail(r.Party), net)
		stakes = append(stakes, o.stake(loan, r, -1))
	}
	give.Debit(Clear(loan), gross)
	if err := t.post(give, stakes...); err != nil {
		return err
	}
	if !last {
		return nil
	}
	if err := t.levyAll(loan, "adjust", o.Levies, cur); err != nil {
		return err
	}
	if o.Final.Party == "" {
		return nil
	}
	return t.Post(ledger.Move(ledger.Client, "payment-returned", Clear(loan), Avail(o.Final.Party),
		amount(o.Final.Gross, cur)))
}

// Finished refuses a step with [ErrPending] while an earlier movement of the loan's money is not complete: its
// lenders have not all been paid.
func (t *Tx) Finished(l *Loan) error {
	if l.Payout == "" {
		return nil
	}
	p, err := event.Read(t.Tx, PayoutRef(l.Payout))
	if err == nil && !p.Done {
		return &Error{ErrPending, "payout " + string(l.Payout),
			fmt.Sprintf("%d of %d rows done", p.Paid, len(p.Order.Rows))}
	}
	return err
}

// CarryOut brings a payout that a command opened to its last chunk. [Desk.Deliver] does so for all
// that there are, where the store is an [event.Agenda].
func (d *Desk) CarryOut(ctx context.Context, on civil.Date, id PayoutID) error {
	p, _, err := View(ctx, d, PayoutRef(id))
	if err != nil || p.Done {
		return err
	}
	for from := p.Paid; ; {
		paid, err := Do(ctx, d, ours(on, "payout", "%s/%d", id, from), PayChunk{id, from})
		if err != nil || paid.Done {
			return err
		}
		from = paid.To
	}
}
