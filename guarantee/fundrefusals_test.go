package guarantee_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

func TestFundTermsRefused(t *testing.T) {
	good := fundTerms(guarantee.FIFO)
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(*guarantee.FundTerms){
		"currency":      func(f *guarantee.FundTerms) { f.Currency = money.Currency{} },
		"principal":     func(f *guarantee.FundTerms) { f.PrincipalPPM = lending.Million + 1 },
		"nothing":       func(f *guarantee.FundTerms) { f.PrincipalPPM, f.InterestPPM = 0, 0 },
		"more interest": func(f *guarantee.FundTerms) { f.PrincipalPPM = 1 },
		"no interest":   func(f *guarantee.FundTerms) { f.InterestPPM = -1 },
		"policy":        func(f *guarantee.FundTerms) { f.Policy = 4 },
		"no period":     func(f *guarantee.FundTerms) { f.Settle = schedule.Frequency{} },
		"half months":   func(f *guarantee.FundTerms) { f.Settle = schedule.SemiMonthly() },
		"long period":   func(f *guarantee.FundTerms) { f.Settle = schedule.Days(367) },
		"target":        func(f *guarantee.FundTerms) { f.TargetPPM = -1 },
		"ceiling":       func(f *guarantee.FundTerms) { f.CeilingPPM = lending.Million + 1 },
	} {
		terms := good
		spoil(&terms)
		require.ErrorIs(t, terms.Validate(), guarantee.ErrTerms, name)
	}
}

func TestFundIsRingFenced(t *testing.T) {
	w := newWorld(t, guarantee.Parties{Funds: []lending.PartyID{"fund", "cal"}})
	define := guarantee.DefineFund{Fund: "fund", Terms: fundTerms(guarantee.FIFO)}
	require.ErrorIs(t, try(w, officer, define), lending.ErrUnknown)
	require.ErrorIs(t, try(w, officer, guarantee.DefineFund{Fund: "cal", Terms: define.Terms}), guarantee.ErrTerms)
	do(w, officer, lending.Register{Party: "fund", Kind: lending.Vehicle})
	require.ErrorIs(t, try(w, cashier, define), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, guarantee.DefineFund{Fund: "fund"}), guarantee.ErrTerms)
	do(w, officer, define)
	require.ErrorIs(t, try(w, officer, define), lending.ErrExists)

	w.deposit("fund", 5_000)
	id := w.lent("ann", product("p"), 1_200, 12)
	for name, err := range map[string]error{
		"withdraw":             try(w, party("fund"), lending.Withdraw{Amount: amt(1_000)}),
		"apply":                try(w, party("fund"), lending.Apply{Product: "p", Amount: amt(1_000), Periods: 3}),
		"refund":               try(w, party("fund"), lending.Refund{Loan: id, From: "fund", Amount: amt(5_000)}),
		"refund by the system": try(w, timer, lending.Refund{Loan: id, From: "fund", Amount: amt(5_000)}),
		"assign":               try(w, officer, give{id, lending.Assignment{Lot: 0, Units: 600, To: "fund"}}),
		"pledge": try(w, party("fund"), guarantee.RegisterCollateral{Loan: id, Kind: guarantee.CashPledge, Owner: "fund",
			Value: amt(1_000)}),
	} {
		require.ErrorIs(t, err, lending.ErrFenced, name)
	}
	next := w.open("ann", product("q"), 1_200, 12)
	do(w, officer, lending.Publish{Loan: next})
	require.ErrorIs(t, try(w, party("fund"), lending.PlaceBid{Loan: next, Amount: amt(100)}), lending.ErrFenced)
	require.Equal(t, int64(5_000), w.cash("fund"))
}

func TestUndefinedFundDoesNothing(t *testing.T) {
	w := newWorld(t, guarantee.Parties{Funds: []lending.PartyID{"fund"}})
	for _, err := range []error{
		try(w, officer, guarantee.CloseFund{Fund: "fund"}),
		try(w, timer, guarantee.SettleFund{Fund: "fund"}),
		try(w, officer, guarantee.MeasureFund{Fund: "fund", Loans: []lending.LoanID{"l"}}),
		try(w, officer, guarantee.ReleaseExcess{Fund: "fund", Amount: amt(1)}),
		try(w, officer, guarantee.Stabilise{Fund: "fund", Losses: 1}),
		try(w, officer, guarantee.EndStabilisation{Fund: "fund"}),
	} {
		require.ErrorIs(t, err, lending.ErrUnknown)
	}
	_, err := guarantee.AuditFund(context.Background(), w.desk, "fund")
	require.ErrorIs(t, err, lending.ErrUnknown)
	id := w.open("ann", product("covered", byFund("fund")), 1000, 1)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), lending.ErrUnknown)
}

// A closed fund takes on no loans, stands for those it has, and takes one back that was closed by a payment
// that bounced.
func TestClosedFund(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	p := product("covered", byFund("fund"))
	old := w.lent("ann", p, 100_000, 1)
	late := w.funded(w.open("art", p, 100_000, 1))
	do(w, officer, guarantee.CloseFund{Fund: "fund"})
	require.ErrorIs(t, try(w, officer, guarantee.CloseFund{Fund: "fund"}), lending.ErrState)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: late}), guarantee.ErrFundClosed)
	w.repay(old, 101_000)
	require.Zero(t, w.fund("fund").Loans())
	do(w, officer, lending.ReversePayment{Loan: old, Reason: "bounced"})
	n, ok := w.fund("fund").Covering(old)
	require.True(t, ok)
	require.Equal(t, int64(100_000), n)
	do(w, officer, guarantee.CloseFund{Fund: "fund", Lift: true})
	do(w, cashier, lending.Disburse{Loan: late})
}

func TestFundOfAnotherCurrency(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.Currency = money.MustCurrency("JPY")
	w := fundWorld(t, terms)
	id := w.open("ann", product("covered", byFund("fund")), 1000, 1)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrTerms)
}

// Cash above the ceiling alone is released, by two people, after what waits in the queue.
func TestReleaseExcess(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_000, 12)
	w.deposit("fund", 150_000)
	release := func(minor int64) guarantee.ReleaseExcess {
		return guarantee.ReleaseExcess{Fund: "fund", Amount: amt(minor)}
	}
	require.ErrorIs(t, try(w, officer, release(30_001)), guarantee.ErrExcess)
	require.ErrorIs(t, try(w, officer, release(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, cashier, release(1)), lending.ErrActor)
	require.ErrorIs(t, try(w, chief, release(1)), lending.ErrSecond)
	w.alone = true
	require.ErrorIs(t, try(w, officer, release(1)), lending.ErrSecond)
	w.alone = false
	do(w, officer, release(30_000))
	require.Equal(t, int64(120_000), w.cash("fund"))
	w.repay(id, 600_000)
	require.ErrorIs(t, try(w, officer, release(1)), guarantee.ErrExcess, "not before the loan is measured")
	do(w, timer, guarantee.MeasureFund{Fund: "fund", Loans: []lending.LoanID{id}})
	excess, err := w.fund("fund").Excess(120_000)
	require.NoError(t, err)
	do(w, officer, release(excess))
	require.ErrorIs(t, try(w, officer, release(1)), guarantee.ErrExcess)
	w.audit()
}

func TestMeasureRefuses(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	measure := func(ids ...lending.LoanID) error {
		return try(w, officer, guarantee.MeasureFund{Fund: "fund", Loans: ids})
	}
	require.ErrorIs(t, measure(), lending.ErrLimit)
	require.ErrorIs(t, measure(make([]lending.LoanID, 101)...), lending.ErrLimit)
	require.ErrorIs(t, measure("l"), lending.ErrUnknown)
}

func TestSettleRefuses(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.Settle = schedule.Months(1)
	w := fundWorld(t, terms)
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_000, 12)
	settle := guarantee.SettleFund{Fund: "fund"}
	require.ErrorIs(t, try(w, timer, settle), guarantee.ErrNothing)
	require.ErrorIs(t, try(w, officer, settle), lending.ErrActor)
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(1)
	f := w.fund("fund")
	require.Equal(t, 1, f.Queue.Len())
	for d := range f.Queue.All() {
		require.Equal(t, "2026-03-31", d.Due.String(), "the next settlement")
	}
	require.ErrorIs(t, try(w, timer, settle), guarantee.ErrNothing)
	w.dayEnd(30) // without cash, on the day of settlement
	require.True(t, w.fund("fund").Exhausted)
	w.deposit("fund", 10_000_000)
	require.ErrorIs(t, try(w, timer, settle), guarantee.ErrNothing, "again in a month")
	w.dayEnd(30)
	require.Zero(t, w.fund("fund").Queue.Len())
	w.audit()
}

// Stabilisation begins when cash does not cover expected losses and ends at the target; meanwhile nothing is
// released.
func TestStabilisation(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	w.deposit("fund", 60_000)
	begin := guarantee.Stabilise{Fund: "fund", Losses: 80_000, Income: 50_000}
	end := guarantee.EndStabilisation{Fund: "fund", Losses: 80_000}
	require.ErrorIs(t, try(w, officer, end), lending.ErrState)
	require.ErrorIs(t, try(w, officer, guarantee.Stabilise{Fund: "fund", Losses: 60_000}), guarantee.ErrStabilisation)
	require.ErrorIs(t, try(w, officer, guarantee.Stabilise{Fund: "fund"}), guarantee.ErrStabilisation)
	require.ErrorIs(t, try(w, officer, guarantee.Stabilise{Fund: "fund", Losses: -1}), lending.ErrAmount)
	require.ErrorIs(t, try(w, chief, begin), lending.ErrSecond)
	ev := do(w, officer, begin)
	require.Equal(t, guarantee.Coverage{Cash: 60_000, Losses: 80_000, Income: 50_000}, ev.Coverage)
	require.ErrorIs(t, try(w, officer, begin), lending.ErrState)
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseExcess{Fund: "fund", Amount: amt(1)}), guarantee.ErrStabilisation)
	w.deposit("fund", 27_999)
	require.ErrorIs(t, try(w, officer, end), guarantee.ErrStabilisation)
	w.deposit("fund", 1)
	do(w, officer, end)
	require.True(t, w.fund("fund").Stabilised.IsZero())
}
