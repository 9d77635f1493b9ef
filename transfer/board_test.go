package transfer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

func byHost(id lending.Code, ppm int64) lending.Fee {
	return lending.Fee{ID: id, Timing: lending.ByHost, Payee: lending.ToPlatform, Base: lending.OnAmount,
		Per: lending.Once, PPM: ppm, Round: money.HalfUp, TaxPPM: 60_000}
}

// terms are those of a market with a fee on either side and a band of 5% below par.
func terms() transfer.MarketTerms {
	return transfer.MarketTerms{Currency: cny, Buyer: byHost("buyer-fee", 2_000), Seller: byHost("seller-fee", 5_000),
		Band: transfer.Band{Min: 950_000, Max: 1_050_000}, MaxDays: 30, MinSlice: 100_00, Round: money.HalfEven}
}

var traders = []lending.PartyID{"ann", "bob", "eve", "dan", "zoe", "kim"}

// opened is a world with a market and a loan of 12,000 of which bob lent 10,000 and eve 2,000.
func opened(t require.TestingT, m transfer.MarketTerms) (*world, lending.LoanID) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: m})
	return w, w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00, "eve": 2_000_00})
}

func (w *world) board(id lending.LoanID) *transfer.Board {
	b, _, err := lending.View(context.Background(), w.desk, transfer.BoardRef(id))
	require.NoError(w.t, err)
	return b
}

func (w *world) quote(id lending.LoanID, listing int, units int64) transfer.Sale {
	s, err := transfer.QuoteSale(context.Background(), w.desk, id, listing, units, w.day)
	require.NoError(w.t, err)
	return s
}

// buying is the command that a quote leads to.
func buying(id lending.LoanID, s transfer.Sale) transfer.BuyClaim {
	return transfer.BuyClaim{Loan: id, Listing: s.Listing, Units: s.Units, Version: s.Version, Debit: amt(s.Debit),
		Span: s.Span}
}

// listing is bob's of 6,000 at half a percent below par.
func (w *world) listing(id lending.LoanID) transfer.ListClaim {
	return transfer.ListClaim{Market: "m", Loan: id, Lot: 0, Units: 6_000_00, Ask: transfer.Ask{PPM: 995_000},
		Expires: w.day.AddDays(20)}
}

// A holder lists, two buyers buy parts, and everybody is paid to the cent what the sale says.
func TestListAndBuy(t *testing.T) {
	w, id := opened(t, terms())
	w.day = w.day.AddDays(14) // half of the first month
	listed := do(w, party("bob"), w.listing(id))
	require.Equal(t, 1, listed.Listing.Number)
	w.deposit("zoe", 5_000_00)
	w.deposit("kim", 5_000_00)
	before := w.reports().TrialBalance(1)
	require.NotEmpty(t, before)

	q := w.quote(id, 1, 2_000_00)
	require.Equal(t, int64(2_000_00), q.Principal)
	require.Equal(t, int64(1_990_00), q.Clean)
	require.Equal(t, int64(10_00), q.Accrued, "half a month of 1%")
	require.Equal(t, int64(4_00), q.BuyerFee)
	require.Equal(t, int64(10_00), q.SellerFee)
	require.Equal(t, int64(2_004_00), q.Debit)
	require.Equal(t, int64(1_990_00), q.Credit)
	bob := w.free("bob")
	sold := do(w, party("zoe"), buying(id, q))
	require.Equal(t, 1, sold.Number)
	require.Equal(t, bob+1_990_00, w.free("bob"))
	require.Equal(t, int64(5_000_00-2_004_00), w.free("zoe"))
	l := w.loan(id)
	require.Equal(t, lending.PartyID("zoe"), l.Lots[2].Holder)
	require.Equal(t, int64(2_000_00), l.Lots[2].Units)

	do(w, party("kim"), buying(id, w.quote(id, 1, 4_000_00)))
	require.Empty(t, w.board(id).Listings, "sold out")
	require.Equal(t, 2, w.board(id).Sales)
	w.reports()

	do(w, officer, transfer.NotifyDebtor{Loan: id, Sale: 2, Evidence: event.Hash{1}})
	require.Equal(t, 2, w.board(id).Noticed)
	require.ErrorIs(t, try(w, officer, transfer.NotifyDebtor{Loan: id, Sale: 2, Evidence: event.Hash{1}}), lending.ErrExists)
	require.ErrorIs(t, try(w, officer, transfer.NotifyDebtor{Loan: id, Sale: 3, Evidence: event.Hash{1}}), transfer.ErrGone)
	require.ErrorIs(t, try(w, party("bob"), transfer.NotifyDebtor{Loan: id, Sale: 2}), lending.ErrActor)

	// The buyer of part of a lot may sell it on, and an earlier owner may buy it back.
	do(w, party("kim"), transfer.ListClaim{Market: "m", Loan: id, Lot: 3, Units: 4_000_00,
		Ask: transfer.Ask{Yield: 120_000, ByYield: true}, Expires: w.day})
	do(w, party("bob"), buying(id, w.quote(id, 2, 4_000_00)))
	require.Equal(t, lending.PartyID("bob"), w.loan(id).Lots[3].Holder)
	require.ErrorIs(t, try(w, officer, transfer.NotifyDebtor{Loan: id, Sale: 3}), transfer.ErrListing)
	w.reports()
}

// Some instalments of a lot are listed and sold as a whole, at what they are worth; the seller keeps the
// others.
func TestInstalmentsAreSold(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00, "eve": 2_000_00})
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: terms()})
	l := w.loan(id)
	list := transfer.ListClaim{Market: "m", Loan: id, Span: lending.Span{From: 2, To: 5}, Units: l.Lots[0].Units,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(5)}
	part := list
	part.Units--
	require.ErrorIs(t, try(w, party("bob"), part), lending.ErrTerms)
	do(w, party("bob"), list)
	w.deposit("zoe", 9_000_00)
	require.Error(t, try(w, party("zoe"), transfer.BuyClaim{Loan: id, Listing: 1, Units: 5}), "not all of it")
	q := w.quote(id, 1, list.Units)
	do(w, party("zoe"), buying(id, q))
	l = w.loan(id)
	require.True(t, l.Divided())
	for i := range 6 {
		w.day = l.Dues[i].Date
		bob, zoe := w.free("bob"), w.free("zoe")
		w.repay(id, l.Dues[i].Owed.Total())
		require.Equal(t, i >= 2 && i < 5, w.free("zoe") > zoe, "instalment %d", i)
		require.Equal(t, i < 2 || i >= 5, w.free("bob") > bob, "instalment %d", i)
	}
	w.reports()
}

func TestListingRefusals(t *testing.T) {
	m := terms()
	m.HoldDays = 10
	w, id := opened(t, m)
	good := w.listing(id)
	require.ErrorIs(t, try(w, party("bob"), good), transfer.ErrHeld)
	w.day = w.day.AddDays(10)
	good.Expires = w.day.AddDays(30)
	for name, tc := range map[string]struct {
		who    lending.PartyID
		change func(*transfer.ListClaim)
		want   error
	}{
		"no market":      {"bob", func(c *transfer.ListClaim) { c.Market = "x" }, transfer.ErrGone},
		"no loan":        {"bob", func(c *transfer.ListClaim) { c.Loan = "x" }, lending.ErrUnknown},
		"another's":      {"zoe", func(*transfer.ListClaim) {}, transfer.ErrNotHolder},
		"no lot":         {"bob", func(c *transfer.ListClaim) { c.Lot = 9 }, lending.ErrLimit},
		"nothing":        {"bob", func(c *transfer.ListClaim) { c.Units = 0 }, lending.ErrLimit},
		"too much":       {"bob", func(c *transfer.ListClaim) { c.Units = 10_000_01 }, lending.ErrLimit},
		"a bad span":     {"bob", func(c *transfer.ListClaim) { c.Span.From, c.Span.To = 5, 2 }, lending.ErrTerms},
		"a small slice":  {"bob", func(c *transfer.ListClaim) { c.MinSlice = 1 }, transfer.ErrListing},
		"too long":       {"bob", func(c *transfer.ListClaim) { c.Expires = w.day.AddDays(31) }, transfer.ErrListing},
		"over already":   {"bob", func(c *transfer.ListClaim) { c.Expires = w.day.AddDays(-1) }, transfer.ErrListing},
		"below the band": {"bob", func(c *transfer.ListClaim) { c.Ask.PPM = 900_000 }, transfer.ErrPrice},
		"above the band": {"bob", func(c *transfer.ListClaim) { c.Ask.PPM = 1_100_000 }, transfer.ErrPrice},
		"no price":       {"bob", func(c *transfer.ListClaim) { c.Ask.PPM = -1 }, transfer.ErrPrice},
		"no yield": {"bob", func(c *transfer.ListClaim) {
			c.Ask = transfer.Ask{Yield: transfer.MaxYield + 1, ByYield: true}
		}, transfer.ErrYield},
	} {
		c := good
		tc.change(&c)
		require.ErrorIs(t, try(w, party(tc.who), c), tc.want, name)
	}
	require.ErrorIs(t, try(w, officer, good), lending.ErrActor)
	do(w, party("bob"), good)
	require.ErrorIs(t, try(w, party("bob"), good), transfer.ErrOversold, "6,000 of 10,000 are listed")
	require.ErrorIs(t, try(w, party("zoe"), transfer.WithdrawListing{Loan: id, Listing: 1}), transfer.ErrNotHolder)
	require.ErrorIs(t, try(w, party("bob"), transfer.WithdrawListing{Loan: id, Listing: 2}), transfer.ErrGone)
	do(w, party("bob"), transfer.WithdrawListing{Loan: id, Listing: 1})
	require.ErrorIs(t, try(w, party("bob"), transfer.WithdrawListing{Loan: id, Listing: 1}), transfer.ErrGone)
	do(w, officer, lending.Freeze{Party: "bob"})
	require.ErrorIs(t, try(w, party("bob"), good), lending.ErrState)

	yen := terms()
	yen.Currency = money.MustCurrency("JPY")
	do(w, officer, transfer.DefineMarket{Market: "yen", Terms: yen})
	require.ErrorIs(t, try(w, party("eve"), transfer.ListClaim{Market: "yen", Loan: id, Lot: 1, Units: 1_000_00,
		Ask: good.Ask, Expires: w.day}), transfer.ErrListing)
}

// What the product's transfer rules forbid is not listed.
func TestProductRulesBindListings(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: terms()})
	p := standard()
	p.Transfers.Closed = true
	id := w.lent(p, 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	require.ErrorIs(t, try(w, party("bob"), w.listing(id)), lending.ErrLimit)
	require.Empty(t, w.board(id).Listings)
}

func TestBuyingRefusals(t *testing.T) {
	w, id := opened(t, terms())
	offer := w.listing(id)
	offer.Expires = w.day.AddDays(30) // the first instalment falls due before
	do(w, party("bob"), offer)
	w.deposit("zoe", 5_000_00)
	q := w.quote(id, 1, 2_000_00)
	for name, tc := range map[string]struct {
		who    lending.PartyID
		change func(*transfer.BuyClaim)
		want   error
	}{
		"no listing":      {"zoe", func(c *transfer.BuyClaim) { c.Listing = 7 }, transfer.ErrGone},
		"the seller":      {"bob", func(*transfer.BuyClaim) {}, transfer.ErrBuyer},
		"the borrower":    {"ann", func(*transfer.BuyClaim) {}, transfer.ErrBuyer},
		"another version": {"zoe", func(c *transfer.BuyClaim) { c.Version-- }, transfer.ErrStale},
		"another price":   {"zoe", func(c *transfer.BuyClaim) { c.Debit = amt(q.Debit - 1) }, transfer.ErrStale},
		"no currency":     {"zoe", func(c *transfer.BuyClaim) { c.Debit = money.Amount{} }, transfer.ErrStale},
		"a small slice":   {"zoe", func(c *transfer.BuyClaim) { c.Units = 99_99 }, transfer.ErrSlice},
		"a small tail":    {"zoe", func(c *transfer.BuyClaim) { c.Units = 5_900_01 }, transfer.ErrSlice},
		"too much":        {"zoe", func(c *transfer.BuyClaim) { c.Units = 6_000_01 }, transfer.ErrSlice},
		"nothing":         {"zoe", func(c *transfer.BuyClaim) { c.Units = 0 }, transfer.ErrSlice},
		"no money":        {"kim", func(*transfer.BuyClaim) {}, lending.ErrFunds},
		"a stranger":      {"who", func(*transfer.BuyClaim) {}, lending.ErrUnknown},
	} {
		c := buying(id, q)
		tc.change(&c)
		require.ErrorIs(t, try(w, party(tc.who), c), tc.want, name)
	}
	require.ErrorIs(t, try(w, officer, buying(id, q)), lending.ErrActor)
	_, err := transfer.QuoteSale(context.Background(), w.desk, id, 7, 1, w.day)
	require.ErrorIs(t, err, transfer.ErrGone)
	_, err = transfer.QuoteSale(context.Background(), w.desk, id, 1, 1, w.day)
	require.ErrorIs(t, err, transfer.ErrSlice)

	w.day = w.day.AddDays(1) // interest accrues: the debit that was seen is stale
	require.ErrorIs(t, try(w, party("zoe"), buying(id, q)), transfer.ErrStale)
	q = w.quote(id, 1, 2_000_00)
	w.repay(id, 1_00) // a repayment between the quote and its acceptance
	require.ErrorIs(t, try(w, party("zoe"), buying(id, q)), transfer.ErrStale)
	do(w, officer, lending.Freeze{Party: "zoe"})
	require.ErrorIs(t, try(w, party("zoe"), buying(id, w.quote(id, 1, 2_000_00))), lending.ErrState)
	do(w, officer, lending.Freeze{Party: "zoe", Lift: true})
	do(w, party("zoe"), buying(id, w.quote(id, 1, 2_000_00)))
	w.reports()
}

func TestMarketRefusals(t *testing.T) {
	w, _ := opened(t, terms())
	for name, change := range map[string]func(*transfer.MarketTerms){
		"currency": func(m *transfer.MarketTerms) { m.Currency = money.Currency{} },
		"band":     func(m *transfer.MarketTerms) { m.Band = transfer.Band{Min: 2, Max: 1} },
		"days":     func(m *transfer.MarketTerms) { m.MaxDays = -1 },
		"holding":  func(m *transfer.MarketTerms) { m.HoldDays = 4_000 },
		"slice":    func(m *transfer.MarketTerms) { m.MinSlice = 0 },
		"rounding": func(m *transfer.MarketTerms) { m.Round = 99 },
		"no id":    func(m *transfer.MarketTerms) { m.Buyer.ID = "" },
		"timing":   func(m *transfer.MarketTerms) { m.Seller.Timing = lending.AtDisbursement },
		"lenders":  func(m *transfer.MarketTerms) { m.Seller.Payee, m.Seller.TaxPPM = lending.ToLenders, 0 },
	} {
		m := terms()
		change(&m)
		require.ErrorIs(t, m.Check(), transfer.ErrMarket, name)
		require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "x", Terms: m}), lending.ErrTerms, name)
	}
	bad := terms()
	bad.Buyer.PPM = -1
	require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "x", Terms: bad}), lending.ErrTerms)
	require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "a.b", Terms: terms()}), transfer.ErrMarket)
	require.ErrorIs(t, try(w, party("bob"), transfer.DefineMarket{Market: "x", Terms: terms()}), lending.ErrActor)
	yen := terms()
	yen.Currency = money.MustCurrency("JPY")
	require.ErrorIs(t, try(w, officer, transfer.DefineMarket{Market: "m", Terms: yen}), transfer.ErrMarket)
}

// A listing lapses for each reason, at the day-end after it, and is not bought from then on.
func TestListingsLapse(t *testing.T) {
	for want, happen := range map[transfer.Reason]func(*world, lending.LoanID){
		transfer.Expired:   func(w *world, _ lending.LoanID) { w.day = w.day.AddDays(21) },
		transfer.LoanEnded: func(w *world, id lending.LoanID) { w.payOff(id) },
		transfer.LoanLate:  func(w *world, id lending.LoanID) { w.day = w.loan(id).Dues[0].Date.AddDays(1) },
		transfer.LoanMoved: func(w *world, id lending.LoanID) {
			w.deposit("ann", 5_000_00)
			do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(5_000_00)})
			w.deliver()
		},
		transfer.NotHeld: func(w *world, id lending.LoanID) {
			do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 4_000_01, To: "dan", Compelled: true}})
		},
	} {
		t.Run(want.String(), func(t *testing.T) {
			w, id := opened(t, terms())
			w.day = w.day.AddDays(20)
			if want == transfer.Expired {
				w.day = w.day.AddDays(-19)
			}
			do(w, party("bob"), w.listing(id))
			w.deposit("kim", 1_000_00)
			do(w, party("kim"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: 900_000, Money: amt(1_000_00), Expires: w.day.AddDays(20)})
			w.deposit("zoe", 9_000_00)
			w.dayEnd()
			require.Len(t, w.board(id).Listings, 1)
			q := w.quote(id, 1, 6_000_00)
			happen(w, id)
			require.ErrorIs(t, try(w, party("zoe"), buying(id, q)), transfer.ErrLapsed)
			_, err := transfer.QuoteSale(context.Background(), w.desk, id, 1, 6_000_00, w.day)
			require.ErrorIs(t, err, transfer.ErrLapsed)
			require.ErrorContains(t, err, want.String())
			require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
			w.day = w.day.AddDays(1)
			w.dayEnd()
			require.Empty(t, w.board(id).Listings)
			orders := w.board(id).Orders
			if want == transfer.NotHeld {
				require.Len(t, orders, 1)
				return
			}
			require.Empty(t, orders)
			require.Equal(t, int64(1_000_00), w.free("kim"), "the hold is released")
			w.reports()
		})
	}
	require.Equal(t, "reason unknown", transfer.Reason(0).String())
}

// Paying what falls due while a listing stands does not end it.
func TestListingOutlivesAnInstalment(t *testing.T) {
	w, id := opened(t, terms())
	w.day = w.loan(id).Dues[0].Date.AddDays(-3)
	do(w, party("bob"), w.listing(id))
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	w.day = w.day.AddDays(5)
	w.dayEnd()
	require.Len(t, w.board(id).Listings, 1)
	w.deposit("zoe", 9_000_00)
	do(w, party("zoe"), buying(id, w.quote(id, 1, 6_000_00)))
	w.reports()
}

func (w *world) payOff(id lending.LoanID) {
	all, err := w.loan(id).Payoff(w.day)
	require.NoError(w.t, err)
	w.deposit("ann", all.Minor())
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	require.Equal(w.t, lending.StateClosed, w.loan(id).State)
}

// A buyer's category bounds what he has in a loan, bought or lent.
func TestBuyersKeepTheirLimits(t *testing.T) {
	w, id := opened(t, terms())
	do(w, officer, lending.RecordCategory{Party: "zoe", Category: lending.Category{Name: "retail",
		Limits: lending.Limits{PerLoan: amt(2_500_00)}, Evidence: event.Hash{1}, Expires: w.day.AddDays(99)}})
	do(w, party("bob"), w.listing(id))
	w.deposit("zoe", 9_000_00)
	do(w, party("zoe"), buying(id, w.quote(id, 1, 2_000_00)))
	c := buying(id, w.quote(id, 1, 500_01))
	require.ErrorIs(t, try(w, party("zoe"), c), lending.ErrInvestorLimit)
	do(w, party("zoe"), buying(id, w.quote(id, 1, 500_00)))
	w.reports()
}

// A fee may go to a party; the platform's is its income, less the tax in it.
func TestFeesOfASale(t *testing.T) {
	m := terms()
	m.Seller.Payee, m.Seller.Party, m.Seller.TaxPPM = lending.ToParty, "kim", 0
	w, id := opened(t, m)
	do(w, party("bob"), w.listing(id))
	w.deposit("zoe", 9_000_00)
	s := do(w, party("zoe"), buying(id, w.quote(id, 1, 6_000_00))).Sale
	require.Equal(t, s.SellerFee, w.free("kim"))
	books := map[string]int64{}
	for _, line := range w.reports().TrialBalance(ledger.Platform) {
		books[line.Account.String()] = line.Debit
	}
	require.Equal(t, s.BuyerFee, -books["income[buyer-fee]"]-books["tax-due[buyer-fee]"])
	require.Equal(t, int64(68), -books["tax-due[buyer-fee]"], "6/106 of 11.94")
}
