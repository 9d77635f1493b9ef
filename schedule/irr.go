package schedule

import "github.com/loanweave/loanweave/schedule/money"

// IRR is the internal rate of return a period of amounts that are one period apart, negative when
// paid out: the i at which
//
//	sum of amount(k) / (1+i)^k = 0, k = 0, 1, 2 ...
//
// Losses have one too, down to just above -1. Where there is none, or not one alone, it gives a
// *YieldError; with ReasonTotalLoss the Yield is -1. Many rates are told from one only if they
// differ by more than about 1e-6.
func IRR(amounts []money.Amount) (Yield, error) {
	var legRoom [room]leg
	var gapRoom [room]float64
	legs := legRoom[:0]
	var seen money.Currency
	for k, amt := range amounts {
		if !joins(&seen, amt.Currency()) {
			return 0, &YieldError{Reason: ReasonCurrency}
		}
		if !amt.IsZero() {
			legs = append(legs, leg{at: float64(k), amount: float64(amt.Minor())})
		}
	}
	c := newCourse(legs, gapRoom[:0])
	return c.yield(1, 1)
}
