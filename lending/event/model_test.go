package event_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

var owners = []string{"bank", "a", "b", "c"}

// world runs an engine beside a naive model of it.
type world struct {
	store    *memory.Store
	engine   *event.Engine
	balances map[string]int64
	done     []transfer
	results  []moved
	keys     int
}

func (w *world) restart(t *rapid.T) {
	states := rapid.SampledFrom([]int{0, 1, 1000}).Draw(t, "states")
	var s event.Store = w.store
	if rapid.Bool().Draw(t, "plain") {
		s = plain{s}
	}
	w.engine = event.NewEngine(s, nil, states)
}

func (w *world) draw(t *rapid.T) transfer {
	w.keys++
	x := transfer{
		Key:    fmt.Sprint("key-", w.keys),
		From:   rapid.SampledFrom(owners).Draw(t, "from"),
		To:     rapid.SampledFrom(owners[1:]).Draw(t, "to"),
		Amount: rapid.Int64Range(0, 200).Draw(t, "amount"),
		Parts:  rapid.SampledFrom([]int{0, 0, 0, 0, 1, 30, 140}).Draw(t, "parts"),
	}
	if x.From == x.To {
		x.From = "bank"
	}
	return x
}

func (w *world) transfer(t *rapid.T) {
	x := w.draw(t)
	before := dumpOf(t, w.store)
	tried, errTried := x.try(context.Background(), w.engine)
	if dumpOf(t, w.store) != before {
		t.Fatal("a try wrote")
	}
	got, err := x.do(context.Background(), w.engine)
	if d := diff(tried, got); d != "" || !errors.Is(err, errTried) {
		t.Fatalf("try and do differ, %v, %v:\n%s", errTried, err, d)
	}
	if x.From != "bank" && w.balances[x.From] < x.Amount {
		if !errors.Is(err, errShort) {
			t.Fatalf("want refusal, got %v", err)
		}
		if dumpOf(t, w.store) != before {
			t.Fatal("a refusal wrote")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	w.balances[x.From] -= x.Amount
	w.balances[x.To] += x.Amount
	w.done, w.results = append(w.done, x), append(w.results, got)
}

func (w *world) again(t *rapid.T) {
	if len(w.done) == 0 {
		t.Skip("nothing done")
	}
	i := rapid.IntRange(0, len(w.done)-1).Draw(t, "i")
	before := dumpOf(t, w.store)
	got, err := w.done[i].do(context.Background(), w.engine)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(w.results[i], got); d != "" {
		t.Fatalf("retry of %s differs:\n%s", w.done[i].Key, d)
	}
	other := w.done[i]
	other.Amount++
	if _, err := other.do(context.Background(), w.engine); !errors.Is(err, event.ErrKeyReused) {
		t.Fatalf("other content under a key: %v", err)
	}
	if dumpOf(t, w.store) != before {
		t.Fatal("a retry wrote")
	}
}

func (w *world) check(t *rapid.T) {
	for _, id := range owners {
		a, v, err := event.View(context.Background(), w.engine, accounts.Ref(id))
		if err != nil {
			t.Fatal(err)
		}
		if a.Balance != w.balances[id] {
			t.Fatalf("%s at %d has %d, want %d", id, v, a.Balance, w.balances[id])
		}
		a.Balance, a.Last = -1e15, append(a.Last, 7) // the view is the caller's own
	}
}

// TestModel plays commands, retries of any earlier command, reused keys and restarts against a
// map of balances, with and without cached states and snapshots.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{store: memory.NewStore(), balances: map[string]int64{}}
		w.restart(t)
		t.Repeat(map[string]func(*rapid.T){
			"transfer": w.transfer,
			"again":    w.again,
			"restart":  w.restart,
			"":         w.check,
		})
	})
}

// TestSettingsChangeNothing runs one script under every setting: what is stored and what it folds
// to must not differ.
func TestSettingsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := world{balances: map[string]int64{}}
		script := make([]transfer, rapid.IntRange(1, 30).Draw(t, "commands"))
		for i := range script {
			script[i] = w.draw(t)
		}
		var want, got string
		for i, states := range []int{0, 0, 1, 1, 1000, 1000} {
			store := memory.NewStore()
			var s event.Store = store
			if i%2 == 0 {
				s = plain{s}
			}
			g := event.NewEngine(s, nil, states)
			for _, x := range script {
				if _, err := x.do(context.Background(), g); err != nil && !errors.Is(err, errShort) {
					t.Fatal(err)
				}
			}
			got = fmt.Sprintf("%v", dumpOf(t, store))
			for _, id := range owners {
				a, v, err := event.View(context.Background(), g, accounts.Ref(id))
				got += fmt.Sprintf("\n%s %v %d %v", id, a, v, err)
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("states %d, snapshots %t:\n%s\nwant\n%s", states, i%2 == 1, got, want)
			}
		}
	})
}
