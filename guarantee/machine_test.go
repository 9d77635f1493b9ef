package guarantee_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// The machine runs loans in two layers of covers, a guarantor and a fund in either order, through late and
// early payments, reversals, charge-backs, write-offs, disputes and a default. After every command the books
// and read models are checked, the fund is recomputed, and both are held against what the loans say.
type machine struct {
	*world
	rt     *rapid.T
	loans  []lending.LoanID
	given  int64 // deposited with the fund
	counts map[string]int
}

var tally = map[string]int{} // what happened over all runs

func newMachine(t *rapid.T) *machine {
	g := guarantorTerms()
	g.Liability = guarantee.Liability(rapid.IntRange(1, 2).Draw(t, "liability"))
	g.Interest = rapid.Bool().Draw(t, "interest")
	g.SharePPM = rapid.SampledFrom([]int64{lending.Million, 600_000, 333_333}).Draw(t, "share")
	g.Deductible = rapid.SampledFrom([]int64{0, 7_000}).Draw(t, "deductible")
	g.SinglePPM, g.MarginPPM = 10*lending.Million, rapid.SampledFrom([]int64{0, 10_000}).Draw(t, "margin")
	m := &machine{world: guarantorWorld(t, g), rt: t, counts: tally}
	if rapid.IntRange(0, 3).Draw(t, "slow payouts") == 0 {
		m.slow(parties)
	}
	m.deposit("gil", 100_000)
	do(m.world, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(50_000)})

	f := fundTerms(guarantee.QueuePolicy(rapid.IntRange(1, 3).Draw(t, "policy")))
	f.PrincipalPPM = rapid.SampledFrom([]int64{lending.Million, 800_000}).Draw(t, "principal")
	f.InterestPPM = rapid.SampledFrom([]int64{f.PrincipalPPM, 0, 123_456}).Draw(t, "interest ppm")
	f.Settle = rapid.SampledFrom([]schedule.Frequency{schedule.Days(1), schedule.Weeks(1), schedule.Months(1)}).Draw(t, "settle")
	f.CeilingPPM, f.WaitDays = 50_000, rapid.SampledFrom([]int{0, 0, 1, 20}).Draw(t, "wait")
	w := m.world
	w.vehicle("pool")
	do(w, officer, guarantee.DefineFund{Fund: "pool", Terms: f})
	return m
}

// products name the guarantor and the machine's own fund in either order.
func products() []lending.Product {
	g, f := byGuarantor(), byFund("pool")
	g.Cap, g.TriggerDays, f.TriggerDays, f.Fees = amt(90_000), 2, 3, true
	a := product("gil-first", g, f)
	f.Recourse, g.Fees = lending.RecourseWithInstalment, true
	b := product("fund-first", f, g)
	a.Late.AccelerateDays, b.Late.WriteOffDays = 60, 100
	b.Late.Penalty = schedule.MustRate("18.25% per year")
	for _, p := range []*lending.Product{&a, &b} {
		p.Fees = []lending.Fee{{ID: "reserve", Timing: lending.AtDisbursement, Base: lending.OnAmount,
			Payee: lending.ToParty, Party: "pool", PPM: 20_000, Round: money.HalfUp},
			{ID: "service", Timing: lending.WithInstalment, Base: lending.OnAmount, Payee: lending.ToPlatform, PPM: 1_000, Round: money.HalfUp},
			{ID: "late", Timing: lending.WhenLate, Base: lending.OnUnpaid, Payee: lending.ToLenders, PPM: 10_000, Round: money.HalfUp}}
	}
	return []lending.Product{a, b}
}

// run sends a command twice under its key: it takes effect once, and refused it writes nothing.
func run[S any, E event.Of[S]](m *machine, a lending.Actor, c lending.Command[S, E]) bool {
	meta, before := m.meta(a), m.records()
	ev, err := lending.Do(context.Background(), m.desk, meta, c)
	m.counts[fmt.Sprintf("%T %s", c, lending.CodeOf(err))]++
	if err != nil {
		class := lending.ClassOf(err)
		require.NotEqual(m.t, lending.ClassUnknown, class, "%T: %v", c, err)
		require.NotEqual(m.t, lending.ClassBroken, class, "%T: %v", c, err)
		require.Equal(m.t, before, m.records(), "%T was refused and wrote", c)
		return false
	}
	after := m.records()
	again, err := lending.Do(context.Background(), m.desk, meta, c)
	require.NoError(m.t, err)
	require.Empty(m.t, cmp.Diff(ev, again, whole))
	require.Equal(m.t, after, m.records(), "%T sent again wrote", c)
	m.deliver()
	return true
}

// records counts what the store has.
func (w *world) records() (n int) {
	for at := event.Position(0); ; {
		list, next, err := w.store.Read(context.Background(), at, 1000)
		require.NoError(w.t, err)
		if len(list) == 0 {
			return n
		}
		n, at = n+len(list), next
	}
}

func (m *machine) one() *lending.Loan {
	if len(m.loans) == 0 {
		return nil
	}
	return m.loan(rapid.SampledFrom(m.loans).Draw(m.rt, "loan"))
}

func (m *machine) minor(most int64) int64 { return rapid.Int64Range(1, most).Draw(m.rt, "minor") }

// lend has a loan paid out, or its payout refused.
func (m *machine) lend(t *rapid.T) {
	p := rapid.SampledFrom(products()).Draw(t, "product")
	who := rapid.SampledFrom([]lending.PartyID{"ann", "art", "cal"}).Draw(t, "borrower")
	id := m.open(who, p, m.minor(300_000)+1_000, rapid.IntRange(1, 4).Draw(t, "periods"))
	if !run(m, officer, lending.Publish{Loan: id}) {
		return
	}
	minor := m.loan(id).Amount.Minor()
	for i, x := range []lending.PartyID{"bob", "eve"} {
		part := minor/2 + int64(i)*(minor%2)
		m.deposit(x, part)
		do(m.world, party(x), lending.PlaceBid{Loan: id, Amount: amt(part)})
	}
	do(m.world, officer, lending.ReviewFunding{Loan: id})
	m.deliver()
	if run(m, cashier, lending.Disburse{Loan: id}) {
		m.loans = append(m.loans, id)
	}
}

func (m *machine) pay(t *rapid.T) {
	l := m.one()
	if l == nil {
		return
	}
	a := m.minor(150_000)
	m.deposit(l.Borrower, a)
	switch rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		run(m, officer, lending.ReversePayment{Loan: l.ID, Reason: "r"})
	case 1:
		run(m, officer, lending.Chargeback{Loan: l.ID, Reason: "r"})
	default:
		if run(m, party(l.Borrower), lending.Repay{Loan: l.ID, Amount: amt(a)}) {
			m.ranks(l)
		}
	}
}

// ranks holds a repayment to the order of creditors: while the lenders miss something that is due, the
// guarantor has nothing back (Civil Code 700), nor has a fund that is behind them too.
func (m *machine) ranks(was *lending.Loan) {
	l := m.loan(was.ID)
	var missing int64
	for i := range l.Dues {
		if !l.Dues[i].Date.After(m.day) || l.State == lending.StateWrittenOff {
			missing += l.Dues[i].Missing().Total()
		}
	}
	for i, a := range l.Advances {
		if missing > 0 && l.Product.Covers[a.Layer].Recourse == lending.RecourseBehind {
			require.Equal(m.t, was.Advances[i].Recovered, a.Recovered, "payer %s before the lenders", a.Payer)
		}
	}
}

// backing moves the fund's and the guarantor's money.
func (m *machine) backing(t *rapid.T) {
	a := m.minor(80_000)
	switch rapid.IntRange(0, 6).Draw(t, "backing") {
	case 0:
		m.deposit("pool", a)
		m.given += a
	case 1:
		m.deposit("gil", a)
	case 2:
		run(m, timer, guarantee.SettleFund{Fund: "pool"})
	case 3:
		run(m, officer, guarantee.ReleaseExcess{Fund: "pool", Amount: amt(a)})
	case 4:
		run(m, party("gil"), guarantee.DepositMargin{Guarantor: "gil", Amount: amt(a)})
	case 5:
		run(m, officer, guarantee.ReturnMargin{Guarantor: "gil", Amount: amt(a)})
	case 6:
		run(m, officer, guarantee.CloseFund{Fund: "pool", Lift: m.fund("pool").Closed})
	}
}

// stall has the fund settle while payouts of loans are not complete, today and the day after.
func (m *machine) stall(t *rapid.T) {
	var l *lending.Loan
	for d := range m.fund("pool").Queue.All() {
		l = m.loan(d.Loan)
		break
	}
	if l == nil {
		return
	}
	m.deposit("pool", 30_000)
	m.given += 30_000
	m.deposit(l.Borrower, 10)
	_ = try(m.world, party(l.Borrower), lending.Repay{Loan: l.ID, Amount: amt(10)})
	for range rapid.IntRange(1, 5).Draw(t, "settlements") {
		ev, err := lending.Do(context.Background(), m.desk, m.meta(timer), guarantee.SettleFund{Fund: "pool"})
		m.counts[fmt.Sprintf("stalled %s, stepped past %t", lending.CodeOf(err), len(ev.Waiting) > 0)]++
		if rapid.Bool().Draw(t, "next day") {
			m.day = m.day.AddDays(1)
		}
	}
	m.deliver()
}

// answer does something about a demand on the guarantor.
func (m *machine) answer(t *rapid.T) {
	var keys []guarantee.Key
	for d := range m.guarantor().Queue.All() {
		keys = append(keys, d.Key)
	}
	if len(keys) == 0 {
		return
	}
	k := rapid.SampledFrom(keys).Draw(t, "demand")
	switch rapid.IntRange(0, 6).Draw(t, "answer") {
	case 0, 1:
		c := guarantee.PayDemand{Guarantor: "gil", Demand: k}
		if rapid.Bool().Draw(t, "part") {
			c.Amount = amt(m.minor(30_000))
		}
		run(m, rapid.SampledFrom([]lending.Actor{party("gil"), officer}).Draw(t, "payer"), c)
	case 2:
		run(m, party("gil"), guarantee.DisputeDemand{Guarantor: "gil", Demand: k, Reason: "r"})
	case 3:
		run(m, officer, guarantee.ResolveDispute{Guarantor: "gil", Demand: k, Uphold: rapid.Bool().Draw(t, "uphold")})
	case 4:
		run(m, officer, guarantee.RecordEnforcement{Guarantor: "gil", Loan: k.Loan, Evidence: event.Hash{1}})
	case 5:
		run(m, officer, guarantee.SuspendGuarantor{Guarantor: "gil", Reason: "r", Lift: m.guarantor().State == guarantee.Suspended})
	case 6:
		run(m, officer, guarantee.DeclareDefault{Guarantor: "gil", Reason: "r"})
	}
}

func (m *machine) writeOff(*rapid.T) {
	if l := m.one(); l != nil {
		run(m, officer, lending.WriteOff{Loan: l.ID, Reason: "r"})
	}
}

func (m *machine) nextDay(t *rapid.T) {
	m.dayEnd(rapid.SampledFrom([]int{0, 1, 2, 28, 31}).Draw(t, "days"))
	before := m.records()
	m.dayEnd(0)
	require.Equal(m.t, before, m.records(), "the day-end run again did something")
}

// measure brings both up to date and holds exposure against what the loans say (I9).
func (m *machine) measure(*rapid.T) {
	f, g := m.fund("pool"), m.guarantor()
	var covered, exposure int64
	for _, id := range m.loans {
		l, out := m.loan(id), int64(0)
		for i := range l.Dues {
			out += l.Dues[i].Missing()[lending.Principal]
		}
		if len(l.Dues) == 0 {
			out = l.Amount.Minor()
		}
		if _, ok := f.Covering(id); ok {
			run(m, timer, guarantee.MeasureFund{Fund: "pool", Loans: []lending.LoanID{id}})
			covered += (out*f.Terms.PrincipalPPM + lending.Million - 1) / lending.Million
		}
		if _, ok := g.Engaged(id); ok {
			run(m, timer, guarantee.MeasureGuarantor{Guarantor: "gil", Loans: []lending.LoanID{id}})
			left := int64(90_000)
			for _, v := range l.Advances {
				if v.Payer == "gil" && v.Component != lending.Penalty {
					left -= v.Amount
				}
			}
			exposure += min(left, (out*g.Terms.SharePPM+lending.Million-1)/lending.Million)
		}
	}
	require.Equal(m.t, covered, m.fund("pool").Covered)
	require.Equal(m.t, exposure, m.guarantor().Exposure)
	audit, err := guarantee.AuditFund(context.Background(), m.desk, "pool")
	require.NoError(m.t, err)
	require.Equal(m.t, audit.Outstanding, audit.Covered)
}

// check holds everything against each other after every action.
func (m *machine) check(*rapid.T) {
	r := m.reports()
	f, g := m.fund("pool"), m.guarantor()
	a, err := guarantee.AuditFund(context.Background(), m.desk, "pool")
	require.NoError(m.t, err)
	w, err := m.desk.Wallet(context.Background(), "pool", cny)
	require.NoError(m.t, err)
	var contributed, paid int64
	for _, id := range r.Loans() {
		l := r.Loan(id)
		for _, v := range l.Upfront {
			contributed += v.Minor
		}
		for _, v := range l.Advances {
			require.LessOrEqual(m.t, v.Recovered, v.Amount)
			if v.Payer == "gil" && v.Component != lending.Penalty {
				paid += v.Amount
			}
		}
		m.promises(l, f, g)
		m.counted(l, f, g)
	}
	require.GreaterOrEqual(m.t, w.Available, int64(0))
	require.Equal(m.t, m.given+contributed+a.Recovered+a.Penalty-a.Paid-a.Released, w.Available-w.Owed, "subrogation")
	require.Equal(m.t, paid, g.Paid)
	gil, err := m.desk.Wallet(context.Background(), "gil", cny)
	require.NoError(m.t, err)
	require.Equal(m.t, gil.HeldTotal(), g.Margin)
	if g.State == guarantee.Defaulted {
		require.False(m.t, g.Ended.IsZero())
	}
	m.replays(f, g)
}

// counted holds what both count of a loan, whenever they measured it, against what it owes: it is never less.
func (m *machine) counted(l *lending.Loan, f *guarantee.Fund, g *guarantee.Guarantor) {
	var out int64
	left := int64(90_000)
	for i := range l.Dues {
		out += l.Dues[i].Missing()[lending.Principal]
	}
	for _, v := range l.Advances {
		if v.Payer == "gil" && v.Component != lending.Penalty {
			left -= v.Amount
		}
	}
	if n, ok := f.Covering(l.ID); ok {
		require.GreaterOrEqual(m.t, n, (out*f.Terms.PrincipalPPM+lending.Million-1)/lending.Million, "fund")
	}
	if n, ok := g.Engaged(l.ID); ok {
		require.GreaterOrEqual(m.t, n, min(left, (out*g.Terms.SharePPM+lending.Million-1)/lending.Million), "guarantor")
	}
}

// promises holds what a loan was promised against the demands on both.
func (m *machine) promises(l *lending.Loan, f *guarantee.Fund, g *guarantee.Guarantor) {
	for i := range l.Dues {
		var sum, most int64
		for layer, v := range l.Product.Covers {
			n := l.Dues[i].Promised[layer]
			sum, most = sum+n, max(most, l.Covered(layer, i))
			require.LessOrEqual(m.t, n, l.Covered(layer, i))
			q := &f.Queue
			if v.Name == "gil" {
				q = &g.Queue
			}
			d, _ := q.Get(guarantee.Key{Loan: l.ID, Layer: layer, Instalment: i})
			require.GreaterOrEqual(m.t, d.Minor, n, "loan %s, layer %d", l.ID, layer)
		}
		require.LessOrEqual(m.t, sum, most)
	}
}

// replays folds both anew, on a desk that has cached nothing.
func (m *machine) replays(f *guarantee.Fund, g *guarantee.Guarantor) {
	fresh, err := lending.Open(lending.Config{Store: m.store, Parts: []lending.Part{parties.Part()}, States: -1})
	require.NoError(m.t, err)
	f2, _, err := lending.View(context.Background(), fresh, guarantee.FundRef("pool"))
	require.NoError(m.t, err)
	g2, _, err := lending.View(context.Background(), fresh, guarantee.GuarantorRef("gil"))
	require.NoError(m.t, err)
	require.Empty(m.t, cmp.Diff(f, f2, whole))
	require.Empty(m.t, cmp.Diff(g, g2, whole))
}

func TestMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		m.lend(t)
		t.Repeat(map[string]func(*rapid.T){
			"": m.check, "lend": m.lend, "pay": m.pay, "backing": m.backing, "answer": m.answer, "answer again": m.answer,
			"write off": m.writeOff, "stall": m.stall, "next day": m.nextDay, "next day too": m.nextDay, "measure": m.measure,
		})
	})
	if testing.Verbose() {
		for k, n := range tally {
			fmt.Println(n, k)
		}
	}
}
