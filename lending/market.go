package lending

import (
	"context"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
)

// Market is the state of a queue stream: the automatic bidding of one market. Whatever loan in its
// currency the host says is filled from it.
type Market struct {
	ID    Code
	Queue *Queue // nil until it is defined
}

// QueueDefined is the outcome of [DefineQueue].
type QueueDefined struct {
	Market Code
	Rules  QueueRules
	By     ActorID
}

// Type implements event.Of.
func (QueueDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e QueueDefined) Apply(m *Market) {
	if m.Queue != nil {
		_ = m.Queue.SetRules(e.Rules) // refuses what no command records
		return
	}
	if q, err := NewQueue(e.Rules); err == nil {
		m.ID, m.Queue = e.Market, q
	}
}

// Code implements event.Coder.
func (e *QueueDefined) Code(c *event.Codec) {
	event.Text(c, &e.Market)
	e.Rules.code(c)
	event.Text(c, &e.By)
}

var queueKind = event.NewKind[Market]("queue", nil, event.On[QueueDefined](), event.On[MandateOn](),
	event.On[MandateOff](), event.On[QueueFilled]())

// QueueRef refers to the stream of a market's queue.
func QueueRef(market Code) event.Ref[Market] { return queueKind.Ref(string(market)) }

// DefineQueue opens a market's automatic bidding, or changes its rules for what is filled later.
// The order of turns stays. Given by an officer.
type DefineQueue struct {
	Market Code
	Rules  QueueRules
}

// Home implements Command.
func (c DefineQueue) Home(Meta) event.Ref[Market] { return QueueRef(c.Market) }

// Allowed implements Command.
func (DefineQueue) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a malformed id, rules that [QueueRules.Validate] finds fault
// with, and another currency than before.
func (c DefineQueue) Decide(t *Tx, m *Market) (QueueDefined, error) {
	if err := checkID("market", c.Market); err != nil {
		return QueueDefined{}, err
	}
	if err := c.Rules.Validate(); err != nil {
		return QueueDefined{}, err
	}
	if m.Queue != nil && c.Rules.Currency != m.Queue.rules.Currency {
		return QueueDefined{}, &Error{ErrTerms, "market " + string(m.ID), "cannot change its currency"}
	}
	return QueueDefined{c.Market, c.Rules, t.Actor.ID}, nil
}

// known refuses a market without a queue.
func (m *Market) known(id Code) error {
	if m.Queue == nil {
		return &Error{ErrUnknown, "market " + string(id), ""}
	}
	return nil
}

// SnapshotEvery spaces snapshots out as the queue grows: writing one costs as much as the queue is
// long.
func (m *Market) SnapshotEvery() int {
	if m.Queue == nil {
		return 0
	}
	return m.Queue.Len()
}

// Code codes the market's state for snapshots: the mandates in the order of their turns.
func (m *Market) Code(c *event.Codec) {
	event.Text(c, &m.ID)
	has := m.Queue != nil
	if c.Bool(&has); !has {
		return
	}
	q := m.Queue
	if c.Reading() {
		q = new(Queue)
	}
	rules, line := q.rules, slices.Collect(q.All())
	rules.code(c)
	if c.Reading() {
		var err error
		if q, err = NewQueue(rules); err != nil {
			c.Fail(err)
			return
		}
	}
	event.List(c, &line, func(c *event.Codec, m *Mandate) {
		if m.code(c); c.Reading() {
			if err := q.SwitchOn(*m); err != nil {
				c.Fail(err)
			}
		}
	})
	q.codeBegun(c)
	m.Queue = q
}

// Queue returns a market's queue as it stands; it is the caller's own.
func (d *Desk) Queue(ctx context.Context, market Code) (*Queue, error) {
	m, _, err := View(ctx, d, QueueRef(market))
	if err == nil {
		err = m.known(market)
	}
	if err != nil {
		return nil, err
	}
	return m.Queue, nil
}
