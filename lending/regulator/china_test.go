package regulator_test

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// debtTrials are the stories of a borrower who asks for as much as he may owe, or one minor unit
// more: at the listing and at the disbursement, in one loan, in two, and with debts elsewhere.
func debtTrials(k lending.PartyKind, c money.Currency, limit int64, all bool) []trial {
	const old = 100_000
	list := []trial{
		{"listing", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(k, "ann")
			id := w.approved(plain(c), limit+one(beyond), "5% per year")
			return try(w, officer, lending.Publish{Loan: id})
		}},
		{"disbursement", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(k, "ann", "bob")
			id := w.reviewed(plain(c), limit+one(beyond), "5% per year")
			return try(w, cashier, lending.Disburse{Loan: id})
		}},
		{"second loan", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(k, "ann", "bob")
			first := w.reviewed(plain(c), old, "5% per year")
			do(w, cashier, lending.Disburse{Loan: first})
			id := w.approved(plain(c), limit-old+one(beyond), "5% per year")
			return try(w, officer, lending.Publish{Loan: id})
		}},
	}
	if !all {
		return list
	}
	elsewhere := regulator.Options{Elsewhere: abroad{regulator.Borrowed, limit - old}}
	return append(list, trial{"elsewhere", elsewhere, func(w *world, beyond bool) error {
		w.register(k, "ann")
		id := w.approved(plain(c), old+one(beyond), "5% per year")
		return try(w, officer, lending.Publish{Loan: id})
	}})
}

// featureTrials give a command with a feature, or with none that the rule minds.
func featureTrials(fs ...lending.Feature) (list []trial) {
	for _, f := range fs {
		list = append(list, trial{string(f), regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann")
			c := featured{Freeze: lending.Freeze{Party: "ann"}, Has: []lending.Feature{"harmless"}}
			if beyond {
				c.Has = append(c.Has, f)
			}
			return try(w, officer, c)
		}})
	}
	return list
}

// coverTrials put a cover behind a product, or none: when it is defined, and when a loan of it is
// published and disbursed.
func coverTrials(c money.Currency, kinds ...lending.CoverKind) (list []trial) {
	for _, k := range kinds {
		covered := func(beyond bool) lending.Product {
			p := plain(c)
			if beyond {
				p.Covers = []lending.CoverTerms{{Name: "cover", Kind: k, TriggerDays: 30}}
			}
			return p
		}
		list = append(list, productTrials(k.String(), covered)...)
	}
	return list
}

// productTrials define a product, and publish and disburse a loan of it.
func productTrials(name string, product func(beyond bool) lending.Product) []trial {
	return []trial{
		{name + " of a product", regulator.Options{}, func(w *world, beyond bool) error {
			return try(w, officer, lending.DefineProduct{Product: product(beyond)})
		}},
		{name + " of a listing", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann")
			id := w.approved(product(beyond), 200_000, "5% per year")
			return try(w, officer, lending.Publish{Loan: id})
		}},
		{name + " of a loan", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann", "bob")
			id := w.reviewed(product(beyond), 200_000, "5% per year")
			return try(w, cashier, lending.Disburse{Loan: id})
		}},
	}
}

// channelTrial allows to check, sign and collect off line, and not to find borrowers.
func channelTrial() trial {
	return productTrials("channel", func(beyond bool) lending.Product {
		p := plain(cny)
		p.Channels = lending.Channels{Acquisition: lending.Online, Checks: lending.Offline,
			Signing: lending.Offline, Collection: lending.Offline}
		p.ContractRequired = true
		if beyond {
			p.Channels.Acquisition = lending.Offline
		}
		return p
	})[0]
}

// relatedTrials have a borrower who is related to the platform, or is not any more.
func relatedTrials() []trial {
	relate := func(w *world, beyond bool) {
		w.register(lending.Person, "ann", "bob")
		do(w, officer, lending.MarkRelated{Party: "ann"})
		if !beyond {
			do(w, officer, lending.MarkRelated{Party: "ann", Lift: true})
		}
	}
	return []trial{
		{"listing", regulator.Options{}, func(w *world, beyond bool) error {
			relate(w, beyond)
			return try(w, officer, lending.Publish{Loan: w.approved(plain(cny), 200_000, "5% per year")})
		}},
		{"disbursement", regulator.Options{}, func(w *world, beyond bool) error {
			relate(w, beyond)
			return try(w, cashier, lending.Disburse{Loan: w.reviewed(plain(cny), 200_000, "5% per year")})
		}},
	}
}

func chinaTrials() map[lending.Code][]trial {
	withheld := func(beyond bool) lending.Product {
		p := plain(cny)
		p.Fees = []lending.Fee{{ID: "late", Timing: lending.WhenLate, Base: lending.OnUnpaid, Payee: lending.ToPlatform,
			PPM: 1000, Round: money.HalfUp}}
		if beyond {
			p.Fees[0] = lending.Fee{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount,
				Payee: lending.ToPlatform, PPM: 1, Round: money.HalfUp}
		}
		return p
	}
	return map[lending.Code][]trial{
		"CN-1a": debtTrials(lending.Person, cny, 20_000_000, false),
		"CN-1b": debtTrials(lending.Person, cny, 100_000_000, true),
		"CN-1c": append(debtTrials(lending.Company, cny, 100_000_000, false),
			debtTrials(lending.Vehicle, cny, 100_000_000, false)...),
		"CN-1d": debtTrials(lending.Company, cny, 500_000_000, true),
		"CN-2a": append(featureTrials(lending.FeatureSelfFinancing), relatedTrials()...),
		"CN-2b": featureTrials(lending.FeaturePooling),
		"CN-2c": append(append(featureTrials(lending.FeatureOwnGuarantee, lending.FeatureAssuredReturn),
			coverTrials(cny, lending.CoverOwnGuarantee)...), guarantorTrials()...),
		"CN-2o": append(featureTrials(lending.FeatureGuarantor, lending.FeatureOriginator,
			lending.FeatureCollateral), coverTrials(cny, lending.CoverCollateral, lending.CoverGuarantor,
			lending.CoverOriginator)...),
		"CN-2d": append(featureTrials(lending.FeatureProvisionFund), coverTrials(cny, lending.CoverProvisionFund)...),
		"CN-2e": append(featureTrials(lending.FeatureOfflinePromotion), channelTrial()),
		"CN-2f": featureTrials(lending.FeaturePlatformLender),
		"CN-2g": append(featureTrials(lending.FeatureFrontingLender), productTrials("flow", fronted)...),
		"CN-2h": append(featureTrials(lending.FeatureTermSplitting), productTrials("transfer rules", byTerm)...),
		"CN-2i": featureTrials(lending.FeaturePackaging, lending.FeatureWealthProduct),
		"CN-2j": featureTrials(lending.FeatureSecuritisation),
		"CN-2k": featureTrials(lending.FeatureSpeculativeUse),
		"CN-2l": featureTrials(lending.FeatureMixedBusiness),
		"CN-2m": featureTrials(lending.FeatureFalsePromotion),
		"CN-2n": featureTrials(lending.FeatureEquityFunding),
		"CN-8":  productTrials("fee", withheld),
	}
}

// rateTrials are the stories of the interest caps. A rate just beyond one is a hundredth of a percent
// above it, which a loan of 100,000 yuan shows over a year.
func rateTrials() map[lending.Code][]trial {
	return map[lending.Code][]trial{
		"CN-7a": interestTrials("24%", "24.01%"),
		"CN-7b": interestTrials("36%", "36.01%"),
		"CN-7c": lateTrials("24%", "24.0000000001%"),
		"CN-7d": interestTrials("15.4%", "15.41%"),
		"CN-7e": lateTrials("15.4%", "15.4000000001%"),
	}
}

// interestTrials price loans at the cap and above it: level payments by rates a year, flat interest
// by the rates on the first principal that come to these, and a fee on top.
func interestTrials(most, above string) []trial {
	rate := func(beyond bool) schedule.Rate {
		if beyond {
			return schedule.MustRate(above + " per year")
		}
		return schedule.MustRate(most + " per year")
	}
	priced := func(r schedule.Rate) lending.Product {
		p := plain(cny)
		p.MinAmount, p.MaxRate = p.MaxAmount, r
		return p
	}
	dear := priced(schedule.MustRate("40% per year"))
	define := func(w *world, p lending.Product) error {
		return try(w, officer, lending.DefineProduct{Product: p})
	}
	const amount = 1_000_000_000
	return []trial{
		{"product", regulator.Options{}, func(w *world, beyond bool) error {
			return define(w, priced(rate(beyond)))
		}},
		{"flat product", regulator.Options{}, func(w *world, beyond bool) error {
			flat, err := schedule.NominalToFlat(rate(beyond), 12, schedule.Months(1))
			if err != nil {
				return err
			}
			p := priced(flat)
			p.MinRate = flat
			p.Method = schedule.MethodFlat
			return define(w, p)
		}},
		{"fee on top", regulator.Options{}, func(w *world, beyond bool) error {
			p := priced(rate(false))
			p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount,
				Payee: lending.ToPlatform, PPM: 10 * one(beyond), Round: money.HalfUp}}
			return define(w, p)
		}},
		{"minimum of a fee", regulator.Options{}, func(w *world, beyond bool) error {
			p := priced(schedule.MustRate("12% per year"))
			p.MinAmount = amt(100_000, cny)
			p.Fees = []lending.Fee{{ID: "origination", Timing: lending.AtDisbursement, Base: lending.OnAmount,
				Payee: lending.ToPlatform, PPM: 1, Min: 100 + 30_000*one(beyond), Round: money.HalfUp}}
			return define(w, p)
		}},
		{"approval", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann")
			id := w.applied(dear, amount)
			return try(w, analyst, lending.Approve{Loan: id, Rate: rate(beyond)})
		}},
		{"contract", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann", "bob")
			id := w.full(dear, amount, rate(beyond).String())
			return try(w, officer, lending.ReviewFunding{Loan: id})
		}},
	}
}

// lateTrials charge an overdue instalment up to the cap and above it: by a penalty, and by a fee that
// alone comes to more on the first day on which it is charged.
func lateTrials(most, above string) []trial {
	penal := func(beyond bool) lending.Product {
		p := plain(cny)
		p.Late = lending.Late{GraceDays: 3, Penalty: schedule.MustRate(most + " per year"), Round: money.HalfUp}
		if beyond {
			p.Late.Penalty = schedule.MustRate(above + " per year")
		}
		return p
	}
	fee := func(ppm, min int64) lending.Fee {
		return lending.Fee{ID: "late", Timing: lending.WhenLate, Base: lending.OnUnpaid, Payee: lending.ToPlatform,
			PPM: ppm, Min: min, Round: money.HalfUp}
	}
	return []trial{
		{"penalty", regulator.Options{}, func(w *world, beyond bool) error {
			return try(w, officer, lending.DefineProduct{Product: penal(beyond)})
		}},
		{"fee and penalty together", regulator.Options{}, func(w *world, beyond bool) error {
			p := penal(false)
			p.Fees = []lending.Fee{fee(one(beyond), 0)}
			return try(w, officer, lending.DefineProduct{Product: p})
		}},
		{"fee alone", regulator.Options{}, func(w *world, beyond bool) error {
			p := plain(cny)
			p.Fees = []lending.Fee{fee(1000+4000*one(beyond), 0)}
			return try(w, officer, lending.DefineProduct{Product: p})
		}},
		{"fee after a year of grace", regulator.Options{}, func(w *world, beyond bool) error {
			p := plain(cny)
			p.Late.GraceDays = 364 // charged on day 365: a share of a year is a share a year
			p.Fees = []lending.Fee{fee(schedule.MustRate(most+" per year").Pico()/1_000_000+one(beyond), 0)}
			return try(w, officer, lending.DefineProduct{Product: p})
		}},
		{"minimum of a fee", regulator.Options{}, func(w *world, beyond bool) error {
			p := plain(cny)
			p.Fees = []lending.Fee{fee(1, one(beyond))}
			return try(w, officer, lending.DefineProduct{Product: p})
		}},
		{"approval", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "ann")
			id := w.applied(penal(beyond), 200_000)
			return try(w, analyst, lending.Approve{Loan: id, Rate: schedule.MustRate("5% per year")})
		}},
	}
}
