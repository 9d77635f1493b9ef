package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// handle refuses a step on an entry that does not exist, has ended or is about the actor, or on a day
// before it was opened.
func (t *Tx) handle(c *Case, id ComplaintID) error {
	what := "complaint " + string(id)
	switch {
	case c.ID == "":
		return &Error{ErrUnknown, what, ""}
	case !c.Closed.IsZero():
		return &Error{ErrState, what, "was closed on " + c.Closed.String()}
	case c.Subject.Person == t.Actor.ID:
		return &Error{ErrActor, what, "is about " + string(t.Actor.ID) + ": somebody else has to handle it"}
	case t.On.Before(c.Opened):
		return &Error{ErrDate, what, "was opened on " + c.Opened.String()}
	}
	return nil
}

// work is handle of those who may not be the party itself.
func (t *Tx) work(c *Case, id ComplaintID) error {
	if err := t.handle(c, id); err != nil {
		return err
	}
	if ActorID(c.From) == t.Actor.ID {
		return &Error{ErrActor, "complaint " + string(id), "is from " + string(t.Actor.ID) + ": somebody else has to handle it"}
	}
	return nil
}

// staff are the roles that work on the register.
func staff() []Role { return []Role{RoleOfficer, RoleAnalyst} }

// AcknowledgeComplaint tells that the platform has told the party that it has the complaint (受理).
// Given by an officer or an analyst.
type AcknowledgeComplaint struct{ Complaint ComplaintID }

// ComplaintAcknowledged is the outcome of [AcknowledgeComplaint].
type ComplaintAcknowledged struct {
	By ActorID
	On civil.Date
}

// Type implements event.Of.
func (ComplaintAcknowledged) Type() string { return "acknowledged" }

// Apply implements event.Of.
func (e ComplaintAcknowledged) Apply(c *Case) { c.Acked, c.AckLate = e.On, e.On.After(c.AckBy) }

// Code implements event.Coder.
func (e *ComplaintAcknowledged) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
}

// Home implements Command.
func (c AcknowledgeComplaint) Home(Meta) event.Ref[Case] { return ComplaintRef(c.Complaint) }

// Allowed implements Command.
func (AcknowledgeComplaint) Allowed() []Role { return staff() }

// Decide implements Command.
func (c AcknowledgeComplaint) Decide(t *Tx, k *Case) (ComplaintAcknowledged, error) {
	err := t.work(k, c.Complaint)
	if err == nil && !k.Acked.IsZero() {
		err = &Error{ErrState, "complaint " + string(c.Complaint), "is acknowledged"}
	}
	return ComplaintAcknowledged{t.Actor.ID, t.On}, err
}

// AssignComplaint gives an entry to somebody who works on it (转办); never to whom it is about. Given
// by an officer or an analyst.
type AssignComplaint struct {
	Complaint ComplaintID
	To        ActorID
}

// ComplaintAssigned is the outcome of [AssignComplaint].
type ComplaintAssigned struct{ To, By ActorID }

// Type implements event.Of.
func (ComplaintAssigned) Type() string { return "assigned" }

// Apply implements event.Of.
func (e ComplaintAssigned) Apply(c *Case) { c.Handler = e.To }

// Code implements event.Coder.
func (e *ComplaintAssigned) Code(c *event.Codec) {
	event.Text(c, &e.To)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c AssignComplaint) Home(Meta) event.Ref[Case] { return ComplaintRef(c.Complaint) }

// Allowed implements Command.
func (AssignComplaint) Allowed() []Role { return staff() }

// Decide implements Command.
func (c AssignComplaint) Decide(t *Tx, k *Case) (ComplaintAssigned, error) {
	none := ComplaintAssigned{}
	if err := checkID("handler", c.To); err != nil {
		return none, err
	}
	if err := t.handle(k, c.Complaint); err != nil {
		return none, err
	}
	if c.To == k.Subject.Person || c.To == ActorID(k.From) {
		return none, &Error{ErrActor, "complaint " + string(k.ID), "is from or about " + string(c.To)}
	}
	return ComplaintAssigned{c.To, t.Actor.ID}, nil
}

// AnswerComplaint records that the party was given an answer (答复). Given by an officer or an
// analyst.
type AnswerComplaint struct {
	Complaint ComplaintID
	Text      event.Hash
}

// ComplaintAnswered is the outcome of [AnswerComplaint].
type ComplaintAnswered struct {
	By   ActorID
	On   civil.Date
	Text event.Hash
}

// Type implements event.Of.
func (ComplaintAnswered) Type() string { return "answered" }

// Apply implements event.Of. An answer acknowledges too.
func (e ComplaintAnswered) Apply(c *Case) {
	if c.Acked.IsZero() {
		c.Acked, c.AckLate = e.On, e.On.After(c.AckBy)
	}
	if c.Answered.IsZero() {
		c.Answered, c.AnswerLate = e.On, e.On.After(c.AnswerBy)
	}
}

// Code implements event.Coder.
func (e *ComplaintAnswered) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Hash(&e.Text)
}

// Home implements Command.
func (c AnswerComplaint) Home(Meta) event.Ref[Case] { return ComplaintRef(c.Complaint) }

// Allowed implements Command.
func (AnswerComplaint) Allowed() []Role { return staff() }

// Decide implements Command. A later answer adds to the first.
func (c AnswerComplaint) Decide(t *Tx, k *Case) (ComplaintAnswered, error) {
	return ComplaintAnswered{t.Actor.ID, t.On, c.Text}, errors.Join(t.work(k, c.Complaint), hashed("answer", c.Text))
}

// EscalateComplaint moves an entry up: by somebody who works on it or the party that opened it, for a
// reason, or by the desk's day-end when a deadline has passed (超时升级). Given by an officer, an
// analyst, a party or the system.
type EscalateComplaint struct {
	Complaint ComplaintID
	Reason    Code // of day-end "overdue"
}

// ComplaintEscalated is the outcome of [EscalateComplaint].
type ComplaintEscalated struct {
	By     ActorID
	On     civil.Date
	Reason Code
	Timer  bool // by day-end, for the deadlines before On
}

// Type implements event.Of.
func (ComplaintEscalated) Type() string { return "escalated" }

// Apply implements event.Of.
func (e ComplaintEscalated) Apply(c *Case) {
	c.Level++
	if e.Timer {
		c.Looked = e.On
	}
}

// Code implements event.Coder.
func (e *ComplaintEscalated) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	event.Text(c, &e.Reason)
	c.Bool(&e.Timer)
}

// Home implements Command.
func (c EscalateComplaint) Home(Meta) event.Ref[Case] { return ComplaintRef(c.Complaint) }

// Allowed implements Command.
func (EscalateComplaint) Allowed() []Role { return append(staff(), RoleParty, RoleSystem) }

// Decide implements Command.
func (c EscalateComplaint) Decide(t *Tx, k *Case) (ComplaintEscalated, error) {
	none := ComplaintEscalated{}
	if err := checkID("reason", c.Reason); err != nil {
		return none, err
	}
	if err := t.handle(k, c.Complaint); err != nil {
		return none, err
	}
	if err := t.self(k.From); err != nil {
		return none, err
	}
	timer := t.Actor.Role == RoleSystem
	if wake := k.wake(); timer && (wake.IsZero() || t.On.Before(wake)) {
		return none, &Error{ErrState, "complaint " + string(k.ID), "has missed no deadline"}
	}
	return ComplaintEscalated{t.Actor.ID, t.On, c.Reason, timer}, nil
}

// CloseComplaint ends an entry with an outcome (结案), once it was answered. The party that opened it
// may withdraw it at any time, and that alone. Whom it is about cannot close it. Given by an
// officer, an analyst or a party.
type CloseComplaint struct {
	Complaint ComplaintID
	Outcome   Outcome
}

// ComplaintClosed is the outcome of [CloseComplaint].
type ComplaintClosed struct {
	By      ActorID
	On      civil.Date
	Outcome Outcome
}

// Type implements event.Of.
func (ComplaintClosed) Type() string { return "closed" }

// Apply implements event.Of.
func (e ComplaintClosed) Apply(c *Case) { c.Closed, c.Outcome = e.On, e.Outcome }

// Code implements event.Coder.
func (e *ComplaintClosed) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	event.Enum(c, &e.Outcome)
}

// Home implements Command.
func (c CloseComplaint) Home(Meta) event.Ref[Case] { return ComplaintRef(c.Complaint) }

// Allowed implements Command.
func (CloseComplaint) Allowed() []Role { return append(staff(), RoleParty) }

// Decide implements Command.
func (c CloseComplaint) Decide(t *Tx, k *Case) (ComplaintClosed, error) {
	none := ComplaintClosed{}
	if err := t.handle(k, c.Complaint); err != nil {
		return none, err
	}
	if err := t.self(k.From); err != nil {
		return none, err
	}
	what := "complaint " + string(k.ID)
	withdrawn, party := c.Outcome == OutcomeWithdrawn, t.Actor.ID == ActorID(k.From)
	switch {
	case c.Outcome < OutcomeAnswered || c.Outcome > OutcomeWithdrawn:
		return none, &Error{ErrTerms, what, "needs an outcome"}
	case withdrawn != party:
		return none, &Error{ErrActor, what, "is withdrawn by who opened it, and otherwise closed by others"}
	case (c.Outcome == OutcomeAnswered) != (k.Kind != Complaint) && !withdrawn:
		return none, &Error{ErrTerms, what, "a complaint is decided, others are answered"}
	case k.Answered.IsZero() && !withdrawn:
		return none, &Error{ErrState, what, "is not answered"}
	}
	return ComplaintClosed{t.Actor.ID, t.On, c.Outcome}, nil
}
