package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/civil"
)

// ComplaintID names an entry of the register of complaints.
type ComplaintID string

// ComplaintKind is what somebody turns to the platform with.
type ComplaintKind uint8

// Kinds of entries in the register (投诉与建议登记).
const (
	Enquiry    ComplaintKind = iota + 1 // wants to know something (咨询)
	Complaint                           // is dissatisfied and expects an answer (投诉)
	Suggestion                          // (建议)
)

var complaintNames = [...]string{"", "enquiry", "complaint", "suggestion"}

// String returns the kind's name.
func (k ComplaintKind) String() string { return nameOf(complaintNames[:], k, "complaint kind") }

// Outcome is how an entry of the register ended.
type Outcome uint8

// Outcomes.
const (
	OutcomeAnswered  Outcome = iota + 1 // an enquiry or a suggestion: nothing to decide
	OutcomeUpheld                       // the complaint was right
	OutcomePartly                       // in part
	OutcomeRejected                     // it was not
	OutcomeWithdrawn                    // by who had opened it
)

var outcomeNames = [...]string{"", "answered", "upheld", "partly-upheld", "rejected", "withdrawn"}

// String returns the outcome's name.
func (o Outcome) String() string { return nameOf(outcomeNames[:], o, "outcome") }

// Subject says what an entry is about; any of it may be empty.
type Subject struct {
	Loan    LoanID
	Payment payment.ID
	Person  ActorID // a party, or one of the host's people: he may not handle the entry
}

func (s *Subject) code(c *event.Codec) {
	event.Text(c, &s.Loan)
	event.Text(c, &s.Payment)
	event.Text(c, &s.Person)
}

// subject refuses a subject that does not exist.
func (t *Tx) subject(s Subject) error {
	if s.Person != "" {
		if err := checkID("person", s.Person); err != nil {
			return err
		}
	}
	if s.Loan != "" {
		if err := t.filed("", s.Loan); err != nil {
			return err
		}
	}
	if s.Payment == "" {
		return nil
	}
	p, err := event.Read(t.Tx, PaymentRef(s.Payment))
	if err == nil && p.Purpose == 0 {
		return &Error{ErrUnknown, "payment " + string(s.Payment), ""}
	}
	return err
}

// ServiceTerms say within how many days an entry is to be acknowledged and to be answered, each
// counted from the day on which it was opened, by kind. The zero value is [StandardService].
type ServiceTerms struct {
	Enquiry, Complaint, Suggestion ServiceDays
}

// ServiceDays are the two periods in days.
type ServiceDays struct{ Acknowledge, Answer int }

// StandardService is a plain default, no rule of any regulator: enquiries and suggestions are
// acknowledged within 3 days and answered within 10, complaints within 1 and 15.
func StandardService() ServiceTerms {
	return ServiceTerms{Enquiry: ServiceDays{3, 10}, Complaint: ServiceDays{1, 15}, Suggestion: ServiceDays{3, 10}}
}

func (s ServiceTerms) days(k ComplaintKind) ServiceDays {
	if s == (ServiceTerms{}) {
		s = StandardService()
	}
	return [...]ServiceDays{Enquiry: s.Enquiry, Complaint: s.Complaint, Suggestion: s.Suggestion}[k]
}

// check refuses periods out of bounds.
func (s ServiceTerms) check() error {
	for _, d := range []ServiceDays{s.Enquiry, s.Complaint, s.Suggestion} {
		if d.Acknowledge < 0 || d.Acknowledge > d.Answer || d.Answer > maxDays {
			return &Error{ErrConfig, "service terms", "acknowledge within 0 days or more, answer not before, within 3650"}
		}
	}
	return nil
}

// Case is the state of an entry of the register, from its opening to its end. The texts stay with
// the host; the register has their hashes.
type Case struct {
	ID      ComplaintID
	Kind    ComplaintKind
	From    PartyID
	Subject Subject
	Text    event.Hash

	Opened     civil.Date
	AckBy      civil.Date // last day for the acknowledgement
	AnswerBy   civil.Date // and for the answer
	Acked      civil.Date // zero: not yet, as are the others
	Answered   civil.Date
	Closed     civil.Date
	Outcome    Outcome
	Handler    ActorID    // to whom it is assigned
	Level      int        // times it was escalated
	Looked     civil.Date // last day-end that escalated it
	AckLate    bool       // a deadline passed before the step was taken
	AnswerLate bool
}

// wake is the day after the next deadline whose step is not taken, later than the last look.
func (c *Case) wake() (next civil.Date) {
	if c.ID == "" || !c.Closed.IsZero() || !c.Answered.IsZero() {
		return next
	}
	if day := c.AckBy.AddDays(1); c.Acked.IsZero() && day.After(c.Looked) {
		return day
	}
	if day := c.AnswerBy.AddDays(1); day.After(c.Looked) {
		return day
	}
	return next
}

// Overdue reports whether a deadline has passed on a date without its step.
func (c *Case) Overdue(on civil.Date) bool {
	if !c.Closed.IsZero() || !c.Answered.IsZero() {
		return false
	}
	return c.Acked.IsZero() && on.After(c.AckBy) || on.After(c.AnswerBy)
}

var complaintKind = event.NewKind("complaint", func(c *Case) civil.Date { return c.wake() },
	event.On[ComplaintOpened](), event.On[ComplaintAcknowledged](), event.On[ComplaintAssigned](),
	event.On[ComplaintAnswered](), event.On[ComplaintEscalated](), event.On[ComplaintClosed]())

// ComplaintRef refers to the stream of an entry of the register.
func ComplaintRef(id ComplaintID) event.Ref[Case] { return complaintKind.Ref(string(id)) }

// OpenComplaint enters something into the register: by the party itself, or for it by an officer.
// The deadlines follow from the desk's [Config].Service and the day. Given by a party or an
// officer.
type OpenComplaint struct {
	Kind    ComplaintKind
	From    PartyID
	Subject Subject
	Text    event.Hash // SHA-256 of what was said, with the host's salt
}

// ComplaintOpened is the outcome of [OpenComplaint].
type ComplaintOpened struct {
	ID                      ComplaintID
	Kind                    ComplaintKind
	From                    PartyID
	Subject                 Subject
	Text                    event.Hash
	Opened, AckBy, AnswerBy civil.Date
	By                      ActorID
}

// Type implements event.Of.
func (ComplaintOpened) Type() string { return "opened" }

// Apply implements event.Of.
func (e ComplaintOpened) Apply(c *Case) {
	c.ID, c.Kind, c.From, c.Subject, c.Text = e.ID, e.Kind, e.From, e.Subject, e.Text
	c.Opened, c.AckBy, c.AnswerBy = e.Opened, e.AckBy, e.AnswerBy
}

// Code implements event.Coder.
func (e *ComplaintOpened) Code(c *event.Codec) {
	event.Text(c, &e.ID)
	event.Enum(c, &e.Kind)
	event.Text(c, &e.From)
	e.Subject.code(c)
	c.Hash(&e.Text)
	c.Date(&e.Opened)
	c.Date(&e.AckBy)
	c.Date(&e.AnswerBy)
	event.Text(c, &e.By)
}

// Home implements Command. The entry's id follows from the key.
func (OpenComplaint) Home(m Meta) event.Ref[Case] { return ComplaintRef(ComplaintID(idOf("C", m.Key))) }

// Allowed implements Command.
func (OpenComplaint) Allowed() []Role { return []Role{RoleParty, RoleOfficer} }

// Decide implements Command.
func (c OpenComplaint) Decide(t *Tx, was *Case) (ComplaintOpened, error) {
	none := ComplaintOpened{}
	if was.ID != "" {
		return none, &Error{ErrExists, "complaint " + t.home.ID, ""}
	}
	if err := errors.Join(t.self(c.From), hashed("text", c.Text)); err != nil {
		return none, err
	}
	if c.Kind < Enquiry || c.Kind > Suggestion {
		return none, &Error{ErrTerms, "complaint of " + string(c.From), "has no kind"}
	}
	if _, err := t.party(c.From); err != nil {
		return none, err
	}
	if err := t.subject(c.Subject); err != nil {
		return none, err
	}
	days := t.desk.cfg.Service.days(c.Kind)
	ev := ComplaintOpened{ID: ComplaintID(t.home.ID), Kind: c.Kind, From: c.From, Subject: c.Subject,
		Text: c.Text, Opened: t.On, By: t.Actor.ID,
		AckBy: t.On.AddDays(days.Acknowledge), AnswerBy: t.On.AddDays(days.Answer)}
	if ev.AnswerBy.IsZero() || ev.AnswerBy.AddDays(1).IsZero() {
		return none, &Error{ErrDate, "complaint " + t.home.ID, "would be due after the calendar"}
	}
	return ev, nil
}
