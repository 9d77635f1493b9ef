package lending_test

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
	"github.com/loanweave/loanweave/schedule/money"
)

func perUser() lending.Config { return lending.Config{Custody: lending.PerUser} }

func freeOf(p lending.PartyID) payment.Account { return lending.SubAccount(lending.Avail(p)) }

var fees = lending.SubAccount(ledger.FeesDue())

// outside plays what happens to sub-accounts from outside: deposits, what the bank takes back, and
// what the platform pays in.
func (w *world) outside(e any) {
	switch e := e.(type) {
	case lending.MoneyReceived:
		to := fees
		if e.Purpose == lending.PurposeDeposit {
			to = freeOf(e.Party)
		}
		w.bank.Put(to, e.Amount)
	case lending.ReferralCredited:
		w.bank.Put(freeOf(e.Referrer), e.Fee)
	case lending.GoodwillCredited:
		w.bank.Put(freeOf(e.To), e.Amount)
	case lending.ReceiptTaken:
		w.bank.Put(lending.SubAccount(ledger.Suspense(ledger.Ref(e.Receipt))), e.Amount)
	case lending.DepositReversed:
		c := e.Amount.Currency()
		for _, p := range []lending.PartyID{"ann", "bob", "eve", "dan", "pot-a", "pot-b"} {
			// the bank takes what the party has, and the rest from the platform
			if gone := w.bank.Sub(freeOf(p), c) - w.wallet(p, c).Available; gone > 0 {
				w.bank.Put(freeOf(p), amt(-gone, c))
				w.bank.Put(fees, amt(gone, c))
			}
		}
		w.bank.Put(fees, e.Amount.Neg())
	}
}

// quiesce delivers until the custodian has answered to everything, and repeats what it refused.
func (w *world) quiesce() {
	for range 100 {
		_, _ = w.desk.Deliver(context.Background(), w.day)
		due := w.due()
		for _, id := range due {
			m := lending.Meta{Key: fmt.Sprintf("again/%s", id), Actor: cashier, On: w.day}
			_, err := lending.Do(context.Background(), w.desk, m, lending.RepeatMove{Payment: id})
			require.NoError(w.t, err)
		}
		waiting, err := w.store.Due(context.Background(), time.Time{}.AddDate(9000, 0, 0), 1)
		require.NoError(w.t, err)
		if len(waiting) == 0 && len(due) == 0 {
			return
		}
	}
}

// due lists transfers that the custodian refused and nobody asked for again.
func (w *world) due() (ids []payment.ID) {
	for _, id := range w.bank.Seen() {
		if w.ended[id] {
			continue
		}
		p, _, err := lending.View(context.Background(), w.desk, lending.PaymentRef(id))
		require.NoError(w.t, err)
		if p.Due() > 0 {
			ids = append(ids, id)
		} else if p.State.Status.Final() {
			w.ended[id] = true
		}
	}
	return ids
}

// identity checks that at rest every sub-account is what the books say, and that nothing is on its
// way between them. The platform may have put a float into its sub-account.
func (w *world) identity(c money.Currency, float int64) { w.matches(w.reports(), c, float) }

func (w *world) matches(r *lending.Reports, c money.Currency, float int64) {
	holds := w.bank.Subs(c)
	if holds[fees] -= float; holds[fees] == 0 {
		delete(holds, fees)
	}
	_, onItsWay := r.SubAccounts(c)
	require.Zero(w.t, onItsWay)
	require.Empty(w.t, r.CompareSubAccounts(holds, c))
	require.Zero(w.t, r.Ledger().Internal(c))
	require.Equal(w.t, r.Ledger().Balance(ledger.Bank(), c)+float, w.bank.Balance(c), "external")
}

// The same life leaves the same books whoever keeps the wallets, and every sub-account is what its
// wallet says.
func TestPerUserLife(t *testing.T) {
	omnibus := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1})
	calmLife(omnibus)
	for _, chunk := range []int{1, 2, 50} {
		w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: chunk, Custody: lending.PerUser})
		w.bank.Put(fees, amt(10_000_000, cny))
		calmLife(w)
		w.quiesce()
		for b := ledger.Client; b <= ledger.Register; b++ {
			require.Equal(t, omnibus.reports().TrialBalance(b), w.reports().TrialBalance(b), b)
		}
		w.identity(cny, 10_000_000)
	}
}

// A sub-account that holds too much, too little, or belongs to nobody is found.
func TestCompareSubAccounts(t *testing.T) {
	w := newWorld(t, perUser())
	w.register("ann", "bob")
	w.deposit("ann", amt(10, cny))
	w.deposit("bob", amt(20, cny))
	holds := w.bank.Subs(cny)
	require.Empty(t, w.reports().CompareSubAccounts(holds, cny))
	holds[freeOf("ann")]++
	delete(holds, freeOf("bob"))
	holds[fees] = 3
	require.Equal(t, []lending.SubAccountDiff{{Account: freeOf("ann"), Books: 10, Holds: 11},
		{Account: freeOf("bob"), Books: 20}, {Account: fees, Holds: 3}}, w.reports().CompareSubAccounts(holds, cny))
}

// A bid waits for the custodian: its money cannot be spent twice meanwhile, and the funding cannot
// be reviewed.
func TestPendingBid(t *testing.T) {
	w := newWorld(t, perUser())
	w.register("ann", "bob", "eve")
	w.deposit("bob", amt(1000, cny))
	w.deposit("eve", amt(400, cny))
	id := w.open(standard(), 1000, 2, "12% per year")
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return memory.Script{Delay: 1, Reject: in.Party == "eve", Parts: []int64{100}, Fail: in.Party == "bob" && in.Amount.Minor() == 600}
	})
	bid := func(p lending.PartyID, n int64) lending.BidPlaced {
		e, err := lending.Do(context.Background(), w.desk, w.meta(party(p)), lending.PlaceBid{Loan: id, Amount: amt(n, cny)})
		require.NoError(t, err)
		return e
	}
	require.True(t, bid("bob", 600).Pending)
	require.Equal(t, int64(400), w.wallet("bob", cny).Available)
	require.Equal(t, int64(600), w.wallet("bob", cny).HeldTotal())
	require.ErrorIs(t, try(w, party("bob"), lending.Withdraw{Amount: amt(401, cny)}), lending.ErrFunds)
	full := bid("eve", 400)
	require.True(t, !full.Full && full.Pending)
	require.ErrorIs(t, try(w, officer, lending.ReviewFunding{Loan: id}), lending.ErrState)
	require.ErrorIs(t, try(w, officer, lending.CancelTender{Loan: id, Reason: "x"}), lending.ErrPending)
	require.ErrorIs(t, try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1, cny)}), lending.ErrBid)

	w.quiesce() // eve's hold is refused, bob's frozen in part
	l := w.loan(id)
	require.Equal(t, lending.StateOpen, l.State, "the tender goes on")
	require.Equal(t, int64(100), l.Raised)
	require.Equal(t, lending.BidStanding, l.Bids[0].State)
	require.Equal(t, int64(100), l.Bids[0].Amount)
	require.Equal(t, lending.BidRefused, l.Bids[1].State)
	require.Equal(t, int64(900), w.wallet("bob", cny).Available)
	require.Equal(t, int64(400), w.wallet("eve", cny).Available)
	w.identity(cny, 0)

	w.bank.Script(nil)
	bid("bob", 900)
	w.quiesce()
	do(w, officer, lending.ReviewFunding{Loan: id})
	do(w, cashier, lending.Disburse{Loan: id})
	require.Equal(t, lending.StateActive, w.loan(id).State)
	w.identity(cny, 0)
}

// A tender whose deadline passes while the custodian is silent fails when it has answered.
func TestPendingBidOfFailedTender(t *testing.T) {
	for _, s := range []memory.Script{{Delay: 2}, {Delay: 2, Fail: true}, {Delay: 1, Parts: []int64{7}, Fail: true}} {
		w := newWorld(t, perUser())
		w.register("ann", "bob", "eve")
		w.deposit("bob", amt(1000, cny))
		w.deposit("eve", amt(1000, cny))
		id := w.open(standard(), 1000, 2, "12% per year")
		do(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(300, cny)})
		w.bank.Script(func(in payment.Instruction) memory.Script {
			if in.Kind == payment.Hold {
				return s
			}
			return memory.Script{}
		})
		require.NoError(t, try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(500, cny)}))
		require.NoError(t, try(w, party("eve"), lending.PlaceBid{Loan: id, Amount: amt(100, cny)}))
		w.day = w.loan(id).Deadline.AddDays(1)
		n, err := w.desk.DayEnd(context.Background(), w.day)
		require.NoError(t, err)
		require.Zero(t, n, "it waits")
		require.Equal(t, int64(500), w.wallet("bob", cny).HeldTotal())
		w.quiesce()
		w.dayEnd()
		require.Equal(t, lending.StateFailed, w.loan(id).State)
		w.quiesce()
		w.reports()
		for _, p := range []lending.PartyID{"bob", "eve"} {
			require.Equal(t, int64(1000), w.wallet(p, cny).Available, p)
			require.Zero(t, w.wallet(p, cny).LentTotal(), p)
		}
		w.identity(cny, 0)
	}
}

// float is what the platform has put into its sub-account of the machine's custodians.
const float = 1 << 45

// Whoever keeps the wallets, the same commands leave the same books; and with a custodian that
// refuses, delays, loses answers and moves in part, every sub-account is what the books say
// whenever it has answered to everything.
//
// The custodian is asked to rest after every command, which takes time: the runs are a fifth of
// those of the other machines.
func TestMachinePerUser(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	n, err := strconv.Atoi(was)
	require.NoError(t, err)
	require.NoError(t, checks.Value.Set(strconv.Itoa(max(1, n/5))))
	defer func() { require.NoError(t, checks.Value.Set(was)) }()
	for name, tc := range map[string]struct {
		faults bool
		cfgs   []lending.Config
	}{
		"as omnibus": {false, []lending.Config{{}, {Custody: lending.PerUser, Chunk: 2}}},
		"faults": {true, []lending.Config{{Custody: lending.PerUser, Chunk: 2},
			{Custody: lending.PerUser, Chunk: 2, States: -1, Clock: wild()}}},
	} {
		t.Run(name, func(t *testing.T) {
			total := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				m := newMachine(t, tc.faults, tc.cfgs...)
				m.seed(t)
				t.Repeat(actions(m))
				for k, n := range m.counts {
					total[k] += n
				}
			})
			report(t, total)
		})
	}
}

// What the custodian refused to move stays due until it is asked for again; the payout that needs
// it waits, and nothing is moved twice.
func TestRepeatMove(t *testing.T) {
	w := newWorld(t, lending.Config{Custody: lending.PerUser, Chunk: 1})
	w.register("ann", "bob", "eve")
	id := w.lent(standard(), 1000, 1, "0% per year", "bob", "eve")
	w.day = w.loan(id).Plan.At(0).Due
	w.deposit("ann", amt(1000, cny))
	refuse := true
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return memory.Script{Parts: []int64{100}, Fail: refuse && in.To.Party == "bob"}
	})
	_, err := lending.Do(context.Background(), w.desk, w.meta(party("ann")), lending.Repay{Loan: id, Amount: amt(1000, cny)})
	require.NoError(t, err)
	for range 9 {
		_, err = w.desk.Deliver(context.Background(), w.day)
		require.NoError(t, err)
	}
	require.Equal(t, int64(100), w.wallet("bob", cny).Available, "what was moved")
	require.Zero(t, w.wallet("eve", cny).Available, "the next chunk waits")
	due := w.due()
	require.Len(t, due, 1)
	require.Equal(t, int64(400), w.reports().Ledger().Balance(ledger.OutTransit(ledger.Ref(due[0])), cny))
	require.ErrorIs(t, try(w, officer, lending.ReversePayment{Loan: id, Reason: "x"}), lending.ErrPending)
	require.ErrorIs(t, try(w, party("bob"), lending.RepeatMove{Payment: due[0]}), lending.ErrActor)
	require.ErrorIs(t, try(w, cashier, lending.RepeatMove{Payment: "X-none"}), lending.ErrUnknown)
	refuse = false
	got := do(w, cashier, lending.RepeatMove{Payment: due[0]})
	require.Equal(t, int64(400), got.Minor)
	require.ErrorIs(t, try(w, cashier, lending.RepeatMove{Payment: due[0]}), lending.ErrState, "once")
	require.ErrorIs(t, try(w, cashier, lending.RepeatMove{Payment: got.Payment}), lending.ErrState, "it was moved")
	w.quiesce()
	require.Equal(t, int64(500), w.wallet("bob", cny).Available)
	require.Equal(t, int64(500), w.wallet("eve", cny).Available)
	w.identity(cny, 0)
}

// A disputed transfer moves nothing on until two people have said how it ended.
func TestDisputedMove(t *testing.T) {
	w := newWorld(t, perUser())
	w.register("ann", "bob")
	w.deposit("bob", amt(1000, cny))
	id := w.open(standard(), 1000, 1, "0% per year")
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Delay: 99} })
	require.NoError(t, try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(1000, cny)}))
	say := func(minor int64, s payment.Status) payment.Report {
		return payment.Report{Instruction: payment.ID(id) + ".h1", Paid: amt(minor, cny), Status: s}
	}
	require.NoError(t, try(w, bank, lending.Observe{Report: say(500, payment.Pending)}))
	require.NoError(t, try(w, bank, lending.Observe{Report: say(300, payment.Failed)}))
	require.True(t, w.loan(id).Bids[0].Pending)
	require.NoError(t, try(w, cashier, lending.ResolveDispute{Report: say(1000, payment.Settled)}))
	require.False(t, w.loan(id).Bids[0].Pending)
	require.ErrorIs(t, try(w, cashier, lending.ResolveDispute{Report: say(300, payment.Failed)}), lending.ErrState)
	require.Equal(t, int64(1000), w.wallet("bob", cny).HeldTotal())
}
