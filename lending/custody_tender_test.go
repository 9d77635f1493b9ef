package lending_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

// holds has the custodian treat holds of a party as a script says.
func (w *world) holds(scripts map[payment.PartyID]memory.Script) {
	w.bank.Script(func(in payment.Instruction) memory.Script {
		if in.Kind != payment.Hold {
			return memory.Script{}
		}
		return scripts[in.Party]
	})
}

func pending(l *lending.Loan) (n int) {
	for _, b := range l.Bids {
		if b.Pending {
			n++
		}
	}
	return n
}

// Holds are refused, cut and answered days after the deadline. The tender waits for the last of
// them, day-end by day-end, and is then decided as if each had bid what was frozen.
func TestPendingBidsOfEachMechanism(t *testing.T) {
	lenders := []lending.PartyID{"bob", "eve", "dan", "fay"}
	waited, funded := 0, map[lending.Mechanism]int{}
	rapid.Check(t, func(t *rapid.T) {
		mechanism := rapid.SampledFrom([]lending.Mechanism{lending.FirstCome, lending.ProRata, lending.UniformMarginal,
			lending.UniformRejected, lending.PayAsBid, lending.OpenAuction}).Draw(t, "mechanism")
		p := tendered(mechanism)
		p.Tender.EarlyClose, p.Tender.MinFundedRatio = true, 300_000
		p.Tender.OnDeadline = lending.ClosePartial
		market := func(cfg lending.Config) (*world, lending.LoanID) {
			w := newWorld(t, cfg)
			w.register("ann", "bob", "eve", "dan", "fay")
			for _, p := range lenders {
				w.deposit(p, amt(10_000, cny))
			}
			return w, w.open(p, 10_000, 3, "12% per year")
		}
		w, id := market(lending.Config{Custody: lending.PerUser, Chunk: 2})
		scripts := map[payment.PartyID]memory.Script{}
		for _, p := range lenders {
			scripts[payment.PartyID(p)] = memory.Script{
				Unknown: rapid.IntRange(0, 1).Draw(t, "down"), LoseAck: rapid.Bool().Draw(t, "lost"),
				Reject: rapid.IntRange(0, 5).Draw(t, "refused") == 0, Delay: rapid.IntRange(0, 4).Draw(t, "delay"),
				Parts: rapid.SliceOfN(rapid.Int64Range(0, 4000), 0, 2).Draw(t, "parts"),
				Fail:  rapid.IntRange(0, 2).Draw(t, "fails") == 0,
			}
		}
		w.holds(scripts)
		rates := map[lending.PartyID]string{}
		for _, p := range lenders {
			rates[p] = fmt.Sprintf("%d%% per year", rapid.IntRange(5, 12).Draw(t, "rate"))
			n := rapid.Int64Range(1, 6000).Draw(t, "bid")
			c := lending.PlaceBid{Loan: id, Amount: amt(n, cny), Rate: named(w.loan(id), rates[p])}
			if err := try(w, party(p), c); mechanism == lending.ProRata || mechanism.OwnRates() && mechanism != lending.OpenAuction {
				require.NoError(t, err)
			}
			if rapid.IntRange(0, 2).Draw(t, "deliver") == 0 {
				_, _ = w.desk.Deliver(context.Background(), w.day)
			}
		}
		if pending(w.loan(id)) > 0 {
			require.ErrorIs(t, try(w, officer, lending.CloseTender{Loan: id}), lending.ErrPending)
		}
		for w.day = w.loan(id).Deadline.AddDays(1); pending(w.loan(id)) > 0; w.day = w.day.AddDays(1) {
			waited++
			n, err := w.desk.DayEnd(context.Background(), w.day)
			require.NoError(t, err)
			require.Zero(t, n)
			require.Equal(t, lending.StateOpen, w.loan(id).State, "the tender waits")
			require.ErrorIs(t, try(w, officer, lending.CancelTender{Loan: id, Reason: "x"}), lending.ErrPending)
			_, _ = w.desk.Deliver(context.Background(), w.day)
			require.Less(t, w.day.Sub(w.loan(id).Deadline), 20, "stuck")
		}
		bids := w.loan(id).Bids
		frozen := make([]int64, len(bids))
		for i, b := range bids {
			frozen[i] = b.Amount
		}
		w.dayEnd()
		w.quiesce()
		w.identity(cny, 0)
		l := w.loan(id)
		require.Contains(t, []lending.State{lending.StateFullyFunded, lending.StateFailed}, l.State)
		var held int64
		for i, p := range lenders {
			held += w.wallet(p, cny).HeldTotal()
			require.Equal(t, int64(10_000), w.wallet(p, cny).Available+w.wallet(p, cny).HeldTotal(), i)
		}
		if l.State == lending.StateFailed {
			require.Zero(t, held)
		} else {
			require.Equal(t, l.Raised, held)
			funded[mechanism]++
		}
		if mechanism == lending.FirstCome || mechanism == lending.OpenAuction {
			return
		}
		plain, other := market(lending.Config{})
		for i, b := range bids {
			if frozen[i] > 0 {
				plain.bid(other, b.Lender, frozen[i], rates[b.Lender])
			}
		}
		plain.day = plain.loan(other).Deadline.AddDays(1)
		plain.dayEnd()
		want := plain.loan(other)
		require.Equal(t, want.State, l.State)
		require.Equal(t, want.Raised, l.Raised)
		require.Equal(t, want.Rate.Pico(), l.Rate.Pico())
		for _, p := range lenders {
			require.Equal(t, plain.wallet(p, cny).HeldTotal(), w.wallet(p, cny).HeldTotal(), p)
		}
	})
	require.Greater(t, waited, 0)
	t.Logf("%d day-ends waited, funded %v", waited, funded)
}

// bazaarOf is a market with a standing order of each lender, 2500 a loan.
func bazaarOf(t require.TestingT, turns lending.TurnPolicy, chunk int, lenders ...lending.PartyID) *world {
	w := newWorld(t, lending.Config{Custody: lending.PerUser, Chunk: chunk})
	w.register("ann")
	w.register(lenders...)
	w.withQueue(lending.QueueRules{Turns: turns})
	for _, p := range lenders {
		w.deposit(p, amt(10_000, cny))
		w.standing(p, lending.Mandate{Min: 1, Max: 2500})
	}
	return w
}

// turns lets the queue have its turns and returns who bid.
func (w *world) turns(id lending.LoanID) (who []lending.PartyID) {
	for _, b := range w.fill(id).Bids {
		who = append(who, b.Lender)
	}
	return who
}

// An automatic bid whose hold is refused or cut has had its turn: what is wanted again goes to the
// next in the queue, and to the refused lender not before everybody else.
func TestFillWaitsForTheCustodian(t *testing.T) {
	for _, turns := range []lending.TurnPolicy{lending.EveryTurnCounts, lending.KeepsPlace} {
		for _, chunk := range []int{1, 50} {
			w := bazaarOf(t, turns, chunk, "bob", "eve", "dan", "fay", "gus")
			id := w.open(standard(), 10_000, 3, "12% per year")
			w.holds(map[payment.PartyID]memory.Script{"bob": {Delay: 1, Reject: true},
				"eve": {Parts: []int64{1000}, Fail: true}, "dan": {Delay: 2}})
			require.Equal(t, []lending.PartyID{"bob", "eve", "dan", "fay"}, w.turns(id))
			l := w.loan(id)
			require.Equal(t, 4, pending(l))
			require.Equal(t, int64(10_000), l.Raised, "all of it is bid for")
			require.Empty(t, w.turns(id), "nothing is wanted while they wait")
			require.ErrorIs(t, try(w, officer, lending.ReviewFunding{Loan: id}), lending.ErrState)
			w.quiesce()
			l = w.loan(id)
			require.Equal(t, lending.StateOpen, l.State)
			require.Equal(t, []int64{0, 1000, 2500, 2500}, units(l))
			require.Equal(t, lending.BidRefused, l.Bids[0].State)
			w.bank.Script(nil)
			require.Equal(t, []lending.PartyID{"gus", "bob"}, w.turns(id), "bob after everybody else")
			w.quiesce()
			require.Equal(t, lending.StateFullyFunded, w.loan(id).State)
			w.identity(cny, 0)
			next := w.open(standard(), 5000, 3, "12% per year")
			require.Equal(t, []lending.PartyID{"eve", "dan"}, w.turns(next), "the order of turns")
			w.quiesce()
			do(w, officer, lending.ReviewFunding{Loan: id})
			do(w, cashier, lending.Disburse{Loan: id})
			require.Equal(t, lending.StateActive, w.loan(id).State)
			w.identity(cny, 0)
		}
	}
}

// A commit of many automatic bids asks for the streams of all their holds at once.
func TestFillOfManyHolds(t *testing.T) {
	var many []lending.PartyID
	for i := range 150 {
		many = append(many, lending.PartyID(fmt.Sprintf("p%03d", i)))
	}
	for _, m := range []lending.Mechanism{lending.FirstCome, lending.PayAsBid, lending.OpenAuction} {
		w := bazaarOf(t, lending.KeepsPlace, 200, many...)
		id := w.open(tendered(m), 2500*150, 3, "12% per year")
		require.Equal(t, many, w.turns(id))
		w.quiesce()
		require.Zero(t, pending(w.loan(id)))
		require.Equal(t, int64(2500*150), w.loan(id).Raised)
		w.identity(cny, 0)
	}
}

// Automatic bids wait past the deadline; the tender fails, or is funded, when the last is answered.
func TestFillPastTheDeadline(t *testing.T) {
	for _, refused := range []bool{false, true} {
		w := bazaarOf(t, lending.EveryTurnCounts, 2, "bob", "eve")
		id := w.open(standard(), 5000, 3, "12% per year")
		w.holds(map[payment.PartyID]memory.Script{"bob": {Delay: 1}, "eve": {Delay: 3, Fail: refused}})
		require.Len(t, w.turns(id), 2)
		w.day = w.loan(id).Deadline.AddDays(1)
		for range 3 {
			n, err := w.desk.DayEnd(context.Background(), w.day)
			require.NoError(t, err)
			require.Zero(t, n)
			w.deliver()
			w.day = w.day.AddDays(1)
		}
		require.Equal(t, 1, pending(w.loan(id)))
		_, err := w.desk.Fill(context.Background(), w.meta(timer), "retail", id)
		require.ErrorIs(t, err, lending.ErrBid)
		w.deliver()
		w.dayEnd()
		w.quiesce()
		require.Equal(t, map[bool]lending.State{false: lending.StateFullyFunded, true: lending.StateFailed}[refused],
			w.loan(id).State)
		w.identity(cny, 0)
	}
}
