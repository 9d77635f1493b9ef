package regulator_test

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var (
	gbp      = money.MustCurrency("GBP")
	eur      = money.MustCurrency("EUR")
	evidence = event.Hash{1}
)

// offered has ann's loan open for bids; bob came on an earlier day, or on this one.
func (w *world) offered(c money.Currency, today bool) lending.LoanID {
	w.register(lending.Person, "ann")
	if w.day = w.day.AddDays(-1); !today {
		w.register(lending.Person, "bob")
	}
	if w.day = w.day.AddDays(1); today {
		w.register(lending.Person, "bob")
	}
	id := w.approved(plain(c), 10_000_000, "5% per year")
	do(w, officer, lending.Publish{Loan: id})
	return id
}

func (w *world) categorize(name lending.Code, worth money.Amount) {
	do(w, officer, lending.RecordCategory{Party: "bob", Category: lending.Category{
		Name: name, Evidence: evidence, Limits: lending.Limits{NetWorth: worth}, Expires: w.day.AddDays(1),
	}})
}

func (w *world) tested(passed bool, expires civil.Date) lending.RecordAppropriateness {
	return lending.RecordAppropriateness{Party: "bob", Result: lending.Appropriateness{
		Passed: passed, Evidence: evidence, Expires: expires,
	}}
}

// testTrials have bob bid after a test that he passed, or failed.
func testTrials(c money.Currency) []trial {
	return []trial{
		{"passed or failed", regulator.Options{}, func(w *world, beyond bool) error {
			id := w.offered(c, false)
			do(w, officer, w.tested(!beyond, w.day.AddDays(1)))
			return w.bid(id, 100_000, c)
		}},
		{"holds or has expired", regulator.Options{}, func(w *world, beyond bool) error {
			id := w.offered(c, false)
			w.day = w.day.AddDays(-1)
			do(w, officer, w.tested(true, w.day.AddDays(2-int(one(beyond)))))
			w.day = w.day.AddDays(1)
			return w.bid(id, 100_000, c)
		}},
	}
}

// categoryTrial has bob bid as an investor of a category, or without one.
func categoryTrial(name lending.Code, c money.Currency) trial {
	return trial{string(name), regulator.Options{}, func(w *world, beyond bool) error {
		id := w.offered(c, false)
		if !beyond {
			w.categorize(name, amt(100_000_000, c))
		}
		return w.bid(id, 100_000, c)
	}}
}

func britainTrials() map[lending.Code][]trial {
	classes := []trial{{"other class", regulator.Options{}, func(w *world, beyond bool) error {
		id := w.offered(gbp, false)
		w.categorize([]lending.Code{regulator.CategorySelfCertified, "retail"}[one(beyond)], money.Amount{})
		return w.bid(id, 100_000, gbp)
	}}}
	for _, name := range []lending.Code{regulator.CategoryRestricted, regulator.CategoryHighNetWorth,
		regulator.CategorySophisticated, regulator.CategoryAdvised} {
		classes = append(classes, categoryTrial(name, gbp))
	}
	return map[lending.Code][]trial{
		"UK-1a": classes,
		"UK-1b": {
			{"tenth", regulator.Options{}, func(w *world, beyond bool) error {
				id := w.offered(gbp, false)
				w.categorize(regulator.CategoryRestricted, amt(1_000_009, gbp)) // a tenth is rounded down
				return w.bid(id, 100_000+one(beyond), gbp)
			}},
			{"with earlier bids", regulator.Options{}, func(w *world, beyond bool) error {
				id := w.offered(gbp, false)
				do(w, bank, lending.Deposit{Party: "bob", Amount: amt(60_000, gbp)})
				do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(60_000, gbp)})
				w.categorize(regulator.CategoryRestricted, amt(1_000_000, gbp))
				return w.bid(id, 40_000+one(beyond), gbp)
			}},
			{"on other platforms", regulator.Options{Elsewhere: abroad{regulator.Lent, 60_000}},
				func(w *world, beyond bool) error {
					id := w.offered(gbp, false)
					w.categorize(regulator.CategoryRestricted, amt(1_000_000, gbp))
					return w.bid(id, 40_000+one(beyond), gbp)
				}},
			{"not declared", regulator.Options{}, func(w *world, beyond bool) error {
				id := w.offered(gbp, false)
				w.categorize(regulator.CategoryRestricted, amt(1_000_000*(1-one(beyond)), gbp))
				return w.bid(id, 1000, gbp)
			}},
			{"other classes lend more", regulator.Options{}, func(w *world, beyond bool) error {
				id := w.offered(gbp, false)
				class := []lending.Code{regulator.CategoryHighNetWorth, regulator.CategoryRestricted}[one(beyond)]
				w.categorize(class, amt(1_000_000, gbp))
				return w.bid(id, 500_000, gbp)
			}},
		},
		"UK-2":  append(testTrials(gbp), categoryTrial(regulator.CategoryAdvised, gbp)),
		"UK-5a": featureTrials(lending.FeatureIncentive),
		"UK-5b": {{"day after", regulator.Options{}, func(w *world, beyond bool) error {
			return w.bid(w.offered(gbp, beyond), 100_000, gbp)
		}}},
	}
}

func europeTrials() map[lending.Code][]trial {
	return map[lending.Code][]trial{
		"EU-2a": append(testTrials(eur), categoryTrial(regulator.CategorySophisticated, eur)),
		"EU-2b": {{"two years", regulator.Options{}, func(w *world, beyond bool) error {
			w.register(lending.Person, "bob")
			expires := w.day.AddMonths(24).AddDays(int(one(beyond)))
			return try(w, officer, w.tested(true, expires))
		}}},
		"EU-2c": {categoryTrial(regulator.CategorySophisticated, eur)},
	}
}

// lenderTrials are the stories of CN-3.
func lenderTrials() map[lending.Code][]trial {
	return map[lending.Code][]trial{
		"CN-3a": {{"identity", regulator.Options{}, func(w *world, beyond bool) error {
			id := w.offered(cny, false)
			w.day = w.day.AddDays(-1)
			do(w, officer, lending.RecordIdentity{Party: "bob", Identity: lending.Identity{
				Evidence: evidence, Expires: w.day.AddDays(2 - int(one(beyond))),
			}})
			w.day = w.day.AddDays(1)
			return w.bid(id, 100_000, cny)
		}}},
		"CN-3b": testTrials(cny),
		"CN-3c": {{"own loan elsewhere on the platform", regulator.Options{}, func(w *world, beyond bool) error {
			id := w.offered(cny, false)
			w.register(lending.Person, "cid")
			ask := lending.Apply{Product: "plain", Amount: amt(100_000, cny), Periods: 12}
			own := do(w, party("bob"), ask).Loan
			do(w, analyst, lending.Approve{Loan: own, Rate: plain(cny).MaxRate})
			do(w, officer, lending.Publish{Loan: own})
			do(w, bank, lending.Deposit{Party: "cid", Amount: amt(100_000, cny)})
			do(w, party("cid"), lending.PlaceBid{Loan: own, Amount: amt(100_000, cny)})
			do(w, officer, lending.ReviewFunding{Loan: own})
			do(w, cashier, lending.Disburse{Loan: own})
			if beyond {
				w.deliver() // the bank pays: now bob owes
			}
			return w.bid(id, 100_000, cny)
		}}},
	}
}
