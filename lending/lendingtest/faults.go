package lendingtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// FullStore is a store with every power.
type FullStore interface {
	event.Store
	event.Outbox
	event.Agenda
	event.Feed
	event.Snapshots
}

// FaultKind is what happens to a call. Its text is its name.
type FaultKind uint8

// Kinds of fault. After the last two the process is dead: they panic with a [Death].
const (
	Before     FaultKind = iota + 1 // an error; nothing was done
	LostAck                         // it was done, then an error
	Panic                           // a panic; nothing was done
	PanicAfter                      // it was done, then a panic
)

var faultNames = [...]string{"", "before", "lost-ack", "panic", "panic-after"}

// FaultKinds lists every kind, for harnesses that go through all of them.
func FaultKinds() []FaultKind { return []FaultKind{Before, LostAck, Panic, PanicAfter} }

// String returns the kind's name.
func (k FaultKind) String() string {
	if k == 0 || int(k) >= len(faultNames) {
		return fmt.Sprintf("fault %d", uint8(k))
	}
	return faultNames[k]
}

// MarshalText returns the kind's name, or an error for an unknown kind.
func (k FaultKind) MarshalText() ([]byte, error) {
	if k == 0 || int(k) >= len(faultNames) {
		return nil, fmt.Errorf("lendingtest: no %s", k)
	}
	return []byte(faultNames[k]), nil
}

// UnmarshalText reads a name written by [FaultKind.MarshalText].
func (k *FaultKind) UnmarshalText(text []byte) error {
	i := slices.Index(faultNames[1:], string(text))
	if i < 0 {
		return fmt.Errorf("lendingtest: no fault %.20q", text)
	}
	*k = FaultKind(i + 1)
	return nil
}

// Death is the value with which an injected panic kills the process.
type Death struct {
	Call int    // number of the call, from 1
	Op   string // "commit"
	Done bool   // the call had done its work
}

// Faults counts the calls to the adapters that it wraps, in one order from 1, and makes those
// fail for which it is armed. Find, Load, Commit, Due, Settle, Awake, Submit and Query count; the
// feed, the snapshots and the capabilities are advisory and pass through. The zero value is ready
// and harmless. It is safe for concurrent use, but the numbers then depend on the interleaving.
type Faults struct {
	mu       sync.Mutex
	calls    int
	injected int
	arms     map[int]FaultKind
}

// Arm makes the call of that number fail, counted from the first call ever. Several numbers may
// be armed; one that has passed does nothing.
func (f *Faults) Arm(at int, kind FaultKind) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.arms == nil {
		f.arms = map[int]FaultKind{}
	}
	f.arms[at] = kind
}

// Calls returns how many calls there were, failed ones too.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// Injected returns how many calls were made to fail.
func (f *Faults) Injected() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.injected
}

// Store returns the store behind the faults, with all its powers.
func (f *Faults) Store(s FullStore) FullStore { return &faultyStore{s, f} }

// Gateway returns the gateway behind the faults.
func (f *Faults) Gateway(g payment.Gateway) payment.Gateway { return &faultyGateway{g, f} }

func (f *Faults) next() (int, FaultKind) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	kind := f.arms[f.calls]
	if kind != 0 {
		f.injected++
	}
	return f.calls, kind
}

// through carries out one call, or what the faults make of it.
func through[R any](f *Faults, op string, do func() (R, error)) (R, error) {
	var none R
	n, kind := f.next()
	switch kind {
	case Before:
		return none, fmt.Errorf("lendingtest: injected before %s, call %d", op, n)
	case Panic:
		panic(Death{n, op, false})
	}
	r, err := do()
	switch kind {
	case LostAck:
		return none, fmt.Errorf("lendingtest: injected after %s, call %d", op, n)
	case PanicAfter:
		panic(Death{n, op, true})
	}
	return r, err
}

type faultyStore struct {
	FullStore
	faults *Faults
}

type found struct {
	receipt     event.Receipt
	fingerprint event.Hash
}

func (s *faultyStore) Find(ctx context.Context, key string) (event.Receipt, event.Hash, error) {
	r, err := through(s.faults, "find", func() (found, error) {
		rc, fp, err := s.FullStore.Find(ctx, key)
		return found{rc, fp}, err
	})
	return r.receipt, r.fingerprint, err
}

func (s *faultyStore) Load(ctx context.Context, at ...event.Cursor) ([]event.Slice, error) {
	return through(s.faults, "load", func() ([]event.Slice, error) {
		return s.FullStore.Load(ctx, at...)
	})
}

func (s *faultyStore) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	return through(s.faults, "commit", func() (event.Receipt, error) {
		return s.FullStore.Commit(ctx, c)
	})
}

func (s *faultyStore) Due(ctx context.Context, now time.Time, limit int) ([]event.Message, error) {
	return through(s.faults, "due", func() ([]event.Message, error) {
		return s.FullStore.Due(ctx, now, limit)
	})
}

func (s *faultyStore) Settle(ctx context.Context, id string, retryAt time.Time) error {
	_, err := through(s.faults, "settle", func() (struct{}, error) {
		return struct{}{}, s.FullStore.Settle(ctx, id, retryAt)
	})
	return err
}

func (s *faultyStore) Awake(
	ctx context.Context, kind string, on civil.Date, after string, limit int,
) ([]string, error) {
	return through(s.faults, "awake", func() ([]string, error) {
		return s.FullStore.Awake(ctx, kind, on, after, limit)
	})
}

type faultyGateway struct {
	payment.Gateway
	faults *Faults
}

func (g *faultyGateway) Submit(ctx context.Context, in payment.Instruction) error {
	_, err := through(g.faults, "submit", func() (struct{}, error) {
		return struct{}{}, g.Gateway.Submit(ctx, in)
	})
	return err
}

func (g *faultyGateway) Query(ctx context.Context, id payment.ID) (payment.Report, error) {
	return through(g.faults, "query", func() (payment.Report, error) {
		return g.Gateway.Query(ctx, id)
	})
}
