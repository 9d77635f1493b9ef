package lending

import "github.com/loanweave/loanweave/schedule/money"

// leavesRates reports whether the step of rates leaves one above zero that a bid may name.
func (r *Tender) leavesRates(p *Product) bool {
	step := r.RateStep.Pico()
	return step <= 0 || p.MaxRate.Pico() >= step && p.MaxRate.Pico()/step*step >= p.MinRate.Pico()
}

// filled reports whether as many lenders as a loan can have are enough for every loan of the product.
// A share of the amount is rounded down. More lenders are needed the longer it stays the same, that
// is for the largest amount at which it is what it is of the smallest loan; and, at a fixed sum of a
// lender, the larger the loan is.
func (r *Tender) filled(p *Product) bool {
	if r.MaxPerLender.IsZero() && r.MaxShare == 0 {
		return true
	}
	rules := TenderRules{MinBid: r.MinBid.Minor(), MaxPerLender: r.MaxPerLender.Minor(), MaxShare: r.MaxShare}
	enough := func(minor int64) bool {
		rules.Amount = minor
		most := max(rules.maxPerLender(), 1)
		return (minor-1)/most < MaxLots
	}
	least, largest := p.MinAmount.Minor(), p.MaxAmount.Minor()
	if r.MaxShare > 0 && r.MaxShare <= Million {
		share, _ := money.MulDiv(least, r.MaxShare, Million, money.Down) // no more than the amount
		next, err := money.MulDiv(max(share, rules.minBid())+1, Million, r.MaxShare, money.Up)
		if err == nil && next > least {
			least = min(largest, next-1)
		}
	}
	return enough(least) && enough(largest)
}
