package memory

import (
	"fmt"
	"slices"
)

// CheckOrders verifies what the agenda and the outbox assume of their order: blocks that are not
// empty and not too large, everything sorted, each lowest weight exact.
func (s *Store) CheckOrders() error {
	for kind, a := range s.agendas {
		if err := a.check(); err != nil {
			return fmt.Errorf("agenda of %s: %w", kind, err)
		}
	}
	if err := s.outbox.waiting.check(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

func (o *order[T]) check() error {
	var all []T
	for i, b := range o.blocks {
		if len(b.items) == 0 || len(b.items) > blockSize {
			return fmt.Errorf("block %d holds %d items", i, len(b.items))
		}
		low := o.weigh(b.items[0])
		for _, item := range b.items {
			low = min(low, o.weigh(item))
		}
		if low != b.low {
			return fmt.Errorf("block %d weighs %d, says %d", i, low, b.low)
		}
		all = append(all, b.items...)
	}
	if !slices.IsSortedFunc(all, o.compare) {
		return fmt.Errorf("out of order")
	}
	return nil
}
