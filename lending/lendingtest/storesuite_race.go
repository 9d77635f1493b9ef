package lendingtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/loanweave/loanweave/lending/event"
)

// Racing cases repeat themselves: so many rounds of so many racers.
const (
	rounds = 24
	racers = 8
)

func seenByAll(r *rig) {
	done := make(chan int)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer close(done)
	for range 2 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := range done {
				key, s := fmt.Sprintf("key-%d", i), name(fmt.Sprintf("s-%d", i))
				if _, _, err := r.store.Find(r.ctx, key); err != nil {
					r.Errorf("find %s after its commit: %v", key, err)
				}
				sl, err := r.store.Load(r.ctx, event.Cursor{Stream: s}, event.Cursor{Stream: name("all")})
				if err != nil || len(sl) != 2 || sl[0].Head != 1 || sl[1].Head < event.Version(i+1) {
					r.Errorf("load %s after its commit: %v, %v", s, sl, err)
				}
			}
		}()
	}
	for i := range 2 * rounds {
		s := name(fmt.Sprintf("s-%d", i))
		r.must(r.commit(fmt.Sprintf("key-%d", i),
			put(s, 0, "x"), put(name("all"), event.Version(i), "x")))
		done <- i
	}
}

func survives(r *rig) {
	for i := range 5 {
		c := r.commit(fmt.Sprintf("key-%d", i),
			put(name("a"), event.Version(i), awkward()[i]), put(name(fmt.Sprint(i)), 0, "x", "y"))
		c.Outbox = []event.Message{letter(fmt.Sprintf("m%d", i), clock)}
		c.Appends[0].Wake = day(i)
		r.must(c)
	}
	if r.outbox != nil {
		r.settle("m1", noRetry)
		r.settle("m2", clock.AddDate(0, 0, 1))
	}
	before := r.look()
	for range 2 {
		r.use(r.reopen(r.store))
		r.unchanged("reopening", before)
	}
	again := r.commit("key-3", put(name("z"), 0, "z"))
	if rc, err := r.store.Commit(r.ctx, again); err != nil || !rc.Duplicate || rc.Home.After != 4 {
		r.Errorf("known key after reopening: %v, %v", rc, err)
	}
	_, err := r.store.Commit(r.ctx, r.commit("stale", put(name("a"), 4, "x")))
	r.conflict("stale expect after reopening", err, name("a"))
	r.must(r.commit("next", put(name("a"), 5, "x")))
}

func guards(r *rig) {
	a, b := name("a"), name("b")
	r.must(r.commit("seed", put(a, 0, "a1")))
	before := r.look().Slices[0]
	r.must(r.commit("write-b", put(b, 0, "b1"), put(a, 1)))
	r.equal("a guarded stream", before, r.load(event.Cursor{Stream: a})[0])
	_, err := r.store.Commit(r.ctx, r.commit("write-a", put(a, 1, "a2"), put(b, 0)))
	r.conflict("guard of a stream that moved", err, b)
	r.holds(a, "a1")
	for i := range rounds {
		x, y := name(fmt.Sprintf("x-%d", i)), name(fmt.Sprintf("y-%d", i))
		skew := []event.Commit{
			r.commit(fmt.Sprintf("x-%d", i), put(x, 0, "x"), put(y, 0)),
			r.commit(fmt.Sprintf("y-%d", i), put(y, 0, "y"), put(x, 0)),
		}
		var wins atomic.Int32
		race(2, func(j int) {
			_, err := r.store.Commit(r.ctx, skew[j])
			if err == nil {
				wins.Add(1)
			} else {
				r.conflict("skew", err, skew[j].Appends[1].Stream)
			}
		})
		if wins.Load() != 1 {
			r.Errorf("round %d: %d of two commits that guard each other's stream stand", i, wins.Load())
		}
	}
}

func oneWinner(r *rig) {
	hot := name("hot")
	for i := range rounds {
		cs := make([]event.Commit, racers)
		for j := range cs {
			own := name(fmt.Sprintf("own-%d-%d", i, j))
			cs[j] = r.commit(fmt.Sprintf("key-%d-%d", i, j),
				put(own, 0, "x"), put(hot, event.Version(i), fmt.Sprint(j)))
		}
		var wins atomic.Int32
		race(racers, func(j int) {
			_, err := r.store.Commit(r.ctx, cs[j])
			if err == nil {
				wins.Add(1)
			} else {
				r.conflict("a racer that lost", err, hot)
			}
		})
		if wins.Load() != 1 {
			r.Errorf("round %d: %d of %d racers won", i, wins.Load(), racers)
		}
		owns := 0
		for j := range cs {
			owns += int(r.load(event.Cursor{Stream: cs[j].Appends[0].Stream})[0].Head)
		}
		if head := r.load(event.Cursor{Stream: hot})[0].Head; owns != 1 || head != event.Version(i+1) {
			r.Fatalf("round %d: head %d, and %d racers left a record", i, head, owns)
		}
	}
}

func resending(r *rig) {
	a := name("a")
	for i := range rounds {
		v := event.Version(i)
		c := r.commit(fmt.Sprintf("key-%d", i), put(a, v, "x"), put(name("b"), v, "y"))
		c.Outbox = []event.Message{letter(c.Key, clock)}
		want := event.Receipt{Home: event.Cursor{Stream: a, After: v + 1}}
		var firsts atomic.Int32
		race(racers, func(int) {
			rc, err := r.store.Commit(r.ctx, c)
			if !rc.Duplicate {
				firsts.Add(1)
			}
			rc.Duplicate = false
			if err != nil || rc != want {
				r.Errorf("round %d: %v, %v, want %v", i, rc, err, want)
			}
		})
		if firsts.Load() != 1 {
			r.Errorf("round %d: %d of %d resends of one commit were the first", i, firsts.Load(), racers)
		}
	}
	if head := r.load(event.Cursor{Stream: a})[0].Head; head != rounds {
		r.Errorf("head %d after %d commits", head, rounds)
	}
	if r.outbox != nil {
		if n := len(r.due(clock, 1<<20)); n != rounds {
			r.Errorf("%d messages of %d commits", n, rounds)
		}
	}
}

func cancelled(r *rig) {
	a, b := name("a"), name("b")
	for i := range 4 * rounds {
		v := event.Version(i)
		c := r.commit(fmt.Sprintf("key-%d", i), put(a, v, "x"), put(b, v, "y"))
		c.Outbox = []event.Message{letter(c.Key, clock)}
		ctx, cancel := context.WithCancel(r.ctx)
		if i%2 == 0 {
			cancel()
		} else {
			go cancel()
		}
		_, first := r.store.Commit(ctx, c)
		cancel()
		for _, known := range []error{event.ErrConflict, event.ErrKeyReused, event.ErrTooLarge} {
			if errors.Is(first, known) {
				r.Errorf("cancelled: error %v is not unknown", first)
			}
		}
		sl := r.load(event.Cursor{Stream: a}, event.Cursor{Stream: b})
		if sl[0].Head != sl[1].Head || sl[0].Head < v || first == nil && sl[0].Head == v {
			r.Fatalf("cancelled: heads %d and %d after %d commits, %v", sl[0].Head, sl[1].Head, i, first)
		}
		rc, err := r.store.Commit(r.ctx, c)
		if err != nil || rc.Home.After != v+1 || rc.Duplicate != (sl[0].Head == v+1) {
			r.Fatalf("sent again after cancelling: %v, %v", rc, err)
		}
	}
	if r.outbox != nil {
		if n := len(r.due(clock, 1<<20)); n != 4*rounds {
			r.Errorf("%d messages of %d commits", n, 4*rounds)
		}
	}
}

func oneMoment(r *rig) {
	a, b := name("a"), name("b")
	var stop atomic.Bool
	race(3, func(i int) {
		if i > 0 {
			for !stop.Load() {
				sl, err := r.store.Load(r.ctx, event.Cursor{Stream: a}, event.Cursor{Stream: b})
				if err != nil || len(sl) != 2 || sl[0].Head != sl[1].Head {
					r.Errorf("streams that move together: %v, %v", sl, err)
					return
				}
				runtime.Gosched()
			}
			return
		}
		defer stop.Store(true)
		for v := range event.Version(4 * rounds) {
			c := event.Commit{Key: fmt.Sprint("key-", v), At: clock,
				Appends: []event.Append{put(a, v, "x"), put(b, v, "y")}}
			if _, err := r.store.Commit(r.ctx, c); err != nil {
				r.Errorf("commit: %v", err)
				return
			}
		}
	})
}
