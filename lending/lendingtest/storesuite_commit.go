package lendingtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
)

func allOrNothing(r *rig) {
	r.must(r.commit("seed", put(name("a"), 0, "a1"), put(name("b"), 0, "b1", "b2")))
	for bad := range 4 {
		c := r.commit(fmt.Sprintf("key-%d", bad),
			put(name("a"), 1, "a2"), put(name("b"), 2, "b3"), put(name("c"), 0, "c1"), put(name("d"), 0))
		for i := range c.Appends {
			c.Appends[i].Wake = day(i)
		}
		c.Outbox = []event.Message{letter("m1", clock)}
		c.Appends[bad].Expect++
		before := r.look()
		_, err := r.store.Commit(r.ctx, c)
		what := fmt.Sprintf("conflict on append %d", bad)
		r.conflict(what, err, c.Appends[bad].Stream)
		r.unchanged(what, before)
	}
	again := r.commit("seed", put(name("a"), 1, "a2"))
	again.Fingerprint = digest("other")
	again.Outbox = []event.Message{letter("m1", clock)}
	before := r.look()
	if _, err := r.store.Commit(r.ctx, again); !errors.Is(err, event.ErrKeyReused) {
		r.Errorf("key reused: error %v", err)
	}
	r.unchanged("a reused key", before)
	good := r.commit("good", put(name("a"), 1, "a2"), put(name("c"), 0, "c1"), put(name("d"), 0))
	good.Outbox = []event.Message{letter("m1", clock)}
	r.must(good)
	r.holds(name("a"), "a1", "a2")
	r.holds(name("b"), "b1", "b2")
	r.holds(name("c"), "c1")
	r.holds(name("d"))
	if r.outbox != nil {
		r.equal("message of a good commit", good.Outbox, r.due(clock, 9))
	}
}

func denseVersions(r *rig) {
	s := name("dense")
	var want []event.Record
	for i, n := range []int{1, 3, 2, 1, 5} {
		var data []string
		for j := range n {
			data = append(data, fmt.Sprintf("record %d of %d", j, i))
		}
		c := r.commit(fmt.Sprintf("key-%d", i), put(s, event.Version(len(want)), data...))
		c.At = clock.AddDate(0, 0, i)
		r.must(c)
		want = append(want, c.Appends[0].Records...)
		for after := range len(want) + 1 {
			got := r.load(event.Cursor{Stream: s, After: event.Version(after)})[0]
			last := want[len(want)-1]
			r.equal(fmt.Sprintf("after %d of %d", after, len(want)), event.Slice{
				Head: event.Version(len(want)), Hash: last.Hash, At: c.At, Records: want[after:]}, got)
		}
	}
	head := event.Version(len(want))
	got := r.load(event.Cursor{Stream: s, After: head + 7})[0]
	if got.Head != head || len(got.Records) != 0 {
		r.Errorf("after the head: head %d and %d records", got.Head, len(got.Records))
	}
}

func wrongExpect(r *rig) {
	a, b := name("a"), name("b")
	r.must(r.commit("seed", put(a, 0, "a1", "a2"), put(b, 0, "b1")))
	for _, c := range []event.Commit{
		r.commit("low", put(a, 1, "x")),
		r.commit("zero", put(a, 0, "x")),
		r.commit("high", put(a, 3, "x")),
		r.commit("missing", put(name("none"), 1, "x")),
		r.commit("second", put(a, 1, "x"), put(b, 1, "x")),
		r.commit("huge", put(a, 1<<63, "x")),
	} {
		before := r.look()
		_, err := r.store.Commit(r.ctx, c)
		r.conflict(c.Key, err, c.Appends[0].Stream)
		r.unchanged(c.Key, before)
	}
	r.must(r.commit("low", put(a, 2, "a3"))) // a key that lost is free
	r.holds(a, "a1", "a2", "a3")
}

func keyFirst(r *rig) {
	a, b := name("a"), name("b")
	first := r.commit("key", put(a, 0, "a1", "a2"), put(b, 0, "b1"))
	first.Outbox = []event.Message{letter("m1", clock)}
	want := r.must(first)
	r.must(r.commit("later", put(a, 2, "a3"), put(b, 1, "b2")))
	if r.outbox != nil {
		r.settle("m1", noRetry)
	}
	want.Duplicate = true
	before := r.look()
	stale := first
	stale.Appends = []event.Append{put(name("else"), 9, "x")}
	for _, c := range []event.Commit{first, stale} {
		rc, err := r.store.Commit(r.ctx, c)
		if err != nil || rc != want {
			r.Errorf("same key and content: %v, %v, want %v", rc, err, want)
		}
		c.Fingerprint = digest("other content")
		if _, err := r.store.Commit(r.ctx, c); !errors.Is(err, event.ErrKeyReused) {
			r.Errorf("same key, other content: error %v, want ErrKeyReused", err)
		}
	}
	r.unchanged("a known key", before)
	want.Duplicate = false
	rc, fp, err := r.store.Find(r.ctx, "key")
	if err != nil || rc != want || fp != first.Fingerprint {
		r.Errorf("find: %v, %x, %v, want %v", rc, fp, err, want)
	}
	for _, other := range []string{"KEY", "Key", "ke", "keyy", "key.", "k_y", "none"} {
		if _, _, err := r.store.Find(r.ctx, other); !errors.Is(err, event.ErrNotFound) {
			r.Errorf("find %q: error %v, want ErrNotFound", other, err)
		}
	}
	r.must(r.commit("KEY", put(a, 3, "a4")))
}

func missingStream(r *rig) {
	r.must(r.commit("seed", put(name("a"), 0, "a1")))
	at := []event.Cursor{{Stream: name("none")}, {Stream: name("a")}, {Stream: name("none"), After: 3},
		{Stream: name("a"), After: 1}, {Stream: name("a")}}
	for i, sl := range r.load(at...) {
		there := at[i].Stream == name("a")
		if there != (sl.Head == 1) || there == (sl.Head == 0) || there == (sl.Hash == event.Hash{}) {
			r.Errorf("cursor %d: head %d", i, sl.Head)
		}
		if there && len(sl.Records) != 1-int(at[i].After) || !there && len(sl.Records) != 0 {
			r.Errorf("cursor %d: %d records", i, len(sl.Records))
		}
	}
	r.must(r.commit("guard", put(name("a"), 1, "a2"), put(name("none"), 0)))
	r.holds(name("none"))
	r.load()
}

func namesApart(r *rig) {
	ids := []string{"a", "A", "aa", "a.", "a_", "a-", "a_b", "a-b", "axb", "ab", "aB", "1",
		"01", "1.0",
		"_", "-", ".", "..", "null", strings.Repeat("z", 100), strings.Repeat("z", 99)}
	kinds := []string{"loan", "Loan", "loa", "loan-1", "loan_1", "loanx1"}
	for i, kind := range kinds {
		for j, id := range ids {
			s := event.Stream{Kind: kind, ID: id}
			c := r.commit(fmt.Sprintf("k:%s/%s", kind, id), put(s, 0, s.String()))
			c.Appends[0].Wake = day(i + j)
			r.must(c)
		}
	}
	r.must(r.commit("swap", put(event.Stream{Kind: "ab", ID: "c"}, 0, "ab c")))
	r.must(r.commit("swap-2", put(event.Stream{Kind: "a", ID: "bc"}, 0, "a bc")))
	r.must(r.commit("K:loan/a", put(name("key-case"), 0, "x")))
	for _, kind := range kinds {
		for _, id := range ids {
			s := event.Stream{Kind: kind, ID: id}
			r.holds(s, s.String())
		}
		if r.agenda != nil {
			sorted := slices.Sorted(slices.Values(ids))
			r.equal("awake "+kind, sorted, r.awake(kind, day(99), "", 99))
		}
	}
}
