package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// An approval is of at most the rate that the loan then had: of a lower one it stands.
func TestApprovalIsOfTheRate(t *testing.T) {
	terms := guarantorTerms()
	terms.Control = guarantee.ByGuarantor
	w := guarantorWorld(t, terms)
	p := product("p", byGuarantor())
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(1000), Periods: 1}).Loan
	approve := guarantee.ApproveRisk{Guarantor: "gil", Loan: id}
	again := func(rate string) {
		do(w, analyst, lending.ReferBack{Loan: id, Reason: "more"})
		do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(1000), Periods: 1})
		do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate(rate)})
	}
	require.ErrorIs(t, try(w, party("gil"), approve), lending.ErrState, "no rate yet")
	do(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("12% per year")})
	do(w, party("gil"), approve)
	again("12.01% per year")
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrNotApproved)
	do(w, party("gil"), approve)
	again("10% per year")
	do(w, officer, lending.Publish{Loan: id})
}

// A tender clears at or below the rate that was approved: its payout needs no other approval.
func TestApprovalOfTheReserveRate(t *testing.T) {
	terms := guarantorTerms()
	terms.Control = guarantee.ByGuarantor
	w := guarantorWorld(t, terms)
	p := product("p", byGuarantor())
	p.MinRate = schedule.MustRate("0.01% per year")
	p.Tender.Mechanism, p.Tender.RateStep = lending.UniformRejected, p.MinRate
	id := w.open("ann", p, 1000, 1)
	do(w, party("gil"), guarantee.ApproveRisk{Guarantor: "gil", Loan: id})
	do(w, officer, lending.Publish{Loan: id})
	for who, rate := range map[lending.PartyID]string{"bob": "5% per year", "eve": "8% per year"} {
		w.deposit(who, 1000)
		do(w, party(who), lending.PlaceBid{Loan: id, Amount: amt(1000), Rate: schedule.MustRate(rate)})
	}
	w.day = w.loan(id).Deadline
	w.dayEnd(1)
	require.Less(t, w.loan(id).Rate.Pico(), schedule.MustRate("12% per year").Pico())
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
}
