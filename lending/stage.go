package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CompleteStage completes the stage in which an application is and takes it to the next (流转). No stage
// can be skipped. Given by an analyst, an officer or the system.
type CompleteStage struct {
	Loan    LoanID
	Stage   Code       // in which the actor takes the application to be
	Outcome Code       // one that the stage knows
	Note    event.Hash // SHA-256 of what the host keeps about it; zero for nothing
}

// Step is a stage that an application has left.
type Step struct {
	Stage   Code
	Outcome Code // empty if it was referred back out of the stage
	By      ActorID
	Level   Code // of the actor then
	Note    event.Hash
	Entered civil.Date
	Left    civil.Date
}

func (s *Step) code(c *event.Codec) {
	event.Text(c, &s.Stage)
	event.Text(c, &s.Outcome)
	event.Text(c, &s.By)
	event.Text(c, &s.Level)
	c.Hash(&s.Note)
	c.Date(&s.Entered)
	c.Date(&s.Left)
}

// StageLeft is the outcome of [CompleteStage].
type StageLeft struct {
	Step Step
	Next Code // stage; empty when the loan waits for the credit decision
}

// Type implements event.Of.
func (StageLeft) Type() string { return "stage-left" }

// Apply implements event.Of.
func (e StageLeft) Apply(l *Loan) {
	l.Dossier.Steps = append(l.Dossier.Steps, e.Step)
	l.Dossier.Stage, l.Dossier.Entered = e.Next, e.Step.Left
}

// Code implements event.Coder.
func (e *StageLeft) Code(c *event.Codec) {
	e.Step.code(c)
	event.Text(c, &e.Next)
}

// Home implements Command.
func (c CompleteStage) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command. The stage names one of them.
func (CompleteStage) Allowed() []Role { return []Role{RoleAnalyst, RoleOfficer, RoleSystem} }

// Decide implements Command. It refuses another stage than the one in which the application is
// (ErrStageOrder), an actor of another role or too low a level (ErrActor, ErrAuthority), and a file
// that lacks the stage's documents.
func (c CompleteStage) Decide(t *Tx, l *Loan) (StageLeft, error) {
	none := StageLeft{}
	if err := l.in(c.Loan, StateApplied); err != nil {
		return none, err
	}
	err := errors.Join(checkID("stage", c.Stage), checkID("outcome", c.Outcome), t.disinterested(l),
		l.current(t.On))
	if err != nil {
		return none, err
	}
	s := l.Product.Workflow.stage(l.Dossier.Stage)
	if s == nil || c.Stage != s.Stage {
		return none, &Error{ErrStageOrder, "stage " + string(c.Stage), l.whereabouts()}
	}
	if t.Actor.Role != s.Role {
		return none, &Error{ErrActor, "actor " + string(t.Actor.ID),
			"stage " + string(s.Stage) + " needs the role " + s.Role.String()}
	}
	route, err := s.route(c.Outcome)
	if err != nil {
		return none, err
	}
	if route.Authority {
		if err := l.Product.Workflow.allows(t.Actor, l.Amount); err != nil {
			return none, err
		}
	}
	if err := l.papers(s, t.On); err != nil {
		return none, err
	}
	step := Step{s.Stage, c.Outcome, t.Actor.ID, t.Actor.Level, c.Note, l.Dossier.Entered, t.On}
	return StageLeft{step, route.To}, l.leaves(t.On)
}

// whereabouts says in which stage an application is.
func (l *Loan) whereabouts() string {
	if l.Dossier.Stage == "" {
		return "loan " + string(l.ID) + " waits for the credit decision"
	}
	return "loan " + string(l.ID) + " is in stage " + string(l.Dossier.Stage)
}

func (s *Stage) route(outcome Code) (Route, error) {
	for _, r := range s.Routes {
		if r.Outcome == outcome {
			return r, nil
		}
	}
	return Route{}, &Error{ErrUnknown, "outcome " + string(outcome),
		"is not one of stage " + string(s.Stage)}
}

// papers refuses a file that lacks documents of a stage.
func (l *Loan) papers(s *Stage, on civil.Date) error {
	var missing []Code
	for _, d := range s.Documents {
		if !l.Dossier.has(d, l.validDays(d), on) {
			missing = append(missing, d)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &FileError{Loan: l.ID, Before: "the end of stage " + string(s.Stage), Missing: missing}
}

// leaves refuses to leave a stage before it was entered, and too many steps.
func (l *Loan) leaves(on civil.Date) error {
	if on.Before(l.Dossier.Entered) {
		return &Error{ErrDate, "stage " + string(l.Dossier.Stage),
			"was entered on " + l.Dossier.Entered.String()}
	}
	if len(l.Dossier.Steps) >= maxSteps {
		return &Error{ErrLimit, "loan " + string(l.ID),
			"has gone through as many stages as a loan can; decline it"}
	}
	return nil
}

// decidable refuses an approval while the workflow is not through.
func (l *Loan) decidable() error {
	if l.Dossier.Stage != "" {
		return &Error{ErrStageOrder, "approval", l.whereabouts()}
	}
	return nil
}
