package lendingtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	noon   = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	leap   = civil.MustParse("2024-02-29")
	stream = event.Stream{Kind: "loan", ID: "L1"}
	payRaw = payment.Instruction{
		ID: "p", Kind: payment.Payout, Party: "bob", Amount: money.MustParse("CNY 5.00")}
)

// world is a store and a bank behind faults.
type world struct {
	disk    *memory.Store
	bank    *memory.Bank
	store   lendingtest.FullStore
	gateway payment.Gateway
}

func newWorld(f *lendingtest.Faults) world {
	disk, bank := memory.NewStore(), memory.NewBank()
	return world{disk, bank, f.Store(disk), f.Gateway(bank)}
}

// calls is one of each counted call, in an order in which each works.
func (w world) calls() []func() error {
	ctx := context.Background()
	return []func() error{
		func() error {
			_, err := w.store.Commit(ctx, event.Commit{
				Key: "k", Fingerprint: event.Hash{7},
				Appends: []event.Append{{Stream: stream, Wake: leap,
					Records: []event.Record{{Type: "t", Data: []byte("d")}}}},
				Outbox: []event.Message{{ID: "m", Due: noon}},
			})
			return err
		},
		func() error { _, _, err := w.store.Find(ctx, "k"); return err },
		func() error { _, err := w.store.Load(ctx, event.Cursor{Stream: stream}); return err },
		func() error { _, err := w.store.Due(ctx, noon, 1); return err },
		func() error { return w.store.Settle(ctx, "m", time.Time{}) },
		func() error { _, err := w.store.Awake(ctx, "loan", leap, "", 1); return err },
		func() error { return w.gateway.Submit(ctx, payRaw) },
		func() error { _, err := w.gateway.Query(ctx, "p"); return err },
	}
}

// done says which of the calls that change something have changed it.
func (w world) done() map[int]bool {
	ctx := context.Background()
	due, _ := w.disk.Due(ctx, noon, 1)
	sl, _ := w.disk.Load(ctx, event.Cursor{Stream: stream})
	stands := sl[0].Head == 1
	return map[int]bool{1: stands, 5: stands && len(due) == 0, 7: w.bank.Paid("p") == 500}
}

// outcome makes a call and says how it ended.
func outcome(call func() error) (death any, err error) {
	defer func() { death = recover() }()
	return nil, call()
}

func TestFaultsEveryCallAndKind(t *testing.T) {
	n := len(newWorld(new(lendingtest.Faults)).calls())
	for at := range n + 1 {
		for _, kind := range lendingtest.FaultKinds() {
			t.Run(fmt.Sprintf("%s at %d", kind, at), func(t *testing.T) {
				var f lendingtest.Faults
				f.Arm(at, kind)
				oneFault(t, &f, at, kind)
			})
		}
	}
}

// oneFault makes calls up to the one that is armed and checks how that one ends.
func oneFault(t *testing.T, f *lendingtest.Faults, at int, kind lendingtest.FaultKind) {
	w := newWorld(f)
	for i, call := range w.calls() {
		death, err := outcome(call)
		if i+1 != at {
			if err != nil || death != nil {
				t.Fatalf("call %d: %v, %v", i+1, err, death)
			}
			continue
		}
		worked := kind == lendingtest.LostAck || kind == lendingtest.PanicAfter
		if was, counts := w.done()[at]; counts && was != worked {
			t.Errorf("call %d: done %v, want %v", at, was, worked)
		}
		d, died := death.(lendingtest.Death)
		if kind >= lendingtest.Panic {
			if !died || d.Call != at || d.Done != worked || d.Op == "" || err != nil {
				t.Errorf("call %d: %v, died of %v", at, err, death)
			}
		} else if err == nil || died || errors.Unwrap(err) != nil {
			t.Errorf("call %d: error %v, death %v, want a plain error", at, err, death)
		}
		if f.Calls() != at || f.Injected() != 1 {
			t.Errorf("%d calls and %d injected, want %d and 1", f.Calls(), f.Injected(), at)
		}
		return
	}
	if f.Injected() != 0 || f.Calls() != len(w.calls()) {
		t.Errorf("not armed: %d calls, %d injected", f.Calls(), f.Injected())
	}
}

func TestFaultsTwoArms(t *testing.T) {
	var f lendingtest.Faults
	f.Arm(2, lendingtest.Before)
	f.Arm(7, lendingtest.LostAck)
	var got []int
	for i, call := range newWorld(&f).calls() {
		if _, err := outcome(call); err != nil {
			got = append(got, i+1)
		}
	}
	if d := cmp.Diff([]int{2, 7}, got); d != "" || f.Injected() != 2 {
		t.Errorf("failed calls: %s", d)
	}
}

// A store and a bank behind faults that do nothing are a store and a bank.
func TestFaultsPassThrough(t *testing.T) {
	lendingtest.StoreSuite(t, lendingtest.Stores{Open: func(*testing.T) event.Store {
		return new(lendingtest.Faults).Store(memory.NewStore())
	}})
	lendingtest.GatewaySuite(t, lendingtest.Gateways{
		Open: func(_ *testing.T, mood lendingtest.Mood) payment.Gateway {
			return new(lendingtest.Faults).Gateway(bankIn(mood))
		},
	})
}

func TestFaultKindText(t *testing.T) {
	for _, kind := range lendingtest.FaultKinds() {
		text, err := kind.MarshalText()
		var back lendingtest.FaultKind
		if err != nil || back.UnmarshalText(text) != nil || back != kind ||
			kind.String() != string(text) {
			t.Errorf("%s: %q, %v, back %s", kind, text, err, back)
		}
	}
	var none lendingtest.FaultKind
	if _, err := none.MarshalText(); err == nil {
		t.Error("the zero kind has a text")
	}
	if none.UnmarshalText([]byte("crash")) == nil || none.UnmarshalText(nil) == nil {
		t.Error("an unknown kind was read")
	}
}

func ExampleFaults() {
	var f lendingtest.Faults
	f.Arm(1, lendingtest.LostAck)
	bank := memory.NewBank()
	gateway := f.Gateway(bank)

	fmt.Println(gateway.Submit(context.Background(), payRaw))
	fmt.Println(bank.Paid("p"), f.Calls(), f.Injected())
	// Output:
	// lendingtest: injected after submit, call 1
	// 500 1 1
}
