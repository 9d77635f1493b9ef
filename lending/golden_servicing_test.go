package lending_test

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// serviced has what loans owe changed by people's decisions.
func serviced(w *world) {
	w.bank.Script(nil)
	w.register("agency")
	id := w.lent(standard(), 5000, 2, "12% per year", "eve")
	w.day = w.day.AddDays(3)
	do(w, officer, lending.LevyCharge{Loan: id, Fee: "visit", Component: lending.Costs, Amount: amt(70, cny),
		Payee: lending.ToParty, Party: "agency", Reason: "visit"})
	do(w, officer, lending.Waive{Loan: id, Charge: 1, Amount: amt(20, cny), Reason: "kind"})
	do(w, officer, lending.PayGoodwill{Loan: id, Amount: amt(30, cny), Reason: "sorry"})
	do(w, bank, lending.CreditGoodwill{Loan: id, Amount: amt(30, cny)})
	w.deposit("agency", amt(500, cny))
	do(w, party("agency"), lending.Refund{Loan: id, From: "agency", Amount: amt(500, cny)})
	w.deliver()
	w.repay(id, 1_000)
	do(w, officer, lending.Chargeback{Loan: id, Amount: amt(700, cny), Reason: "returned"})
	w.deliver()
}

// ended closes loans by what the others do not close them.
func ended(w *world) {
	w.register("shop")
	w.deposit("shop", amt(9_000, cny))
	given := w.lent(standard(), 3_000, 1, "0% per year", "eve")
	do(w, officer, lending.PayGoodwill{Loan: given, Amount: amt(3_000, cny), Reason: "sorry"})
	do(w, bank, lending.CreditGoodwill{Loan: given, Amount: amt(3_000, cny)})
	back := w.lent(standard(), 3_000, 1, "0% per year", "eve")
	do(w, party("shop"), lending.Refund{Loan: back, From: "shop", Amount: amt(4_000, cny)})
	do(w, officer, lending.Chargeback{Loan: back, Reason: "returned"})
	last := standard()
	slices.Reverse(last.Waterfall.Order)
	off := w.lent(last, 3_000, 1, "0% per year", "eve")
	do(w, officer, visit(off, 50))
	w.deposit("ann", amt(3_000, cny))
	d := w.loan(off).Dues[0].Date
	w.day = d
	do(w, party("ann"), lending.Repay{Loan: off, Amount: amt(3_000, cny)})
	do(w, officer, lending.Waive{Loan: off, Charge: 1, Reason: "kind"})
	var lost [2]lending.LoanID
	for i := range lost {
		lost[i] = w.lent(standard(), 3_000, 1, "0% per year", "eve")
	}
	do(w, officer, lending.PayGoodwill{Loan: lost[0], Amount: amt(3_000, cny), Reason: "sorry"})
	w.day = w.loan(lost[1]).Dues[0].Date.AddDays(100)
	for _, id := range lost {
		do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
	}
	do(w, bank, lending.CreditGoodwill{Loan: lost[0], Amount: amt(3_000, cny)})
	do(w, party("shop"), lending.Refund{Loan: lost[1], From: "shop", Amount: amt(3_000, cny)})
}
