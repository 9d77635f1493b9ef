package transfer_test

import (
	"context"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/transfer"
)

// packMachine runs a package at random: investors come and go, the vehicle buys and sells claims on two loans
// that are paid, overdue, called back and written off.
type packMachine struct {
	*machine
	terms   transfer.PackageTerms
	loans   []lending.LoanID
	reports lending.Reports // followed
}

var investors = []lending.PartyID{"dan", "zoe", "kim"}

func drawPackageTerms(t *rapid.T) transfer.PackageTerms {
	p := packageTerms()
	p.RatePPM = rapid.SampledFrom([]int64{0, 73_000, 99_991, 500_000}).Draw(t, "rate")
	p.LockUpDays = rapid.SampledFrom([]int{0, 0, 5, 40}).Draw(t, "lock")
	p.SettleDays = rapid.IntRange(0, 3).Draw(t, "settle")
	p.MinAmount = rapid.SampledFrom([]int64{1, 50_00}).Draw(t, "min")
	p.Cap = 9_000_00
	p.Exit = rapid.SampledFrom([]transfer.ExitRules{{Policy: transfer.FirstCome}, {Policy: transfer.ProRata},
		{Policy: transfer.Cycles, Portion: 100_000, Part: 10_00}}).Draw(t, "exit")
	p.InDeficit = rapid.SampledFrom([]transfer.DeficitRule{transfer.StopExits, transfer.ExitAtCoverage}).Draw(t, "in deficit")
	p.Reinvest = rapid.Bool().Draw(t, "reinvest")
	p.CoveragePPM = rapid.SampledFrom([]int64{1_000_000, 1_000_000, 1_050_000}).Draw(t, "coverage")
	p.RunPPM = rapid.SampledFrom([]int64{0, 333_333, 1_000_000}).Draw(t, "run")
	return p
}

func newPackMachine(t *rapid.T) *packMachine {
	m := &packMachine{machine: &machine{t: t, took: map[string]int{}}, terms: drawPackageTerms(t)}
	p := standard()
	p.Transfers.Overdue = true
	p.Method = rapid.SampledFrom(methods[:3]).Draw(t, "method")
	w := packedOn(t, lending.Config{Chunk: 2}, m.terms)
	m.desks = []*world{w}
	m.loans = []lending.LoanID{
		w.lent(p, 4, "12% per year", map[lending.PartyID]int64{"bob": 3_000_00, "eve": 1_000_01}),
		w.lent(p, 7, "24% per year", map[lending.PartyID]int64{"bob": 2_000_00, "kim": 500_00})}
	for _, x := range append(investors, "bob", "eve") {
		w.deposit(x, 3_000_00)
	}
	m.begin()
	return m
}

// begin sells some of the package and has the vehicle buy a part of a lot.
func (m *packMachine) begin() {
	_, err := act(m.machine, party("sam"), transfer.TopUpPackage{Package: "van", Amount: amt(150_00)})
	require.NoError(m.t, err)
	for _, x := range investors {
		_, err := act(m.machine, party(x), transfer.Subscribe{Package: "van", Amount: amt(900_00)})
		require.NoError(m.t, err)
	}
	m.deal(m.loans[0], 0, "van", 2_000_00, lending.Million)
}

// deal lists a part of a lot for its holder, and buys it.
func (m *packMachine) deal(id lending.LoanID, lot int, buyer lending.PartyID, units, ppm int64) {
	seller := m.first().loan(id).Lots[lot].Holder
	x, err := act(m.machine, party(seller), transfer.ListClaim{Market: "m", Loan: id, Lot: lot, Units: units,
		Expires: m.first().day, Ask: transfer.Ask{PPM: ppm}})
	if err != nil {
		return
	}
	s, err := transfer.QuoteSale(context.Background(), m.first().desk, id, x.Listing.Number, units, m.first().day)
	if err == nil {
		_, err = act(m.machine, party(buyer), buying(id, s))
	}
	if err == nil {
		m.took[string("trade with "+buyer)]++
	}
}

// some is an investor, for the most part one of the package's.
func (m *packMachine) some(t *rapid.T) lending.PartyID {
	in := investors
	if h := m.first().pack().Holdings; len(h) > 0 && rapid.IntRange(0, 4).Draw(t, "in it") > 0 {
		in = nil
		for i := range h {
			in = append(in, h[i].Investor)
		}
	}
	return rapid.SampledFrom(in).Draw(t, "who")
}

func (m *packMachine) anyLoan(t *rapid.T) *lending.Loan {
	return m.first().loan(rapid.SampledFrom(m.loans).Draw(t, "loan"))
}

func (m *packMachine) subscribe(t *rapid.T) {
	a := rapid.Int64Range(1, 1_500_00).Draw(t, "amount")
	if _, err := act(m.machine, party(m.some(t)), transfer.Subscribe{Package: "van", Amount: amt(a)}); err == nil {
		require.False(t, m.first().pack().Closed)
		require.True(t, m.first().value().AtLeast(m.terms.CoveragePPM), "sold only while it covers enough")
	}
}

func (m *packMachine) exit(t *rapid.T) {
	c := transfer.RequestExit{Package: "van", All: rapid.Bool().Draw(t, "all"),
		ForgoPPM: rapid.SampledFrom([]int64{0, 20_000, lending.Million}).Draw(t, "forgoes")}
	if !c.All {
		c.Amount = amt(rapid.Int64Range(1, 900_00).Draw(t, "amount"))
	}
	_, _ = act(m.machine, party(m.some(t)), c)
}

func (m *packMachine) cancel(t *rapid.T) {
	if rapid.IntRange(0, 5).Draw(t, "rarely") == 0 {
		who := m.some(t)
		_, _ = act(m.machine, party(who), transfer.CancelExit{Package: "van", Investor: who})
	}
}

// shut closes the package to new money for a while.
func (m *packMachine) shut(t *rapid.T) {
	closed := m.first().pack().Closed
	if closed || rapid.IntRange(0, 3).Draw(t, "rarely") == 0 {
		_, _ = act(m.machine, officer, transfer.ClosePackage{Package: "van", Reason: "review", Reopen: closed})
	}
}

// look looks at the package once: the wallets get what the events say, nobody pays for who leaves.
func (m *packMachine) look(*rapid.T) {
	w := m.first()
	before, had := transfer.Coverage{}, map[lending.PartyID]int64{}
	for _, x := range investors {
		had[x] = w.free(x)
	}
	exits, closes := len(packageEvents[transfer.ExitsPaid](w)), len(packageEvents[transfer.PeriodClosed](w))
	if _, err := act(m.machine, timer, transfer.LookAtPackage{Package: "van"}); err != nil {
		return
	}
	for _, e := range packageEvents[transfer.PeriodClosed](w)[closes:] {
		for _, x := range e.Credits {
			if e.PaidOut {
				had[x.Investor] += x.Minor
			}
		}
	}
	for _, e := range packageEvents[transfer.ExitsPaid](w)[exits:] {
		before = e.Coverage
		for _, x := range e.Paid {
			had[x.Investor] += x.Cash
		}
	}
	for x, n := range had {
		require.Equal(m.t, n, w.free(x), "%s", x)
	}
	after := w.value()
	if before.Owed == 0 {
		return
	}
	if before.Deficit() == 0 {
		require.Zero(m.t, after.Deficit(), "paying makes no deficit")
		return
	}
	l, r := new(big.Int).Mul(big.NewInt(after.Value), big.NewInt(before.Owed)), new(big.Int).Mul(big.NewInt(before.Value), big.NewInt(after.Owed))
	require.GreaterOrEqual(m.t, l.Cmp(r), 0, "who stays is covered as before, or better")
}

// trade has the vehicle buy a part of a lot from whoever holds it, or sell one to bob.
func (m *packMachine) trade(t *rapid.T) {
	l := m.anyLoan(t)
	lot := rapid.IntRange(0, len(l.Lots)-1).Draw(t, "lot")
	buyer := lending.PartyID("van")
	if l.Lots[lot].Holder == "van" {
		buyer = "bob"
	}
	most := max(1, l.Lots[lot].Units)
	if buyer == "van" {
		most = min(most, max(1, m.first().free("van")))
	}
	m.deal(l.ID, lot, buyer, rapid.Int64Range(1, most).Draw(t, "units"),
		rapid.SampledFrom([]int64{950_000, 1_000_000, 1_000_000, 1_010_000}).Draw(t, "ask"))
}

func (m *packMachine) payLoan(t *rapid.T) {
	m.id = m.anyLoan(t).ID
	l := m.loan()
	if l.State != lending.StateActive {
		_, _ = act(m.machine, party("ann"), lending.Repay{Loan: m.id, Amount: amt(10_00)})
		return
	}
	if rapid.IntRange(0, 9).Draw(t, "write off") == 0 && l.DaysPastDue(m.first().day) > 20 {
		_, _ = act(m.machine, officer, lending.WriteOff{Loan: m.id, Reason: "lost"})
		return
	}
	m.pay(t)
}

func (m *packMachine) sponsor(t *rapid.T) {
	a := amt(rapid.Int64Range(1, 100_00).Draw(t, "amount"))
	if rapid.Bool().Draw(t, "top up") {
		_, _ = act(m.machine, party("sam"), transfer.TopUpPackage{Package: "van", Amount: a})
		return
	}
	if _, err := act(m.machine, party("sam"), transfer.TakeSurplus{Package: "van", Amount: a}); err == nil {
		require.True(t, m.first().value().AtLeast(m.terms.CoveragePPM))
	}
}

// pass lets days go by, with or without the day-ends between.
func (m *packMachine) pass(t *rapid.T) {
	n := rapid.SampledFrom([]int{1, 1, 2, 9, 30, 45}).Draw(t, "days")
	daily, last := n < 10 && rapid.Bool().Draw(t, "daily"), rapid.Bool().Draw(t, "day-end")
	for _, w := range m.desks {
		for i := range n {
			if w.day = w.day.AddDays(1); daily || last && i == n-1 {
				w.dayEnd()
				w.deliver()
			}
		}
	}
	if !daily {
		m.took["late"]++
	}
}

// check is what holds after every step.
func (m *packMachine) check(t *rapid.T) {
	w := m.first()
	require.NoError(t, m.reports.Follow(context.Background(), w.store))
	require.NoError(t, m.reports.Check(), "money is conserved")
	p, v := w.pack(), w.value()
	require.Equal(t, v.Value, v.Cash+v.Claims)
	require.Equal(t, v.Owed, v.Principal+v.Interest+v.Debt)
	// the deficit is the promises that were not earned, less what was put in for it
	since := v.Value - v.Debt - p.Net - p.Flow
	gap := p.Credited + v.Interest - p.Earned - since
	require.Equal(t, v.Owed-v.Value, gap-p.ToppedUp+p.Surplus-p.Forgone)
	require.Equal(t, p.Subscribed+p.Credited, p.Principal+p.Paid+p.Forgone, "nobody gets more than his")
	m.promises(t, w, p, v)
	l, err := transfer.PackageLadder(context.Background(), w.desk, "van", w.day, schedule.Months(1), 6)
	require.NoError(t, err)
	require.Equal(t, v.Coverage, l.Coverage, "the ladder has all of it")
}

// end reads the package's events once more: into the same state, and each as the terms have it.
func (m *packMachine) end(t *rapid.T) {
	w := m.first()
	folded, gap := new(transfer.Package), int64(0)
	for _, e := range packageEvents[event.Of[transfer.Package]](w) {
		had := folded.Principal
		if e.Apply(folded); folded.Closed {
			m.took["while closed"]++
			require.LessOrEqual(t, folded.Principal, had, "no new money")
		}
		switch e := e.(type) {
		case transfer.PeriodClosed:
			m.took["closed"]++
			gap += e.Gap()
			if e.Deferred > 0 {
				m.took["deferred"]++
				require.Empty(t, e.Credits)
			}
		case transfer.ExitsPaid:
			m.exits(t, &e)
		}
	}
	require.Empty(t, cmp.Diff(w.pack(), folded, exported), "replay is the state")
	require.Equal(t, folded.Promised-folded.Earned, gap)
}

func (m *packMachine) exits(t *rapid.T, e *transfer.ExitsPaid) {
	short := e.Deficit() > 0
	if e.Stopped {
		m.took["stopped"]++
		require.True(t, short)
	}
	for _, x := range e.Paid {
		require.LessOrEqual(t, x.Cash, x.Principal+x.Interest)
		require.Equal(t, short && m.terms.InDeficit == transfer.ExitAtCoverage, x.Cash < x.Principal+x.Interest)
		m.took["paid exit"]++
		if short {
			m.took["paid at coverage"]++
		}
	}
}

// promises holds interest against what it is day by day.
func (m *packMachine) promises(t *rapid.T, w *world, p *transfer.Package, v transfer.Valuation) {
	book := diaryOf(w, p, w.day)
	var interest int64
	for _, h := range p.Holdings {
		x := book[h.Investor]
		require.Equal(t, x.principal, h.Principal, "%s", h.Investor)
		require.Equal(t, x.credited, h.Credited, "%s", h.Investor)
		interest += x.floor() - x.credited
	}
	require.Equal(t, interest, v.Interest)
}

// account is an investor's by the slow oracle.
type account struct {
	principal, credited int64
	interest            big.Rat
}

func (a *account) floor() int64 {
	return new(big.Int).Quo(a.interest.Num(), a.interest.Denom()).Int64()
}

// diaryOf goes through the events of a package day by day and adds each day's interest exactly.
func diaryOf(w *world, p *transfer.Package, on civil.Date) map[lending.PartyID]*account {
	book, at := map[lending.PartyID]*account{}, p.Opened
	of := func(id lending.PartyID) *account {
		if book[id] == nil {
			book[id] = new(account)
		}
		return book[id]
	}
	to := func(day civil.Date) {
		for ; at.Before(day); at = at.AddDays(1) {
			for _, a := range book {
				a.interest.Add(&a.interest, big.NewRat(a.principal*p.Terms.RatePPM, 365*lending.Million))
			}
		}
	}
	for _, e := range packageEvents[event.Of[transfer.Package]](w) {
		switch e := e.(type) {
		case transfer.Subscribed:
			to(e.On)
			of(e.Investor).principal += e.Minor
		case transfer.ExitsPaid:
			to(e.On)
			for _, x := range e.Paid {
				a := of(x.Investor)
				a.principal, a.credited = a.principal-x.Principal, a.credited+x.Interest
				if a.principal == 0 {
					delete(book, x.Investor)
				}
			}
		case transfer.PeriodClosed:
			to(e.To)
			for _, x := range e.Credits {
				a := of(x.Investor)
				if a.credited += x.Minor; !e.PaidOut {
					a.principal += x.Minor
				}
			}
		}
	}
	to(on)
	return book
}

func TestPackageMachine(t *testing.T) {
	took := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newPackMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"subscribe": m.subscribe, "subscribe more": m.subscribe, "exit": m.exit, "cancel": m.cancel, "look": m.look,
			"look again": m.look, "trade": m.trade, "trade more": m.trade, "pay": m.payLoan, "pay more": m.payLoan,
			"sponsor": m.sponsor, "shut": m.shut, "pass": m.pass, "pass more": m.pass, "again": m.again, "": m.check,
		})
		m.end(t)
		for k, n := range m.took {
			took[k] += n
		}
	})
	for _, want := range []string{"Subscribe ", "RequestExit ", "CancelExit ", "LookAtPackage ", "TopUpPackage ", "TakeSurplus ",
		"closed", "deferred", "stopped", "paid exit", "paid at coverage", "late", "trade with van", "trade with bob",
		"ReversePayment ", "WriteOff ", "Subscribe transfer-under-collateralised", "Subscribe pending",
		"ClosePackage ", "while closed"} {
		if took[want] == 0 && took["LookAtPackage "] > 200 {
			t.Errorf("%q never happened: %v", want, took)
		}
	}
	t.Log(took)
}
