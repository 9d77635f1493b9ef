package schedule

import "github.com/loanweave/loanweave/schedule/civil"

// RateStep changes the rate from a day on, which already counts at the new rate. Level payments
// are figured anew from the next instalment on, unless it keeps them.
type RateStep struct {
	From civil.Date `json:"from"`
	Rate Rate       `json:"rate"`
	Keep bool       `json:"keep,omitzero"` // the level payment stays; the last takes the difference
}

func validateRates(t *Terms, require requirer) {
	var last civil.Date
	for _, step := range t.Rates {
		require(step.From.After(last) && !step.From.Before(t.Start), "Rates",
			"must be from days that rise from Start")
		require(step.Rate.isInterest(), "Rates", "must each be a rate per year or per period")
		last = step.From
	}
}
