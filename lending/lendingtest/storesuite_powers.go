package lendingtest

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// noRetry settles a message for good.
var noRetry time.Time

func (r *rig) due(now time.Time, limit int) []event.Message {
	r.Helper()
	ms, err := r.outbox.Due(r.ctx, now, limit)
	if err != nil {
		r.Fatalf("due: %v", err)
	}
	for i := range ms {
		ms[i].Due = ms[i].Due.UTC()
	}
	return ms
}

func (r *rig) settle(id string, retryAt time.Time) {
	r.Helper()
	if err := r.outbox.Settle(r.ctx, id, retryAt); err != nil {
		r.Fatalf("settle %s: %v", id, err)
	}
}

func (r *rig) awake(kind string, on civil.Date, after string, limit int) []string {
	r.Helper()
	ids, err := r.agenda.Awake(r.ctx, kind, on, after, limit)
	if err != nil {
		r.Fatalf("awake: %v", err)
	}
	return ids
}

func (r *rig) read(after event.Position, limit int) ([]event.Change, event.Position) {
	r.Helper()
	cs, next, err := r.feed.Read(r.ctx, after, limit)
	if err != nil {
		r.Fatalf("read feed: %v", err)
	}
	return cs, next
}

func (r *rig) keep(s event.Stream, snap event.Snapshot) {
	r.Helper()
	if err := r.snapshots.KeepSnapshot(r.ctx, s, snap); err != nil {
		r.Fatalf("keep snapshot: %v", err)
	}
}

// send commits messages.
func (r *rig) send(key string, ms ...event.Message) {
	r.Helper()
	c := r.commit(key, put(name("of-"+key), 0, "x"))
	c.Outbox = ms
	r.must(c)
}

// isDue checks which messages are due, by id and in order.
func (r *rig) isDue(what string, now time.Time, want ...string) {
	r.Helper()
	var got []string
	for _, m := range r.due(now, 99) {
		got = append(got, m.ID)
	}
	r.equal(what, want, got)
}

func unsettled(r *rig) {
	later := clock.Add(time.Hour)
	r.send("k", letter("a", clock), letter("b", clock), letter("c", clock))
	for range 3 {
		r.isDue("not settled", clock, "a", "b", "c")
	}
	r.settle("b", noRetry)
	r.isDue("one settled", clock, "a", "c")
	r.settle("a", later)
	r.isDue("one put off", clock, "c")
	r.isDue("one put off, a second early", later.Add(-time.Second), "c")
	r.isDue("put off until now", later, "c", "a")
	r.settle("a", clock.Add(-time.Hour))
	r.isDue("put forward", clock, "a", "c")
	r.settle("b", clock)
	r.isDue("settled stays settled", later, "a", "c")
	r.settle("none", noRetry)
	r.settle("none", clock)
	r.settle("a", noRetry)
	r.settle("a", noRetry)
	r.isDue("two settled", later, "c")
	for range 40 { // an attempt that dies between Due and Settle leaves the message due
		r.isDue("attempts that died", later, "c")
	}
	r.settle("c", noRetry)
	r.isDue("all settled", later.AddDate(99, 0, 0))
}

func noEarlyMessage(r *rig) {
	lost := r.commit("lost", put(name("home"), 3, "x"))
	lost.Outbox = []event.Message{letter("lost", clock)}
	if _, err := r.store.Commit(r.ctx, lost); err == nil {
		r.Fatalf("a wrong expect was committed")
	}
	r.isDue("message of a commit that lost", clock)
	const n = 4 * rounds
	var stop atomic.Bool
	race(2, func(i int) {
		if i == 0 {
			defer stop.Store(true)
			for j := range n {
				c := event.Commit{Key: fmt.Sprintf("key-%d", j), Fingerprint: digest("x"), At: clock,
					Appends: []event.Append{put(name(fmt.Sprint(j)), 0, "x")},
					Outbox:  []event.Message{{ID: fmt.Sprint(j), Data: []byte("x"), Due: clock}}}
				if _, err := r.store.Commit(r.ctx, c); err != nil {
					r.Errorf("commit: %v", err)
				}
			}
			return
		}
		for !stop.Load() {
			r.lastDueStands()
			runtime.Gosched()
		}
	})
	if got := len(r.due(clock, 2*n)); got != n {
		r.Errorf("%d messages of %d commits", got, n)
	}
}

// lastDueStands checks that the commit of the newest message can be seen.
func (r *rig) lastDueStands() {
	ms, err := r.outbox.Due(r.ctx, clock, 1<<20)
	if err != nil {
		r.Errorf("due: %v", err)
	}
	if len(ms) == 0 {
		return
	}
	last := ms[len(ms)-1].ID
	sl, err := r.store.Load(r.ctx, event.Cursor{Stream: name(last)})
	if err != nil || len(sl) != 1 || sl[0].Head != 1 {
		r.Errorf("message %s came before its commit: %v, %v", last, sl, err)
	}
}

func dueOrder(r *rig) {
	at := func(h int) time.Time { return clock.Add(time.Duration(h) * time.Hour) }
	r.send("k1", letter("z", at(5)), letter("y", at(1)), letter("x", at(1)))
	r.send("k2", letter("w", at(1)), letter("v", at(0)))
	r.send("k3", letter("u", at(-3)))
	r.isDue("all", at(9), "u", "v", "y", "x", "w", "z")
	r.isDue("due now is due", at(1), "u", "v", "y", "x", "w")
	r.isDue("a second early", at(1).Add(-time.Second), "u", "v")
	r.isDue("before all", at(-4))
	for limit := range 7 {
		if got := len(r.due(at(9), limit)); got != limit && limit > 0 || got > limit {
			r.Errorf("limit %d gave %d messages", limit, got)
		}
	}
	first := r.due(at(9), 1)
	r.equal("first of all", []event.Message{letter("u", at(-3))}, first)
}

func sentOnce(r *rig) {
	r.send("k1", letter("a", clock), letter("b", clock))
	other := letter("a", clock.Add(-time.Hour))
	other.Data = []byte("other")
	r.send("k2", other, letter("c", clock), letter("A", clock))
	r.equal("a repeated id", []event.Message{
		letter("a", clock), letter("b", clock), letter("c", clock), letter("A", clock)}, r.due(clock, 9))
	r.settle("a", noRetry)
	r.send("k3", other)
	r.isDue("a repeated id that was settled", clock, "b", "c", "A")
}

func awakePages(r *rig) {
	var want []string
	for i := range 40 {
		j := i * 23 % 40
		c := r.commit(fmt.Sprintf("key-%d", j), put(name(fmt.Sprintf("id-%d", j)), 0, "x"))
		if j%4 > 0 {
			c.Appends[0].Wake = day(j%4 - 2) // yesterday, today and tomorrow
		}
		if j%4 == 1 || j%4 == 2 {
			want = append(want, fmt.Sprintf("id-%d", j))
		}
		r.must(c)
	}
	slices.Sort(want)
	r.equal("awake today", want, r.awake("loan", day(0), "", 99))
	for _, limit := range []int{1, 3, 7, 20} {
		var got []string
		for after := ""; ; after = got[len(got)-1] {
			page := r.awake("loan", day(0), after, limit)
			if len(page) > limit {
				r.Errorf("limit %d gave %d ids", limit, len(page))
			}
			if got = append(got, page...); len(page) == 0 || len(got) > 99 {
				break
			}
		}
		r.equal(fmt.Sprintf("pages of %d", limit), want, got)
	}
	r.equal("after an id that does not exist", want[5:6], r.awake("loan", day(0), want[4]+".", 1))
	r.equal("awake before all", []string(nil), r.awake("loan", day(-2), "", 99))
	r.equal("another kind", []string(nil), r.awake("Loan", day(0), "", 99))
	if n := len(r.awake("loan", day(1), "", 99)); n != 30 {
		r.Errorf("awake tomorrow: %d, want 30", n)
	}
}

func wakeReplaced(r *rig) {
	a, b := name("a"), name("b")
	wake := func(key string, on civil.Date, appends ...event.Append) {
		c := r.commit(key, appends...)
		c.Appends[0].Wake = on
		r.must(c)
	}
	wake("k1", day(1), put(a, 0, "a1"))
	wake("k2", day(1), put(b, 0, "b1"), put(a, 1))
	r.equal("a guard keeps the date", []string{"a", "b"}, r.awake("loan", day(1), "", 9))
	lost := r.commit("k3", put(a, 7, "a2"))
	if _, err := r.store.Commit(r.ctx, lost); err == nil {
		r.Fatalf("a wrong expect was committed")
	}
	r.equal("a conflict keeps the date", []string{"a", "b"}, r.awake("loan", day(1), "", 9))
	wake("k4", day(3), put(a, 1, "a2"))
	r.equal("put off", []string{"b"}, r.awake("loan", day(2), "", 9))
	r.equal("put off until now", []string{"a", "b"}, r.awake("loan", day(3), "", 9))
	wake("k5", day(-3), put(a, 2, "a3"))
	r.equal("put forward", []string{"a"}, r.awake("loan", day(0), "", 9))
	wake("k6", civil.Date{}, put(a, 3, "a4"))
	r.equal("sent to sleep", []string{"b"}, r.awake("loan", day(9999), "", 9))
	wake("k7", day(2), put(a, 4, "a5"))
	r.equal("woken again", []string{"a", "b"}, r.awake("loan", day(2), "", 9))
}

func feedOrder(r *rig) {
	var want []event.Change
	heads := map[event.Stream]event.Version{}
	for i := range 12 {
		a, b := name(fmt.Sprint("a-", i%3)), name(fmt.Sprint("b-", i%2))
		c := r.commit(fmt.Sprint("key-", i), put(a, heads[a], "x", fmt.Sprint("y", i)), put(b, heads[b]))
		if i%4 == 1 {
			c.Appends[1] = put(b, heads[b], "z")
		}
		r.must(c)
		for _, ap := range c.Appends {
			for _, rec := range ap.Records {
				heads[ap.Stream]++
				want = append(want, event.Change{Stream: ap.Stream, At: heads[ap.Stream], Key: c.Key, Record: rec})
			}
		}
	}
	for _, limit := range []int{1, 2, 5, 99} {
		var got []event.Change
		pos := event.Position(0)
		for range 99 {
			cs, next := r.read(pos, limit)
			if len(cs) > limit {
				r.Errorf("limit %d gave %d changes", limit, len(cs))
			}
			got, pos = append(got, cs...), next
		}
		r.equal(fmt.Sprintf("feed by %d", limit), byStream(want), byStream(got))
	}
	_, end := r.read(0, 99)
	late := put(name("late"), 0, "x")
	r.must(r.commit("late", late))
	got, _ := r.read(end, 99)
	want = []event.Change{{Stream: late.Stream, At: 1, Key: "late", Record: late.Records[0]}}
	r.equal("feed after its end", want, got)
}

// byStream sorts changes by stream and keeps the order within each.
func byStream(cs []event.Change) map[string][]event.Change {
	out := map[string][]event.Change{}
	for _, c := range cs {
		out[c.Stream.String()] = append(out[c.Stream.String()], c)
	}
	return out
}

func feedSkipsNothing(r *rig) {
	const writers = 4
	var left atomic.Int32
	left.Store(writers)
	got := map[event.Stream]event.Version{}
	race(writers+1, func(i int) {
		if i < writers {
			defer left.Add(-1)
			for v := range event.Version(rounds) {
				c := event.Commit{Key: fmt.Sprintf("key-%d-%d", i, v), At: clock,
					Appends: []event.Append{put(name(fmt.Sprint(i)), v, "x")}}
				if _, err := r.store.Commit(r.ctx, c); err != nil {
					r.Errorf("commit: %v", err)
				}
			}
			return
		}
		pos, end := event.Position(0), false
		for !end {
			end = left.Load() == 0 // one more look after the last commit
			pos = r.follow(pos, got)
			runtime.Gosched()
		}
	})
	for i := range writers {
		if s := name(fmt.Sprint(i)); got[s] != rounds {
			r.Errorf("a reader that followed %s saw %d of %d records", s, got[s], rounds)
		}
	}
}

// follow reads what is there and checks that each stream goes on where it was.
func (r *rig) follow(pos event.Position, got map[event.Stream]event.Version) event.Position {
	for range 1000 {
		cs, next, err := r.feed.Read(r.ctx, pos, 3)
		if err != nil {
			r.Errorf("read feed: %v", err)
		}
		if len(cs) == 0 {
			return pos
		}
		for _, c := range cs {
			if c.At != got[c.Stream]+1 {
				r.Errorf("feed goes from %s %d to %d", c.Stream, got[c.Stream], c.At)
			}
			got[c.Stream] = c.At
		}
		pos = next
	}
	r.Errorf("feed has no end")
	return pos
}

func newestSnapshot(r *rig) {
	a := name("a")
	if _, err := r.snapshots.Snapshot(r.ctx, a); !errors.Is(err, event.ErrNotFound) {
		r.Errorf("no snapshot yet: error %v, want ErrNotFound", err)
	}
	r.must(r.commit("k", put(a, 0, "1", "2", "3"), put(name("A"), 0, "x")))
	for i, snap := range []event.Snapshot{
		{At: 2, Hash: digest("2"), Data: []byte("two\x00\xff")},
		{At: 3, Hash: digest("3"), Data: []byte("three")},
	} {
		r.keep(a, snap)
		got, err := r.snapshots.Snapshot(r.ctx, a)
		if err != nil {
			r.Fatalf("snapshot: %v", err)
		}
		r.equal(fmt.Sprintf("snapshot %d", i), snap, got)
	}
	r.keep(a, event.Snapshot{At: 1, Hash: digest("1"), Data: []byte("late")})
	if got, err := r.snapshots.Snapshot(r.ctx, a); err != nil || got.At != 3 {
		r.Errorf("snapshot after an older one: at %d, %v, want 3", got.At, err)
	}
	if _, err := r.snapshots.Snapshot(r.ctx, name("A")); !errors.Is(err, event.ErrNotFound) {
		r.Errorf("snapshot of another name: error %v, want ErrNotFound", err)
	}
	r.holds(a, "1", "2", "3")
}
