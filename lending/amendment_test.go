package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

func TestAmendListing(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	id := w.approved(5000)
	both := lending.Actor{ID: senior.ID, Role: lending.RoleOfficer}
	refuse(w, senior, lending.AmendListing{Loan: id, Amount: amt(6000, cny)}, lending.ErrState)
	do(w, officer, lending.Publish{Loan: id})
	for _, x := range []struct {
		who  lending.Actor
		what lending.AmendListing
		want error
	}{
		{junior, lending.AmendListing{Loan: id, Amount: amt(6000, cny)}, lending.ErrAuthority},
		{senior, lending.AmendListing{Loan: id, Amount: amt(1_000_001, cny)}, lending.ErrAuthority},
		{senior, lending.AmendListing{Loan: id, Amount: amt(1, cny)}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, Rate: schedule.MustRate("37% per year")}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, Rate: schedule.MustRate("21% per year")}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, OpenDays: 15}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, OpenDays: -1}, lending.ErrLimit},
		{lending.Actor{ID: "ann", Role: lending.RoleAnalyst}, lending.AmendListing{Loan: id}, lending.ErrActor},
	} {
		refuse(w, x.who, x.what, x.want)
	}
	w.day = w.day.AddDays(2)
	do(w, senior, lending.AmendListing{Loan: id, Amount: amt(6000, cny)})
	require.Equal(t, lending.StateApproved, w.loan(id).State)
	w.deposit("bob", amt(6000, cny))
	refuse(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)}, lending.ErrState)
	refuse(w, both, lending.Publish{Loan: id}, lending.ErrSecond)
	do(w, officer, lending.Publish{Loan: id})
	require.Equal(t, w.day.AddDays(14), w.loan(id).Deadline)
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)})
	refuse(w, senior, lending.AmendListing{Loan: id, Amount: amt(7000, cny)}, lending.ErrState)
}
