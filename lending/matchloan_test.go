package lending_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// What commands match is what an order book matches of the same rows, whatever the chunk: the fills
// and their order, the rests and their places, the borrower's rate.
func TestMatchEqualsOrderBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := bookWorld(t, lending.Config{Chunk: draw(t, "chunk", []int{1, 2, 3, 1000})})
		plain, err := lending.NewOrderBook(lending.TenderRules{Mechanism: lending.MarketRate, Reserve: 20 * percent, Round: money.HalfUp})
		require.NoError(t, err)
		who := []lending.PartyID{"", "ann", "bob", "eve", "dan"}
		p := tendered(lending.MarketRate)
		p.MinAmount, p.MaxAmount, p.Tender.MaxPerLender = amt(1, cny), amt(3000, cny), draw(t, "most", []money.Amount{{}, amt(700, cny)})
		p.Tender.OnDeadline, p.Tender.MinFundedRatio = lending.ClosePartial, draw(t, "enough", []int64{1, 500_000, lending.Million})
		p.Tender.MaxShare = draw(t, "share", []int64{0, 600_000})
		for range rapid.IntRange(1, 3).Draw(t, "loans") {
			for range rapid.IntRange(0, 6).Draw(t, "offers") {
				n, rate := rapid.IntRange(1, 4).Draw(t, "lender"), rapid.IntRange(1, 8).Draw(t, "rate")
				units, term := rapid.Int64Range(1, 900).Draw(t, "units"), rapid.IntRange(2, 3).Draw(t, "term")
				id := w.offer(who[n], term, units, fmt.Sprintf("%d%% per year", rate))
				require.NoError(t, plain.Post(term, lending.Offer{Units: units, Pico: int64(rate) * percent, Time: int64(id), ID: uint32(id), Lender: uint32(n)}))
			}
			wish := lending.Wish{Term: rapid.IntRange(2, 3).Draw(t, "term"), Amount: rapid.Int64Range(1, 3000).Draw(t, "amount"),
				Reserve: int64(rapid.IntRange(1, 9).Draw(t, "reserve")) * percent, MaxPerLender: p.Tender.MaxPerLender.Minor(),
				MaxShare: p.Tender.MaxShare, Borrower: 1}
			id := w.open(p, wish.Amount, wish.Term, fmt.Sprintf("%d%% per year", wish.Reserve/percent))
			got := w.match(id)
			want, err := plain.Match(wish)
			require.NoError(t, err)
			require.Equal(t, len(want.Fills), len(got.Fills))
			for i, f := range want.Fills {
				require.Equal(t, lending.BookFill{Place: lending.Place{Pico: f.Offer.Pico, Offer: int(f.Offer.ID)},
					Lender: who[f.Offer.Lender], Minor: f.Units}, got.Fills[i])
			}
			for _, o := range w.book().Offers {
				left, err := plain.Withdraw(uint32(o.Offer))
				require.NoError(t, err)
				require.Equal(t, left.Units, o.Minor)
				require.NoError(t, plain.Post(o.Term, left))
			}
			l := w.loan(id)
			require.Equal(t, want.Total, l.Raised)
			w.reports()
			if want.Total == wish.Amount {
				require.Equal(t, lending.StateFullyFunded, l.State)
				require.Equal(t, want.Pico, l.Rate.Pico())
				continue
			}
			w.day = l.Deadline.AddDays(1)
			w.dayEnd()
			if l = w.loan(id); want.Total >= max(1, (wish.Amount*p.Tender.MinFundedRatio+lending.Million-1)/lending.Million) {
				require.Equal(t, lending.StateFullyFunded, l.State)
				require.Equal(t, want.Pico, l.Rate.Pico())
			} else {
				require.Equal(t, lending.StateFailed, l.State)
				require.Zero(t, w.wallet("bob", cny).Stake(id))
			}
			w.reports()
		}
	})
}

// Each lender earns the rate of his offer, the borrower pays their average, and all is paid back.
func TestMatchedLoanRepays(t *testing.T) {
	w := bookWorld(t, lending.Config{Chunk: 1})
	w.offer("bob", 3, 6_000, "9% per year")
	w.offer("eve", 3, 6_000, "8% per year")
	w.offer("bob", 2, 6_000, "1% per year")
	w.offer("bob", 3, 6_000, "12.5% per year")
	id := w.open(tendered(lending.MarketRate), 10_000, 3, "12% per year")
	e := w.match(id)
	require.Equal(t, []lending.BookFill{
		{Place: lending.Place{Pico: 8 * percent, Offer: 2}, Lender: "eve", Minor: 6_000},
		{Place: lending.Place{Pico: 9 * percent, Offer: 1}, Lender: "bob", Minor: 4_000}}, e.Fills)
	l := w.loan(id)
	require.Equal(t, schedule.MustRate("8.4% per year"), l.Rate)
	require.Equal(t, int64(4_000), w.wallet("bob", cny).LentTo("ann"))
	require.Equal(t, int64(14_000), w.wallet("bob", cny).Held["book.rolling"])
	w.repaid(id)
	require.Equal(t, []int64{9, 8}, []int64{w.loan(id).Lots[0].Weight, w.loan(id).Lots[1].Weight})
}

// A loan at the market rate takes no bids, by hand or by order, and a book fills its own loans alone.
func TestMatchRefuses(t *testing.T) {
	w := bookWorld(t, lending.Config{})
	w.withQueue(lending.QueueRules{Turns: lending.KeepsPlace})
	p := tendered(lending.MarketRate)
	p.Tender.DelayDays = 1
	id := w.open(p, 1_000, 3, "12% per year")
	match := func(market lending.Code, id lending.LoanID) error {
		return try(w, timer, lending.MatchLoan{Market: market, Loan: id})
	}
	require.ErrorIs(t, match("rolling", id), lending.ErrState, "not open yet")
	w.day = w.day.AddDays(1)
	w.dayEnd()
	require.ErrorIs(t, w.tryBid(id, "bob", 100, "9% per year"), lending.ErrBid)
	require.ErrorContains(t, w.tryBid(id, "bob", 100, "9% per year"), "place an offer")
	require.ErrorIs(t, try(w, timer, lending.FillLoan{Market: "retail", Loan: id}), lending.ErrBid)
	require.ErrorIs(t, match("nowhere", id), lending.ErrUnknown)
	require.ErrorIs(t, match("rolling", "L-nowhere"), lending.ErrUnknown)
	require.ErrorIs(t, match("rolling", "L nowhere"), lending.ErrID)
	require.ErrorIs(t, match("rolling", w.open(tendered(lending.PayAsBid), 1_000, 3, "12% per year")), lending.ErrTerms)
	require.ErrorIs(t, try(w, officer, lending.MatchLoan{Market: "rolling", Loan: id}), lending.ErrActor)
	_, err := w.desk.Match(context.Background(), w.meta(timer), "L-nowhere")
	require.ErrorIs(t, err, lending.ErrUnknown)

	for name, edit := range map[string]func(*lending.Product){
		"period": func(p *lending.Product) { p.Every = schedule.Weeks(1) },
		"step":   func(p *lending.Product) { p.Tender.RateStep = schedule.MustRate("1% per year") },
		"lowest": func(p *lending.Product) { p.MinRate = schedule.MustRate("0.51% per year") },
	} {
		p := tendered(lending.MarketRate)
		edit(&p)
		require.ErrorIs(t, match("rolling", w.open(p, 1_000, 3, "12% per year")), lending.ErrTerms, name)
	}
	w.day = w.loan(id).Deadline.AddDays(1)
	require.ErrorIs(t, match("rolling", id), lending.ErrBid)
	require.NoError(t, try(w, timer, lending.MatchLoan{Market: "rolling", Loan: id, After: lending.Place{Offer: 1}}), "ends what was begun")

	later := w.open(tendered(lending.MarketRate), 1_000, 3, "12% per year")
	w.offer("bob", 3, 10, "9% per year")
	w.match(later)
	w.day = w.day.AddDays(-1)
	require.ErrorIs(t, match("rolling", later), lending.ErrDate, "before it opens")
	w.day = w.day.AddDays(2)
	other := w.open(tendered(lending.MarketRate), 1_000, 3, "12% per year")
	w.offer("bob", 3, 10, "9% per year")
	w.match(other)
	w.day = w.day.AddDays(-1)
	require.ErrorIs(t, match("rolling", later), lending.ErrDate, "before the last trades")

	own := newWorld(t, lending.Config{Custody: lending.PerUser})
	require.ErrorIs(t, try(own, officer, lending.DefineBook{Market: "rolling", Rules: rolling(cny)}), lending.ErrConfig)
}

// Who may not lend, or not so much, is passed over and keeps his place.
func TestMatchPassesOver(t *testing.T) {
	w := bookWorld(t, lending.Config{Chunk: 1})
	w.offer("bob", 3, 500, "1% per year")
	w.offer("eve", 3, 500, "2% per year")
	w.offer("eve", 3, 200, "3% per year")
	w.offer("dan", 3, 500, "4% per year")
	do(w, officer, lending.Freeze{Party: "bob"})
	do(w, officer, lending.RecordCategory{Party: "eve", Category: lending.Category{Name: "restricted",
		Evidence: event.Hash{1}, Expires: w.day.AddDays(100), Limits: lending.Limits{PerLoan: amt(300, cny)}}})
	id := w.open(tendered(lending.MarketRate), 1_000, 3, "12% per year")
	offers := func(fills []lending.BookFill) (ns []int) {
		for _, f := range fills {
			ns = append(ns, f.Offer)
		}
		return ns
	}
	require.Equal(t, []int{3, 4}, offers(w.match(id).Fills))
	require.Empty(t, w.match(id).Fills)
	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	require.Equal(t, []int{1}, offers(w.match(id).Fills))
	require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
	require.Equal(t, []int{1, 2}, []int{w.book().Offers[0].Offer, w.book().Offers[1].Offer})
	w.reports()
}

// A crash between two steps loses nothing, whether the host resumes with the same key or asks anew.
func TestMatchAfterCrash(t *testing.T) {
	prepare := func(left int) (*world, lending.LoanID) {
		w := bookWorld(t, lending.Config{})
		for i := range 7 {
			w.offer([]lending.PartyID{"bob", "eve", "dan"}[i%3], 3, 300, fmt.Sprintf("%d%% per year", 1+i*3%7))
		}
		id := w.open(tendered(lending.MarketRate), 2_000, 3, "12% per year")
		desk, err := lending.Open(lending.Config{Store: &crash{w.store, left}, Chunk: 2})
		require.NoError(t, err)
		w.desk = desk
		return w, id
	}
	ctx := context.Background()
	plain, id := prepare(1000)
	want := plain.match(id)
	require.Len(t, want.Fills, 7)
	for left := range 4 {
		for _, resume := range []bool{true, false} {
			w, id := prepare(left)
			m := lending.Meta{Key: "first", Actor: timer, On: w.day}
			_, err := w.desk.Match(ctx, m, id)
			require.True(t, errors.Is(err, errDown))
			w.reports()
			if !resume {
				m.Key = "second"
			}
			got, err := w.desk.Match(ctx, m, id)
			require.NoError(t, err)
			if resume {
				require.Equal(t, want, got)
			}
			require.Equal(t, plain.loan(plain.reports().Loans()[0]).Bids, w.loan(id).Bids)
			require.Equal(t, plain.book(), w.book())
			w.reports()
		}
	}
}

// The market rate of a day is that of the last day before it with trades, of the term alone.
func TestMarketRate(t *testing.T) {
	w := bookWorld(t, lending.Config{})
	ctx, first := context.Background(), w.day
	trade := func(rate string, minor int64) {
		w.offer("bob", 3, minor, rate)
		w.match(w.open(tendered(lending.MarketRate), minor, 3, "12% per year"))
	}
	rate := func(days int) lending.TermRate {
		r, err := w.desk.MarketRate(ctx, "rolling", 3, first.AddDays(days))
		if err != nil {
			require.ErrorIs(t, err, lending.ErrUnknown)
		}
		return r
	}
	require.Zero(t, rate(1))
	trade("8% per year", 2_000)
	trade("9% per year", 1_000)
	require.Zero(t, rate(0), "the day is not over")
	one := lending.TermRate{Term: 3, Day: first, Minor: 3_000, Rate: schedule.MustRate("8.3333333333% per year")}
	require.Equal(t, one, rate(1))
	w.day = first.AddDays(2)
	trade("4% per year", 500)
	require.Equal(t, one, rate(2))
	require.Equal(t, lending.TermRate{Term: 3, Day: w.day, Minor: 500, Rate: schedule.MustRate("4% per year")}, rate(30))
	w.day = first.AddDays(3)
	trade("5% per year", 500)
	require.Zero(t, rate(1), "forgotten")
	_, err := w.desk.MarketRate(ctx, "rolling", 2, first.AddDays(9))
	require.ErrorIs(t, err, lending.ErrUnknown)
	_, err = w.desk.MarketRate(ctx, "nowhere", 3, first.AddDays(9))
	require.ErrorIs(t, err, lending.ErrUnknown)
}

// Hostile records of a book change it or not, and its rates are rates.
func TestBookHostile(t *testing.T) {
	b := new(lending.OfferBook)
	lending.BookDefined{Market: "rolling", Rules: rolling(cny)}.Apply(b)
	place := lending.Place{Pico: 1 << 62, Offer: -1}
	for range 5 {
		lending.BookMatched{Term: -1, Fills: []lending.BookFill{{Place: place, Minor: 1 << 62}, {Minor: -1}}}.Apply(b)
		lending.OfferPlaced{Offer: -1, Term: -1}.Apply(b)
		lending.OfferWithdrawn{Offer: -1, Minor: -5}.Apply(b)
	}
	lending.BookMatched{Term: 1, On: newWorld(t, lending.Config{}).day, Fills: []lending.BookFill{{Minor: 1}}}.Apply(b)
	_, err := b.Rate(1, newWorld(t, lending.Config{}).day.AddDays(1))
	require.NoError(t, err)
}
