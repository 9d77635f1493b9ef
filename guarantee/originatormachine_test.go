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
)

// referrals runs one originator's loans, before a fund or alone, through payments, reversals, buybacks by
// itself and out of its deposit, write-offs, and a default. After every command books and read models are
// checked, and the originator is held against what the loans say.
type referrals struct {
	*machine
	deposited, paid int64
}

func newReferrals(t *rapid.T) *referrals {
	terms := originatorTerms()
	terms.Line = rapid.SampledFrom([]int64{120_000, 1_000_000}).Draw(t, "line")
	terms.BuybackDays = rapid.SampledFrom([]int{5, 60}).Draw(t, "buyback")
	terms.DepositPPM = rapid.SampledFrom([]int64{0, 50_000}).Draw(t, "deposit")
	m := &referrals{machine: &machine{world: originatorWorld(t, terms), rt: t, counts: tally}}
	m.deposit("ola", 100_000)
	m.put(30_000)
	return m
}

func (m *referrals) put(minor int64) {
	if run(m.machine, party("ola"), guarantee.PutDeposit{Originator: "ola", Amount: amt(minor)}) {
		m.deposited += minor
	}
}

// lend has a loan paid out within the line, or refused.
func (m *referrals) lend(t *rapid.T) {
	c, f := byOriginator(), byFund("fund")
	c.TriggerDays, f.TriggerDays = 2, 3
	p := rapid.SampledFrom([]lending.Product{product("alone", c), product("layered", c, f)}).Draw(t, "product")
	p.Late.AccelerateDays = 60
	who := rapid.SampledFrom([]lending.PartyID{"ann", "art", "cal"}).Draw(t, "borrower")
	id := m.open(who, p, m.minor(150_000)+1_000, rapid.IntRange(1, 4).Draw(t, "periods"))
	if !run(m.machine, officer, lending.Publish{Loan: id}) {
		return
	}
	minor := m.loan(id).Amount.Minor()
	lenders := []lending.PartyID{"bob", "eve", "ola"}[:rapid.IntRange(1, 3).Draw(t, "lenders")]
	for i, x := range lenders {
		part := minor / int64(len(lenders))
		if i == 0 {
			part = minor - part*int64(len(lenders)-1)
		}
		m.deposit(x, part)
		do(m.world, party(x), lending.PlaceBid{Loan: id, Amount: amt(part)})
	}
	do(m.world, officer, lending.ReviewFunding{Loan: id})
	m.deliver()
	if run(m.machine, cashier, lending.Disburse{Loan: id}) {
		m.loans = append(m.loans, id)
		o := m.originator()
		require.LessOrEqual(t, o.Referred, o.Terms.Line, "the line is never passed at attachment")
		require.LessOrEqual(t, o.Referred*o.Terms.DepositPPM, o.Deposit*lending.Million)
		require.Equal(t, guarantee.Active, o.State)
		require.Empty(t, o.Overdue(m.day))
	}
}

// buy has a demand met: its holders get what their lots are owed by the day, and the lots change hands.
func (m *referrals) buy(t *rapid.T) {
	var ids []lending.LoanID
	for d := range m.originator().Pending.All() {
		ids = append(ids, d.Loan)
	}
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(t, "demand")
	if rapid.Bool().Draw(t, "cash") {
		m.deposit("ola", m.minor(200_000))
	}
	had := map[lending.PartyID]int64{"bob": m.cash("bob"), "eve": m.cash("eve")}
	before, o := m.loan(id), m.originator()
	if !run(m.machine, rapid.SampledFrom([]lending.Actor{party("ola"), officer}).Draw(t, "payer"), buyBack(id)) {
		return
	}
	l, now := m.loan(id), m.originator()
	if len(l.Advances) > len(before.Advances) {
		m.deposited -= o.Deposit - now.Deposit
		m.paid += now.Bought - o.Bought
		return
	}
	var paid int64
	for i, x := range before.Lots {
		units := x.Units - l.Lots[i].Units // of a part
		if x.Holder != l.Lots[i].Holder {
			require.Equal(t, lending.PartyID("ola"), l.Lots[i].Holder)
			units = x.Units
		}
		if units == 0 {
			continue
		}
		list, err := before.LotDues(lending.Assignment{Lot: i, Units: units, To: "ola", Compelled: true}, m.day)
		require.NoError(t, err)
		for _, d := range list {
			had[x.Holder] += d.Principal + d.Accrued
			paid += d.Principal + d.Accrued
		}
	}
	for p, n := range had {
		require.Equal(t, n, m.cash(p))
	}
	require.Equal(t, paid, now.Bought-o.Bought)
	left, _ := now.ReferredOf(id)
	require.Equal(t, owedToOthers(l), left)
	m.deposited -= o.Deposit - now.Deposit
	m.paid += paid
}

func (m *referrals) office(t *rapid.T) {
	switch rapid.IntRange(0, 4).Draw(t, "office") {
	case 0:
		m.put(m.minor(40_000))
	case 1:
		a := m.minor(20_000)
		if run(m.machine, officer, guarantee.ReturnDeposit{Originator: "ola", Amount: amt(a)}) {
			m.deposited -= a
		}
	case 2:
		run(m.machine, officer, guarantee.SuspendOriginator{Originator: "ola", Reason: "r", Lift: m.originator().State == guarantee.Suspended})
	case 3:
		run(m.machine, timer, guarantee.SettleFund{Fund: "fund"})
	case 4:
		if rapid.IntRange(0, 3).Draw(t, "default") == 0 {
			run(m.machine, officer, guarantee.DeclareOriginatorDefault{Originator: "ola", Reason: "r"})
		}
	}
}

// measure brings the originator up to date and holds what it counts against the loans' registers (I9).
func (m *referrals) measure(*rapid.T) {
	var others int64
	for _, id := range m.loans {
		if _, ok := m.originator().ReferredOf(id); !ok {
			continue
		}
		run(m.machine, timer, guarantee.MeasureOriginator{Originator: "ola", Loans: []lending.LoanID{id}})
		others += owedToOthers(m.loan(id))
	}
	require.Equal(m.t, others, m.originator().Referred)
}

func (m *referrals) check(*rapid.T) {
	r, o := m.reports(), m.originator()
	require.Equal(m.t, m.paid, o.Bought)
	require.Equal(m.t, m.deposited, o.Deposit)
	v, err := m.desk.Wallet(context.Background(), "ola", cny)
	require.NoError(m.t, err)
	require.Equal(m.t, v.HeldTotal(), o.Deposit)
	f := m.fund("fund")
	var advanced int64
	for _, id := range r.Loans() {
		l := r.Loan(id)
		if n, ok := o.ReferredOf(id); ok {
			require.GreaterOrEqual(m.t, n, owedToOthers(l), "never less than others hold")
		}
		for _, v := range l.Advances {
			if v.Payer == "ola" {
				advanced += v.Amount
			}
		}
		for i := range l.Dues {
			d, asked := o.Pending.Get(guarantee.Key{Loan: id, Instalment: i})
			n := l.Dues[i].Promised[0]
			if held := holds(l, "ola"); held == len(l.Lots) {
				require.False(m.t, asked, "nothing is asked of who holds the whole")
			} else if o.State != guarantee.Defaulted {
				require.GreaterOrEqual(m.t, d.Minor, n)
			}
			if len(l.Product.Covers) > 1 {
				q, _ := f.Queue.Get(guarantee.Key{Loan: id, Layer: 1, Instalment: i})
				require.GreaterOrEqual(m.t, q.Minor, l.Dues[i].Promised[1])
			}
		}
	}
	require.LessOrEqual(m.t, advanced, o.Bought)
	fresh, err := lending.Open(lending.Config{Store: m.store, Parts: []lending.Part{referring.Part()}, States: -1})
	require.NoError(m.t, err)
	again, _, err := lending.View(context.Background(), fresh, guarantee.OriginatorRef("ola"))
	require.NoError(m.t, err)
	require.Empty(m.t, cmp.Diff(o, again, whole))
}

// owedToOthers is the principal of a loan that others than the originator are owed.
func owedToOthers(l *lending.Loan) (sum int64) {
	for _, x := range l.Lots {
		if x.Holder != "ola" {
			sum += x.Units - x.Paid[lending.Principal]
		}
	}
	return sum
}

// holds counts a party's lots.
func holds(l *lending.Loan, p lending.PartyID) (n int) {
	for i := range l.Lots {
		if l.Lots[i].Holder == p {
			n++
		}
	}
	return n
}

func TestOriginatorMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newReferrals(t)
		m.lend(t)
		t.Repeat(map[string]func(*rapid.T){
			"": m.check, "lend": m.lend, "pay": m.pay, "buy": m.buy, "buy again": m.buy, "office": m.office,
			"write off": m.writeOff, "next day": m.nextDay, "next day too": m.nextDay, "measure": m.measure,
		})
	})
	if testing.Verbose() {
		for k, n := range tally {
			fmt.Println(n, k)
		}
	}
}
