package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// Refusals write money as people do: never bare minor units.
func TestRefusalsWriteAmounts(t *testing.T) {
	terms := guarantorTerms()
	terms.MarginPPM = 100_000
	w := guarantorWorld(t, terms)
	id := w.funded(w.open("ann", product("p", byGuarantor()), 1_200_000, 12))
	margin := try(w, cashier, lending.Disburse{Loan: id})
	require.ErrorIs(t, margin, guarantee.ErrGuarantorLimit)
	require.ErrorContains(t, margin, "100000 ppm of CNY 12000.00 as a margin deposit, and has CNY 0.00")
	back := try(w, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(5)})
	require.ErrorContains(t, back, "a deposit of CNY 0.00 and 0 demands")
	excess := try(w, officer, guarantee.ReleaseExcess{Fund: "fund", Amount: amt(5)})
	require.ErrorContains(t, excess, "CNY 0.00 above its ceiling")
	terms.Deductible = -1
	require.ErrorContains(t, terms.Validate(), "deductible is CNY -0.01")
	w = guarantorWorld(t, guarantorTerms())
	id = w.funded(w.open("ann", product("p", byGuarantor()), 6_000_000, 12))
	require.ErrorContains(t, try(w, cashier, lending.Disburse{Loan: id}), "CNY 60000.00 of one borrower")
}
