package lending

import (
	"math/big"

	"github.com/loanweave/loanweave/schedule"
)

// LenderRate returns the rate that a lot earns, by index in Lots, before fees (出借利率): the loan's in a
// tender at a fixed rate, else the one that its lender named, whoever holds the lot now. Where no bids
// are known, as of a loan that moved in, it is the lot's part of the loan's rate by units and weights,
// to the nearest 1e-12. The average by units is the loan's rate ([WeightedRate]). It is the zero rate
// for a lot that does not exist or before the funding review.
func (l *Loan) LenderRate(lot int) schedule.Rate {
	if lot < 0 || lot >= len(l.Lots) {
		return schedule.Rate{}
	}
	own, named := l.Lots[lot].Weight, l.namedUnit()
	pico := new(big.Int).Mul(big.NewInt(own), big.NewInt(named))
	if named == 0 {
		pico = l.partOfRate(own)
	}
	if !pico.IsInt64() {
		return schedule.Rate{}
	}
	r, err := schedule.RateFromPico(pico.Int64(), l.Rate.Basis())
	if err != nil {
		return schedule.Rate{}
	}
	return r
}

// namedUnit is the rate of a lot of weight 1 where lenders named their rates, see [Weights]; 0 where
// no taken bid names one.
func (l *Loan) namedUnit() int64 {
	if !l.Product.Tender.Mechanism.OwnRates() {
		return 0
	}
	var common uint64
	for i := range l.Bids {
		if b := &l.Bids[i]; b.State == BidTaken {
			common = divisor(common, uint64(b.Pico))
		}
	}
	return int64(common)
}

// partOfRate is rate x weight x units / sum of units x weight, rounded half up.
func (l *Loan) partOfRate(weight int64) *big.Int {
	units, shares := new(big.Int), new(big.Int)
	for i := range l.Lots {
		u := big.NewInt(l.Lots[i].Units)
		units.Add(units, u)
		shares.Add(shares, u.Mul(u, big.NewInt(l.Lots[i].Weight)))
	}
	if shares.Sign() <= 0 {
		return new(big.Int)
	}
	x := big.NewInt(2 * l.Rate.Pico())
	x.Mul(x, big.NewInt(weight)).Mul(x, units).Add(x, shares)
	return x.Quo(x, shares.Lsh(shares, 1))
}
