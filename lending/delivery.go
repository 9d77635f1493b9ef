package lending

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Topic is the outbox topic of payment instructions.
const Topic = "payment"

// PaymentSent stands on a payment before each hand-over to a custodian that does not recognise a
// repeated id, and after one that the custodian acknowledged.
type PaymentSent struct{ Acknowledged bool }

// Type implements event.Of.
func (PaymentSent) Type() string { return "sent" }

// Apply implements event.Of.
func (e PaymentSent) Apply(p *Payment) {
	if p.Acknowledged = e.Acknowledged; !e.Acknowledged {
		p.Sends++
	}
}

// Code implements event.Coder.
func (e *PaymentSent) Code(c *event.Codec) { c.Bool(&e.Acknowledged) }

// PaymentParked says that an instruction was handed over with an unknown outcome to a custodian
// for whom a repeated id is a second payment. People have to look.
type PaymentParked struct{}

// Type implements event.Of.
func (PaymentParked) Type() string { return "parked" }

// Apply implements event.Of.
func (PaymentParked) Apply(p *Payment) { p.Parked = true }

// Code implements event.Coder.
func (*PaymentParked) Code(*event.Codec) {}

// PaymentReleased is the outcome of [ReleasePayment].
type PaymentReleased struct{ By, Approver ActorID }

// Type implements event.Of.
func (PaymentReleased) Type() string { return "released" }

// Apply implements event.Of.
func (PaymentReleased) Apply(p *Payment) { p.Parked, p.Sends, p.Acknowledged = false, 0, false }

// Code implements event.Coder.
func (e *PaymentReleased) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

type markSent struct {
	Payment      payment.ID
	Sends        int // so far
	Acknowledged bool
}

func (c markSent) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Payment) }
func (markSent) Allowed() []Role                { return []Role{RoleSystem} }
func (c markSent) Decide(_ *Tx, p *Payment) (PaymentSent, error) {
	if p.Sends != c.Sends {
		return PaymentSent{}, &Error{ErrState, "payment " + string(c.Payment), "was sent before"}
	}
	return PaymentSent{c.Acknowledged}, nil
}

type markParked struct{ Payment payment.ID }

func (c markParked) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Payment) }
func (markParked) Allowed() []Role                { return []Role{RoleSystem} }
func (c markParked) Decide(_ *Tx, p *Payment) (PaymentParked, error) {
	if p.Parked || p.State.Status.Final() {
		return PaymentParked{}, &Error{ErrState, "payment " + string(c.Payment), "does not wait"}
	}
	return PaymentParked{}, nil
}

// ReleasePayment lets a parked instruction be sent again by the next delivery, after two people have made sure that the
// custodian never carried it out. If it did, give its report to [Observe] instead. Given by a
// cashier.
type ReleasePayment struct{ Payment payment.ID }

// Home implements Command.
func (c ReleasePayment) Home(Meta) event.Ref[Payment] { return PaymentRef(c.Payment) }

// Allowed implements Command.
func (ReleasePayment) Allowed() []Role { return []Role{RoleCashier} }

// Decide implements Command.
func (c ReleasePayment) Decide(t *Tx, p *Payment) (PaymentReleased, error) {
	if err := t.second(); err != nil {
		return PaymentReleased{}, err
	}
	if p.Purpose == 0 {
		return PaymentReleased{}, &Error{ErrUnknown, "payment " + string(c.Payment), ""}
	}
	if !p.Parked || p.State.Status != 0 {
		return PaymentReleased{}, &Error{ErrState, "payment " + string(c.Payment),
			"is not parked, or the custodian has reported on it"}
	}
	return PaymentReleased{t.Actor.ID, t.Approver.ID}, nil
}

var system = Actor{ID: "loanweave", Role: RoleSystem}

// ours is the meta of a command that the desk gives by itself.
func ours(on civil.Date, kind, format string, key ...any) Meta {
	return Meta{Actor: system, On: on}.mint(kind, fmt.Sprintf(format, key...))
}

// Deliver carries out what is due: payouts among parties to their last chunk, then payment
// instructions, each handed to the custodian and followed to its end. It takes in what the
// custodian says and returns how many payments came to an end. Troubles with single payments are
// joined into the error and leave those payments for the next call; nothing is ever sent under
// another id. There is no goroutine: the host calls Deliver as often as it likes.
func (d *Desk) Deliver(ctx context.Context, on civil.Date) (ended int, err error) {
	if d.outbox == nil {
		return 0, &Error{ErrConfig, "desk", "its store is no event.Outbox"}
	}
	if d.cfg.Gateway == nil {
		return 0, &Error{ErrConfig, "desk", "has no gateway: set Config.Gateway"}
	}
	if err := dated("delivery", on); err != nil {
		return 0, err
	}
	r := round{done: map[string]bool{}}
	for {
		n, err := d.deliverDue(ctx, on, &r)
		ended += n
		if err != nil || n == 0 || d.cfg.Custody != PerUser {
			return ended, errors.Join(append(r.errs, err)...)
		}
	}
}

// round is what one delivery has looked at already.
type round struct {
	done  map[string]bool // messages
	stuck int             // of them, those that stay
	errs  []error
}

// deliverDue carries out payouts, then every message that the round has not seen. A payment that
// ends may let a payout go on whose custodian moves the money.
func (d *Desk) deliverDue(ctx context.Context, on civil.Date, r *round) (ended int, err error) {
	if d.agenda != nil {
		_, err := d.wakeKind(ctx, payoutKind.Name(), on, 0)
		if errors.Is(err, event.ErrUnknown) {
			return 0, err
		}
		r.errs = append(r.errs, err)
	}
	for {
		ms, err := d.outbox.Due(ctx, d.now(), r.stuck+batch)
		if err != nil {
			return ended, fmt.Errorf("read outbox: %w", err)
		}
		fresh := false
		for _, m := range ms {
			if r.done[m.ID] {
				continue
			}
			r.done[m.ID], fresh = true, true
			final, err := d.deliver(ctx, on, m)
			if err != nil {
				r.errs = append(r.errs, fmt.Errorf("deliver %s: %w", m.ID, err))
			}
			if final {
				ended++
			} else {
				r.stuck++
			}
		}
		if !fresh {
			return ended, nil
		}
	}
}

const batch = 100 // streams or messages taken at a time

// deliver brings one message as far as it goes and ends it when its payment has ended.
func (d *Desk) deliver(ctx context.Context, on civil.Date, m event.Message) (final bool, err error) {
	if m.Topic != Topic {
		return false, nil // another part's or the host's
	}
	var in payment.Instruction
	if err := event.Decode(m.Data, 1, &in); err != nil {
		return false, err
	}
	p, at, err := View(ctx, d, PaymentRef(in.ID))
	if err != nil {
		return false, err
	}
	if !p.State.Status.Final() {
		if final, err = d.follow(ctx, on, p, at); err != nil || !final {
			return final, err
		}
	}
	return true, d.outbox.Settle(ctx, m.ID, time.Time{})
}

// follow asks for the latest report, hands the instruction over if the custodian never saw it,
// and takes in what it hears. Of a parked payment it only asks: people move it on, or a report.
func (d *Desk) follow(ctx context.Context, on civil.Date, p *Payment, at event.Version) (bool, error) {
	in := p.Instruction
	report, err := d.cfg.Gateway.Query(ctx, in.ID)
	if errors.Is(err, payment.ErrNotFound) {
		if p.Acknowledged {
			return false, nil // the custodian has it: it will report
		}
		if p.Sends > 0 {
			return d.park(ctx, on, p, at)
		}
		if report, err = d.submit(ctx, on, p, at); errors.Is(err, payment.ErrNotFound) {
			return false, nil // accepted, nothing to report yet
		}
	}
	if err != nil {
		return false, err
	}
	if report.Instruction != in.ID {
		return false, fmt.Errorf("%w: asked about %s, told of %s", payment.ErrInstruction, in.ID, report.Instruction)
	}
	m := ours(on, "report", "%s/%d/%d", in.ID, report.Status, report.Paid.Minor())
	seen, err := Do(ctx, d, m, Observe{report})
	return seen.State.Status.Final(), err
}

// submit hands an instruction over. To a custodian that does not recognise a repeated id it does so
// only after having noted it, and only if it was this call that did: whoever else is at it, or has
// died over it, leaves the payment to people.
func (d *Desk) submit(
	ctx context.Context, on civil.Date, p *Payment, at event.Version,
) (payment.Report, error) {
	in, safe := p.Instruction, d.cfg.Gateway.Capabilities().Idempotent
	if !safe {
		mine, err := d.note(ctx, on, markSent{in.ID, p.Sends, false}, at)
		if err != nil {
			return payment.Report{}, err
		}
		if !mine {
			return payment.Report{}, payment.ErrNotFound
		}
	}
	err := d.cfg.Gateway.Submit(ctx, in)
	if errors.Is(err, payment.ErrRejected) {
		return payment.Report{Instruction: in.ID, Status: payment.Failed}, nil
	}
	if err != nil {
		return payment.Report{}, err
	}
	if !safe {
		if _, err := d.note(ctx, on, markSent{in.ID, p.Sends + 1, true}, at+1); err != nil {
			return payment.Report{}, err
		}
	}
	return d.cfg.Gateway.Query(ctx, in.ID)
}

// note records a hand-over and tells whether it was this call that did.
func (d *Desk) note(ctx context.Context, on civil.Date, c markSent, at event.Version) (mine bool, err error) {
	_, mine, err = once(ctx, d, ours(on, "sent", "%s/%d/%t", c.Payment, at, c.Acknowledged), c)
	return mine, err
}

func (d *Desk) park(ctx context.Context, on civil.Date, p *Payment, at event.Version) (bool, error) {
	if p.Parked {
		return false, nil // its message stays: a report may still come
	}
	id := p.Instruction.ID
	_, err := Do(ctx, d, ours(on, "parked", "%s/%d", id, at), markParked{id})
	return false, err
}
