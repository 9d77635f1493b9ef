package event_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// account is the state of the test's kind. Digest depends on the order of the events.
type account struct {
	Balance int64
	Digest  uint64
	Last    []int64
	Next    civil.Date
}

func (a *account) Code(c *event.Codec) {
	c.Int(&a.Balance)
	c.Uint(&a.Digest)
	c.Ints(&a.Last)
	c.Date(&a.Next)
}

// moved is the one event of accounts. After is what the decision saw and expects.
type moved struct {
	Amount, After int64
	Tag           string
	Parts         []int64
	Next          civil.Date
}

func (moved) Type() string { return "moved" }
func (e moved) Apply(a *account) {
	a.Balance += e.Amount
	a.Digest = a.Digest*31 + uint64(e.Amount)
	a.Last = e.Parts
	a.Next = e.Next
}
func (e *moved) Code(c *event.Codec) {
	c.Int(&e.Amount)
	c.Int(&e.After)
	event.Text(c, &e.Tag)
	c.Ints(&e.Parts)
	c.Date(&e.Next)
}

// numbered is an event whose encoding is refused for a negative number.
type numbered struct{ N int }

func (numbered) Type() string           { return "numbered" }
func (e numbered) Apply(a *account)     { a.Balance += int64(e.N) }
func (e *numbered) Code(c *event.Codec) { c.Count(&e.N) }
func wakeOf(a *account) civil.Date      { return a.Next }

var accounts = event.NewKind("account", wakeOf, event.On[moved](), event.On[numbered]())

var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

var errShort = errors.New("short of funds")

type transfer struct {
	Key, From, To string
	Amount        int64
	Parts         int // into how many events the home stream's part is cut
}

func (x transfer) command() event.Command {
	content := fmt.Sprint(x.From, " ", x.To, " ", x.Amount, " ", x.Parts)
	return event.Command{Key: x.Key, Fingerprint: sha256.Sum256([]byte(content))}
}

// decide moves money from the home account to another.
func (x transfer) decide(t *event.Tx, from *account) (moved, error) {
	to, err := event.Read(t, accounts.Ref(x.To))
	if err != nil {
		return moved{}, err
	}
	if x.From != "bank" && from.Balance < x.Amount {
		return moved{}, errShort
	}
	t.Send(event.Message{ID: x.Key, Topic: "told", Data: []byte(x.To)})
	in := moved{Amount: x.Amount, After: to.Balance + x.Amount, Tag: x.Key}
	if err := event.Write(t, accounts.Ref(x.To), event.Of[account](in)); err != nil {
		return moved{}, err
	}
	for range x.Parts {
		if err := event.Write(t, accounts.Ref(x.From), event.Of[account](moved{Amount: -1})); err != nil {
			return moved{}, err
		}
	}
	left := x.Amount - int64(x.Parts)
	return moved{Amount: -left, After: from.Balance - left, Tag: x.Key, Parts: []int64{left, 1}}, nil
}

func (x transfer) do(ctx context.Context, g *event.Engine) (moved, error) {
	return event.Do(ctx, g, x.command(), accounts.Ref(x.From), x.decide)
}

func (x transfer) try(ctx context.Context, g *event.Engine) (moved, error) {
	return event.Try(ctx, g, accounts.Ref(x.From), x.decide)
}

// pay puts money from nowhere on an account.
func pay(t testing.TB, g *event.Engine, key, to string, amount int64) {
	t.Helper()
	if _, err := (transfer{Key: key, From: "bank", To: to, Amount: amount}).do(t.Context(),
		g); err != nil {
		t.Fatalf("pay %s: %v", to, err)
	}
}

func balance(t testing.TB, g *event.Engine, id string) int64 {
	t.Helper()
	a, _, err := event.View(t.Context(), g, accounts.Ref(id))
	if err != nil {
		t.Fatalf("view %s: %v", id, err)
	}
	return a.Balance
}

// hooked is a store whose calls can be watched and changed. A nil hook passes the call through.
type hooked struct {
	*memory.Store
	find   func() error
	load   func(at []event.Cursor, next func() ([]event.Slice, error)) ([]event.Slice, error)
	commit func(c event.Commit, next func() (event.Receipt, error)) (event.Receipt, error)
}

func (h *hooked) Find(ctx context.Context, key string) (event.Receipt, event.Hash, error) {
	if h.find != nil {
		if err := h.find(); err != nil {
			return event.Receipt{}, event.Hash{}, err
		}
	}
	return h.Store.Find(ctx, key)
}

func (h *hooked) Load(ctx context.Context, at ...event.Cursor) ([]event.Slice, error) {
	next := func() ([]event.Slice, error) { return h.Store.Load(ctx, at...) }
	if h.load == nil {
		return next()
	}
	return h.load(at, next)
}

func (h *hooked) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	next := func() (event.Receipt, error) { return h.Store.Commit(ctx, c) }
	if h.commit == nil {
		return next()
	}
	return h.commit(c, next)
}

// plain hides every power but the store's own: no snapshots.
type plain struct{ event.Store }

// dump sums up everything that a store holds.
type dump struct {
	Records, Messages int
	Sum               event.Hash
}

func dumpOf(t interface{ Fatal(...any) }, s *memory.Store) dump {
	changes, _, err := s.Read(context.Background(), 0, 1<<30)
	messages, err2 := s.Due(context.Background(), farFuture, 1<<30)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, c := range changes {
		fmt.Fprintf(h, "%s %d %q ", c.Stream, c.At, c.Record.Type)
		h.Write(c.Record.Hash[:])
		h.Write(c.Record.Data)
	}
	fmt.Fprintf(h, "%v", messages)
	return dump{len(changes), len(messages), event.Hash(h.Sum(nil))}
}

func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmpopts.EquateComparable(civil.Date{}, money.Currency{}, money.Amount{}))
}
