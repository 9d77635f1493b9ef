package lending

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
)

// StageTime is how long applications stayed in a stage of a product's workflow. Only stages that
// were left count; the mean is Days / Count.
type StageTime struct {
	Product ProductID
	Stage   Code
	Count   int
	Days    int64 // in all
	Longest int   // days of the longest stay
}

// StageTimes lists the durations of stages, by product and stage (审批时效).
func (r *Reports) StageTimes() []StageTime {
	type place struct {
		product ProductID
		stage   Code
	}
	sums := map[place]*StageTime{}
	for _, id := range r.order {
		l := r.loans[id]
		for _, s := range l.Dossier.Steps {
			p := place{l.Product.ID, s.Stage}
			if sums[p] == nil {
				sums[p] = &StageTime{Product: p.product, Stage: p.stage}
			}
			days := s.Left.Sub(s.Entered)
			sums[p].Count++
			sums[p].Days += int64(days)
			sums[p].Longest = max(sums[p].Longest, days)
		}
	}
	out := make([]StageTime, 0, len(sums))
	for _, x := range sums {
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b StageTime) int {
		return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.Stage, b.Stage))
	})
	return out
}

// StageDue is the last day on which the application is on time in its stage: zero when it is in
// none, or in one that takes as long as it takes.
func (l *Loan) StageDue() civil.Date {
	s := l.Product.Workflow.stage(l.Dossier.Stage)
	if s == nil || s.Days == 0 || l.State != StateApplied {
		return civil.Date{}
	}
	return l.Dossier.Entered.AddDays(s.Days)
}

// StageOverdue is an application that has been in a stage for too long.
type StageOverdue struct {
	Loan    LoanID
	Stage   Code
	Entered civil.Date
	Due     civil.Date // last day on which it would have been on time
}

// OverdueStages lists the applications that are overdue in their stage on a date, in the order in
// which they came in (超时未审).
func (r *Reports) OverdueStages(on civil.Date) (out []StageOverdue) {
	for _, id := range r.order {
		l := r.loans[id]
		if due := l.StageDue(); !due.IsZero() && on.After(due) {
			out = append(out, StageOverdue{id, l.Dossier.Stage, l.Dossier.Entered, due})
		}
	}
	return out
}
