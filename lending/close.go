package lending

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// MatterKind is what is unfinished at the end of a period.
type MatterKind uint8

// Kinds of unfinished matters.
const (
	MatterPayout   MatterKind = iota + 1 // a payout in chunks is not done: [Desk.Deliver] does it
	MatterTransit                        // a payment whose end the custodian has not told (在途资金)
	MatterSuspense                       // money received, owner not identified
	MatterTopup                          // the platform owes the client account
)

var matterNames = [...]string{"", "payout", "transit", "suspense", "top-up"}

// String returns the kind's name.
func (k MatterKind) String() string { return nameOf(matterNames[:], k, "matter") }

// Matter is one unfinished thing at the end of a period.
type Matter struct {
	Kind   MatterKind
	Ref    ledger.Ref // the payout, the instruction, the receipt; empty for a top-up
	Amount money.Amount
}

func (m *Matter) code(c *event.Codec) {
	event.Enum(c, &m.Kind)
	event.Text(c, &m.Ref)
	c.Amount(&m.Amount)
}

// UnfinishedError lists what keeps a period from being closed. It unwraps to [ErrPending].
type UnfinishedError struct {
	Through civil.Date
	Matters []Matter
}

// Error implements error.
func (e *UnfinishedError) Error() string {
	m := e.Matters[0]
	return fmt.Sprintf("lending: period through %s: %v: %d unfinished matters, the first is %s %s of %s",
		e.Through, ErrPending, len(e.Matters), m.Kind, m.Ref, m.Amount)
}

// Unwrap returns ErrPending.
func (e *UnfinishedError) Unwrap() error { return ErrPending }

// Trial is the ledger as of a business date: the entries dated on or before it, whenever they were
// recorded.
type Trial struct {
	through civil.Date
	at      event.Position
	books   ledger.Balances
	payouts map[string]*Payout // opened on or before the date and not done
}

// Trial folds the store's feed into the ledger as of a date. It costs one reading of the feed.
func (d *Desk) Trial(ctx context.Context, through civil.Date) (*Trial, error) {
	if d.feed == nil {
		return nil, &Error{ErrConfig, "desk", "its store has no feed"}
	}
	if err := dated("trial balance", through); err != nil {
		return nil, err
	}
	r := &Trial{through: through, payouts: map[string]*Payout{}}
	return r, r.follow(ctx, d.feed)
}

func (r *Trial) follow(ctx context.Context, f event.Feed) error {
	for {
		changes, next, err := f.Read(ctx, r.at, 1000)
		if err != nil {
			return &event.UnknownError{Op: "read feed", Err: err}
		}
		if len(changes) == 0 {
			return nil
		}
		for _, c := range changes {
			if err := r.apply(c); err != nil {
				return fmt.Errorf("trial balance: %s at %d: %w", c.Stream, c.At, err)
			}
		}
		r.at = next
	}
}

func (r *Trial) apply(c event.Change) error {
	if c.Record.Type == "~"+entryMemo {
		var e ledger.Entry
		if err := event.Decode(c.Record.Data, 1, &e); err != nil || e.On.After(r.through) {
			return err
		}
		return r.books.Post(&e)
	}
	if c.Stream.Kind != payoutKind.Name() {
		return nil
	}
	p := r.payouts[c.Stream.ID]
	if p == nil {
		p = new(Payout)
		r.payouts[c.Stream.ID] = p
	}
	err := apply(payoutKind, p, c.Record)
	if p.Done {
		delete(r.payouts, c.Stream.ID)
	}
	return err
}

// Ledger gives the balances, for reading.
func (r *Trial) Ledger() *ledger.Balances { return &r.books }

// Totals sums the accounts by currency and kind; sums of zero are left out.
func (r *Trial) Totals() (out []Total) {
	for _, cur := range r.books.Currencies() {
		for k := ledger.KindBank; k.Book() != 0; k++ {
			if sum := r.books.Debit(k, cur); sum.Sign() != 0 {
				out = append(out, Total{cur, k, sum})
			}
		}
	}
	return out
}

// Hash is the SHA-256 sum over every account that does not stand at zero, book by book in the order
// of [ledger.Balances.Trial], each as its account, currency and debit in the codec of events.
func (r *Trial) Hash() event.Hash {
	var page trialPage
	for b := ledger.Client; b <= ledger.Register; b++ {
		page = append(page, r.books.Trial(b)...)
	}
	return sha256.Sum256(event.Encode(nil, 1, &page))
}

type trialPage []ledger.Line

// Code codes the page.
func (p *trialPage) Code(c *event.Codec) {
	event.List(c, (*[]ledger.Line)(p), func(c *event.Codec, l *ledger.Line) {
		l.Account.Code(c)
		c.Currency(&l.Currency)
		c.Int(&l.Debit)
	})
}

// Matters lists what is unfinished: by kind, reference and currency.
func (r *Trial) Matters() (out []Matter) {
	for id, p := range r.payouts {
		if p.ID != "" && !p.Opened.After(r.through) {
			out = append(out, Matter{MatterPayout, ledger.Ref(id), amount(p.rest(), p.Cur)})
		}
	}
	kinds := map[ledger.Kind]MatterKind{ledger.KindOutTransit: MatterTransit, ledger.KindFeesTransit: MatterTransit,
		ledger.KindSuspense: MatterSuspense, ledger.KindTopupDue: MatterTopup}
	for _, line := range r.books.Trial(ledger.Client) {
		if k := kinds[line.Account.Kind]; k != 0 {
			a := amount(max(line.Debit, -line.Debit), line.Currency)
			out = append(out, Matter{k, line.Account.Ref, a})
		}
	}
	slices.SortFunc(out, func(a, b Matter) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref),
			cmp.Compare(a.Amount.Currency().String(), b.Amount.Currency().String()))
	})
	return out
}

// rest sums the rows that are not done.
func (p *Payout) rest() (sum int64) {
	for _, row := range p.Order.Rows[min(p.Paid, len(p.Order.Rows)):] {
		sum += row.Gross
	}
	return sum
}

// check refuses a close of books that do not agree, or that have unfinished matters of other kinds
// than those carried, and returns the matters carried.
func (r *Trial) check(carry []MatterKind) ([]Matter, error) {
	if err := r.books.Check(); err != nil {
		return nil, err
	}
	all := r.Matters()
	open := slices.DeleteFunc(slices.Clone(all), func(m Matter) bool {
		return m.Kind != MatterPayout && slices.Contains(carry, m.Kind)
	})
	if len(open) > 0 {
		return nil, &UnfinishedError{r.through, open}
	}
	return all, nil
}

// ClosePeriod closes the books through a date (关账/月结): it folds the ledger as of the date, refuses
// with the books' own error or an [*UnfinishedError], locks the period, folds what was recorded in
// the meantime, and records totals and hash. Matters of the kinds in carry are taken into the next
// period and recorded with the close; unfinished payouts never are. The officer and the approver in
// Meta are two people. After a refusal or an unknown outcome call it again; a lock that was set stays.
func (d *Desk) ClosePeriod(ctx context.Context, m Meta, through civil.Date, carry ...MatterKind) (PeriodClosed, error) {
	none := PeriodClosed{}
	if err := m.check(); err != nil {
		return none, err
	}
	r, err := d.Trial(ctx, through)
	if err != nil {
		return none, err
	}
	if _, err := r.check(carry); err != nil {
		return none, err
	}
	b, _, err := View(ctx, d, BooksRef())
	if err != nil {
		return none, err
	}
	if through.After(b.Locked) {
		if _, err := Do(ctx, d, m.mint("lock", m.Key), LockPeriod{through}); err != nil {
			return none, err
		}
	}
	if err := r.follow(ctx, d.feed); err != nil {
		return none, err
	}
	carried, err := r.check(carry)
	if err != nil {
		return none, err
	}
	return Do(ctx, d, m, ClosePeriod{through, r.Totals(), r.Hash(), carried})
}

// VerifyClose folds the ledger anew as of the date of a close that stands and refuses with
// [ledger.ErrBooks] when it is not what was closed.
func (d *Desk) VerifyClose(ctx context.Context, through civil.Date) error {
	b, _, err := View(ctx, d, BooksRef())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.Closes, func(c Close) bool { return c.Through == through })
	if i < 0 {
		return &Error{ErrUnknown, "close through " + through.String(), ""}
	}
	r, err := d.Trial(ctx, through)
	if err != nil {
		return err
	}
	if r.Hash() != b.Closes[i].Hash {
		return fmt.Errorf("%w: the trial balance through %s is not the one closed", ledger.ErrBooks, through)
	}
	return nil
}
