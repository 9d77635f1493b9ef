package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

func TestReferBack(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "eve")
	id := w.asked(careful(), 5000)
	again := lending.Resubmit{Loan: id}
	refuse(w, party("ann"), again, lending.ErrState)
	refuse(w, junior, lending.ReferBack{Loan: id}, lending.ErrID)
	refuse(w, lending.Actor{ID: "ann", Role: lending.RoleAnalyst}, lending.ReferBack{Loan: id, Reason: "r"}, lending.ErrActor)
	for range 2 { // asked for twice is asked for once
		do(w, junior, lending.ReferBack{Loan: id, Reason: "r", Documents: []lending.Code{"x1", "x2"}})
		refuse(w, party("eve"), again, lending.ErrActor)
		refuse(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(1, cny)}, lending.ErrLimit)
		refuse(w, party("ann"), lending.Resubmit{Loan: id, Periods: 61}, lending.ErrLimit)
		refuse(w, party("ann"), lending.Resubmit{Loan: id, Use: "bets"}, lending.ErrUse)
		refuse(w, party("ann"), lending.Resubmit{Loan: id, Use: "house"}, lending.ErrUse)
		refuse(w, junior, lending.CompleteStage{Loan: id, Stage: "desk", Outcome: "visit"}, lending.ErrState)
		do(w, party("ann"), again)
	}
	require.Equal(t, []lending.Code{"x1", "x2"}, w.loan(id).Dossier.Asked)
	do(w, junior, lending.ReferBack{Loan: id, Reason: "r"})
	do(w, party("ann"), lending.Resubmit{Loan: id, Amount: amt(4000, cny)})
	require.Equal(t, int64(4000), w.wallet("ann", cny).Debt())
	many := make([]lending.Code, 31)
	for i := range many {
		many[i] = lending.Code(rune('a'+i%26)) + lending.Code(rune('a'+i/26))
	}
	refuse(w, junior, lending.ReferBack{Loan: id, Reason: "r", Documents: many}, lending.ErrLimit)
}
