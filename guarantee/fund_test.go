package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

func fundTerms(policy guarantee.QueuePolicy) guarantee.FundTerms {
	return guarantee.FundTerms{Currency: cny, PrincipalPPM: lending.Million, InterestPPM: lending.Million,
		Policy: policy, Settle: schedule.Days(1), TargetPPM: 1_100_000, CeilingPPM: 100_000}
}

func fundWorld(t require.TestingT, terms guarantee.FundTerms) *world {
	w := newWorld(t, guarantee.Parties{Funds: []lending.PartyID{"fund"}})
	w.vehicle("fund")
	do(w, officer, guarantee.DefineFund{Fund: "fund", Terms: terms})
	return w
}

// A fund pays what it has, keeps the rest queued and is exhausted, pays on when it has more, and gets its
// money back when the borrower pays.
func TestFundPaysAndRecovers(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	p := product("covered", byFund("fund"))
	p.Fees = []lending.Fee{{ID: "reserve", Timing: lending.AtDisbursement, Base: lending.OnAmount,
		Payee: lending.ToParty, Party: "fund", PPM: 10_000, Round: money.HalfUp}}
	id := w.lent("ann", p, 1_200_000, 12)
	require.Equal(t, int64(12_000), w.cash("fund"), "the contribution by the borrower's fee")
	require.Equal(t, int64(1_200_000), w.fund("fund").Covered)

	first := w.loan(id).Plan.At(0)
	due := first.Total.Minor()
	w.day = first.Due
	w.dayEnd(0)
	require.Zero(t, w.fund("fund").Queue.Len(), "not before the trigger day")
	w.dayEnd(1)
	f := w.fund("fund")
	require.Equal(t, int64(12_000), f.Paid)
	require.Equal(t, due-12_000, f.Queue.Total())
	require.True(t, f.Exhausted)
	require.Zero(t, w.cash("fund"))
	require.Equal(t, int64(12_000), w.loan(id).Covers[0].Paid)

	w.deposit("fund", 1_000_000)
	w.dayEnd(1)
	f = w.fund("fund")
	require.Equal(t, due, f.Paid)
	require.False(t, f.Exhausted)
	require.Zero(t, f.Queue.Len())
	require.Zero(t, w.loan(id).Dues[0].Missing().Total(), "lenders have the instalment")
	require.Equal(t, 2, w.loan(id).DaysPastDue(w.day), "the borrower still owes it")

	w.repay(id, due)
	require.Equal(t, int64(1_012_000), w.cash("fund"), "subrogation")
	w.reports()
}

// The fund stands for its parts of principal and interest alone, and for no more after a payment that it was
// asked for was taken back.
func TestFundCoversParts(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.PrincipalPPM, terms.InterestPPM = 800_000, 500_000
	w := fundWorld(t, terms)
	w.deposit("fund", 10_000_000)
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_001, 12)
	require.Equal(t, int64(960_001), w.fund("fund").Covered, "rounded up")
	first := w.loan(id).Plan.At(0)
	w.day = first.Due
	w.dayEnd(1)
	want := first.Principal.Minor()*8/10 + first.Interest.Minor()/2
	require.Equal(t, want, w.fund("fund").Paid)
	w.dayEnd(1)
	require.Equal(t, want, w.fund("fund").Paid, "asked once")
	w.repay(id, first.Total.Minor())
	require.Equal(t, int64(10_000_000), w.cash("fund"))
}

// A payment that is called back has the fund asked again; the demand that the loan has forgotten is replaced,
// not added to.
func TestFundIsAskedAgainOnce(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	w.day = first.Due
	w.repay(id, 50_000)
	w.dayEnd(1)
	rest := first.Total.Minor() - 50_000
	require.Equal(t, rest, w.fund("fund").Queue.Total())
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.Equal(t, first.Total.Minor(), w.fund("fund").Queue.Total())
	w.deposit("fund", 10_000_000)
	w.dayEnd(1)
	require.Equal(t, first.Total.Minor(), w.fund("fund").Paid)
	require.Zero(t, w.fund("fund").Queue.Len())
}

// What the borrower pays while a demand waits is not paid again: the cash goes to the next demand the same
// day.
func TestFundDropsWhatWasPaid(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.FIFO))
	p := product("covered", byFund("fund"))
	a, b := w.lent("ann", p, 1_200_000, 12), w.lent("art", p, 1_200_000, 12)
	first := w.loan(a).Plan.At(0)
	due := first.Total.Minor()
	w.day = first.Due
	w.dayEnd(1)
	f := w.fund("fund")
	require.Equal(t, 2*due, f.Queue.Total())
	for d := range f.Queue.All() {
		if d.Loan == b {
			a, b = b, a
		}
		break
	}
	w.repay(a, due)
	w.deposit("fund", due)
	w.dayEnd(1)
	require.Equal(t, due, w.fund("fund").Paid)
	require.Zero(t, w.fund("fund").Queue.Len())
	require.Zero(t, w.loan(b).Dues[0].Missing().Total())
}

// Three loans miss an instalment in one period, a fourth in the next: who gets what is the policy's.
func TestPoliciesShare(t *testing.T) {
	for policy, want := range map[guarantee.QueuePolicy][]int64{
		guarantee.FIFO:             {800, 200, 0, 0},
		guarantee.ProRataPerPeriod: {267, 267, 266, 200},
		guarantee.FIFOThenProRata:  {334, 333, 333, 0},
	} {
		demands := []guarantee.Demand{
			{Minor: 800, Due: civil.MustParse("2026-02-28")}, {Minor: 800, Due: civil.MustParse("2026-02-28")},
			{Minor: 800, Due: civil.MustParse("2026-02-28")}, {Minor: 600, Due: civil.MustParse("2026-03-31")}}
		got, err := policy.Shares(1000, demands)
		require.NoError(t, err)
		require.Equal(t, want, got, policy.String())
	}
}

// Two loans share what a fund has as the round fixed it, not as it pays them one after the other.
func TestFundPaysShares(t *testing.T) {
	w := fundWorld(t, fundTerms(guarantee.ProRataPerPeriod))
	p := product("covered", byFund("fund"))
	a, b := w.lent("ann", p, 1_200_000, 12), w.lent("art", p, 600_000, 12)
	w.day = w.loan(a).Plan.At(0).Due
	w.deposit("fund", 90_000)
	w.dayEnd(1)
	require.Equal(t, int64(60_000), w.loan(a).Covers[0].Paid)
	require.Equal(t, int64(30_000), w.loan(b).Covers[0].Paid)
	w.audit()
}

// A fund that has paid a part and is asked again stands for the rest of its part, and no more.
func TestFundIsAskedAgainForTheRest(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.PrincipalPPM, terms.InterestPPM = 500_000, 500_000
	w := fundWorld(t, terms)
	w.deposit("fund", 40_000)
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_000, 12)
	first := w.loan(id).Plan.At(0)
	part := first.Principal.Minor()/2 + first.Interest.Minor()/2
	w.day = first.Due
	w.dayEnd(1)
	require.Equal(t, part-40_000, w.fund("fund").Queue.Total())
	w.repay(id, 10_000)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bounced"})
	w.dayEnd(1)
	require.Equal(t, part-40_000, w.fund("fund").Queue.Total())
	require.Equal(t, part-40_000, w.loan(id).Dues[0].Promised[0])
}

// What waits in the queue is no excess.
func TestQueueIsNoExcess(t *testing.T) {
	terms := fundTerms(guarantee.FIFO)
	terms.Settle, terms.CeilingPPM = schedule.Months(1), 0
	w := fundWorld(t, terms)
	id := w.lent("ann", product("covered", byFund("fund")), 1_200_000, 12)
	due := w.loan(id).Plan.At(0).Total.Minor()
	w.day = w.loan(id).Plan.At(0).Due
	w.dayEnd(1)
	w.deposit("fund", due)
	require.ErrorIs(t, try(w, officer, guarantee.ReleaseExcess{Fund: "fund", Amount: amt(1)}), guarantee.ErrExcess)
}
