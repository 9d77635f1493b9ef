package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/lending/payment"
)

func payTo(p lending.PartyID, minor int64) lending.PayTo {
	return lending.PayTo{Party: p, Amount: amt(minor, cny)}
}

// A loan paid to third persons begins when all of them have their money: one is paid late, one in
// part, one is refused; what failed is ordered again and goes to the same payee.
func TestPayees(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "shop", "school")
	id := w.funded(standard(), 1_000_000, 12, "12% per year", "bob")
	w.bank.Script(func(in payment.Instruction) memory.Script {
		return map[payment.PartyID]memory.Script{
			"shop": {Parts: []int64{100_000}, Fail: true}, "school": {Delay: 2}, "ann": {Reject: true},
		}[in.Party]
	})
	got := do(w, cashier, lending.Disburse{Loan: id,
		Payees: []lending.PayTo{payTo("shop", 300_000), payTo("school", 250_000)}})
	require.Len(t, got.Portions, 3)
	require.Equal(t, int64(450_000), got.Portions[2].Minor, "the rest is the borrower's")
	w.deliver()
	w.deliver()
	require.Equal(t, lending.StateDisbursing, w.loan(id).State, "one is on its way")
	w.deliver()
	w.deliver()
	l := w.loan(id)
	require.Equal(t, lending.StateReviewed, l.State)
	require.Equal(t, int64(350_000), l.PaidOut)
	require.Equal(t, int64(650_000), w.reports().Ledger().Balance(lending.Clear(id), cny))
	require.ErrorIs(t, try(w, officer, lending.CancelFunding{Loan: id, Reason: "x"}), lending.ErrState)
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id, Payees: []lending.PayTo{payTo("shop", 1)}}),
		lending.ErrPending)
	w.bank.Script(nil)
	again := do(w, cashier, lending.Disburse{Loan: id})
	require.Equal(t, []lending.PortionOrder{
		{Portion: 0, Payee: "shop", Payment: payment.ID(id) + ".d4", Minor: 200_000},
		{Portion: 2, Payee: "ann", Payment: payment.ID(id) + ".d5", Minor: 450_000},
	}, again.Portions)
	w.deliver()
	l = w.loan(id)
	require.Equal(t, lending.StateActive, l.State)
	require.Equal(t, int64(1_000_000), l.PaidOut)
	for _, p := range l.Portions {
		require.Equal(t, p.Minor, p.Paid)
	}
	require.Empty(t, w.reports().TrialBalance(ledger.Client))
}

func TestPayeesRefused(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "shop", "ice")
	do(w, officer, lending.Freeze{Party: "ice"})
	id := w.funded(standard(), 1000, 2, "12% per year", "bob")
	for name, tc := range map[string]struct {
		c   lending.Disburse
		err error
	}{
		"nobody":      {lending.Disburse{Payees: []lending.PayTo{payTo("zoe", 1)}}, lending.ErrUnknown},
		"frozen":      {lending.Disburse{Payees: []lending.PayTo{payTo("ice", 1)}}, lending.ErrState},
		"twice":       {lending.Disburse{Payees: []lending.PayTo{payTo("shop", 1), payTo("shop", 2)}}, lending.ErrTerms},
		"borrower":    {lending.Disburse{Payees: []lending.PayTo{payTo("ann", 1)}}, lending.ErrTerms},
		"nothing":     {lending.Disburse{Payees: []lending.PayTo{payTo("shop", 0)}}, lending.ErrAmount},
		"too much":    {lending.Disburse{Payees: []lending.PayTo{payTo("shop", 1001)}}, lending.ErrAmount},
		"over all":    {lending.Disburse{Amount: amt(1001, cny)}, lending.ErrAmount},
		"below zero":  {lending.Disburse{Amount: amt(-1, cny)}, lending.ErrAmount},
		"over amount": {lending.Disburse{Amount: amt(9, cny), Payees: []lending.PayTo{payTo("shop", 10)}}, lending.ErrAmount},
		"too many":    {lending.Disburse{Payees: make([]lending.PayTo, lending.MaxPortions+1)}, lending.ErrLimit},
	} {
		before := w.feed()
		tc.c.Loan = id
		require.ErrorIs(t, try(w, cashier, tc.c), tc.err, name)
		require.Equal(t, before, w.feed(), name)
	}
	do(w, cashier, lending.Disburse{Loan: id, Payees: []lending.PayTo{payTo("shop", 1000)}})
	w.deliver()
	require.Equal(t, lending.StateActive, w.loan(id).State, "all of it to the payee")
}

// A loan paid out in tranches begins with the last; what is never paid goes to wallets.
func TestTranches(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "shop")
	id := w.funded(standard(), 1000, 2, "12% per year", "bob")
	do(w, cashier, lending.Disburse{Loan: id, Amount: amt(400, cny)})
	w.deliver()
	require.Equal(t, lending.StateReviewed, w.loan(id).State)
	w.day = w.day.AddDays(5)
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Reject: true} })
	do(w, cashier, lending.Disburse{Loan: id, Amount: amt(500, cny), Payees: []lending.PayTo{payTo("shop", 500)}})
	w.deliver()
	do(w, cashier, lending.CreditRest{Loan: id})
	require.Equal(t, lending.StateActive, w.loan(id).State)
	require.Equal(t, w.day, w.loan(id).Plan.Terms().Start)
	require.Equal(t, int64(500), w.wallet("shop", cny).Available)
	require.Equal(t, int64(100), w.wallet("ann", cny).Available)
	w.reports()
}

// Gross of fees the borrower has the whole amount, and pays the fee from the wallet.
func TestGross(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob")
	p := rich()
	p.Disbursement.Gross = true
	id := w.funded(p, 1_000_000, 12, "12% per year", "bob")
	require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrFunds)
	w.deposit("ann", amt(30_001, cny))
	w.bank.Script(func(payment.Instruction) memory.Script { return memory.Script{Reject: true} })
	got := do(w, cashier, lending.Disburse{Loan: id})
	require.Equal(t, int64(1_000_000), got.Net)
	require.Equal(t, int64(1), w.wallet("ann", cny).Available)
	w.deliver()
	do(w, officer, lending.CancelFunding{Loan: id, Reason: "x"})
	require.Equal(t, int64(30_001), w.wallet("ann", cny).Available, "the fee is returned")
	require.Equal(t, int64(1_000_000), w.wallet("bob", cny).Available)
	w.reports()
}

// However a loan is cut into parts and whatever the bank does, each payee has what he should.
func TestPortionsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, lending.Config{})
		payees := []lending.PartyID{"p0", "p1", "p2"}
		w.register(append(payees, "ann", "bob")...)
		id := w.funded(standard(), 1000, 2, "12% per year", "bob")
		salt := rapid.Uint32().Draw(t, "salt")
		w.bank.Script(func(in payment.Instruction) memory.Script {
			return (&machine{faults: true}).script(in, salt)
		})
		want := map[payment.PartyID]int64{}
		for range 200 {
			l := w.loan(id)
			if l.State == lending.StateActive {
				break
			}
			if l.State == lending.StateReviewed {
				c := lending.Disburse{Loan: id}
				rest := 1000
				var unpaid int64
				for _, p := range l.Portions {
					rest -= int(p.Minor)
					unpaid += p.Minor - p.Paid
				}
				if unpaid == 0 {
					ask := rapid.IntRange((rest+1)/2, rest).Draw(t, "tranche")
					c.Amount = amt(int64(ask), cny)
					for _, p := range payees {
						if n := rapid.IntRange(0, ask).Draw(t, "part"); n > 0 {
							c.Payees = append(c.Payees, payTo(p, int64(n)))
							want[payment.PartyID(p)] += int64(n)
							ask -= n
						}
					}
					want["ann"] += int64(ask)
				}
				do(w, cashier, c)
			}
			_, _ = w.desk.Deliver(t.Context(), w.day)
			w.reports()
		}
		require.Equal(t, lending.StateActive, w.loan(id).State)
		paid := map[payment.PartyID]int64{}
		for _, sent := range w.bank.Seen() {
			p, _, err := lending.View(t.Context(), w.desk, lending.PaymentRef(sent))
			require.NoError(t, err)
			paid[p.Instruction.Party] += w.bank.Paid(sent)
		}
		for p, n := range want {
			require.Equal(t, n, paid[p], p)
		}
		require.Empty(t, w.reports().TrialBalance(ledger.Client))
	})
}
