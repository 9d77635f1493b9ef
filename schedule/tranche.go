package schedule

import (
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Tranche is a part of the principal that is paid out on its own day, Start or later. It bears interest from its day,
// and the level payment is figured anew from the next instalment on.
type Tranche struct {
	On     civil.Date   `json:"on"`
	Amount money.Amount `json:"amount"` // above zero, in the currency of the principal
}

func validateTranches(t *Terms, require requirer) {
	rest, last := t.Principal.Minor(), t.Start
	for _, tranche := range t.Tranches {
		require(!tranche.On.Before(last), "Tranches", "must be on days that do not fall, from Start")
		require(positive(t, tranche.Amount), "Tranches",
			"must be above zero in the currency of the principal")
		rest, last = rest-tranche.Amount.Minor(), tranche.On
	}
	require(rest > 0 || len(t.Tranches) == 0, "Tranches", "must leave a part that is paid out on Start")
}

// positive reports whether an amount is above zero in the currency of the principal.
func positive(t *Terms, a money.Amount) bool {
	return a.Sign() > 0 && a.Currency() == t.Principal.Currency()
}

// optional reports whether an optional amount is nothing, or positive.
func optional(t *Terms, a money.Amount) bool { return a.Sign() == 0 || positive(t, a) }
