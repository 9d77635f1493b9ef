package guarantee_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// Of twenty loans for a month at i = 1% two default (q), of which a tenth is recovered (R). A guarantor of
// principal leaves investors i(1-q) and bears q(1-R), its fair fee; without it they have what is left of the
// one less the other. No chance is involved, and the engine gives that to the cent.
func TestClosedFormsOfProtection(t *testing.T) {
	const loans, defaults, principal, recovered = 20, 2, 100_000, 10_000
	const interest = principal / 100
	lent := int64(loans * principal)
	guaranteed, fee := protected(t, true, loans, defaults, principal, recovered)
	require.Equal(t, int64(interest*(loans-defaults)), guaranteed, "i(1-q)")
	require.Equal(t, int64(defaults*(principal-recovered)), fee, "q(1-R)")
	bare, none := protected(t, false, loans, defaults, principal, recovered)
	require.Zero(t, none)
	require.Equal(t, guaranteed-fee, bare)
	require.Equal(t, lent/100*9/10, guaranteed)
}

// protected runs the loans and returns what lenders earned and what the guarantor lost.
func protected(t *testing.T, cover bool, loans, defaults int, principal, recovered int64) (earned, lost int64) {
	terms := guarantorTerms()
	terms.Interest = false
	w := guarantorWorld(t, terms)
	w.deposit("gil", principal*int64(loans))
	p := product("month")
	if cover { // a recovery is the guarantor's before the interest that it does not cover
		c := byGuarantor()
		c.Recourse = lending.RecourseWithInstalment
		p = product("month", c)
	}
	var ids []lending.LoanID
	for range loans {
		ids = append(ids, w.lent("ann", p, principal, 1))
	}
	w.day = w.loan(ids[0]).Plan.At(0).Due
	for _, id := range ids[defaults:] {
		w.repay(id, principal+principal/100)
	}
	w.dayEnd(1)
	for _, id := range ids[:defaults] {
		if cover {
			do(w, party("gil"), guarantee.PayDemand{Guarantor: "gil", Demand: guarantee.Key{Loan: id}})
		}
		do(w, officer, lending.WriteOff{Loan: id, Reason: "default"})
		w.repay(id, recovered)
	}
	return w.cash("bob") + w.cash("eve") - principal*int64(loans), principal*int64(loans) - w.cash("gil")
}

// The outside case, by the closed forms that the test above holds the engine to; the upfront contribution is
// the discounted lifetime loss of a level-payment loan.
func TestVectorsProtectionCost(t *testing.T) {
	var file struct {
		Tolerance float64
		Cases     []struct {
			Annual   string `json:"annual_rate"`
			Months   int
			CDR, CPR string
			Recovery string
			Yield    map[string]string `json:"investor_nominal_yield"`
			Fee      string            `json:"fair_guarantee_fee_monthly_on_opening_balance"`
			FeePct   string            `json:"fair_guarantee_fee_annual_pct_of_balance"`
			Upfront  string            `json:"fair_upfront_provision_pct_of_principal"`
		}
	}
	vector(t, "protection_cost.json", &file)
	require.NotEmpty(t, file.Cases)
	reproduced, unsupported := 0, 0
	for _, c := range file.Cases {
		if number(t, c.CPR) != 0 {
			unsupported++
			continue
		}
		i, r := number(t, c.Annual)/12, number(t, c.Recovery)
		q := 1 - math.Pow(1-number(t, c.CDR), 1.0/12)
		fee := q * (1 - r)
		near := func(want string, got, within float64) { require.InDelta(t, number(t, want), got, within) }
		near(c.Fee, fee, file.Tolerance)
		near(c.FeePct, 12*fee*100, 1e-7)
		near(c.Yield["principal_guaranteed_no_fee"], 12*i*(1-q), file.Tolerance)
		near(c.Yield["principal_and_current_interest_guaranteed"], 12*i, file.Tolerance)
		near(c.Yield["principal_guaranteed_less_fair_fee"], 12*(i*(1-q)-fee), file.Tolerance)
		near(c.Yield["no_protection"], 12*(i*(1-q)-fee), file.Tolerance)
		near(c.Upfront, 100*lifetime(i, q, fee, c.Months), 1e-7)
		reproduced++
	}
	fmt.Printf("vectors: protection_cost.json: reproduced %d of %d, unsupported %d\n", reproduced, len(file.Cases), unsupported)
}

// lifetime is the discounted expected loss of a loan of 1, at a loss of fee on each opening balance.
func lifetime(i, q, fee float64, months int) (sum float64) {
	payment, balance, alive := i/(1-math.Pow(1+i, -float64(months))), 1.0, 1.0
	for m := 1; m <= months; m++ {
		sum += alive * balance * fee * math.Pow(1+i, -float64(m))
		alive *= 1 - q
		balance = balance*(1+i) - payment
	}
	return sum
}

func number(t *testing.T, s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return x
}
