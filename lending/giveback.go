package lending

import (
	"errors"
	"slices"

	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// fromRanks divides what is called back of each component among the ranks, by what is owed after it. Ranks
// matter in shortage alone, so each keeps, the last giving first, what it would have of what is left, had that
// come at once: see rank.go. Since what is called back is owed with a later instalment, nothing is short by it
// until then, unless it is owed at once.
func (l *Loan) fromRanks(back byTranche, after *Loan, on civil.Date) (gives byTranche) {
	ranks := l.pools()
	for c := Interest; c <= Costs; c++ {
		minor := back.of(c)
		if minor == 0 {
			continue
		}
		weights, paid := l.standings(ranks, c)
		left := l.Received[c] - minor
		keeps := byRank(weights, make([]int64, len(paid)), left+after.missedTo(after.ahead(on)-1, c, on), left)
		for k := range slices.Backward(ranks) {
			n := min(minor, max(0, paid[k]-keeps[k]))
			minor -= n
			gives.add(ranks[k].tranche, c, n)
		}
	}
	return gives
}

// cutsOfLots is what lots get back of the fees that they have paid, those for the time apart, in proportion to
// what they give back of all on which they paid them; rounded up, so that nobody pays for what he gave back.
func (l *Loan) cutsOfLots(vs []Vector) (list []Cut, err error) {
	for k, f := range l.Product.feesAt(AtPayout) {
		if k >= maxLenderFees || f.Per != Once {
			continue
		}
		x := Cut{Fee: f.ID, Party: f.Party, Base: make([]int64, len(l.Lots)), Shares: make([]int64, len(l.Lots))}
		for i := range l.Lots {
			lot := &l.Lots[i]
			part := func(n, give, had int64) int64 {
				back, e := money.MulDiv(n, give, had, money.Up)
				err = errors.Join(err, e)
				return back
			}
			give, had := f.borneBy(vs, i), lot.Paid.Total()
			if f.Base == OnInterest {
				had = lot.Paid[Interest]
			}
			if give > 0 {
				x.Base[i] = part(lot.Fees[k].Base, give, had)
				x.Shares[i] = part(lot.Fees[k].Charged, give, had)
			}
		}
		x.Tax = f.levy(x.levy().Minor).Tax
		list = append(list, x)
	}
	return list, err
}

// borneBy is what of vectors a lot's fee is figured on.
func (f *Fee) borneBy(vs []Vector, lot int) (sum int64) {
	for _, v := range vs {
		if f.Base != OnInterest || v.Component == Interest {
			sum += v.Shares[lot]
		}
	}
	return sum
}
