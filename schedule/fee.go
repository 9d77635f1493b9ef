package schedule

import "github.com/loanweave/loanweave/schedule/money"

// Fee is a charge of the plan itself, due on the dates of its Cycle up to the end of the term, and
// at the end; a Cycle without Every is once, on its First. It is an Amount each time, or a Rate: per year or per period on the balance, accrued
// as interest is and rounded by Rounding.Interest, or a share of the principal paid out by then, each time.
type Fee struct {
	Cycle  Cycle        `json:"cycle"`
	Amount money.Amount `json:"amount,omitzero"`
	Rate   Rate         `json:"rate,omitzero"`
}

func validateFees(t *Terms, require requirer) {
	for _, fee := range t.Fees {
		require(!fee.Cycle.First.Before(t.Start) && fee.Cycle.Every.unit != UnitTerm, "Fees",
			"must each have a first date from Start on, and a time to the next or none for once")
		require(optional(t, fee.Amount) && (fee.Amount.Sign() == 0) != fee.Rate.IsZero(), "Fees",
			"must each have either an amount above zero or a rate")
	}
}
