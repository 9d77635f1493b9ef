package memory

import (
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
)

// check refuses a commit that is malformed or too large, before anything is looked up.
func (s *Store) check(c *event.Commit) error {
	if c.Key == "" || len(c.Appends) == 0 || len(c.Appends[0].Records) == 0 {
		return fmt.Errorf("commit %q: %w: needs a key and an outcome", c.Key, ErrMalformed)
	}
	if len(c.Key) > event.MaxKey || len(c.Appends) > event.MaxAppends {
		return fmt.Errorf("commit %.128q: %w", c.Key, event.ErrTooLarge)
	}
	left := s.MaxBytes
	if left == 0 {
		left = DefaultMaxBytes
	}
	left -= len(c.Key)
	seen := make(map[event.Stream]struct{}, len(c.Appends))
	for i := range c.Appends {
		a := &c.Appends[i]
		if _, twice := seen[a.Stream]; twice {
			return fmt.Errorf("commit %q: %w: stream %s twice", c.Key, ErrMalformed, a.Stream)
		}
		seen[a.Stream] = struct{}{}
		if len(a.Stream.Kind) > event.MaxID || len(a.Stream.ID) > event.MaxID {
			return fmt.Errorf("commit %q: %w: stream name", c.Key, event.ErrTooLarge)
		}
		left -= len(a.Stream.Kind) + len(a.Stream.ID)
		for j := range a.Records {
			r := &a.Records[j]
			if len(r.Data) > event.MaxRecord {
				return fmt.Errorf("commit %q: %w: record of %s", c.Key, event.ErrTooLarge, a.Stream)
			}
			left -= len(r.Type) + len(r.Data)
		}
	}
	for i := range c.Outbox {
		left -= len(c.Outbox[i].ID) + len(c.Outbox[i].Topic) + len(c.Outbox[i].Data)
	}
	if left < 0 {
		return fmt.Errorf("commit %q: %w: %d bytes too many", c.Key, event.ErrTooLarge, -left)
	}
	return nil
}
