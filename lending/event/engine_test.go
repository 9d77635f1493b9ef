package event_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestWantsAreLoadedTogether(t *testing.T) {
	var cursors []int
	s := &hooked{Store: memory.NewStore()}
	s.load = func(at []event.Cursor, next func() ([]event.Slice, error)) ([]event.Slice, error) {
		cursors = append(cursors, len(at))
		return next()
	}
	g := event.NewEngine(s, nil, 0)
	_, err := event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("home"),
		func(tx *event.Tx, _ *account) (moved, error) {
			var ss []event.Stream
			for i := range 50 {
				ss = append(ss, accounts.Ref(fmt.Sprint(i)).Stream())
			}
			return moved{}, tx.Want(append(ss, ss...)...)
		})
	if err != nil || len(cursors) != 2 || cursors[1] < 50 || cursors[1] > 51 {
		t.Fatalf("error %v, cursors of each load %v", err, cursors)
	}
}

// TestWriteBeforeWant has a decision that changes two states before it asks for a third stream.
func TestWriteBeforeWant(t *testing.T) {
	for _, states := range []int{0, 10} {
		s := memory.NewStore()
		g := event.NewEngine(s, nil, states)
		pay(t, g, "p1", "home", 100)
		pay(t, g, "p2", "a", 10)
		calls := 0
		_, err := event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("home"),
			func(tx *event.Tx, home *account) (moved, error) {
				calls++
				var e event.Of[account] = moved{Amount: -1}
				if err := event.Write(tx, accounts.Ref("home"), e); err != nil {
					return moved{}, err
				}
				tx.Send(event.Message{ID: fmt.Sprint("m", calls)})
				if err := event.Write(tx, accounts.Ref("a"), e); err != nil {
					return moved{}, err
				}
				if home.Balance != 99 {
					return moved{}, fmt.Errorf("call %d sees %d", calls, home.Balance)
				}
				_, missing := event.Read(tx, accounts.Ref("b"))
				return moved{Amount: -2}, missing
			})
		if err != nil || calls != 3 {
			t.Fatalf("error %v after %d calls", err, calls)
		}
		if h, a := balance(t, g, "home"), balance(t, g, "a"); h != 97 || a != 9 {
			t.Errorf("home %d, a %d, want 97, 9", h, a)
		}
		if n := dumpOf(t, s).Messages; n != 3 {
			t.Errorf("%d messages, want those of two payments and one of the last attempt", n)
		}
	}
}

// TestReadsAreOfOneMoment moves money between two accounts after a decision has seen the first of
// them and before it sees the second. Their sum must look the same at every moment.
func TestReadsAreOfOneMoment(t *testing.T) {
	for _, states := range []int{0, 10} {
		s := &hooked{Store: memory.NewStore()}
		other := event.NewEngine(s.Store, nil, 0)
		pay(t, other, "p1", "a", 100)
		pay(t, other, "p2", "b", 100)
		g := event.NewEngine(s, nil, states)
		loads := 0
		s.load = func(_ []event.Cursor, next func() ([]event.Slice, error)) ([]event.Slice, error) {
			if loads++; loads == 2 {
				x := transfer{Key: "move", From: "b", To: "a", Amount: 50}
				if _, err := x.do(t.Context(), other); err != nil {
					t.Error(err)
				}
			}
			return next()
		}
		errSum := errors.New("sum")
		_, err := event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("a"),
			func(tx *event.Tx, a *account) (moved, error) {
				b, err := event.Read(tx, accounts.Ref("b"))
				if err == nil && a.Balance+b.Balance != 200 {
					err = fmt.Errorf("%w: %d and %d", errSum, a.Balance, b.Balance)
				}
				return moved{}, err
			})
		if err != nil {
			t.Errorf("states %d: refused for what never was: %v", states, err)
		}
	}
}

// TestResultIsTheCallersOwn changes what was handed in and out; cached states must not notice.
func TestResultIsTheCallersOwn(t *testing.T) {
	g := event.NewEngine(memory.NewStore(), nil, 10)
	parts := []int64{1, 2, 3}
	put := func(key string, see func(*account)) moved {
		got, err := event.Do(t.Context(), g, event.Command{Key: key}, accounts.Ref("a"),
			func(_ *event.Tx, a *account) (moved, error) {
				see(a)
				return moved{Parts: parts}, nil
			})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := put("k1", func(*account) {})
	got.Parts[0], parts[1] = 70, 80
	put("k2", func(a *account) {
		if !slices.Equal(a.Last, []int64{1, 2, 3}) {
			t.Errorf("cached state now has %v", a.Last)
		}
	})
}

// TestUndecodableEventIsRefused: what could not be read back is never stored.
func TestUndecodableEventIsRefused(t *testing.T) {
	s := memory.NewStore()
	g := event.NewEngine(s, nil, 10)
	_, err := event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("a"),
		func(*event.Tx, *account) (numbered, error) { return numbered{-1}, nil })
	if !errors.Is(err, event.ErrDecode) {
		t.Errorf("got %v", err)
	}
	_, err = event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("a"),
		func(tx *event.Tx, _ *account) (moved, error) {
			return moved{}, tx.Memo(accounts.Ref("a").Stream(), "note", &numbered{-1})
		})
	if !errors.Is(err, event.ErrDecode) {
		t.Errorf("memo: got %v", err)
	}
	if balance(t, g, "a") != 0 || dumpOf(t, s).Records != 0 {
		t.Error("something was written")
	}
}

// TestForeignEventsAreRefused hands events to Write that no kind can take.
func TestForeignEventsAreRefused(t *testing.T) {
	tx := event.NewTx()
	tx.Supply(accounts.Ref("a").Stream(), event.Slice{})
	for _, e := range []event.Of[account]{nil, &moved{Amount: 1}, stranger{}, impostor{}} {
		if err := event.Write(tx, accounts.Ref("a"), e); !errors.Is(err, event.ErrDecode) {
			t.Errorf("%T: got %v", e, err)
		}
	}
	if a, err := event.Read(tx, accounts.Ref("a")); err != nil || a.Balance != 0 {
		t.Errorf("state %v, %v", a, err)
	}
}

type stranger struct{}

func (stranger) Type() string   { return "strange" }
func (stranger) Apply(*account) {}

type impostor struct{}

func (impostor) Type() string     { return "moved" }
func (impostor) Apply(a *account) { a.Balance = 1e9 }

// TestTryRefusedBesideDo runs refused previews beside commands on one stream: a cached state has
// one owner at a time. It needs the race detector.
func TestTryRefusedBesideDo(t *testing.T) {
	g := event.NewEngine(memory.NewStore(), nil, 10)
	pay(t, g, "p", "a", 1000)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 200 {
				x := transfer{Key: fmt.Sprint(w, "-", i), From: "a", To: "b", Amount: 1}
				if w%2 == 0 {
					x.Amount = 1e9
					if _, err := x.try(t.Context(), g); !errors.Is(err, errShort) {
						t.Error(err)
					}
					continue
				}
				if _, err := x.do(t.Context(), g); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if a, b := balance(t, g, "a"), balance(t, g, "b"); a != 600 || b != 400 {
		t.Errorf("a %d, b %d", a, b)
	}
}

func TestOutboxComesWithTheCommit(t *testing.T) {
	s := memory.NewStore()
	g := event.NewEngine(s, nil, 0)
	x := transfer{Key: "k", From: "a", To: "b", Amount: 5}
	if _, err := x.do(t.Context(), g); !errors.Is(err, errShort) || dumpOf(t, s).Messages != 0 {
		t.Fatalf("after a refusal: %v, %d messages", err, dumpOf(t, s).Messages)
	}
	pay(t, g, "p", "a", 5)
	for range 2 {
		if _, err := x.do(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		due, err := s.Due(t.Context(), time.Time{}, 10)
		if err != nil || len(due) != 2 || due[1].ID != "k" || string(due[1].Data) != "b" {
			t.Fatalf("due %v, %v", due, err)
		}
	}
}

func TestWake(t *testing.T) {
	s := memory.NewStore()
	g := event.NewEngine(s, nil, 10)
	day := civil.MustParse("2026-03-01")
	set := func(key string, d civil.Date) {
		_, err := event.Do(t.Context(), g, event.Command{Key: key}, accounts.Ref("a"),
			func(*event.Tx, *account) (moved, error) { return moved{Next: d}, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	awake := func(on civil.Date) int {
		ids, err := s.Awake(t.Context(), "account", on, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(ids)
	}
	set("k1", day)
	if awake(day.AddDays(-1)) != 0 || awake(day) != 1 {
		t.Error("the wake date is not the state's")
	}
	guard := transfer{Key: "k2", From: "bank", To: "b", Amount: 1}
	_, err := event.Do(t.Context(), g, guard.command(), accounts.Ref("bank"),
		func(tx *event.Tx, b *account) (moved, error) {
			if _, err := event.Read(tx, accounts.Ref("a")); err != nil {
				return moved{}, err
			}
			return guard.decide(tx, b)
		})
	if err != nil || awake(day) != 1 {
		t.Errorf("a read guard changed the wake date: %v", err)
	}
	set("k3", civil.Date{})
	if awake(civil.MustParse("9999-12-31")) != 0 {
		t.Error("the wake date was not taken away")
	}
}

// TestMemoNeedsTheState: a memo on a stream whose wake date is not known would take it away.
func TestMemoNeedsTheState(t *testing.T) {
	s := memory.NewStore()
	g := event.NewEngine(s, nil, 0)
	day := civil.MustParse("2026-03-01")
	_, err := event.Do(t.Context(), g, event.Command{Key: "k1"}, accounts.Ref("a"),
		func(*event.Tx, *account) (moved, error) { return moved{Next: day}, nil })
	if err != nil {
		t.Fatal(err)
	}
	memo := func(key string, read bool) error {
		_, err := event.Do(t.Context(), g, event.Command{Key: key}, accounts.Ref("b"),
			func(tx *event.Tx, _ *account) (moved, error) {
				if read {
					if _, err := event.Read(tx, accounts.Ref("a")); err != nil {
						return moved{}, err
					}
				}
				return moved{}, tx.Memo(accounts.Ref("a").Stream(), "note", &moved{Amount: 5})
			})
		return err
	}
	if err := memo("k2", false); !errors.Is(err, event.ErrUnread) {
		t.Errorf("memo on an unread stream: %v", err)
	}
	if err := memo("k3", true); err != nil {
		t.Error(err)
	}
	ids, err := s.Awake(t.Context(), "account", day, "", 10)
	if err != nil || len(ids) != 1 {
		t.Errorf("awake %v, %v", ids, err)
	}
	if balance(t, g, "a") != 0 {
		t.Error("the memo changed the state")
	}
}

// TestUnreadRecordsAreKept: a stream that was loaded and not read yet still has its records when
// the next round brings others.
func TestUnreadRecordsAreKept(t *testing.T) {
	g := event.NewEngine(memory.NewStore(), nil, 0)
	pay(t, g, "p", "a", 10)
	_, err := event.Try(t.Context(), g, accounts.Ref("c"),
		func(tx *event.Tx, _ *account) (moved, error) {
			for _, id := range []string{"a", "b"} {
				if err := tx.Want(accounts.Ref(id).Stream()); err != nil {
					return moved{}, err
				}
			}
			a, err := event.Read(tx, accounts.Ref("a"))
			if err == nil && a.Balance != 10 {
				t.Errorf("balance %d", a.Balance)
			}
			return moved{}, err
		})
	if err != nil {
		t.Error(err)
	}
}
