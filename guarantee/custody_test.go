package guarantee_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

// held is a world whose custodian keeps a sub-account for each party and answers when it is asked.
type held struct {
	*world
	bank *memory.Bank
}

// put deposits, at the custodian too.
func (w *held) put(p lending.PartyID, minor int64) {
	w.deposit(p, minor)
	w.bank.Put(lending.SubAccount(lending.Avail(p)), amt(minor))
	w.quiesce()
}

// act runs a command and has the custodian answer.
func act[S any, E event.Of[S]](w *held, a lending.Actor, c lending.Command[S, E]) {
	do(w.world, a, c)
	w.quiesce()
}

func (w *held) quiesce() {
	for range 20 {
		_, err := w.desk.Deliver(context.Background(), w.day)
		require.True(w.t, err == nil || errors.Is(err, lending.ErrPending), "%v", err)
	}
}

// night is day-end with a custodian that answers in between.
func (w *held) night(days int) {
	w.day = w.day.AddDays(days)
	for range 10 {
		_, err := w.desk.DayEnd(context.Background(), w.day)
		require.NoError(w.t, err)
		w.quiesce()
	}
}

// Where the custodian moves the money, a round that meets a loan whose last payout it has not carried out yet
// waits for it, and ends as it would have.
func TestFundSettlesUnderCustody(t *testing.T) {
	w := &held{&world{t: t, store: memory.NewStore(), day: civil.MustParse("2026-01-31")}, memory.NewCustodian()}
	var err error
	w.desk, err = lending.Open(lending.Config{Store: w.store, Gateway: w.bank, Custody: lending.PerUser, Chunk: 1,
		Parts: []lending.Part{guarantee.Parties{Funds: []lending.PartyID{"fund"}}.Part()}})
	require.NoError(t, err)
	for _, p := range []lending.PartyID{"ann", "bob", "eve"} {
		do(w.world, officer, lending.Register{Party: p, Kind: lending.Person})
	}
	w.vehicle("fund")
	do(w.world, officer, guarantee.DefineFund{Fund: "fund", Terms: fundTerms(guarantee.FIFO)})
	id := w.open("ann", product("covered", byFund("fund")), 1_200_000, 12)
	do(w.world, officer, lending.Publish{Loan: id})
	for _, x := range []lending.PartyID{"bob", "eve"} {
		w.put(x, 600_000)
		act(w, party(x), lending.PlaceBid{Loan: id, Amount: amt(600_000)})
	}
	act(w, officer, lending.ReviewFunding{Loan: id})
	act(w, cashier, lending.Disburse{Loan: id})
	require.Equal(t, lending.StateActive, w.loan(id).State)

	plan := w.loan(id).Plan
	due := plan.At(0).Total.Minor() + plan.At(1).Total.Minor()
	w.day = plan.At(1).Due
	w.night(1)
	require.Equal(t, due, w.fund("fund").Queue.Total())
	w.put("fund", 2*due)
	w.night(1)
	require.Equal(t, due, w.fund("fund").Paid)
	require.Zero(t, w.loan(id).Dues[1].Missing().Total())
	act(w, officer, guarantee.ReleaseExcess{Fund: "fund", Amount: amt(due - 120_000)})
	require.Equal(t, w.cash("fund"), w.bank.Sub(lending.SubAccount(lending.Avail("fund")), cny))
	w.audit()
	w.reports()
}
