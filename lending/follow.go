package lending

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
)

// Happening is one thing that happened, as a notifier, a statement or a read model of the host wants
// it: which stream it stands on, what it is, and the command behind it.
type Happening struct {
	Stream  event.Stream
	Version event.Version // on the stream
	// Event is the event as a value of its Go type (BidPlaced, Repaid), an entry of the books
	// (ledger.Entry) or an accepted warning (Accepted); nil for what neither this package nor a part
	// of the desk knows, of which Record has the type and the bytes.
	Event  any
	Record event.Record
	Key    string // of the command
	Order  Order  // when it was given, by whom, and who approved
}

// Follow reads what was committed after a position, oldest first on each stream: every event and
// every entry once, nothing skipped, whatever is committed meanwhile. It takes up to limit records
// at a time, 1000 at most; the position returned continues after them. No happenings and a nil error
// mean that there is nothing new: call again later. Zero is the start. A host that keeps the
// position in the transaction in which it acts on what it read acts on everything exactly once.
//
// An error of class unknown is the store's: read again from the same position. One of class broken
// is a record that cannot be read.
func (d *Desk) Follow(ctx context.Context, after event.Position, limit int) ([]Happening, event.Position, error) {
	if d.feed == nil {
		return nil, after, &Error{ErrConfig, "desk", "its store has no feed"}
	}
	for at := after; ; {
		changes, next, err := d.feed.Read(ctx, at, max(1, min(limit, 1000)))
		if err != nil {
			return nil, after, &event.UnknownError{Op: "read feed", Err: err}
		}
		if len(changes) == 0 {
			return nil, at, nil
		}
		out, err := d.happenings(ctx, changes)
		if err != nil || len(out) > 0 {
			if err != nil {
				next = after
			}
			return out, next, err
		}
		at = next // nothing but orders
	}
}

func (d *Desk) happenings(ctx context.Context, changes []event.Change) ([]Happening, error) {
	orders := map[string]Order{}
	for _, c := range changes {
		if c.Record.Type != "~"+orderMemo {
			continue
		}
		var o Order
		if err := event.Decode(c.Record.Data, 1, &o); err != nil {
			return nil, fmt.Errorf("follow %s at %d: %w", c.Stream, c.At, err)
		}
		orders[c.Key] = o
	}
	out := make([]Happening, 0, len(changes))
	for _, c := range changes {
		if c.Record.Type == "~"+orderMemo {
			continue
		}
		v, err := d.decode(c)
		if err != nil {
			return nil, fmt.Errorf("follow %s at %d: %w", c.Stream, c.At, err)
		}
		o, ok := orders[c.Key]
		if !ok {
			if o, err = d.orderOf(ctx, c.Key); err != nil {
				return nil, fmt.Errorf("follow %s at %d: %w", c.Stream, c.At, err)
			}
			orders[c.Key] = o
		}
		out = append(out, Happening{c.Stream, c.At, v, c.Record, c.Key, o})
	}
	return out, nil
}

// decode reads a change back into its Go type, nil for one of a kind that the desk does not know.
func (d *Desk) decode(c event.Change) (any, error) {
	switch c.Record.Type {
	case "~" + entryMemo:
		var e ledger.Entry
		err := event.Decode(c.Record.Data, 1, &e)
		return e, err
	case "~" + acceptedMemo:
		var a Accepted
		err := event.Decode(c.Record.Data, 1, &a)
		return a, err
	}
	k := d.kinds[c.Stream.Kind]
	if k == nil || strings.HasPrefix(c.Record.Type, "~") {
		return nil, nil
	}
	return k.Decode(c.Record)
}

// orderOf finds the order of a command whose memo was read before: it stands just before the outcome.
// A commit that no desk made has none.
func (d *Desk) orderOf(ctx context.Context, key string) (o Order, err error) {
	rc, _, err := d.cfg.Store.Find(ctx, key)
	if err == nil && rc.Home.After >= 2 {
		var got []event.Slice
		got, err = d.cfg.Store.Load(ctx, event.Cursor{Stream: rc.Home.Stream, After: rc.Home.After - 2})
		if err == nil && len(got) == 1 && len(got[0].Records) >= 2 && got[0].Records[0].Type == "~"+orderMemo {
			return o, event.Decode(got[0].Records[0].Data, 1, &o)
		}
	}
	if err != nil && !errors.Is(err, event.ErrNotFound) {
		err = &event.UnknownError{Op: "find order", Err: err}
	}
	return o, err
}
