package lending_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/payment"
)

// Many lenders bid on the same loans at once, from two desks over one store, and each bids more
// than is left: nothing is oversold, every loan is full exactly once, every cent is on hold (P3).
func TestConcurrentBids(t *testing.T) {
	w := newWorld(t, lending.Config{})
	other, err := lending.Open(lending.Config{Store: w.store, Gateway: w.bank})
	require.NoError(t, err)
	w.register("ann")
	lenders := make([]lending.PartyID, 8)
	for i := range lenders {
		lenders[i] = lending.PartyID(fmt.Sprintf("lender-%d", i))
		w.register(lenders[i])
		w.deposit(lenders[i], amt(200_000, cny))
	}
	loans := []lending.LoanID{w.open(standard(), 100_000, 3, "12% per year"), w.open(standard(), 33_333, 3, "12% per year")}
	var wg sync.WaitGroup
	var mu sync.Mutex
	full := map[lending.LoanID]int{}
	for i, who := range lenders {
		wg.Go(func() {
			desk := []*lending.Desk{w.desk, other}[i%2]
			for n := range 20 {
				id := loans[n%2]
				m := lending.Meta{Key: fmt.Sprintf("%s-%d", who, n), Actor: party(who), On: w.day}
				bid, err := lending.Do(context.Background(), desk, m, lending.PlaceBid{Loan: id, Amount: amt(3_700, cny)})
				if err != nil && !errors.Is(err, lending.ErrState) {
					t.Errorf("%s: %v", m.Key, err)
				}
				if bid.Full {
					mu.Lock()
					full[id]++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	r := w.reports()
	var held int64
	for _, who := range lenders {
		held += w.wallet(who, cny).HeldTotal()
	}
	require.Equal(t, int64(133_333), held)
	for _, id := range loans {
		require.Equal(t, 1, full[id])
		require.Equal(t, lending.StateFullyFunded, r.Loan(id).State)
	}
}

// The order in which lenders bid and the order in which a store lists them does not matter: the
// same bids give the same lots and every payment the same shares (I13).
func TestOrderOfBidsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "lenders")
		bids := rapid.SliceOfN(rapid.Int64Range(100, 5000), n, n).Draw(t, "bids")
		var total int64
		for _, b := range bids {
			total += b
		}
		names := make([]lending.PartyID, n)
		for i := range names {
			names[i] = lending.PartyID(fmt.Sprintf("lender-%d", i))
		}
		pays := rapid.SliceOfN(rapid.Int64Range(1, total), 1, 6).Draw(t, "payments")
		var first []lending.Lot
		for range 2 {
			order := rapid.Permutation(seq(n)).Draw(t, "order")
			w := newWorld(t, lending.Config{Chunk: rapid.IntRange(1, 8).Draw(t, "chunk")})
			w.register("ann")
			id := w.open(standard(), total, 3, "12% per year")
			for _, i := range order {
				w.register(names[i])
				w.deposit(names[i], amt(bids[i], cny))
				do(w, party(names[i]), lending.PlaceBid{Loan: id, Amount: amt(bids[i], cny)})
			}
			do(w, officer, lending.ReviewFunding{Loan: id})
			w.deliver()
			do(w, cashier, lending.Disburse{Loan: id})
			w.deliver()
			for _, p := range pays {
				due, err := w.loan(id).DueOn(w.day.AddDays(1000))
				require.NoError(t, err)
				if p >= due.Minor() {
					break
				}
				w.repay(id, p)
			}
			w.reports()
			if got := w.loan(id).Lots; first == nil {
				first = got
			} else {
				require.Equal(t, first, got)
			}
		}
	})
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// Paying in two parts on one day is paying once, for the loan and for every lender (metamorphic).
func TestTwoPaymentsAreOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(2, 20_000).Draw(t, "payment")
		cut := rapid.Int64Range(1, total-1).Draw(t, "cut")
		late := rapid.IntRange(0, 60).Draw(t, "late")
		var dues [][]lending.Due
		for _, pays := range [][]int64{{total}, {cut, total - cut}} {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob", "eve")
			id := w.lent(rich(), 30_000, 3, "12% per year", "bob", "eve")
			w.day = w.loan(id).Dues[0].Date.AddDays(late)
			for _, p := range pays {
				w.repay(id, p)
			}
			dues = append(dues, w.loan(id).Dues)
		}
		require.Equal(t, dues[0], dues[1])
	})
}

// The custodian's reports come in any order, some twice: the payment and the loan end alike (P12).
// Two ends that contradict each other leave it disputed.
func TestReportsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := int64(10_000)
		end := payment.Report{Paid: amt(full, cny), Status: payment.Settled}
		if rapid.Bool().Draw(t, "fails") {
			end = payment.Report{Paid: amt(rapid.Int64Range(0, full-1).Draw(t, "paid"), cny), Status: payment.Failed}
		}
		reports := []payment.Report{end}
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			part := rapid.Int64Range(0, end.Paid.Minor()).Draw(t, "part")
			reports = append(reports, payment.Report{Paid: amt(part, cny), Status: payment.Pending})
		}
		reports = append(reports, rapid.SampledFrom(reports).Draw(t, "twice"))
		var want string
		for range 2 {
			w := newWorld(t, lending.Config{})
			w.register("ann", "bob")
			w.deposit("bob", amt(full, cny))
			in := do(w, party("bob"), lending.Withdraw{Amount: amt(full, cny)}).Instruction
			for _, r := range rapid.Permutation(reports).Draw(t, "order") {
				r.Instruction = in.ID
				do(w, bank, lending.Observe{Report: r})
			}
			p, _, err := lending.View(context.Background(), w.desk, lending.PaymentRef(in.ID))
			require.NoError(t, err)
			got := fmt.Sprint(*p, w.reports().TrialBalance(1))
			if want == "" {
				want = got
			}
			require.Equal(t, want, got)

			contradiction := payment.Report{Instruction: in.ID, Paid: amt(full, cny), Status: payment.Settled}
			if end.Status == payment.Settled {
				contradiction.Paid, contradiction.Status = amt(full-1, cny), payment.Failed
			}
			books := fmt.Sprint(w.reports().TrialBalance(1))
			seen := do(w, bank, lending.Observe{Report: contradiction})
			require.Equal(t, payment.Disputed, seen.State.Status)
			require.Equal(t, books, fmt.Sprint(w.reports().TrialBalance(1)), "no money moves on a dispute")
		}
	})
}

// The largest loan goes through its whole life: nothing that it records is too large for a record.
func TestLoanOfManyLenders(t *testing.T) {
	t.Parallel()
	alone(t)
	w := newWorld(t, lending.Config{})
	w.register("ann")
	id := w.open(rich(), lending.MaxLots*100+1000, 2, "12% per year")
	lender := func(i int) lending.PartyID {
		return lending.PartyID(fmt.Sprintf("%s-%08d", strings.Repeat("x", 55), i))
	}
	for i := range lending.MaxLots + 1 {
		w.register(lender(i))
		w.deposit(lender(i), amt(1100, cny))
	}
	for i := range lending.MaxLots {
		do(w, party(lender(i)), lending.PlaceBid{Loan: id, Amount: amt(100, cny)})
	}
	one := lending.PlaceBid{Loan: id, Amount: amt(1000, cny)}
	require.ErrorIs(t, try(w, party(lender(lending.MaxLots)), one), lending.ErrBid, "one lender too many")
	do(w, party(lender(0)), one)
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	w.repay(id, w.loan(id).Plan.At(0).Total.Minor())
	w.day = w.day.AddDays(100)
	w.dayEnd()
	do(w, officer, lending.WriteOff{Loan: id, Reason: "overdue"})
	w.deliver()
	w.repay(id, 1000)
	require.Len(t, w.loan(id).Lots, lending.MaxLots)
	w.reports()
}
