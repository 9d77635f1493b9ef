package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// A payment that bounces after it was measured is counted again: nothing that it takes is released.
func TestMeasuredThenBounced(t *testing.T) {
	for name, back := range map[string]func(*world, lending.LoanID) error{
		"reversed": func(w *world, id lending.LoanID) error {
			return try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		},
		"called back": func(w *world, id lending.LoanID) error {
			return try(w, officer, lending.Chargeback{Loan: id, Reason: "bounced"})
		},
		"bounced recovery": func(w *world, id lending.LoanID) error {
			return try(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		},
	} {
		terms := guarantorTerms()
		terms.MarginPPM = 100_000
		w := guarantorWorld(t, terms)
		w.deposit("gil", 120_000)
		do(w, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(120_000)})
		id := w.lent("ann", product("p", byGuarantor(), byFund("fund")), 1_200_000, 12)
		first := w.loan(id).Plan.At(0)
		if w.day = first.Due; name == "bounced recovery" {
			w.day = first.Due.AddDays(1)
			do(w, officer, lending.WriteOff{Loan: id, Reason: "bad"})
		}
		w.repay(id, first.Total.Minor())
		do(w, officer, guarantee.MeasureGuarantor{Guarantor: "gil", Loans: []lending.LoanID{id}})
		do(w, officer, guarantee.MeasureFund{Fund: "fund", Loans: []lending.LoanID{id}})
		require.Less(t, w.guarantor().Exposure, int64(1_200_000), name)
		require.NoError(t, back(w, id), name)
		require.Equal(t, int64(1_200_000), w.guarantor().Exposure, name)
		require.Equal(t, int64(1_200_000), w.fund("fund").Covered, name)
		err := try(w, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(5_000)})
		require.Error(t, err, name)
		w.audit()
	}
}

// A payment that was not measured and bounces raises nothing, and writes nothing on the covers.
func TestUnmeasuredBounceWritesNothing(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id := w.lent("ann", product("p", byGuarantor(), byFund("fund")), 1_200_000, 12)
	w.repay(id, 1_000)
	before := w.versions()
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	require.Equal(t, before, w.versions())
}

// versions are those of the fund's and the guarantor's streams.
func (w *world) versions() (v [2]int64) {
	_, f, err := lending.View(w.t.(*testing.T).Context(), w.desk, guarantee.FundRef("fund"))
	require.NoError(w.t, err)
	_, g, err := lending.View(w.t.(*testing.T).Context(), w.desk, guarantee.GuarantorRef("gil"))
	require.NoError(w.t, err)
	return [2]int64{int64(f), int64(g)}
}

// A repayment that bounces brings back what the loan lacks of collateral, also one that had closed the loan.
func TestBounceAndTopUp(t *testing.T) {
	for _, all := range []bool{false, true} {
		w := collateralWorld(t, collateralTerms())
		id := w.secured(product("p", byCollateral()), 600_000, 1_000_000, cash("", "ann", 200_000))
		w.day = w.loan(id).Dues[0].Date
		item := 2
		if all {
			item = 1
			w.deposit("ann", 1_000_000)
			do(w, party("ann"), lending.PayOff{Loan: id})
		} else {
			w.repay(id, w.loan(id).Dues[0].Owed.Total())
		}
		w.deliver()
		if !all {
			do(w, officer, revalue(w, id, 1, 750_000))
		}
		do(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: item, Reason: "paid"})
		require.ErrorIs(t, try(w, officer, guarantee.ReviewTopUp{Loan: id}), guarantee.ErrNothing)
		do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
		c := w.collateral(id)
		require.False(t, c.Within(600_000, c.Terms.TopUpLTV))
		want := (600_000*lending.Million+c.Terms.MaxLTV-1)/c.Terms.MaxLTV - c.Lendable()
		require.Equal(t, guarantee.TopUp{On: w.day, Due: w.day.AddDays(c.Terms.TopUpDays), Minor: want}, c.TopUp)
		require.ErrorIs(t, try(w, officer, guarantee.ReviewTopUp{Loan: id}), guarantee.ErrNothing)
		w.dayEnd(30)
		require.False(t, w.collateral(id).TopUp.Failed.IsZero())
	}
}
