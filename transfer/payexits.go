package transfer

import (
	"cmp"
	"math"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// ExitPaid is what one request got: Cash for Principal and Interest of it. Cash is less only where the
// terms pay exits at coverage; the rest is forgone.
type ExitPaid struct {
	Investor  lending.PartyID
	Principal int64
	Interest  int64
	Cash      int64
	Turn      int64 // a new place in the queue, zero for the old one
}

func (x *ExitPaid) code(c *event.Codec) {
	event.Text(c, &x.Investor)
	c.Int(&x.Principal)
	c.Int(&x.Interest)
	c.Int(&x.Cash)
	c.Int(&x.Turn)
}

// ExitsPaid stands on a package when its exit queue was looked at ([LookAtPackage]).
type ExitsPaid struct {
	On       civil.Date
	Coverage            // before the payments
	Stopped  bool       // requests wait for the deficit to end
	Paid     []ExitPaid // by turn
}

// Type implements event.Of.
func (ExitsPaid) Type() string { return "exits-paid" }

// Apply implements event.Of.
func (e ExitsPaid) Apply(p *Package) {
	p.saw(e.On)
	for i := range e.Paid {
		p.left(&e.Paid[i], e.On)
	}
	p.Queue = slices.DeleteFunc(p.Queue, func(x ExitRequest) bool { return x.Units <= 0 })
	slices.SortStableFunc(p.Queue, func(a, b ExitRequest) int { return cmp.Compare(a.Turn, b.Turn) })
}

// left takes what was paid off the queue and the holding of an investor.
func (p *Package) left(x *ExitPaid, on civil.Date) {
	if q := p.exit(x.Investor); q != nil {
		if q.Units -= x.Principal; x.Turn > 0 {
			q.Turn, p.Turn = x.Turn, max(p.Turn, x.Turn)
		}
	}
	i, ok := p.find(x.Investor)
	if !ok {
		return
	}
	h := &p.Holdings[i]
	h.change(-x.Principal, on)
	h.Credited += x.Interest
	p.Principal -= x.Principal
	p.Credited += x.Interest
	p.Paid += x.Cash
	p.Forgone += x.Principal + x.Interest - x.Cash
	p.Flow -= x.Cash
	if h.Principal <= 0 {
		p.Holdings = slices.Delete(p.Holdings, i, i+1)
	}
}

// Code implements event.Coder.
func (e *ExitsPaid) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Int(&e.Value)
	c.Int(&e.Owed)
	c.Bool(&e.Stopped)
	event.List(c, &e.Paid, func(c *event.Codec, x *ExitPaid) { x.code(c) })
}

// ready are the requests that may be paid on a day, each for its principal and the interest of that; in a
// deficit those that the terms and the investors let be paid. Stopped reports whether it keeps others waiting.
func (p *Package) ready(v *Valuation) (exits []Exit, stopped bool) {
	pays := v.Deficit() == 0 || v.Value > 0 && p.Terms.InDeficit == ExitAtCoverage
	for i := range p.Queue {
		switch x := &p.Queue[i]; {
		case x.From.After(v.On):
		case !pays || v.Deficit() > 0 && !v.AtLeast(lending.Million-x.ForgoPPM):
			stopped = true
		default:
			exits = append(exits, Exit{ExitID(x.Investor), x.Turn, x.Units + p.interestOf(x, v.On)})
		}
	}
	return exits, stopped
}

// interestOf is the part of an investor's interest that goes with his request, rounded down; of all, all.
func (p *Package) interestOf(x *ExitRequest, on civil.Date) int64 {
	h := p.holding(x.Investor)
	if h == nil || h.Principal <= 0 {
		return 0
	}
	return int64(product(h.interest(p.Terms.RatePPM, on), x.Units).over(h.Principal))
}

// serve decides what each request that may be paid gets out of the free cash.
func (p *Package) serve(v *Valuation) (ExitsPaid, error) {
	exits, stopped := p.ready(v)
	ev, short := ExitsPaid{On: v.On, Coverage: v.Coverage, Stopped: stopped}, v.Deficit() > 0
	if len(exits) == 0 {
		return ev, nil
	}
	cash := v.Free
	if short { // so much can be left with for the cash
		cash = int64(min(product(cash, v.Owed).over(v.Value), money.MaxMinor))
	}
	shares, err := p.Terms.Exit.Serve(min(cash, money.MaxMinor), exits)
	if err != nil {
		return ev, err
	}
	turns := p.turns(exits, shares)
	for i, share := range shares {
		paid := ExitPaid{Investor: lending.PartyID(exits[i].ID), Cash: share, Turn: turns[i]}
		if short {
			paid.Cash = int64(min(product(share, v.Value).over(v.Owed), math.MaxInt64))
		}
		if paid.Cash <= 0 {
			continue
		}
		units := p.exit(paid.Investor).Units
		paid.Principal = int64(product(share, units).over(exits[i].Units))
		paid.Interest = share - paid.Principal
		ev.Paid = append(ev.Paid, paid)
	}
	return ev, nil
}

// turns gives those whom a cycle has served and who are not done new places, behind those whom it has left
// out: what is served again and again is the same cycles. Zero for the old place.
func (p *Package) turns(exits []Exit, shares []int64) []int64 {
	out := make([]int64, len(exits))
	if p.Terms.Exit.Policy != Cycles {
		return out
	}
	least := int64(math.MaxInt64)
	cycles := make([]int64, len(exits))
	for i := range exits {
		portion := p.Terms.Exit.portion(exits[i].Units)
		if cycles[i] = (shares[i] + portion - 1) / portion; shares[i] < exits[i].Units {
			least = min(least, cycles[i])
		}
	}
	last := p.Turn
	for i := range exits {
		if shares[i] < exits[i].Units && cycles[i] > least {
			last++
			out[i] = last
		}
	}
	return out
}

// payExits pays what is due of the queue out of the vehicle's wallet.
func (p *Package) payExits(t *lending.Tx) error {
	v, _, err := p.weighIn(t)
	if err != nil {
		return err
	}
	ev, err := p.serve(&v)
	if err != nil {
		return err
	}
	pay := ledger.Entry{Book: ledger.Client, Why: "package-exit", Currency: p.Terms.Currency}
	for _, x := range ev.Paid {
		pay.Debit(lending.Avail(p.ID), x.Cash)
		pay.Credit(lending.Avail(x.Investor), x.Cash)
	}
	if err := t.Post(pay); err != nil {
		return err
	}
	return event.Write(t.Tx, PackageRef(p.ID), ev)
}
