package event_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// operation is one call as its caller saw it. Start and end are ticks of one counter.
type operation struct {
	x          transfer
	start, end int64
	refused    bool
	got        moved
	from, to   int64 // what a refused decision saw of both accounts
}

// TestHistory records concurrent transfers and checks that one serial order, that of the commits,
// explains every result, refusals included, and respects real time.
func TestHistory(t *testing.T) {
	for _, states := range []int{0, 100} {
		for round := range 5 {
			s := memory.NewStore()
			ops := recordHistory(t, s, states, round)
			order, _, err := s.Read(t.Context(), 0, 1<<30)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(order); n == 0 || n >= 2*len(ops) {
				t.Errorf("%d records of %d transfers: nothing done, or nothing refused", n, len(ops))
			}
			if err := explain(ops, order); err != nil {
				t.Errorf("states %d, round %d: %v", states, round, err)
			}
		}
	}
}

func recordHistory(t *testing.T, s *memory.Store, states, round int) []operation {
	const workers, each = 8, 40
	engines := []*event.Engine{event.NewEngine(s, nil, states), event.NewEngine(s, nil, states)}
	var tick atomic.Int64
	var wg sync.WaitGroup
	ops := make([]operation, workers*each)
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				n := w*each + i
				x := transfer{Key: fmt.Sprint(n), From: owners[n%4], To: owners[1+(n/4+round)%3]}
				if x.From == x.To {
					x.From = "bank"
				}
				x.Amount = int64(n%5 + 1)
				ops[n] = x.observe(t, engines[w%2], &tick)
			}
		})
	}
	wg.Wait()
	return ops
}

// observe carries out a transfer and notes when and with what result.
func (x transfer) observe(t *testing.T, g *event.Engine, tick *atomic.Int64) operation {
	op := operation{x: x, start: tick.Add(1)}
	var err error
	op.got, err = event.Do(context.Background(), g, x.command(), accounts.Ref(x.From),
		func(tx *event.Tx, from *account) (moved, error) {
			to, err := event.Read(tx, accounts.Ref(x.To))
			if err != nil {
				return moved{}, err
			}
			op.from, op.to = from.Balance, to.Balance
			return x.decide(tx, from)
		})
	op.end = tick.Add(1)
	if op.refused = errors.Is(err, errShort); err != nil && !op.refused {
		t.Error(err)
	}
	return op
}

// explain replays the commits in their order on a map of balances.
func explain(ops []operation, order []event.Change) error {
	byKey := map[string]operation{}
	for _, op := range ops {
		byKey[op.x.Key] = op
	}
	moments := []map[string]int64{{}} // balances before each commit and after the last
	var done []operation
	latest := int64(0) // start of any commit so far
	for _, c := range order {
		e, err := accounts.Decode(c.Record)
		if err != nil {
			return err
		}
		m := e.(moved)
		op, home := byKey[m.Tag], m.Amount <= 0
		if home != (c.Stream.ID == op.x.From) {
			return fmt.Errorf("%s stands on %s", m.Tag, c.Stream)
		}
		if !home {
			continue // the other half of the same commit
		}
		now := moments[len(moments)-1]
		next := map[string]int64{}
		for id, v := range now {
			next[id] = v
		}
		next[op.x.From] -= op.x.Amount
		next[op.x.To] += op.x.Amount
		switch {
		case op.refused || diff(op.got, m) != "":
			return fmt.Errorf("%s committed %+v, its caller got %+v", m.Tag, m, op)
		case m.After != next[op.x.From] || op.x.From != "bank" && m.After < 0:
			return fmt.Errorf("%s leaves %d, the order says %d", m.Tag, m.After, next[op.x.From])
		case op.end < latest:
			return fmt.Errorf("%s ended at %d, before an earlier commit began at %d", m.Tag, op.end, latest)
		}
		latest = max(latest, op.start)
		moments, done = append(moments, next), append(done, op)
	}
	refused := slices.DeleteFunc(slices.Clone(ops), func(op operation) bool { return !op.refused })
	if len(done)+len(refused) != len(ops) {
		return fmt.Errorf("%d commits and %d refusals of %d operations", len(done), len(refused),
			len(ops))
	}
	return place(refused, done, moments)
}

// place finds for every refusal a moment that shows what it saw, in real time's order: after what
// had ended when it began, before what began when it had ended. The earliest moment is the best.
func place(refused, done []operation, moments []map[string]int64) error {
	slices.SortFunc(refused, func(a, b operation) int { return cmp.Compare(a.start, b.start) })
	at := make([]int, len(refused))
	for i, op := range refused {
		low, high := 0, len(done)
		for p, c := range done {
			if c.end < op.start {
				low = max(low, p+1)
			}
			if c.start > op.end {
				high = min(high, p)
			}
		}
		for j, earlier := range refused[:i] {
			if earlier.end < op.start {
				low = max(low, at[j])
			}
		}
		p := low
		for p <= high && (moments[p][op.x.From] != op.from || moments[p][op.x.To] != op.to) {
			p++
		}
		if p > high {
			return fmt.Errorf("no moment in %d..%d explains the refusal %+v", low, high, op)
		}
		at[i] = p
	}
	return nil
}
