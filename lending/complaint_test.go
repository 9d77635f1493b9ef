package lending_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

var carl = lending.Actor{ID: "carl", Role: lending.RoleOfficer}

// complain opens a complaint of ann's about carl.
func (w *world) complain(k lending.ComplaintKind) lending.ComplaintOpened {
	return do(w, party("ann"), lending.OpenComplaint{Kind: k, From: "ann",
		Subject: lending.Subject{Person: "carl"}, Text: event.Hash{7}})
}

func (w *world) complaint(id lending.ComplaintID) *lending.Case {
	c, _, err := lending.View(context.Background(), w.desk, lending.ComplaintRef(id))
	require.NoError(w.t, err)
	return c
}

// A complaint that nobody looks after is escalated by day-end on the day after each deadline, once.
func TestComplaintEscalatesAtItsDeadlines(t *testing.T) {
	service := lending.StandardService()
	service.Complaint = lending.ServiceDays{Acknowledge: 2, Answer: 5}
	w := newWorld(t, lending.Config{Service: service}).with("ann")
	ev := w.complain(lending.Complaint)
	require.Equal(t, w.day.AddDays(2), ev.AckBy)
	require.Equal(t, w.day.AddDays(5), ev.AnswerBy)
	first := w.day
	for day, level := range []int{0, 0, 0, 1, 1, 1, 2, 2, 2} {
		w.day = first.AddDays(day)
		w.dayEnd()
		w.dayEnd()
		require.Equal(t, level, w.complaint(ev.ID).Level, "day %d", day)
		line := w.reports().Complaints(w.day).Kinds[lending.Complaint-1]
		require.Equal(t, []int{min(1, level), min(1, level)}, []int{line.Overdue, line.Escalated}, "day %d", day)
	}
	// a day-end after a gap escalates once for both
	gap := newWorld(t, lending.Config{Service: service}).with("ann")
	id := gap.complain(lending.Complaint).ID
	gap.day = gap.day.AddDays(30)
	gap.dayEnd()
	require.Equal(t, 1, gap.complaint(id).Level)
	// acknowledged in time, only the answer is waited for; answered, nothing is
	w.day = first
	acked, answered := w.complain(lending.Complaint).ID, w.complain(lending.Enquiry).ID
	do(w, officer, lending.AcknowledgeComplaint{Complaint: acked})
	do(w, officer, lending.AnswerComplaint{Complaint: answered, Text: event.Hash{2}})
	w.day = first.AddDays(5)
	w.dayEnd()
	require.Zero(t, w.complaint(acked).Level)
	w.day = first.AddDays(100)
	w.dayEnd()
	require.Equal(t, 1, w.complaint(acked).Level)
	require.Zero(t, w.complaint(answered).Level)
	w.reports()
}

func TestComplaintIsFollowedToItsEnd(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	loan := w.open(standard(), 1000, 1, "12% per year")
	paid := do(w, bank, lending.Deposit{Party: "ann", Amount: amt(5, cny)}).Payment
	ev := do(w, officer, lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann",
		Subject: lending.Subject{Loan: loan, Payment: paid, Person: "carl"}})
	first := w.day
	do(w, officer, lending.AssignComplaint{Complaint: ev.ID, To: "amir"})
	do(w, analyst, lending.AcknowledgeComplaint{Complaint: ev.ID})
	do(w, party("ann"), lending.EscalateComplaint{Complaint: ev.ID, Reason: "impatient"})
	do(w, analyst, lending.RaiseFlag{Loan: loan, Flag: "doubt", Complaint: ev.ID})
	w.day = first.AddDays(20)
	do(w, analyst, lending.AnswerComplaint{Complaint: ev.ID, Text: event.Hash{2}})
	w.day = first.AddDays(21)
	do(w, officer, lending.CloseComplaint{Complaint: ev.ID, Outcome: lending.OutcomePartly})
	gone := w.complain(lending.Suggestion).ID
	do(w, party("ann"), lending.CloseComplaint{Complaint: gone, Outcome: lending.OutcomeWithdrawn})

	r := w.reports()
	require.Equal(t, lending.Code("doubt"), r.LoanFlags(loan)[0].Code)
	require.Equal(t, ev.ID, r.LoanFlags(loan)[0].Complaint)
	require.Empty(t, r.Flags("ann"))
	report := r.Complaints(w.day)
	want := lending.ComplaintLine{Kind: lending.Complaint, Opened: 1, Escalated: 1, Late: 1, Acked: 1, Answered: 1, Closed: 1, DaysToAnswer: 20, DaysToClose: 21}
	want.Outcomes[lending.OutcomePartly] = 1
	require.Equal(t, want, report.Kinds[1])
	require.Equal(t, 1, report.Kinds[2].Outcomes[lending.OutcomeWithdrawn])
	records, err := csv.NewReader(bytes.NewReader(report.AppendCSV(nil))).ReadAll()
	require.NoError(t, err)
	require.Len(t, records, 3)
	do(w, officer, lending.LiftFlag{Loan: loan, Flag: "doubt"})
	require.Empty(t, w.reports().LoanFlags(loan))
}

func TestComplaintRefusals(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	id := w.complain(lending.Complaint).ID
	ask := w.complain(lending.Enquiry).ID
	for name, v := range map[string]struct{ got, want error }{
		"for another": {try(w, party("bob"), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann"}), lending.ErrActor},
		"no kind":     {try(w, party("ann"), lending.OpenComplaint{Text: event.Hash{1}, From: "ann"}), lending.ErrTerms},
		"stranger":    {try(w, officer, lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "zoe"}), lending.ErrUnknown},
		"no loan": {try(w, party("ann"), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann",
			Subject: lending.Subject{Loan: "L-none"}}), lending.ErrUnknown},
		"no payment": {try(w, party("ann"), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann",
			Subject: lending.Subject{Payment: "none"}}), lending.ErrUnknown},
		"bad payment": {try(w, party("ann"), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann",
			Subject: lending.Subject{Payment: "no/slash"}}), event.ErrBadName},
		"bad person": {try(w, party("ann"), lending.OpenComplaint{Text: event.Hash{1}, Kind: lending.Complaint, From: "ann",
			Subject: lending.Subject{Person: "a b"}}), lending.ErrID},
		"by whom it is about": {try(w, carl, lending.AcknowledgeComplaint{Complaint: id}), lending.ErrActor},
		"closed by him":       {try(w, carl, lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeRejected}), lending.ErrActor},
		"to him":              {try(w, officer, lending.AssignComplaint{Complaint: id, To: "carl"}), lending.ErrActor},
		"to nobody":           {try(w, officer, lending.AssignComplaint{Complaint: id}), lending.ErrID},
		"not answered":        {try(w, officer, lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeUpheld}), lending.ErrState},
		"withdrawn by staff":  {try(w, officer, lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeWithdrawn}), lending.ErrActor},
		"decided by itself":   {try(w, party("ann"), lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeUpheld}), lending.ErrActor},
		"by a stranger":       {try(w, party("bob"), lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeWithdrawn}), lending.ErrActor},
		"no outcome":          {try(w, officer, lending.CloseComplaint{Complaint: id}), lending.ErrTerms},
		"undecided":           {try(w, officer, lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeAnswered}), lending.ErrTerms},
		"enquiry decided":     {try(w, officer, lending.CloseComplaint{Complaint: ask, Outcome: lending.OutcomeUpheld}), lending.ErrTerms},
		"too early":           {try(w, timer, lending.EscalateComplaint{Complaint: id, Reason: "overdue"}), lending.ErrState},
		"no reason":           {try(w, officer, lending.EscalateComplaint{Complaint: id}), lending.ErrID},
		"unknown":             {try(w, officer, lending.AnswerComplaint{Complaint: "C-none", Text: event.Hash{2}}), lending.ErrUnknown},
		"cashier":             {try(w, cashier, lending.AnswerComplaint{Complaint: id, Text: event.Hash{2}}), lending.ErrActor},
	} {
		require.ErrorIs(t, v.got, v.want, name)
	}
	do(w, officer, lending.AcknowledgeComplaint{Complaint: id})
	require.ErrorIs(t, try(w, officer, lending.AcknowledgeComplaint{Complaint: id}), lending.ErrState)
	w.day = w.day.AddDays(-1)
	require.ErrorIs(t, try(w, officer, lending.AnswerComplaint{Complaint: id, Text: event.Hash{2}}), lending.ErrDate)
	w.day = w.day.AddDays(1)
	do(w, party("ann"), lending.CloseComplaint{Complaint: id, Outcome: lending.OutcomeWithdrawn})
	require.ErrorIs(t, try(w, officer, lending.AnswerComplaint{Complaint: id, Text: event.Hash{2}}), lending.ErrState)

	_, err := lending.Open(lending.Config{Store: w.store, Service: lending.ServiceTerms{Complaint: lending.ServiceDays{Acknowledge: 3, Answer: 2}}})
	require.ErrorIs(t, err, lending.ErrConfig)
}

func TestFlagRefusals(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann")
	do(w, timer, lending.RaiseFlag{Party: "ann", Flag: "watch"})
	for name, v := range map[string]struct{ got, want error }{
		"twice":        {try(w, officer, lending.RaiseFlag{Party: "ann", Flag: "watch"}), lending.ErrExists},
		"of nobody":    {try(w, officer, lending.RaiseFlag{Flag: "watch"}), event.ErrBadName},
		"of both":      {try(w, officer, lending.RaiseFlag{Party: "ann", Loan: "L", Flag: "x"}), lending.ErrTerms},
		"no loan":      {try(w, officer, lending.RaiseFlag{Loan: "L", Flag: "x"}), lending.ErrUnknown},
		"no party":     {try(w, officer, lending.RaiseFlag{Party: "zoe", Flag: "x"}), lending.ErrUnknown},
		"no complaint": {try(w, officer, lending.RaiseFlag{Party: "ann", Flag: "x", Complaint: "C-none"}), lending.ErrUnknown},
		"no code":      {try(w, officer, lending.RaiseFlag{Party: "ann"}), lending.ErrID},
		"not raised":   {try(w, officer, lending.LiftFlag{Party: "ann", Flag: "x"}), lending.ErrUnknown},
		"one's own":    {try(w, lending.Actor{ID: "ann", Role: lending.RoleOfficer}, lending.LiftFlag{Party: "ann", Flag: "watch"}), lending.ErrActor},
		"by a party":   {try(w, party("ann"), lending.RaiseFlag{Party: "ann", Flag: "x"}), lending.ErrActor},
	} {
		require.ErrorIs(t, v.got, v.want, name)
	}
	for i := range 63 {
		do(w, officer, lending.RaiseFlag{Party: "ann", Flag: lending.Code(fmt.Sprintf("f%d", i))})
	}
	require.ErrorIs(t, try(w, officer, lending.RaiseFlag{Party: "ann", Flag: "full"}), lending.ErrLimit)
	require.Len(t, w.reports().Flags("ann"), 64)
}
