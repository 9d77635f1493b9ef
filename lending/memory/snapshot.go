package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// Snapshot implements [event.Snapshots]. The data is a copy.
func (s *Store) Snapshot(ctx context.Context, name event.Stream) (event.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return event.Snapshot{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	snap, ok := s.snaps[name]
	if !ok {
		return event.Snapshot{}, fmt.Errorf("snapshot of %s: %w", name, event.ErrNotFound)
	}
	snap.Data = slices.Clone(snap.Data)
	return snap, nil
}

// KeepSnapshot implements [event.Snapshots]. One older than what is kept is ignored.
func (s *Store) KeepSnapshot(ctx context.Context, name event.Stream, snap event.Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if snap.At < s.snaps[name].At {
		return nil
	}
	snap.Data = slices.Clone(snap.Data)
	s.snaps[name] = snap
	return nil
}
