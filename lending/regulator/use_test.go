package regulator_test

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
)

// useTrials have ann borrow for a use, or for a harmless one: when she applies, when her loan is
// published, and when it is paid out. No use at all is minded from the listing on.
func useTrials(use lending.Code) []trial {
	const amount = 200_000
	ask := func(beyond bool) lending.Apply {
		c := lending.Apply{Product: "plain", Amount: amt(amount, cny), Periods: 12, Use: "harvest"}
		if beyond {
			c.Use = use
		}
		return c
	}
	published := func(w *world, beyond bool) lending.LoanID {
		w.register(lending.Person, "ann", "bob")
		do(w, officer, lending.DefineProduct{Product: plain(cny)})
		id := do(w, party("ann"), ask(beyond)).Loan
		do(w, analyst, lending.Approve{Loan: id, Rate: plain(cny).MaxRate})
		return id
	}
	list := []trial{
		{"use listed", regulator.Options{}, func(w *world, beyond bool) error {
			return try(w, officer, lending.Publish{Loan: published(w, beyond)})
		}},
		{"use paid out", regulator.Options{}, func(w *world, beyond bool) error {
			id := published(w, beyond)
			do(w, officer, lending.Publish{Loan: id})
			do(w, bank, lending.Deposit{Party: "bob", Amount: amt(amount, cny)})
			do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(amount, cny)})
			do(w, officer, lending.ReviewFunding{Loan: id})
			return try(w, cashier, lending.Disburse{Loan: id})
		}},
	}
	if use == "" {
		return list
	}
	return append(list, trial{"use applied for", regulator.Options{}, func(w *world, beyond bool) error {
		w.register(lending.Person, "ann")
		do(w, officer, lending.DefineProduct{Product: plain(cny)})
		return try(w, party("ann"), ask(beyond))
	}})
}

func chinaUseTrials() map[lending.Code][]trial {
	return map[lending.Code][]trial{
		"CN-2k": append(append(useTrials(regulator.UseShares), useTrials(regulator.UseFutures)...),
			useTrials(regulator.UseStructured)...),
		"CN-3d": useTrials(regulator.UseLending),
		"CN-9a": useTrials(""),
		"CN-9b": useTrials(regulator.UseDownPayment),
	}
}
