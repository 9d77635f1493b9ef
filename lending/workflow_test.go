package lending_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// drawWorkflow draws stages whose routes lead anywhere, sound or not.
func drawWorkflow(t *rapid.T) lending.Workflow {
	n := rapid.IntRange(1, 5).Draw(t, "stages")
	w := lending.Workflow{Stages: make([]lending.Stage, n)}
	for i := range w.Stages {
		s := lending.Stage{Stage: lending.Code(fmt.Sprintf("s%d", i)), Role: lending.RoleAnalyst}
		for k := range rapid.IntRange(1, 3).Draw(t, "routes") {
			to := lending.Code("")
			if next := rapid.IntRange(0, n).Draw(t, "to"); next < n {
				to = lending.Code(fmt.Sprintf("s%d", next))
			}
			s.Routes = append(s.Routes, lending.Route{Outcome: lending.Code(fmt.Sprintf("o%d", k)), To: to})
		}
		w.Stages[i] = s
	}
	return w
}

// reaches is the slow oracle: it follows every walk of at most n steps, n being the number of
// places, and so finds everything that can be reached.
func reaches(w lending.Workflow, from, to lending.Code, steps int) bool {
	if from == to {
		return true
	}
	if steps == 0 || from == "" {
		return false
	}
	i := slices.IndexFunc(w.Stages, func(s lending.Stage) bool { return s.Stage == from })
	return slices.ContainsFunc(w.Stages[i].Routes, func(r lending.Route) bool {
		return reaches(w, r.To, to, steps-1)
	})
}

// A workflow is sound exactly when every stage is reached from the first and every stage leads to
// the decision.
func TestWorkflowGraph(t *testing.T) {
	sound := 0
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		p.Workflow = drawWorkflow(t)
		want := true
		for _, s := range p.Workflow.Stages {
			n := len(p.Workflow.Stages)
			want = want && reaches(p.Workflow, "s0", s.Stage, n) && reaches(p.Workflow, s.Stage, "", n)
		}
		err := p.Validate()
		if want != (err == nil) {
			t.Fatalf("sound: %t, but %v: %+v", want, err, p.Workflow)
		}
		if want {
			sound++
		} else {
			require.ErrorIs(t, err, lending.ErrTerms)
		}
	})
	if runs() >= 100 {
		require.Positive(t, sound)
	}
}

// What a workflow cannot be, by name.
func TestWorkflowValidates(t *testing.T) {
	for name, spoil := range map[string]func(*lending.Workflow){
		"stage twice":      func(w *lending.Workflow) { w.Stages[1].Stage = "desk" },
		"stage unnamed":    func(w *lending.Workflow) { w.Stages[1].Stage = "" },
		"no role":          func(w *lending.Workflow) { w.Stages[0].Role = 0 },
		"party":            func(w *lending.Workflow) { w.Stages[0].Role = lending.RoleParty },
		"days":             func(w *lending.Workflow) { w.Stages[0].Days = -1 },
		"dead end":         func(w *lending.Workflow) { w.Stages[1].Routes = nil },
		"outcome twice":    func(w *lending.Workflow) { w.Stages[0].Routes[1].Outcome = "pass" },
		"nowhere":          func(w *lending.Workflow) { w.Stages[0].Routes[1].To = "moon" },
		"never reached":    func(w *lending.Workflow) { w.Stages[0].Routes = w.Stages[0].Routes[:2] },
		"circle":           func(w *lending.Workflow) { w.Stages[2].Routes[0].To = "committee" },
		"nobody":           func(w *lending.Workflow) { w.Authorities = nil },
		"level twice":      func(w *lending.Workflow) { w.Authorities[1].Level = "junior" },
		"level unnamed":    func(w *lending.Workflow) { w.Authorities[1].Level = "" },
		"authority":        func(w *lending.Workflow) { w.Authorities[1].UpTo = amt(0, cny) },
		"document twice":   func(w *lending.Workflow) { w.Stages[0].Documents = []lending.Code{"a", "a"} },
		"too many stages":  func(w *lending.Workflow) { w.Stages = make([]lending.Stage, 61) },
		"too many routes":  func(w *lending.Workflow) { w.Stages[0].Routes = make([]lending.Route, 17) },
		"too many levels":  func(w *lending.Workflow) { w.Authorities = make([]lending.Authority, 61) },
		"too many papers":  func(w *lending.Workflow) { w.Stages[0].Documents = make([]lending.Code, 61) },
		"malformed papers": func(w *lending.Workflow) { w.Stages[0].Documents = []lending.Code{"a b"} },
	} {
		p := careful()
		spoil(&p.Workflow)
		require.Equal(t, lending.ClassInvalid, classOrRefused(p.Validate()), name)
	}
}

// classOrRefused takes a list that is too long for one that is malformed.
func classOrRefused(err error) lending.Class {
	if c := lending.ClassOf(err); c != lending.ClassRefused {
		return c
	}
	return lending.ClassInvalid
}

// Whatever the workflow, and whatever is asked, an application takes only routes that there are, in
// their order, and is approved only when one has led to the decision. The oracle walks the
// workflow by hand.
func TestWorkflowWalks(t *testing.T) {
	approved := 0
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		p.Workflow = drawWorkflow(t)
		if p.Validate() != nil {
			return
		}
		w := newWorld(t, lending.Config{})
		w.register("ann")
		id := w.asked(p, 5000)
		at, steps := lending.Code("s0"), 0
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			stage := lending.Code(fmt.Sprintf("s%d", rapid.IntRange(0, 4).Draw(t, "stage")))
			outcome := lending.Code(fmt.Sprintf("o%d", rapid.IntRange(0, 2).Draw(t, "outcome")))
			err := try(w, analyst, lending.CompleteStage{Loan: id, Stage: stage, Outcome: outcome})
			next, ok := follow(p.Workflow, at, stage, outcome)
			if ok != (err == nil) {
				t.Fatalf("from %q by %s of %s: %v", at, outcome, stage, err)
			}
			if ok {
				at = next
				steps++
			}
			require.Equal(t, at, w.loan(id).Dossier.Stage)
			require.Len(t, w.loan(id).Dossier.Steps, steps)
		}
		err := try(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("1% per year")})
		if at == "" {
			require.NoError(t, err)
			approved++
		} else {
			require.ErrorIs(t, err, lending.ErrStageOrder)
		}
		w.reports()
	})
	if runs() >= 100 { // few runs may well have none
		require.Positive(t, approved)
	}
}

func follow(w lending.Workflow, at, stage, outcome lending.Code) (lending.Code, bool) {
	for _, s := range w.Stages {
		for _, r := range s.Routes {
			if s.Stage == at && stage == at && r.Outcome == outcome {
				return r.To, true
			}
		}
	}
	return "", false
}

// The overdue list names what stays too long, from the first day on which it does, and dates do not
// run backwards.
func TestOverdueStages(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	start := w.day
	id := w.asked(careful(), 5000)
	require.Empty(t, w.reports().OverdueStages(start.AddDays(2)))
	require.Equal(t, []lending.StageOverdue{{Loan: id, Stage: "desk", Entered: start, Due: start.AddDays(2)}},
		w.reports().OverdueStages(start.AddDays(3)))
	w.submit(id, "id-card")
	w.day = start.AddDays(-1)
	refuse(w, senior, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "pass"}, lending.ErrDate)
	refuse(w, senior, lending.ReferBack{Loan: id, Reason: "r"}, lending.ErrDate)
	w.day = start.AddDays(5)
	do(w, senior, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "escalate"})
	require.Empty(t, w.reports().OverdueStages(start.AddDays(30)))
	do(w, senior, lending.CompleteStage{Loan: id, Stage: "committee", Outcome: "agree"})
	require.Equal(t, []lending.StageTime{{Product: "careful", Stage: "committee", Count: 1},
		{Product: "careful", Stage: "desk", Count: 1, Days: 5, Longest: 5}}, w.reports().StageTimes())
}

// An application goes round in a workflow for a long time, not for ever.
func TestStepsAreBounded(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.Workflow.Stages = []lending.Stage{{Stage: "desk", Role: lending.RoleSystem,
		Routes: []lending.Route{{Outcome: "again", To: "desk"}, {Outcome: "done"}}}}
	id := w.asked(p, 5000)
	again := lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "again"}
	for range 500 {
		do(w, timer, again)
	}
	refuse(w, timer, again, lending.ErrLimit)
	do(w, analyst, lending.Decline{Loan: id, Reason: "endless"})
}

// Missing is held against the sentence that defines it, line by line.
func TestMissingAgainstOracle(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	rapid.Check(t, func(t *rapid.T) {
		l := &lending.Loan{ID: "L", Dossier: lending.Dossier{Kind: lending.PartyKind(rapid.IntRange(1, 3).Draw(t, "kind"))}}
		for i := range rapid.IntRange(0, 5).Draw(t, "lines") {
			l.Product.Documents = append(l.Product.Documents, lending.Requirement{
				Document:  lending.Code(rune('a' + i)),
				Kind:      lending.PartyKind(rapid.IntRange(0, 3).Draw(t, "for")),
				Before:    lending.Checkpoint(rapid.IntRange(1, 3).Draw(t, "before")),
				ValidDays: rapid.IntRange(0, 3).Draw(t, "valid"),
			})
		}
		for i := range 6 {
			if !rapid.Bool().Draw(t, "there") {
				continue
			}
			d := lending.Document{Document: lending.Code(rune('a' + i)), On: day.AddDays(-rapid.IntRange(0, 4).Draw(t, "age"))}
			if rapid.IntRange(0, 3).Draw(t, "waived") == 0 {
				d.Waived = "r"
			}
			l.Dossier.Documents = append(l.Dossier.Documents, d)
		}
		at := lending.Checkpoint(rapid.IntRange(1, 3).Draw(t, "at"))
		var want []lending.Code
		for _, r := range l.Product.Documents {
			if r.Kind != 0 && r.Kind != l.Dossier.Kind || r.Before > at {
				continue
			}
			there := false
			for _, d := range l.Dossier.Documents {
				fresh := r.ValidDays == 0 || day.Sub(d.On) <= r.ValidDays
				there = there || d.Document == r.Document && (d.Waived != "" || fresh)
			}
			if !there {
				want = append(want, r.Document)
			}
		}
		require.Equal(t, want, l.Missing(at, day))
	})
}
