package memory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loanweave/loanweave/lending/event"
)

// DefaultMaxBytes is the limit on one commit when [Store.MaxBytes] is zero.
const DefaultMaxBytes = 16 << 20

// ErrMalformed is a commit that no engine makes: no key, no outcome on its home stream, or a
// stream named twice. Nothing was written.
var ErrMalformed = errors.New("memory: malformed commit")

// Store keeps streams, outbox, agenda, feed and snapshots in memory. It is safe for concurrent
// use and must not be copied. Make it with [NewStore].
type Store struct {
	// MaxBytes limits the names, data and messages of one commit together; zero means
	// [DefaultMaxBytes]. Set it before the first use.
	MaxBytes int

	mu      sync.RWMutex
	streams map[event.Stream]*stream
	keys    map[string]taken
	changes []change // the feed: every record in the order of commits
	agendas map[string]*agenda
	outbox  outbox
	snaps   map[event.Stream]event.Snapshot
}

var (
	_ event.Store     = (*Store)(nil)
	_ event.Outbox    = (*Store)(nil)
	_ event.Agenda    = (*Store)(nil)
	_ event.Feed      = (*Store)(nil)
	_ event.Snapshots = (*Store)(nil)
)

// stream is one history. Its records share their bytes with no caller.
type stream struct {
	name    event.Stream
	records []event.Record
	at      time.Time
	wake    waking // zero date: not on the agenda
}

// taken is what a key stands for.
type taken struct {
	home        *stream
	outcome     event.Version
	fingerprint event.Hash
}

func (t taken) receipt(duplicate bool) event.Receipt {
	return event.Receipt{
		Home:      event.Cursor{Stream: t.home.name, After: t.outcome},
		Duplicate: duplicate,
	}
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{
		streams: map[event.Stream]*stream{},
		keys:    map[string]taken{},
		agendas: map[string]*agenda{},
		outbox:  newOutbox(),
		snaps:   map[event.Stream]event.Snapshot{},
	}
}

// Find implements [event.Store].
func (s *Store) Find(ctx context.Context, key string) (event.Receipt, event.Hash, error) {
	if err := ctx.Err(); err != nil {
		return event.Receipt{}, event.Hash{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.keys[key]
	if !ok {
		return event.Receipt{}, event.Hash{}, event.ErrNotFound // of most commands: bare, it costs nothing
	}
	return t.receipt(false), t.fingerprint, nil
}

// Load implements [event.Store]. The records are copies.
func (s *Store) Load(ctx context.Context, at ...event.Cursor) ([]event.Slice, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]event.Slice, len(at))
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i, c := range at {
		st := s.streams[c.Stream]
		if st == nil {
			continue
		}
		head := len(st.records)
		out[i] = event.Slice{Head: st.head(), Hash: st.records[head-1].Hash, At: st.at}
		if c.After < st.head() {
			out[i].Records = cloneRecords(nil, st.records[c.After:])
		}
	}
	return out, nil
}

func (st *stream) head() event.Version { return event.Version(len(st.records)) }

// Commit implements [event.Store]. Besides the errors named there it returns [ErrMalformed] and,
// before it has looked at anything, the error of a context that is done; nothing was written then.
func (s *Store) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return event.Receipt{}, err
	}
	if err := s.check(&c); err != nil {
		return event.Receipt{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.keys[c.Key]; ok {
		if t.fingerprint != c.Fingerprint {
			return event.Receipt{}, fmt.Errorf("commit %q: %w", c.Key, event.ErrKeyReused)
		}
		return t.receipt(true), nil
	}
	for i := range c.Appends {
		if a := &c.Appends[i]; s.head(a.Stream) != a.Expect {
			return event.Receipt{}, &event.ConflictError{Stream: a.Stream}
		}
	}
	for i := range c.Appends {
		if a := &c.Appends[i]; len(a.Records) > 0 {
			s.append(a, c.Key, c.At)
		}
	}
	for i := range c.Outbox {
		s.outbox.add(&c.Outbox[i])
	}
	home := s.streams[c.Appends[0].Stream]
	t := taken{home, home.head(), c.Fingerprint}
	s.keys[c.Key] = t
	return t.receipt(false), nil
}

func (s *Store) head(name event.Stream) event.Version {
	if st := s.streams[name]; st != nil {
		return st.head()
	}
	return 0
}

func (s *Store) append(a *event.Append, key string, at time.Time) {
	st := s.streams[a.Stream]
	if st == nil {
		st = &stream{name: a.Stream}
		s.streams[a.Stream] = st
	}
	st.at = at
	st.records = cloneRecords(st.records, a.Records)
	for v := a.Expect + 1; v <= st.head(); v++ {
		s.changes = append(s.changes, change{st, v, key})
	}
	s.wake(st, a.Wake)
}

// cloneRecords appends copies of the records to dst. Their data lies in one new block, each piece
// clipped to its length, so that appending to one cannot reach the next.
func cloneRecords(dst, records []event.Record) []event.Record {
	n := 0
	for i := range records {
		n += len(records[i].Data)
	}
	block := make([]byte, 0, n)
	if dst == nil {
		dst = make([]event.Record, 0, len(records))
	}
	for _, r := range records {
		from := len(block)
		block = append(block, r.Data...)
		r.Data = block[from:len(block):len(block)]
		dst = append(dst, r)
	}
	return dst
}
