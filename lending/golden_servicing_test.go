package lending_test

import "github.com/loanweave/loanweave/lending"

// serviced has what loans owe changed by people's decisions.
func serviced(w *world) {
	w.bank.Script(nil)
	w.register("agency")
	id := w.lent(standard(), 5000, 2, "12% per year", "eve")
	w.day = w.day.AddDays(3)
	do(w, officer, lending.LevyCharge{Loan: id, Fee: "visit", Component: lending.Costs, Amount: amt(70, cny),
		Payee: lending.ToParty, Party: "agency", Reason: "visit"})
}
