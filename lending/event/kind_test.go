package event_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
)

type badType struct{ moved }

func (badType) Type() string { return "bad type" }

type emptyType struct{ moved }

func (emptyType) Type() string { return "" }

type memoType struct{ moved }

func (memoType) Type() string { return "~memo" }

type unversioned struct{ moved }

func (unversioned) Type() string    { return "unversioned" }
func (unversioned) Versions() uint8 { return 0 }

func TestBadKindsPanic(t *testing.T) {
	for name, make := range map[string]func(){
		"no name":       func() { event.NewKind[account]("", nil) },
		"bad name":      func() { event.NewKind[account]("a/b", nil) },
		"repeated type": func() { event.NewKind("k", nil, event.On[moved](), event.On[moved]()) },
		"bad type":      func() { event.NewKind("k", nil, event.On[badType]()) },
		"no type":       func() { event.NewKind("k", nil, event.On[emptyType]()) },
		"memo type":     func() { event.NewKind("k", nil, event.On[memoType]()) },
		"version zero":  func() { event.NewKind("k", nil, event.On[unversioned]()) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			make()
		})
	}
}

func TestKind(t *testing.T) {
	var k event.AnyKind = accounts
	if k.Name() != "account" || !slices.Equal(k.Types(), []string{"moved", "numbered"}) {
		t.Errorf("kind %s, types %v", k.Name(), k.Types())
	}
	if s := accounts.Ref("a").Stream(); s.String() != "account/a" {
		t.Errorf("stream %s", s)
	}
	data := event.Encode(nil, 1, &moved{Amount: 5})
	for typ, want := range map[string]any{"moved": moved{Amount: 5}, "~moved": nil} {
		if got, err := k.Decode(event.Record{Type: typ, Data: data}); err != nil || diff(want,
			got) != "" {
			t.Errorf("%s: %v, %v", typ, got, err)
		}
	}
	for _, r := range []event.Record{{Type: "strange", Data: data}, {Type: "moved"}, {Type: "",
		Data: data}} {
		if got, err := k.Decode(r); !errors.Is(err, event.ErrDecode) {
			t.Errorf("%q: %v, %v", r.Type, got, err)
		}
	}
}

// second is moved as a later release writes it, with a field more.
type second struct {
	moved
	Fee int64
}

func (second) Versions() uint8 { return 2 }
func (e second) Apply(a *account) {
	e.moved.Apply(a)
	a.Balance -= e.Fee
}
func (e *second) Code(c *event.Codec) {
	e.moved.Code(c)
	if c.Version() >= 2 {
		c.Int(&e.Fee)
	}
}

// TestNewReleaseReadsOld folds a stream that two releases wrote; the older one refuses it.
func TestNewReleaseReadsOld(t *testing.T) {
	later := event.NewKind("account", nil, event.On[second]())
	tx := event.NewTx()
	old, now := event.Encode(nil, 1, &moved{Amount: 10}), event.Encode(nil, 2,
		&second{moved{Amount: 5}, 1})
	records := []event.Record{{Type: "moved", Data: old}, {Type: "moved", Data: now}}
	tx.Supply(later.Ref("a").Stream(), event.Slice{Head: 2, Records: records})
	a, err := event.Read(tx, later.Ref("a"))
	if err != nil || a.Balance != 14 {
		t.Errorf("%+v, %v", a, err)
	}
	tx = event.NewTx()
	tx.Supply(accounts.Ref("a").Stream(), event.Slice{Head: 2, Records: records})
	if _, err := event.Read(tx, accounts.Ref("a")); !errors.Is(err, event.ErrDecode) {
		t.Errorf("an older release reads a newer record: %v", err)
	}
}

// TestTwoKindsOfOneName: a state read as another type is an error, not a panic.
func TestTwoKindsOfOneName(t *testing.T) {
	type other struct{ account }
	others := event.NewKind[other]("account", nil)
	tx := event.NewTx()
	tx.Supply(accounts.Ref("a").Stream(), event.Slice{})
	if _, err := event.Read(tx, accounts.Ref("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := event.Read(tx, others.Ref("a")); !errors.Is(err, event.ErrDecode) {
		t.Errorf("got %v", err)
	}
}
