package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
)

// firstLoss pays a loan of 10,000.00 out, a fifth of it from an originator that bears the first loss.
func firstLoss(t *testing.T, others lending.PartyID, change func(*lending.Product)) (*world, lending.LoanID, error) {
	terms := originatorTerms()
	terms.RetainedPPM, terms.FirstLoss = 200_000, true
	w := originatorWorld(t, terms)
	p := product("referred", byOriginator())
	p.Transfers.ByRank = true
	if change != nil {
		change(&p)
	}
	id := w.open("ann", p, 1_000_000, 12)
	do(w, officer, lending.Publish{Loan: id})
	for _, x := range []struct {
		who   lending.PartyID
		minor int64
	}{{others, 800_000}, {"ola", 200_000}} {
		w.deposit(x.who, x.minor)
		do(w, party(x.who), lending.PlaceBid{Loan: id, Amount: amt(x.minor)})
	}
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	err := try(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	return w, id, err
}

// An originator that bears the first loss gets nothing of an instalment before the others have theirs, loses
// first when a loan is written off, and still buys the others' lots back at what they are owed.
func TestOriginatorBearsFirstLoss(t *testing.T) {
	w, id, err := firstLoss(t, "bob", nil)
	require.NoError(t, err)
	l := w.loan(id)
	require.Equal(t, lending.StateActive, l.State)
	require.Equal(t, []int{0, lending.MaxRank}, []int{l.Lots[0].Rank, l.Lots[1].Rank})
	due := l.Dues[0]
	w.day = due.Date
	bob, ola := w.cash("bob"), w.cash("ola")
	all := due.Owed.Total()
	w.repay(id, all*3/4)
	require.Equal(t, bob+all*3/4-2_000, w.cash("bob"), "but for its part of the interest, which is paid first")
	require.Equal(t, ola+2_000, w.cash("ola"))
	w.repay(id, all-all*3/4)
	interest, principal := due.Owed[lending.Interest], due.Owed[lending.Principal]
	require.Equal(t, bob+(interest*4+4)/5+(principal*4+4)/5, w.cash("bob"), "what does not divide is the senior's")
	w.reports()

	w.day = l.Dues[1].Date
	w.dayEnd(30)
	require.Equal(t, 1, w.originator().Pending.Len())
	l = w.loan(id)
	dues, err := l.LotDues(lending.Assignment{Units: 800_000, Rank: 0}, w.day)
	require.NoError(t, err)
	var price int64
	for _, d := range dues {
		price += d.Principal + d.Accrued
	}
	w.deposit("ola", 900_000)
	ev := do(w, party("ola"), buyBack(id))
	require.Len(t, ev.Lots, 1)
	require.Equal(t, price, ev.Lots[0].Price())
	l = w.loan(id)
	require.NoError(t, l.Check())
	require.Equal(t, lending.PartyID("ola"), l.Lots[0].Holder)
	require.Zero(t, w.originator().Referred)
	w.reports()
}

// What an originator that bears the first loss buys back keeps its rank beside what it has not bought yet: a loan
// that is past due takes no new ranks. Once the loan is current it may put it behind.
func TestBoughtBackKeepsItsRank(t *testing.T) {
	w, id, err := firstLoss(t, "bob", nil)
	require.NoError(t, err)
	do(w, officer, give{id, lending.Assignment{Units: 400_000, To: "eve"}})
	w.day = w.loan(id).Dues[0].Date
	w.dayEnd(30)
	w.deposit("ola", 410_000) // for one lot
	ev := do(w, party("ola"), buyBack(id))
	require.Equal(t, 1, ev.Left)
	lot := ev.Lots[0].Lot
	l := w.loan(id)
	require.Equal(t, lending.PartyID("ola"), l.Lots[lot].Holder)
	require.Zero(t, l.Lots[lot].Rank)
	behind := lending.Subordinate{Loan: id, Lot: lot, Rank: lending.MaxRank}
	require.ErrorIs(t, try(w, party("ola"), behind), lending.ErrState)
	due, err := l.DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	do(w, party("ola"), behind)
	require.Equal(t, lending.MaxRank, w.loan(id).Lots[lot].Rank)
	require.NoError(t, w.loan(id).Check())
	w.reports()
}

// What comes in on a loan that was written off is the others' until they have all of theirs.
func TestFirstLossAtWriteOff(t *testing.T) {
	w, id, err := firstLoss(t, "bob", nil)
	require.NoError(t, err)
	w.day = w.loan(id).Dues[0].Date.AddDays(90)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
	w.deliver()
	ola := w.cash("ola")
	w.repay(id, 800_000) // of 1,000,000
	require.Equal(t, ola, w.cash("ola"))
	require.Equal(t, int64(800_000), w.loan(id).Lots[0].Paid[lending.Principal])
	w.repay(id, 1_000)
	require.Equal(t, ola+1_000, w.cash("ola"))
	require.NoError(t, w.loan(id).Check())
	w.reports()
}

// An originator bears the first loss on a share that it retains, of products whose claims are ranked.
func TestFirstLossRefuses(t *testing.T) {
	terms := originatorTerms()
	terms.FirstLoss = true
	require.ErrorIs(t, terms.Validate(), guarantee.ErrTerms)
	terms.RetainedPPM = 200_000
	w := originatorWorld(t, terms)
	id := w.open("ann", product("on-a-par", byOriginator()), 1_000_000, 12)
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), guarantee.ErrTerms, "before anybody lends")
	_, _, err := firstLoss(t, "ola", nil)
	require.ErrorIs(t, err, guarantee.ErrTerms, "it lends the loan alone")
}
