package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// BenchmarkEvolve applies one event to a loan, decoding included: a bid, and a repayment shared
// among 100 holders.
func BenchmarkEvolve(b *testing.B) {
	kinds := map[string]event.AnyKind{}
	for _, k := range lending.Kinds() {
		kinds[k.Name()] = k
	}
	for name, v := range map[string]struct {
		code  event.Coder
		typ   string
		clear func(*lending.Loan)
	}{
		"bid": {&lending.BidPlaced{Lender: "lender-00017", Accepted: amt(2500, cny)}, "bid",
			func(l *lending.Loan) { l.Bids, l.Raised = l.Bids[:0], 0 }},
		"repaid/holders=100": {repaid(100), "repaid", func(*lending.Loan) {}},
	} {
		b.Run(name, func(b *testing.B) {
			rec := event.Record{Type: v.typ, Data: event.Encode(nil, 1, v.code)}
			l := &lending.Loan{Lots: make([]lending.Lot, 100), Dues: make([]lending.Due, 12)}
			b.ReportAllocs()
			for b.Loop() {
				e, err := kinds["loan"].Decode(rec)
				if err != nil {
					b.Fatal(err)
				}
				e.(event.Of[lending.Loan]).Apply(l)
				v.clear(l)
			}
			b.ReportMetric(float64(len(rec.Data)), "bytes/event")
		})
	}
}

func repaid(holders int) *lending.Repaid {
	e := &lending.Repaid{On: civil.MustParse("2026-03-31"), By: "ann", Total: amt(88_849, cny),
		Parts:   []lending.Allocation{{0, lending.Interest, 0, 10_000}, {0, lending.Principal, 0, 78_849}},
		Vectors: []lending.Vector{{Component: lending.Interest}, {Component: lending.Principal}}}
	for i := range holders {
		e.Vectors[0].Shares = append(e.Vectors[0].Shares, int64(100+i%2))
		e.Vectors[1].Shares = append(e.Vectors[1].Shares, int64(788+i%2))
	}
	return e
}

// BenchmarkBid places a bid through the engine and the memory store. A new loan is opened for
// every thousand bids.
func BenchmarkBid(b *testing.B) {
	w := newWorld(b, lending.Config{})
	w.register("ann")
	lenders := make([]lending.PartyID, 100)
	for i := range lenders {
		lenders[i] = lending.PartyID(fmt.Sprintf("lender-%03d", i))
		w.register(lenders[i])
		w.deposit(lenders[i], amt(1<<46, cny))
	}
	var id lending.LoanID
	ctx, n := context.Background(), 0
	b.ReportAllocs()
	for b.Loop() {
		if n%1000 == 0 {
			b.StopTimer()
			id = w.open(standard(), 100_000_000, 12, "12% per year")
			b.StartTimer()
		}
		who := lenders[n%len(lenders)]
		n++
		if _, err := lending.Do(ctx, w.desk, w.meta(party(who)), lending.PlaceBid{Loan: id, Amount: amt(100, cny)}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRepay pays an instalment to all holders through the engine and the memory store, every
// wallet credited.
func BenchmarkRepay(b *testing.B) {
	for _, holders := range []int{100, 1000} {
		b.Run(fmt.Sprintf("holders=%d", holders), func(b *testing.B) {
			w := newWorld(b, lending.Config{})
			w.register("ann")
			lenders := make([]lending.PartyID, holders)
			for i := range lenders {
				lenders[i] = lending.PartyID(fmt.Sprintf("lender-%04d", i))
				w.register(lenders[i])
			}
			ctx := context.Background()
			var id lending.LoanID
			var plan []int64
			b.ReportAllocs()
			for b.Loop() {
				if len(plan) == 0 {
					b.StopTimer()
					id = w.lent(standard(), 100_000_000, 60, "12% per year", lenders...)
					for _, r := range w.loan(id).Plan.Rows() {
						plan = append(plan, r.Principal+r.Interest)
					}
					w.deposit("ann", amt(200_000_000, cny))
					b.StartTimer()
				}
				c := lending.Repay{Loan: id, Amount: amt(plan[0], cny)}
				if _, err := lending.Do(ctx, w.desk, w.meta(party("ann")), c); err != nil {
					b.Fatal(err)
				}
				if _, err := w.desk.Deliver(ctx, w.day); err != nil {
					b.Fatal(err)
				}
				plan = plan[1:]
			}
		})
	}
}

// BenchmarkWaterfall takes a payment up by twelve overdue instalments of six debts each, instalment by
// instalment and by twelve buckets and more.
func BenchmarkWaterfall(b *testing.B) {
	var owed []lending.Debt
	for i := range 12 {
		for c := lending.Interest; c <= lending.Costs; c++ {
			owed = append(owed, lending.Debt{Instalment: i, Component: c, Age: lending.AgePastDue, Minor: 100})
		}
		owed = append(owed, lending.Debt{Instalment: i, Component: lending.Fees, Fee: "mgmt", Age: lending.AgePastDue, Minor: 100})
	}
	by := lending.ManagedContract("mgmt", "overdue")
	for name, rule := range map[string]lending.Waterfall{"instalment": lending.CivilCode561(), "bucket": by} {
		b.Run("by="+name, func(b *testing.B) {
			dst := make([]lending.Allocation, 0, len(owed))
			b.ReportAllocs()
			for b.Loop() {
				if _, rest := rule.Allocate(dst, owed, 7_150); rest != 0 {
					b.Fatal(rest)
				}
			}
		})
	}
}

// BenchmarkPenalty figures penalty interest on minor-days.
func BenchmarkPenalty(b *testing.B) {
	rules := rich().Late
	for b.Loop() {
		if _, err := lending.PenaltyOn(123_456_789, rules); err != nil {
			b.Fatal(err)
		}
	}
}

var _ = require.New
var _ money.Mode
