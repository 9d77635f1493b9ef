package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// Bounds of the comparison, so that it takes seconds whatever the tape.
const (
	maxCompared = 50
	maxCrowd    = 120
)

const million = 1_000_000

// crowd is what all trials have in common: the loans and how every lender sees them. It follows
// from the seed alone, and a trial does not change it.
type crowd struct {
	loans   []Published
	bidders []bidder
	visits  [][]visit // by loan, in the order in which they come
	going   map[lending.Code]int64
}

// bidder is a lender with a view of rates. What he takes at least is a part of the going rate of a
// grade, the mean of the loans compared.
type bidder struct {
	lender
	standing bool  // leaves it to standing orders
	least    int64 // parts per million of the going rate
	share    int64 // of a loan in one standing order, parts per million
}

// visit is when a bidder without standing orders looks at a loan for the first time.
type visit struct {
	*bidder
	day   int // from publication
	cents int64
}

// newCrowd draws the lenders' views of the first loans of a tape. A loan without interest is passed
// over: nobody can name a rate of his own below it.
func newCrowd(loans []Published, cfg config) *crowd {
	c := &crowd{going: map[lending.Code]int64{}}
	for i := range loans {
		if len(c.loans) < maxCompared && loans[i].Rate.Pico() >= rateStep.Pico() {
			c.loans = append(c.loans, loans[i])
		}
	}
	chance := rand.New(rand.NewPCG(cfg.seed, 1))
	for i, x := range newLenders(min(cfg.lenders, maxCrowd), chance) {
		c.bidders = append(c.bidders, bidder{
			lender: x, standing: i%2 == 0,
			least: 750_000 + chance.Int64N(250_000), share: 25_000 + chance.Int64N(25_001),
		})
	}
	sums := map[lending.Code][]int64{}
	for i := range c.loans {
		p := &c.loans[i]
		sums[p.Grade] = append(sums[p.Grade], p.Rate.Pico())
		c.visits = append(c.visits, c.visitsTo(p, chance))
	}
	for g, picos := range sums {
		for _, n := range picos {
			c.going[g] += n / int64(len(picos))
		}
	}
	return c
}

// visitsTo draws who comes to a loan, when, and with how much: three of four who like its grade.
func (c *crowd) visitsTo(p *Published, chance *rand.Rand) (out []visit) {
	for _, i := range chance.Perm(len(c.bidders)) {
		v := visit{&c.bidders[i], chance.IntN(openDays + 1), bidFor(p.Amount, chance)}
		if comes := chance.IntN(4) > 0; comes && !v.standing && v.taste.likes(p.Grade) {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b visit) int { return cmp.Compare(a.day, b.day) })
	return out
}

// takes is the least rate that a bidder takes for a grade, in steps.
func (c *crowd) takes(x *bidder, g lending.Code) schedule.Rate {
	return inSteps(c.going[g] / million * x.least)
}

// grades lists the grades of the loans.
func (c *crowd) grades() []lending.Code {
	gs := make([]lending.Code, 0, len(c.going))
	for g := range c.going {
		gs = append(gs, g)
	}
	slices.Sort(gs)
	return gs
}

// purse is more than a lender can have in bids at once.
func (c *crowd) purse() (cents int64) {
	for i := range c.loans {
		cents += c.loans[i].Amount/10 + 2*note
	}
	return cents
}

// standing counts those who leave it to standing orders.
func (c *crowd) standing() (n int) {
	for i := range c.bidders {
		if c.bidders[i].standing {
			n++
		}
	}
	return n
}

// inSteps rounds a rate down to the tender's step, to one step at least.
func inSteps(pico int64) schedule.Rate {
	step := rateStep.Pico()
	r, err := schedule.RateFromPico(max(pico/step, 1)*step, rateStep.Basis())
	if err != nil {
		panic(fmt.Sprintf("marketplace: rate within %s: %v", maxRate, err))
	}
	return r
}
