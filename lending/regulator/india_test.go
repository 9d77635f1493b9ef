package regulator_test

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
)

func indiaTrials() map[lending.Code][]trial {
	lent := func(limit int64) []trial {
		return []trial{
			{"on this platform", regulator.Options{}, func(w *world, beyond bool) error {
				return w.lends(limit-4_000_000, 4_000_000, beyond)
			}},
			{"on others", regulator.Options{Elsewhere: abroad{regulator.Lent, limit - 100_000}},
				func(w *world, beyond bool) error { return w.lends(0, 100_000, beyond) }},
		}
	}
	return map[lending.Code][]trial{
		"IN-1a": lent(100_000_000), "IN-1b": lent(500_000_000), "IN-1c": lent(100_000_000),
		"IN-1d": debtTrials(lending.Person, inr, 100_000_000, true),
		"IN-1e": {
			{"one bid", regulator.Options{}, func(w *world, beyond bool) error {
				return w.lends(0, 5_000_000, beyond)
			}},
			{"second bid", regulator.Options{}, func(w *world, beyond bool) error {
				w.register(lending.Person, "ann", "bob")
				id := w.approved(plain(inr), 9_000_000, "5% per year")
				do(w, officer, lending.Publish{Loan: id})
				do(w, bank, lending.Deposit{Party: "bob", Amount: amt(2_000_000, inr)})
				do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(2_000_000, inr)})
				return w.bid(id, 3_000_000+one(beyond), inr)
			}},
			{"cut to what is wanted", regulator.Options{}, func(w *world, beyond bool) error {
				w.register(lending.Person, "ann", "bob")
				id := w.approved(plain(inr), 5_000_000+one(beyond), "5% per year")
				do(w, officer, lending.Publish{Loan: id})
				return w.bid(id, 9_000_000, inr)
			}},
		},
		"IN-1f": {
			{"product", regulator.Options{}, func(w *world, beyond bool) error {
				p := plain(inr)
				p.MaxPeriods = 36 + int(one(beyond))
				return try(w, officer, lending.DefineProduct{Product: p})
			}},
			{"approval", regulator.Options{}, func(w *world, beyond bool) error {
				w.register(lending.Person, "ann")
				p := plain(inr)
				p.MaxPeriods = 36 + int(one(beyond))
				id := w.applied(p, 5_000_000)
				return try(w, analyst, lending.Approve{Loan: id, Rate: p.MaxRate})
			}},
			{"later first due date", regulator.Options{}, func(w *world, beyond bool) error {
				w.register(lending.Person, "ann", "bob")
				p := plain(inr)
				p.MaxPeriods = 36
				id := w.reviewed(p, 5_000_000, "5% per year")
				due := w.day.AddMonths(1).AddDays(int(one(beyond)))
				return try(w, cashier, lending.Disburse{Loan: id, FirstDue: due})
			}},
		},
		"IN-1g": append(featureTrials(lending.FeatureCollateral),
			coverTrials(inr, lending.CoverCollateral)...),
		"IN-2a": append(featureTrials(lending.FeatureGuarantor, lending.FeatureOwnGuarantee,
			lending.FeatureOriginator, lending.FeatureProvisionFund),
			coverTrials(inr, lending.CoverProvisionFund)...),
		"IN-2b": featureTrials(lending.FeatureCash),
		"IN-2c": featureTrials(lending.FeaturePlatformLender, lending.FeatureFrontingLender),
		"IN-2d": featureTrials(lending.FeatureLenderReplacement, lending.FeaturePackaging),
		"IN-2e": featureTrials(lending.FeatureAssuredReturn),
		"IN-2f": {
			{"product", regulator.Options{}, func(w *world, beyond bool) error {
				p := plain(inr)
				p.Tender.OpenDays = 1 + int(one(beyond))
				return try(w, officer, lending.DefineProduct{Product: p})
			}},
			{"loan", regulator.Options{}, func(w *world, beyond bool) error {
				w.register(lending.Person, "ann")
				p := plain(inr)
				p.Tender.OpenDays = 1 + int(one(beyond))
				return try(w, officer, lending.Publish{Loan: w.approved(p, 5_000_000, "5% per year")})
			}},
		},
	}
}

// lends has bob bid on a loan of ann what takes him to a limit, or one minor unit more, when he has
// lent to somebody else before.
func (w *world) lends(before, minor int64, beyond bool) error {
	w.register(lending.Person, "ann", "bob", "cid")
	do(w, officer, lending.DefineProduct{Product: plain(inr)})
	if before > 0 {
		ask := lending.Apply{Product: "plain", Amount: amt(before, inr), Periods: 12}
		old := do(w, party("cid"), ask).Loan
		do(w, analyst, lending.Approve{Loan: old, Rate: plain(inr).MaxRate})
		do(w, officer, lending.Publish{Loan: old})
		do(w, bank, lending.Deposit{Party: "bob", Amount: amt(before, inr)})
		do(w, party("bob"), lending.PlaceBid{Loan: old, Amount: amt(before, inr)})
	}
	id := w.approved(plain(inr), 10_000_000, "5% per year")
	do(w, officer, lending.Publish{Loan: id})
	return w.bid(id, minor+one(beyond), inr)
}

// one is 1 beyond a limit, else 0.
func one(beyond bool) int64 {
	if beyond {
		return 1
	}
	return 0
}
