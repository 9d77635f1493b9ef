package lending

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// MaxMandates is how many mandates can be on in one queue.
const MaxMandates = 1 << 20

// Queue holds the mandates of one market that are on, in the order of their turns: first switched on,
// first served, then to the tail. One mandate a lender, so that a place in the queue is a lender's
// and cannot be multiplied. The zero queue has no rules and refuses everything; make one with
// [NewQueue]. A queue is not safe for use by several goroutines at once while it changes.
//
// Mandates live in slots, in columns; the order is a ring through the slots. A turn, switching on
// and switching off cost the same however long the queue is.
type Queue struct {
	rules   QueueRules
	rows    []Mandate // by slot; a free slot is zero
	tags    []tag
	filters []filter
	stakes  []stake
	next    []int32
	prev    []int32
	head    int32 // meaningless while nothing is on
	free    []int32
	begun   begun

	slots    map[MandateID]int32
	lenders  map[PartyID]int32
	grades   codebook
	products codebook
	covers   codebook
}

// tag is what a bid says of its mandate, in a column of its own because every bid reads it.
type tag struct {
	mandate MandateID
	lender  PartyID
}

// NewQueue makes an empty queue. The error is that of [QueueRules.Validate].
func NewQueue(r QueueRules) (*Queue, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return &Queue{rules: r, slots: map[MandateID]int32{}, lenders: map[PartyID]int32{}}, nil
}

// SetRules changes the market's rules for later rounds; the order of turns stays. The error is that
// of [QueueRules.Validate], or ErrTerms for another currency.
func (q *Queue) SetRules(r QueueRules) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if r.Currency != q.rules.Currency {
		return &Error{ErrTerms, "queue", "cannot change its currency"}
	}
	q.rules = r
	return nil
}

// Rules returns the market's rules.
func (q *Queue) Rules() QueueRules { return q.rules }

// Len returns how many mandates are on.
func (q *Queue) Len() int { return len(q.slots) }

// SwitchOn puts a mandate at the tail. It refuses one that [Mandate.Validate] finds fault with, in
// another currency (ErrAmount), whose id is on or whose lender has one on (ErrExists), beyond
// MaxMandates, or when all mandates together would name more than 60 grades, 60 products or 60
// covers (ErrLimit). A refusal changes nothing.
func (q *Queue) SwitchOn(m Mandate) error {
	if err := q.bars(&m); err != nil {
		return err
	}
	f, slot := &m.Takes, q.slot()
	q.rows[slot], q.stakes[slot] = m.clone(), m.stake()
	q.filters[slot], q.tags[slot] = q.filter(f), tag{m.ID, m.Lender}
	q.link(slot)
	q.slots[m.ID], q.lenders[m.Lender] = slot, slot
	return nil
}

// bars says why a mandate cannot be switched on.
func (q *Queue) bars(m *Mandate) error {
	if q.rules.Turns == 0 {
		return &Error{ErrConfig, "queue", "has no rules"}
	}
	if err := m.Validate(); err != nil {
		return err
	}
	_, on := q.slots[m.ID]
	_, has := q.lenders[m.Lender]
	f := &m.Takes
	switch {
	case m.Currency != q.rules.Currency:
		return m.wrong(ErrAmount, "is in %s, the queue in %s", m.Currency, q.rules.Currency)
	case on:
		return m.wrong(ErrExists, "is on")
	case has:
		return m.wrong(ErrExists, "is not the only one of its lender")
	case q.Len() >= MaxMandates:
		return m.wrong(ErrLimit, "finds %d in the queue", MaxMandates)
	case !fits(&q.grades, f.Grades), !fits(&q.products, f.Products), !fits(&q.covers, f.Covers):
		return m.wrong(ErrLimit, "makes the queue name more than %d of a kind", maxNames)
	}
	return nil
}

// SwitchOff takes a mandate out of the queue. It refuses one that is not on (ErrUnknown).
func (q *Queue) SwitchOff(id MandateID) error {
	slot, ok := q.slots[id]
	if !ok {
		return (&Mandate{ID: id}).wrong(ErrUnknown, "is not on")
	}
	f := &q.rows[slot].Takes
	leave(&q.grades, f.Grades)
	leave(&q.products, f.Products)
	leave(&q.covers, f.Covers)
	q.begun.withdraw(slot, q.prev[slot], q.next[slot])
	q.unlink(slot)
	delete(q.slots, id)
	delete(q.lenders, q.rows[slot].Lender)
	q.rows[slot], q.tags[slot] = Mandate{}, tag{}
	q.free = append(q.free, slot)
	return nil
}

// slot returns a free slot.
func (q *Queue) slot() int32 {
	if n := len(q.free) - 1; n >= 0 {
		slot := q.free[n]
		q.free = q.free[:n]
		return slot
	}
	q.rows, q.filters = append(q.rows, Mandate{}), append(q.filters, filter{})
	q.stakes, q.tags = append(q.stakes, stake{}), append(q.tags, tag{})
	q.next, q.prev = append(q.next, 0), append(q.prev, 0)
	return int32(len(q.rows) - 1)
}

// link puts a slot at the tail; it is not in the ring, and is not counted in slots yet.
func (q *Queue) link(slot int32) {
	if len(q.slots) == 0 {
		q.head, q.next[slot], q.prev[slot] = slot, slot, slot
		return
	}
	tail := q.prev[q.head]
	q.next[tail], q.prev[slot] = slot, tail
	q.next[slot], q.prev[q.head] = q.head, slot
}

// unlink takes a slot out of the ring.
func (q *Queue) unlink(slot int32) {
	before, after := q.prev[slot], q.next[slot]
	q.next[before], q.prev[after] = after, before
	if slot == q.head {
		q.head = after
	}
}

// toTail moves a slot to the tail.
func (q *Queue) toTail(slot int32) {
	if slot != q.head {
		q.unlink(slot)
		q.link(slot)
		return
	}
	q.head = q.next[slot] // the ring has turned by one
}

// Mandate returns a mandate that is on.
func (q *Queue) Mandate(id MandateID) (Mandate, bool) {
	slot, ok := q.slots[id]
	if !ok {
		return Mandate{}, false
	}
	return q.rows[slot].clone(), true
}

// Slot returns the number by which [Purses] is asked for a mandate: below the largest number of
// mandates that were ever on at once, its own as long as it is on, then free for another.
func (q *Queue) Slot(id MandateID) (slot int, ok bool) {
	s, ok := q.slots[id]
	return int(s), ok
}

// All yields the mandates in the order of their turns. Switching them on in this order, in an empty
// queue of the same rules, makes a queue that decides alike, but for a round that is not finished. The queue must not change meanwhile.
func (q *Queue) All() iter.Seq[Mandate] {
	return func(yield func(Mandate) bool) {
		slot := q.head
		for range q.Len() {
			if !yield(q.rows[slot].clone()) {
				return
			}
			slot = q.next[slot]
		}
	}
}

// Clone returns a queue of its own with the same mandates in the same order and slots. It costs as
// much as the queue is long.
func (q *Queue) Clone() *Queue {
	c := *q
	c.rows = slices.Clone(q.rows) // rows never change once they stand there
	c.filters, c.stakes, c.tags = slices.Clone(q.filters), slices.Clone(q.stakes), slices.Clone(q.tags)
	c.next, c.prev, c.free = slices.Clone(q.next), slices.Clone(q.prev), slices.Clone(q.free)
	c.slots, c.lenders = maps.Clone(q.slots), maps.Clone(q.lenders)
	return &c
}

// Check verifies the invariants of a queue at rest:
//
//	the ring goes once through every slot that is on and through no other
//	each mandate and each lender is on once, where the indexes say
//	each column says what the mandate says; a name has a bit as often as it is used
func (q *Queue) Check() error {
	slot, seen := q.head, make(map[int32]bool, q.Len())
	var grades, products, covers int
	for range q.Len() {
		if int(slot) >= len(q.rows) || seen[slot] || q.prev[q.next[slot]] != slot {
			return q.broken("ring at slot %d", slot)
		}
		seen[slot] = true
		m := &q.rows[slot]
		at, on := q.slots[m.ID]
		of, has := q.lenders[m.Lender]
		switch {
		case !on || at != slot || !has || of != slot:
			return q.broken("mandate %s of %s is not where the indexes say", m.ID, m.Lender)
		case q.tags[slot] != tag{m.ID, m.Lender}, q.stakes[slot] != m.stake(), q.filters[slot] != q.filterOf(&m.Takes):
			return q.broken("columns of mandate %s", m.ID)
		}
		grades, products = grades+len(m.Takes.Grades), products+len(m.Takes.Products)
		covers += len(m.Takes.Covers)
		slot = q.next[slot]
	}
	b := &q.begun
	switch {
	case b.loan != "" && b.next != nobody && (!seen[b.next] || !seen[b.end]):
		return q.broken("round on loan %s is at slots that are off", b.loan)
	case q.Len() > 0 && slot != q.head:
		return q.broken("ring does not close")
	case len(q.lenders) != q.Len() || len(q.free)+q.Len() != len(q.rows):
		return q.broken("%d on, %d lenders, %d of %d free",
			q.Len(), len(q.lenders), len(q.free), len(q.rows))
	case q.grades.used() != grades, q.products.used() != products, q.covers.used() != covers:
		return q.broken("names are used more or less often than counted")
	}
	return nil
}

func (q *Queue) broken(format string, args ...any) error {
	return fmt.Errorf("%w: queue: %s", ErrInvariant, fmt.Sprintf(format, args...))
}
