package event

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// ErrWanted stops a decision that needs a stream which is not loaded yet. The engine loads it and
// decides again; a decision passes the error on and never looks at it.
var ErrWanted = errors.New("event: stream wanted")

// Tx is one attempt at a decision: the states it may read and the facts it has written so far.
// It is not safe for concurrent use and does not outlive its attempt. Without an engine, a caller
// gives it what it wants by [Tx.Supply] until [Tx.Wanted] is empty and takes [Tx.Commit].
type Tx struct {
	have map[Stream]*held
	list []*held // in the order they were supplied; the first is home
	want []Stream
	asks map[Stream]bool // those in want
	out  []Message
	bare bool // a snapshot proved false: fold from the first record
	back Codec
}

type held struct {
	stream Stream
	slice  Slice
	state  any    // *S; nil until first read
	snap   []byte // a state to start from, at the version the slice begins after
	fresh  []Record
	read   bool // what was loaded is folded onto the state
	wake   func() civil.Date
	pack   func() []byte // the state's snapshot, nil when it has none
	dirty  bool          // the state has events that are not committed
}

// NewTx returns an empty attempt.
func NewTx() *Tx { return &Tx{have: map[Stream]*held{}} }

// Supply gives the attempt a stream, from its first record on.
func (t *Tx) Supply(s Stream, sl Slice) { t.add(&held{stream: s, slice: sl}) }

func (t *Tx) add(h *held) {
	if t.have[h.stream] == nil {
		t.have[h.stream] = h
		t.list = append(t.list, h)
	}
}

func (t *Tx) drop(h *held) {
	delete(t.have, h.stream)
	t.list = slices.DeleteFunc(t.list, func(o *held) bool { return o == h })
}

// Wanted returns the streams that the last decision asked for and forgets them.
func (t *Tx) Wanted() []Stream {
	w := t.want
	t.want, t.asks = nil, nil
	return w
}

// Want asks for many streams at once, one round trip instead of many. It returns [ErrWanted]
// while any of them is missing.
func (t *Tx) Want(ss ...Stream) error {
	missing := false
	for _, s := range ss {
		if t.have[s] != nil {
			continue
		}
		if missing = true; t.asks[s] {
			continue
		}
		if t.asks == nil {
			t.asks = make(map[Stream]bool, len(ss))
		}
		t.asks[s] = true
		t.want = append(t.want, s)
	}
	if missing {
		return ErrWanted
	}
	return nil
}

// Send queues a message for the outbox.
func (t *Tx) Send(m Message) { t.out = append(t.out, m) }

// Version returns the version at which the attempt sees a stream, without its own writes.
func (t *Tx) Version(s Stream) Version {
	if h := t.have[s]; h != nil {
		return h.slice.Head
	}
	return 0
}

// Read returns the state of a stream, its own writes included. The state belongs to the attempt:
// look, and change it by [Write] alone.
func Read[S any](t *Tx, r Ref[S]) (*S, error) {
	s := r.Stream()
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := t.Want(s); err != nil {
		return nil, err
	}
	h := t.have[s]
	if !h.read {
		err := open(h, r.Kind)
		if err != nil && h.snap != nil {
			t.bare = true // the snapshot may be to blame: fold without it
			t.drop(h)
			return nil, t.Want(s)
		}
		if err != nil {
			return nil, err
		}
	}
	st, ok := h.state.(*S)
	if !ok {
		return nil, fmt.Errorf("%w: %s read as two kinds", ErrDecode, s)
	}
	return st, nil
}

// open folds what was loaded onto the state at hand, or onto an empty one.
func open[S any](h *held, k *Kind[S]) error {
	st, ok := h.state.(*S)
	if !ok {
		if h.state != nil {
			return fmt.Errorf("%w: %s read as two kinds", ErrDecode, h.stream)
		}
		st = new(S)
		h.wake = func() civil.Date { return k.next(st) }
	}
	if c, ok := any(st).(Coder); ok {
		v := newest(st)
		if h.pack == nil {
			h.pack = func() []byte { return Encode(nil, v, c) }
		}
		if h.snap != nil && (len(h.snap) == 0 || h.snap[0] != v) {
			return fmt.Errorf("%w: snapshot of another version", ErrDecode)
		}
		if h.snap != nil {
			if err := Decode(h.snap, v, c); err != nil {
				return err
			}
		}
	} else if h.snap != nil {
		return fmt.Errorf("%w: %s has no snapshots", ErrDecode, k.name)
	}
	if err := k.fold(st, h.slice.Records); err != nil {
		return fmt.Errorf("fold %s: %w", h.stream, err)
	}
	h.state, h.snap, h.read = st, nil, true
	return nil
}

// Write records an event and applies it to the attempt's state. What is applied is read back from
// the record: the state shares no memory with the event, and an event that could not be read back
// is refused with [ErrDecode].
func Write[S any](t *Tx, r Ref[S], e Of[S]) error {
	s, err := Read(t, r)
	if err != nil {
		return err
	}
	rec, err := r.Kind.record(e)
	if err != nil {
		return err
	}
	if err := r.Kind.apply(&t.back, s, rec); err != nil {
		return err
	}
	h := t.have[r.Stream()]
	h.dirty = true
	h.fresh = append(h.fresh, rec)
	return nil
}

// Memo records a value on a stream without changing the stream's state. The stream must have been
// read in this attempt, else [ErrUnread]: its wake date hangs on its state. A name is one that a
// stream may have.
func (t *Tx) Memo(s Stream, name string, v Coder) error {
	if err := errors.Join(checkName("memo", name, MaxID, false), t.Want(s)); err != nil {
		return err
	}
	h := t.have[s]
	if !h.read {
		return fmt.Errorf("%w: %s", ErrUnread, s)
	}
	data, err := encode(nil, 1, v)
	if err != nil {
		return err
	}
	if len(data) > MaxRecord {
		return fmt.Errorf("%w: memo %s of %d bytes", ErrTooLarge, name, len(data))
	}
	h.dirty = true
	h.fresh = append(h.fresh, Record{Type: "~" + name, Data: data})
	return nil
}

// reset forgets what an aborted decision wrote. It returns the streams whose state was touched
// and has to be loaded again.
func (t *Tx) reset() []Stream {
	t.out = nil
	var again []Stream
	t.list = slices.DeleteFunc(t.list, func(h *held) bool {
		if h.dirty {
			again = append(again, h.stream)
			delete(t.have, h.stream)
		}
		return h.dirty
	})
	return again
}

// Commit gathers what the attempt read and wrote, home first, each record chained to the last.
// The time is moved forward where a stream was last written later.
func (t *Tx) Commit(key string, fp Hash, home Stream, at time.Time) Commit {
	c := Commit{Key: key, Fingerprint: fp, At: at, Outbox: t.out}
	c.Appends = make([]Append, 0, len(t.list))
	if h := t.have[home]; h != nil {
		c.Appends = append(c.Appends, h.append())
	}
	for _, h := range t.list {
		if h.stream != home {
			c.Appends = append(c.Appends, h.append())
		}
		if h.slice.At.After(c.At) {
			c.At = h.slice.At
		}
	}
	return c
}

func (h *held) append() Append {
	a := Append{Stream: h.stream, Expect: h.slice.Head, Records: h.fresh}
	if len(h.fresh) == 0 {
		return a
	}
	prev := h.slice.Hash
	if h.slice.Head == 0 {
		prev = Root(h.stream)
	}
	for i := range h.fresh {
		prev = Chain(prev, h.fresh[i].Type, h.fresh[i].Data)
		h.fresh[i].Hash = prev
	}
	a.Wake = h.wake() // what was written was read before
	return a
}
