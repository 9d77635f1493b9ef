package memory

import (
	"context"

	"github.com/loanweave/loanweave/lending/event"
)

// change is one record of the feed; its content stands on the stream.
type change struct {
	stream *stream
	at     event.Version
	key    string // of the commit that wrote it
}

// Read implements [event.Feed]. The records are copies. A position is the number of changes
// before it; one beyond the end reads nothing.
func (s *Store) Read(
	ctx context.Context, after event.Position, limit int,
) ([]event.Change, event.Position, error) {
	if err := ctx.Err(); err != nil {
		return nil, after, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if limit <= 0 || after >= event.Position(len(s.changes)) {
		return nil, after, nil
	}
	next := s.changes[after:]
	next = next[:min(limit, len(next))]
	out := make([]event.Change, len(next))
	for i, c := range next {
		r := c.stream.records[c.at-1 : c.at]
		out[i] = event.Change{Stream: c.stream.name, At: c.at, Key: c.key, Record: cloneRecords(nil, r)[0]}
	}
	return out, after + event.Position(len(out)), nil
}
