package lending

import (
	"encoding/hex"

	"github.com/loanweave/loanweave/lending/event"
)

// Project is the state of a project that loans finance: which one took it last. Its stream is named
// by the hash that the host makes of the project, so that it guards across borrowers too: nobody
// finances one project twice (重复融资, DOMAIN CN-3). It is free again when that loan has ended; a
// closed loan that a bounced payment brings back does not take it again.
type Project struct{ Loan LoanID }

// ProjectTaken notes that a loan finances the project; [Apply] writes it.
type ProjectTaken struct{ Loan LoanID }

// Type implements event.Of.
func (ProjectTaken) Type() string { return "taken" }

// Apply implements event.Of.
func (e ProjectTaken) Apply(p *Project) { p.Loan = e.Loan }

// Code implements event.Coder.
func (e *ProjectTaken) Code(c *event.Codec) { event.Text(c, &e.Loan) }

var projectKind = event.NewKind[Project]("project", nil, event.On[ProjectTaken]())

// ProjectRef refers to a project's stream.
func ProjectRef(h event.Hash) event.Ref[Project] { return projectKind.Ref(hex.EncodeToString(h[:])) }

// engage takes a project for a loan, and refuses one of a loan that has not ended. The zero hash is
// no project.
func (t *Tx) engage(project event.Hash, id LoanID) error {
	if project == (event.Hash{}) {
		return nil
	}
	p, err := event.Read(t.Tx, ProjectRef(project))
	if err != nil {
		return err
	}
	if p.Loan != "" {
		l, err := event.Read(t.Tx, LoanRef(p.Loan))
		if err != nil {
			return err
		}
		if !l.State.Ended() {
			return &Error{ErrDuplicateFinancing, "project of loan " + string(p.Loan),
				"which is " + l.State.String()}
		}
	}
	return event.Write(t.Tx, ProjectRef(project), ProjectTaken{id})
}
