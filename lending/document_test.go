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
