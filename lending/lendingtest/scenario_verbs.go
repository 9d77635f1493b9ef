package lendingtest

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// verb is a command of a story.
type verb struct {
	usage string // its name and a word for each argument; "..." takes any number more
	do    func(w *World, args []string) ([]string, error)
}

func verbs() []verb {
	const analyst, officer, cashier, system = lending.RoleAnalyst, lending.RoleOfficer,
		lending.RoleCashier, lending.RoleSystem
	return append(partyVerbs(), []verb{
		{"day DATE", doDay},
		{"currency CODE", doCurrency},
		{"chunk N", doChunk},
		{"bank WORD ...", doBank},
		{"show WHAT ...", doShow},
		{"deliver", doDeliver},
		{"dayend", doDayEnd},
		{"product ID CURRENCY ...", doProduct},
		{"deposit WHO AMOUNT", doDeposit},
		{"chargeback PAYMENT", doChargeback},
		{"topup AMOUNT", doTopUp},
		{"withdraw WHO AMOUNT", doWithdraw},
		{"report PAYMENT STATUS AMOUNT", doReport},
		{"release PAYMENT", quiet(cashier, func(w *World, a []string) lending.ReleasePayment {
			return lending.ReleasePayment{Payment: w.payment(a[0])}
		})},
		{"apply WHO LOAN PRODUCT AMOUNT PERIODS", doApply},
		{"approve LOAN RATE", doApprove},
		{"decline LOAN REASON", quiet(analyst, func(w *World, a []string) lending.Decline {
			return lending.Decline{Loan: w.loan(a[0]), Reason: lending.Code(a[1])}
		})},
		{"publish LOAN", quiet(officer, func(w *World, a []string) lending.Publish {
			return lending.Publish{Loan: w.loan(a[0])}
		})},
		{"bid WHO LOAN AMOUNT", doBid},
		{"cancel-tender LOAN REASON", quiet(officer, func(w *World, a []string) lending.CancelTender {
			return lending.CancelTender{Loan: w.loan(a[0]), Reason: lending.Code(a[1])}
		})},
		{"review LOAN", quiet(officer, func(w *World, a []string) lending.ReviewFunding {
			return lending.ReviewFunding{Loan: w.loan(a[0])}
		})},
		{"disburse LOAN", doDisburse},
		{"cancel-funding LOAN REASON", quiet(officer, func(w *World, a []string) lending.CancelFunding {
			return lending.CancelFunding{Loan: w.loan(a[0]), Reason: lending.Code(a[1])}
		})},
		{"end-day LOAN", quiet(system, func(w *World, a []string) lending.EndDay {
			return lending.EndDay{Loan: w.loan(a[0])}
		})},
		{"repay WHO LOAN AMOUNT", doRepay},
		{"payoff WHO LOAN", doPayOff},
		{"writeoff LOAN REASON", doWriteOff},
		{"reverse LOAN REASON ...", doReverse}, // and the payment's number
		{"found LOAN AMOUNT DAY REASON", doFound},
	}...)
}

// quiet is a verb for a command of one of the platform's people that prints nothing.
func quiet[S any, E event.Of[S], C lending.Command[S, E]](
	as lending.Role, command func(*World, []string) C,
) func(*World, []string) ([]string, error) {
	return func(w *World, args []string) ([]string, error) {
		_, err := give(w, role(as), lending.Command[S, E](command(w, args)))
		return nil, err
	}
}
