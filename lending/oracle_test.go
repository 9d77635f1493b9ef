package lending_test

import (
	"math/big"
	"slices"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// shareOracle figures again, with rational numbers and no cleverness, what every payment should
// have given to every lot and every fee.
type shareOracle struct {
	loans map[string]event.AnyKind
}

func newShareOracle() *shareOracle {
	o := &shareOracle{map[string]event.AnyKind{}}
	for _, k := range lending.Kinds() {
		o.loans[k.Name()] = k
	}
	return o
}

// see looks at a change before the reports take it in.
func (o *shareOracle) see(t *rapid.T, r *lending.Reports, c event.Change) {
	if c.Stream.Kind != "loan" {
		return
	}
	v, err := o.loans["loan"].Decode(c.Record)
	if err != nil {
		t.Fatal(err)
	}
	l := r.Loan(lending.LoanID(c.Stream.ID))
	switch e := v.(type) {
	case lending.Repaid:
		o.repaid(t, l, &e)
		o.shares(t, l, e.Vectors, e.Cuts)
	case lending.GoodwillCredited:
		o.repaid(t, l, &e.Repaid)
		o.shares(t, l, e.Repaid.Vectors, e.Repaid.Cuts)
	case lending.Refunded:
		o.repaid(t, l, &e.Repaid)
		o.shares(t, l, e.Repaid.Vectors, e.Repaid.Cuts)
	case lending.CollateralPaid:
		o.repaid(t, l, &e.Repaid)
		o.shares(t, l, e.Repaid.Vectors, e.Repaid.Cuts)
	case lending.CoverPaid:
		o.shares(t, l, e.Vectors, e.Cuts)
	}
}

// repaid checks a payment's sums: parts and recovery fees are the total, and what the lenders,
// the covers and the platform get is the total too.
func (o *shareOracle) repaid(t *rapid.T, l *lending.Loan, e *lending.Repaid) {
	var parts, out, recovery int64
	top := func(id lending.Code, n int64) {
		if out += n; slices.ContainsFunc(l.Product.Fees, func(f lending.Fee) bool {
			return f.ID == id && f.Timing == lending.OnRecovery
		}) {
			recovery += n
		}
	}
	for _, p := range e.Parts {
		parts += p.Minor
	}
	for _, f := range e.Platform {
		top(f.Fee, f.Minor)
	}
	for _, a := range e.Advances {
		out += a.Minor
	}
	for _, v := range e.Others {
		top(v.Fee, v.Minor)
	}
	for _, v := range e.Vectors {
		for _, n := range v.Shares {
			if n < 0 {
				t.Fatalf("loan %s: a lot gives %d back", l.ID, n)
			}
			out += n
		}
	}
	if parts+recovery != e.Total.Minor() || out != e.Total.Minor() {
		t.Fatalf("loan %s: total %s, parts %d + %d, paid on %d", l.ID, e.Total, parts, recovery, out)
	}
}

func (o *shareOracle) shares(t *rapid.T, l *lending.Loan, vs []lending.Vector, cuts []lending.Cut) {
	received := make([]lending.Components, len(l.Lots))
	for i := range l.Lots {
		received[i] = l.Lots[i].Paid
	}
	for _, v := range vs {
		totals, want := map[lending.Span]int64{}, make([]int64, len(l.Lots))
		for i, n := range v.Shares {
			totals[l.Lots[i].Span] += n
		}
		for span, total := range totals {
			for i, n := range naiveShares(l, v.Component, span, total) {
				want[i] += n
			}
		}
		for i, n := range v.Shares {
			received[i][v.Component] += n
			if n != want[i] {
				t.Fatalf("loan %s %s: lot %d of %v got %d, want %d", l.ID, v.Component, i, l.Lots, n, want[i])
			}
		}
	}
	if len(cuts) == 0 || cuts[0].Fee != "service" {
		return
	}
	for i, n := range cuts[0].Shares {
		gross := received[i].Total() - l.Lots[i].Paid.Total()
		base := new(big.Rat).SetInt64(l.Lots[i].Fees[0].Base + gross) // what a lot had is divided with it, rounded
		fee := base.Mul(base, big.NewRat(10_000, lending.Million))    // the rich product's 1% of each payment
		whole := new(big.Int).Quo(fee.Num(), fee.Denom()).Int64()
		if want := max(0, min(whole-l.Lots[i].FeesPaid(), gross)); n != want {
			t.Fatalf("loan %s: lot %d pays a fee of %d, want %d", l.ID, i, n, want)
		}
	}
}

// naiveShares is the floor-or-ceiling rule of the Apportioner, one minor unit at a time, among the lots of
// a span; nothing for the others.
func naiveShares(l *lending.Loan, c lending.Component, s lending.Span, total int64) []int64 {
	n := len(l.Lots)
	out, units, sum := make([]int64, n), make([]int64, n), new(big.Int)
	left := total
	for i, x := range l.Lots {
		if x.Span != s {
			continue
		}
		left += x.Paid[c]
		if units[i] = x.Units; c != lending.Principal && x.Bears > 0 {
			units[i] = x.Bears
		}
		if c == lending.Interest {
			units[i] *= x.Weight
		}
		sum.Add(sum, big.NewInt(units[i]))
	}
	if sum.Sign() == 0 {
		return out
	}
	running := big.NewInt(left)
	share := func(i int) *big.Rat {
		num := new(big.Int).Mul(running, big.NewInt(units[i]))
		return new(big.Rat).SetFrac(num, sum)
	}
	for i, x := range l.Lots {
		if x.Span != s {
			continue
		}
		q := share(i)
		out[i] = max(x.Paid[c], new(big.Int).Quo(q.Num(), q.Denom()).Int64())
		left -= out[i]
	}
	for ; left > 0; left-- {
		best, soonest := -1, new(big.Rat)
		for i := range out {
			if new(big.Rat).SetInt64(out[i]).Cmp(share(i)) >= 0 {
				continue
			}
			due := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(out[i]+1), sum), big.NewInt(units[i]))
			if best < 0 || due.Cmp(soonest) < 0 {
				best, soonest = i, due
			}
		}
		out[best]++
	}
	for i, x := range l.Lots {
		if x.Span == s {
			out[i] -= x.Paid[c]
		}
	}
	return out
}
