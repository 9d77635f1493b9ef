package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// Workflow is a product's way to the credit decision as data (信贷流程): stages that an application
// goes through one after the other, and who may decide on how much. Without stages [Approve] is
// possible at once.
type Workflow struct {
	// Stages, of which the first is where applications come in. [Approve] is possible when a route
	// has led out of the last one.
	Stages []Stage
	// Authorities are the limits of the levels that actors have (授权额度). Without any, everyone may
	// decide on every amount.
	Authorities []Authority
}

// Stage is one step of a workflow.
type Stage struct {
	Stage     Code
	Role      Role    // of whoever completes it: analyst, officer or system
	Documents []Code  // that must be in the file when it is completed
	Routes    []Route // out of it, by outcome; at least one
	Days      int     // after which an application that is still there is overdue; 0 for never
}

// Route is where one outcome of a stage leads.
type Route struct {
	Outcome   Code
	To        Code // a stage; empty for the credit decision
	Authority bool // whoever takes it needs authority for the loan's amount
}

// Authority is how much somebody of a level may decide on.
type Authority struct {
	Level Code
	UpTo  money.Amount
}

// Bounds of a workflow.
const (
	maxRoutes = 16
	maxSteps  = 500 // stages that one application may leave, again and again
)

// start is the stage in which an application comes in, empty without a workflow.
func (w *Workflow) start() Code {
	if len(w.Stages) == 0 {
		return ""
	}
	return w.Stages[0].Stage
}

// stage returns a stage by name, nil for one that there is not.
func (w *Workflow) stage(name Code) *Stage {
	for i := range w.Stages {
		if w.Stages[i].Stage == name {
			return &w.Stages[i]
		}
	}
	return nil
}

// wants reports whether a stage asks for a document.
func (w *Workflow) wants(document Code) bool {
	return slices.ContainsFunc(w.Stages, func(s Stage) bool {
		return slices.Contains(s.Documents, document)
	})
}

// allows refuses an actor whose level does not reach an amount.
func (w *Workflow) allows(a Actor, asked money.Amount) error {
	if len(w.Authorities) == 0 {
		return nil
	}
	for _, x := range w.Authorities {
		if x.Level == a.Level && asked.Minor() <= x.UpTo.Minor() {
			return nil
		}
	}
	return &Error{ErrAuthority, "actor " + string(a.ID),
		fmt.Sprintf("of level %q may not decide on %s; send it to somebody who may", a.Level, asked)}
}

// check reports every contradiction at once: what is malformed, a route to nowhere, a stage that
// no application reaches, one from which no way leads to the decision.
func (w *Workflow) check(c money.Currency) error {
	if len(w.Stages) > maxNames || len(w.Authorities) > maxNames {
		return &Error{ErrTerms, "workflow", fmt.Sprintf("has %d stages and %d levels, at most %d",
			len(w.Stages), len(w.Authorities), maxNames)}
	}
	names := make([]Code, len(w.Stages))
	for i, s := range w.Stages {
		names[i] = s.Stage
	}
	errs := []error{checkNames("stage", names), w.checkAuthorities(c)}
	for i := range w.Stages {
		errs = append(errs, w.checkStage(&w.Stages[i]))
	}
	if errors.Join(errs...) != nil || len(w.Stages) == 0 {
		return errors.Join(errs...)
	}
	onward := func(s *Stage, r Route) (from, to Code) { return s.Stage, r.To }
	backward := func(s *Stage, r Route) (from, to Code) { return r.To, s.Stage }
	reached, ends := w.spread([]Code{w.start()}, onward), w.spread([]Code{""}, backward)
	for _, name := range names {
		if !slices.Contains(reached, name) {
			errs = append(errs, &Error{ErrTerms, "stage " + string(name), "is never reached"})
		}
		if !slices.Contains(ends, name) {
			errs = append(errs, &Error{ErrTerms, "stage " + string(name), "never leads to the decision"})
		}
	}
	return errors.Join(errs...)
}

// spread returns everything that the routes, each taken as from one place to another, lead to from
// where it starts.
func (w *Workflow) spread(from []Code, ends func(*Stage, Route) (Code, Code)) []Code {
	for i := 0; i < len(from); i++ {
		for k := range w.Stages {
			for _, r := range w.Stages[k].Routes {
				if a, b := ends(&w.Stages[k], r); a == from[i] && !slices.Contains(from, b) {
					from = append(from, b)
				}
			}
		}
	}
	return from
}

func (w *Workflow) checkStage(s *Stage) error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, &Error{ErrTerms, "stage " + string(s.Stage), fmt.Sprintf(format, args...)})
	}
	if !slices.Contains(CompleteStage{}.Allowed(), s.Role) {
		bad("is completed by no role that may: %s", s.Role)
	}
	if s.Days < 0 || s.Days > maxDays {
		bad("takes %d days", s.Days)
	}
	if len(s.Routes) == 0 || len(s.Routes) > maxRoutes {
		bad("has %d routes, want 1 to %d", len(s.Routes), maxRoutes)
		return errors.Join(errs...)
	}
	outcomes := make([]Code, len(s.Routes))
	for i, r := range s.Routes {
		outcomes[i] = r.Outcome
		if r.To != "" && w.stage(r.To) == nil {
			bad("leads to stage %s, which there is not", r.To)
		}
		if r.Authority && len(w.Authorities) == 0 {
			bad("needs an authority that nobody has")
		}
	}
	errs = append(errs, checkNames("outcome", outcomes), checkNames("document", s.Documents))
	return errors.Join(errs...)
}

func (w *Workflow) checkAuthorities(c money.Currency) error {
	levels := make([]Code, len(w.Authorities))
	var errs []error
	for i, a := range w.Authorities {
		levels[i] = a.Level
		errs = append(errs, positive("authority of level "+string(a.Level), a.UpTo, c))
	}
	return errors.Join(append(errs, checkNames("level", levels))...)
}

func (w *Workflow) clone() Workflow {
	n := Workflow{slices.Clone(w.Stages), slices.Clone(w.Authorities)}
	for i := range n.Stages {
		s := &n.Stages[i]
		s.Documents, s.Routes = slices.Clone(s.Documents), slices.Clone(s.Routes)
	}
	return n
}

func (w *Workflow) code(c *event.Codec) {
	event.List(c, &w.Stages, func(c *event.Codec, s *Stage) {
		event.Text(c, &s.Stage)
		event.Enum(c, &s.Role)
		codeTexts(c, &s.Documents)
		event.List(c, &s.Routes, func(c *event.Codec, r *Route) {
			event.Text(c, &r.Outcome)
			event.Text(c, &r.To)
			c.Bool(&r.Authority)
		})
		c.Count(&s.Days)
	})
	event.List(c, &w.Authorities, func(c *event.Codec, a *Authority) {
		event.Text(c, &a.Level)
		c.Amount(&a.UpTo)
	})
}
