package lendingtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/loanweave/loanweave/lending/event"
)

// slowStore is the plainest store there is: a list of commits behind one lock, and everything
// else worked out from it when asked. A bug of that name breaks it on purpose.
type slowStore struct {
	bug string

	mu     sync.Mutex
	log    []event.Commit
	forgot int // commits whose keys were forgotten
	msgs   []slowMessage
	snaps  map[event.Stream]event.Snapshot
	buf    []byte // reused by every load
	block  []byte // of one load
	ticket int
	places []int // ticket of each commit
}

type slowMessage struct {
	event.Message
	settled bool
}

func newSlowStore(bug string) *slowStore {
	return &slowStore{bug: bug, snaps: map[event.Stream]event.Snapshot{}}
}

func (s *slowStore) reopen() *slowStore {
	n := newSlowStore(s.bug)
	n.log, n.msgs, n.snaps, n.places, n.ticket = s.log, s.msgs, s.snaps, s.places, s.ticket
	switch s.bug {
	case "forgets keys":
		n.forgot = len(n.log)
	case "forgets messages":
		n.msgs = nil
	case "forgets the last commit":
		n.log = n.log[:len(n.log)-1]
	}
	return n
}

// gap lets others in where a store with a bug does not hold its lock.
func (s *slowStore) gap() {
	s.mu.Unlock()
	for range 20 {
		runtime.Gosched()
	}
	time.Sleep(20 * time.Microsecond)
	s.mu.Lock()
}

// lock waits for its turn; a store whose driver gives up when it is busy does not.
func (s *slowStore) lock() error {
	if s.bug != "driver errors" {
		s.mu.Lock()
		return nil
	}
	if !s.mu.TryLock() {
		return errors.New("database is locked")
	}
	time.Sleep(50 * time.Microsecond)
	return nil
}

func (s *slowStore) same(a, b event.Stream) bool {
	switch s.bug {
	case "ignores case":
		return strings.EqualFold(a.Kind, b.Kind) && strings.EqualFold(a.ID, b.ID)
	case "joins names":
		return a.Kind+a.ID == b.Kind+b.ID
	case "wildcards":
		a.ID, b.ID = strings.ReplaceAll(a.ID, "_", "-"), strings.ReplaceAll(b.ID, "_", "-")
	case "cuts names":
		a.ID, b.ID = a.ID[:min(len(a.ID), 64)], b.ID[:min(len(b.ID), 64)]
	}
	return a == b
}

func (s *slowStore) slice(c event.Cursor) event.Slice {
	var sl event.Slice
	for i := range s.log {
		for _, a := range s.log[i].Appends {
			if !s.same(a.Stream, c.Stream) {
				continue
			}
			if s.bug == "guard counts" && len(a.Records) == 0 {
				sl.Head++
			}
			for _, r := range a.Records {
				if sl.Head++; sl.Head > c.After {
					sl.Records = append(sl.Records, s.out(r))
				}
				sl.Hash, sl.At = r.Hash, s.log[i].At
			}
			if s.bug == "counts commits" {
				sl.Head -= event.Version(max(0, len(a.Records)-1))
			}
		}
	}
	return sl
}

func (s *slowStore) out(r event.Record) event.Record {
	switch s.bug {
	case "gives out its own":
		return r
	case "no room between":
		s.block = append(s.block, r.Data...)
		r.Data = s.block[len(s.block)-len(r.Data):]
		return r
	case "reused buffer":
		s.buf = append(s.buf, r.Data...)
		r.Data = s.buf[len(s.buf)-len(r.Data):]
		return r
	}
	r.Data = slices.Clone(r.Data)
	return r
}

func (s *slowStore) in(r event.Record) event.Record {
	if s.bug == "keeps the caller's" {
		return r
	}
	r.Data = slices.Clone(r.Data)
	var v any
	switch {
	case s.bug == "json" && json.Unmarshal(r.Data, &v) == nil:
		r.Data, _ = json.Marshal(v)
	case s.bug == "utf-8":
		r.Data = []byte(strings.ToValidUTF8(string(r.Data), "?"))
	case s.bug == "c strings":
		before, _, _ := strings.Cut(string(r.Data), "\x00")
		r.Data = []byte(before)
	case s.bug == "cuts data" && len(r.Data) > 1<<16-1:
		r.Data = r.Data[:1<<16-1]
	case s.bug == "drops hashes":
		r.Hash = event.Hash{}
	}
	return r
}

func (s *slowStore) key(k string) string {
	switch s.bug {
	case "cuts keys":
		return k[:min(len(k), 64)]
	case "keys ignore case":
		return strings.ToLower(k)
	}
	return k
}

func (s *slowStore) Find(_ context.Context, key string) (event.Receipt, event.Hash, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(key)
}

func (s *slowStore) find(key string) (event.Receipt, event.Hash, error) {
	for _, c := range s.log[s.forgot:] {
		if s.key(c.Key) != s.key(key) {
			continue
		}
		home := c.Appends[0]
		after := home.Expect + event.Version(len(home.Records))
		if s.bug == "receipt of now" {
			after = s.slice(event.Cursor{Stream: home.Stream}).Head
		}
		return event.Receipt{Home: event.Cursor{Stream: home.Stream, After: after}}, c.Fingerprint, nil
	}
	return event.Receipt{}, event.Hash{}, event.ErrNotFound
}

func (s *slowStore) Load(_ context.Context, at ...event.Cursor) ([]event.Slice, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf, s.block = s.buf[:0], make([]byte, 0, 1<<10)
	whole := s.log
	if s.bug == "stale reads" && len(s.log) > 0 {
		s.log = s.log[:len(s.log)-1]
	}
	out := make([]event.Slice, 0, len(at))
	for i, c := range at {
		if s.bug == "torn load" && i > 0 {
			s.gap()
		}
		sl := s.slice(c)
		if s.bug == "missing is an error" && sl.Head == 0 {
			return nil, event.ErrNotFound
		}
		out = append(out, sl)
	}
	if s.bug == "stale reads" {
		s.log = whole
	}
	return out, nil
}

func (s *slowStore) Commit(ctx context.Context, c event.Commit) (event.Receipt, error) {
	if err := s.lock(); err != nil {
		return event.Receipt{}, err
	}
	defer s.mu.Unlock()
	if s.bug == "key after versions" {
		if err := s.expects(c); err != nil {
			return event.Receipt{}, err
		}
	}
	rc, was, err := s.find(c.Key)
	if err == nil {
		return s.known(rc, was, c)
	}
	if s.bug == "key race" {
		s.gap()
	}
	if s.bug == "outbox outside" {
		s.post(c.Outbox)
	}
	if ctx.Err() != nil {
		return event.Receipt{}, s.cancelled(ctx, c)
	}
	if err := s.expects(c); err != nil {
		return event.Receipt{}, err
	}
	if s.bug == "check then insert" {
		s.gap()
	}
	s.write(c)
	rc, _, _ = s.find(c.Key)
	return rc, nil
}

// known is a commit whose key is taken.
func (s *slowStore) known(rc event.Receipt, was event.Hash, c event.Commit) (event.Receipt, error) {
	if was != c.Fingerprint && s.bug != "ignores the fingerprint" {
		return event.Receipt{}, event.ErrKeyReused
	}
	if s.bug == "posts again" {
		for _, m := range c.Outbox {
			s.msgs = append(s.msgs, slowMessage{Message: m})
		}
	}
	rc.Duplicate = s.bug != "duplicate not said"
	return rc, nil
}

func (s *slowStore) cancelled(ctx context.Context, c event.Commit) error {
	switch s.bug {
	case "cancel halves":
		c.Key, c.Appends = "", c.Appends[:1]
		s.write(c)
	case "cancel is a conflict":
		return &event.ConflictError{Stream: c.Appends[0].Stream}
	}
	return ctx.Err()
}

// expects checks the versions.
func (s *slowStore) expects(c event.Commit) error {
	for i, a := range c.Appends {
		if s.bug == "last writer wins" || s.bug == "ignores guards" && len(a.Records) == 0 {
			continue
		}
		if s.bug == "checks home only" && i > 0 {
			break
		}
		head := s.slice(event.Cursor{Stream: a.Stream, After: 1 << 62}).Head
		if head == a.Expect || s.bug == "expects at least" && head > a.Expect {
			continue
		}
		switch s.bug {
		case "half commit":
			c.Key, c.Appends, c.Outbox = "", c.Appends[:i], nil
			s.write(c)
		case "nameless conflict":
			return event.ErrConflict
		case "names home":
			return &event.ConflictError{Stream: c.Appends[0].Stream}
		}
		return &event.ConflictError{Stream: a.Stream}
	}
	return nil
}

// write adds a commit to the list.
func (s *slowStore) write(c event.Commit) {
	s.ticket++
	place := s.ticket
	if s.bug == "message early" {
		s.post(c.Outbox)
		s.gap()
	}
	if s.bug == "feed by ticket" {
		s.gap()
	}
	c.Appends = slices.Clone(c.Appends)
	for i := range c.Appends {
		own := slices.Clone(c.Appends[i].Records)
		for j := range own {
			own[j] = s.in(own[j])
		}
		c.Appends[i].Records = own
	}
	s.log, s.places = append(s.log, c), append(s.places, place)
	if s.bug != "loses messages" {
		s.post(c.Outbox)
	}
}
