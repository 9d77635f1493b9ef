package event

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Limits of one commit. A store may set lower ones and answers [ErrTooLarge]; it never truncates.
const (
	MaxKey     = 128     // bytes of a command key
	MaxID      = 128     // bytes of a stream kind or id
	MaxRecord  = 1 << 20 // bytes of one record's data
	MaxAppends = 4096    // streams in one commit
)

// Version counts the records of a stream; the first record has version 1.
type Version uint64

// Hash is a SHA-256 sum.
type Hash [sha256.Size]byte

// Stream names one stream: the kind of aggregate and its id, each of 1 to [MaxID] bytes of
// A-Z a-z 0-9 and "_-.". Names are compared byte for byte.
type Stream struct{ Kind, ID string }

// String returns kind/id.
func (s Stream) String() string { return s.Kind + "/" + s.ID }

// Record is one event or memo as it is stored. A type that starts with "~" is a memo: it stands
// on the stream without being part of its state (ledger entries, accepted warnings).
type Record struct {
	Type string
	Data []byte
	Hash Hash // over the stream's chain up to and with this record; set by the engine
}

// Cursor is a place in a stream: after the record of that version.
type Cursor struct {
	Stream Stream
	After  Version
}

// Slice is what [Store.Load] returns for one cursor: the records after it, and the stream's head.
type Slice struct {
	Head    Version   // 0: the stream does not exist
	Hash    Hash      // of the record at Head
	At      time.Time // of the last commit that wrote to the stream; audit data only
	Records []Record  // versions After+1 to Head
}

// Append is a commit's part on one stream. Without records it is a read guard: it changes
// nothing and fails the commit if the stream is not at Expect.
type Append struct {
	Stream  Stream
	Expect  Version
	Records []Record
	Wake    civil.Date // next date with work, zero for none; replaces the old one; not of a guard
}

// Message is an entry of the outbox: an effect to carry out once the commit stands.
type Message struct {
	ID    string // unique for ever; a second message of the same id is ignored
	Topic string
	Data  []byte
	Due   time.Time // not to be delivered before
}

// Commit is everything one command changes. Appends[0] is the home stream and its last record is
// the command's outcome.
type Commit struct {
	Key         string
	Fingerprint Hash // of the command's content
	At          time.Time
	Appends     []Append
	Outbox      []Message
}

// Receipt says where a commit's outcome stands.
type Receipt struct {
	Home      Cursor // After is the version of the outcome
	Duplicate bool   // the key was already taken by the same content; nothing was written
}

// Store keeps streams. Implementations are safe for concurrent use, keep no reference to the
// slices they are given and give out none that they keep.
//
//   - Find returns the receipt and fingerprint of the commit under the key, or [ErrNotFound].
//   - Load returns one slice per cursor, all as of one moment; a missing stream has head 0, and a
//     cursor past the head gives no records.
//   - Commit is all or nothing, the outbox included. It looks up the key first: the same
//     fingerprint returns the first receipt with Duplicate set, another one is [ErrKeyReused].
//     Then it checks every Expect and returns a [*ConflictError] that names a stream that moved.
//     [ErrTooLarge] says that a limit was passed. Any other error means that the outcome is
//     unknown: sending the same commit again resolves it. After nil, every later Find and Load
//     sees the commit.
type Store interface {
	Find(ctx context.Context, key string) (Receipt, Hash, error)
	Load(ctx context.Context, at ...Cursor) ([]Slice, error)
	Commit(ctx context.Context, c Commit) (Receipt, error)
}

// Outbox hands out committed messages. Due returns at most limit unsettled messages with
// Due <= now, by due time, then commit order; the same message comes again until it is settled.
// Settle ends a message when retryAt is zero and puts it off to retryAt otherwise; settling an
// unknown id is no error.
type Outbox interface {
	Due(ctx context.Context, now time.Time, limit int) ([]Message, error)
	Settle(ctx context.Context, id string, retryAt time.Time) error
}

// Agenda finds streams with work: the ids of the kind whose wake date is on or before the date,
// ascending, greater than after, at most limit.
type Agenda interface {
	Awake(ctx context.Context, kind string, on civil.Date, after string, limit int) ([]string, error)
}

// Position is an opaque place in a feed; zero is the start.
type Position uint64

// Change is one committed record and the key of the commit that wrote it, under which
// [Store.Find] knows where the commit's outcome stands.
type Change struct {
	Stream Stream
	At     Version
	Key    string
	Record Record
}

// Feed reads everything committed, in the order of each stream, nothing skipped. The position
// returned continues after the last change returned.
type Feed interface {
	Read(ctx context.Context, after Position, limit int) ([]Change, Position, error)
}

// Snapshot is a folded state at a version. It is advisory: one whose hash does not stand on the
// stream at that version is ignored. The data begins with a sum over itself and the hash, so that
// one that was changed or belongs elsewhere is ignored too.
type Snapshot struct {
	At   Version
	Hash Hash // of the record at that version
	Data []byte
}

// Snapshots keeps the newest snapshot of a stream; a missing one is [ErrNotFound].
type Snapshots interface {
	Snapshot(ctx context.Context, s Stream) (Snapshot, error)
	KeepSnapshot(ctx context.Context, s Stream, snap Snapshot) error
}

// Errors of the kernel. Those of a store are part of its contract.
var (
	ErrNotFound  = errors.New("event: not found")
	ErrKeyReused = errors.New("event: key reused for other content")
	ErrConflict  = errors.New("event: stream moved")
	ErrTooLarge  = errors.New("event: too large")
	ErrUnknown   = errors.New("event: outcome unknown, send the same command again")
	ErrCorrupt   = errors.New("event: stream cut or changed")
	ErrBadName   = errors.New("event: bad key or stream name")
	ErrUnread    = errors.New("event: memo on a stream that was not read")
)

// ConflictError names a stream that was not at the expected version. It unwraps to [ErrConflict].
type ConflictError struct{ Stream Stream }

// Error implements error.
func (e *ConflictError) Error() string { return fmt.Sprintf("event: stream %s moved", e.Stream) }

// Unwrap returns ErrConflict.
func (e *ConflictError) Unwrap() error { return ErrConflict }

// UnknownError wraps a store's error after which the outcome is not known. It unwraps to
// [ErrUnknown] and to the store's error.
type UnknownError struct {
	Op  string
	Err error
}

// Error implements error.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("event: %s: %v (outcome unknown, send the same command again)", e.Op, e.Err)
}

// Unwrap returns ErrUnknown and the cause.
func (e *UnknownError) Unwrap() []error { return []error{ErrUnknown, e.Err} }

// CorruptError says where a stream no longer is what was written. It unwraps to [ErrCorrupt].
type CorruptError struct {
	Stream Stream
	At     Version
	Why    string
}

// Error implements error.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("event: stream %s at %d: %s", e.Stream, e.At, e.Why)
}

// Unwrap returns ErrCorrupt.
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

// check refuses a stream of which the id is none.
func (s Stream) check() error {
	if checkName("", s.ID, MaxID, false) == nil { // of every stream read: its words cost memory
		return nil
	}
	return checkName(s.Kind+" id", s.ID, MaxID, false)
}

// checkName reports whether s may be a command key (limit [MaxKey]) or a stream's kind or id
// (limit [MaxID]): 1 to limit bytes of A-Z a-z 0-9 and "_-.:/"; a colon and a slash only in keys.
func checkName(what, s string, limit int, extra bool) error {
	if len(s) == 0 || len(s) > limit {
		return fmt.Errorf("%w: %s has %d bytes, want 1 to %d", ErrBadName, what, len(s), limit)
	}
	for i := range len(s) {
		c := s[i]
		ok := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == '_' || c == '-' || c == '.' || extra && (c == ':' || c == '/')
		if !ok {
			return fmt.Errorf("%w: %s has byte %q at %d, want one of A-Z a-z 0-9 and _-. only", ErrBadName, what, c, i)
		}
	}
	return nil
}
