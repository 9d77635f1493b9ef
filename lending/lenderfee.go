package lending

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Cut is a fee that lenders pay out of what they receive (服务费), by index in Loan.Lots.
type Cut struct {
	Fee    Code
	Party  PartyID // who is paid; empty for the platform
	Tax    int64   // in the sum of Shares
	Base   []int64 // what came to each lot's running base; empty if the fee has none
	Shares []int64 // what each lot pays
}

// Tally is what a lot has come to by one of the product's fees at payout.
type Tally struct {
	Base    int64 // so far, of a fee on running totals; minor units, or minor units x days
	Charged int64 // minor units
}

// FeesPaid is what the lot has paid in lender's fees.
func (x *Lot) FeesPaid() (sum int64) {
	for _, t := range x.Fees {
		sum += t.Charged
	}
	return sum
}

func codeTallies(c *event.Codec, ts *[maxLenderFees]Tally) {
	for k := range ts {
		c.Int(&ts[k].Base)
		c.Int(&ts[k].Charged)
	}
}

func codeCuts(c *event.Codec, list *[]Cut) {
	event.List(c, list, func(c *event.Codec, x *Cut) {
		event.Text(c, &x.Fee)
		event.Text(c, &x.Party)
		c.Int(&x.Tax)
		c.Ints(&x.Base)
		c.Ints(&x.Shares)
	})
}

// levy is what the cut comes to.
func (x *Cut) levy() Levied {
	var sum int64
	for _, n := range x.Shares {
		sum += n
	}
	return Levied{x.Party, Levy{x.Fee, sum, x.Tax}}
}

// cutsOf is what a lot pays by all cuts.
func cutsOf(cuts []Cut, lot int) (sum int64) {
	for k := range cuts {
		sum += *at(cuts[k].Shares, lot)
	}
	return sum
}

// FeeOf returns what a lot paid in lender's fees out of the payment.
func (e *Repaid) FeeOf(lot int) int64 { return cutsOf(e.Cuts, lot) }

// FeeOf returns what a lot paid in lender's fees out of the payment.
func (e *CoverPaid) FeeOf(lot int) int64 { return cutsOf(e.Cuts, lot) }

// cut books cuts on the lots, or takes them back with sign -1.
func (l *Loan) cut(cuts []Cut, sign int64) {
	fees := l.Product.feesAt(AtPayout)
	for _, x := range cuts {
		k := 0
		for k < len(fees) && fees[k].ID != x.Fee {
			k++
		}
		if k >= maxLenderFees {
			continue
		}
		for i, n := range x.Base {
			l.lot(i).Fees[k].Base += sign * n
		}
		for i, n := range x.Shares {
			l.lot(i).Fees[k].Charged += sign * n
		}
	}
}

// inflow is what the lenders receive on a day, and how much of it came in time.
type inflow struct {
	on          civil.Date
	all, timely byTranche
	early       bool         // a part is in advance
	ranks       []pool       // of a loan whose claims are ranked
	parts       []Allocation // of these, so far
}

// byTranche are sums by the tranches of the claims to which they belong.
type byTranche []trancheSum

type trancheSum struct {
	tranche
	Components
}

func (fs *byTranche) add(t tranche, c Component, minor int64) {
	k := slices.IndexFunc(*fs, func(f trancheSum) bool { return f.tranche == t })
	if k < 0 {
		k, *fs = len(*fs), append(*fs, trancheSum{tranche: t})
	}
	(*fs)[k].Components.add(c, minor)
}

// of sums a component.
func (fs byTranche) of(c Component) (sum int64) {
	for i := range fs {
		sum += fs[i].Components[c]
	}
	return sum
}

// total sums everything.
func (fs byTranche) total() (sum int64) {
	for i := range fs {
		sum += fs[i].Total()
	}
	return sum
}

func (l *Loan) inflow(in *inflow, instalment int, c Component, minor int64) {
	due := l.due(instalment).Date
	timely := !in.on.After(due.AddDays(l.Product.Late.GraceDays))
	in.early = in.early || due.After(in.on)
	add := func(t tranche, n int64) {
		in.all.add(t, c, n)
		if timely {
			in.timely.add(t, c, n)
		}
	}
	if in.ranks == nil {
		add(tranche{Span: l.span(instalment)}, minor)
		return
	}
	for k, n := range l.byRank(in, instalment, c, minor) {
		add(in.ranks[k].tranche, n)
	}
	in.parts = append(in.parts, Allocation{Instalment: instalment, Component: c, Minor: minor})
}

// inTime is the timely part of an inflow, within a fee's cap on what is prepaid.
func (l *Loan) inTime(f *Fee, in *inflow) byTranche {
	part := slices.Clone(in.timely)
	if !in.early || l.period(in.on) > f.CapPeriods {
		return part
	}
	principal, interest := l.running(in.on)
	over := part.total() - principal - interest
	for _, c := range [...]Component{Principal, Interest, Penalty, Fees, Costs} {
		for i := len(part) - 1; i >= 0; i-- {
			off := max(0, min(over, part[i].Components[c]))
			part[i].Components[c] -= off
			over -= off
		}
	}
	return part
}

// cuts figures the lenders' fees out of what each lot receives: fee after fee, each of what the ones
// before have left.
func (l *Loan) cuts(in *inflow, vs []Vector) (list []Cut, err error) {
	left := make([]int64, len(l.Lots))
	for _, v := range vs {
		for i, n := range v.Shares {
			left[i] += n
		}
	}
	for k, f := range l.Product.feesAt(AtPayout) {
		if k >= maxLenderFees || l.State == StateWrittenOff && f.Base == OnOutstanding || l.idle(&f) {
			continue
		}
		row := FeeRow{Days: in.on.Sub(l.Served), Count: l.DaysPastDue(in.on)}
		bases, err := l.lenderBases(&f, in, vs)
		if err != nil {
			return nil, err
		}
		x := Cut{Fee: f.ID, Party: f.Party, Shares: make([]int64, len(l.Lots))}
		for i := range bases {
			row.Base = bases[i]
			n, err := f.atPayout(&l.Lots[i].Fees[k], &row)
			if err != nil {
				return nil, err
			}
			x.Shares[i] = max(0, min(n, left[i])) // never more than he receives
			left[i] -= x.Shares[i]
			bases[i] = row.Base
		}
		if f.Point == RunningTotal {
			x.Base = bases
		}
		v := x.levy()
		x.Tax = f.levy(v.Minor).Tax
		list = append(list, x)
	}
	return list, nil
}

// atPayout is what a lot is to pay now. The row's base becomes what comes to the lot's running base.
func (f *Fee) atPayout(was *Tally, row *FeeRow) (int64, error) {
	if f.Point != RunningTotal {
		return f.Of(*row)
	}
	sum := parts{den: Million}
	if f.Per != Once {
		row.Base = addDays(0, max(0, row.Base), max(0, row.Days))
	}
	if f.Per == PerYear {
		sum.den *= daysInYear
	}
	sum.add(addDays(was.Base, row.Base, 1), f.PPM)
	v, err := sum.rounded(f.Round)
	if err != nil {
		return 0, err
	}
	return f.within(v) - was.Charged, nil
}

// lenderBases is what a fee at payout is figured on, by lot.
func (l *Loan) lenderBases(f *Fee, in *inflow, vs []Vector) ([]int64, error) {
	bases := make([]int64, len(l.Lots))
	switch f.Base {
	case OnOutstanding:
		for i := range l.Lots {
			bases[i] = l.Lots[i].Units - l.Lots[i].Paid[Principal]
		}
		return bases, nil
	case OnTimely:
		if part := l.inTime(f, in); !slices.Equal(part, in.all) {
			var err error
			if vs, err = l.vectors(part, l.share); err != nil {
				return nil, err
			}
		}
	}
	for _, v := range vs {
		if f.Base == OnInterest && v.Component != Interest {
			continue
		}
		for i, n := range v.Shares {
			bases[i] += n
		}
	}
	return bases, nil
}

// sharer shares a component's amount among the lots of a pool.
type sharer func(a *money.Apportioner, p *pool, c Component, minor int64, to []int64) error

// vectors shares sums by tranches among the lots, component by component.
func (l *Loan) vectors(fs byTranche, share sharer) (vs []Vector, err error) {
	var a money.Apportioner
	pools := l.pools()
	for c := Interest; c <= Costs; c++ {
		if fs.of(c) == 0 {
			continue
		}
		v := Vector{Component: c, Shares: make([]int64, len(l.Lots))}
		for _, p := range pools {
			k := slices.IndexFunc(fs, func(f trancheSum) bool { return f.tranche == p.tranche })
			if k < 0 || fs[k].Components[c] == 0 {
				continue
			}
			if err := share(&a, &p, c, fs[k].Components[c], v.Shares); err != nil {
				return nil, fmt.Errorf("share %s of loan %s: %w", c, l.ID, err)
			}
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// toLots shares an inflow among the lots and figures the lenders' fees out of it.
func (l *Loan) toLots(in *inflow) (vs []Vector, cuts []Cut, err error) {
	if vs, err = l.vectors(in.all, l.share); err != nil || len(vs) == 0 {
		return nil, nil, err
	}
	cuts, err = l.cuts(in, vs)
	return vs, cuts, err
}

// cutLevies is what the platform gets by cuts.
func cutLevies(cuts []Cut) (list []Levy) {
	for k := range cuts {
		if v := cuts[k].levy(); v.Party == "" && v.Minor > 0 {
			list = append(list, v.Levy)
		}
	}
	return list
}

// serve notes that lenders' fees by time are figured to a day on which lots received something.
func (l *Loan) serve(on civil.Date, vs []Vector) {
	if len(vs) > 0 {
		l.Served = on
	}
}

// feesByTime reports whether a fee at payout is by the day or the year.
func (p *Product) feesByTime() bool {
	return slices.ContainsFunc(p.Fees, func(f Fee) bool { return f.Timing == AtPayout && f.Per != Once })
}
