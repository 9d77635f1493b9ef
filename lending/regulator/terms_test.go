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
	p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount,
		Payee: lending.ToPlatform, Fixed: 2000, Round: money.HalfUp}}
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

// A first due date is a term of the loan like another: the caps look at the loan that it makes.
func TestFirstDueDateWithinCaps(t *testing.T) {
	w := newWorld(t, regulator.ChinaRates(regulator.Options{}), civil.MustParse("2024-09-02"))
	w.register(lending.Person, "ann", "bob")
	p := plain(cny)
	p.MinPeriods, p.MaxPeriods = 1, 1
	p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount, Payee: lending.ToPlatform,
		PPM: 4000, Round: money.HalfUp}}
	id := w.reviewed(p, 10_000_000, "5% per year")
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id, FirstDue: w.day.AddDays(10)}), lending.ErrRule)
	require.NoError(t, try(w, cashier, lending.Disburse{Loan: id, FirstDue: w.day.AddMonths(1)}))
}

// The cap of a contract is that of its own day, on whichever later one it is paid out.
func TestCapOfTheContractsDay(t *testing.T) {
	w := newWorld(t, regulator.ChinaRates(regulator.Options{}), civil.MustParse("2021-12-19"))
	w.register(lending.Person, "ann", "bob")
	p := plain(cny)
	p.MaxRate = schedule.MustRate("15.4% per year")
	id := w.reviewed(p, 10_000_000, "15.4% per year")
	do(w, officer, lending.IssueContract{Loan: id})
	w.day = w.day.AddDays(1)
	require.NoError(t, try(w, cashier, lending.Disburse{Loan: id}))
	id = w.reviewed(p, 10_000_000, "15.4% per year")
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrRule)
}

// Whatever lets bids lie on beyond the next day is looked at.
func TestEscrowDays(t *testing.T) {
	base := func() lending.Product {
		p := plain(inr)
		p.Tender.OpenDays = 0
		return p
	}
	for name, change := range map[string]func(*lending.Tender, int){
		"open":   func(r *lending.Tender, n int) { r.OpenDays = n },
		"cancel": func(r *lending.Tender, n int) { r.CancelDays = n },
		"extend": func(r *lending.Tender, n int) { r.Extensions, r.ExtendDays = 1, n },
		"often":  func(r *lending.Tender, n int) { r.Extensions, r.ExtendDays = n, 1 },
		"answer": func(r *lending.Tender, n int) {
			r.OnDeadline, r.MinFundedRatio, r.AnswerDays = lending.AskBorrower, 500_000, n
		},
		"together": func(r *lending.Tender, n int) { r.OpenDays, r.CancelDays = 1, n-1 },
	} {
		for _, n := range []int{1, 2} {
			w := newWorld(t, regulator.India(regulator.Options{}), civil.MustParse("2024-09-02"))
			w.register(lending.Person, "ann")
			p := base()
			change(&p.Tender, n)
			err := try(w, officer, lending.DefineProduct{Product: p})
			id := w.approved(p, 5_000_000, "5% per year")
			listed := try(w, officer, lending.Publish{Loan: id})
			if n == 1 {
				require.NoError(t, err, name)
				require.NoError(t, listed, name)
				continue
			}
			require.ErrorIs(t, err, lending.ErrRule, name)
			require.ErrorIs(t, listed, lending.ErrRule, name)
		}
	}
	// before the opening there is no bid to be kept
	p := base()
	p.Tender.DelayDays = 9
	w := newWorld(t, regulator.India(regulator.Options{}), civil.MustParse("2024-09-02"))
	require.NoError(t, try(w, officer, lending.DefineProduct{Product: p}))
}

// A tender that was published before the rule is not extended beyond it.
func TestEscrowOfExtension(t *testing.T) {
	w := newWorld(t, regulator.India(regulator.Options{}), civil.MustParse("2024-09-02"))
	w.register(lending.Person, "ann")
	p := plain(inr)
	p.Tender.OpenDays, p.Tender.DelayDays, p.Tender.Extensions, p.Tender.ExtendDays = 0, 3, 2, 5
	id := w.approved(p, 5_000_000, "5% per year")
	opens := do(w, officer, lending.Publish{Loan: id}).Opens
	far := lending.ExtendTender{Loan: id, Until: opens.AddDays(2)}
	require.ErrorIs(t, try(w, officer, far), lending.ErrRule)
	far.Until = opens.AddDays(1)
	require.NoError(t, try(w, officer, far))
}
