package guarantee_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// The line bounds what others hold, by figures that repayments relieve once they are measured.
func TestOriginatorLine(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	p := product("referred", byOriginator())
	disburse := func(id lending.LoanID) error { return try(w, cashier, lending.Disburse{Loan: id}) }
	require.ErrorIs(t, disburse(w.funded(w.open("ann", p, 2_000_100, 12))), guarantee.ErrOriginatorLine)
	a := w.funded(w.open("ann", p, 2_000_000, 12))
	require.NoError(t, disburse(a))
	w.deliver()
	require.Equal(t, int64(2_000_000), w.originator().Referred)
	b := w.funded(w.open("art", p, 100, 1))
	require.ErrorIs(t, disburse(b), guarantee.ErrOriginatorLine)
	w.repay(a, 300_000)
	require.ErrorIs(t, disburse(b), guarantee.ErrOriginatorLine, "not measured")
	measure := guarantee.MeasureOriginator{Originator: "ola", Loans: []lending.LoanID{a}}
	require.ErrorIs(t, try(w, party("ola"), measure), lending.ErrActor)
	do(w, officer, measure)
	others, ok := w.originator().ReferredOf(a)
	require.True(t, ok)
	require.Equal(t, w.loan(a).Outstanding().Minor(), others)
	require.NoError(t, disburse(b))
	require.Equal(t, 2, w.originator().Loans())
	measure.Loans = []lending.LoanID{"l"}
	require.ErrorIs(t, try(w, officer, measure), lending.ErrUnknown)
	measure.Loans = nil
	require.ErrorIs(t, try(w, officer, measure), lending.ErrLimit)
}

// An originator that keeps a share of each loan bids for it as others do; it counts against no line, and it
// is not bought back.
func TestOriginatorRetains(t *testing.T) {
	terms := originatorTerms()
	terms.Line, terms.RetainedPPM = 850_000, 150_000
	w := originatorWorld(t, terms)
	lend := func(own int64) (lending.LoanID, error) {
		id := w.open("ann", product("referred", byOriginator()), 1_000_000, 12)
		do(w, officer, lending.Publish{Loan: id})
		w.deposit("ola", own)
		w.deposit("bob", 1_000_000-own)
		do(w, party("ola"), lending.PlaceBid{Loan: id, Amount: amt(own)})
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1_000_000 - own)})
		do(w, officer, lending.ReviewFunding{Loan: id})
		w.deliver()
		err := try(w, cashier, lending.Disburse{Loan: id})
		w.deliver()
		return id, err
	}
	_, err := lend(149_999)
	require.ErrorIs(t, err, guarantee.ErrRetained)
	id, err := lend(150_000)
	require.NoError(t, err)
	require.Equal(t, int64(850_000), w.originator().Referred)
	w.day = w.loan(id).Plan.At(0).Due
	w.repay(id, 10_000+20_000)
	w.dayEnd(30)
	w.deposit("ola", 1_000_000)
	ev := do(w, party("ola"), buyBack(id))
	require.Len(t, ev.Lots, 1)
	require.Equal(t, int64(850_000-17_000), ev.Lots[0].Principal, "of 20,000 repaid it had 850 of 1,000")
	require.Zero(t, w.originator().Referred)
	w.reports()
}

// An originator with an overdue buyback refers nothing until it has bought back.
func TestOriginatorOverdue(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	waiting := w.funded(w.open("art", product("referred", byOriginator()), 1000, 1))
	id := w.overdue(byOriginator())
	disburse := lending.Disburse{Loan: waiting}
	w.dayEnd(30)
	require.Empty(t, w.originator().Overdue(w.day), "the last day to pay")
	w.dayEnd(1)
	require.Len(t, w.originator().Overdue(w.day), 1)
	require.ErrorIs(t, try(w, cashier, disburse), guarantee.ErrBuybackOverdue)
	w.deposit("ola", 1_300_000)
	do(w, party("ola"), buyBack(id))
	do(w, cashier, disburse)
}

// What the borrower has paid meanwhile is not bought back; the demand is cleared at no price.
func TestOriginatorNeedNotBuyWhatWasPaid(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.overdue(byOriginator())
	w.deposit("ola", 1_300_000)
	w.day = w.day.AddDays(-3)
	require.ErrorIs(t, try(w, party("ola"), buyBack(id)), lending.ErrDate, "not before it was asked")
	w.day = w.day.AddDays(3)
	w.repay(id, 2*106_619)
	ev := do(w, party("ola"), buyBack(id))
	require.Empty(t, ev.Lots)
	require.Zero(t, w.originator().Pending.Len())
	require.Equal(t, w.loan(id).Outstanding().Minor(), w.originator().Referred)
	require.Equal(t, int64(1_300_000), w.cash("ola"))
	w.day = w.loan(id).Plan.At(2).Due
	w.dayEnd(30)
	require.Equal(t, 1, w.originator().Pending.Len(), "asked for the third instalment")
	w.repay(id, 2_000_000)
	require.Zero(t, w.originator().Pending.Len(), "the loan has closed")
	require.Zero(t, w.originator().Referred)
}

// An officer has an overdue buyback paid out of the deposit, as far as it goes, lot by lot.
func TestOriginatorDeposit(t *testing.T) {
	terms := originatorTerms()
	terms.DepositPPM = 600_000
	w := originatorWorld(t, terms)
	put := func(minor int64) guarantee.PutDeposit {
		return guarantee.PutDeposit{Originator: "ola", Amount: amt(minor)}
	}
	back := func(minor int64) guarantee.ReturnDeposit {
		return guarantee.ReturnDeposit{Originator: "ola", Amount: amt(minor)}
	}
	w.deposit("ola", 730_000)
	require.ErrorIs(t, try(w, party("ola"), put(730_001)), lending.ErrFunds)
	require.ErrorIs(t, try(w, party("ola"), put(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, party("bob"), put(1)), lending.ErrActor)
	do(w, party("ola"), put(719_999))
	short := w.funded(w.open("ann", product("referred", byOriginator()), 1_200_000, 12))
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: short}), guarantee.ErrOriginatorDeposit)
	do(w, party("ola"), put(10_001))
	id := w.overdue(byOriginator())
	require.ErrorIs(t, try(w, officer, back(1)), guarantee.ErrOriginatorDeposit, "a demand waits")
	require.ErrorIs(t, try(w, officer, buyBack(id)), lending.ErrState, "not overdue")
	w.dayEnd(31)
	require.ErrorIs(t, try(w, chief, buyBack(id)), lending.ErrSecond)
	require.ErrorIs(t, try(w, party("bob"), buyBack(id)), lending.ErrActor)
	require.ErrorIs(t, try(w, cashier, buyBack(id)), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, buyBack("l")), lending.ErrUnknown, "another loan is overdue")
	bob, eve := w.cash("bob"), w.cash("eve")
	ev := do(w, officer, buyBack(id))
	require.Len(t, ev.Lots, 1)
	require.Equal(t, 1, ev.Left)
	require.Equal(t, ev.Lots[0].Price(), ev.Deposit)
	require.Equal(t, bob+ev.Deposit, w.cash("bob"))
	require.Equal(t, eve, w.cash("eve"))
	o := w.originator()
	require.Equal(t, 730_000-ev.Deposit, o.Deposit)
	require.Equal(t, int64(600_000), o.Referred)
	require.Equal(t, 2, o.Pending.Len(), "until the last lot is bought")
	was := w.loan(id)
	ev = do(w, officer, buyBack(id))
	require.Equal(t, 1, ev.Left, "a part of the last lot")
	require.LessOrEqual(t, ev.Deposit, o.Deposit)
	require.Greater(t, w.priceOf(was, ev.Lots[0].Lot, ev.Lots[0].Units+1), o.Deposit, "not for a unit more")
	require.Equal(t, eve+ev.Deposit, w.cash("eve"))
	w.deposit("ola", 700_000)
	do(w, party("ola"), buyBack(id))
	require.Zero(t, w.originator().Pending.Len())
	do(w, party("ola"), put(1000))
	o = w.originator()
	require.ErrorIs(t, try(w, officer, back(o.Deposit+1)), guarantee.ErrOriginatorDeposit)
	require.ErrorIs(t, try(w, officer, back(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, chief, back(1)), lending.ErrSecond)
	do(w, officer, back(o.Deposit))
	require.Zero(t, w.originator().Deposit)
	w.reports()
}

// A loan of many lots is bought back a hundred at a time.
func TestOriginatorBuysInChunks(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.open("ann", product("referred", byOriginator()), 205_000, 12)
	do(w, officer, lending.Publish{Loan: id})
	for i := range 205 {
		p := lending.PartyID(fmt.Sprintf("p%03d", i))
		do(w, officer, lending.Register{Party: p, Kind: lending.Person})
		w.deposit(p, 1000)
		do(w, party(p), lending.PlaceBid{Loan: id, Amount: amt(1000)})
	}
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(30)
	w.deposit("ola", 300_000)
	for _, left := range []int{105, 5, 0} {
		ev := do(w, party("ola"), buyBack(id))
		require.Equal(t, left, ev.Left)
		require.Equal(t, int64(left)*1000, w.originator().Referred)
	}
	require.Zero(t, w.originator().Pending.Len())
	w.reports()
}

// Terms, parties and products that do not fit are refused.
func TestOriginatorRefusals(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	define := func(p lending.PartyID, change func(*guarantee.OriginatorTerms)) error {
		terms := originatorTerms()
		change(&terms)
		return try(w, officer, guarantee.DefineOriginator{Originator: p, Terms: terms})
	}
	as := func(*guarantee.OriginatorTerms) {}
	require.ErrorIs(t, define("ola", as), lending.ErrExists)
	require.ErrorIs(t, define("nobody", as), lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("bob"), guarantee.DefineOriginator{Originator: "bob", Terms: originatorTerms()}), lending.ErrActor)
	do(w, officer, lending.Register{Party: "olga", Kind: lending.Company})
	require.ErrorIs(t, define("olga", as), lending.ErrActor, "about itself")
	for name, change := range map[string]func(*guarantee.OriginatorTerms){
		"currency": func(o *guarantee.OriginatorTerms) { o.Currency = money.Currency{} },
		"no line":  func(o *guarantee.OriginatorTerms) { o.Line = 0 },
		"line":     func(o *guarantee.OriginatorTerms) { o.Line = money.MaxMinor + 1 },
		"days":     func(o *guarantee.OriginatorTerms) { o.BuybackDays = 0 },
		"ages":     func(o *guarantee.OriginatorTerms) { o.BuybackDays = 3651 },
		"retained": func(o *guarantee.OriginatorTerms) { o.RetainedPPM = -1 },
		"deposit":  func(o *guarantee.OriginatorTerms) { o.DepositPPM = 1_000_001 },
	} {
		require.ErrorIs(t, define("bob", change), guarantee.ErrTerms, name)
	}
	for name, change := range map[string]func(*lending.CoverTerms){
		"kind": func(c *lending.CoverTerms) { c.Kind = lending.CoverGuarantor },
		"cap":  func(c *lending.CoverTerms) { c.Cap = amt(1) },
		"late": func(c *lending.CoverTerms) { c.TriggerDays = 61 },
	} {
		c := byOriginator()
		change(&c)
		id := w.open("ann", product("odd", c), 1000, 1)
		require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrTerms, name)
	}
	own := w.open("ola", product("referred", byOriginator()), 1000, 1)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: own}), guarantee.ErrTerms)

	unknown := newWorld(t, guarantee.Parties{Originators: []lending.PartyID{"ola"}})
	id := unknown.open("ann", product("referred", byOriginator()), 1000, 1)
	require.ErrorIs(t, try(unknown, officer, lending.Publish{Loan: id}), lending.ErrUnknown)
	require.ErrorIs(t, try(unknown, party("ola"), buyBack(id)), lending.ErrUnknown)
}

// A suspended originator refers nothing, and buys back.
func TestOriginatorSuspended(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	waiting := w.funded(w.open("art", product("referred", byOriginator()), 1000, 1))
	id := w.overdue(byOriginator())
	suspend := guarantee.SuspendOriginator{Originator: "ola", Reason: "review"}
	lift := guarantee.SuspendOriginator{Originator: "ola", Reason: "review", Lift: true}
	require.ErrorIs(t, try(w, officer, lift), guarantee.ErrOriginatorState)
	require.ErrorIs(t, try(w, officer, guarantee.SuspendOriginator{Originator: "ola"}), lending.ErrID)
	require.ErrorIs(t, try(w, party("ola"), suspend), lending.ErrActor)
	do(w, officer, suspend)
	require.Equal(t, guarantee.Suspended, w.originator().State)
	require.ErrorIs(t, try(w, officer, sells{id}), guarantee.ErrOriginatorState, "boards see it")
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: waiting}), guarantee.ErrOriginatorState)
	w.deposit("ola", 1_300_000)
	do(w, party("ola"), buyBack(id))
	do(w, officer, lift)
	do(w, officer, sells{id})
	do(w, cashier, lending.Disburse{Loan: waiting})
}

// A defaulted originator buys nothing back: its demands lapse, the loan says so, and the fund is asked.
func TestOriginatorDefaults(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	waiting := w.funded(w.open("art", product("referred", byOriginator()), 1000, 1))
	fund := byFund("fund")
	fund.TriggerDays = 30
	id := w.overdue(byOriginator(), fund)
	require.Zero(t, w.fund("fund").Queue.Len())
	def := guarantee.DeclareOriginatorDefault{Originator: "ola", Reason: "unpaid"}
	require.ErrorIs(t, try(w, officer, def), lending.ErrState, "nothing is overdue")
	require.ErrorIs(t, try(w, officer, guarantee.DeclareOriginatorDefault{Originator: "ola"}), lending.ErrID)
	require.ErrorIs(t, try(w, timer, guarantee.LapseRepurchases{Originator: "ola"}), guarantee.ErrOriginatorState)
	w.day = w.day.AddDays(31)
	require.ErrorIs(t, try(w, chief, def), lending.ErrSecond)
	do(w, officer, def)
	require.ErrorIs(t, try(w, officer, def), guarantee.ErrOriginatorState)
	require.ErrorIs(t, try(w, party("ola"), buyBack(id)), guarantee.ErrOriginatorState)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: waiting}), guarantee.ErrOriginatorState)
	promised := w.loan(id).Dues[0].Promised[0]
	require.Equal(t, int64(106_619), promised)
	w.dayEnd(0)
	l, o := w.loan(id), w.originator()
	require.Equal(t, guarantee.Defaulted, o.State)
	require.Zero(t, o.Pending.Len())
	require.Equal(t, promised, o.Lapsed)
	require.Zero(t, l.Dues[0].Promised[0])
	require.Equal(t, promised, l.Dues[0].Promised[1], "the next layer is asked")
	require.ErrorIs(t, try(w, timer, guarantee.LapseRepurchases{Originator: "ola"}), guarantee.ErrNothing)
	w.reports()
}

// One that is insolvent defaults without an overdue buyback.
func TestOriginatorInsolvent(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.overdue(byOriginator())
	do(w, officer, guarantee.DeclareOriginatorDefault{Originator: "ola", Reason: guarantee.Insolvent})
	w.dayEnd(1)
	require.Equal(t, int64(106_619), w.originator().Lapsed)
	require.Zero(t, w.loan(id).Dues[0].Promised[0])
}

// Behind an originator that has bought a loan back no other cover pays it as the holder.
func TestNoCoverPaysTheOriginator(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	fund := byFund("fund")
	fund.TriggerDays = 30
	id := w.overdue(byOriginator(), fund)
	w.deposit("ola", 1_300_000)
	do(w, party("ola"), buyBack(id))
	w.dayEnd(90)
	require.Zero(t, w.fund("fund").Queue.Len())
	require.Zero(t, w.originator().Pending.Len())
	w.repay(id, 2_000_000)
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	w.reports()
}

// A loan whose last payment bounces is taken back whatever the state, with all that others lent.
func TestOriginatorTakesBackAClosedLoan(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	id := w.lent("ann", product("referred", byOriginator()), 1_000_000, 1)
	w.repay(id, 1_010_000)
	require.Equal(t, lending.StateClosed, w.loan(id).State)
	require.Zero(t, w.originator().Loans())
	do(w, officer, guarantee.SuspendOriginator{Originator: "ola", Reason: "review"})
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.deliver()
	require.Equal(t, int64(1_000_000), w.originator().Referred)
}

// Claims of a loan that was written off cannot be assigned: what its lenders miss is paid instead, one demand
// after the other, out of the deposit too.
func TestOriginatorPaysOnWrittenOffLoan(t *testing.T) {
	w := originatorWorld(t, originatorTerms())
	w.deposit("ola", 150_000)
	do(w, party("ola"), guarantee.PutDeposit{Originator: "ola", Amount: amt(110_000)})
	id := w.overdue(byOriginator())
	w.dayEnd(31)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
	w.deliver()
	require.Equal(t, 2, w.originator().Pending.Len())
	require.ErrorIs(t, try(w, party("ola"), buyBack(id)), lending.ErrFunds)
	bob := w.cash("bob")
	ev := do(w, officer, buyBack(id))
	require.Equal(t, []guarantee.Settled{{Key: guarantee.Key{Loan: id}, Minor: 106_619}}, ev.Advanced)
	require.Equal(t, 1, ev.Left)
	w.deliver()
	require.Equal(t, int64(110_000-106_619), w.originator().Deposit)
	lots := w.loan(id).Lots
	require.Equal(t, bob+lots[0].Paid.Total(), w.cash("bob"))
	require.EqualValues(t, []int64{53_310, 53_309}, []int64{lots[0].Paid.Total(), lots[1].Paid.Total()}, "half of it")
	w.deposit("ola", 100_000)
	ev = do(w, party("ola"), buyBack(id))
	require.Zero(t, ev.Left)
	w.deliver()
	require.Equal(t, int64(2*106_619), w.originator().Bought)
	require.Zero(t, w.originator().Pending.Len())
	w.reports()
}
