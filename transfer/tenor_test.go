package transfer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/transfer"
)

// free are the terms of a market that charges nothing.
func free() transfer.MarketTerms {
	m := terms()
	m.Buyer, m.Seller, m.MinSlice = lending.Fee{}, lending.Fee{}, 1
	return m
}

func (w *world) lists(p lending.PartyID, id lending.LoanID, lot int, units int64, n transfer.Tenor) transfer.Listing {
	return do(w, party(p), transfer.ListClaim{Market: "m", Loan: id, Lot: lot, Units: units, Tenor: n,
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(20)}).Listing
}

// holds buys all of a listing for so many days.
func (w *world) holds(p lending.PartyID, id lending.LoanID, listing, days int) transfer.Sale {
	w.deposit(p, 20_000_00)
	c := buying(id, w.quote(id, listing, w.left(id, listing)))
	c.Days = days
	return do(w, party(p), c).Sale
}

func (w *world) left(id lending.LoanID, listing int) int64 {
	for _, x := range w.board(id).Listings {
		if x.Number == listing {
			return x.Units
		}
	}
	return 0
}

func (w *world) short(id lending.LoanID) []transfer.ShortHolding {
	list, err := transfer.ShortHoldings(context.Background(), w.desk, id, w.day)
	require.NoError(w.t, err)
	return list
}

// pass lets days pass, each with its day-end.
func (w *world) pass(n int) {
	for range n {
		w.day = w.day.AddDays(1)
		w.dayEnd()
	}
}

// A claim of a year goes from hand to hand: each has the interest of his days, and his principal back from
// the next.
func TestShortHoldingsFollowEachOther(t *testing.T) {
	w, id := opened(t, free())
	x := w.lists("bob", id, 0, 10_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	zoe := w.holds("zoe", id, x.Number, 14) // 31 January to 14 February: half of the first month
	require.Equal(t, transfer.Roll{Listing: 2, Lot: 0, Opens: w.day.AddDays(14)}, zoe.Roll)
	require.Equal(t, int64(10_000_00), zoe.Debit)
	require.Equal(t, []transfer.ShortHolding{{Listing: 2, Holder: "zoe", Principal: 10_000_00, Opens: zoe.Roll.Opens}}, w.short(id))
	_, err := transfer.QuoteSale(context.Background(), w.desk, id, 2, 10_000_00, w.day)
	require.ErrorIs(t, err, transfer.ErrHeld)
	require.ErrorIs(t, try(w, party("kim"), transfer.BuyClaim{Loan: id, Listing: 2, Units: 10_000_00, Debit: amt(10_000_00)}), transfer.ErrHeld)
	require.ErrorIs(t, try(w, party("zoe"), transfer.ListClaim{Market: "m", Loan: id, Units: 1, Ask: transfer.Ask{PPM: lending.Million},
		Expires: w.day}), transfer.ErrOversold, "it is offered for him already")

	w.pass(14)
	before := w.free("zoe")
	kim := w.holds("kim", id, 2, 30) // to 16 March, over a due date
	require.Equal(t, int64(50_00), kim.Accrued)
	require.Equal(t, before+10_050_00, w.free("zoe"), "principal and the interest of 14 days")
	w.pass(14)
	w.repay(id, w.loan(id).Dues[0].Unpaid().Total())
	w.pass(16)
	l := w.loan(id)
	left := l.Lots[0].Units - l.Lots[0].Paid[lending.Principal]
	require.Less(t, left, int64(10_000_00), "he had his share of the instalment")
	dan := w.holds("dan", id, 3, 0)
	require.Equal(t, left, dan.Clean)
	require.Equal(t, transfer.Roll{}, dan.Roll, "for good")
	require.Empty(t, w.board(id).Listings)
	require.Empty(t, w.short(id))
	require.Equal(t, lending.PartyID("dan"), w.loan(id).Lots[0].Holder)
	w.reports()
}

// Part of a claim is held short, the rest is not: each part has a lot of its own.
func TestShortHoldingOfAPart(t *testing.T) {
	w, id := opened(t, free())
	w.lists("bob", id, 0, 10_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	w.deposit("zoe", 3_000_00)
	c := buying(id, w.quote(id, 1, 3_000_00))
	c.Days = 10
	s := do(w, party("zoe"), c)
	require.Equal(t, 2, s.Roll.Lot)
	require.Equal(t, int64(7_000_00), w.left(id, 1))
	require.Equal(t, int64(3_000_00), w.left(id, 2))
	kim := w.holds("kim", id, 1, 20)
	require.Equal(t, 0, kim.Roll.Lot, "the rest is the lot itself")
	w.pass(10)
	dan := w.holds("dan", id, 2, 15)
	require.Equal(t, 2, dan.Roll.Lot)
	require.Len(t, w.short(id), 2)
	w.reports()
}

// One for whom there is no buyer is seen to wait, and is sold at par to the first who comes.
func TestFailedRollIsExtended(t *testing.T) {
	w, id := opened(t, free())
	x := w.lists("bob", id, 0, 1_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	w.holds("zoe", id, x.Number, 5)
	w.pass(5)
	require.Zero(t, w.short(id)[0].Failed, "its day is not over")
	w.pass(1)
	on := w.day
	require.Equal(t, []transfer.ShortHolding{{Listing: 2, Holder: "zoe", Lot: 2, Principal: 1_000_00, Opens: on.AddDays(-1),
		WaitDays: 1, Failed: on}}, w.short(id))
	w.pass(2)
	require.Equal(t, on, w.short(id)[0].Failed)
	require.Equal(t, 3, w.short(id)[0].WaitDays)
	w.sell("bob", id, 1_000_00, lending.Million) // comes later, waits longer
	w.order("kim", id, 1_020_000, 500_00)
	m := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Len(t, m.Sales, 1)
	require.Equal(t, 2, m.Sales[0].Listing, "first in line")
	require.Equal(t, m.Sales[0].Principal, m.Sales[0].Clean, "at par, whatever the order would pay")
	w.deposit("dan", 100_00)
	do(w, party("dan"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(100_00), Expires: w.day, Days: 7})
	s := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, s, 1, "of two who sell at par, the one who lets him hold it for 7 days")
	require.Equal(t, 2, s[0].Listing)
	require.Equal(t, w.day.AddDays(7), s[0].Roll.Opens)
	require.Equal(t, 5, s[0].Roll.Listing-1, "the order had number 5")
	w.reports()
}

// An order that was there before a short holding was made sets no price for it.
func TestRollIsAtPar(t *testing.T) {
	w, id := opened(t, free())
	w.order("kim", id, 1_040_000, 100_00) // 1
	w.lists("bob", id, 0, 1_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	s := do(w, timer, transfer.MatchOrders{Loan: id}).Sales
	require.Len(t, s, 1)
	require.Equal(t, int64(100_00), s[0].Clean)
	require.Equal(t, s[0].Principal, s[0].Clean)
}

// Two orders that are filled at once for some days have a listing each.
func TestRollsOfOneMatching(t *testing.T) {
	w, id := opened(t, free())
	w.lists("bob", id, 0, 1_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	for n, p := range []lending.PartyID{"kim", "zoe"} {
		w.deposit(p, 200_00)
		do(w, party(p), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(200_00), Expires: w.day, Days: 5 + n})
	}
	require.Len(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, 2)
	h := w.short(id)
	require.Len(t, h, 2)
	require.Equal(t, []int{4, 5, 2, 3}, []int{h[0].Listing, h[1].Listing, h[0].Lot, h[1].Lot})
	require.Equal(t, []lending.PartyID{"kim", "zoe"}, []lending.PartyID{h[0].Holder, h[1].Holder})
	require.Equal(t, 5, w.board(id).Count)
	w.reports()
}

// Who fronted the claim takes it back: within his facility and his money, and it shows when he cannot.
func TestFailedRollIsTakenBack(t *testing.T) {
	w := fronting(t, 5_000_00)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	id := w.asked(4_000_00)
	do(w, party("zhang"), bid(id, 4_000_00))
	require.NoError(t, w.pays(id))
	x := w.lists("zhang", id, 0, 4_000_00, transfer.Tenor{Days: 30, Failed: transfer.TakenBack})
	require.Equal(t, lending.PartyID("zhang"), x.Backstop)
	w.holds("zoe", id, x.Number, 5)
	require.Equal(t, int64(5_000_00), w.inventory().Free)
	other := w.asked(5_000_00)
	do(w, party("zhang"), bid(other, 1_000_01)) // one cent too much for both
	w.pass(6)
	h := w.short(id)[0]
	require.Equal(t, transfer.ShortHolding{Listing: 2, Holder: "zoe", Principal: 4_000_00, Opens: w.day.AddDays(-1), WaitDays: 1,
		Failed: w.day, Backstop: "zhang", Refused: "transfer-facility-exceeded"}, h)
	do(w, officer, facility(transfer.Connected, amt(5_000_01)))
	all := w.free("zhang")
	do(w, party("zhang"), lending.Withdraw{Amount: amt(all - 1)})
	w.settle()
	w.pass(1)
	require.Equal(t, lending.Code("insufficient-funds"), w.short(id)[0].Refused)
	require.Equal(t, 2, w.short(id)[0].WaitDays)
	before := w.free("zoe")
	w.deposit("zhang", 5_000_00)
	w.pass(1)
	require.Empty(t, w.short(id))
	require.Equal(t, lending.PartyID("zhang"), w.loan(id).Lots[0].Holder)
	require.Zero(t, w.inventory().Free, "his facility is used up, to the cent")
	require.Equal(t, 2, w.board(id).Sales)
	require.Equal(t, before+4_000_00+11_43, w.free("zoe"), "8 of 28 days of 1% of 4,000")
	w.reports()

	// Who buys what he is to take back himself has nobody behind him.
	x = w.lists("zhang", id, 0, 4_000_00, transfer.Tenor{Days: 30, Failed: transfer.TakenBack})
	w.holds("zoe", id, x.Number, 1)
	w.pass(1)
	s := w.holds("zhang", id, w.short(id)[0].Listing, 3)
	require.Empty(t, w.short(id)[0].Backstop)
	w.pass(4)
	require.Equal(t, s.Roll.Listing, w.short(id)[0].Listing)
	require.Equal(t, w.day, w.short(id)[0].Failed)
	w.reports()
}

// A short holding rests while the loan is overdue; whoever is to take it back does not answer for that.
func TestShortHoldingRestsWhileTheLoanIsOverdue(t *testing.T) {
	w := fronting(t, 5_000_00)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	id := w.asked(4_000_00)
	do(w, party("zhang"), bid(id, 4_000_00))
	require.NoError(t, w.pays(id))
	x := w.lists("zhang", id, 0, 4_000_00, transfer.Tenor{Days: 40, Failed: transfer.TakenBack})
	w.holds("zoe", id, x.Number, 28)
	w.pass(30)
	require.Positive(t, w.loan(id).DaysPastDue(w.day))
	h := w.short(id)[0]
	require.True(t, h.Rests)
	require.Equal(t, lending.Code("transfer-lapsed"), h.Refused)
	_, err := transfer.QuoteSale(context.Background(), w.desk, id, h.Listing, 4_000_00, w.day)
	require.ErrorIs(t, err, transfer.ErrLapsed)
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	require.False(t, w.short(id)[0].Rests)
	w.pass(1)
	require.Empty(t, w.short(id), "taken back")
	w.reports()
}

// What ends a short holding leaves the claim to its holder, as any other.
func TestShortHoldingsEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		happen func(*world, lending.LoanID)
		ends   bool
	}{
		"paid off":  {func(w *world, id lending.LoanID) { w.payOff(id) }, true},
		"withdrawn": {func(w *world, id lending.LoanID) { do(w, party("zoe"), transfer.WithdrawListing{Loan: id, Listing: 2}) }, true},
		"officer":   {func(w *world, id lending.LoanID) { do(w, officer, transfer.WithdrawListing{Loan: id, Listing: 2}) }, true},
		"by law": {func(w *world, id lending.LoanID) {
			do(w, officer, give{id, lending.Assignment{Lot: 2, Units: 1_00, To: "dan", Compelled: true}})
		}, true},
		"prepaid": {func(w *world, id lending.LoanID) {
			w.deposit("ann", 5_000_00)
			do(w, party("ann"), lending.Prepay{Loan: id, Amount: amt(5_000_00)})
			w.deliver()
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, id := opened(t, free())
			w.lists("bob", id, 0, 1_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
			w.deposit("zoe", 1_000_00)
			c := buying(id, w.quote(id, 1, 500_00))
			c.Days = 5
			do(w, party("zoe"), c)
			tc.happen(w, id)
			require.Equal(t, tc.ends, len(w.short(id)) == 0)
			w.pass(7)
			b := w.board(id)
			for _, x := range b.Listings {
				require.True(t, x.Number == 1 || !tc.ends)
			}
			require.Equal(t, lending.PartyID("zoe"), w.loan(id).Lots[2].Holder)
			w.reports()
		})
	}
}

func TestTenorRefusals(t *testing.T) {
	w, id := opened(t, free())
	good := transfer.ListClaim{Market: "m", Loan: id, Units: 1_000_00, Ask: transfer.Ask{PPM: lending.Million},
		Expires: w.day.AddDays(20), Tenor: transfer.Tenor{Days: 30, Failed: transfer.Extended}}
	for name, change := range map[string]func(*transfer.ListClaim){
		"too few":       func(c *transfer.ListClaim) { c.Tenor.Days = -1 },
		"no days":       func(c *transfer.ListClaim) { c.Tenor.Days = 0 },
		"too many":      func(c *transfer.ListClaim) { c.Tenor.Days = 3_661 },
		"no outcome":    func(c *transfer.ListClaim) { c.Tenor.Failed = 0 },
		"bad outcome":   func(c *transfer.ListClaim) { c.Tenor.Failed = 3 },
		"below par":     func(c *transfer.ListClaim) { c.Ask.PPM = 999_999 },
		"by yield":      func(c *transfer.ListClaim) { c.Ask = transfer.Ask{Yield: 120_000, ByYield: true} },
		"no facility":   func(c *transfer.ListClaim) { c.Tenor.Failed = transfer.TakenBack },
		"not outcome 0": func(c *transfer.ListClaim) { c.Tenor = transfer.Tenor{Failed: transfer.Extended} },
	} {
		c := good
		change(&c)
		require.ErrorIs(t, try(w, party("bob"), c), transfer.ErrTenor, name)
	}
	do(w, party("bob"), good)
	good.Tenor = transfer.Tenor{}
	do(w, party("bob"), good)
	w.deposit("zoe", 5_000_00)
	for days, want := range map[int]error{-1: transfer.ErrTenor, 31: transfer.ErrTenor, 1 << 30: transfer.ErrTenor} {
		c := buying(id, w.quote(id, 1, 100_00))
		c.Days = days
		require.ErrorIs(t, try(w, party("zoe"), c), want, days)
	}
	c := buying(id, w.quote(id, 2, 100_00))
	c.Days = 1
	require.ErrorIs(t, try(w, party("zoe"), c), transfer.ErrTenor, "sold for good only")
	for _, days := range []int{-1, 3_661} {
		require.ErrorIs(t, try(w, party("zoe"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(1_00),
			Expires: w.day, Days: days}), transfer.ErrTenor)
	}
	w.order("kim", id, lending.Million, 100_00)
	do(w, party("zoe"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(100_00), Expires: w.day, Days: 31})
	require.Len(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, 1, "no listing is for 31 days")
	require.Equal(t, "taken-back", transfer.TakenBack.String())
	require.Equal(t, "outcome unknown", transfer.Outcome(0).String())
	w.reports()
}

// A holding is no shorter than a claim has to be held, and shorter than the claim.
func TestTenorWithinHoldingPeriodAndClaim(t *testing.T) {
	m := free()
	m.HoldDays = 5
	w, id := opened(t, m)
	w.day = w.day.AddDays(5)
	c := transfer.ListClaim{Market: "m", Loan: id, Units: 1_000_00, Ask: transfer.Ask{PPM: lending.Million},
		Expires: w.day.AddDays(20), Tenor: transfer.Tenor{Days: 4, Failed: transfer.Extended}}
	require.ErrorIs(t, try(w, party("bob"), c), transfer.ErrTenor)
	c.Tenor.Days = 3_660
	do(w, party("bob"), c)
	w.deposit("zoe", 5_000_00)
	b := buying(id, w.quote(id, 1, 100_00))
	last := w.loan(id).Dues[11].Date.Sub(w.day)
	for days, want := range map[int]error{4: transfer.ErrTenor, last: transfer.ErrTenor} {
		b.Days = days
		require.ErrorIs(t, try(w, party("zoe"), b), want)
	}
	b.Days = last - 1
	do(w, party("zoe"), b)
	w.reports()
}

// A loan with short holdings is not divided into strips: their lots would change.
func TestNoStripsUnderShortHoldings(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 6, "12% per year", map[lending.PartyID]int64{"bob": 6_000_00, "eve": 3_000_00})
	w.lists("bob", id, 0, 6_000_00, transfer.Tenor{Days: 30, Failed: transfer.Extended})
	strip := transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 3_000_00, Span: lending.Span{From: 0, To: 3},
		Ask: transfer.Ask{PPM: lending.Million}, Expires: w.day.AddDays(20)}
	short := strip
	short.Tenor = transfer.Tenor{Days: 5, Failed: transfer.Extended}
	require.ErrorIs(t, try(w, party("eve"), short), transfer.ErrTenor)
	do(w, party("eve"), strip)
	w.deposit("kim", 3_000_00)
	c := buying(id, w.quote(id, 2, 3_000_00))
	w.holds("zoe", id, 1, 5)
	_, at, err := lending.View(context.Background(), w.desk, lending.LoanRef(id))
	require.NoError(t, err)
	c.Version = at
	require.ErrorIs(t, try(w, party("kim"), c), transfer.ErrTenor)
	w.pass(5)
	w.holds("dan", id, 3, 0)
	w.holds("kim", id, 2, 0)
	require.True(t, w.loan(id).Divided())
	w.reports()
}

// What splits a claim by term, and what fronts loans, says so: a desk under rules that forbid it refuses
// it from their day on, and others let it.
func TestRulesForbidSplittingFromTheirDay(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Rules: regulator.ChinaIntermediary(regulator.Options{})})
	w.day = date("2016-08-01")
	for _, p := range append([]lending.PartyID{"zhang"}, traders...) {
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: free()})
	p := standard()
	p.Transfers.ByTerm = true
	id := w.lent(p, 6, "12% per year", map[lending.PartyID]int64{"bob": 6_000_00, "eve": 3_000_00})
	par := transfer.Ask{PPM: lending.Million}
	list := transfer.ListClaim{Market: "m", Loan: id, Units: 1_000_00, Ask: par, Expires: date("2016-08-29"),
		Tenor: transfer.Tenor{Days: 5, Failed: transfer.Extended}}
	strip := transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 3_000_00, Ask: par, Expires: date("2016-08-29"),
		Span: lending.Span{From: 0, To: 3}}
	order := transfer.PlaceOrder{Market: "m", Loan: id, PPM: 1, Money: amt(1_00), Expires: date("2016-08-29"), Days: 5}
	w.deposit("kim", 9_000_00)
	do(w, party("bob"), list)
	do(w, party("eve"), strip)
	do(w, party("kim"), order)
	w.holds("zoe", id, 1, 5)
	do(w, officer, facility(transfer.OwnBook, amt(1)))

	w.day = date("2016-08-24")
	w.dayEnd()
	refused := func(err error, rule lending.Code) {
		t.Helper()
		var r *lending.RuleError
		require.ErrorAs(t, err, &r)
		require.Equal(t, rule, r.Rule)
	}
	refused(try(w, party("bob"), list), "CN-2h")
	refused(try(w, party("eve"), strip), "CN-2h")
	refused(try(w, party("kim"), order), "CN-2h")
	short := w.short(id)[0]
	buy := buying(id, w.quote(id, short.Listing, w.left(id, short.Listing)))
	buy.Days = 1
	refused(try(w, party("kim"), buy), "CN-2h")
	buy.Days = 0
	do(w, party("kim"), buy) // what is left is sold for good
	list.Tenor, order.Days = transfer.Tenor{}, 0
	do(w, party("bob"), list)
	do(w, party("kim"), order)
	refused(try(w, officer, facility(transfer.OwnBook, amt(2))), "CN-2f")
	do(w, officer, facility(transfer.Connected, amt(1)))
	w.day = date("2017-12-08")
	w.dayEnd()
	refused(try(w, officer, facility(transfer.Connected, amt(2))), "CN-2g")
	refused(try(w, officer, facility(transfer.OwnBook, amt(2))), "CN-2f")
	do(w, officer, facility(transfer.Connected)) // the end of it is no business
	w.reports()
}
