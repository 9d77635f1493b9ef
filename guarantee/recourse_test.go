package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// A payer who covered a part ranks behind what the lenders still miss (Civil Code 700), over the whole loan; by
// agreement behind what they miss of the instalment alone.
func TestPayerRanksBehindLenders(t *testing.T) {
	for _, recourse := range []lending.Recourse{lending.RecourseBehind, lending.RecourseWithInstalment} {
		w := guarantorWorld(t, guarantorTerms())
		c := byGuarantor()
		c.Recourse = recourse
		id, due := w.missed(c)
		w.deposit("gil", due)
		do(w, party("gil"), pay(id, 0))
		do(w, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: guarantee.Insolvent})
		w.day = w.loan(id).Plan.At(1).Due
		w.dayEnd(1)
		lenders := w.cash("bob") + w.cash("eve")
		before, second := w.cash("gil"), due
		if recourse == lending.RecourseWithInstalment {
			second = 0
		}
		w.repay(id, due)
		require.Equal(t, second, w.cash("bob")+w.cash("eve")-lenders, recourse)
		require.Equal(t, due-second, w.cash("gil")-before, recourse)
		w.repay(id, due)
		require.Equal(t, due, w.cash("gil")-before, recourse)
		require.Equal(t, due, w.cash("bob")+w.cash("eve")-lenders, recourse)
		require.Zero(t, w.loan(id).DaysPastDue(w.day), recourse)
		w.reports()

		// of what is paid ahead the payer has nothing, and what bounces is figured anew by the same rule
		do(w, officer, lending.ReversePayment{Loan: id, Payment: 1, Reason: "bounced"})
		require.Equal(t, second, w.cash("bob")+w.cash("eve")-lenders, recourse)
		w.repay(id, due+7)
		require.Equal(t, due, w.cash("gil")-before, recourse)
		require.Equal(t, due+7, w.cash("bob")+w.cash("eve")-lenders, recourse)
		w.reports()
	}
}
