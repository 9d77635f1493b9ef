package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Source says how the platform came by a party or by a loan's application (获客来源).
type Source struct {
	Channel  Code    // sales channel or partner; with a campaign it may stay empty
	Campaign Code    // empty for none
	Referrer PartyID // who sent the party; empty for nobody
}

func (s *Source) code(c *event.Codec) {
	event.Text(c, &s.Channel)
	event.Text(c, &s.Campaign)
	event.Text(c, &s.Referrer)
}

// Acquisition is the state of a source: of a party, or of one loan's application. A party's carries
// the fee of its referrer, from accrual over payment to the credit in his wallet, once for ever.
type Acquisition struct {
	Party  PartyID
	Loan   LoanID // of a loan's source
	Source Source
	Terms  CampaignTerms // as they were when the source was recorded; zero without a campaign
	On     civil.Date

	Earned   LoanID // the loan for which the fee accrued
	Fee      int64  // accrued, minor units of the campaign's currency
	Paid     bool   // left the platform's own bank account
	Credited bool   // arrived in the referrer's wallet
}

// SourceRecorded is the outcome of [RecordSource].
type SourceRecorded struct {
	Party  PartyID
	Loan   LoanID
	Source Source
	Terms  CampaignTerms
	On     civil.Date
	By     ActorID
}

// Type implements event.Of.
func (SourceRecorded) Type() string { return "recorded" }

// Apply implements event.Of.
func (e SourceRecorded) Apply(a *Acquisition) {
	a.Party, a.Loan, a.Source, a.Terms, a.On = e.Party, e.Loan, e.Source, e.Terms, e.On
}

// Code implements event.Coder.
func (e *SourceRecorded) Code(c *event.Codec) {
	event.Text(c, &e.Party)
	event.Text(c, &e.Loan)
	e.Source.code(c)
	e.Terms.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

var sourceKind = event.NewKind[Acquisition]("source", nil, event.On[SourceRecorded](),
	event.On[ReferralAccrued](), event.On[ReferralPaid](), event.On[ReferralCredited]())

// SourceRef refers to the stream of a party's source.
func SourceRef(p PartyID) event.Ref[Acquisition] { return sourceKind.Ref(string(p)) }

// LoanSourceRef refers to the stream of a loan's source. No party's id has a dot.
func LoanSourceRef(id LoanID) event.Ref[Acquisition] { return sourceKind.Ref("loan." + string(id)) }

// RecordSource records how a party came, at its registration, or with Loan set how that application
// of its did. Either is recorded once. A campaign must run on the day, and its channel is taken. A
// referrer is another known party that the party did not itself refer; only a party has one. Given
// by a party, an officer or the system.
type RecordSource struct {
	Party  PartyID
	Loan   LoanID // zero for the party itself
	Source Source
}

// Home implements Command.
func (c RecordSource) Home(Meta) event.Ref[Acquisition] {
	if c.Loan != "" {
		return LoanSourceRef(c.Loan)
	}
	return SourceRef(c.Party)
}

// Allowed implements Command.
func (RecordSource) Allowed() []Role { return []Role{RoleParty, RoleOfficer, RoleSystem} }

// Decide implements Command.
func (c RecordSource) Decide(t *Tx, was *Acquisition) (SourceRecorded, error) {
	none := SourceRecorded{}
	if err := t.self(c.Party); err != nil {
		return none, err
	}
	if _, err := t.party(c.Party); err != nil {
		return none, err
	}
	if was.Party != "" {
		return none, &Error{ErrExists, "source of " + t.home.ID, "is recorded once"}
	}
	ev := SourceRecorded{Party: c.Party, Loan: c.Loan, Source: c.Source, On: t.On, By: t.Actor.ID}
	if err := t.applied(c); err != nil {
		return none, err
	}
	if err := t.refers(c); err != nil {
		return none, err
	}
	if c.Source.Campaign != "" {
		terms, err := t.campaign(c.Source)
		if err != nil {
			return none, err
		}
		ev.Terms, ev.Source.Channel = *terms, terms.Channel
	}
	return ev, checkID("channel", ev.Source.Channel)
}

// applied refuses a loan that is not the party's.
func (t *Tx) applied(c RecordSource) error {
	if c.Loan == "" {
		return nil
	}
	if err := checkID("loan", c.Loan); err != nil {
		return err
	}
	l, err := event.Read(t.Tx, LoanRef(c.Loan))
	if err != nil {
		return err
	}
	if l.Borrower != c.Party {
		return &Error{ErrUnknown, "loan " + string(c.Loan), "is none of " + string(c.Party)}
	}
	return nil
}

// refers refuses a referrer who cannot be one.
func (t *Tx) refers(c RecordSource) error {
	r := c.Source.Referrer
	if r == "" {
		return nil
	}
	if r == c.Party || c.Loan != "" {
		return &Error{ErrTerms, "referrer " + string(r), "a party is referred, and by another one"}
	}
	if _, err := t.party(r); err != nil {
		return err
	}
	his, err := event.Read(t.Tx, SourceRef(r))
	if err == nil && his.Source.Referrer == c.Party {
		return &Error{ErrTerms, "referrer " + string(r), "was referred by " + string(c.Party)}
	}
	return err
}

// campaign returns the terms of a campaign that runs today.
func (t *Tx) campaign(s Source) (*CampaignTerms, error) {
	if err := checkID("campaign", s.Campaign); err != nil {
		return nil, err
	}
	c, err := event.Read(t.Tx, CampaignRef(s.Campaign))
	if err != nil {
		return nil, err
	}
	what := "campaign " + string(s.Campaign)
	switch {
	case c.Terms.ID == "":
		return nil, &Error{ErrUnknown, what, ""}
	case s.Channel != "" && s.Channel != c.Terms.Channel:
		return nil, &Error{ErrTerms, what, "is of channel " + string(c.Terms.Channel)}
	case t.On.Before(c.Terms.From) || !c.Terms.Until.IsZero() && t.On.After(c.Terms.Until):
		return nil, &Error{ErrExpired, what, "does not run on " + t.On.String()}
	}
	return &c.Terms, nil
}
