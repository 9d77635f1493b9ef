package lendingtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Stores opens the stores on which a suite runs.
type Stores struct {
	// Open returns a new, empty store that is safe for concurrent use.
	Open func(t *testing.T) event.Store
	// Reopen closes a store, if it is of a kind that closes, and opens what it kept. Nil for
	// stores that keep nothing; S06 is skipped then.
	Reopen func(t *testing.T, s event.Store) event.Store
	// NoOutbox says that the outbox is another object than the store, or that there is none: its
	// cases are skipped. Without it a store that is no [event.Outbox] fails them.
	NoOutbox bool
}

// StoreSuite checks the contract of [event.Store], one subtest for each clause, and that of
// [event.Outbox], and of [event.Agenda], [event.Feed] and [event.Snapshots] as far as the store
// has them: what it has not is skipped by name. Run it with the race detector on. What a killed process leaves behind is for the
// adapter's own tests.
func StoreSuite(t *testing.T, stores Stores) {
	for _, c := range storeCases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, func() event.Store { return stores.Open(t) })
			if stores.Reopen != nil {
				r.reopen = func(s event.Store) event.Store { return stores.Reopen(t, s) }
			}
			switch lacks := c.lacks(r); {
			case lacks == noOutbox && !stores.NoOutbox:
				t.Fatal("the store is no event.Outbox: mend its methods, or set Stores.NoOutbox")
			case lacks != "":
				t.Skip(lacks)
			}
			c.run(r)
		})
	}
}

// tester is what a case needs of a test, so that the suites can be tested themselves.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

type storeCase struct {
	name  string
	lacks func(*rig) string // what the store would need, empty when it has it
	run   func(*rig)
}

var storeCases = []storeCase{
	{"S01 all or nothing", always, allOrNothing},
	{"S02 versions dense from one", always, denseVersions},
	{"S03 a wrong expect is a conflict", always, wrongExpect},
	{"S04 key before expects", always, keyFirst},
	{"S05 seen by all after nil", always, seenByAll},
	{"S06 survives reopening", reopens, survives},
	{"S07 bytes come back exactly", always, exactBytes},
	{"S08 guards prevent write skew", always, guards},
	{"S09 one racer wins", always, oneWinner},
	{"S10 resending resolves", always, resending},
	{"S11 cancelled is never half", always, cancelled},
	{"S12 no aliasing", always, noAliasing},
	{"S13 too large is never cut", always, tooLarge},
	{"S14 unsettled comes again", hasOutbox, unsettled},
	{"S15 no message before its commit", hasOutbox, noEarlyMessage},
	{"S16 a missing stream is empty", always, missingStream},
	{"S17 names are apart", always, namesApart},
	{"S18 bank under concurrency", always, bankWorkload},
	{"S19 a load is one moment", always, oneMoment},
	{"O01 due by time then commit", hasOutbox, dueOrder},
	{"O02 a message id is sent once", hasOutbox, sentOnce},
	{"A01 awake by id in pages", hasAgenda, awakePages},
	{"A02 wake replaced by appends only", hasAgenda, wakeReplaced},
	{"F01 feed in order from anywhere", hasFeed, feedOrder},
	{"F02 feed skips nothing", hasFeed, feedSkipsNothing},
	{"N01 newest snapshot kept", hasSnapshots, newestSnapshot},
}

const noOutbox = "no event.Outbox: Desk.Deliver will not work"

func always(*rig) string { return "" }

func reopens(r *rig) string { return unless(r.reopen != nil, "Stores.Reopen is not given") }

func hasOutbox(r *rig) string { return unless(r.outbox != nil, noOutbox) }

func hasAgenda(r *rig) string {
	return unless(r.agenda != nil, "no event.Agenda: Desk.DayEnd will not work")
}

func hasFeed(r *rig) string {
	return unless(r.feed != nil, "no event.Feed: Desk.Reports will not work")
}

func hasSnapshots(r *rig) string {
	return unless(r.snapshots != nil, "no event.Snapshots: long streams load more slowly")
}

func unless(has bool, why string) string {
	if has {
		return ""
	}
	return why
}

// rig is one case's store, together with every name that the case has used on it.
type rig struct {
	tester
	ctx       context.Context
	store     event.Store
	open      func() event.Store
	reopen    func(event.Store) event.Store
	outbox    event.Outbox
	agenda    event.Agenda
	feed      event.Feed
	snapshots event.Snapshots
	streams   []event.Stream
	keys      []string
}

func newRig(t tester, open func() event.Store) *rig {
	r := &rig{tester: t, ctx: context.Background(), open: open}
	r.use(open())
	return r
}

func (r *rig) use(s event.Store) {
	r.store = s
	r.outbox, _ = s.(event.Outbox)
	r.agenda, _ = s.(event.Agenda)
	r.feed, _ = s.(event.Feed)
	r.snapshots, _ = s.(event.Snapshots)
}

// clock is when everything in the suites happens; whole seconds, since no more is promised.
var clock = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

func day(n int) civil.Date { return civil.MustParse("2024-02-29").AddDays(n) }

func name(id string) event.Stream { return event.Stream{Kind: "loan", ID: id} }

// put returns an append of records with the given data; without data it is a guard.
func put(s event.Stream, expect event.Version, data ...string) event.Append {
	a := event.Append{Stream: s, Expect: expect}
	for i, d := range data {
		typ := fmt.Sprintf("type-%d", i)
		at := fmt.Sprintf("%s %s %d", s, typ, expect)
		hash := event.Chain(sha256.Sum256([]byte(at)), typ, []byte(d))
		a.Records = append(a.Records, event.Record{Type: typ, Data: []byte(d), Hash: hash})
	}
	return a
}

func digest(content string) event.Hash { return sha256.Sum256([]byte(content)) }

func letter(id string, due time.Time) event.Message {
	return event.Message{ID: id, Topic: "pay", Data: []byte("data of " + id), Due: due}
}

// commit makes a commit whose fingerprint follows from the key, and notes its names.
func (r *rig) commit(key string, appends ...event.Append) event.Commit {
	r.keys = append(r.keys, key)
	for _, a := range appends {
		r.streams = append(r.streams, a.Stream)
	}
	return event.Commit{Key: key, Fingerprint: digest(key), At: clock, Appends: appends}
}

// must commits what has to succeed the first time, and checks the receipt.
func (r *rig) must(c event.Commit) event.Receipt {
	r.Helper()
	rc, err := r.store.Commit(r.ctx, c)
	if err != nil {
		r.Fatalf("commit %.40s: %v", c.Key, err)
	}
	home := c.Appends[0]
	want := event.Receipt{Home: event.Cursor{
		Stream: home.Stream, After: home.Expect + event.Version(len(home.Records))}}
	if rc != want {
		r.Fatalf("commit %.40s: receipt %v, want %v", c.Key, rc, want)
	}
	return rc
}

func (r *rig) load(at ...event.Cursor) []event.Slice {
	r.Helper()
	sl, err := r.store.Load(r.ctx, at...)
	if err != nil {
		r.Fatalf("load: %v", err)
	}
	if len(sl) != len(at) {
		r.Fatalf("load: %d slices for %d cursors", len(sl), len(at))
	}
	return sl
}

// holds checks that a stream is exactly these records, and nothing more.
func (r *rig) holds(s event.Stream, data ...string) {
	r.Helper()
	sl := r.load(event.Cursor{Stream: s})[0]
	if sl.Head != event.Version(len(data)) {
		r.Errorf("stream %.60s: head %d, want %d", s, sl.Head, len(data))
	}
	r.equal("data of "+s.String(), data, texts(sl.Records))
}

func texts(records []event.Record) []string {
	var out []string
	for _, rec := range records {
		out = append(out, string(rec.Data))
	}
	return out
}

func (r *rig) equal(what string, want, got any) {
	r.Helper()
	if cmp.Equal(want, got, plain) {
		return
	}
	r.Errorf("%.80s (-want +got):\n%.4000s", what, cmp.Diff(want, got, plain))
}

// plain compares bytes as bytes and does not tell nothing from empty.
var plain = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) > 0 }, cmp.Comparer(bytes.Equal)),
	cmp.Comparer(func(a, b event.Hash) bool { return a == b }),
}

// view is everything that can be seen of a store through its ports.
type view struct {
	Slices   []event.Slice
	Receipts []string
	Due      []event.Message
	Awake    []string
	Changes  []event.Change
}

// look sees the streams and keys that the case has named so far, and all of the rest.
func (r *rig) look() view {
	r.Helper()
	var v view
	for _, s := range r.streams {
		v.Slices = append(v.Slices, r.load(event.Cursor{Stream: s})...)
	}
	for _, k := range r.keys {
		rc, fp, err := r.store.Find(r.ctx, k)
		if err != nil && !errors.Is(err, event.ErrNotFound) {
			r.Fatalf("find %.40s: %v", k, err)
		}
		v.Receipts = append(v.Receipts, fmt.Sprint(rc, fp, err == nil))
	}
	if r.outbox != nil {
		v.Due = r.due(clock.AddDate(9, 0, 0), 1<<20)
	}
	if r.agenda != nil {
		v.Awake = r.awake("loan", day(9999), "", 1<<20)
	}
	if r.feed != nil {
		v.Changes, _ = r.read(0, 1<<20)
	}
	return v
}

// unchanged checks that nothing has been written since the look.
func (r *rig) unchanged(what string, before view) {
	r.Helper()
	r.equal(what+" wrote something", before, r.look())
}

func (r *rig) conflict(what string, err error, s event.Stream) {
	r.Helper()
	var ce *event.ConflictError
	if !errors.Is(err, event.ErrConflict) || !errors.As(err, &ce) {
		r.Errorf("%s: error %v, want a *ConflictError", what, err)
		return
	}
	if ce.Stream != s {
		r.Errorf("%s: conflict names %s, want %s", what, ce.Stream, s)
	}
}

// race runs a function n times at once and waits for all.
func race(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			f(i)
		}()
	}
	close(start)
	wg.Wait()
}
