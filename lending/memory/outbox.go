package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/loanweave/loanweave/lending/event"
)

// outbox holds every message ever sent by id, and those that wait by due time, then commit order.
type outbox struct {
	sent    map[string]*message // settled ones too, without their content
	waiting order[*message]
}

type message struct {
	event.Message
	seq     int
	settled bool
}

func newOutbox() outbox {
	return outbox{
		sent: map[string]*message{},
		waiting: order[*message]{compare: func(a, b *message) int {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.seq, b.seq))
		}},
	}
}

// add queues a copy of a message, unless its id was seen before.
func (o *outbox) add(m *event.Message) {
	if o.sent[m.ID] != nil {
		return
	}
	own := &message{Message: *m, seq: len(o.sent)}
	own.Data = slices.Clone(m.Data)
	o.sent[m.ID] = own
	o.waiting.add(own)
}

// Due implements [event.Outbox]. The messages are copies.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]event.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limit <= 0 {
		return nil, nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var due []event.Message
	s.outbox.waiting.walk(func(*message) bool { return false }, 0, func(m *message) bool {
		if m.Due.After(now) {
			return false
		}
		own := m.Message
		own.Data = slices.Clone(m.Data)
		due = append(due, own)
		return len(due) < limit
	})
	return due, nil
}

// Settle implements [event.Outbox]. A settled message stays settled.
func (s *Store) Settle(ctx context.Context, id string, retryAt time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.outbox.sent[id]
	if m == nil || m.settled {
		return nil
	}
	s.outbox.waiting.drop(m)
	if retryAt.IsZero() {
		*m = message{settled: true}
		return nil
	}
	m.Due = retryAt
	s.outbox.waiting.add(m)
	return nil
}
