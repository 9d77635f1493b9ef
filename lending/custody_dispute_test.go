package lending_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

// contradicted is a custody whose custodian says otherwise of what it has said.
type contradicted struct {
	*world
	truth map[payment.ID]int64 // what an instruction really moved
}

func (w *contradicted) payment(id payment.ID) *lending.Payment {
	p, _, err := lending.View(context.Background(), w.desk, lending.PaymentRef(id))
	require.NoError(w.t, err)
	return p
}

// report is the end of an instruction that moved so much.
func (w *contradicted) report(id payment.ID, minor int64) payment.Report {
	r := payment.Report{Instruction: id, Paid: amt(minor, cny), Status: payment.Failed}
	if minor == w.payment(id).Instruction.Amount.Minor() {
		r.Status = payment.Settled
	}
	return r
}

// contradict has the custodian say that an instruction moved another sum than it had said, which
// two people then find to be true.
func (w *contradicted) contradict(id payment.ID, minor int64) {
	in := w.payment(id).Instruction
	was, known := w.truth[id]
	if !known {
		was = w.bank.Paid(id)
	}
	if w.bank.Sub(in.From, cny) < minor-was || w.bank.Sub(in.To, cny) < was-minor {
		return // no custodian moves what is not there
	}
	w.bank.Put(in.From, amt(was-minor, cny))
	w.bank.Put(in.To, amt(minor-was, cny))
	w.truth[id] = minor
	r := w.report(id, minor)
	require.NoError(w.t, try(w.world, bank, lending.Observe{Report: r}))
	if minor == was {
		return
	}
	require.Equal(w.t, payment.Disputed, w.payment(id).State.Status)
	before := w.feed()
	alone := w.meta(cashier)
	alone.Approver = lending.Actor{}
	_, err := lending.Do(context.Background(), w.desk, alone, lending.ResolveDispute{Report: r})
	require.ErrorIs(w.t, err, lending.ErrSecond)
	require.Equal(w.t, before, w.feed())
	require.NoError(w.t, try(w.world, cashier, lending.ResolveDispute{Report: r}))
	require.Equal(w.t, r.Status, w.payment(id).State.Status)
	delete(w.ended, id)
}

// Whatever a custodian moved by a hold or a transfer that it had said to have ended otherwise, once
// or twice, before or after people asked for the rest: in the end the sub-accounts are what the
// books say, and the loan goes on to its end.
func TestDisputedAfterTheEnd(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := &contradicted{newWorld(t, lending.Config{Custody: lending.PerUser, Chunk: 1}), map[payment.ID]int64{}}
		w.bank.Put(fees, amt(10_000, cny))
		w.register("ann", "bob", "eve")
		w.deposit("bob", amt(2000, cny))
		w.deposit("eve", amt(2000, cny))
		id := w.open(standard(), 1000, 1, "12% per year")
		parts := rapid.SliceOfN(rapid.Int64Range(0, 400), 8, 8).Draw(t, "parts")
		w.bank.Script(func(in payment.Instruction) memory.Script {
			if in.Kind == payment.Payout || len(parts) == 0 {
				return memory.Script{}
			}
			n := parts[0]
			parts = parts[1:]
			return memory.Script{Parts: []int64{n}, Fail: n%2 == 0}
		})
		shake := func(repeats bool) {
			if repeats {
				w.quiesce()
			} else {
				_, err := w.desk.Deliver(context.Background(), w.day)
				require.NoError(t, err)
			}
			for range rapid.IntRange(0, 3).Draw(t, "times") {
				ids := w.bank.Seen()
				one := rapid.SampledFrom(ids).Draw(t, "payment")
				p := w.payment(one)
				if k := p.Instruction.Kind; k == payment.Payout || !p.State.Status.Final() {
					continue
				}
				w.contradict(one, rapid.Int64Range(0, p.Instruction.Amount.Minor()).Draw(t, "truth"))
				seen[p.Purpose.String()]++
				if p.Repeat != "" {
					seen["repeated"]++
				}
			}
			w.quiesce()
			w.identity(cny, 10_000)
		}
		again := rapid.Bool()
		for i := 0; w.loan(id).State == lending.StateOpen; i++ {
			lender := []lending.PartyID{"bob", "eve"}[i%2]
			n := min(500, 1000-w.loan(id).Raised)
			require.NoError(t, try(w.world, party(lender), lending.PlaceBid{Loan: id, Amount: amt(n, cny)}))
			shake(again.Draw(t, "repeats"))
		}
		require.NoError(t, try(w.world, officer, lending.ReviewFunding{Loan: id}))
		shake(again.Draw(t, "repeats"))
		require.NoError(t, try(w.world, cashier, lending.Disburse{Loan: id}))
		shake(true)
		require.Equal(t, lending.StateActive, w.loan(id).State)
		w.deposit("ann", amt(2000, cny))
		require.NoError(t, try(w.world, party("ann"), lending.PayOff{Loan: id}))
		shake(again.Draw(t, "repeats"))
		shake(true)
		require.Equal(t, lending.StateClosed, w.loan(id).State)
		require.Equal(t, int64(4000), w.wallet("bob", cny).Available+w.wallet("eve", cny).Available)
	})
	require.Greater(t, min(seen["hold"], seen["move"], seen["repeated"]), 0, "%v", seen)
	t.Log(seen)
}
