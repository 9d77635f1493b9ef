package guarantee_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
)

var securing = guarantee.Parties{Funds: []lending.PartyID{"fund"}, Guarantors: []lending.PartyID{"gil"},
	Collateral: []lending.Code{"house", "other"}}

func collateralTerms() guarantee.CollateralTerms {
	return guarantee.CollateralTerms{Currency: cny, MaxLTV: 700_000, TopUpLTV: 800_000, TopUpDays: 5, ValidDays: 90,
		MortgageHaircut: 100_000, PledgeHaircut: 200_000}
}

func byCollateral() lending.CoverTerms {
	return lending.CoverTerms{Name: "house", Kind: lending.CoverCollateral}
}

// collateralWorld has terms "house", a fund, a guarantor, a buyer "bud", and creditors "court", "older", "newer".
func collateralWorld(t require.TestingT, terms guarantee.CollateralTerms) *world {
	w := newWorld(t, securing)
	w.vehicle("fund")
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: fundTerms(guarantee.FIFO)})
	for _, p := range []lending.PartyID{"gil", "bud", "court", "older", "newer"} {
		do(w, officer, lending.Register{Party: p, Kind: lending.Company})
	}
	do(w, officer, guarantee.DefineGuarantor{Guarantor: "gil", Terms: guarantorTerms()})
	do(w, officer, guarantee.AssessNetAssets{Guarantor: "gil", Amount: amt(10_000_000), Evidence: event.Hash{1}})
	do(w, officer, guarantee.DefineCollateral{Name: "house", Terms: terms})
	return w
}

func (w *world) collateral(id lending.LoanID) *guarantee.Collateral {
	c, _, err := lending.View(context.Background(), w.desk, guarantee.CollateralRef(id))
	require.NoError(w.t, err)
	require.NoError(w.t, c.Check())
	return c
}

func house(w *world, id lending.LoanID, minor int64) guarantee.RegisterCollateral {
	return guarantee.RegisterCollateral{Loan: id, Kind: guarantee.Mortgage, Owner: w.loan(id).Borrower,
		Description: event.Hash{1, byte(w.keys), byte(w.keys >> 8)}, Value: amt(minor), Valued: w.day, Valuer: "surveyor", Evidence: event.Hash{2}}
}

func revalue(w *world, id lending.LoanID, item int, minor int64) guarantee.Revalue {
	return guarantee.Revalue{Loan: id, Item: item, Value: amt(minor), Valued: w.day, Valuer: "surveyor", Evidence: event.Hash{3}}
}

func cash(id lending.LoanID, owner lending.PartyID, minor int64) guarantee.RegisterCollateral {
	return guarantee.RegisterCollateral{Loan: id, Kind: guarantee.CashPledge, Owner: owner, Value: amt(minor)}
}

func sold(id lending.LoanID, item int, minor int64) guarantee.SellCollateral {
	return guarantee.SellCollateral{Loan: id, Item: item, Buyer: "bud", Price: amt(minor), Evidence: event.Hash{4}, Reason: "auction"}
}

// secured has a loan of ann's paid out on things, the first a house of the value.
func (w *world) secured(p lending.Product, minor, value int64, more ...guarantee.RegisterCollateral) lending.LoanID {
	id := w.funded(w.open("ann", p, minor, 4))
	do(w, officer, house(w, id, value))
	for _, c := range more {
		c.Loan = id
		if c.Kind == guarantee.CashPledge {
			w.deposit(c.Owner, c.Value.Minor())
			do(w, party(c.Owner), c)
		} else {
			do(w, officer, c)
		}
	}
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	return id
}

// fallsDue has a loan accelerated after its first instalment was missed.
func (w *world) fallsDue(id lending.LoanID, days int) {
	w.day = w.loan(id).Dues[0].Date
	w.dayEnd(days)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "default"})
	w.dayEnd(1)
}

// buys sells a thing to bud, who pays.
func (w *world) buys(id lending.LoanID, item int, minor int64) {
	do(w, officer, sold(id, item, minor))
	w.deposit("bud", minor)
	do(w, party("bud"), guarantee.PaySale{Loan: id, Item: item})
}

func realise(id lending.LoanID, item int, costs int64) guarantee.Realise {
	c := guarantee.Realise{Loan: id, Item: item, Reason: "default"}
	if costs > 0 {
		c.Costs = []guarantee.Creditor{{Party: "court", Minor: costs}}
	}
	return c
}

// Lendable value and LTV are exact, against fractions.
func TestLTVIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := guarantee.Collateral{}
		sum := new(big.Int)
		n := rapid.Int64Range(0, 1<<53-1)
		for range rapid.IntRange(0, 4).Draw(t, "things") {
			x := guarantee.CollateralItem{State: guarantee.ItemRegistered, Value: n.Draw(t, "value"),
				HaircutPPM: rapid.Int64Range(0, lending.Million).Draw(t, "haircut"),
				Prior:      []guarantee.Creditor{{Party: "older", Minor: n.Draw(t, "prior") >> rapid.IntRange(0, 50).Draw(t, "bits")}}}
			c.Items = append(c.Items, x)
			v := new(big.Int).Mul(big.NewInt(x.Value), big.NewInt(lending.Million-x.HaircutPPM))
			v.Div(v, big.NewInt(lending.Million)).Sub(v, big.NewInt(x.Prior[0].Minor))
			if v.Sign() > 0 {
				sum.Add(sum, v)
			}
		}
		require.Equal(t, sum.Int64(), c.Lendable())
		ltv := rapid.Int64Range(0, 10*lending.Million).Draw(t, "ltv")
		owed := rapid.OneOf(n, rapid.Just(c.Lendable()/2), rapid.Int64Range(0, 9)).Draw(t, "owed")
		want := new(big.Rat).SetFrac(big.NewInt(owed), big.NewInt(1)).
			Cmp(new(big.Rat).Mul(new(big.Rat).SetInt(sum), big.NewRat(ltv, lending.Million))) <= 0
		require.Equal(t, want, c.Within(owed, ltv))
	})
}

// A loan is paid out within MaxLTV to the cent: a house of 1,000,000 less a tenth, less what ranks before,
// lends 70%.
func TestCollateralAtDisbursement(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	lends := func(minor int64, c func(*guarantee.RegisterCollateral)) error {
		id := w.funded(w.open("ann", product("p", byCollateral()), minor, 4))
		r := house(w, id, 1_000_000)
		if c != nil {
			c(&r)
		}
		do(w, officer, r)
		return try(w, cashier, lending.Disburse{Loan: id})
	}
	require.NoError(t, lends(630_000, nil))
	require.ErrorIs(t, lends(630_001, nil), guarantee.ErrLTV)
	prior := func(r *guarantee.RegisterCollateral) {
		r.Prior = []guarantee.Creditor{{Party: "older", Minor: 100_000}}
	}
	require.NoError(t, lends(560_000, prior))
	require.ErrorIs(t, lends(560_001, prior), guarantee.ErrLTV)
	pledged := func(r *guarantee.RegisterCollateral) { r.Kind = guarantee.Pledge }
	require.NoError(t, lends(560_000, pledged))
	require.ErrorIs(t, lends(560_001, pledged), guarantee.ErrLTV)
	require.NoError(t, lends(9_000, func(r *guarantee.RegisterCollateral) { r.Valued = w.day.AddDays(-90) }))
	require.ErrorIs(t, lends(9_000, func(r *guarantee.RegisterCollateral) { r.Valued = w.day.AddDays(-91) }), guarantee.ErrStale)
	id := w.funded(w.open("ann", product("p", byCollateral()), 5_000, 4))
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), guarantee.ErrLTV, "nothing is registered")

	twice := byCollateral()
	twice.Name = "other"
	do(w, officer, guarantee.DefineCollateral{Name: "other", Terms: collateralTerms()})
	id = w.funded(w.open("ann", product("twice", byCollateral(), twice), 5_000, 4))
	do(w, officer, house(w, id, 1_000_000))
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), guarantee.ErrTerms)
	capped := byCollateral()
	capped.Cap = amt(5)
	id = w.funded(w.open("ann", product("capped", capped), 5_000, 4))
	do(w, officer, house(w, id, 1_000_000))
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), guarantee.ErrTerms)
}

// A lower value that breaks the top-up LTV asks for more by a day; another thing or a repayment meets that, and
// otherwise it has failed, which people may accelerate the loan for.
func TestTopUp(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.secured(product("p", byCollateral()), 630_000, 1_000_000)
	due := w.day.AddDays(5)
	require.Zero(t, do(w, officer, revalue(w, id, 1, 875_000)).TopUp, "at 80% to the cent nothing is asked")
	want := guarantee.TopUp{On: w.day, Due: due, Minor: 900_000 - 787_499}
	require.Equal(t, want, do(w, officer, revalue(w, id, 1, 874_999)).TopUp)
	require.ErrorIs(t, try(w, officer, guarantee.ReviewTopUp{Loan: id}), guarantee.ErrNothing)
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"}), guarantee.ErrLTV)
	w.dayEnd(5)
	require.True(t, w.collateral(id).TopUp.Failed.IsZero(), "the last day is not over")

	w.deposit("cal", 200_000)
	part := do(w, party("cal"), cash(id, "cal", 112_500))
	require.Equal(t, want.Minor-112_500, part.TopUp.Minor, "one that stands is met within MaxLTV alone")
	require.Zero(t, do(w, party("cal"), cash(id, "cal", 1)).TopUp)
	require.Equal(t, int64(87_499), w.cash("cal"))

	do(w, officer, revalue(w, id, 1, 600_000))
	w.dayEnd(6)
	failed := w.collateral(id).TopUp.Failed
	require.Equal(t, w.day, failed)
	before := w.records()
	w.dayEnd(1)
	require.Equal(t, before, w.records(), "it is found once")
	require.ErrorIs(t, try(w, officer, guarantee.ReviewTopUp{Loan: id}), guarantee.ErrNothing)
	w.day = w.loan(id).Dues[0].Date
	w.repay(id, 400_000)
	require.Zero(t, do(w, officer, guarantee.ReviewTopUp{Loan: id}).TopUp, "a repayment meets it, late as it is")

	w.deliver()
	off, err := w.loan(id).Payoff(w.day)
	require.NoError(t, err)
	do(w, officer, revalue(w, id, 1, 1))
	w.deposit("ann", off.Minor())
	do(w, party("ann"), lending.PayOff{Loan: id})
	require.Zero(t, w.collateral(id).TopUp, "nothing is asked for a loan that is over")
	w.deliver()
	for item := 1; item <= 3; item++ {
		do(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: item, Reason: "paid"})
	}
	require.Equal(t, int64(200_000), w.cash("cal"), "pledged cash is its owner's again")
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "paid"}), guarantee.ErrItemState)
	w.reports()
}

// What bounced after a loan had closed is secured by what has not been released.
func TestCollateralOfBouncedPayment(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.secured(product("p", byCollateral()), 100_000, 1_000_000)
	w.deposit("ann", 200_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	require.False(t, w.collateral(id).Secures)
	terms := collateralTerms()
	terms.MaxLTV = 10_000
	do(w, officer, guarantee.DefineCollateral{Name: "house", Terms: terms})
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	c := w.collateral(id)
	require.True(t, c.Secures)
	require.Equal(t, collateralTerms(), c.Terms, "the terms are those with which it was paid out")
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "r"}), guarantee.ErrLTV)
}

// The intermediary of 2016 refuses to register collateral, by date.
func TestCollateralIsFeatured(t *testing.T) {
	desk, err := lending.Open(lending.Config{Store: memory.NewStore(), Parts: []lending.Part{securing.Part()},
		Rules: regulator.ChinaIntermediary(regulator.Options{})})
	require.NoError(t, err)
	for day, refused := range map[string]bool{"2016-08-16": false, "2016-08-24": true} {
		m := lending.Meta{Key: day, Actor: officer, On: civil.MustParse(day)}
		_, err := lending.Do(context.Background(), desk, m, guarantee.RegisterCollateral{Loan: "L"})
		var rule *lending.RuleError
		require.Equal(t, refused, errors.As(err, &rule), "%s: %v", day, err)
	}
}

// Strangers who pledge a minor unit at a time leave room on the register for the borrower and what officers register.
func TestStrangersFillNoRegister(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.funded(w.open("ann", product("p", byCollateral()), 5_000, 4))
	w.deposit("cal", 100)
	w.deposit("ann", 100)
	var err error
	for range 20 {
		err = try(w, party("cal"), cash(id, "cal", 1))
	}
	require.ErrorIs(t, err, lending.ErrLimit)
	do(w, officer, house(w, id, 1_000_000))
	do(w, party("ann"), cash(id, "ann", 1))
	require.Len(t, w.collateral(id).Items, 12)
}

// One house secures a loan once, by whatever valuation; once it has been released it can again.
func TestSameHouseTwice(t *testing.T) {
	w := collateralWorld(t, collateralTerms())
	id := w.funded(w.open("ann", product("p", byCollateral()), 600_000, 4))
	once := house(w, id, 500_000)
	do(w, officer, once)
	require.Error(t, try(w, cashier, lending.Disburse{Loan: id}), "it does not suffice")
	require.ErrorIs(t, try(w, officer, once), lending.ErrExists)
	again := once
	again.Value = amt(900_000)
	require.ErrorIs(t, try(w, officer, again), lending.ErrExists)
	do(w, officer, guarantee.ReleaseCollateral{Loan: id, Item: 1, Reason: "papers"})
	do(w, officer, again)
}
