package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxEvidence bounds the pieces of evidence of one visit, maxFailed those of all that were failed.
const (
	maxEvidence = 32
	maxFailed   = 10 * maxEvidence
)

// FieldVerification is what came of a visit to a borrower (实地认证).
type FieldVerification struct {
	Agent    ActorID // who went there
	Branch   Code    // whose agent he is
	Visited  civil.Date
	Evidence []event.Hash // SHA-256 of photographs, the report and the like, which the host keeps; 1 to 32
	Passed   bool
}

func (v *FieldVerification) code(c *event.Codec) {
	event.Text(c, &v.Agent)
	event.Text(c, &v.Branch)
	c.Date(&v.Visited)
	codeHashes(c, &v.Evidence)
	c.Bool(&v.Passed)
}

func codeHashes(c *event.Codec, list *[]event.Hash) {
	event.List(c, list, func(c *event.Codec, h *event.Hash) { c.Hash(h) })
}

// check reports everything that is wrong with a visit that is recorded on a date.
func (v *FieldVerification) check(on civil.Date) error {
	errs := []error{checkID("agent", v.Agent), checkID("branch", v.Branch)}
	if v.Visited.IsZero() || v.Visited.After(on) {
		errs = append(errs, &Error{ErrDate, "visit", fmt.Sprintf("on %s, recorded on %s", v.Visited, on)})
	}
	if n := len(v.Evidence); n < 1 || n > maxEvidence {
		return errors.Join(append(errs, &Error{ErrTerms, "evidence",
			fmt.Sprintf("is of %d pieces, want 1 to %d", n, maxEvidence)})...)
	}
	for i, h := range v.Evidence {
		if errs = append(errs, hashed("evidence", h)); slices.Contains(v.Evidence[:i], h) {
			errs = append(errs, &Error{ErrTerms, "evidence", "names a piece twice"})
		}
	}
	return errors.Join(errs...)
}

// RecordFieldVerification records a visit to the borrower of an application (实地认证). The last one
// counts: a visit that was failed stands until another is passed, on evidence of its own. What was passed may
// be failed on the same evidence, for example when that turns out to be forged. The agent is not the borrower,
// and neither he nor the actor is who approves the loan. Given by an analyst or an officer.
type RecordFieldVerification struct {
	Loan  LoanID
	Visit FieldVerification
}

// FieldVerified is the outcome of [RecordFieldVerification].
type FieldVerified struct {
	Visit FieldVerification
	By    ActorID
	On    civil.Date
}

// Type implements event.Of.
func (FieldVerified) Type() string { return "field-verified" }

// Apply implements event.Of.
func (e FieldVerified) Apply(l *Loan) {
	l.Dossier.Visit, l.Dossier.Recorder = e.Visit, e.By
	l.Dossier.Visit.Evidence = slices.Clone(e.Visit.Evidence)
	if !e.Visit.Passed {
		l.Dossier.Failed = append(slices.Clip(l.Dossier.Failed), l.Dossier.unseen(e.Visit.Evidence)...)
	}
}

// unseen lists what of evidence no visit was failed on.
func (f *Dossier) unseen(evidence []event.Hash) (list []event.Hash) {
	for _, h := range evidence {
		if !slices.Contains(f.Failed, h) {
			list = append(list, h)
		}
	}
	return list
}

// Code implements event.Coder.
func (e *FieldVerified) Code(c *event.Codec) {
	e.Visit.code(c)
	event.Text(c, &e.By)
	c.Date(&e.On)
}

// Home implements Command.
func (c RecordFieldVerification) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (RecordFieldVerification) Allowed() []Role { return []Role{RoleAnalyst, RoleOfficer} }

// Decide implements Command. It refuses a loan that is published or whose product asks for no visit,
// a visit without evidence or from the future, one before the visit on file, the borrower as the agent, a visit
// passed on evidence on which one was failed, and failed visits without end.
func (c RecordFieldVerification) Decide(t *Tx, l *Loan) (FieldVerified, error) {
	none := FieldVerified{}
	if err := l.in(c.Loan, unpublished...); err != nil {
		return none, err
	}
	v, thing := &c.Visit, "visit for loan "+string(l.ID)
	if err := errors.Join(t.disinterested(l), v.check(t.On)); err != nil {
		return none, err
	}
	switch {
	case l.Product.Channels.Checks != Offline:
		return none, &Error{ErrState, thing, "is not asked for: its product checks on line"}
	case PartyID(v.Agent) == l.Borrower:
		return none, &Error{ErrActor, thing, "was made by the borrower"}
	case v.Visited.Before(l.Dossier.Visit.Visited):
		return none, &Error{ErrDate, thing, "was before the one on file, of " + l.Dossier.Visit.Visited.String()}
	}
	switch n := len(l.Dossier.unseen(v.Evidence)); {
	case v.Passed && n < len(v.Evidence):
		return none, &Error{ErrFieldVerification, thing, "was failed on the same evidence: another visit has its own"}
	case !v.Passed && len(l.Dossier.Failed)+n > maxFailed:
		return none, &Error{ErrLimit, thing, "was failed too often: decline the loan"}
	}
	ev := FieldVerified{c.Visit, t.Actor.ID, t.On}
	ev.Visit.Evidence = slices.Clone(v.Evidence)
	return ev, nil
}

// visited refuses a loan that has to be verified in the field and is not, on the day of its publication.
func (l *Loan) visited(on civil.Date) error {
	r, v := &l.Product.Channels, &l.Dossier.Visit
	if r.Checks != Offline {
		return nil
	}
	refuse := func(why string) error {
		return &Error{ErrFieldVerification, "loan " + string(l.ID), why + ": send RecordFieldVerification"}
	}
	last := v.Visited.AddDays(r.VisitDays)
	switch {
	case v.Agent == "":
		return refuse("its borrower has to be visited")
	case !v.Passed:
		return refuse("failed on the visit of " + v.Visited.String() + ", and has to pass another")
	case r.VisitDays > 0 && !last.IsZero() && on.After(last):
		return refuse("the visit counted until " + last.String() + ", and has to be made anew")
	case v.Agent == l.Analyst || l.Dossier.Recorder == l.Analyst:
		return refuse("was visited, or the visit recorded, by who approved it; others have to")
	}
	return nil
}

// sourced refuses a loan whose borrower was found off line and whose application's source is not
// recorded.
func (t *Tx) sourced(l *Loan) error {
	if l.Product.Channels.Acquisition != Offline {
		return nil
	}
	a, err := event.Read(t.Tx, LoanSourceRef(l.ID))
	if err == nil && a.Loan != l.ID {
		return &Error{ErrFileIncomplete, "loan " + string(l.ID),
			"was applied for off line, and through what is not recorded: send RecordSource with the loan set"}
	}
	return err
}
