package risk_test

import (
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/risk"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

var cny = money.MustCurrency("CNY")

func fen(minor int64) money.Amount {
	a, err := money.New(minor, cny)
	if err != nil {
		panic(err)
	}
	return a
}

// ppm reads "0.266429" as parts per million.
func ppm(t *testing.T, s string) int64 {
	x, ok := new(big.Rat).SetString(s)
	require.True(t, ok, s)
	x.Mul(x, big.NewRat(1_000_000, 1))
	require.True(t, x.IsInt(), s)
	return x.Num().Int64()
}

func TestVectorsAffordability(t *testing.T) {
	var file struct {
		Affordability []struct {
			Income   int64   `json:"monthly_income"`
			Debt     int64   `json:"existing_monthly_debt"`
			Amount   int64   `json:"principal"`
			Rate     float64 `json:"annual_rate"`
			Months   int
			Before   string `json:"dti_before"`
			After    string `json:"dti_after"`
			Payment  string `json:"pti"`
			Cap      string `json:"dti_cap"`
			Pass     bool
			Most     string `json:"max_principal_at_cap"`
			ToTheFen string `json:"payment_exact_to_cent"`
		}
		Caps []struct {
			Borrower string
			Here     int64 `json:"outstanding_this_platform"`
			All      int64 `json:"outstanding_all_platforms_including_this"`
			Request  int64
			Allowed  bool
			Why      string
		} `json:"china_p2p_caps"`
	}
	vector(t, "affordability_exposure.json", &file)
	total := 0
	for _, c := range file.Affordability {
		total++
		rate := schedule.MustRate(strconv.FormatFloat(100*c.Rate, 'f', -1, 64) + "% per year")
		a := risk.Affordability{Income: fen(100 * c.Income), Debt: fen(100 * c.Debt), CapPPM: ppm(t, c.Cap)}
		got, err := a.Assess(fen(100*c.Amount), rate, c.Months)
		require.NoError(t, err)
		require.Equal(t, risk.Ratios{Before: ppm(t, c.Before), After: ppm(t, c.After), Payment: ppm(t, c.Payment), Pass: c.Pass}, got)
		most, err := a.MaxPrincipal(rate, c.Months, money.HalfUp)
		require.NoError(t, err)
		require.Equal(t, c.Most, most.Decimal().StringFixed(2))
	}
	for _, c := range file.Caps {
		total++
		limit := risk.Cap{Here: 200_000_00, Total: 1_000_000_00} // interim measures of 24 August 2016, article 17
		require.Equal(t, "natural_person", c.Borrower)
		require.Equal(t, c.Allowed, limit.Allows(risk.Exposure{Here: 100 * c.Here, Total: 100 * c.All}, 100*c.Request), c.Why)
	}
	require.NotZero(t, total)
	fmt.Printf("vectors: affordability_exposure.json: reproduced %d of %d, unsupported 0\n", total, total)
}

// The largest principal is at the edge: it passes when rounded down, and one fen more does not.
func TestMaxPrincipalIsTheEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := risk.Affordability{
			Income: fen(rapid.Int64Range(10_000, 100_000_000).Draw(t, "income")),
			Debt:   fen(rapid.Int64Range(0, 1_000_000).Draw(t, "debt")),
			CapPPM: rapid.Int64Range(0, 1_000_000).Draw(t, "cap"),
		}
		rate, err := schedule.RateFromPico(rapid.Int64Range(0, 360_000_000_000).Draw(t, "rate"), schedule.PerYear)
		require.NoError(t, err)
		months := rapid.IntRange(1, 60).Draw(t, "months")
		most, err := a.MaxPrincipal(rate, months, money.Down)
		require.NoError(t, err)
		if !most.IsZero() {
			at, err := a.Assess(most, rate, months)
			require.NoError(t, err)
			require.True(t, at.Pass, "%s", most)
		}
		above, err := a.Assess(fen(most.Minor()+1), rate, months)
		require.NoError(t, err)
		require.False(t, above.Pass, "%s", most)
	})
}

func TestAffordabilityRefuses(t *testing.T) {
	good := risk.Affordability{Income: fen(100), Debt: fen(1), CapPPM: 400_000}
	rate := schedule.MustRate("12% per year")
	for name, spoil := range map[string]func(*risk.Affordability, *schedule.Rate, *int){
		"no income":   func(a *risk.Affordability, _ *schedule.Rate, _ *int) { a.Income = fen(0) },
		"debt below":  func(a *risk.Affordability, _ *schedule.Rate, _ *int) { a.Debt = fen(-1) },
		"cap below":   func(a *risk.Affordability, _ *schedule.Rate, _ *int) { a.CapPPM = -1 },
		"no months":   func(_ *risk.Affordability, _ *schedule.Rate, n *int) { *n = 0 },
		"too long":    func(_ *risk.Affordability, _ *schedule.Rate, n *int) { *n = schedule.MaxPeriods + 1 },
		"other basis": func(_ *risk.Affordability, r *schedule.Rate, _ *int) { *r = schedule.MustRate("1% per period") },
	} {
		a, r, n := good, rate, 12
		spoil(&a, &r, &n)
		_, err := a.Assess(fen(1000), r, n)
		require.ErrorIs(t, err, risk.ErrFacts, name)
		_, err = a.MaxPrincipal(r, n, money.Down)
		require.ErrorIs(t, err, risk.ErrFacts, name)
	}
	_, err := good.Assess(fen(0), rate, 12)
	require.ErrorIs(t, err, risk.ErrFacts)
	_, err = good.MaxPrincipal(rate, 12, 0)
	require.ErrorIs(t, err, risk.ErrFacts, "no rounding mode")
}

func TestConcentration(t *testing.T) {
	require.Equal(t, "1/4", risk.Concentration([]int64{5, 5, 5, 5}).String())
	require.Equal(t, "1/1", risk.Concentration([]int64{7, 0, -3}).String())
	require.Equal(t, "0/1", risk.Concentration(nil).String())
	require.Equal(t, "5/9", risk.Concentration([]int64{2, 1}).String())
}
