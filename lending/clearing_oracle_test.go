package lending_test

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// tenderOracle clears a tender again, slowly and by the words of the rules: it sorts, serves one
// unit after another (or, where there are too many, one offer), and figures in fractions.
type tenderOracle struct {
	rules  lending.TenderRules
	offers []lending.Offer
	queue  []int   // places of the offers, best first
	units  []int64 // what counts of each offer: eligible, within its lender's share
}

func newTenderOracle(rules lending.TenderRules, offers []lending.Offer) *tenderOracle {
	o := &tenderOracle{rules: rules, offers: offers, units: make([]int64, len(offers))}
	for i := range offers {
		if offers[i].Pico <= rules.Reserve {
			o.queue = append(o.queue, i)
		}
	}
	slices.SortStableFunc(o.queue, func(i, j int) int {
		x, y := offers[i], offers[j]
		byTime := cmp.Or(cmp.Compare(x.Time, y.Time), cmp.Compare(x.ID, y.ID))
		if rules.Mechanism == lending.FirstCome || rules.Mechanism == lending.ProRata {
			return byTime
		}
		return cmp.Or(cmp.Compare(x.Pico, y.Pico), byTime)
	})
	left := map[uint32]int64{}
	for _, i := range o.queue {
		left[offers[i].Lender] = o.share()
		if o.share() == rules.Amount {
			left[offers[i].Lender] = money.MaxMinor // it bounds nothing that the amount does not
		}
	}
	for _, i := range o.queue {
		o.units[i] = o.whole(min(offers[i].Units, left[offers[i].Lender]), offers[i].Units)
		left[offers[i].Lender] -= min(offers[i].Units, left[offers[i].Lender])
	}
	return o
}

// share is what one lender can have.
func (o *tenderOracle) share() int64 {
	most := o.rules.Amount
	if o.rules.MaxPerLender > 0 {
		most = min(most, o.rules.MaxPerLender)
	}
	if o.rules.MaxShare > 0 {
		ppm := new(big.Int).Mul(big.NewInt(o.rules.Amount), big.NewInt(o.rules.MaxShare))
		share := ppm.Quo(ppm, big.NewInt(1_000_000)).Int64()
		most = min(most, max(share, o.rules.MinBid, 1))
	}
	return most
}

// whole is a cut offer in whole steps where the mechanism keeps to them.
func (o *tenderOracle) whole(units, offered int64) int64 {
	if o.rules.Mechanism != lending.ProRata || units == offered {
		return units
	}
	least, step := max(o.rules.MinBid, 1), max(o.rules.Increment, 1)
	if units < least {
		return 0
	}
	return units - (units-least)%step
}

// clear is the outcome that the rules ask for.
func (o *tenderOracle) clear() lending.Cleared {
	out := lending.Cleared{Taken: make([]int64, len(o.offers)), Pico: o.rules.Reserve}
	switch o.rules.Mechanism {
	case lending.ProRata:
		o.proRata(out.Taken)
	case lending.OpenAuction:
		standing := o.auction()
		for _, u := range standing {
			out.Taken[u.at]++
		}
	default:
		last, next := o.serve(out.Taken)
		switch o.rules.Mechanism {
		case lending.UniformMarginal:
			out.Pico = last
		case lending.UniformRejected:
			out.Pico = next
		}
	}
	for _, n := range out.Taken {
		out.Total += n
	}
	switch o.rules.Mechanism {
	case lending.PayAsBid, lending.OpenAuction, lending.MarketRate:
		out.Own, out.Pico = true, averageRat(o.offers, out.Taken, o.rules.Round)
	}
	least := new(big.Rat).SetFrac64(o.rules.Threshold, 1_000_000)
	least.Mul(least, new(big.Rat).SetInt64(o.rules.Amount))
	switch raised := new(big.Rat).SetInt64(out.Total); {
	case out.Total == 0:
		out.Failure = lending.NoOffers
	case raised.Cmp(least) < 0:
		out.Failure = lending.BelowThreshold
	}
	if out.Failure != 0 {
		out.Pico = 0
		clear(out.Taken)
	}
	return out
}

// serve takes units in the order of the queue until the amount is full, and returns the rate of the
// last that was taken and of the first that was not, or the reserve.
func (o *tenderOracle) serve(taken []int64) (last, next int64) {
	left := o.rules.Amount
	for _, i := range o.queue {
		n := min(left, o.units[i])
		taken[i] = n
		left -= n
		if n > 0 {
			last = o.offers[i].Pico
		}
		if n < o.units[i] {
			next = o.offers[i].Pico
			for _, j := range o.queue[slices.Index(o.queue, i)+1:] {
				taken[j] = 0
			}
			return last, next
		}
	}
	return last, o.rules.Reserve
}

// proRata raises, in turns, everybody whose part would be below the minimum, and then gives what
// rounding left over, step by step, to the largest rest.
func (o *tenderOracle) proRata(taken []int64) {
	least, step := max(o.rules.MinBid, 1), max(o.rules.Increment, 1)
	in := slices.DeleteFunc(slices.Clone(o.queue), func(i int) bool { return o.units[i] == 0 })
	sum := func() (total int64) {
		for _, i := range in {
			total += o.units[i]
		}
		return total
	}
	if sum() > o.rules.Amount {
		in = in[:min(int64(len(in)), o.rules.Amount/least)]
	}
	if sum() <= o.rules.Amount {
		for _, i := range in {
			taken[i] = o.units[i]
		}
		return
	}
	raised := map[int]bool{}
	part := map[int]*big.Rat{}
	for again := true; again; {
		again = false
		pot, of := o.rules.Amount, sum()
		for i := range raised {
			pot, of = pot-least, of-o.units[i]
		}
		for _, i := range in {
			part[i] = big.NewRat(least, 1)
			if !raised[i] {
				part[i] = new(big.Rat).Mul(big.NewRat(pot, of), big.NewRat(o.units[i], 1))
			}
		}
		for _, i := range in {
			if part[i].Cmp(big.NewRat(least, 1)) < 0 {
				raised[i], again = true, true
			}
		}
	}
	o.round(taken, in, part, least, step)
}

func (o *tenderOracle) round(taken []int64, in []int, part map[int]*big.Rat, least, step int64) {
	left := o.rules.Amount
	for _, i := range in {
		floor := new(big.Int).Quo(part[i].Num(), part[i].Denom()).Int64()
		taken[i] = floor - (floor-least)%step
		part[i].Sub(part[i], big.NewRat(taken[i], 1))
		left -= taken[i]
	}
	for left > 0 {
		best := in[0]
		for _, i := range in { // in the order of time
			if part[i].Cmp(part[best]) > 0 {
				best = i
			}
		}
		taken[best] += min(step, left)
		left -= min(step, left)
		part[best] = new(big.Rat)
	}
}

// unit is one unit of an offer that stands in an auction.
type unit struct {
	lending.Offer
	at int
}

// auction lets the units of the offers in, one at a time, in the order of time.
func (o *tenderOracle) auction() (standing []unit) {
	arrival := slices.Clone(o.queue)
	slices.SortStableFunc(arrival, func(i, j int) int {
		return cmp.Or(cmp.Compare(o.offers[i].Time, o.offers[j].Time), cmp.Compare(o.offers[i].ID, o.offers[j].ID))
	})
	for _, i := range arrival {
		for range o.offers[i].Units {
			standing, _ = o.letIn(standing, unit{o.offers[i], i})
		}
	}
	return standing
}

// letIn lets one unit in, or not; lost is the one that it displaced.
func (o *tenderOracle) letIn(standing []unit, u unit) (now []unit, lost *unit) {
	own := int64(0)
	for _, s := range standing {
		if s.Lender == u.Lender {
			own++
		}
	}
	if own < o.share() && int64(len(standing)) < o.rules.Amount {
		return append(standing, u), nil
	}
	worst := -1
	for i, s := range standing {
		if s.at == u.at || own == o.share() && s.Lender != u.Lender {
			continue
		}
		if worst < 0 || cmp.Or(cmp.Compare(s.Pico, standing[worst].Pico),
			cmp.Compare(s.Time, standing[worst].Time), cmp.Compare(s.ID, standing[worst].ID)) > 0 {
			worst = i
		}
	}
	if worst < 0 || standing[worst].Pico < u.Pico+max(o.rules.Decrement, 1) {
		return standing, nil
	}
	gone := standing[worst]
	return append(slices.Delete(standing, worst, worst+1), u), &gone
}

// averageRat is the average rate by units, rounded by the words of the mode.
func averageRat(offers []lending.Offer, taken []int64, m money.Mode) int64 {
	num, den := new(big.Int), new(big.Int)
	for i, n := range taken {
		num.Add(num, new(big.Int).Mul(big.NewInt(n), big.NewInt(offers[i].Pico)))
		den.Add(den, big.NewInt(n))
	}
	if den.Sign() == 0 {
		return 0
	}
	quo, rest := new(big.Int).QuoRem(num, den, new(big.Int))
	half := new(big.Int).Lsh(rest, 1).Cmp(den)
	up := map[money.Mode]bool{
		money.HalfEven: half > 0 || half == 0 && quo.Bit(0) == 1, money.HalfUp: half >= 0, money.HalfDown: half > 0,
		money.Up: rest.Sign() > 0, money.Ceiling: rest.Sign() > 0,
	}
	if up[m] {
		quo.Add(quo, big.NewInt(1))
	}
	return quo.Int64()
}
