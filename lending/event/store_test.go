package event_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

func TestBadNames(t *testing.T) {
	g := event.NewEngine(memory.NewStore(), nil, 0)
	long := string(make([]byte, 129))
	for _, key := range []string{"", long, "a b", "é"} {
		if _, err := (transfer{Key: key, From: "a", To: "b"}).do(t.Context(), g); !errors.Is(err,
			event.ErrBadName) {
			t.Errorf("key %q: %v", key, err)
		}
	}
	for _, id := range []string{"", long, "a b", "a/b", "a:b", "é"} {
		if _, err := (transfer{Key: "k", From: id, To: "b"}).do(t.Context(), g); !errors.Is(err,
			event.ErrBadName) {
			t.Errorf("home %q: %v", id, err)
		}
		if _, err := (transfer{Key: "k", From: "a", To: id}).do(t.Context(), g); !errors.Is(err,
			event.ErrBadName) {
			t.Errorf("other %q: %v", id, err)
		}
		if _, _, err := event.View(t.Context(), g, accounts.Ref(id)); !errors.Is(err, event.ErrBadName) {
			t.Errorf("view %q: %v", id, err)
		}
	}
}

func TestLimits(t *testing.T) {
	s := memory.NewStore()
	g := event.NewEngine(s, nil, 0)
	decisions := map[string]func(tx *event.Tx, a *account) (moved, error){
		"record": func(*event.Tx, *account) (moved, error) {
			return moved{Tag: string(make([]byte, event.MaxRecord))}, nil
		},
		"memo": func(tx *event.Tx, _ *account) (moved, error) {
			m := moved{Tag: string(make([]byte, event.MaxRecord))}
			return moved{}, tx.Memo(accounts.Ref("a").Stream(), "note", &m)
		},
		"streams": func(tx *event.Tx, _ *account) (moved, error) {
			var ss []event.Stream
			for i := range event.MaxAppends {
				ss = append(ss, accounts.Ref(fmt.Sprint(i)).Stream())
			}
			return moved{}, tx.Want(ss...)
		},
		"rounds": func(tx *event.Tx, _ *account) (moved, error) {
			for i := 0; ; i++ {
				if _, err := event.Read(tx, accounts.Ref(fmt.Sprint(i))); err != nil {
					return moved{}, err
				}
			}
		},
	}
	for name, decide := range decisions {
		_, err := event.Do(t.Context(), g, event.Command{Key: name}, accounts.Ref("a"), decide)
		if !errors.Is(err, event.ErrTooLarge) || dumpOf(t, s).Records != 0 {
			t.Errorf("%s: %v, %d records", name, err, dumpOf(t, s).Records)
		}
	}
}

func TestUnknownOutcome(t *testing.T) {
	errDisk := errors.New("disk")
	x := transfer{Key: "k", From: "bank", To: "a", Amount: 5}
	fail := func(op string, done bool, s *hooked) {
		switch op {
		case "find":
			s.find = func() error { return errDisk }
		case "load":
			s.load = func([]event.Cursor, func() ([]event.Slice, error)) ([]event.Slice, error) {
				return nil, errDisk
			}
		case "commit":
			s.commit = func(_ event.Commit, next func() (event.Receipt, error)) (event.Receipt, error) {
				if done {
					if _, err := next(); err != nil {
						t.Error(err)
					}
				}
				return event.Receipt{}, errDisk
			}
		}
	}
	for _, op := range []string{"find", "load", "commit"} {
		for _, done := range []bool{false, true} {
			s := &hooked{Store: memory.NewStore()}
			g := event.NewEngine(s, nil, 10)
			fail(op, done, s)
			_, err := x.do(t.Context(), g)
			var unknown *event.UnknownError
			if !errors.As(err, &unknown) || unknown.Op != op || !errors.Is(err, event.ErrUnknown) ||
				!errors.Is(err, errDisk) {
				t.Errorf("%s: %v", op, err)
			}
			s.find, s.load, s.commit = nil, nil, nil
			if _, err := x.do(t.Context(), g); err != nil || balance(t, g, "a") != 5 {
				t.Errorf("%s, done %t: resent: %v, balance %d", op, done, err, balance(t, g, "a"))
			}
		}
	}
}

// TestBrokenStores: answers that no honest store gives are refused, not believed.
func TestBrokenStores(t *testing.T) {
	s := &hooked{Store: memory.NewStore()}
	g := event.NewEngine(s, nil, 0)
	pay(t, g, "p", "a", 5)
	s.load = func([]event.Cursor, func() ([]event.Slice, error)) ([]event.Slice,
		error) {
		return nil, nil
	}
	x := transfer{Key: "p", From: "bank", To: "a", Amount: 5}
	if _, err := x.do(t.Context(), g); !errors.Is(err, event.ErrCorrupt) {
		t.Errorf("no outcome: %v", err)
	}
	x.Key = "q"
	if _, err := x.do(t.Context(), g); !errors.Is(err, event.ErrCorrupt) {
		t.Errorf("no slices: %v", err)
	}
	s.load = nil
	other := event.Command{Key: "p", Fingerprint: transfer{From: "bank", To: "a",
		Amount: 5}.command().Fingerprint}
	_, err := event.Do(t.Context(), g, other, accounts.Ref("a"),
		func(*event.Tx, *account) (moved, error) { return moved{}, nil })
	if !errors.Is(err, event.ErrCorrupt) {
		t.Errorf("receipt of another stream: %v", err)
	}
	_, err = event.Do(t.Context(), g, other, accounts.Ref("bank"),
		func(*event.Tx, *account) (numbered, error) { return numbered{}, nil })
	if !errors.Is(err, event.ErrCorrupt) {
		t.Errorf("outcome of another type: %v", err)
	}
}
