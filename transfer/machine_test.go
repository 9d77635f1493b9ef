package transfer_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
	"github.com/loanweave/loanweave/transfer"
)

// machine trades the claims on one loan at random on two desks that differ in what must not matter, while
// it is repaid, prepaid, overdue and closed. Promises are checked after every command.
type machine struct {
	t     *rapid.T
	desks []*world
	id    lending.LoanID
	done  []func()
	took  map[string]int
	par   bool // the market charges nothing
	law   bool // title has moved by law, whatever was listed
	sales int  // so far
}

func newMachine(t *rapid.T) *machine {
	m := &machine{t: t, took: map[string]int{}, par: rapid.Bool().Draw(t, "par")}
	rules := terms()
	rules.MinSlice, rules.Band, rules.MaxDays = rapid.SampledFrom([]int64{1, 50}).Draw(t, "slice"), transfer.Band{}, 60
	if m.par {
		rules.Buyer, rules.Seller = lending.Fee{}, lending.Fee{}
	}
	rules.HoldDays = rapid.SampledFrom([]int{0, 5}).Draw(t, "hold")
	p := standard()
	p.Method = rapid.SampledFrom(methods[:3]).Draw(t, "method")
	p.Transfers.Overdue = rapid.Bool().Draw(t, "overdue too")
	p.Late.AccelerateDays = 40
	parts := map[lending.PartyID]int64{"bob": rapid.Int64Range(300, 5_000_00).Draw(t, "bob"), "eve": rapid.Int64Range(200, 90_000).Draw(t, "eve")}
	limit := rapid.SampledFrom([]int64{5_000_00, 6_000_00, 99_000_00}).Draw(t, "bob's facility")
	for _, states := range []int{0, -1} { // replayed from the first record each time
		w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Chunk: 2, States: states}, traders...)
		do(w, officer, transfer.DefineMarket{Market: "m", Terms: rules})
		m.id = w.lent(p, 5, "12% per year", parts)
		for _, x := range traders {
			w.deposit(x, 3_000_00)
		}
		do(w, officer, transfer.DefineFacility{Lender: "bob", Terms: transfer.FacilityTerms{Relation: transfer.Connected,
			Limits: []money.Amount{amt(limit)}}})
		m.desks = append(m.desks, w)
	}
	return m
}

// act runs a command on every desk. One that is refused leaves nothing behind; one that took effect is sent
// again at once and later.
func act[S any, E event.Of[S]](m *machine, a lending.Actor, c lending.Command[S, E]) (out E, err error) {
	for i, w := range m.desks {
		meta, before := w.meta(a), w.records()
		e, derr := lending.Do(context.Background(), w.desk, meta, c)
		if i == 0 {
			out, err = e, derr
		}
		require.Equal(m.t, lending.CodeOf(err), lending.CodeOf(derr), "%T", c)
		if derr != nil {
			class := lending.ClassOf(derr)
			require.NotContains(m.t, []lending.Class{lending.ClassUnknown, lending.ClassBroken}, class, "%T: %v", c, derr)
			require.Equal(m.t, before, w.records(), "%T was refused and wrote", c)
			continue
		}
		require.Empty(m.t, cmp.Diff(out, e, exported), "%T", c)
		again := func() {
			n := w.records()
			meta.On = w.day
			same, err := lending.Do(context.Background(), w.desk, meta, c)
			require.NoError(m.t, err)
			require.Empty(m.t, cmp.Diff(e, same, exported))
			require.Equal(m.t, n, w.records(), "%T sent again wrote", c)
		}
		again()
		m.done = append(m.done, again)
		w.deliver()
	}
	m.took[reflect.TypeOf(c).Name()+" "+lending.CodeOf(err)]++
	return out, err
}

var exported = cmp.Exporter(func(reflect.Type) bool { return true })

// records is the number of records in the feed.
func (w *world) records() (n int) {
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(w.t, err)
		if len(changes) == 0 {
			return n
		}
		n, pos = n+len(changes), next
	}
}

func (m *machine) first() *world          { return m.desks[0] }
func (m *machine) loan() *lending.Loan    { return m.first().loan(m.id) }
func (m *machine) board() *transfer.Board { return m.first().board(m.id) }

func (m *machine) party(t *rapid.T, label string) lending.PartyID {
	return rapid.SampledFrom(traders).Draw(t, label)
}

func (m *machine) ask(t *rapid.T) transfer.Ask {
	if m.par {
		return transfer.Ask{PPM: lending.Million}
	}
	if rapid.IntRange(0, 3).Draw(t, "by yield") == 0 {
		return transfer.Ask{Yield: transfer.Yield(rapid.Int64Range(50_000, 200_000).Draw(t, "yield")), ByYield: true}
	}
	return transfer.Ask{PPM: rapid.SampledFrom([]int64{970_000, 990_000, 1_000_000, 1_020_000}).Draw(t, "ask")}
}

func (m *machine) list(t *rapid.T) {
	l := m.loan()
	lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	who := l.Lots[lot].Holder
	if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
		who = m.party(t, "who")
	}
	units := rapid.Int64Range(1, l.Lots[lot].Units).Draw(t, "units")
	c := transfer.ListClaim{Market: "m", Loan: m.id, Lot: lot, Units: units, Ask: m.ask(t),
		Expires: m.first().day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))}
	if rapid.Bool().Draw(t, "short") {
		c.Ask, c.Tenor = transfer.Ask{PPM: lending.Million}, transfer.Tenor{Days: rapid.IntRange(5, 30).Draw(t, "tenor"), Failed: transfer.Extended}
		if who == "bob" {
			c.Tenor.Failed = transfer.TakenBack
		}
	}
	_, _ = act(m, party(who), c)
}

// buy quotes and accepts; between the two there may be a repayment, after which the quote is stale (P9).
func (m *machine) buy(t *rapid.T) {
	b := m.board()
	if len(b.Listings) == 0 {
		t.Skip("nothing is listed")
	}
	x := rapid.SampledFrom(b.Listings).Draw(t, "listing")
	units := rapid.SampledFrom([]int64{x.Units, x.MinSlice, rapid.Int64Range(1, x.Units).Draw(t, "part")}).Draw(t, "units")
	s, err := transfer.QuoteSale(context.Background(), m.first().desk, m.id, x.Number, units, m.first().day)
	if err != nil {
		return
	}
	who := m.party(t, "buyer")
	stale := false
	if rapid.IntRange(0, 4).Draw(t, "between") == 0 {
		_, rerr := act(m, party("ann"), lending.Repay{Loan: m.id, Amount: amt(1)})
		stale = rerr == nil
	}
	before := map[lending.PartyID]int64{who: m.worth(who), s.Seller: m.worth(s.Seller)}
	cash := map[lending.PartyID]int64{who: m.net(who), s.Seller: m.net(s.Seller)}
	cmd := buying(m.id, s)
	if x.Tenor.Days > 0 && rapid.IntRange(0, 3).Draw(t, "for good") > 0 {
		cmd.Days = rapid.IntRange(1, x.Tenor.Days).Draw(t, "for days")
	}
	e, err := act(m, party(who), cmd)
	if err != nil {
		return
	}
	require.False(t, stale, "a stale quote was accepted")
	require.Equal(t, cash[who]-s.Debit, m.net(who))
	require.Equal(t, cash[s.Seller]+s.Credit, m.net(s.Seller))
	m.sold(e.Sale)
	if !m.par {
		return
	}
	// I14: at par for nothing what is bought is worth its price, and both are as rich as before, but for the
	// rounding of each row's interest between the lots that they have.
	l, lot := m.loan(), s.Lot
	if l.Lots[lot].Holder != who || l.Lots[lot].Units != s.Units {
		lot = len(l.Lots) - 1
	}
	c, err := transfer.OfLot(l, lending.Assignment{Lot: lot, Units: s.Units}, s.On)
	require.NoError(t, err)
	require.Equal(t, s.Dirty(), c.Fair())
	for p, was := range before {
		require.InDelta(t, was, m.worth(p), float64(len(l.Lots)*len(l.Dues)), "%s", p)
	}
}

// net is a party's free money, less what he owes out of it.
func (m *machine) net(p lending.PartyID) int64 { return m.first().free(p) - m.first().wallet(p).Owed }

// worth is a party's money and claims at their fair value on the day.
func (m *machine) worth(p lending.PartyID) int64 {
	w, l := m.first().wallet(p), m.loan()
	sum := w.Available + w.HeldTotal() - w.Owed
	for i := range l.Lots {
		if l.Lots[i].Holder == p {
			if c, err := transfer.OfLot(l, lending.Assignment{Lot: i, Units: l.Lots[i].Units}, m.first().day); err == nil {
				sum += c.Fair()
			}
		}
	}
	return sum
}

// sold checks the identities of a sale.
func (m *machine) sold(s transfer.Sale) {
	require.Equal(m.t, s.Clean+s.Accrued+s.BuyerFee, s.Debit)
	require.Equal(m.t, s.Credit+s.SellerFee+s.BuyerFee, s.Debit)
	m.sales++
	require.Equal(m.t, m.sales, s.Number)
	require.NotEqual(m.t, s.Buyer, s.Seller)
	require.NotEqual(m.t, lending.PartyID("ann"), s.Buyer)
	if s.Roll == (transfer.Roll{}) {
		return
	}
	m.took["held short"]++
	for _, x := range m.board().Listings {
		if x.Number == s.Roll.Listing {
			require.Equal(m.t, s.Buyer, x.Seller)
			require.Equal(m.t, s.Units, x.Units)
			require.Equal(m.t, transfer.Ask{PPM: lending.Million}, x.Ask)
			lot := m.loan().Lots[x.Lot]
			require.Equal(m.t, s.Buyer, lot.Holder)
			require.Equal(m.t, s.Units, lot.Units)
			require.Equal(m.t, s.Principal, lot.Units-lot.Paid[lending.Principal])
			return
		}
	}
	m.t.Fatalf("sale %d is not offered anew", s.Number)
}

func (m *machine) match(*rapid.T) {
	held := map[lending.PartyID]int64{}
	for _, p := range traders {
		held[p] = m.first().wallet(p).HeldTotal()
	}
	limits := map[int]int64{}
	for _, o := range m.board().Orders {
		limits[o.Number] = o.PPM
	}
	e, err := act(m, timer, transfer.MatchOrders{Loan: m.id})
	if err != nil {
		return
	}
	for _, s := range e.Sales {
		m.sold(s)
		held[s.Buyer] -= s.Debit
		require.Positive(m.t, s.Order)
		most, err := money.MulDiv(s.Principal, limits[s.Order], lending.Million, money.HalfEven)
		require.NoError(m.t, err)
		require.LessOrEqual(m.t, s.Clean, most, "no more than the order's limit")
	}
	for _, p := range traders {
		require.Equal(m.t, held[p], m.first().wallet(p).HeldTotal())
	}
	if len(e.Sales) > 0 {
		m.took["filled"]++
	}
	m.uncrossed()
}

// uncrossed checks that no order is left that could pay for a slice of an earlier listing at its price.
func (m *machine) uncrossed() {
	b, l, day := m.board(), m.loan(), m.first().day
	for _, o := range b.Orders {
		for _, x := range b.Listings {
			bound := o.Buyer == "bob" || o.Days > 0 // by his facility, or by how long it may be held
			fits := !bound && !x.Ask.ByYield && x.Ask.PPM <= o.PPM && x.Number < o.Number && x.Seller != o.Buyer
			if !fits || day.After(o.Expires) || o.Basis.Overdue != x.Basis.Overdue || l.DaysPastDue(day) > 0 {
				continue
			}
			units := x.MinSlice
			if x.Units < 2*x.MinSlice {
				units = x.Units
			}
			s, err := transfer.QuoteSale(context.Background(), m.first().desk, m.id, x.Number, units, day)
			if err == nil && m.stood(o) {
				require.Greater(m.t, s.Debit, o.Money, "order %d could buy of listing %d", o.Number, x.Number)
				m.took["left"]++
			}
		}
	}
}

// stood reports whether an order is sure not to have lapsed since the last look.
func (m *machine) stood(o transfer.StandingOrder) bool {
	var later int64
	l := m.loan()
	for i := range l.Dues {
		if u := l.Dues[i].Unpaid(); l.Dues[i].Date.After(o.Expires) {
			later += u[lending.Principal] + u[lending.Interest]
		}
	}
	return later == o.Basis.Later && l.Acceleration.On.IsZero()
}

func (m *machine) order(t *rapid.T) {
	_, _ = act(m, party(m.party(t, "buyer")), transfer.PlaceOrder{Market: "m", Loan: m.id,
		PPM:   rapid.SampledFrom([]int64{970_000, 990_000, 1_000_000, 1_020_000}).Draw(t, "bid"),
		Days:  rapid.SampledFrom([]int{0, 0, 5, 12}).Draw(t, "held for"),
		Money: amt(rapid.Int64Range(1, 2_000_00).Draw(t, "money")), Expires: m.first().day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))})
}

func (m *machine) withdraw(t *rapid.T) {
	b := m.board()
	n, who := rapid.IntRange(1, b.Count+1).Draw(t, "number"), m.party(t, "who")
	for _, x := range b.Listings {
		if x.Number == n && rapid.IntRange(0, 3).Draw(t, "own listing") > 0 {
			who = x.Seller
		}
	}
	for _, x := range b.Orders {
		if x.Number == n && rapid.IntRange(0, 3).Draw(t, "own order") > 0 {
			who = x.Buyer
		}
	}
	if rapid.Bool().Draw(t, "listing") {
		_, _ = act(m, party(who), transfer.WithdrawListing{Loan: m.id, Listing: n})
		return
	}
	_, _ = act(m, party(who), transfer.WithdrawOrder{Loan: m.id, Order: n})
}

func (m *machine) pay(t *rapid.T) {
	l := m.loan()
	all := l.Outstanding().Minor()
	switch rapid.IntRange(0, 5).Draw(t, "how") {
	case 0:
		_, _ = act(m, bank, lending.Deposit{Party: "ann", Amount: amt(max(1, all/2))})
	case 1:
		_, _ = act(m, party("ann"), lending.Prepay{Loan: m.id, Amount: amt(max(1, all/3))})
	case 2:
		_, _ = act(m, party("ann"), lending.Repay{Loan: m.id, Amount: amt(rapid.Int64Range(1, max(1, all/4)).Draw(t, "bounces"))})
		_, _ = act(m, officer, lending.ReversePayment{Loan: m.id, Reason: "bounced"})
	case 3:
		_, _ = act(m, party("ann"), lending.Repay{Loan: m.id, Amount: amt(rapid.Int64Range(1, max(1, all/4)).Draw(t, "some"))})
	default:
		if due, err := l.DueOn(m.first().day); err == nil && due.Sign() > 0 {
			_, _ = act(m, bank, lending.Deposit{Party: "ann", Amount: due})
			_, _ = act(m, party("ann"), lending.Repay{Loan: m.id, Amount: due})
		}
	}
}

func (m *machine) give(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "rarely") > 0 {
		return
	}
	l := m.loan()
	lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	_, _ = act(m, officer, give{m.id, lending.Assignment{Lot: lot, Compelled: true,
		Units: rapid.Int64Range(1, l.Lots[lot].Units).Draw(t, "units"), To: m.party(t, "to")}})
	m.law = m.law || m.took["give "] > 0
}

func (m *machine) days(t *rapid.T) {
	n := rapid.SampledFrom([]int{0, 1, 1, 3, 15, 30}).Draw(t, "days")
	for _, w := range m.desks {
		w.day = w.day.AddDays(n)
	}
	early := rapid.Bool().Draw(t, "look before the loan's day-end")
	if early {
		m.look()
	}
	for _, w := range m.desks {
		w.dayEnd()
		w.deliver()
	}
	m.sales = m.board().Sales
	if n == 0 || early {
		return
	}
	for _, x := range m.board().Listings { // what day-end leaves stands
		if !x.Opens.IsZero() {
			m.waits(x)
			continue
		}
		_, err := transfer.QuoteSale(context.Background(), m.first().desk, m.id, x.Number, x.Units, m.first().day)
		require.NotErrorIs(m.t, err, transfer.ErrLapsed)
	}
}

func (m *machine) notify(t *rapid.T) {
	_, _ = act(m, officer, transfer.NotifyDebtor{Loan: m.id, Sale: rapid.IntRange(1, 5).Draw(t, "sale"), Evidence: event.Hash{1}})
}

func (m *machine) again(t *rapid.T) {
	if len(m.done) == 0 {
		t.Skip("nothing was done")
	}
	rapid.SampledFrom(m.done).Draw(t, "earlier")()
}

// check is what holds after every command.
func (m *machine) check(t *rapid.T) {
	for i, w := range m.desks {
		w.reports() // P1: all books, and every loan's own invariants
		l, b := w.loan(m.id), w.board(m.id)
		var units, claims int64
		rows := map[int][2]int64{}
		for n := range l.Lots {
			units += l.Lots[n].Units
			if l.State != lending.StateActive {
				continue
			}
			dues, err := l.LotDues(lending.Assignment{Lot: n, Units: l.Lots[n].Units}, w.day)
			require.NoError(t, err)
			for _, d := range dues {
				claims += d.Principal
				rows[d.Instalment] = [2]int64{rows[d.Instalment][0] + d.Principal, rows[d.Instalment][1] + d.Interest}
			}
		}
		require.Equal(t, l.Amount.Minor(), units, "P2: units are constant")
		if l.State == lending.StateActive {
			require.Equal(t, l.Outstanding().Minor(), claims, "P2: claims are what is outstanding")
			for n := range l.Dues { // booking an acceleration that has come may cut interest, never principal
				missing := l.Dues[n].Missing()
				require.Equal(t, missing[lending.Principal], rows[n][0], "P2: instalment by instalment")
				require.LessOrEqual(t, rows[n][1], missing[lending.Interest])
			}
		}
		m.stands(t, w, l, b)
		if i > 0 {
			require.Empty(t, cmp.Diff(m.board(), b, exported), "replay is the state")
			require.Equal(t, m.loan().Lots, l.Lots)
		}
	}
}

// stands checks what stands on a board: the holds are the money of orders, and nothing is left of nothing.
func (m *machine) stands(t *rapid.T, w *world, l *lending.Loan, b *transfer.Board) {
	for _, x := range b.Listings {
		require.Positive(t, x.Units)
		require.Less(t, x.Lot, len(l.Lots))
	}
	held := map[lending.PartyID]int64{}
	for _, x := range b.Orders {
		held[x.Buyer] += x.Money
		require.Positive(t, x.Money)
	}
	for _, p := range traders {
		require.Equal(t, held[p], w.wallet(p).HeldTotal(), "holds of %s", p)
	}
	listed := map[int]int64{}
	for _, x := range b.Listings {
		if l.Lots[x.Lot].Holder == x.Seller && !m.law {
			listed[x.Lot] += x.Units
			require.LessOrEqual(t, listed[x.Lot], l.Lots[x.Lot].Units, "no oversale of lot %d", x.Lot)
		}
	}
	require.True(t, slices.IsSortedFunc(b.Listings, func(x, y transfer.Listing) int { return x.Number - y.Number }))
}

func TestMachine(t *testing.T) {
	took := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"list": m.list, "list again": m.list, "buy": m.buy, "buy again": m.buy, "order": m.order,
			"order again": m.order, "match": m.match, "match again": m.match,
			"withdraw": m.withdraw, "pay": m.pay, "give": m.give, "days": m.days, "notify": m.notify, "again": m.again,
			"": m.check,
		})
		for k, n := range m.took {
			took[k] += n
		}
	})
	for _, want := range []string{"ListClaim ", "BuyClaim ", "PlaceOrder ", "WithdrawOrder ", "WithdrawListing ", "filled",
		"Prepay ", "ReversePayment ", "Repay ", "give ", "NotifyDebtor ", "BuyClaim transfer-lapsed"} {
		if took[want] == 0 && runs() >= 100 {
			t.Errorf("%q never happened: %v", want, took)
		}
	}
	t.Log(took)
}
