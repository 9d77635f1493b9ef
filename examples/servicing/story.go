package main

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// tell is the story: who does what on which day. A reason is an id of the
// host's own (letters, digits, - and _) that stays in the records, and what an officer does to a running
// loan is refused without one.
func tell(o *office) {
	cny, date := money.MustParse, civil.MustParse

	o.say("One loan and what can go wrong with it. All figures are CNY.")
	o.day("2026-01-31", "Ann borrows CNY 12,000.00 for six months, from Bob and Eve.")
	loan := o.lend(cny("CNY 12000.00"), 6, "12% per year")
	o.plan()

	o.day("2026-02-28", "She pays the first instalment.")
	o.pay(o.due())

	o.day("2026-04-08", "She missed the second. Grace is over: it bears a late fee and penalty interest.")
	o.owes()
	o.say("She pays a part. The product's waterfall says what of:")
	o.waterfall(o.pay(cny("CNY 1000.00")))

	o.day("2026-04-15", "The bank finds CNY 800.00 that came in on 1 April. All since is figured anew:")
	found := o.deposit(cny("CNY 800.00"))
	o.compare(func() {
		do(o, officer, lending.RepayAsOf{Loan: loan, Amount: found.Amount, Value: date("2026-04-01"), Reason: "found-late"})
	})

	o.day("2026-04-30", "She pays what is open and the third instalment.")
	paid := o.pay(o.due())

	o.day("2026-05-06", "Her bank calls that payment back. It is owed again, with the next instalment:")
	o.calledBack(do(o, officer, lending.Chargeback{Loan: loan, Payment: paid.N, Reason: "bank-dispute"}))
	do(o, custodian, lending.ReverseDeposit{Payment: paid.Deposit})

	o.day("2026-06-08", "She lost her job and missed 31 May too.")
	o.owes()
	o.say("The late fee is waived:")
	o.waived(do(o, officer, lending.Waive{Loan: loan, Charge: o.lateFee(), Reason: "hardship"}))
	o.say("What is left is spread over six months from July on, and the penalty interest is let off:")
	o.proof(do(o, officer, lending.Restructure{Loan: loan, First: date("2026-07-31"), Periods: 6, ReAge: true,
		WaivePenalty: o.penalty(), Reason: "hardship"}))
	o.plan()

	o.say("\nFrom July to December she pays what falls due.")
	for _, due := range o.ahead() {
		o.day(due.String(), "")
		o.pay(o.due())
	}
	o.say("\nHer statement, by due date:")
	o.table(o.statement())
	o.close()
}
