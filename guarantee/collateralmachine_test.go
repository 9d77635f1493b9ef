package guarantee_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
)

// securities runs loans that things secure, alone, beside a fund and beside a guarantor with security of his own,
// through payments, reversals, write-offs, valuations, top-ups, releases and sales. After every command books
// and read models are checked, what each thing brought is accounted for, and LTV is held after releases.
type securities struct{ *machine }

func newSecurities(t *rapid.T) *securities {
	terms := collateralTerms()
	terms.TopUpLTV = rapid.SampledFrom([]int64{700_000, 1_200_000}).Draw(t, "top-up")
	terms.TopUpDays = rapid.SampledFrom([]int{0, 20}).Draw(t, "days")
	terms.ValidDays = rapid.SampledFrom([]int{40, 400}).Draw(t, "valid")
	m := &securities{&machine{world: collateralWorld(t, terms), rt: t, counts: tally}}
	m.deposit("fund", 40_000)
	m.deposit("gil", 400_000)
	m.deposit("bud", 100_000)
	return m
}

func securedProducts() []lending.Product {
	c, f, g := byCollateral(), byFund("fund"), byGuarantor()
	list := []lending.Product{product("alone", c), product("fund-first", f, c), product("house-first", c, f), product("guaranteed", g, c)}
	list[1].Late.AccelerateDays, list[2].Late.WriteOffDays = 30, 70
	for i := range list {
		list[i].Late.Penalty = schedule.MustRate("18.25% per year")
	}
	return append(list, list[3])
}

func (m *securities) lend(t *rapid.T) {
	p := rapid.SampledFrom(securedProducts()).Draw(t, "product")
	minor := m.minor(120_000) + 1_000
	id := m.open("ann", p, minor, rapid.IntRange(1, 3).Draw(t, "periods"))
	if !run(m.machine, officer, lending.Publish{Loan: id}) {
		return
	}
	m.deposit("bob", minor)
	do(m.world, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(minor)})
	do(m.world, officer, lending.ReviewFunding{Loan: id})
	m.deliver()
	do(m.world, officer, house(m.world, id, minor*rapid.Int64Range(1, 3).Draw(t, "times")))
	m.register(t, id)
	if run(m.machine, cashier, lending.Disburse{Loan: id}) {
		require.True(t, m.collateral(id).Within(minor, collateralTerms().MaxLTV))
		m.loans = append(m.loans, id)
	}
}

// register puts a house, a car or cash of the borrower's or another's on the register.
func (m *securities) register(t *rapid.T, id lending.LoanID) {
	if rapid.IntRange(0, 3).Draw(t, "cash") == 0 {
		c := cash(id, rapid.SampledFrom([]lending.PartyID{"ann", "cal"}).Draw(t, "owner"), m.minor(60_000))
		c.For = rapid.SampledFrom([]lending.PartyID{"", "gil"}).Draw(t, "for")
		m.deposit(c.Owner, c.Value.Minor())
		run(m.machine, party(c.Owner), c)
		return
	}
	c := house(m.world, id, m.minor(300_000))
	c.Owner = rapid.SampledFrom([]lending.PartyID{"ann", "cal"}).Draw(t, "owner")
	c.Kind = guarantee.ItemKind(rapid.IntRange(1, 2).Draw(t, "kind"))
	c.For = rapid.SampledFrom([]lending.PartyID{"", "", "gil"}).Draw(t, "for")
	c.Prior, c.Later = m.creditors(t, "older"), m.creditors(t, "newer")
	run(m.machine, officer, c)
}

func (m *securities) creditors(t *rapid.T, p lending.PartyID) []guarantee.Creditor {
	if rapid.Bool().Draw(t, string(p)) {
		return nil
	}
	return []guarantee.Creditor{{Party: p, Minor: m.minor(30_000)}}
}

// thing draws a loan and one of its things.
func (m *securities) thing(t *rapid.T) (*lending.Loan, *guarantee.Collateral, int) {
	l := m.one()
	if l == nil {
		return nil, nil, 0
	}
	c := m.collateral(l.ID)
	return l, c, rapid.IntRange(1, max(1, len(c.Items))).Draw(t, "thing")
}

func (m *securities) keep(t *rapid.T) {
	l, c, n := m.thing(t)
	if l == nil {
		return
	}
	switch rapid.IntRange(0, 4).Draw(t, "keep") {
	case 0:
		m.register(t, l.ID)
	case 1, 2:
		v := revalue(m.world, l.ID, n, m.minor(250_000))
		v.Prior, v.Later = m.creditors(t, "older"), m.creditors(t, "newer")
		run(m.machine, officer, v)
	case 3:
		if run(m.machine, officer, guarantee.ReleaseCollateral{Loan: l.ID, Item: n, Reason: "r"}) && l.State == lending.StateActive {
			now := m.collateral(l.ID)
			require.True(t, now.Within(l.Outstanding().Minor(), now.Terms.MaxLTV), "the release broke LTV")
			require.Empty(t, c.Items[n-1].For)
		}
	case 4:
		run(m.machine, officer, guarantee.ReviewTopUp{Loan: l.ID})
	}
}

// sell goes on with the sale of a thing.
func (m *securities) sell(t *rapid.T) {
	l, c, n := m.thing(t)
	if l == nil || n > len(c.Items) {
		return
	}
	if x := c.Items[n-1]; x.Kind != guarantee.CashPledge && !x.Sale.Paid {
		if l.Acceleration.On.IsZero() {
			run(m.machine, officer, lending.Accelerate{Loan: l.ID, Reason: "r"})
		}
		run(m.machine, officer, sold(l.ID, n, m.minor(200_000)))
		m.deposit("bud", m.minor(150_000))
		run(m.machine, party("bud"), guarantee.PaySale{Loan: l.ID, Item: n})
	} else if rapid.IntRange(0, 9).Draw(t, "rescind") == 0 {
		run(m.machine, officer, guarantee.SellCollateral{Loan: l.ID, Item: n, Reason: "r", Rescind: true})
		return
	}
	m.shareOut(t, l.ID, n, rapid.SampledFrom([]int64{0, 700}).Draw(t, "costs"))
}

// stand is who had what of a loan.
type stand struct {
	cash              map[lending.PartyID]int64
	owed, missed, due int64 // in all, to lenders, to gil for what he advanced
}

func (m *securities) stand(l *lending.Loan) stand {
	s := stand{cash: map[lending.PartyID]int64{}}
	for _, p := range []lending.PartyID{"ann", "cal", "bob", "bud", "court", "older", "newer", "fund", "gil"} {
		v, err := m.desk.Wallet(context.Background(), p, cny)
		require.NoError(m.t, err)
		s.cash[p] = v.Available + v.HeldTotal() - v.Owed
	}
	for i := range l.Dues {
		s.owed += l.Dues[i].Unpaid().Total()
		s.missed += l.Dues[i].Missing().Total()
	}
	for _, a := range l.Advances {
		if a.Payer == "gil" {
			s.due += a.Amount - a.Recovered
		}
	}
	return s
}

// shareOut realises a thing and holds the outcome against the ranks, one by one. Late charges are booked before, so
// that what is owed is known.
func (m *securities) shareOut(t *rapid.T, id lending.LoanID, n int, costs int64) {
	if m.loan(id).State == lending.StateActive {
		do(m.world, timer, lending.EndDay{Loan: id})
	}
	l, x := m.loan(id), m.collateral(id).Items[n-1]
	was := m.stand(l)
	if !run(m.machine, officer, realise(id, n, costs)) {
		return
	}
	now := m.stand(m.loan(id))
	brought, from := x.Sale.Price, lending.PartyID("bud")
	if x.Kind == guarantee.CashPledge {
		brought, from = x.Value, x.Owner
	}
	want := map[lending.PartyID]int64{from: -brought, "court": costs}
	rest := brought - costs
	for _, p := range x.Prior {
		want[p.Party] += min(rest, p.Minor)
		rest -= min(rest, p.Minor)
	}
	due := was.owed
	if x.For != "" {
		due = was.due
	}
	paid := min(rest, due)
	rest -= paid
	require.Equal(t, paid, was.owed-now.owed, "the loan owes that much less")
	switch {
	case x.For != "":
		want["gil"] += paid
		require.Equal(t, was.missed, now.missed, "the lenders' claim stays")
	default:
		first := min(paid, was.missed)
		require.Equal(t, first, was.missed-now.missed, "the lenders come first")
		want["bob"] += first
		for _, a := range l.Advances { // each alone covers the loan
			want[a.Payer] += 0
		}
		if len(l.Advances) > 0 {
			want[l.Advances[0].Payer] += paid - first
		}
	}
	later := x.Later
	if s := m.loan(id).State; x.For != "" && (s == lending.StateActive || s == lending.StateWrittenOff) {
		later = nil // the rest is kept
		require.Equal(t, rest > 0, m.collateral(id).Items[n-1].State == guarantee.ItemRegistered)
	}
	for _, p := range later {
		want[p.Party] += min(rest, p.Minor)
		rest -= min(rest, p.Minor)
	}
	want[x.Owner] += rest
	m.counts[fmt.Sprintf("realised: owner %t, lenders %t, gil %t, payer %t, later %t, over %t", want[x.Owner] > 0, want["bob"] > 0,
		x.For != "", x.For == "" && paid > was.missed, want["newer"] > 0, now.owed == 0)]++
	for p, n := range was.cash {
		require.Equal(t, want[p], now.cash[p]-n, "%s, of %d brought by %+v", p, brought, x)
	}
}

func (m *securities) backing(t *rapid.T) {
	for d := range m.guarantor().Queue.All() {
		run(m.machine, party("gil"), guarantee.PayDemand{Guarantor: "gil", Demand: d.Key})
		return
	}
	m.deposit(rapid.SampledFrom([]lending.PartyID{"fund", "gil"}).Draw(t, "to"), m.minor(30_000))
}

// check holds what wallets hold against the registers, and folds these anew.
func (m *securities) check(*rapid.T) {
	m.reports()
	held := map[lending.PartyID]int64{}
	fresh, err := lending.Open(lending.Config{Store: m.store, Parts: []lending.Part{securing.Part()}, States: -1})
	require.NoError(m.t, err)
	for _, id := range m.loans {
		c, l := m.collateral(id), m.loan(id)
		for _, x := range c.Items {
			if x.State == guarantee.ItemRegistered && x.Kind == guarantee.CashPledge {
				held[x.Owner] += x.Value
			} else if x.Sale.Paid {
				held[x.Sale.Buyer] += x.Sale.Price
			}
		}
		require.Equal(m.t, l.State == lending.StateActive || l.State == lending.StateWrittenOff, c.Secures)
		for _, a := range l.Advances {
			require.LessOrEqual(m.t, a.Recovered, a.Amount)
		}
		again, _, err := lending.View(context.Background(), fresh, guarantee.CollateralRef(id))
		require.NoError(m.t, err)
		require.Equal(m.t, c, again)
	}
	for _, p := range []lending.PartyID{"ann", "cal", "bud"} {
		v, err := m.desk.Wallet(context.Background(), p, cny)
		require.NoError(m.t, err)
		require.GreaterOrEqual(m.t, v.HeldTotal(), held[p])
		if p == "bud" {
			require.Equal(m.t, held[p], v.HeldTotal())
		}
	}
}

func TestCollateralMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newSecurities(t)
		m.lend(t)
		t.Repeat(map[string]func(*rapid.T){
			"": m.check, "lend": m.lend, "pay": m.pay, "keep": m.keep, "keep again": m.keep, "sell": m.sell, "sell again": m.sell,
			"backing": m.backing, "write off": m.writeOff, "next day": m.nextDay, "next day too": m.nextDay,
		})
	})
	if testing.Verbose() {
		for k, n := range tally {
			fmt.Println(n, k)
		}
	}
}
