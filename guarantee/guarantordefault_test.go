package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// A guarantor is declared in default for the one overdue demand that stands, however many the borrowers have met.
func TestDefaultLooksBehindMetDemands(t *testing.T) {
	terms := guarantorTerms()
	terms.PeriodDays = 3650
	w := guarantorWorld(t, terms)
	p := product("covered", byGuarantor())
	ids := []lending.LoanID{w.lent("ann", p, 1_200_000, 60), w.lent("art", p, 1_200_000, 60)}
	w.day = w.loan(ids[0]).Plan.At(54).Due
	w.dayEnd(1)
	for _, id := range ids {
		var owed int64
		for i := range 55 {
			owed += w.loan(id).Dues[i].Missing().Total()
		}
		w.repay(id, owed)
	}
	w.deliver()
	declare := guarantee.DeclareDefault{Guarantor: "gil", Reason: "unpaid"}
	w.day = w.day.AddDays(10)
	require.Len(t, w.guarantor().Overdue(w.day), 110)
	require.ErrorIs(t, try(w, officer, declare), lending.ErrState, "all are met")
	w.day = w.loan(ids[0]).Plan.At(55).Due
	w.dayEnd(1)
	w.dayEnd(6)
	require.Len(t, w.guarantor().Overdue(w.day), 112)
	do(w, officer, declare)
}
