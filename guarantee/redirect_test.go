package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// In stabilisation half of the lenders' interest goes to the fund, of payments from then on, and of no payment
// after its end. Principal never does.
func TestInterestIsRedirected(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	p := product("covered", byFund("fund"))
	half := lending.Fee{ID: "redirected", Timing: lending.AtPayout, Payee: lending.ToParty, Party: "fund",
		Base: lending.OnInterest, PPM: 500_000, Round: money.Down, Standby: true}
	p.Fees = []lending.Fee{half}
	id := w.lent("ann", p, 1_200_000, 12)
	redirect := guarantee.RedirectInterest{Fund: "fund", Loans: []lending.LoanID{id}}
	require.ErrorIs(t, try(w, officer, redirect), guarantee.ErrStabilisation)
	pay := func(n int) (lenders, fund int64) {
		before, was := w.cash("bob")+w.cash("eve"), w.cash("fund")
		w.day = w.loan(id).Plan.At(n).Due
		w.repay(id, w.loan(id).Plan.At(n).Total.Minor())
		return w.cash("bob") + w.cash("eve") - before, w.cash("fund") - was
	}
	lenders, fund := pay(0)
	require.Equal(t, w.loan(id).Plan.At(0).Total.Minor(), lenders)
	require.Zero(t, fund)

	do(w, officer, guarantee.Stabilise{Fund: "fund", Losses: 1})
	require.ErrorIs(t, try(w, chief, redirect), lending.ErrSecond)
	require.ErrorIs(t, try(w, officer, guarantee.RedirectInterest{Fund: "fund"}), lending.ErrLimit)
	require.ErrorIs(t, try(w, officer, guarantee.RedirectInterest{Fund: "none", Loans: redirect.Loans}), lending.ErrUnknown)
	none := redirect
	none.Loans = []lending.LoanID{"L-none"}
	require.ErrorIs(t, try(w, officer, none), lending.ErrUnknown)
	plain := w.lent("art", product("plain", byFund("fund")), 100_000, 12)
	without := redirect
	without.Loans = []lending.LoanID{id, plain}
	require.ErrorIs(t, try(w, officer, without), lending.ErrTerms)
	require.False(t, w.fund("fund").Redirected(id))
	do(w, officer, redirect)
	do(w, officer, redirect) // nothing is left to do
	require.True(t, w.fund("fund").Redirected(id))

	was := w.loan(id).Lots
	lenders, fund = pay(1)
	second := w.loan(id).Plan.At(1)
	var halves int64
	for i, x := range w.loan(id).Lots {
		halves += (x.Paid[lending.Interest] - was[i].Paid[lending.Interest]) / 2 // of each lot, rounded down
	}
	require.Equal(t, halves, fund)
	require.Equal(t, second.Total.Minor(), lenders+fund)
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Payment: 1, Reason: "r"}), lending.ErrState)

	redirect.End = true
	do(w, officer, redirect)
	require.False(t, w.fund("fund").Redirected(id))
	_, fund = pay(2)
	require.Zero(t, fund)
	a, err := guarantee.AuditFund(t.Context(), w.desk, "fund")
	require.NoError(t, err)
	require.Equal(t, w.cash("fund"), a.Cash)
	w.reports()

	for _, wrong := range []func(*lending.Fee){
		func(f *lending.Fee) { f.Payee, f.Party = lending.ToPlatform, "" },
		func(f *lending.Fee) { f.Base, f.Per = lending.OnOutstanding, lending.PerDay },
		func(f *lending.Fee) { f.Timing, f.Base = lending.AtDisbursement, lending.OnAmount },
	} {
		f := half
		wrong(&f)
		require.ErrorIs(t, f.Check(), lending.ErrTerms)
	}
}

// What a loan's interest does the fund says, also of a loan that had closed and is open again.
func TestRedirectedAfterReopening(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	p := product("covered", byFund("fund"))
	p.Fees = []lending.Fee{{ID: "redirect", Timing: lending.AtPayout, Base: lending.OnInterest, Payee: lending.ToParty,
		Party: "fund", PPM: 500_000, Round: money.HalfUp, Standby: true}}
	id := w.lent("ann", p, 1_200_000, 12)
	redirect := guarantee.RedirectInterest{Fund: "fund", Loans: []lending.LoanID{id}}
	do(w, officer, guarantee.Stabilise{Fund: "fund", Losses: 1000})
	do(w, officer, redirect)
	require.True(t, w.fund("fund").Redirected(id))
	w.deposit("ann", 5_000_000)
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	require.False(t, w.fund("fund").Redirected(id), "it is over")
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.True(t, w.fund("fund").Redirected(id))
	before := w.cash("fund")
	w.day = w.loan(id).Plan.At(0).Due
	w.repay(id, w.loan(id).Plan.At(0).Total.Minor())
	w.deliver()
	require.Greater(t, w.cash("fund"), before, "interest is redirected")
	redirect.End = true
	do(w, officer, redirect)
	require.False(t, w.fund("fund").Redirected(id))
}
