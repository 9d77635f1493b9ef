// Package event is the kernel: typed event streams, one atomic commit, and the engine that runs
// decisions over them. It knows nothing of lending.
//
// A stream is the history of one aggregate and folds to its state. A [Kind] names a family of
// streams, the events that may stand on them and the next date on which one has work. Events are
// typed by the state they apply to, so that an event of one kind cannot reach a stream of another.
//
//	var counters = event.NewKind("counter", nil, event.On[Added]())
//
//	added, err := event.Do(ctx, engine, "key-1", fingerprint, counters.Ref("a"),
//		func(t *event.Tx, c *Counter) (Added, error) { return Added{N: 1}, nil })
//
// # What the engine promises
//
// The order is fixed: Find, Load, decide, Commit. A decision is a pure function over a [Tx]: it
// reads states, writes events and queues messages. A stream that is not loaded yet is noted as
// wanted; the engine loads everything wanted at once and decides again, so a decision must change
// nothing but its Tx. Every stream that was read is version-checked by the commit, so commits are
// strictly serialisable whatever the store's isolation level. A command's result is the one event
// that it records last on its home stream: a retry under the same key reads that record back.
//
//   - at most once: a key takes effect once, for ever; other content under it is [ErrKeyReused]
//   - a refused decision writes nothing
//   - an error of class unknown ([ErrUnknown]) may or may not have been committed: send the same
//     command with the same key again
//   - every record carries the hash of the chain up to itself; a stream that was cut, reordered
//     or changed is refused with [ErrCorrupt], and so is a retry whose outcome was changed. A stream
//     that lost its last records looks whole to an engine that never saw them
//   - a decision sees all its streams as of one moment, however many rounds it takes to load them
//   - what cannot be read back is never written; states share no memory with events
//   - messages of the outbox become visible with the commit and not before
//
// # What the host does
//
// It implements [Store] and [Outbox] (usually one object), and where it can [Agenda], [Feed] and
// [Snapshots], each of which is optional and has its own suite in lending/lendingtest. No money
// rule lives in a store: it keeps bytes, versions and keys.
//
// # Encoding
//
// An event has one method, Code, that both writes and reads its fields through a [Codec], so that
// the two can never disagree. The first byte of a record is the encoding's version; a released
// version decodes for ever. Events carry outcomes (amounts), never rules to recompute.
package event
