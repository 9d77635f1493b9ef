package lending

import (
	"cmp"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Books is the state of the three books as periods: up to which day they take no entry any more
// and up to which day they are closed (月结). One stream holds it for the whole platform, and every
// command that moves money reads it in its commit.
//
// Invariant: Closed is never after Locked.
type Books struct {
	Locked civil.Date // no entry is dated on or before it (锁账); zero: nothing is locked
	Closed civil.Date // the trial balance up to it is recorded (关账)
	Closes []Close    // those that stand, oldest first; the last 120 of them
}

// maxCloses is how many closes the state keeps: ten years of months. The stream has them all.
const maxCloses = 120

// Close is what a close has certified.
type Close struct {
	Through civil.Date
	Hash    event.Hash // of the trial balance, account by account: [Trial.Hash]
}

// Total is what stands on all accounts of a kind together, in minor units: debit above zero.
type Total struct {
	Currency money.Currency
	Kind     ledger.Kind
	Debit    ledger.Sum
}

func (x *Total) code(c *event.Codec) {
	c.Currency(&x.Currency)
	event.Enum(c, &x.Kind)
	x.Debit.Code(c)
}

// PeriodLocked is the outcome of [LockPeriod].
type PeriodLocked struct {
	Through      civil.Date
	By, Approver ActorID
}

// Type implements event.Of.
func (PeriodLocked) Type() string { return "locked" }

// Apply implements event.Of.
func (e PeriodLocked) Apply(b *Books) { b.Locked = e.Through }

// Code implements event.Coder.
func (e *PeriodLocked) Code(c *event.Codec) {
	c.Date(&e.Through)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// PeriodClosed is the outcome of [ClosePeriod]: the trial balance of each book by account kind, and
// the hash of it by account.
type PeriodClosed struct {
	Through      civil.Date
	Totals       []Total // by currency, then kind; none that is zero
	Hash         event.Hash
	Carried      []Matter // unfinished at the date, carried into the next period by the two people
	By, Approver ActorID
}

// Type implements event.Of.
func (PeriodClosed) Type() string { return "closed" }

// Apply implements event.Of.
func (e PeriodClosed) Apply(b *Books) {
	b.Closed = e.Through
	b.Closes = append(b.Closes, Close{e.Through, e.Hash})
	if len(b.Closes) > maxCloses {
		b.Closes = b.Closes[1:]
	}
}

// Code implements event.Coder.
func (e *PeriodClosed) Code(c *event.Codec) {
	c.Date(&e.Through)
	event.List(c, &e.Totals, func(c *event.Codec, x *Total) { x.code(c) })
	c.Hash(&e.Hash)
	event.List(c, &e.Carried, func(c *event.Codec, m *Matter) { m.code(c) })
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// PeriodReopened is the outcome of [ReopenPeriod].
type PeriodReopened struct {
	Was, Locked  civil.Date // the lock before and after
	Reason       Code
	By, Approver ActorID
}

// Type implements event.Of.
func (PeriodReopened) Type() string { return "reopened" }

// Apply implements event.Of.
func (e PeriodReopened) Apply(b *Books) {
	b.Locked = e.Locked
	for n := len(b.Closes); n > 0 && b.Closes[n-1].Through.After(e.Locked); n-- {
		b.Closes = b.Closes[:n-1]
	}
	if n := len(b.Closes); n > 0 {
		b.Closed = b.Closes[n-1].Through
	} else if b.Closed.After(e.Locked) {
		b.Closed = civil.Date{}
	}
}

// Code implements event.Coder.
func (e *PeriodReopened) Code(c *event.Codec) {
	c.Date(&e.Was)
	c.Date(&e.Locked)
	event.Text(c, &e.Reason)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

var booksKind = event.NewKind[Books]("books", nil, event.On[PeriodLocked](), event.On[PeriodClosed](),
	event.On[PeriodReopened]())

var booksStream = event.Stream{Kind: "books", ID: "main"}

// BooksRef refers to the stream of the books.
func BooksRef() event.Ref[Books] { return booksKind.Ref(booksStream.ID) }

// unlocked refuses an entry of a period that takes none any more. The books are read, so a commit
// that races with a lock fails and is decided again.
func (t *Tx) unlocked() error {
	b, err := event.Read(t.Tx, BooksRef())
	if err != nil {
		return err
	}
	if !t.On.After(b.Locked) {
		return &Error{ErrClosed, "entry of " + t.On.String(), fmt.Sprintf("the books are locked through "+
			"%s: date the command later, or have two people reopen the period", b.Locked)}
	}
	return nil
}

// LockPeriod ends a period for new entries (锁账): from then on, one dated on or before Through is
// refused with [ErrClosed]. Through must be before the day of the command. Both officers sign.
// [Desk.ClosePeriod] sends it. Given by an officer.
type LockPeriod struct{ Through civil.Date }

// Home implements Command.
func (LockPeriod) Home(Meta) event.Ref[Books] { return BooksRef() }

// Allowed implements Command.
func (LockPeriod) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c LockPeriod) Decide(t *Tx, b *Books) (PeriodLocked, error) {
	if err := t.second(); err != nil {
		return PeriodLocked{}, err
	}
	if err := dated("period", c.Through); err != nil {
		return PeriodLocked{}, err
	}
	if !c.Through.Before(t.On) {
		return PeriodLocked{}, &Error{ErrDate, "period through " + c.Through.String(), "is not over on " + t.On.String()}
	}
	if !c.Through.After(b.Locked) {
		return PeriodLocked{}, &Error{ErrState, "period through " + c.Through.String(),
			"is locked through " + b.Locked.String()}
	}
	return PeriodLocked{c.Through, t.Actor.ID, t.Approver.ID}, nil
}

// ClosePeriod records the trial balance of a locked period (关账). Use [Desk.ClosePeriod], which locks,
// folds and sends it: a command cannot see that the figures are those of the ledger, and
// [Desk.VerifyClose] finds out whether they were. Given by an officer.
type ClosePeriod struct {
	Through civil.Date
	Totals  []Total
	Hash    event.Hash
	Carried []Matter
}

// Bounds of a close.
const (
	maxTotals  = 4096
	maxMatters = 10_000
)

// Home implements Command.
func (ClosePeriod) Home(Meta) event.Ref[Books] { return BooksRef() }

// Allowed implements Command.
func (ClosePeriod) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a period that is not locked or is closed, a book that does
// not balance, and lists beyond bounds.
func (c ClosePeriod) Decide(t *Tx, b *Books) (PeriodClosed, error) {
	none := PeriodClosed{}
	if err := t.second(); err != nil {
		return none, err
	}
	what := "period through " + c.Through.String()
	if c.Through.IsZero() || c.Through.After(b.Locked) || !c.Through.After(b.Closed) {
		return none, &Error{ErrState, what, fmt.Sprintf("the books are locked through %s and closed through %s",
			b.Locked, b.Closed)}
	}
	if len(c.Totals) > maxTotals || len(c.Carried) > maxMatters {
		return none, &Error{ErrLimit, what, "has too many totals or unfinished matters"}
	}
	if err := balanced(c.Totals); err != nil {
		return none, err
	}
	for _, m := range c.Carried {
		if m.Kind == MatterPayout {
			return none, &UnfinishedError{c.Through, []Matter{m}}
		}
	}
	return PeriodClosed{c.Through, c.Totals, c.Hash, c.Carried, t.Actor.ID, t.Approver.ID}, nil
}

// balanced refuses totals that are zero or out of order, or of which a book does not balance.
func balanced(totals []Total) error {
	sums := map[money.Currency]*[ledger.Register + 1]ledger.Sum{}
	for i, x := range totals {
		book := x.Kind.Book()
		if book == 0 || x.Debit.Sign() == 0 || i > 0 && compareTotals(totals[i-1], x) >= 0 {
			return &Error{ErrTerms, "total of " + x.Kind.String(), "is zero or out of order"}
		}
		if sums[x.Currency] == nil {
			sums[x.Currency] = new([ledger.Register + 1]ledger.Sum)
		}
		sums[x.Currency][book] = sums[x.Currency][book].Plus(x.Debit)
	}
	for _, x := range totals {
		for book, sum := range sums[x.Currency] {
			if sum.Sign() != 0 {
				return fmt.Errorf("%w: book %s is out by %s %s", ledger.ErrBooks, ledger.Book(book), sum, x.Currency)
			}
		}
	}
	return nil
}

func compareTotals(a, b Total) int {
	return cmp.Or(cmp.Compare(a.Currency.String(), b.Currency.String()), cmp.Compare(a.Kind, b.Kind))
}

// ReopenPeriod lets entries into a locked or closed period again, back to the day after Locked; the
// zero date unlocks everything. Closes after it no longer stand, but stay on the stream, and so
// does who reopened them, with whose approval and why. It takes two officers. Given by an officer.
type ReopenPeriod struct {
	Locked civil.Date
	Reason Code
}

// Home implements Command.
func (ReopenPeriod) Home(Meta) event.Ref[Books] { return BooksRef() }

// Allowed implements Command.
func (ReopenPeriod) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c ReopenPeriod) Decide(t *Tx, b *Books) (PeriodReopened, error) {
	if err := t.second(); err != nil {
		return PeriodReopened{}, err
	}
	if err := checkID("reason", c.Reason); err != nil {
		return PeriodReopened{}, err
	}
	if !c.Locked.Before(b.Locked) {
		return PeriodReopened{}, &Error{ErrState, "books", "are locked through " + b.Locked.String()}
	}
	return PeriodReopened{b.Locked, c.Locked, c.Reason, t.Actor.ID, t.Approver.ID}, nil
}
