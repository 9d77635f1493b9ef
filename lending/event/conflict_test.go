package event_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// TestConflictsAreRetried injects k conflicts into one command.
func TestConflictsAreRetried(t *testing.T) {
	for _, states := range []int{0, 10} {
		for _, k := range []int{0, 1, 2, 49, 50, 51} {
			s := &hooked{Store: memory.NewStore()}
			g := event.NewEngine(s, nil, states)
			pay(t, g, "p", "a", 10)
			before, left := dumpOf(t, s.Store), k
			s.commit = func(c event.Commit, next func() (event.Receipt, error)) (event.Receipt, error) {
				if left--; left >= 0 {
					return event.Receipt{}, &event.ConflictError{Stream: c.Appends[0].Stream}
				}
				return next()
			}
			x := transfer{Key: "k", From: "a", To: "b", Amount: 3}
			_, err := x.do(t.Context(), g)
			if k < 50 {
				if err != nil || balance(t, g, "a") != 7 || balance(t, g, "b") != 3 {
					t.Errorf("%d conflicts: %v, a %d, b %d", k, err, balance(t, g, "a"), balance(t, g, "b"))
				}
				continue
			}
			var conflict *event.ConflictError
			if !errors.As(err, &conflict) || !errors.Is(err, event.ErrConflict) || dumpOf(t,
				s.Store) != before {
				t.Errorf("%d conflicts: %v", k, err)
			}
			s.commit = nil
			if _, err := x.do(t.Context(), g); err != nil || balance(t, g, "a") != 7 {
				t.Errorf("after %d conflicts: %v", k, err)
			}
		}
	}
}

// TestRefusalsOfTheStore: these errors of a commit say that nothing was written.
func TestRefusalsOfTheStore(t *testing.T) {
	for _, want := range []error{event.ErrKeyReused, event.ErrTooLarge} {
		s := &hooked{Store: memory.NewStore()}
		g := event.NewEngine(s, nil, 10)
		s.commit = func(event.Commit, func() (event.Receipt, error)) (event.Receipt, error) {
			return event.Receipt{}, fmt.Errorf("store: %w", want)
		}
		_, err := transfer{Key: "k", From: "bank", To: "a", Amount: 1}.do(t.Context(), g)
		if !errors.Is(err, want) || errors.Is(err, event.ErrUnknown) || balance(t, g, "a") != 0 {
			t.Errorf("%v: got %v", want, err)
		}
	}
}

// TestKeyTakenMeanwhile: between Find and Commit another process takes the key, for the same
// content or for other content.
func TestKeyTakenMeanwhile(t *testing.T) {
	for _, same := range []bool{true, false} {
		s := &hooked{Store: memory.NewStore()}
		g, other := event.NewEngine(s, nil, 10), event.NewEngine(s.Store, nil, 0)
		x := transfer{Key: "k", From: "bank", To: "a", Amount: 5}
		y := x
		if !same {
			y.Amount = 6
		}
		var first moved
		s.commit = func(_ event.Commit, next func() (event.Receipt, error)) (event.Receipt, error) {
			var err error
			if first, err = y.do(t.Context(), other); err != nil {
				t.Error(err)
			}
			return next()
		}
		got, err := x.do(t.Context(), g)
		s.commit = nil
		if same && (err != nil || diff(first, got) != "") {
			t.Errorf("same content: %v\n%s", err, diff(first, got))
		}
		if !same && !errors.Is(err, event.ErrKeyReused) {
			t.Errorf("other content: %v", err)
		}
		if b := balance(t, g, "a"); b != y.Amount {
			t.Errorf("balance %d, want %d", b, y.Amount)
		}
	}
}

// TestConcurrentTransfers has 16 goroutines on two engines over one store, each command sent from
// both: nothing is lost, nothing happens twice.
func TestConcurrentTransfers(t *testing.T) {
	const workers, each, rich = 16, 25, 10_000
	s := memory.NewStore()
	engines := []*event.Engine{event.NewEngine(s, nil, 100), event.NewEngine(s, nil, 0)}
	want := map[string]int64{}
	for _, id := range owners[1:] {
		pay(t, engines[0], "start-"+id, id, rich)
		want[id] = rich
	}
	scripts := make([][]transfer, workers/2)
	for w := range scripts {
		for i := range each {
			x := transfer{Key: fmt.Sprint(w, "-", i), From: owners[1+(w+i)%3], To: owners[1+(w+2*i+1)%3]}
			if x.From == x.To {
				x.From = "bank"
			}
			x.Amount = int64(i % 7)
			scripts[w] = append(scripts[w], x)
			want[x.From] -= x.Amount
			want[x.To] += x.Amount
		}
	}
	var wg sync.WaitGroup
	results := make([][each]moved, workers)
	for w := range workers {
		wg.Go(func() {
			for i, x := range scripts[w/2] {
				var err error
				if results[w][i], err = x.do(t.Context(), engines[w%2]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for w := range scripts {
		if d := diff(results[2*w], results[2*w+1]); d != "" {
			t.Errorf("the two senders of script %d got different results:\n%s", w, d)
		}
	}
	want["bank"] -= 3 * rich
	var total int64
	for _, id := range owners {
		for i, g := range engines {
			if got := balance(t, g, id); got != want[id] {
				t.Errorf("engine %d: %s has %d, want %d", i, id, got, want[id])
			}
		}
		total += want[id]
	}
	if total != 0 {
		t.Errorf("total %d", total)
	}
}
