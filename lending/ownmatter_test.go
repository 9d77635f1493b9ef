package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// Nobody works on his own matter, whatever his role.
func TestNobodyWorksOnHisOwnMatter(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	do(w, officer, lending.DefineProduct{Product: standard()})
	id := do(w, party("ann"), lending.Apply{Product: "std", Amount: amt(5000, cny), Periods: 1}).Loan
	asAnalyst := lending.Actor{ID: "ann", Role: lending.RoleAnalyst}
	asOfficer := lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	require.ErrorIs(t, try(w, asAnalyst, lending.Decline{Loan: id, Reason: "r"}), lending.ErrActor)
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("8% per year")})
	do(w, officer, lending.Publish{Loan: id})
	require.ErrorIs(t, try(w, asOfficer, lending.CancelTender{Loan: id, Reason: "r"}), lending.ErrActor)

	open := lending.OpenComplaint{From: "ann", Kind: lending.Complaint}
	require.ErrorIs(t, try(w, party("ann"), open), lending.ErrTerms, "no text")
	open.Text = event.Hash{1}
	k := do(w, party("ann"), open).ID
	require.ErrorIs(t, try(w, asOfficer, lending.AcknowledgeComplaint{Complaint: k}), lending.ErrActor)
	require.ErrorIs(t, try(w, asOfficer, lending.AnswerComplaint{Complaint: k, Text: event.Hash{2}}), lending.ErrActor)
	do(w, officer, lending.AcknowledgeComplaint{Complaint: k})
	require.ErrorIs(t, try(w, officer, lending.AnswerComplaint{Complaint: k}), lending.ErrTerms, "no answer")
	do(w, officer, lending.AnswerComplaint{Complaint: k, Text: event.Hash{2}})
}

// A loan stays in the cash plan from its announcement to its payout.
func TestCashPlanKeepsALoanInSight(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "eve")
	w.deposit("eve", amt(5000, cny))
	p := standard()
	p.Tender.DelayDays = 2
	plan := func() lending.CashPlan {
		plan, err := w.reports().CashPlan(cny, w.day, w.day.AddDays(60), schedule.Days(60))
		require.NoError(t, err)
		return plan
	}
	id := w.open(p, 5000, 1, "0% per year")
	require.Equal(t, lending.StateScheduled, w.loan(id).State)
	require.Equal(t, amt(5000, cny), plan().Buckets[0].Wanted)
	w.day = w.day.AddDays(2)
	w.bid(id, "eve", 5000, "0% per year")
	require.Equal(t, amt(5000, cny), plan().Committed, "full, not reviewed yet")
	do(w, officer, lending.ReviewFunding{Loan: id})
	require.Equal(t, amt(5000, cny), plan().Committed)
}

// A product with one fault more still shows that it costs too much.
func TestProductShowsItsCostBesidesOtherFaults(t *testing.T) {
	p := standard()
	p.Method, p.MaxAPR, p.Late.GraceDays = schedule.MethodFlat, p.MaxRate, -1
	err := p.Validate()
	require.ErrorContains(t, err, "days of grace")
	require.ErrorContains(t, err, "the cap is 36% per year")
	p.Fees = make([]lending.Fee, 200_000)
	require.Less(t, len(p.Validate().Error()), 10_000, "a long list is one fault")
	p.Covers = make([]lending.CoverTerms, 200_000)
	require.Less(t, len(p.Validate().Error()), 10_000)
}
