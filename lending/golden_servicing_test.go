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
	do(w, officer, sellThing{Pot: "agency", Loan: id, Amount: amt(20, cny)})
	w.deliver()
	w.repay(id, 1_000)
	do(w, officer, lending.Chargeback{Loan: id, Amount: amt(700, cny), Reason: "returned"})
	w.deliver()
}

// promoted has a promotion pay on a coupon at once, and on another until its lender sells.
func promoted(w *world) {
	w.register("uma", "vera")
	do(w, bank, lending.TopUp{Amount: amt(5_000, cny)})
	for _, p := range []lending.PromotionTerms{redPacket(w.day, cny), raise(w.day, cny)} {
		p.MinBid = 20_000
		do(w, officer, lending.DefinePromotion{Terms: p})
	}
	id := w.open(standard(), 50_000, 3, "12% per year")
	bid := w.bidOf("uma", id, 20_000)
	do(w, party("uma"), lending.UseCoupon{Coupon: w.issue("red", "uma"), Loan: id, Bid: bid})
	bid = w.bidOf("vera", id, 30_000)
	do(w, party("vera"), lending.UseCoupon{Coupon: w.issue("raise", "vera"), Loan: id, Bid: bid})
	w.payOut(id)
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	do(w, timer, lending.SettleCoupon{Party: "uma"})
	do(w, timer, lending.SettleCoupon{Party: "vera"})
	do(w, officer, sell{id, lending.Assignment{Lot: 1, Units: 100, To: "uma"}})
	do(w, timer, lending.SettleCoupon{Party: "vera"})
}

// ended closes loans by what the others do not close them.
func ended(w *world) {
	w.register("shop")
	w.deposit("shop", amt(9_000, cny))
	for _, off := range []bool{false, true} {
		id := w.lent(standard(), 1_000, 1, "0% per year", "eve")
		if w.day = w.loan(id).Dues[0].Date.AddDays(100); off {
			do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
		}
		do(w, officer, sellThing{Pot: "shop", Loan: id, Amount: amt(1_000, cny)})
	}
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
