package regulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// mechanisms are those that a product can have.
var mechanisms = []lending.Mechanism{lending.FirstCome, lending.ProRata, lending.UniformMarginal,
	lending.UniformRejected, lending.PayAsBid, lending.OpenAuction}

// crowded is a loan for which cid bid all that is wanted, at its own rate; a bid of bob's that fits.
func (w *world) crowded(m lending.Mechanism, minor int64, c money.Currency) lending.PlaceBid {
	p := plain(c)
	p.MinRate = schedule.MustRate("1% per year")
	p.Tender.Mechanism = m
	if m.OwnRates() {
		p.Tender.RateStep = schedule.MustRate("0.01% per year")
	}
	id := w.approved(p, minor, "10% per year")
	do(w, officer, lending.Publish{Loan: id})
	bid := lending.PlaceBid{Loan: id, Amount: amt(minor, c)}
	other := bid
	if !m.FixedRate() {
		bid.Rate, other.Rate = schedule.MustRate("5% per year"), p.MaxRate
	}
	do(w, bank, lending.Deposit{Party: "cid", Amount: amt(minor, c)})
	do(w, bank, lending.Deposit{Party: "bob", Amount: amt(minor, c)})
	do(w, party("cid"), other)
	return bid
}

// A bid counts in full wherever it may displace others, however much is offered already.
func TestLimitsOnCrowdedTenders(t *testing.T) {
	for _, m := range mechanisms {
		t.Run(m.String(), func(t *testing.T) {
			want := lending.ErrRule
			if m == lending.FirstCome {
				want = lending.ErrState // it is full
			}
			w := newWorld(t, regulator.India(regulator.Options{}), civil.MustParse("2024-09-02"))
			w.register(lending.Person, "ann", "bob", "cid")
			bid := w.crowded(m, 5_000_001, inr)
			require.ErrorIs(t, try(w, party("bob"), bid), want)
			if bid.Amount = amt(5_000_000, inr); m != lending.FirstCome && m != lending.OpenAuction {
				require.NoError(t, try(w, party("bob"), bid))
			}

			w = newWorld(t, regulator.Britain(regulator.Options{}), civil.MustParse("2020-03-01"))
			w.register(lending.Person, "ann", "bob", "cid")
			w.day = w.day.AddDays(1)
			w.categorize(regulator.CategoryRestricted, amt(1_000_000, gbp))
			do(w, officer, w.tested(true, w.day.AddDays(1)))
			require.ErrorIs(t, try(w, party("bob"), w.crowded(m, 100_001, gbp)), want)
		})
	}
}

// Other terms of a listing are a new decision on it: the caps look at them.
func TestAmendedTermsWithinCaps(t *testing.T) {
	w := newWorld(t, regulator.ChinaRates(regulator.Options{}), civil.MustParse("2024-09-02"))
	w.register(lending.Person, "ann")
	p := plain(cny)
	p.MaxRate = schedule.MustRate("30% per year")
	p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement,
		Payee: lending.ToPlatform, Min: 2000, Round: money.HalfUp}}
	id := w.approved(p, 10_000_000, "20% per year")
	do(w, officer, lending.Publish{Loan: id})
	amend := lending.AmendListing{Loan: id, Rate: schedule.MustRate("14% per year")}
	require.ErrorIs(t, try(w, analyst, amend), lending.ErrRule)
	require.ErrorIs(t, try(w, analyst, lending.AmendListing{Loan: id, OpenDays: 1}), lending.ErrRule)
	amend.Rate = schedule.MustRate("13% per year")
	require.NoError(t, try(w, analyst, amend))
	do(w, officer, lending.Publish{Loan: id})
	amend = lending.AmendListing{Loan: id, Amount: amt(200_000, cny)} // on which the fee weighs more
	require.ErrorIs(t, try(w, analyst, amend), lending.ErrRule)
}

