package guarantee_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A fund before or behind collateral pays what is missed, and has its money back out of the proceeds when the
// lenders have all theirs: costs, who ranks before, lenders, the fund, who ranks after, the owner.
func TestProceedsByRank(t *testing.T) {
	for _, covers := range [][]lending.CoverTerms{{byFund("fund"), byCollateral()}, {byCollateral(), byFund("fund")}} {
		w := collateralWorld(t, collateralTerms())
		older, newer := []guarantee.Creditor{{Party: "older", Minor: 50_000}}, []guarantee.Creditor{{Party: "newer", Minor: 30_000}}
		mine := guarantee.RegisterCollateral{Kind: guarantee.Pledge, Owner: "cal", Description: event.Hash{1}, Value: amt(500_000),
			Valued: w.day, Valuer: "v", Evidence: event.Hash{1}, Prior: older, Later: newer}
		id := w.secured(product("p", covers...), 400_000, 800_000, mine)
		w.deposit("fund", 50_000)
		w.fallsDue(id, 1)
		l := w.loan(id)
		const advanced = int64(50_000)
		require.Equal(t, int64(50_000), w.fund("fund").Paid)
		require.Zero(t, w.cash("fund"))
		var missed int64
		for i := range l.Dues {
			missed += l.Dues[i].Missing().Total()
		}
		lenders := w.cash("bob") + w.cash("eve")

		w.buys(id, 2, 200_000)
		ev := do(w, officer, realise(id, 2, 7_000))
		w.deliver()
		require.Equal(t, int64(7_000), w.cash("court"))
		require.Equal(t, int64(50_000), w.cash("older"))
		require.Equal(t, int64(143_000), ev.Paid)
		require.Equal(t, lenders+143_000, w.cash("bob")+w.cash("eve"), "all of it is the lenders', though the fund paid earlier instalments")
		require.Zero(t, w.cash("fund"))
		require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "r"}), lending.ErrState)

		w.buys(id, 1, missed-143_000+advanced+9_000)
		ev = do(w, officer, realise(id, 1, 0))
		w.deliver()
		require.Equal(t, lenders+missed, w.cash("bob")+w.cash("eve"))
		require.Equal(t, int64(50_000), w.cash("fund"), "the fund has its money back")
		require.Equal(t, int64(9_000), ev.Surplus)
		require.Equal(t, int64(9_000), w.cash("ann"))
		require.Zero(t, w.cash("newer"), "who ranked behind a thing that did not suffice")
		require.Equal(t, lending.StateClosed, w.loan(id).State)
		require.False(t, w.collateral(id).Secures)
		w.reports()
	}
}

// Collateral that secures a guarantor pays back what he has advanced and no more; the lenders' claim is untouched
// and the borrower owes that much less. Cash is forfeited without a sale.
func TestCounterGuarantee(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	g := byGuarantor()
	id := w.funded(w.open("ann", product("p", g), 400_000, 4))
	car := house(w, id, 100_000)
	car.For, car.Later = "gil", []guarantee.Creditor{{Party: "newer", Minor: 100}}
	require.Equal(t, 1, do(w, officer, car).Number, "no terms are needed for it")
	w.deposit("cal", 60_000)
	pledge := cash(id, "cal", 60_000)
	pledge.For = "gil"
	do(w, party("cal"), pledge)
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.day = w.loan(id).Dues[0].Date
	w.dayEnd(1)
	require.ErrorIs(t, try(w, officer, realise(id, 2, 0)), guarantee.ErrNothing)
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"}), guarantee.ErrCollateralState)
	w.deposit("gil", 500_000)
	k := guarantee.Key{Loan: id}
	paid := do(w, party("gil"), guarantee.PayDemand{Guarantor: "gil", Demand: k}).Minor
	require.Greater(t, paid, int64(100_000))
	w.deliver()

	owed := w.loan(id).Outstanding().Minor()
	require.Equal(t, int64(60_000), do(w, officer, realise(id, 2, 0)).Paid)
	w.deliver()
	require.Equal(t, 500_000-paid+60_000, w.cash("gil"))
	l := w.loan(id)
	require.Zero(t, l.Dues[0].Missing().Total())
	require.Equal(t, paid-60_000, l.Dues[0].Unpaid().Total())
	require.Less(t, l.Outstanding().Minor(), owed)

	w.buys(id, 1, paid)
	ev := do(w, officer, realise(id, 1, 0))
	w.deliver()
	require.Equal(t, paid-60_000, ev.Paid, "no more than he misses")
	require.Equal(t, int64(60_000), ev.Kept, "until the loan is over")
	require.Equal(t, int64(500_000), w.cash("gil"))
	require.Zero(t, w.loan(id).DaysPastDue(w.day))
	release := guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"}
	require.ErrorIs(t, try(w, officer, release), guarantee.ErrCollateralState)
	w.deposit("ann", 500_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	own := w.cash(car.Owner)
	do(w, officer, release)
	require.Equal(t, [2]int64{100, 60_000 - 100}, [2]int64{w.cash("newer"), w.cash(car.Owner) - own})
	w.reports()
}

// refused runs commands that are to be refused, each with its error.
func refused[S any, E event.Of[S], C lending.Command[S, E]](t *testing.T, w *world, a lending.Actor, list map[error][]C) {
	t.Helper()
	for want, cs := range list {
		for i, c := range cs {
			before := w.records()
			err := try[S, E](w, a, c)
			require.True(t, errors.Is(err, want), "%d %T: want %v, is %v", i, c, want, err)
			require.Equal(t, before, w.records())
		}
	}
}

func with[C any](c C, change func(*C)) C {
	change(&c)
	return c
}

func TestCollateralTermsRefused(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	for _, change := range []func(*guarantee.CollateralTerms){
		func(x *guarantee.CollateralTerms) { x.Currency = money.Currency{} },
		func(x *guarantee.CollateralTerms) { x.MaxLTV = 9_999 },
		func(x *guarantee.CollateralTerms) { x.MaxLTV = 1_000_001 },
		func(x *guarantee.CollateralTerms) { x.TopUpLTV = x.MaxLTV - 1 },
		func(x *guarantee.CollateralTerms) { x.TopUpLTV = 10_000_001 },
		func(x *guarantee.CollateralTerms) { x.TopUpDays = -1 },
		func(x *guarantee.CollateralTerms) { x.ValidDays = 0 },
		func(x *guarantee.CollateralTerms) { x.PledgeHaircut = 1_000_001 },
	} {
		x := with(collateralTerms(), change)
		require.ErrorIs(t, try(w, officer, guarantee.DefineCollateral{Name: "house", Terms: x}), guarantee.ErrTerms)
	}
	require.ErrorIs(t, try(w, officer, guarantee.DefineCollateral{Name: "a.b", Terms: collateralTerms()}), lending.ErrID)
}

func TestRegisterCollateralRefused(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.funded(w.open("ann", product("p", byCollateral(), byGuarantor()), 100_000, 4))
	ok := house(w, id, 500_000)
	change := func(f func(*guarantee.RegisterCollateral)) guarantee.RegisterCollateral { return with(ok, f) }
	owedTo := func(p lending.PartyID, minor int64, times int) (list []guarantee.Creditor) {
		for range times {
			list = append(list, guarantee.Creditor{Party: p, Minor: minor})
		}
		return list
	}
	bare := w.open("ann", product("bare"), 100_000, 4)
	undefined := w.open("ann", product("undefined", lending.CoverTerms{Name: "other", Kind: lending.CoverCollateral}), 100_000, 4)
	refused(t, w, officer, map[error][]guarantee.RegisterCollateral{
		lending.ErrUnknown: {house2("none", ok), house2(undefined, ok),
			change(func(c *guarantee.RegisterCollateral) { c.Owner = "nobody" }),
			change(func(c *guarantee.RegisterCollateral) { c.Prior = owedTo("nobody", 1, 1) })},
		guarantee.ErrTerms: {house2(bare, ok),
			change(func(c *guarantee.RegisterCollateral) { c.Kind = 0 }),
			change(func(c *guarantee.RegisterCollateral) { c.For = "fund" }),
			change(func(c *guarantee.RegisterCollateral) { c.For = "house" }),
			change(func(c *guarantee.RegisterCollateral) { c.For, c.Owner = "gil", "gil" }),
			change(func(c *guarantee.RegisterCollateral) { c.Description = event.Hash{} }),
			change(func(c *guarantee.RegisterCollateral) { c.Evidence = event.Hash{} })},
		lending.ErrAmount: {change(func(c *guarantee.RegisterCollateral) { c.Value = amt(0) }),
			change(func(c *guarantee.RegisterCollateral) { c.Prior = owedTo("older", 0, 1) })},
		lending.ErrDate:  {change(func(c *guarantee.RegisterCollateral) { c.Valued = w.day.AddDays(1) })},
		lending.ErrID:    {change(func(c *guarantee.RegisterCollateral) { c.Valuer = "" })},
		lending.ErrLimit: {change(func(c *guarantee.RegisterCollateral) { c.Later = owedTo("newer", 1, 11) })},
		lending.ErrActor: {change(func(c *guarantee.RegisterCollateral) { c.Kind = guarantee.CashPledge })},
	})
	pledge := cash(id, "ann", 5_000)
	refused(t, w, party("ann"), map[error][]guarantee.RegisterCollateral{
		lending.ErrFunds: {pledge},
		lending.ErrActor: {ok, cash(id, "cal", 5_000)},
		guarantee.ErrTerms: {with(pledge, func(c *guarantee.RegisterCollateral) { c.Valuer = "v" }),
			with(pledge, func(c *guarantee.RegisterCollateral) { c.Later = owedTo("newer", 1, 1) })},
	})
	do(w, officer, lending.Register{Party: "olga", Kind: lending.Person})
	require.ErrorIs(t, try(w, officer, change(func(c *guarantee.RegisterCollateral) { c.Owner = "olga" })), lending.ErrActor)
	for i := range 20 {
		do(w, officer, change(func(c *guarantee.RegisterCollateral) { c.Description = event.Hash{9, byte(i)} }))
	}
	require.ErrorIs(t, try(w, officer, ok), lending.ErrLimit)
	do(w, officer, lending.CancelFunding{Loan: id, Reason: "r"})
	require.ErrorIs(t, try(w, officer, ok), guarantee.ErrCollateralState)
	do(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"})
}

func house2(id lending.LoanID, c guarantee.RegisterCollateral) guarantee.RegisterCollateral {
	c.Loan = id
	return c
}

func TestCollateralStepsRefused(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.secured(product("p", byCollateral()), 100_000, 1_000_000, cash("", "cal", 5_000))
	v := revalue(w, id, 1, 900_000)
	refused(t, w, officer, map[error][]guarantee.Revalue{
		lending.ErrUnknown: {revalue(w, id, 3, 1), revalue(w, id, 0, 1), revalue(w, "none", 1, 1)},
		guarantee.ErrTerms: {revalue(w, id, 2, 1), with(v, func(c *guarantee.Revalue) { c.Evidence = event.Hash{} })},
		lending.ErrAmount:  {revalue(w, id, 1, -1)},
		lending.ErrDate: {with(v, func(c *guarantee.Revalue) { c.Valued = w.day.AddDays(-1) }),
			with(v, func(c *guarantee.Revalue) { c.Valued = w.day.AddDays(1) })},
		lending.ErrID: {with(v, func(c *guarantee.Revalue) { c.Valuer = "a b" })},
	})
	require.ErrorIs(t, try(w, officer, guarantee.ReviewTopUp{Loan: id}), guarantee.ErrNothing)
	require.ErrorIs(t, try(w, officer, sold(id, 1, 5)), guarantee.ErrCollateralState, "not past due")
	w.day = w.loan(id).Dues[0].Date
	w.dayEnd(1)
	require.ErrorIs(t, try(w, officer, sold(id, 1, 5)), guarantee.ErrCollateralState, "instalments to come")
	require.ErrorIs(t, try(w, officer, realise(id, 2, 0)), guarantee.ErrCollateralState)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "r"})
	w.dayEnd(1)
	s := sold(id, 1, 20_000)
	refused(t, w, officer, map[error][]guarantee.SellCollateral{
		guarantee.ErrTerms: {sold(id, 2, 5), with(s, func(c *guarantee.SellCollateral) { c.Buyer = "ann" }),
			with(s, func(c *guarantee.SellCollateral) { c.Evidence = event.Hash{} })},
		lending.ErrAmount:      {sold(id, 1, 0)},
		lending.ErrID:          {with(s, func(c *guarantee.SellCollateral) { c.Reason = "" })},
		lending.ErrUnknown:     {sold(id, 3, 5), with(s, func(c *guarantee.SellCollateral) { c.Buyer = "nobody" })},
		guarantee.ErrItemState: {{Loan: id, Item: 1, Rescind: true, Reason: "r"}},
	})
	require.ErrorIs(t, try(w, officer, realise(id, 1, 0)), guarantee.ErrItemState, "not sold")
	pay := guarantee.PaySale{Loan: id, Item: 1}
	require.ErrorIs(t, try(w, party("bud"), pay), guarantee.ErrItemState, "not sold")
	do(w, officer, sold(id, 1, 10_000))
	do(w, officer, s)
	require.ErrorIs(t, try(w, party("eve"), pay), lending.ErrActor)
	require.ErrorIs(t, try(w, party("bud"), pay), lending.ErrFunds)
	require.ErrorIs(t, try(w, officer, realise(id, 1, 0)), guarantee.ErrItemState, "not paid for")
	w.deposit("bud", 20_000)
	do(w, party("bud"), pay)
	require.ErrorIs(t, try(w, party("bud"), pay), guarantee.ErrItemState)
	require.ErrorIs(t, try(w, officer, s), guarantee.ErrItemState, "paid for")
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"}), guarantee.ErrItemState)
	w.alone = true
	require.ErrorIs(t, try(w, officer, realise(id, 1, 0)), lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, s), lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 2, Reason: "r"}), lending.ErrSecond)
	w.alone = false
	require.ErrorIs(t, try(w, officer, realise(id, 1, 20_001)), guarantee.ErrProceeds)
	require.ErrorIs(t, try(w, officer, guarantee.Realise{Loan: id, Item: 1}), lending.ErrID)
	do(w, officer, guarantee.SellCollateral{Loan: id, Item: 1, Rescind: true, Reason: "taxes"})
	require.Equal(t, int64(20_000), w.cash("bud"))
	w.buys(id, 1, 500)
	do(w, officer, realise(id, 1, 500))
	require.ErrorIs(t, try(w, officer, realise(id, 1, 0)), guarantee.ErrItemState)
	require.Equal(t, guarantee.ItemRealised, w.collateral(id).Items[0].State)
	w.reports()
}

// A release keeps all that the loan owes within MaxLTV, interest and penalties that are past due too.
func TestReleaseLooksAtAllThatIsOwed(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	p := product("p", byCollateral())
	p.Late.Penalty = schedule.MustRate("18.25% per year")
	id := w.secured(p, 630_000, 1_000_000, cash("", "ann", 9_090))
	release := guarantee.ReleaseCollateral{Loan: id, Item: 2, Reason: "r"}
	w.day = w.loan(id).Dues[0].Date
	require.ErrorIs(t, try(w, officer, release), guarantee.ErrLTV, "interest is due")
	w.dayEnd(10)
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	first := w.loan(id).Plan.At(0)
	require.Greater(t, due.Minor(), first.Total.Minor(), "a penalty")
	w.repay(id, first.Interest.Minor())
	w.deliver()
	require.ErrorIs(t, try(w, officer, release), guarantee.ErrLTV, "so is the penalty")
	w.repay(id, due.Minor()-first.Interest.Minor())
	w.deliver()
	do(w, officer, release)
}

// What secures a guarantor stays until the loan is over, but for what he has advanced: cash can be drawn on again.
func TestCounterSecurityStays(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.funded(w.open("ann", product("p", byGuarantor()), 400_000, 4))
	w.deposit("cal", 60_000)
	pledge := cash(id, "cal", 60_000)
	pledge.For = "gil"
	do(w, party("cal"), pledge)
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.day = w.loan(id).Dues[0].Date
	w.dayEnd(1)
	w.deposit("gil", 100_000)
	for drawn := int64(10_000); drawn <= 20_000; drawn += 10_000 {
		do(w, party("gil"), pay(id, 10_000))
		w.deliver()
		ev := do(w, officer, realise(id, 1, 0))
		w.deliver()
		require.Equal(t, [3]int64{10_000, 0, 60_000 - drawn}, [3]int64{ev.Paid, ev.Surplus, ev.Kept})
		require.Equal(t, [2]int64{0, 100_000}, [2]int64{w.cash("cal"), w.cash("gil")})
		require.ErrorIs(t, try(w, officer, realise(id, 1, 0)), guarantee.ErrNothing)
	}
	w.deposit("ann", 500_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	do(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "paid"})
	require.Equal(t, int64(40_000), w.cash("cal"))
	w.reports()
}
