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
