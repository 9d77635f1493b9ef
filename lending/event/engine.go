package event

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of the engine's own work.
const (
	maxTries      = 50  // conflicts of one command
	maxRounds     = 64  // times one decision may ask for more streams
	snapshotEvery = 128 // records between two snapshots of a stream
)

// Engine runs decisions over a store. It is safe for concurrent use.
type Engine struct {
	store Store
	snaps Snapshots // nil when the store has none
	now   func() time.Time
	locks locks
	cache *cache
}

// NewEngine returns an engine over a store. The clock gives audit times only, never a date that
// decides anything; nil leaves them zero. States is how many folded streams are kept in memory,
// zero for none.
func NewEngine(s Store, clock func() time.Time, states int) *Engine {
	if clock == nil {
		clock = func() time.Time { return time.Time{} }
	}
	e := &Engine{store: s, now: clock, locks: locks{at: map[Stream]*lock{}}, cache: newCache(states)}
	e.snaps, _ = s.(Snapshots)
	return e
}

// Command is what the engine needs to know of a command besides its decision.
type Command struct {
	Key         string // 1 to MaxKey bytes, mandatory, never expires
	Fingerprint Hash   // of its content and actor; the date is not content
}

// Do runs one command: Find, Load, decide, Commit. The decision's event becomes the last record
// of the home stream and is the result, now and for every later call with the same key.
//
// Errors: whatever the decision refused with; [ErrBadName], [ErrKeyReused], [ErrConflict] after
// many lost races, [ErrTooLarge], [ErrCorrupt], [ErrUnknown] (send the same again).
func Do[S any, E Of[S]](
	ctx context.Context, g *Engine, c Command, home Ref[S], decide func(*Tx, *S) (E, error),
) (E, error) {
	ev, _, err := Once(ctx, g, c, home, decide)
	return ev, err
}

// Once is [Do] and tells whether this very call committed. Of several callers with one key, in
// however many processes, it tells so to one at most: who must do something outside exactly once
// does it only then.
func Once[S any, E Of[S]](
	ctx context.Context, g *Engine, c Command, home Ref[S], decide func(*Tx, *S) (E, error),
) (ev E, fresh bool, err error) {
	var zero E
	err = errors.Join(checkName("key", c.Key, MaxKey, true),
		checkName(home.Kind.name+" id", home.ID, MaxID, false))
	if err != nil {
		return zero, false, err
	}
	release, err := g.locks.acquire(ctx, home.Stream())
	if err != nil {
		return zero, false, &UnknownError{"lock", err}
	}
	defer func() { release() }()
	for range maxTries {
		rc, err := g.find(ctx, c)
		if err != nil {
			return zero, false, err
		}
		if rc != nil {
			ev, err = outcome[S, E](ctx, g, home, *rc)
			return ev, false, err
		}
		t := NewTx()
		ev, err := run(ctx, g, t, home, decide)
		if err == nil {
			ev, fresh, err = commit(ctx, g, t, c, home, ev)
		}
		if !errors.Is(err, ErrConflict) {
			return ev, fresh, err
		}
		release() // lost a race: hold every stream of the attempt, in order, and decide again
		if release, err = g.locks.acquire(ctx, t.streams()...); err != nil {
			release = func() {}
			return zero, false, &UnknownError{"lock", err}
		}
	}
	return zero, false, &ConflictError{home.Stream()}
}

// Try decides without committing, for previews: the event that [Do] would record now.
func Try[S any, E Of[S]](
	ctx context.Context, g *Engine, home Ref[S], decide func(*Tx, *S) (E, error),
) (E, error) {
	t := NewTx()
	ev, err := run(ctx, g, t, home, decide)
	if err != nil {
		return ev, err
	}
	err = Write(t, home, Of[S](ev))
	g.keep(t)
	return ev, err
}

// View folds one stream as it stands, together with its version. The state is the caller's own.
func View[S any](ctx context.Context, g *Engine, r Ref[S]) (*S, Version, error) {
	if err := checkName(r.Kind.name+" id", r.ID, MaxID, false); err != nil {
		return nil, 0, err
	}
	t := NewTx()
	for {
		if err := g.load(ctx, t, []Stream{r.Stream()}, false); err != nil {
			return nil, 0, err
		}
		s, err := Read(t, r)
		if len(t.Wanted()) == 0 {
			return s, t.Version(r.Stream()), err
		}
	}
}

func (g *Engine) find(ctx context.Context, c Command) (*Receipt, error) {
	rc, was, err := g.store.Find(ctx, c.Key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, &UnknownError{"find", err}
	}
	if was != c.Fingerprint {
		return nil, fmt.Errorf("%w: %s", ErrKeyReused, c.Key)
	}
	return &rc, nil
}

// run decides, loading what the decision wants until it wants nothing more. Each load brings what
// the attempt has up to date too, so that a decision always sees one moment.
func run[S any, E Of[S]](
	ctx context.Context, g *Engine, t *Tx, home Ref[S], decide func(*Tx, *S) (E, error),
) (E, error) {
	var zero E
	need := []Stream{home.Stream()}
	for range maxRounds {
		if err := g.load(ctx, t, need, true); err != nil {
			return zero, err
		}
		ev := zero
		s, err := Read(t, home)
		if err == nil {
			ev, err = decide(t, s)
		}
		want := t.Wanted()
		if len(want) == 0 {
			if err != nil {
				g.keep(t)
			}
			return ev, err
		}
		again := t.reset() // whatever the decision made of the missing ones
		need = append(append(t.streams(), again...), want...)
	}
	return zero, fmt.Errorf("%w: a decision asks for ever more streams", ErrTooLarge)
}

func commit[S any, E Of[S]](
	ctx context.Context, g *Engine, t *Tx, c Command, home Ref[S], ev E,
) (got E, fresh bool, err error) {
	var zero E
	if err := Write(t, home, Of[S](ev)); err != nil {
		return zero, false, err
	}
	if len(t.list) > MaxAppends {
		return zero, false, fmt.Errorf("%w: %d streams in one commit", ErrTooLarge, len(t.list))
	}
	cm := t.Commit(c.Key, c.Fingerprint, home.Stream(), g.now())
	rc, err := g.store.Commit(ctx, cm)
	switch {
	case errors.Is(err, ErrConflict), errors.Is(err, ErrKeyReused), errors.Is(err, ErrTooLarge):
		return zero, false, err
	case err != nil:
		return zero, false, &UnknownError{"commit", err}
	case rc.Duplicate:
		got, err = outcome[S, E](ctx, g, home, rc)
		return got, false, err
	}
	g.settle(ctx, t)
	return ev, true, nil
}

// outcome reads back what a key recorded the first time.
func outcome[S any, E Of[S]](ctx context.Context, g *Engine, home Ref[S], rc Receipt) (E, error) {
	var zero E
	s := home.Stream()
	if rc.Home.Stream != s || rc.Home.After == 0 {
		return zero, &CorruptError{rc.Home.Stream, rc.Home.After,
			"receipt of another stream than " + s.String()}
	}
	r, err := g.record(ctx, s, rc.Home.After)
	if err != nil {
		return zero, err
	}
	v, err := home.Kind.Decode(r)
	if err != nil {
		return zero, err
	}
	e, ok := v.(E)
	if !ok {
		return zero, &CorruptError{s, rc.Home.After, fmt.Sprintf("outcome is a %T", v)}
	}
	return e, nil
}

// record reads one record back, verified from the one before it on.
func (g *Engine) record(ctx context.Context, s Stream, at Version) (Record, error) {
	after, prev := at-1, Hash{}
	from := max(at, 2) - 2
	slices, err := g.store.Load(ctx, Cursor{s, from})
	if err != nil {
		return Record{}, &UnknownError{"load", err}
	}
	if len(slices) != 1 || Version(len(slices[0].Records)) <= after-from {
		return Record{}, &CorruptError{s, at, "outcome is missing"}
	}
	sl := slices[0]
	if from < after {
		prev, sl.Records = sl.Records[0].Hash, sl.Records[1:]
	}
	return sl.Records[0], Verify(s, after, prev, sl)
}

// load supplies streams as of one moment: those that the attempt has from where it stands, others
// from cached states or snapshots where the engine has them.
func (g *Engine) load(ctx context.Context, t *Tx, ss []Stream, cached bool) error {
	hs, at := make([]*held, len(ss)), make([]Cursor, len(ss))
	for i, s := range ss {
		if hs[i] = t.have[s]; hs[i] == nil {
			hs[i] = g.start(ctx, s, cached, t.bare)
		}
		at[i] = Cursor{s, hs[i].slice.Head}
	}
	slices, err := g.store.Load(ctx, at...)
	if err != nil {
		return &UnknownError{"load", err}
	}
	if len(slices) != len(ss) {
		return &CorruptError{ss[0], 0, "store returned too few slices"}
	}
	for i, sl := range slices {
		h := hs[i]
		err := Verify(h.stream, h.slice.Head, h.slice.Hash, sl)
		if err != nil && h.snap != nil {
			t.bare = true // the snapshot may be to blame: judge the stream without it
			t.drop(h)
			return g.load(ctx, t, ss, false)
		}
		if err != nil {
			return err
		}
		if !h.read { // nothing of it is folded yet
			sl.Records = append(h.slice.Records, sl.Records...)
		}
		h.slice, h.read = sl, false
		t.add(h)
	}
	return nil
}

// start finds the latest point from which a stream can be folded.
func (g *Engine) start(ctx context.Context, s Stream, cached, bare bool) *held {
	if cached {
		if h := g.cache.take(s); h != nil {
			return h
		}
	}
	h := &held{stream: s}
	if g.snaps == nil || bare {
		return h
	}
	snap, err := g.snaps.Snapshot(ctx, s)
	if err != nil || snap.At == 0 {
		return h
	}
	if h.snap = unseal(snap); h.snap != nil {
		h.slice = Slice{Head: snap.At, Hash: snap.Hash}
	}
	return h
}

// keep gives unchanged states back to the cache.
func (g *Engine) keep(t *Tx) {
	for _, h := range t.list {
		if !h.dirty && h.read {
			h.rest(h.slice.Head, h.slice.Hash)
			g.cache.give(h)
		}
	}
}

// settle moves the attempt's states to where the commit left them and keeps them.
func (g *Engine) settle(ctx context.Context, t *Tx) {
	for _, h := range t.list {
		if !h.read {
			continue
		}
		was := h.slice.Head
		head, hash := was, h.slice.Hash
		if n := len(h.fresh); n > 0 {
			head, hash = was+Version(n), h.fresh[n-1].Hash
		}
		if every := h.spacing(); g.snaps != nil && h.pack != nil && head/every > was/every {
			// advisory: a snapshot that could not be kept costs time, nothing else
			_ = g.snaps.KeepSnapshot(ctx, h.stream, Snapshot{head, hash, seal(hash, h.pack())})
		}
		h.rest(head, hash)
		g.cache.give(h)
	}
}

// spacing is how many records stand between two snapshots: snapshotEvery, or the power of two above
// what a large state asks for by a method SnapshotEvery() int.
func (h *held) spacing() Version {
	every := Version(snapshotEvery)
	if s, ok := h.state.(interface{ SnapshotEvery() int }); ok {
		for n := s.SnapshotEvery(); every < Version(n); {
			every *= 2
		}
	}
	return every
}

// rest leaves only the state and where it stands.
func (h *held) rest(head Version, hash Hash) {
	h.slice = Slice{Head: head, Hash: hash}
	h.fresh, h.read, h.dirty = nil, false, false
}

func (t *Tx) streams() []Stream {
	ss := make([]Stream, len(t.list))
	for i, h := range t.list {
		ss[i] = h.stream
	}
	return ss
}
