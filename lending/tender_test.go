package lending_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// tendered is a product with a tender of a mechanism, bids from 1 minor unit, rates in steps of 1%.
func tendered(m lending.Mechanism) lending.Product {
	p := standard()
	p.ID = lending.ProductID(m.String())
	p.Tender.Mechanism, p.Tender.MinBid = m, amt(1, cny)
	if !m.FixedRate() {
		p.Tender.RateStep = schedule.MustRate("0.01% per year")
		p.MinRate = schedule.MustRate("0.01% per year")
	}
	if m == lending.MarketRate {
		p.Tender.Book = "rolling"
	}
	return p
}

// named is a rate as a bid of a loan names it: none at a fixed rate.
func named(l *lending.Loan, rate string) schedule.Rate {
	if l.Product.Tender.Mechanism.FixedRate() {
		return schedule.Rate{}
	}
	return schedule.MustRate(rate)
}

// bid places a bid that must be taken.
func (w *world) bid(id lending.LoanID, who lending.PartyID, minor int64, rate string) lending.BidPlaced {
	return do(w, party(who), lending.PlaceBid{Loan: id, Amount: amt(minor, cny), Rate: named(w.loan(id), rate)})
}

// tryBid places a bid and returns its error.
func (w *world) tryBid(id lending.LoanID, who lending.PartyID, minor int64, rate string) error {
	return try(w, party(who), lending.PlaceBid{Loan: id, Amount: amt(minor, cny), Rate: named(w.loan(id), rate)})
}

// tenderWorld has three lenders with money.
func tenderWorld(t require.TestingT, chunk int) *world {
	w := newWorld(t, lending.Config{Chunk: chunk})
	w.register("ann", "bob", "eve", "dan")
	for _, p := range []lending.PartyID{"bob", "eve", "dan"} {
		w.deposit(p, amt(100_000, cny))
	}
	return w
}

// after brings the day-end of the day after a loan's deadline.
func (w *world) after(id lending.LoanID) *lending.Loan {
	w.day = w.loan(id).Deadline.AddDays(1)
	w.dayEnd()
	return w.loan(id)
}

func units(l *lending.Loan) (out []int64) {
	for _, b := range l.Bids {
		out = append(out, b.Amount)
	}
	return out
}

// What each mechanism makes of the same three bids: the borrower's rate, what is taken of each, and
// what is on hold afterwards.
func TestTenderOfEachMechanism(t *testing.T) {
	for m, want := range map[lending.Mechanism]struct {
		rate  string
		taken []int64
	}{
		lending.ProRata:         {"12% per year", []int64{3333, 3333, 3334}},
		lending.UniformMarginal: {"9% per year", []int64{2000, 4000, 4000}},
		lending.UniformRejected: {"9% per year", []int64{2000, 4000, 4000}},
		lending.PayAsBid:        {"7.8% per year", []int64{2000, 4000, 4000}},
		lending.OpenAuction:     {"7.8% per year", []int64{2000, 4000, 4000}},
	} {
		t.Run(m.String(), func(t *testing.T) {
			w := tenderWorld(t, 0)
			id := w.open(tendered(m), 10_000, 3, "12% per year")
			w.bid(id, "bob", 4000, "9% per year")
			w.bid(id, "eve", 4000, "8% per year")
			w.bid(id, "dan", 4000, "7% per year")
			require.Equal(t, int64(10_000), w.loan(id).Raised)
			w.day = w.loan(id).Deadline
			w.dayEnd()
			require.Equal(t, lending.StateOpen, w.loan(id).State, "the deadline itself is a day of bids")
			l := w.after(id)
			require.Equal(t, lending.StateFullyFunded, l.State)
			require.Equal(t, want.rate, l.Rate.String())
			if m == lending.ProRata {
				slices.Sort(want.taken)
				got := units(l)
				slices.Sort(got)
				require.Equal(t, want.taken, got)
			} else {
				require.Equal(t, want.taken, units(l))
			}
			for i, p := range []lending.PartyID{"bob", "eve", "dan"} {
				require.Equal(t, l.Bids[i].Amount, w.wallet(p, cny).HeldTotal())
				require.Equal(t, l.Bids[i].Amount, w.wallet(p, cny).Stake(id).Minor)
			}
			require.ErrorIs(t, w.tryBid(id, "bob", 1, "1% per year"), lending.ErrState, "late")
			require.ErrorIs(t, try(w, officer, lending.CloseTender{Loan: id}), lending.ErrState, "twice")
			w.repaid(id)
		})
	}
}

// repaid takes a funded loan to its end and checks the books on the way.
func (w *world) repaid(id lending.LoanID) {
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.reports()
	for _, r := range w.loan(id).Plan.Rows() {
		if w.day = r.Due; r.Principal+r.Interest == 0 {
			continue // a plan of a few cents
		}
		w.repay(id, r.Principal+r.Interest)
		w.reports()
	}
	require.Equal(w.t, lending.StateClosed, w.loan(id).State)
}

// Each lender earns his own rate, also one with two bids at different rates, and the borrower pays
// their average.
func TestTenderOwnRates(t *testing.T) {
	w := tenderWorld(t, 1)
	id := w.open(tendered(lending.PayAsBid), 10_000, 12, "12% per year")
	w.bid(id, "bob", 2500, "4% per year")
	w.bid(id, "eve", 2500, "6% per year")
	w.bid(id, "bob", 2000, "8% per year")
	w.bid(id, "bob", 500, "4% per year")
	w.bid(id, "dan", 2500, "12% per year")
	require.Equal(t, "7.3% per year", w.after(id).Rate.String())
	w.repaid(id)
	l := w.loan(id)
	require.Len(t, l.Lots, 4, "equal rates of a lender are one lot")
	require.Equal(t, lending.PartyID("bob"), l.Lots[1].Holder)
	all := float64(l.Received[lending.Interest])
	sum := 3000.*4 + 2000*8 + 2500*12 + 2500*6
	for i, share := range []float64{3000 * 4, 2000 * 8, 2500 * 12, 2500 * 6} {
		require.InDelta(t, all*share/sum, float64(l.Lots[i].Paid[lending.Interest]), 1)
	}
}

// Bids that a tender refuses.
func TestTenderRefusesBids(t *testing.T) {
	w := tenderWorld(t, 0)
	p := tendered(lending.UniformMarginal)
	p.Tender.MinBid, p.Tender.Increment, p.Tender.MaxBid = amt(100, cny), amt(50, cny), amt(5000, cny)
	p.MinRate = schedule.MustRate("2% per year")
	id := w.open(p, 10_000, 3, "12% per year")
	for why, c := range map[string]lending.PlaceBid{
		"above the reserve": {Rate: schedule.MustRate("12.01% per year")},
		"below the floor":   {Rate: schedule.MustRate("1.99% per year")},
		"off the step":      {Rate: schedule.MustRate("5.001% per year")},
		"other basis":       {Rate: schedule.MustRate("5% per period")},
		"no rate":           {},
		"too small":         {Amount: amt(99, cny), Rate: schedule.MustRate("5% per year")},
		"off the increment": {Amount: amt(101, cny), Rate: schedule.MustRate("5% per year")},
		"too large":         {Amount: amt(5050, cny), Rate: schedule.MustRate("5% per year")},
	} {
		if c.Loan = id; c.Amount.IsZero() {
			c.Amount = amt(100, cny)
		}
		require.ErrorIs(t, try(w, party("bob"), c), lending.ErrBid, why)
	}
	require.ErrorIs(t, w.tryBid(id, "ann", 100, "5% per year"), lending.ErrBid, "the borrower")
	require.ErrorIs(t, w.tryBid(id, "bob", 100_050, "5% per year"), lending.ErrBid, "more than a bid may be")
	w.bid(id, "bob", 5000, "2% per year")
	fixed := w.open(tendered(lending.ProRata), 10_000, 3, "12% per year")
	err := try(w, party("bob"), lending.PlaceBid{Loan: fixed, Amount: amt(100, cny), Rate: schedule.MustRate("5% per year")})
	require.ErrorIs(t, err, lending.ErrBid, "a rate at a fixed rate")
	require.ErrorIs(t, w.tryBid(fixed, "eve", 100_001, ""), lending.ErrFunds)
}

// First come first served keeps to a lender's share and to the rule for the tail.
func TestTenderTailAndShare(t *testing.T) {
	for tail, want := range map[lending.TailRule]error{lending.AllowSmallLast: nil, lending.RefuseTail: lending.ErrBid} {
		w := tenderWorld(t, 0)
		p := tendered(lending.FirstCome)
		p.Tender.MinBid, p.Tender.Tail, p.Tender.MaxShare = amt(100, cny), tail, 600_000
		p.Tender.MaxPerLender, p.MaxAmount = amt(5999, cny), amt(10_000, cny)
		id := w.open(p, 10_000, 3, "12% per year")
		w.bid(id, "bob", 5900, "")
		require.ErrorIs(t, w.tryBid(id, "bob", 100, ""), lending.ErrBid, "above his share")
		require.ErrorIs(t, w.tryBid(id, "eve", 4001, ""), want, "%v: leaves 99", tail)
		if want != nil {
			w.bid(id, "eve", 4000, "")
		}
		placed := w.bid(id, "dan", 300, "") // cut to what is wanted
		require.Equal(t, int64(300), placed.Asked)
		require.True(t, placed.Full)
		require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
		require.Equal(t, lending.BidTaken, w.loan(id).Bids[0].State)
	}
}

// A bid may be withdrawn on the last day of its period and not on the next; the tender waits for it.
func TestTenderReflection(t *testing.T) {
	for _, m := range []lending.Mechanism{lending.FirstCome, lending.ProRata, lending.PayAsBid} {
		w := tenderWorld(t, 0)
		p := tendered(m)
		p.Tender.CancelDays, p.Tender.EarlyClose = 4, true
		id := w.open(p, 10_000, 3, "12% per year")
		w.bid(id, "bob", 4000, "5% per year")
		w.day = w.day.AddDays(4)
		require.ErrorIs(t, try(w, party("eve"), lending.WithdrawBid{Loan: id, Bid: 1}), lending.ErrActor)
		require.ErrorIs(t, try(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 2}), lending.ErrUnknown)
		do(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 1})
		require.ErrorIs(t, try(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 1}), lending.ErrState)
		require.Zero(t, w.wallet("bob", cny).HeldTotal())
		require.Zero(t, w.wallet("bob", cny).LentTotal())
		w.bid(id, "bob", 4000, "5% per year")
		last := w.bid(id, "eve", 6000, "5% per year")
		require.False(t, last.Full, "it may be withdrawn")
		if m == lending.FirstCome {
			require.ErrorIs(t, w.tryBid(id, "dan", 1, ""), lending.ErrBid)
		}
		w.day = last.Until
		w.dayEnd()
		require.Equal(t, lending.StateOpen, w.loan(id).State)
		require.ErrorIs(t, try(w, officer, lending.CloseTender{Loan: id}), lending.ErrPending)
		w.day = w.day.AddDays(1)
		require.ErrorIs(t, try(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 2}), lending.ErrBid)
		if w.dayEnd(); m != lending.FirstCome {
			do(w, party("ann"), lending.CloseTender{Loan: id})
		}
		require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
		require.ErrorIs(t, try(w, party("bob"), lending.WithdrawBid{Loan: id, Bid: 2}), lending.ErrState)
		w.repaid(id)
	}
}

// What happens at the deadline: exactly at the threshold, one unit below it, and all of it.
func TestTenderDeadline(t *testing.T) {
	for _, m := range []lending.Mechanism{lending.FirstCome, lending.ProRata, lending.UniformRejected, lending.OpenAuction} {
		for _, on := range []lending.OnDeadline{lending.FailTender, lending.ClosePartial, lending.AskBorrower} {
			for _, minor := range []int64{0, 6999, 7000, 9999} {
				w := tenderWorld(t, 0)
				p := tendered(m)
				if p.Tender.OnDeadline = on; on != lending.FailTender {
					p.Tender.MinFundedRatio = 700_000
				}
				if on == lending.AskBorrower {
					p.Tender.AnswerDays = 2
				}
				id := w.open(p, 10_000, 3, "12% per year")
				if minor > 0 {
					w.bid(id, "bob", minor, "5% per year")
				}
				l := w.after(id)
				name := fmt.Sprintf("%s %d %d", m, on, minor)
				switch {
				case minor < 7000 || on == lending.FailTender:
					require.Equal(t, lending.StateFailed, l.State, name)
					require.Zero(t, w.wallet("bob", cny).HeldTotal(), name)
					require.Zero(t, w.wallet("ann", cny).Debt(), name)
				case on == lending.ClosePartial:
					require.Equal(t, lending.StateFullyFunded, l.State, name)
					require.Equal(t, amt(minor, cny), l.Amount, name)
					require.Equal(t, amt(10_000, cny), l.Wanted, name)
					require.Equal(t, minor, w.wallet("ann", cny).Debt(), name)
					w.repaid(id)
				default:
					w.answers(id, minor)
				}
				w.reports()
			}
		}
	}
}

// answers tries a borrower's three answers to less than he wanted, the last on a loan of its own.
func (w *world) answers(id lending.LoanID, minor int64) {
	require.Equal(w.t, lending.StateOffered, w.loan(id).State)
	require.ErrorIs(w.t, try(w, party("bob"), lending.AcceptFunding{Loan: id}), lending.ErrActor)
	require.ErrorIs(w.t, try(w, party("bob"), lending.DeclineFunding{Loan: id}), lending.ErrActor)
	w.day = w.loan(id).AnswerBy
	w.dayEnd()
	require.Equal(w.t, int64(10_000), w.wallet("ann", cny).Debt())
	w.day = w.day.AddDays(1)
	require.ErrorIs(w.t, try(w, party("ann"), lending.AcceptFunding{Loan: id}), lending.ErrExpired)
	w.day = w.day.AddDays(-1)
	if minor%2 == 0 {
		do(w, party("ann"), lending.AcceptFunding{Loan: id})
		require.Equal(w.t, minor, w.wallet("ann", cny).Debt())
		w.repaid(id)
		return
	}
	if w.loan(id).Product.Tender.Mechanism == lending.FirstCome {
		do(w, party("ann"), lending.DeclineFunding{Loan: id})
	} else {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
	require.Equal(w.t, lending.StateFailed, w.loan(id).State)
	require.Zero(w.t, w.wallet("bob", cny).HeldTotal())
	require.Zero(w.t, w.wallet("ann", cny).Debt())
}

// A tender opens on its day, by the day-end or the first bid; it can be put off as often and as far
// as the product says, and closed early by those who may.
func TestTenderDates(t *testing.T) {
	w := tenderWorld(t, 0)
	p := tendered(lending.UniformMarginal)
	p.Tender.DelayDays, p.Tender.OpenDays, p.Tender.Extensions, p.Tender.ExtendDays = 3, 5, 1, 10
	p.Tender.EarlyClose, p.Tender.OnDeadline, p.Tender.MinFundedRatio = true, lending.ClosePartial, 500_000
	id, other := w.open(p, 10_000, 3, "12% per year"), w.open(p, 10_000, 3, "12% per year")
	start := w.day
	require.Equal(t, lending.StateScheduled, w.loan(id).State)
	require.ErrorIs(t, w.tryBid(id, "bob", 4999, "5% per year"), lending.ErrDate)
	w.day = start.AddDays(3)
	w.bid(other, "bob", 4999, "5% per year")
	require.Equal(t, lending.StateOpen, w.loan(other).State)
	w.dayEnd()
	require.Equal(t, lending.StateOpen, w.loan(id).State)
	require.ErrorIs(t, try(w, officer, lending.CloseTender{Loan: other}), lending.ErrState, "below the threshold")
	w.bid(other, "eve", 1, "6% per year")
	require.ErrorIs(t, try(w, party("ann"), lending.CloseTender{Loan: other}), lending.ErrState, "not full")
	require.ErrorIs(t, try(w, party("bob"), lending.CloseTender{Loan: other}), lending.ErrActor)
	do(w, officer, lending.CloseTender{Loan: other})
	require.Equal(t, "6% per year", w.loan(other).Rate.String())

	end := w.loan(id).Deadline
	require.Equal(t, start.AddDays(8), end)
	require.ErrorIs(t, try(w, officer, lending.ExtendTender{Loan: id, Until: end}), lending.ErrDate)
	require.ErrorIs(t, try(w, officer, lending.ExtendTender{Loan: id, Until: end.AddDays(11)}), lending.ErrDate)
	w.day = end
	do(w, officer, lending.ExtendTender{Loan: id, Until: end.AddDays(10)})
	require.ErrorIs(t, try(w, officer, lending.ExtendTender{Loan: id, Until: end.AddDays(11)}), lending.ErrLimit)
	w.day = end.AddDays(1)
	w.dayEnd()
	require.Equal(t, lending.StateOpen, w.loan(id).State, "it was put off")
	w.day = end.AddDays(10)
	w.bid(id, "eve", 5000, "7% per year")
	w.day = end.AddDays(11)
	require.ErrorIs(t, w.tryBid(id, "bob", 1, "5% per year"), lending.ErrBid)
	require.ErrorIs(t, try(w, officer, lending.ExtendTender{Loan: id, Until: end.AddDays(12)}), lending.ErrExpired)
	require.ErrorIs(t, try(w, officer, lending.CloseTender{Loan: id}), lending.ErrState)
	w.dayEnd()
	require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
	w.reports()
}

// Ties go to the earlier bid; the last cent is cut to the unit; equal rates are no displacement.
func TestTenderTies(t *testing.T) {
	for _, m := range []lending.Mechanism{lending.UniformMarginal, lending.UniformRejected, lending.PayAsBid} {
		w := tenderWorld(t, 0)
		id := w.open(tendered(m), 10_000, 3, "12% per year")
		w.bid(id, "eve", 9999, "5% per year")
		w.bid(id, "dan", 2, "5% per year")
		w.bid(id, "bob", 1, "5% per year")
		l := w.after(id)
		require.Equal(t, []int64{9999, 1, 0}, units(l), m)
		require.Equal(t, "5% per year", l.Rate.String())
		require.Equal(t, lending.BidLost, l.Bids[2].State)
	}
	w := tenderWorld(t, 0)
	id := w.open(tendered(lending.OpenAuction), 10_000, 3, "12% per year")
	w.bid(id, "eve", 10_000, "5% per year")
	require.ErrorIs(t, w.tryBid(id, "dan", 2, "5% per year"), lending.ErrBid)
	w.bid(id, "dan", 2, "4.99% per year")
	require.Equal(t, []int64{9998, 2}, units(w.loan(id)))
	require.Equal(t, int64(100_000-9998), w.wallet("eve", cny).Available, "displaced money is free at once")
}
