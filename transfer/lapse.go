package transfer

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Reason says why a listing or an order stands no longer (撤销原因).
type Reason uint8

// Reasons.
const (
	Expired   Reason = iota + 1 // its last day is over
	LoanEnded                   // the loan is not active any more
	LoanLate                    // the loan has become overdue, was accelerated, or is overdue no longer
	LoanMoved                   // what falls due later was prepaid, planned anew, or divided by term
	NotHeld                     // the seller holds fewer units of the lot than he lists, or of another rank
)

var reasonNames = [...]string{"", "expired", "loan-ended", "loan-late", "loan-moved", "not-held"}

// String returns the reason's name.
func (r Reason) String() string {
	if int(r) >= len(reasonNames) || r == 0 {
		return "reason unknown"
	}
	return reasonNames[r]
}

// lapsed is why what was placed upon a basis stands no longer on a day; zero while it stands.
func (b Basis) lapsed(l *lending.Loan, lot int, expires, on civil.Date) Reason {
	if on.After(expires) {
		return Expired
	}
	if l.State != lending.StateActive {
		return LoanEnded
	}
	switch now := basisOf(l, lot, expires, on); {
	case now.Later != b.Later || now.Waits != b.Waits || now.Span != b.Span:
		return LoanMoved
	case now.Overdue != b.Overdue:
		return LoanLate
	}
	return 0
}

func (x *Listing) lapsed(l *lending.Loan, on civil.Date) Reason {
	r := x.Basis.lapsed(l, x.Lot, x.Expires, on)
	if r != 0 && r != LoanLate {
		return r
	}
	if x.Lot >= len(l.Lots) || l.Lots[x.Lot].Holder != x.Seller || l.Lots[x.Lot].Units < x.Units ||
		l.Lots[x.Lot].Rank != x.Rank {
		return NotHeld
	}
	return r
}

// over reports whether a reason ends a listing. A short holding rests while the loan is overdue, and is
// offered again when it is not.
func (x *Listing) over(r Reason) bool { return r != 0 && !(r == LoanLate && x.rolls()) }

// Lapse is the end of a listing or an order.
type Lapse struct {
	Number int
	Reason Reason
}

// LookAtBoard takes off a loan's board what stands there no longer: what has expired, what was priced
// upon a loan that is another one by now, and listings of what the seller has not got any more. It gives
// the money of orders back, and notes whether sales are suspended. Day-end sends it for every day while something stands. Given by the system.
type LookAtBoard struct{ Loan lending.LoanID }

// BoardLooked is the outcome of [LookAtBoard].
type BoardLooked struct {
	On        civil.Date
	Suspended lending.Code // the cover that suspends all sales; empty where none does
	Lapsed    []Lapse
	Failed    []Failure
	Back      []Sale // taken back
}

// Type implements event.Of.
func (BoardLooked) Type() string { return "looked" }

// Apply implements event.Of.
func (e BoardLooked) Apply(b *Board) {
	b.looked(e.On)
	b.Suspended = e.Suspended
	for _, x := range e.Lapsed {
		b.drop(x.Number)
	}
	for i := range e.Failed {
		b.fail(&e.Failed[i], e.On)
	}
	for i := range e.Back {
		b.settle(&e.Back[i])
	}
}

func (e *BoardLooked) lapses(number int) bool {
	return slices.ContainsFunc(e.Lapsed, func(x Lapse) bool { return x.Number == number })
}

// Code implements event.Coder.
func (e *BoardLooked) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.Suspended)
	event.List(c, &e.Lapsed, func(c *event.Codec, x *Lapse) {
		c.Count(&x.Number)
		event.Enum(c, &x.Reason)
	})
	event.List(c, &e.Failed, func(c *event.Codec, f *Failure) { f.code(c) })
	event.List(c, &e.Back, func(c *event.Codec, s *Sale) { s.code(c) })
}

// Home implements Command.
func (c LookAtBoard) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (LookAtBoard) Allowed() []lending.Role { return []lending.Role{lending.RoleSystem} }

// Decide implements Command. It refuses a board on which nothing ever stood ([ErrGone]).
func (c LookAtBoard) Decide(t *lending.Tx, b *Board) (BoardLooked, error) {
	ev := BoardLooked{On: t.On}
	if err := b.used(c.Loan); err != nil {
		return ev, err
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return ev, err
	}
	if ev.Suspended, err = suspender(t, l); err != nil {
		return ev, err
	}
	for i := range b.Listings {
		if r := b.Listings[i].lapsed(l, t.On); b.Listings[i].over(r) {
			ev.Lapsed = append(ev.Lapsed, Lapse{b.Listings[i].Number, r})
		}
	}
	back := ledger.Entry{Book: ledger.Client, Why: "order-released", Currency: l.Currency()}
	for i := range b.Orders {
		x := &b.Orders[i]
		if r := x.Basis.lapsed(l, 0, x.Expires, t.On); r != 0 {
			ev.Lapsed = append(ev.Lapsed, Lapse{x.Number, r})
			back.Debit(HoldOrder(x.Buyer, c.Loan), x.Money)
			back.Credit(lending.Avail(x.Buyer), x.Money)
		}
	}
	if err := t.Post(back); err != nil {
		return ev, err
	}
	return ev, ev.unsold(t, l, b)
}
