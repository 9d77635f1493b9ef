package lending

import "github.com/loanweave/loanweave/lending/event"

// begun is a round on a listing that is not finished: the turns to come are a stretch of the ring.
type begun struct {
	loan      LoanID // empty for no such round
	next, end int32  // slots; nobody when all who had a turn to come were switched off
}

const nobody = -1

// toCome returns the stretch of the ring whose turns are to come on a listing.
func (q *Queue) toCome(loan LoanID) (from, end int32, some bool) {
	switch {
	case q.Len() == 0:
		return 0, 0, false
	case q.begun.loan == loan:
		return q.begun.next, q.begun.end, q.begun.next != nobody
	}
	return q.head, q.prev[q.head], true
}

// begin notes what a round leaves to come; last is the slot of its last turn. Those that bid are yet
// to be moved.
func (q *Queue) begin(r *Round, last int32) {
	_, end, _ := q.toCome(r.Loan)
	q.begun = begun{}
	if r.More {
		q.begun = begun{r.Loan, q.next[last], end}
	}
}

// withdraw takes a slot out of the turns to come.
func (b *begun) withdraw(slot, before, after int32) {
	switch {
	case b.loan == "" || slot != b.next && slot != b.end:
	case b.next == b.end:
		b.next, b.end = nobody, nobody
	case slot == b.next:
		b.next = after
	default:
		b.end = before
	}
}

// codeBegun codes the unfinished round, by mandates, of a queue that stands.
func (q *Queue) codeBegun(c *event.Codec) {
	b := q.begun
	var next, end MandateID
	if b.loan != "" && b.next != nobody {
		next, end = q.tags[b.next].mandate, q.tags[b.end].mandate
	}
	event.Text(c, &b.loan)
	event.Text(c, &next)
	event.Text(c, &end)
	if !c.Reading() || b.loan == "" {
		return
	}
	b.next, b.end = nobody, nobody
	if next == "" {
		q.begun = b
		return
	}
	for _, v := range []struct {
		slot *int32
		id   MandateID
	}{{&b.next, next}, {&b.end, end}} {
		slot, on := q.slots[v.id]
		if !on {
			c.Fail((&Mandate{ID: v.id}).wrong(ErrUnknown, "is not on"))
			return
		}
		*v.slot = slot
	}
	q.begun = b
}
