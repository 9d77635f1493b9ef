package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

func TestWaivers(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.approved(5000, lending.Precedent{Condition: "seal", Before: lending.BeforePublication})
	waive := lending.WaiveDocument{Loan: id, Document: "photo", Reason: "known"}
	ctx := context.Background()
	for _, second := range []lending.Actor{{}, senior, {ID: "sven", Role: lending.RoleOfficer}} {
		m := w.meta(senior)
		m.Approver = second
		_, err := lending.Do(ctx, w.desk, m, waive)
		require.ErrorIs(t, err, lending.ErrSecond)
		m = w.meta(senior)
		m.Approver = second
		_, err = lending.Do(ctx, w.desk, m, lending.WaiveCondition{Loan: id, Condition: "seal", Reason: "r"})
		require.ErrorIs(t, err, lending.ErrSecond)
	}
	m := w.meta(senior)
	m.Approver = lending.Actor{ID: "ann", Role: lending.RoleOfficer}
	_, err := lending.Do(ctx, w.desk, m, waive)
	require.ErrorIs(t, err, lending.ErrActor)
	refuse(w, senior, lending.WaiveDocument{Loan: id, Document: "photo"}, lending.ErrID)
	refuse(w, senior, lending.WaiveDocument{Loan: id, Document: "passport", Reason: "r"}, lending.ErrUnknown)
	refuse(w, senior, lending.WaiveCondition{Loan: id, Condition: "pledge", Reason: "r"}, lending.ErrUnknown)
	refuse(w, senior, lending.SatisfyCondition{Loan: id, Condition: "seal"}, lending.ErrTerms)
	refuse(w, lending.Actor{ID: "ann", Role: lending.RoleOfficer},
		lending.SatisfyCondition{Loan: id, Condition: "seal", Evidence: hash(1)}, lending.ErrActor)
	do(w, senior, lending.SatisfyCondition{Loan: id, Condition: "seal", Evidence: hash(1)})
	refuse(w, senior, lending.SatisfyCondition{Loan: id, Condition: "seal", Evidence: hash(2)}, lending.ErrState)
	refuse(w, party("ann"), lending.SubmitDocument{Loan: id, Document: "photo"}, lending.ErrTerms)
	refuse(w, party("ann"), lending.SubmitDocument{Loan: id, Document: "selfie", Hash: hash(1)}, lending.ErrUnknown)
	do(w, officer, lending.Publish{Loan: id})
}

// A file grows as long as the loan waits, also before its tender opens and while its borrower is asked.
func TestDocumentsWhileTenderWaits(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := standard()
	p.Documents = []lending.Requirement{{Document: "deed", Before: lending.BeforeDisbursement}}
	p.Tender.DelayDays, p.Tender.OnDeadline, p.Tender.AnswerDays, p.Tender.MinFundedRatio = 2, lending.AskBorrower, 3, 500_000
	id := w.open(p, 5000, 1, "0% per year")
	require.Equal(t, lending.StateScheduled, w.loan(id).State)
	w.submit(id, "deed")
	w.deposit("bob", amt(4000, cny))
	w.day = w.loan(id).Opens
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(4000, cny)})
	w.day = w.loan(id).Deadline.AddDays(1)
	w.dayEnd()
	require.Equal(t, lending.StateOffered, w.loan(id).State)
	w.submit(id, "deed")
	do(w, senior, lending.WaiveDocument{Loan: id, Document: "deed", Reason: "known"})
}

// A document that is asked for again does not count as it lies in the file, nor does its waiver.
func TestReferredDocumentIsFiledAgain(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.Documents = []lending.Requirement{{Document: "payslip", Before: lending.BeforeApproval},
		{Document: "photo", Before: lending.BeforeApproval}}
	id := w.asked(p, 5000)
	approve := lending.Approve{Loan: id, Rate: p.MinRate}
	w.submit(id, "payslip", "photo")
	for range 2 {
		do(w, analyst, lending.ReferBack{Loan: id, Reason: "forged", Documents: []lending.Code{"payslip"}})
		require.Equal(t, []lending.Code{"payslip"}, w.loan(id).Missing(lending.BeforeApproval, w.day))
		require.Equal(t, []lending.Code{"payslip"}, w.loan(id).Dossier.Asked)
		do(w, party("ann"), lending.Resubmit{Loan: id})
		refuse(w, analyst, approve, lending.ErrFileIncomplete)
		do(w, senior, lending.WaiveDocument{Loan: id, Document: "payslip", Reason: "known"})
		require.Empty(t, w.loan(id).Missing(lending.BeforeApproval, w.day))
	}
	do(w, analyst, approve)
}
