package lending

import (
	"iter"

	"github.com/loanweave/loanweave/schedule/civil"
)

// Call asks a queue to fill one listing on a day.
type Call struct {
	Wanted Wanted
	On     civil.Date
	Purses Purses
	// Place, if set, places each bid when its turn comes; one that it does not take is skipped.
	Place   func(AutoBid) (taken bool, err error)
	Most    int  // mandates that take the loan and have their turn in this call; 0 for all
	Explain bool // say of every mandate that got nothing at its turn why
}

// AutoBid is a bid that a mandate makes (自动投标), in minor units of the queue's currency.
type AutoBid struct {
	Mandate MandateID
	Lender  PartyID
	Minor   int64
}

// Skipped is a turn that brought nothing.
type Skipped struct {
	Mandate MandateID
	Why     Skip
}

// Round is what came of asking a queue to fill one listing. Turns are Bids and those skipped.
type Round struct {
	Loan    LoanID
	Bids    []AutoBid // in the order of the turns
	Raised  int64     // their sum
	Turns   int       // mandates whose turn came
	Last    MandateID // the last of them; empty if there was none
	More    bool      // Call.Most ended it: other mandates still have their turn on this listing
	Skipped []Skipped // in the order of the turns, if asked for

	slots []int32 // of Bids and then of Last, a hint for [Queue.Turn]
}

// Fill fills one listing from the queue. Each mandate has at most one turn, from the head on, until
// nothing more may be bid automatically or everybody had his turn. A turn's bid is the mandate's
// Max, cut to what is still wanted less what is kept for manual bidders, to the market's and the
// mandate's share of the loan, to what the tender takes in a bid and of a lender, to the free balance
// above what is retained, and to the caps; then rounded down to the tender's steps and so that no
// tail is left that it refuses, except when it takes all that the loan still wants and the tender
// lets that be of any amount. If that is below the mandate's Min or the tender's MinBid the mandate
// bids nothing.
//
// A call may ask for a few turns only ([Call].Most). The queue, told of them, goes on from there when
// the same listing is asked for next, and what comes of it in the end is the same. A round on another
// listing ends one that was not finished: whoever had no turn in it is still in front.
//
// The queue does not change until [Queue.Turn] is told. The result depends on the queue, the call
// and the purses alone. Errors: ErrConfig for a queue without rules or a call without purses, those
// of [Wanted.Validate], ErrAmount for another currency, ErrDate before automatic bidding starts,
// ErrBid after the deadline, and the first of Purses or Place, as it is.
func (q *Queue) Fill(c Call) (Round, error) {
	var r Round
	if err := q.FillInto(&r, &c); err != nil {
		return Round{}, err
	}
	return r, nil
}

// FillInto is [Queue.Fill] that reuses the slices of an earlier round and so allocates nothing once
// they are long enough. After an error the round holds nothing.
func (q *Queue) FillInto(r *Round, c *Call) error {
	r.reset()
	if err := q.refuses(&c.Wanted, c.On); err != nil {
		return err
	}
	if c.Purses == nil {
		return &Error{ErrConfig, "call", "has no purses"}
	}
	r.Loan = c.Wanted.Loan
	t, traits := q.tray(c), q.traits(&c.Wanted)
	slot, end, left := q.toCome(r.Loan)
	last := slot
	for n := 0; left && t.open(); n++ {
		if c.Most > 0 && n == c.Most {
			r.More = true
			break
		}
		from := slot
		at, passed, found := q.pass(slot, end, &traits)
		if c.Explain {
			q.explain(r, from, passed, &traits)
		}
		r.Turns += passed
		if last = at; !found {
			break
		}
		if err := q.turn(r, at, &t); err != nil {
			r.reset()
			return err
		}
		slot, left = q.next[at], at != end
	}
	if r.Turns > 0 {
		r.Last, r.slots = q.tags[last].mandate, append(r.slots, last)
	}
	return nil
}

// turn is the turn of the mandate in a slot.
func (q *Queue) turn(r *Round, slot int32, t *tray) error {
	minor, why, err := q.bid(slot, t)
	if err != nil {
		return err
	}
	m := &q.tags[slot]
	if place := t.call.Place; place != nil && minor > 0 {
		taken, err := place(AutoBid{m.mandate, m.lender, minor})
		if err != nil {
			return err
		}
		if !taken {
			minor, why = 0, SkipRefused
		}
	}
	r.Turns++
	q.note(r, slot, minor, why, t.call.Explain)
	t.take(minor)
	return nil
}

func (r *Round) reset() {
	*r = Round{Bids: r.Bids[:0], Skipped: r.Skipped[:0], slots: r.slots[:0]}
}

// refuses says why a listing cannot be filled from the queue on a day.
func (q *Queue) refuses(w *Wanted, on civil.Date) error {
	if q.rules.Turns == 0 {
		return &Error{ErrConfig, "queue", "has no rules"}
	}
	if err := w.Validate(); err != nil {
		return err
	}
	start := w.Opened.AddDays(q.rules.DelayDays)
	switch {
	case w.Currency != q.rules.Currency:
		return w.wrong(ErrAmount, "is in %s, the queue in %s", w.Currency, q.rules.Currency)
	case on.IsZero() || start.IsZero() || on.Before(start):
		return w.wrong(ErrDate, "takes automatic bids from %s on", start)
	case on.After(w.Deadline):
		return w.wrong(ErrBid, "took bids until %s", w.Deadline)
	}
	return nil
}

// pass goes on from a slot to the first, up to the last one, whose filter takes the loan, and counts
// those before it. If there is none it ends at the last one.
func (q *Queue) pass(slot, last int32, t *traits) (at int32, passed int, found bool) {
	filters, next := q.filters, q.next
	for {
		f := &filters[slot]
		if f.outside(t)|f.lacks(t) >= 0 {
			return slot, passed, true
		}
		passed++
		if slot == last {
			return slot, passed, false
		}
		slot = next[slot]
	}
}

// explain notes why the filters of n slots do not take the loan.
func (q *Queue) explain(r *Round, slot int32, n int, t *traits) {
	for range n {
		r.Skipped = append(r.Skipped, Skipped{q.tags[slot].mandate, q.filters[slot].why(t)})
		slot = q.next[slot]
	}
}

// note notes a turn's bid or, if asked for, why there was none.
func (q *Queue) note(r *Round, slot int32, minor int64, why Skip, explain bool) {
	m := &q.tags[slot]
	switch {
	case why == 0:
		r.Bids = append(r.Bids, AutoBid{m.mandate, m.lender, minor})
		r.slots = append(r.slots, slot)
		r.Raised += minor
	case explain:
		r.Skipped = append(r.Skipped, Skipped{m.mandate, why})
	}
}

// Takers yields slot and lender of each mandate whose filter takes the loan on the day, in the order
// of their turns: whose purses [Queue.Fill] may ask for. It yields nothing where Fill refuses. The
// queue must not change meanwhile.
func (q *Queue) Takers(w Wanted, on civil.Date) iter.Seq2[int, PartyID] {
	return func(yield func(int, PartyID) bool) {
		if q.refuses(&w, on) != nil {
			return
		}
		t := q.tray(&Call{Wanted: w, On: on})
		traits := q.traits(&w)
		slot, end, left := q.toCome(w.Loan)
		for left && t.open() {
			at, _, found := q.pass(slot, end, &traits)
			if !found || t.admits(at, &q.stakes[at]) == 0 && !yield(int(at), q.tags[at].lender) {
				return
			}
			slot, left = q.next[at], at != end
		}
	}
}

// Turn moves the queue on after a round: under [EveryTurnCounts] all up to the last go to the tail,
// under [KeepsPlace] those that bid do, in the order of their bids. It refuses a round that names a
// mandate which is not on (ErrUnknown) and then changes nothing. A round read back from a record
// moves the queue alike; only Loan, Turns, Last, More and the bids' mandates count.
func (q *Queue) Turn(r *Round) error {
	if r.Turns <= 0 {
		q.begun = begun{}
		return nil
	}
	n := len(r.Bids)
	for len(r.slots) <= n {
		r.slots = append(r.slots, 0)
	}
	for i := range r.Bids {
		if err := q.find(&r.slots[i], r.Bids[i].Mandate); err != nil {
			return err
		}
	}
	if err := q.find(&r.slots[n], r.Last); err != nil {
		return err
	}
	q.begin(r, r.slots[n])
	if q.rules.Turns == EveryTurnCounts {
		q.head = q.next[r.slots[n]]
		return nil
	}
	for _, slot := range r.slots[:n] {
		q.toTail(slot)
	}
	return nil
}

// find sets the slot of a mandate that a round names, unless the slot is right as it stands.
func (q *Queue) find(slot *int32, id MandateID) error {
	if at := *slot; int(at) < len(q.tags) && q.tags[at].mandate == id && id != "" {
		return nil
	}
	at, ok := q.slots[id]
	if !ok {
		return (&Mandate{ID: id}).wrong(ErrUnknown, "is not on")
	}
	*slot = at
	return nil
}
