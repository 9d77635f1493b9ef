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
	id := w.approved(6000)
	both := lending.Actor{ID: senior.ID, Role: lending.RoleOfficer}
	refuse(w, senior, lending.AmendListing{Loan: id, Amount: amt(6000, cny)}, lending.ErrState)
	do(w, officer, lending.Publish{Loan: id})
	for _, x := range []struct {
		who  lending.Actor
		what lending.AmendListing
		want error
	}{
		{analyst, lending.AmendListing{Loan: id, Amount: amt(4000, cny)}, lending.ErrAuthority},
		{senior, lending.AmendListing{Loan: id, Amount: amt(6001, cny)}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, Rate: schedule.MustRate("12.01% per year")}, lending.ErrLimit},
		{senior, lending.AmendListing{Loan: id, Rate: schedule.MustRate("1% per period")}, lending.ErrLimit},
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
	do(w, senior, lending.AmendListing{Loan: id, Amount: amt(5000, cny)})
	require.Equal(t, lending.StateApproved, w.loan(id).State)
	w.deposit("bob", amt(6000, cny))
	refuse(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)}, lending.ErrState)
	refuse(w, both, lending.Publish{Loan: id}, lending.ErrSecond)
	do(w, officer, lending.Publish{Loan: id})
	require.Equal(t, w.day.AddDays(14), w.loan(id).Deadline)
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)})
	refuse(w, senior, lending.AmendListing{Loan: id, Amount: amt(4000, cny)}, lending.ErrState)
}

// Listed again, a loan begins a new tender, with all the extensions that the product allows. More than
// its borrower asked for it is only when he asks for more himself.
func TestAmendedListingBeginsAnew(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann")
	p := standard()
	p.MaxExposure = amt(9000, cny)
	p.Tender.Extensions, p.Tender.ExtendDays = 1, 5
	id := w.open(p, 5000, 1, "8% per year")
	extend := func() {
		do(w, officer, lending.ExtendTender{Loan: id, Until: w.loan(id).Deadline.AddDays(3)})
		refuse(w, officer, lending.ExtendTender{Loan: id, Until: w.loan(id).Deadline.AddDays(1)}, lending.ErrLimit)
	}
	extend()
	refuse(w, analyst, lending.AmendListing{Loan: id, Amount: amt(5001, cny)}, lending.ErrLimit)
	refuse(w, analyst, lending.AmendListing{Loan: id, Rate: schedule.MustRate("8.01% per year")}, lending.ErrLimit)
	do(w, analyst, lending.AmendListing{Loan: id, Rate: schedule.MustRate("7% per year")})
	do(w, officer, lending.Publish{Loan: id})
	require.Zero(t, w.loan(id).Extended)
	extend()
	do(w, analyst, lending.AmendListing{Loan: id})
	do(w, analyst, lending.ReferBack{Loan: id, Reason: "more"})
	do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(8000, cny)})
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("9% per year")})
	do(w, officer, lending.Publish{Loan: id})

	q := standard()
	q.ID = "other"
	other := w.open(q, 2000, 1, "8% per year")
	refuse(w, analyst, lending.AmendListing{Loan: id, Amount: amt(7001, cny)}, lending.ErrLimit)
	do(w, analyst, lending.AmendListing{Loan: id, Amount: amt(7000, cny)})
	do(w, analyst, lending.AmendListing{Loan: other})
	w.reports()
}
