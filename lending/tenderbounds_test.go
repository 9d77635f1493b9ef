package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// A step of rates must leave a rate that a bid may name.
func TestTenderStepLeavesRates(t *testing.T) {
	for step, ok := range map[string]bool{"36% per year": true, "35% per year": true, "18.5% per year": false, "50% per year": false} {
		for _, m := range []lending.Mechanism{lending.UniformMarginal, lending.PayAsBid} {
			p := tendered(m)
			p.MinRate, p.MaxRate = schedule.MustRate("20% per year"), schedule.MustRate("36% per year")
			p.Tender.RateStep = schedule.MustRate(step)
			if err := p.Validate(); ok {
				require.NoError(t, err, "%s %s", m, step)
			} else {
				require.ErrorIs(t, err, lending.ErrTerms, "%s %s", m, step)
			}
		}
	}
}

// A product is refused if and only if one of its loans would need more lenders than a loan can have.
func TestTenderNeedsNotTooManyLenders(t *testing.T) {
	refused, taken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := standard()
		least := rapid.Int64Range(1, 30_000).Draw(t, "least")
		most := least + rapid.Int64Range(0, 30_000).Draw(t, "span")
		p.MinAmount, p.MaxAmount = amt(least, cny), amt(most, cny)
		p.Tender.MinBid = amt(rapid.Int64Range(1, min(3, least)).Draw(t, "bid"), cny)
		p.Tender.MaxShare = rapid.SampledFrom([]int64{0, 150, 199, 200, 201, 250, 400}).Draw(t, "share")
		if n := rapid.Int64Range(0, 10).Draw(t, "per lender"); n >= p.Tender.MinBid.Minor() {
			p.Tender.MaxPerLender = amt(n, cny)
		}
		worst := int64(0)
		for a := least; a <= most; a++ {
			each := a
			if n := p.Tender.MaxPerLender.Minor(); n > 0 {
				each = min(each, n)
			}
			if s := p.Tender.MaxShare; s > 0 {
				each = min(each, max(a*s/lending.Million, p.Tender.MinBid.Minor()))
			}
			worst = max(worst, (a+each-1)/each)
		}
		err := p.Validate()
		if worst <= lending.MaxLots {
			require.NoError(t, err)
			taken++
			return
		}
		refused++
		require.ErrorIs(t, err, lending.ErrTerms)
		require.ErrorContains(t, err, "lenders")
	})
	if runs() >= 100 { // few runs may well lack one
		require.NotZero(t, refused*taken)
	}
}
