package lending_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A tender run by commands has the outcome of [lending.ClearTender] on the same rows, and the same on
// a desk that pays wallet by wallet and folds every stream anew.
func TestTenderEqualsClearing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]lending.Mechanism{lending.ProRata, lending.UniformMarginal, lending.UniformRejected,
			lending.PayAsBid, lending.OpenAuction}).Draw(t, "mechanism")
		p := tendered(m)
		r := &p.Tender
		r.MinBid, r.OnDeadline = amt(rapid.Int64Range(1, 20).Draw(t, "minimum"), cny), lending.ClosePartial
		p.MinAmount, p.MaxAmount = r.MinBid, amt(1000, cny)
		r.MinFundedRatio = rapid.Int64Range(1, lending.Million).Draw(t, "threshold")
		r.MaxShare = rapid.SampledFrom([]int64{0, 0, 200_000, 500_000}).Draw(t, "share")
		if rapid.Bool().Draw(t, "most") {
			r.MaxPerLender = amt(rapid.Int64Range(20, 500).Draw(t, "per lender"), cny)
		}
		if rapid.Bool().Draw(t, "step") {
			r.Increment = amt(rapid.Int64Range(1, 7).Draw(t, "increment"), cny)
		}
		r.Round = rapid.SampledFrom([]money.Mode{money.HalfEven, money.Up, money.Down}).Draw(t, "round")
		if m == lending.OpenAuction {
			r.Decrement = schedule.MustRate("0.5% per year")
		}
		a := newWorld(t, lending.Config{})
		b := newWorld(t, lending.Config{Chunk: 1, States: -1})
		worlds := []*world{a, b}
		names := []lending.PartyID{"zed", "bob", "eve", "dan"}
		var ids []lending.LoanID
		for _, w := range worlds {
			w.register(append(names, "ann")...)
			for _, n := range names {
				w.deposit(n, amt(10_000, cny))
			}
			ids = append(ids, w.open(p, 1000, 3, "12% per year"))
		}
		rules := lending.TenderRules{Mechanism: m, Amount: 1000, Reserve: schedule.MustRate("12% per year").Pico(),
			RateStep: r.RateStep.Pico(), MinBid: r.MinBid.Minor(), Increment: r.Increment.Minor(),
			MaxPerLender: r.MaxPerLender.Minor(), MaxShare: r.MaxShare, Threshold: r.MinFundedRatio,
			Decrement: r.Decrement.Pico(), Round: r.Round}
		var offers []lending.Offer
		for i := range rapid.IntRange(0, 12).Draw(t, "bids") {
			who := rapid.IntRange(0, len(names)-1).Draw(t, "lender")
			steps := rapid.Int64Range(0, 60).Draw(t, "steps") * max(1, r.Increment.Minor())
			rate := fmt.Sprintf("%d%% per year", rapid.IntRange(1, 12).Draw(t, "rate"))
			minor := r.MinBid.Minor() + steps
			err := a.tryBid(ids[0], names[who], minor, rate)
			require.Equal(t, lending.CodeOf(err), lending.CodeOf(b.tryBid(ids[1], names[who], minor, rate)))
			b.deliver()
			if err != nil {
				require.ErrorIs(t, err, lending.ErrBid, "not good enough")
				continue
			}
			offers = append(offers, lending.Offer{Units: minor, Pico: named(a.loan(ids[0]), rate).Pico(),
				Time: int64(i), ID: uint32(i), Lender: uint32(who + 1)})
		}
		want, err := lending.ClearTender(rules, offers)
		require.NoError(t, err)
		for i, w := range worlds {
			l := w.after(ids[i])
			w.deliver()
			sameOutcome(t, w, l, want)
		}
	})
}

// sameOutcome compares a loan with the outcome of its offers.
func sameOutcome(t *rapid.T, w *world, l *lending.Loan, want lending.Cleared) {
	w.reports()
	if want.Failure != 0 {
		require.Equal(t, lending.StateFailed, l.State)
		return
	}
	require.Equal(t, lending.StateFullyFunded, l.State)
	require.Equal(t, want.Total, l.Amount.Minor())
	require.Equal(t, want.Pico, l.Rate.Pico())
	require.Equal(t, want.Taken, units(l))
	held := map[lending.PartyID]int64{}
	for _, b := range l.Bids {
		held[b.Lender] += b.Amount
	}
	for p, n := range held {
		require.Equal(t, n, w.wallet(p, cny).HeldTotal())
	}
	w.repaid(l.ID)
}

// Contradictions in a tender's rules are reported together.
func TestTenderContradictions(t *testing.T) {
	for why, bend := range map[string]func(*lending.Product){
		"names no mechanism":                func(p *lending.Product) { p.Tender.Mechanism = 0 },
		"names none":                        func(p *lending.Product) { p.Tender.Mechanism = lending.MarketRate },
		"is not filled from one":            func(p *lending.Product) { p.Tender.Book = "rolling" },
		"filled by the rules of a book":     func(p *lending.Product) { p.Tender.Mechanism, p.Tender.MaxPerBid = lending.MarketRate, 1 },
		"what is matched":                   func(p *lending.Product) { p.Tender.Mechanism, p.Tender.CancelDays = lending.MarketRate, 4 },
		"smallest bid":                      func(p *lending.Product) { p.Tender.MinBid = amt(101, cny) },
		"increment":                         func(p *lending.Product) { p.Tender.Increment = amt(-1, cny) },
		"largest bid CNY":                   func(p *lending.Product) { p.Tender.MinBid, p.Tender.MaxBid = amt(3, cny), amt(2, cny) },
		"largest bid 1000001":               func(p *lending.Product) { p.Tender.MaxPerBid = lending.Million + 1 },
		"largest sum":                       func(p *lending.Product) { p.Tender.MaxPerLender = amt(-1, cny) },
		"largest share":                     func(p *lending.Product) { p.Tender.MaxShare = -1 },
		"no rule for the tail":              func(p *lending.Product) { p.Tender.Tail = 0 },
		"open for":                          func(p *lending.Product) { p.Tender.OpenDays = -1 },
		"opens after":                       func(p *lending.Product) { p.Tender.DelayDays = 4000 },
		"revocable for":                     func(p *lending.Product) { p.Tender.CancelDays = -1 },
		"for its review":                    func(p *lending.Product) { p.Tender.ReviewDays = -1 },
		"none is revocable":                 func(p *lending.Product) { p.Tender.Mechanism, p.Tender.CancelDays = lending.OpenAuction, 4 },
		"extensions of":                     func(p *lending.Product) { p.Tender.ExtendDays = 4 },
		"1000 extensions":                   func(p *lending.Product) { p.Tender.Extensions, p.Tender.ExtendDays = 1000, 1 },
		"does not say what happens":         func(p *lending.Product) { p.Tender.OnDeadline = 0 },
		"1 ppm to be funded":                func(p *lending.Product) { p.Tender.MinFundedRatio = 1 },
		"0 ppm to be funded":                func(p *lending.Product) { p.Tender.OnDeadline = lending.ClosePartial },
		"is asked for":                      func(p *lending.Product) { p.Tender.AnswerDays = 1 },
		"step of rates that is of another":  func(p *lending.Product) { p.Tender.RateStep = schedule.MustRate("1% per period") },
		"decrement that is of another":      func(p *lending.Product) { p.Tender.Decrement = schedule.MustRate("1% per period") },
		"decrement and is no open":          func(p *lending.Product) { p.Tender.Decrement = schedule.MustRate("1% per year") },
		"no rounding mode for the borrower": func(p *lending.Product) { p.Tender.Round = 0 },
		"rate of zero":                      func(p *lending.Product) { p.MinRate = schedule.MustRate("0% per year") },
		"no step of rates":                  func(p *lending.Product) { p.Tender.RateStep = schedule.Rate{} },
		"one too fine for the largest loan": func(p *lending.Product) { p.Tender.RateStep = schedule.MustRate("0.0000000001% per year") },
	} {
		p := tendered(lending.PayAsBid)
		require.NoError(t, p.Validate())
		bend(&p)
		err := p.Validate()
		require.ErrorIs(t, err, lending.ErrTerms, why)
		require.ErrorContains(t, err, why)
	}
	p := tendered(lending.PayAsBid)
	p.Tender.Tail, p.Tender.OnDeadline, p.Tender.Round = 0, 0, 0
	require.ErrorContains(t, p.Validate(), "\n")
	p = tendered(lending.ProRata)
	p.Tender.RateStep = schedule.MustRate("1% per year")
	require.ErrorContains(t, p.Validate(), "at a fixed rate")
}

// A tender of many bids is cleared in one event that every store takes, also the largest that there
// can be, and released in chunks.
func TestTenderOfManyBids(t *testing.T) {
	t.Parallel()
	alone(t)
	const bids, lenders = 20_000, 400
	w := newWorld(t, lending.Config{})
	w.register("ann")
	names := make([]lending.PartyID, lenders)
	for i := range names {
		names[i] = lending.PartyID(fmt.Sprintf("lender-%04d", i))
		w.register(names[i])
		w.deposit(names[i], amt(1_000_000, cny))
	}
	id := w.open(tendered(lending.ProRata), 1_000_000, 3, "12% per year")
	for i := range bids {
		c := lending.PlaceBid{Loan: id, Amount: amt(int64(1000+i%7), cny)}
		do(w, party(names[i%lenders]), c)
	}
	l := w.after(id)
	require.Equal(t, lending.StateFullyFunded, l.State)
	require.Equal(t, int64(1_000_000), l.Offered)
	w.reports()
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	require.Len(t, w.loan(id).Lots, lenders)

	largest := lending.TenderCleared{By: "someone", Taken: make([]int64, 100_000)}
	for i := range largest.Taken {
		largest.Taken[i] = lending.MaxLoan
	}
	require.Less(t, len(event.Encode(nil, 1, &largest)), event.MaxRecord)
}

// A listing shows the rates of an open auction, and none of a sealed one before it is cleared.
func TestTenderListing(t *testing.T) {
	for _, m := range []lending.Mechanism{lending.ProRata, lending.PayAsBid, lending.OpenAuction} {
		w := tenderWorld(t, 0)
		id := w.open(tendered(m), 10_000, 3, "12% per year")
		w.bid(id, "bob", 5000, "9% per year")
		w.bid(id, "eve", 5000, "7% per year")
		v := w.reports().Listings(lending.StateOpen)[0]
		require.Equal(t, "12% per year", v.Rate)
		switch m {
		case lending.OpenAuction:
			require.Equal(t, []string{"7% per year", "9% per year"}, []string{v.Lowest, v.Highest})
			require.Equal(t, "8.9999999999% per year", v.ToBeat)
		default:
			require.Empty(t, v.Lowest+v.Highest+v.ToBeat, "sealed")
		}
		w.after(id)
		v = w.reports().Listings(lending.StateFullyFunded)[0]
		require.Equal(t, "12% per year", v.Reserve)
		require.Empty(t, v.ToBeat)
		require.Equal(t, m == lending.ProRata, v.Lowest == "")
	}
}

// A loan is not closed in part below the smallest of its product.
func TestTenderBelowSmallestLoan(t *testing.T) {
	w := tenderWorld(t, 0)
	p := tendered(lending.PayAsBid)
	p.MinAmount, p.Tender.OnDeadline, p.Tender.MinFundedRatio = amt(5000, cny), lending.ClosePartial, 1
	id := w.open(p, 10_000, 3, "12% per year")
	w.bid(id, "bob", 4999, "9% per year")
	require.Equal(t, lending.StateFailed, w.after(id).State)
}

// A lender who outbids himself moves the difference alone, whatever the size of a chunk; a bid that
// displaces more wallets than a chunk leaves a payout, and the tender goes on, ends or is cancelled.
func TestTenderDisplaces(t *testing.T) {
	for _, chunk := range []int{1, 50} {
		w := tenderWorld(t, chunk)
		p := tendered(lending.OpenAuction)
		p.Tender.MaxPerLender = amt(100_000, cny)
		id := w.open(p, 200_000, 3, "12% per year")
		w.bid(id, "bob", 100_000, "9% per year")
		w.bid(id, "bob", 100_000, "8% per year")
		require.Equal(t, []int64{0, 100_000}, units(w.loan(id)))
		require.Equal(t, lending.BidOutbid, w.loan(id).Bids[0].State)
		w.bid(id, "eve", 100_000, "8% per year")
		w.register("fay")
		w.deposit("fay", amt(200_000, cny))
		require.ErrorIs(t, w.tryBid(id, "fay", 200_000, "12% per year"), lending.ErrBid)
		w.bid(id, "fay", 100_000, "7% per year")
		w.bid(id, "dan", 50_000, "6% per year") // takes from bob's
		w.day = w.day.AddDays(1)
		do(w, officer, lending.CancelTender{Loan: id, Reason: "withdrawn"})
		w.deliver()
		for _, who := range []lending.PartyID{"bob", "eve", "dan", "fay"} {
			require.Zero(t, w.wallet(who, cny).HeldTotal(), who)
			require.Zero(t, w.wallet(who, cny).LentTotal(), who)
		}
		w.reports()
	}
	w := tenderWorld(t, 1)
	id := w.open(tendered(lending.OpenAuction), 10_000, 3, "12% per year")
	w.bid(id, "bob", 5000, "9% per year")
	w.bid(id, "eve", 5000, "9% per year")
	first := w.bid(id, "dan", 8000, "8% per year")
	require.NotEmpty(t, first.Payout)
	require.Len(t, first.Outbid, 2)
	require.Equal(t, int64(5000), w.wallet("eve", cny).HeldTotal(), "not carried out yet")
	second := w.bid(id, "eve", 9000, "7% per year") // displaces bob and dan while the first is under way
	require.NotEqual(t, first.Payout, second.Payout)
	w.reports()
	do(w, officer, lending.CancelTender{Loan: id, Reason: "withdrawn"})
	w.reports()
	w.deliver()
	for _, who := range []lending.PartyID{"bob", "eve", "dan"} {
		require.Equal(t, int64(100_000), w.wallet(who, cny).Available, who)
	}
	w.reports()
}

// A loan has room for so many lots; a bid in an open auction has the room of those it displaces.
func TestTenderRoomForLots(t *testing.T) {
	t.Parallel()
	alone(t)
	for _, m := range []lending.Mechanism{lending.PayAsBid, lending.OpenAuction} {
		w := tenderWorld(t, 0)
		p := tendered(m)
		p.Tender.RateStep = schedule.MustRate("0.001% per year")
		id := w.open(p, lending.MaxLots, 3, "36% per year")
		for i := range lending.MaxLots {
			who := lending.PartyID(fmt.Sprintf("l%d", i/50))
			if i%50 == 0 {
				w.register(who)
				w.deposit(who, amt(100, cny))
			}
			rate := schedule.MustRate(fmt.Sprintf("%d.%03d%% per year", 1+i/1000, i%1000))
			do(w, party(who), lending.PlaceBid{Loan: id, Amount: amt(1, cny), Rate: rate})
		}
		if err := w.tryBid(id, "eve", 1, "0.5% per year"); m == lending.PayAsBid {
			require.ErrorIs(t, err, lending.ErrBid)
			w.bid(id, "l0", 1, "1% per year")
			continue
		}
		require.Equal(t, lending.BidOutbid, w.loan(id).Bids[lending.MaxLots-1].State)
		require.ErrorIs(t, w.tryBid(id, "eve", 1, "5.999% per year"), lending.ErrBid)
	}
}
