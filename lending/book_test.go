package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// rolling are the rules of a book for loans of tendered(MarketRate).
func rolling(c money.Currency) lending.BookRules {
	return lending.BookRules{
		Every: schedule.Months(1), Terms: []int{1, 2, 3, 4, 5, 6}, MinOffer: amt(1, c),
		MinRate: schedule.MustRate("0.5% per year"), RateStep: schedule.MustRate("0.5% per year"),
		MaxRate: schedule.MustRate("20% per year"), Round: money.HalfUp,
	}
}

func (w *world) withBook() *world {
	do(w, officer, lending.DefineBook{Market: "rolling", Rules: rolling(cny)})
	return w
}

func (w *world) book() *lending.OfferBook {
	b, err := w.desk.Book(context.Background(), "rolling")
	require.NoError(w.t, err)
	return b
}

// offer places an offer that must be taken.
func (w *world) offer(who lending.PartyID, term int, minor int64, rate string) int {
	return do(w, party(who), lending.PlaceOffer{Market: "rolling", Term: term, Amount: amt(minor, cny),
		Rate: schedule.MustRate(rate)}).Offer
}

// match fills a loan from its book.
func (w *world) match(id lending.LoanID) lending.BookMatched {
	e, err := w.desk.Match(context.Background(), w.meta(timer), id)
	require.NoError(w.t, err)
	return e
}

// bookWorld has a book and three lenders with money.
func bookWorld(t require.TestingT, cfg lending.Config) *world {
	w := newWorld(t, cfg).withBook()
	w.register("ann", "bob", "eve", "dan")
	for _, p := range []lending.PartyID{"ann", "bob", "eve", "dan"} {
		w.deposit(p, amt(100_000, cny))
	}
	return w
}

// Everything that is wrong with the rules is said at once, each rule on both sides of its bound.
func TestBookRulesValidate(t *testing.T) {
	ok := rolling(cny)
	ok.Increment, ok.MaxOffer = amt(1, cny), amt(1, cny)
	require.NoError(t, ok.Validate())
	for name, edit := range map[string]func(*lending.BookRules){
		"period":       func(r *lending.BookRules) { r.Every = schedule.Frequency{} },
		"no terms":     func(r *lending.BookRules) { r.Terms = nil },
		"order":        func(r *lending.BookRules) { r.Terms = []int{2, 1} },
		"twice":        func(r *lending.BookRules) { r.Terms = []int{1, 1} },
		"term 0":       func(r *lending.BookRules) { r.Terms = []int{0, 1} },
		"long term":    func(r *lending.BookRules) { r.Terms = []int{lending.MaxTerm + 1} },
		"no minimum":   func(r *lending.BookRules) { r.MinOffer = amt(0, cny) },
		"increment":    func(r *lending.BookRules) { r.Increment = amt(1, money.MustCurrency("JPY")) },
		"below":        func(r *lending.BookRules) { r.Increment = amt(-1, cny) },
		"maximum":      func(r *lending.BookRules) { r.MinOffer = amt(2, cny) },
		"other yen":    func(r *lending.BookRules) { r.MaxOffer = amt(1, money.MustCurrency("JPY")) },
		"rate of zero": func(r *lending.BookRules) { r.MinRate = schedule.Rate{} },
		"no rate":      func(r *lending.BookRules) { r.MaxRate = schedule.MustRate("0.49% per year") },
		"basis":        func(r *lending.BookRules) { r.MaxRate = schedule.MustRate("20% per period") },
		"step":         func(r *lending.BookRules) { r.RateStep = schedule.Rate{} },
		"rounding":     func(r *lending.BookRules) { r.Round = 0 },
	} {
		r := ok
		edit(&r)
		require.ErrorIs(t, r.Validate(), lending.ErrTerms, name)
	}
	none := lending.BookRules{}
	require.Greater(t, len(none.Validate().(interface{ Unwrap() []error }).Unwrap()), 5)
}

// What standing offers rely on does not change; the rest does, for what is offered later.
func TestBookRedefined(t *testing.T) {
	w := bookWorld(t, lending.Config{})
	for name, edit := range map[string]func(*lending.BookRules){
		"currency": func(r *lending.BookRules) { r.MinOffer = amt(1, money.MustCurrency("JPY")) },
		"period":   func(r *lending.BookRules) { r.Every = schedule.Weeks(1) },
		"lowest":   func(r *lending.BookRules) { r.MinRate = schedule.MustRate("1% per year") },
		"step":     func(r *lending.BookRules) { r.RateStep = schedule.MustRate("0.25% per year") },
		"rounding": func(r *lending.BookRules) { r.Round = money.Down },
	} {
		r := rolling(cny)
		edit(&r)
		require.ErrorIs(t, try(w, officer, lending.DefineBook{Market: "rolling", Rules: r}), lending.ErrTerms, name)
	}
	require.ErrorIs(t, try(w, officer, lending.DefineBook{Market: "a b", Rules: rolling(cny)}), event.ErrBadName)
	require.ErrorIs(t, try(w, officer, lending.DefineBook{Market: "new"}), lending.ErrTerms)
	require.ErrorIs(t, try(w, party("bob"), lending.DefineBook{Market: "new", Rules: rolling(cny)}), lending.ErrActor)
	w.offer("bob", 6, 100, "15% per year")
	r := rolling(cny)
	r.Terms, r.MaxRate = []int{3}, schedule.MustRate("10% per year")
	do(w, officer, lending.DefineBook{Market: "rolling", Rules: r})
	require.ErrorIs(t, w.tryOffer("bob", 6, 100, "5% per year"), lending.ErrBid)
	require.ErrorIs(t, w.tryOffer("bob", 3, 100, "10.5% per year"), lending.ErrBid)
	require.Len(t, w.book().Offers, 1, "what stood stands")
}

func (w *world) tryOffer(who lending.PartyID, term int, minor int64, rate string) error {
	return try(w, party(who), lending.PlaceOffer{Market: "rolling", Term: term, Amount: amt(minor, cny),
		Rate: schedule.MustRate(rate)})
}

// An offer's money is on hold until it is withdrawn, by its lender or an officer. What a book does not
// take is refused.
func TestOffersPlacedAndWithdrawn(t *testing.T) {
	w := bookWorld(t, lending.Config{})
	first, second := w.offer("bob", 3, 60_000, "9% per year"), w.offer("bob", 2, 40_000, "8% per year")
	require.Equal(t, []int{1, 2}, []int{first, second})
	require.Zero(t, w.wallet("bob", cny).Available)
	require.Equal(t, int64(100_000), w.wallet("bob", cny).HeldTotal())
	require.Zero(t, w.wallet("bob", cny).LentTotal(), "no stake yet")

	var funds *lending.FundsError
	require.ErrorAs(t, w.tryOffer("bob", 3, 1, "9% per year"), &funds)
	require.ErrorIs(t, w.tryOffer("eve", 7, 1, "9% per year"), lending.ErrBid)
	require.ErrorIs(t, w.tryOffer("eve", 3, 0, "9% per year"), lending.ErrAmount)
	require.ErrorIs(t, w.tryOffer("eve", 3, 1, "9% per period"), lending.ErrBid)
	require.ErrorIs(t, w.tryOffer("eve", 3, 1, "20.5% per year"), lending.ErrBid)
	require.ErrorIs(t, w.tryOffer("eve", 3, 1, "0% per year"), lending.ErrBid)
	require.ErrorIs(t, w.tryOffer("eve", 3, 1, "9.1% per year"), lending.ErrBid, "off the step")
	require.ErrorIs(t, try(w, officer, lending.PlaceOffer{Market: "rolling"}), lending.ErrActor)
	require.ErrorIs(t, try(w, party("eve"), lending.PlaceOffer{Market: "nowhere"}), lending.ErrUnknown)
	yen := lending.PlaceOffer{Market: "rolling", Term: 3, Amount: amt(1, money.MustCurrency("JPY")), Rate: schedule.MustRate("9% per year")}
	require.ErrorIs(t, try(w, party("eve"), yen), lending.ErrAmount)
	do(w, officer, lending.Freeze{Party: "eve"})
	require.Error(t, w.tryOffer("eve", 3, 1, "9% per year"), "frozen")

	off := lending.WithdrawOffer{Market: "rolling", Offer: first}
	require.ErrorIs(t, try(w, party("eve"), off), lending.ErrActor)
	require.ErrorIs(t, try(w, party("eve"), lending.WithdrawOffer{Market: "nowhere"}), lending.ErrUnknown)
	require.Equal(t, int64(60_000), do(w, party("bob"), off).Minor)
	require.ErrorIs(t, try(w, party("bob"), off), lending.ErrUnknown)
	do(w, officer, lending.WithdrawOffer{Market: "rolling", Offer: second})
	require.Equal(t, int64(100_000), w.wallet("bob", cny).Available)
	require.Empty(t, w.book().Offers)
	w.reports()
}

// A book is as full as it can be, no fuller.
func TestBookFull(t *testing.T) {
	b := new(lending.OfferBook)
	lending.BookDefined{Market: "rolling", Rules: rolling(cny)}.Apply(b)
	rate := schedule.MustRate("9% per year")
	one := lending.PlaceOffer{Term: 3, Amount: amt(1, cny), Rate: rate}
	for n := 1; n <= lending.MaxOffers; n++ {
		require.NoError(t, b.Takes(one))
		lending.OfferPlaced{Offer: n, Lender: "bob", Term: 3, Amount: one.Amount, Rate: rate}.Apply(b)
	}
	require.ErrorIs(t, b.Takes(one), lending.ErrLimit)
	lending.OfferWithdrawn{Offer: 7, Minor: 1}.Apply(b)
	require.NoError(t, b.Takes(one))
}

// A book's snapshot is the book.
func TestBookSnapshotRoundTrips(t *testing.T) {
	w := bookWorld(t, lending.Config{})
	w.offer("bob", 3, 6_000, "9% per year")
	w.offer("eve", 3, 6_000, "8% per year")
	w.match(w.open(tendered(lending.MarketRate), 10_000, 3, "12% per year"))
	w.day = w.day.AddDays(1)
	w.match(w.open(tendered(lending.MarketRate), 1_000, 3, "12% per year"))
	b, back := w.book(), new(lending.OfferBook)
	require.Len(t, b.Trades, 1)
	require.NoError(t, event.Decode(event.Encode(nil, 1, b), 1, back))
	require.Equal(t, b, back)
}
