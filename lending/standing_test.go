package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// What each standing stops, act by act.
func TestStandings(t *testing.T) {
	on := civil.MustParse("2026-01-31")
	for name, c := range map[string]struct {
		party                       lending.Party
		bid, borrow, withdraw, hold bool
	}{
		"plain":          {lending.Party{}, true, true, true, true},
		"related":        {lending.Party{Related: true}, true, true, true, true},
		"frozen":         {lending.Party{Frozen: true}, false, false, false, false},
		"dormant":        {lending.Party{Dormant: true}, false, false, false, true},
		"closed":         {lending.Party{Closed: true}, false, false, true, false},
		"excluded":       {lending.Party{Excluded: on.AddDays(1)}, false, false, true, true},
		"excluded until": {lending.Party{Excluded: on}, true, true, true, true},
	} {
		for act, may := range map[lending.Act]bool{lending.ActBid: c.bid, lending.ActBorrow: c.borrow,
			lending.ActWithdraw: c.withdraw, lending.ActHold: c.hold} {
			err := c.party.May(act, on)
			require.Equal(t, may, err == nil, "%s: %s", name, act)
			if err != nil {
				require.ErrorIs(t, err, lending.ErrState)
			}
		}
	}
}

// Who excluded himself neither bids nor borrows until the day, takes his money out, and cannot come
// back on it.
func TestSelfExclusion(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	w.deposit("bob", amt(10_000, cny))
	p := standard()
	p.Tender.OpenDays = 30
	id := w.open(p, 10_000, 2, "12% per year")
	bid := lending.PlaceBid{Loan: id, Amount: amt(1_000, cny)}
	do(w, party("bob"), bid)
	require.ErrorIs(t, try(w, party("bob"), lending.Exclude{Until: w.day}), lending.ErrDate)
	require.ErrorIs(t, try(w, party("zoe"), lending.Exclude{Until: w.day.AddDays(9)}), lending.ErrUnknown)
	until := w.day.AddDays(10)
	do(w, party("bob"), lending.Exclude{Until: until})
	require.ErrorIs(t, try(w, party("bob"), lending.Exclude{Until: until.AddDays(-1)}), lending.ErrState)
	require.ErrorIs(t, try(w, party("bob"), lending.Exclude{Until: until}), lending.ErrState)
	do(w, party("bob"), lending.Exclude{Until: until.AddDays(1)})
	w.day = until
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrState)
	require.ErrorIs(t, try(w, party("bob"), lending.Apply{Product: p.ID, Amount: amt(1000, cny), Periods: 1}), lending.ErrState)
	do(w, party("bob"), lending.Withdraw{Amount: amt(100, cny)})
	w.day = until.AddDays(1)
	do(w, party("bob"), bid)
}

// A party sleeps after so many days without a movement of its own in any wallet, and only then.
func TestDormancy(t *testing.T) {
	w := newWorld(t, lending.Config{Parties: lending.PartyRules{DormantAfterDays: 100}})
	w.register("ann", "bob", "eve")
	jpy := money.MustCurrency("JPY")
	start := w.day
	sleep := lending.MarkDormant{Party: "bob"}
	at := func(days int) { w.day = start.AddDays(days) }
	at(99)
	require.ErrorIs(t, try(w, timer, sleep), lending.ErrState, "since he was registered")
	w.deposit("bob", amt(10_000, cny))
	at(150)
	w.deposit("bob", amt(5, jpy))
	at(249)
	require.ErrorIs(t, try(w, timer, sleep), lending.ErrState, "since his deposit in yen")
	id := do(w, bank, lending.Receive{Amount: amt(7, cny)}).Receipt
	do(w, cashier, lending.AssignReceipt{Receipt: id, Party: "bob"}) // not his own movement
	at(250)
	require.ErrorIs(t, try(w, timer, lending.MarkDormant{Party: "zoe"}), lending.ErrUnknown)
	do(w, timer, sleep)
	require.ErrorIs(t, try(w, timer, sleep), lending.ErrState)

	loan := w.open(standard(), 10_000, 2, "12% per year")
	bid, out := lending.PlaceBid{Loan: loan, Amount: amt(1_000, cny)}, lending.Withdraw{Amount: amt(1, cny)}
	require.ErrorIs(t, try(w, party("bob"), bid), lending.ErrState)
	require.ErrorIs(t, try(w, party("bob"), out), lending.ErrState)
	require.ErrorIs(t, try(w, party("bob"), lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: 1}), lending.ErrState)
	w.deposit("bob", amt(1, cny))
	require.ErrorIs(t, try(w, timer, lending.MarkDormant{Party: "ann"}), lending.ErrState, "asks for a loan")

	wake := lending.Reactivate{Party: "bob"}
	require.ErrorIs(t, try(w, party("bob"), wake), lending.ErrNotVerified)
	w.identify("bob", 1)
	require.ErrorIs(t, try(w, party("eve"), wake), lending.ErrActor)
	do(w, party("bob"), wake)
	require.ErrorIs(t, try(w, party("bob"), wake), lending.ErrState)
	do(w, party("bob"), bid)
	at(349)
	require.ErrorIs(t, try(w, timer, sleep), lending.ErrState)
	at(350)
	do(w, officer, sleep)

	off := newWorld(t, lending.Config{})
	off.register("bob")
	off.day = off.day.AddDays(10_000)
	require.ErrorIs(t, try(off, timer, sleep), lending.ErrState, "dormancy is off")
}

// A bid, a repayment and a withdrawal are movements of one's own; being paid is none.
func TestOwnMovements(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	bobs := func() civil.Date { return w.wallet("bob", cny).Active }
	start := w.day
	id := w.lent(standard(), 10_000, 2, "12% per year", "bob")
	require.Equal(t, start, bobs())
	w.day = start.AddDays(10)
	w.repay(id, 1_000)
	require.Equal(t, start, bobs(), "he was paid")
	require.Equal(t, w.day, w.wallet("ann", cny).Active)
	do(w, party("bob"), lending.Withdraw{Amount: amt(1, cny)})
	require.Equal(t, w.day, bobs())
}

// A party leaves with empty wallets and no loans, for good; what still comes in it may take out.
func TestCloseParty(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "eve")
	leave := lending.CloseParty{Party: "bob"}
	w.deposit("bob", amt(10_000, cny))
	require.ErrorIs(t, try(w, party("bob"), leave), lending.ErrState, "has money")
	id := w.open(standard(), 10_000, 1, "12% per year")
	require.ErrorIs(t, try(w, party("ann"), lending.CloseParty{Party: "ann"}), lending.ErrState, "asks for a loan, has no wallet")
	do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(10_000, cny)})
	require.ErrorIs(t, try(w, party("bob"), leave), lending.ErrState, "has a hold")
	do(w, officer, lending.ReviewFunding{Loan: id})
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	require.Zero(t, w.wallet("bob", cny).Available)
	require.ErrorIs(t, try(w, party("bob"), leave), lending.ErrState, "has a claim")
	w.deposit("ann", amt(20_000, cny))
	do(w, party("ann"), lending.PayOff{Loan: id})
	w.deliver()
	out := do(w, party("bob"), lending.Withdraw{Amount: amt(w.wallet("bob", cny).Available, cny)})
	w.deposit("bob", amt(5, money.MustCurrency("JPY")))
	require.ErrorIs(t, try(w, party("bob"), leave), lending.ErrState, "has yen")
	do(w, party("bob"), lending.Withdraw{Amount: amt(5, money.MustCurrency("JPY"))})
	require.ErrorIs(t, try(w, party("eve"), leave), lending.ErrActor)
	require.ErrorIs(t, try(w, officer, lending.CloseParty{Party: "zoe"}), lending.ErrUnknown)
	do(w, officer, lending.Freeze{Party: "bob"})
	require.ErrorIs(t, try(w, officer, leave), lending.ErrState, "is frozen")
	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	do(w, party("bob"), leave)
	require.ErrorIs(t, try(w, officer, leave), lending.ErrState)
	require.ErrorIs(t, try(w, officer, lending.Register{Party: "bob", Kind: lending.Person}), lending.ErrExists)

	failed := lending.Observe{}
	failed.Report.Instruction, failed.Report.Status = out.Instruction.ID, 3
	do(w, bank, failed) // the last withdrawal comes back
	require.ErrorIs(t, try(w, party("bob"), lending.Apply{Product: "std", Amount: amt(1000, cny), Periods: 1}), lending.ErrState)
	do(w, party("bob"), lending.Withdraw{Amount: out.Instruction.Amount})
	w.reports()
	p, err := w.desk.Party(context.Background(), "bob")
	require.NoError(t, err)
	require.True(t, p.Closed)
	require.Equal(t, []money.Currency{cny, money.MustCurrency("JPY")}, p.Wallets)
	_, err = w.desk.Party(context.Background(), "zoe")
	require.ErrorIs(t, err, lending.ErrUnknown)
}
