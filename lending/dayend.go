package lending

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// EndDay brings one loan up to a date: it opens, clears or fails a tender whose day has come, fails a
// funded loan that nobody has reviewed in time, writes a loan off or accelerates it by the product's
// rule, books the late charges of overdue instalments and asks covers whose trigger day has come. The desk sends it for
// every loan that has work; see [Desk.DayEnd]. For a date before what the loan has seen it is the
// day-end of that later date. Given by the system.
type EndDay struct{ Loan LoanID }

// Asked is what a cover took on in a loan's day-end.
type Asked struct {
	Layer      int
	Instalment int
	Accepted   int64 // of what the lenders miss, minor units
}

// DayEnded is the outcome of [EndDay].
type DayEnded struct {
	On civil.Date
	Booking
	Asked []Asked
}

// Type implements event.Of.
func (DayEnded) Type() string { return "day-ended" }

// Apply implements event.Of.
func (e DayEnded) Apply(l *Loan) {
	l.Looked, l.Stale = e.On, false
	l.book(e.Booking)
	for _, a := range e.Asked {
		if d := l.due(a.Instalment); a.Layer >= 0 && a.Layer < maxCovers {
			d.Asked |= 1 << a.Layer
			d.Promised[a.Layer] += a.Accepted
		}
	}
}

// Code implements event.Coder.
func (e *DayEnded) Code(c *event.Codec) {
	c.Date(&e.On)
	e.Booking.code(c)
	event.List(c, &e.Asked, func(c *event.Codec, a *Asked) {
		c.Count(&a.Layer)
		c.Count(&a.Instalment)
		c.Int(&a.Accepted)
	})
}

// Home implements Command.
func (c EndDay) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (EndDay) Allowed() []Role { return []Role{RoleSystem} }

// Decide implements Command.
func (c EndDay) Decide(t *Tx, l *Loan) (ev DayEnded, err error) {
	none := DayEnded{}
	if l.ID == "" {
		return none, &Error{ErrUnknown, "loan " + string(c.Loan), ""}
	}
	ev.On = t.On
	switch {
	case slices.Contains(tendered, l.State):
		return ev, t.endTender(l)
	case slices.Contains(unpublished, l.State) && l.lapsed(t.On):
		return ev, t.lapse(l)
	case l.State == StateWrittenOff && l.Stale:
		ev.On = later(t.On, l.Looked)
		ev.Asked, err = t.askOver(l.ID, ev.On)
		return ev, err
	case l.State != StateActive:
		return ev, nil
	}
	if seen := l.Seen(); t.On.Before(seen) {
		ev.On = seen
	}
	if day := l.exceeds(l.Product.Late.WriteOffDays); !day.IsZero() && !day.After(ev.On) {
		if err := t.writeOffByRule(l, ev.On); err != nil {
			return none, err
		}
		ev.Asked, err = t.askOver(l.ID, ev.On)
		return ev, err
	}
	if ev.Booking, err = l.booking(ev.On); err != nil {
		return none, err
	}
	ev.Asked, err = t.ask(l.preview(ev.Booking), ev.On)
	return ev, err
}

// askOver asks the covers of a loan that is written off, as it stands.
func (t *Tx) askOver(id LoanID, on civil.Date) ([]Asked, error) {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return nil, err
	}
	return t.ask(l, on)
}

// ask goes through the layers of covers for every instalment whose trigger day has come. Each is
// asked for what is missing ([Loan.Covered]) and no earlier layer has taken on; none while arrears are tolerated. All that
// a loan owes is due at once when it is written off.
func (t *Tx) ask(l *Loan, on civil.Date) (asked []Asked, err error) {
	used, over := make([]int64, len(l.Covers)), l.State == StateWrittenOff
	for i := range l.Dues {
		d := &l.Dues[i]
		if len(l.Covers) == 0 || !over && (!d.Date.Before(on) || l.DaysPastDue(on) == 0) {
			break
		}
		promised := d.Promised
		for layer, v := range l.Product.Covers {
			rest := l.uncovered(layer, i, &promised)
			if rest <= 0 || d.Asked&(1<<layer) != 0 || !over && on.Sub(d.Date) < v.TriggerDays {
				continue
			}
			a := Asked{Layer: layer, Instalment: i}
			if a.Accepted, err = t.demand(l, a, rest, used); err != nil {
				return nil, err
			}
			used[layer] += a.Accepted
			promised[layer] += a.Accepted
			asked = append(asked, a)
		}
	}
	return asked, nil
}

// demand asks one layer, within its cap, and refuses an answer that is out of range.
func (t *Tx) demand(l *Loan, a Asked, rest int64, used []int64) (int64, error) {
	v := l.Product.Covers[a.Layer]
	if !v.Cap.IsZero() {
		open := l.Covers[a.Layer].Paid + used[a.Layer]
		for i := range l.Dues {
			open += l.Dues[i].Promised[a.Layer]
		}
		rest = min(rest, v.Cap.Minor()-open)
	}
	if rest <= 0 {
		return 0, nil
	}
	want := amount(rest, l.Currency())
	got, err := t.cover(v.Name).Demand(t, l, Demand{a.Layer, a.Instalment, want})
	if err != nil {
		return 0, fmt.Errorf("demand on cover %s for loan %s: %w", v.Name, l.ID, err)
	}
	if got.Minor() < 0 || got.Minor() > rest || !got.IsZero() && got.Currency() != l.Currency() {
		return 0, &Error{ErrAmount, "cover " + string(v.Name), "took on " + got.String() + " of " + want.String()}
	}
	return got.Minor(), nil
}

// maxPasses ends a day-end in which a stream never comes to rest.
const maxPasses = 1000

// DayEnd wakes everything that has work on or before a date: payouts, loans, coupons, complaints, then
// the kinds of the parts in their order, again until a pass wakes nothing. It returns how many streams were woken.
// A stream whose work is refused does not hold up the others: it stays awake, and its refusal is
// joined into the error. DayEnd may be run again, on the same date or after a gap: every step is
// recorded once. It needs a store that is an [event.Agenda]; a host without one sends [EndDay] to
// its loans itself.
func (d *Desk) DayEnd(ctx context.Context, on civil.Date) (woken int, err error) {
	if err := dated("day-end", on); err != nil {
		return 0, err
	}
	for pass := range maxPasses {
		before := woken
		var refused []error
		for _, kind := range d.order {
			n, err := d.wakeKind(ctx, kind, on, pass)
			if woken += n; errors.Is(err, event.ErrUnknown) {
				return woken, err
			}
			refused = append(refused, err)
		}
		if woken == before {
			return woken, errors.Join(refused...)
		}
	}
	return woken, &Error{ErrLimit, "day-end of " + on.String(), "never comes to rest"}
}

// wakeKind wakes the streams of one kind. It stops at once at an error that says nothing of the
// stream but of the store, and otherwise goes on to the next.
func (d *Desk) wakeKind(ctx context.Context, kind string, on civil.Date, pass int) (n int, err error) {
	if d.agenda == nil {
		return 0, &Error{ErrConfig, "desk", "its store keeps no agenda"}
	}
	var refused []error
	for last := ""; ; {
		ids, err := d.agenda.Awake(ctx, kind, on, last, batch)
		if err != nil {
			return n, &event.UnknownError{Op: "read agenda of " + kind, Err: err}
		}
		for _, id := range ids {
			m := ours(on, "day", "%s/%s/%d/%d", kind, id, on.Ordinal(), pass)
			err := d.wakeOne(ctx, kind, m, id)
			switch last = id; {
			case err == nil:
				n++
			case d.cfg.Custody == PerUser && errors.Is(err, ErrPending):
				// the custodian's answer will move it on
			case errors.Is(err, event.ErrUnknown):
				return n, fmt.Errorf("wake %s %s: %w", kind, id, err)
			default:
				refused = append(refused, fmt.Errorf("wake %s %s: %w", kind, id, err))
			}
		}
		if len(ids) < batch {
			return n, errors.Join(refused...)
		}
	}
}

// wakeOne wakes a stream and carries out the payouts that it opened, so that the next one sees the
// money where it belongs, whatever the size of a chunk.
func (d *Desk) wakeOne(ctx context.Context, kind string, m Meta, id string) error {
	if err := d.wake[kind](ctx, d, m, id); err != nil || kind == payoutKind.Name() {
		return err
	}
	_, err := d.wakeKind(ctx, payoutKind.Name(), m.On, 0)
	return err
}
