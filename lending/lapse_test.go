package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

func TestApplicationLapses(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	start := w.day
	id := w.asked(careful(), 5000)
	w.day = start.AddDays(20)
	w.dayEnd()
	require.Equal(t, lending.StateApplied, w.loan(id).State)
	do(w, junior, lending.ReferBack{Loan: id, Reason: "late"})
	do(w, party("ann"), lending.Resubmit{Loan: id})
	for _, day := range []int{21, 40} {
		w.day = start.AddDays(day)
		w.dayEnd()
		require.Equal(t, lending.StateApplied, w.loan(id).State)
	}
	w.day = start.AddDays(41)
	w.dayEnd()
	require.Equal(t, lending.StateLapsed, w.loan(id).State)
	require.Zero(t, w.wallet("ann", cny).Debt())
	refuse(w, senior, lending.Decline{Loan: id, Reason: "r"}, lending.ErrState)
	n, err := w.desk.DayEnd(context.Background(), w.day.AddDays(1))
	require.NoError(t, err)
	require.Zero(t, n, "a lapsed application sleeps")
	last := civil.MustParse("9999-12-30")
	w.day = last
	id = w.asked(careful(), 5000) // its last day is after the calendar: it never lapses
	require.Equal(t, lending.StateApplied, w.loan(id).State)
}

func TestWithdrawApplication(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "eve")
	applied, returned, approved := w.asked(careful(), 5000), w.asked(careful(), 5000), w.approved(5000)
	do(w, junior, lending.ReferBack{Loan: returned, Reason: "r"})
	refuse(w, party("ann"), lending.WithdrawApplication{Loan: applied}, lending.ErrID)
	refuse(w, party("eve"), lending.WithdrawApplication{Loan: applied, Reason: "r"}, lending.ErrActor)
	for _, id := range []lending.LoanID{applied, returned, approved} {
		do(w, party("ann"), lending.WithdrawApplication{Loan: id, Reason: "elsewhere"})
		require.Equal(t, lending.StateWithdrawn, w.loan(id).State)
		refuse(w, party("ann"), lending.WithdrawApplication{Loan: id, Reason: "r"}, lending.ErrState)
	}
	require.Zero(t, w.wallet("ann", cny).Debt())
	open := w.open(standard(), 5000, 1, "1% per year")
	refuse(w, party("ann"), lending.WithdrawApplication{Loan: open, Reason: "r"}, lending.ErrState)
}

// An application that has waited too long is refused before the day-end has ended it.
func TestLapsedApplicationsAreRefused(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := careful()
	p.Documents, p.Grades, p.Uses, p.Forbidden = nil, nil, nil, nil
	p.Workflow.Stages = p.Workflow.Stages[2:]
	p.Workflow.Stages[0].Routes = append(p.Workflow.Stages[0].Routes, lending.Route{Outcome: "again", To: "committee"})
	staged := w.asked(p, 5000)
	p.Workflow = lending.Workflow{}
	applied, returned, approved := w.asked(p, 5000), w.asked(p, 5000), w.asked(p, 5000)
	do(w, analyst, lending.ReferBack{Loan: returned, Reason: "r"})
	approve := lending.Approve{Loan: approved, Rate: schedule.MustRate("1% per year")}
	do(w, analyst, approve)
	approve.Loan = applied
	w.day = w.day.AddDays(21)
	refuse(w, analyst, approve, lending.ErrExpired)
	refuse(w, officer, lending.Publish{Loan: approved}, lending.ErrExpired)
	refuse(w, party("ann"), lending.Resubmit{Loan: returned}, lending.ErrExpired)
	refuse(w, analyst, lending.ReferBack{Loan: approved, Reason: "r"}, lending.ErrExpired)
	refuse(w, senior, lending.CompleteStage{Loan: staged, Stage: "committee", Outcome: "again"}, lending.ErrExpired)
	w.day = w.day.AddDays(-1)
	do(w, senior, lending.CompleteStage{Loan: staged, Stage: "committee", Outcome: "again"})
	do(w, analyst, approve)
	do(w, officer, lending.Publish{Loan: approved})
	do(w, party("ann"), lending.Resubmit{Loan: returned})
}
