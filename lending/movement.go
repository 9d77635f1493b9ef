package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxHistory bounds the payments of a loan that can still be taken back.
const maxHistory = 600

// Movement is a payment that can still be taken back, with what has to be known for it.
type Movement struct {
	Repaid
	rows   []PayoutRow // who was paid by it
	was    Recut       // interest that stood before
	from   civil.Date  // to which lenders' fees by time were figured before
	called int64       // of its total, called back
	exit   int         // the first of its charges for paying early, counted from 1
}

// record takes a payment that was made into the loan's figures and its history.
func (l *Loan) record(e *Repaid) {
	l.book(e.Booking)
	m := Movement{Repaid: *e, was: l.recut(e.Recut), from: l.Served}
	l.recast(e.Recast)
	m.exit = l.chargeAll(e.Exit)
	l.move(e, 1)
	l.serve(e.On, e.Vectors)
	m.rows = l.paidBy(e)
	anew := len(e.Recast.Rows) > 0
	if anew {
		l.seal(e.On)
	}
	if len(l.History) >= maxHistory {
		l.History, l.Fixed = slices.Clone(l.History[1:]), max(0, l.Fixed-1)
	}
	if l.History = append(l.History, m); anew {
		l.Noticed = civil.Date{}
		l.fence(e.On)
	}
	l.Payments = max(l.Payments, e.N)
	if e.Closes {
		l.State, l.Closed = StateClosed, e.On
	}
}

// unrecord takes the latest payment out again, late charges apart.
func (l *Loan) unrecord() {
	m := l.latest()
	if m == nil || len(l.History) <= l.Fixed {
		return
	}
	l.History = l.History[:len(l.History)-1]
	l.State, l.Closed = StateActive, civil.Date{}
	if m.Recovery() {
		l.State = StateWrittenOff
	}
	l.move(&m.Repaid, -1)
	l.recut(m.was)
	l.Served = m.from
	for k := range m.Exit {
		l.void(m.exit + k)
	}
	for _, p := range m.Parts { // covers that had stood down are asked again
		d := l.due(p.Instalment)
		d.Asked, d.Promised = 0, [maxCovers]int64{}
	}
}

// rewind figures what the rules brought back to a day after which nothing was paid.
func (l *Loan) rewind(on civil.Date) error {
	if l.State == StateWrittenOff {
		return nil // it stands still
	}
	l.decelerate(on)
	l.uncharge(on)
	b := Booking{Cost: l.countTo(on)}
	if !l.Cost.Through.After(on) {
		b.Cost = l.Cost
	}
	for i := range l.Dues {
		d := &l.Dues[i]
		if !d.Through.After(on) || !d.Through.After(d.Date) {
			continue
		}
		a, err := l.lateOn(i, later(on, d.Date))
		if err != nil {
			return err
		}
		b.Assessed = append(b.Assessed, a)
	}
	l.keepCap(&b, on)
	if err := l.passPenalty(&b); err != nil {
		return err
	}
	l.book(b)
	return nil
}

// latest is the latest payment if it can still be taken back.
func (l *Loan) latest() *Movement {
	if len(l.History) == 0 {
		return nil
	}
	return &l.History[len(l.History)-1]
}

// seal makes the payments so far ones that cannot be taken back.
func (l *Loan) seal(on civil.Date) {
	l.fence(on)
	l.History, l.Fixed = nil, 0
}

// fence makes the payments so far ones that cannot be booked anew, because what was owed has changed
// since: nor comes one before them, if what changed was dated back. They can still be called back.
func (l *Loan) fence(on civil.Date) {
	l.Sealed = later(l.Sealed, on)
	if m := l.latest(); m != nil {
		l.Sealed = later(l.Sealed, m.On)
	}
	l.Fixed = len(l.History)
}

func (m *Movement) code(c *event.Codec) {
	m.Repaid.Code(c)
	event.List(c, &m.rows, func(c *event.Codec, r *PayoutRow) { r.code(c) })
	m.was.code(c)
	c.Date(&m.from)
	c.Int(&m.called)
	c.Count(&m.exit)
}

func later(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}
