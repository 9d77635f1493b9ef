package transfer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

func (w *world) order(p lending.PartyID, id lending.LoanID, ppm, minor int64) transfer.OrderPlaced {
	w.deposit(p, minor)
	return do(w, party(p), transfer.PlaceOrder{Market: "m", Loan: id, PPM: ppm, Money: amt(minor), Expires: w.day.AddDays(20)})
}

// sell lists units of the lots that bob (0) and eve (1) lent.
func (w *world) sell(p lending.PartyID, id lending.LoanID, units, ppm int64) {
	lot := map[lending.PartyID]int{"bob": 0, "eve": 1}[p]
	do(w, party(p), transfer.ListClaim{Market: "m", Loan: id, Lot: lot, Units: units, Ask: transfer.Ask{PPM: ppm}, Expires: w.day.AddDays(20)})
}

// The better price goes first, then the earlier; who was there first sets the price.
func TestOrdersFillByPriceAndTime(t *testing.T) {
	m := terms()
	m.Buyer, m.Seller, m.MinSlice = lending.Fee{}, lending.Fee{}, 1
	w, id := opened(t, m)
	w.sell("bob", id, 1_000_00, 1_000_000) // 1
	w.sell("bob", id, 1_000_00, 990_000)   // 2
	w.sell("eve", id, 1_000_00, 990_000)   // 3
	w.order("zoe", id, 990_000, 1_485_00)  // 4 buys 1,500 at 990
	w.order("kim", id, 1_000_000, 600_00)  // 5 is served before it
	w.order("bob", id, 1_010_000, 100_00)  // 6 would buy his own first
	w.order("dan", id, 970_000, 100_00)    // 7 pays too little
	got := do(w, timer, transfer.MatchOrders{Loan: id})
	require.False(t, got.More)
	var trades [][4]int64
	for _, s := range got.Sales {
		trades = append(trades, [4]int64{int64(s.Order), int64(s.Listing), s.Units, s.Debit})
	}
	require.Equal(t, [][4]int64{
		{6, 3, 101_01, 100_00},
		{5, 2, 606_06, 600_00},
		{4, 2, 393_94, 390_00}, {4, 3, 898_99, 890_00},
	}, trades)
	b := w.board(id)
	require.Len(t, b.Listings, 1)
	require.Equal(t, 1, b.Listings[0].Number)
	require.Len(t, b.Orders, 2)
	require.Equal(t, int64(1_485_00-390_00-890_00), b.Orders[0].Money, "zoe waits with the rest")
	require.Equal(t, b.Orders[0].Money, w.wallet("zoe").HeldTotal())
	w.reports()

	// A seller who comes later gets what the standing order pays.
	w.sell("eve", id, 200_00, 960_000)
	got = do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, got.Sales, 1)
	require.Equal(t, int64(990_000), got.Sales[0].Clean*lending.Million/got.Sales[0].Principal)
	released := do(w, party("zoe"), transfer.WithdrawOrder{Loan: id, Order: 4})
	require.Equal(t, amt(205_00-198_00), released.Released)
	require.Equal(t, int64(7_00), w.free("zoe"))
	require.Empty(t, do(w, officer, transfer.MatchOrders{Loan: id}).Sales)
	w.reports()
}

// A listing at a yield is sold at the price of the day that gives it, or more.
func TestListingAtAYield(t *testing.T) {
	m := terms()
	m.MinSlice = 1
	w, id := opened(t, m)
	do(w, party("bob"), transfer.ListClaim{Market: "m", Loan: id, Units: 1_000_00, Ask: transfer.Ask{Yield: 150_000, ByYield: true}, Expires: w.day.AddDays(9)})
	q := w.quote(id, 1, 1_000_00)
	require.Less(t, q.Clean, q.Principal, "12% a year, compounded monthly, is below 15%")
	w.order("zoe", id, q.Clean*lending.Million/q.Principal-1, 2_000_00)
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales)
	w.order("kim", id, q.Clean*lending.Million/q.Principal+1, 2_000_00)
	got := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, got, 1)
	require.Equal(t, lending.PartyID("kim"), got[0].Buyer)
	require.GreaterOrEqual(t, got[0].Clean, q.Clean)
	w.reports()
}

func TestOrderRefusals(t *testing.T) {
	w, id := opened(t, terms())
	w.deposit("zoe", 500_00)
	w.deposit("ann", 1)
	good := transfer.PlaceOrder{Market: "m", Loan: id, PPM: 990_000, Money: amt(500_00), Expires: w.day}
	for name, tc := range map[string]struct {
		who    lending.PartyID
		change func(*transfer.PlaceOrder)
		want   error
	}{
		"no market":      {"zoe", func(c *transfer.PlaceOrder) { c.Market = "x" }, transfer.ErrGone},
		"no loan":        {"zoe", func(c *transfer.PlaceOrder) { c.Loan = "x" }, transfer.ErrGone},
		"the borrower":   {"ann", func(*transfer.PlaceOrder) {}, transfer.ErrBuyer},
		"nothing":        {"zoe", func(c *transfer.PlaceOrder) { c.Money = amt(0) }, transfer.ErrListing},
		"no currency":    {"zoe", func(c *transfer.PlaceOrder) { c.Money = money.Amount{} }, transfer.ErrListing},
		"no price":       {"zoe", func(c *transfer.PlaceOrder) { c.PPM = -1 }, transfer.ErrPrice},
		"too long":       {"zoe", func(c *transfer.PlaceOrder) { c.Expires = w.day.AddDays(31) }, transfer.ErrListing},
		"more than held": {"zoe", func(c *transfer.PlaceOrder) { c.Money = amt(500_01) }, lending.ErrFunds},
		"a stranger":     {"who", func(*transfer.PlaceOrder) {}, lending.ErrUnknown},
	} {
		c := good
		tc.change(&c)
		require.ErrorIs(t, try(w, party(tc.who), c), tc.want, name)
	}
	require.ErrorIs(t, try(w, officer, good), lending.ErrActor)
	require.ErrorIs(t, try(w, timer, transfer.MatchOrders{Loan: id}), transfer.ErrGone)
	require.ErrorIs(t, try(w, timer, transfer.LookAtBoard{Loan: id}), transfer.ErrGone)
	do(w, party("zoe"), good)
	require.ErrorIs(t, try(w, party("kim"), transfer.WithdrawOrder{Loan: id, Order: 1}), transfer.ErrNotHolder)
	require.ErrorIs(t, try(w, party("zoe"), transfer.WithdrawOrder{Loan: id, Order: 2}), transfer.ErrGone)
	require.ErrorIs(t, try(w, party("zoe"), transfer.MatchOrders{Loan: id}), lending.ErrActor)
	do(w, officer, transfer.WithdrawOrder{Loan: id, Order: 1})
	require.Equal(t, int64(500_00), w.free("zoe"))
	w.payOff(id)
	require.ErrorIs(t, try(w, party("zoe"), good), transfer.ErrLapsed)
	w.reports()
}

// What a rule refuses to one buyer is sold to the next.
func TestMatchingPassesARefusalOver(t *testing.T) {
	w, id := opened(t, terms())
	w.sell("bob", id, 1_000_00, 990_000)
	w.order("zoe", id, 1_000_000, 2_000_00)
	w.order("kim", id, 990_000, 2_000_00)
	do(w, officer, lending.Freeze{Party: "zoe"})
	got := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, got, 1)
	require.Equal(t, lending.PartyID("kim"), got[0].Buyer)
	require.Empty(t, w.board(id).Listings)
}

// One command makes so many sales at most, and says that there is more.
func TestMatchingIsBounded(t *testing.T) {
	m := terms()
	m.MinSlice = 1
	w, id := opened(t, m)
	for range transfer.MaxFills {
		w.sell("bob", id, 10, 1_000_000)
	}
	for range 5 {
		w.sell("eve", id, 10, 1_000_000)
	}
	w.order("zoe", id, 1_000_000, 100_00)
	first := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, first.Sales, transfer.MaxFills)
	require.True(t, first.More)
	second := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, second.Sales, 5)
	require.False(t, second.More)
	w.reports()
}

// A board holds so many listings, and so many orders, and of one party no more than a tenth of them.
func TestBoardsAreBounded(t *testing.T) {
	m := terms()
	m.MinSlice = 1
	w, id := opened(t, m)
	list := transfer.ListClaim{Market: "m", Loan: id, Lot: 2, Units: 10, Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day}
	order := transfer.PlaceOrder{Market: "m", Loan: id, Money: amt(1), Expires: w.day}
	all := w.many(transfer.MaxStanding/transfer.MaxPerParty, 2*transfer.MaxPerParty)
	for i, p := range all {
		do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 20_00, To: p, Compelled: true}})
		list.Lot = 2 + i
		for range transfer.MaxPerParty {
			do(w, party(p), list)
			do(w, party(p), order)
		}
		if i == 0 {
			require.ErrorContains(t, try(w, party(p), list), "as many as one may")
			require.ErrorContains(t, try(w, party(p), order), "as many as one may")
		}
	}
	list.Lot = 0
	require.ErrorIs(t, try(w, party("bob"), list), transfer.ErrListing)
	w.deposit("zoe", 1)
	require.ErrorIs(t, try(w, party("zoe"), order), transfer.ErrListing)
	w.day = w.day.AddDays(1)
	w.dayEnd()
	require.Empty(t, w.board(id).Listings)
	require.Equal(t, int64(2*transfer.MaxPerParty), w.free(all[0]))
	list.Expires = w.day
	do(w, party("bob"), list)
}

// Short holdings count, whether one buys listing after listing or by an order.
func TestShortHoldingsOfOnePartyAreBounded(t *testing.T) {
	w := fronting(t, 50_000_00)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	id := w.asked(9_000_00)
	do(w, party("zhang"), bid(id, 9_000_00))
	require.NoError(t, w.pays(id))
	short := transfer.Tenor{Days: 30, Failed: transfer.Extended}
	x := w.lists("zhang", id, 0, 8_000_00, short)
	w.deposit("kim", 9_000_00)
	for range transfer.MaxPerParty - 1 {
		c := buying(id, w.quote(id, x.Number, 10_00))
		c.Days = 5
		do(w, party("kim"), c)
	}
	for range 2 {
		w.lists("zhang", id, 0, 10_00, short)
		do(w, party("kim"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(10_00), Expires: w.day, Days: 5})
	}
	require.Len(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, 1)
	c := buying(id, w.quote(id, x.Number, 10_00))
	c.Days = 5
	require.ErrorIs(t, try(w, party("kim"), c), transfer.ErrListing)
	c.Days = 0
	do(w, party("kim"), c)
	w.reports()
}

// Orders need holds of the library's own; listings are sold under a custodian with sub-accounts as well.
func TestSubAccounts(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Custody: lending.PerUser}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: terms()})
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00, "eve": 2_000_00})
	require.ErrorIs(t, try(w, party("zoe"), transfer.PlaceOrder{Market: "m", Loan: id}), transfer.ErrCustody)
	do(w, party("bob"), w.listing(id))
	w.deposit("zoe", 5_000_00)
	w.settle()
	bob, zoe := w.free("bob"), w.free("zoe")
	q := w.quote(id, 1, 2_000_00)
	do(w, party("zoe"), buying(id, q))
	w.settle()
	require.Equal(t, bob+q.Credit, w.free("bob"))
	require.Equal(t, zoe-q.Debit, w.free("zoe"))
	w.reports()
}

func BenchmarkTransfer(b *testing.B) {
	for _, parts := range []int{1, 20, 500} {
		b.Run(fmt.Sprintf("lots=%d", parts+2), func(b *testing.B) {
			m := terms()
			m.MinSlice = 1
			w, id := opened(b, m)
			for range parts {
				do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 1_00, To: "kim", Compelled: true}})
			}
			w.sell("bob", id, 6_000_00, 995_000)
			w.deposit("zoe", 5_000_00)
			c, meta := buying(id, w.quote(id, 1, 2_000_00)), w.meta(party("zoe"))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := lending.Try(context.Background(), w.desk, meta, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
