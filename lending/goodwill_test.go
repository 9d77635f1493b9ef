package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// The platform pays out of its own account, and the loan is paid when the money has come.
func TestGoodwill(t *testing.T) {
	p := standard()
	p.Waterfalls = []lending.PaymentWaterfall{{Kind: lending.GoodwillPayment, Waterfall: lending.CivilCode561()}}
	p.Waterfalls[0].Waterfall.Advance = lending.LastInstalment
	w := newTwin(t, p, 90_000, 2)
	w.day = w.day.AddDays(3)
	has := w.wallet("ann", cny).Available
	do(w.world, cashier, lending.PayGoodwill{Loan: w.id, Amount: amt(5_000, cny), Reason: "sorry"})
	books := w.reports().Ledger()
	require.EqualValues(t, 5_000, books.Balance(ledger.Expense("goodwill"), cny))
	require.Zero(t, w.loan(w.id).Received.Total())
	credit := lending.CreditGoodwill{Loan: w.id, Amount: amt(3_000, cny)}
	ev := do(w.world, bank, credit)
	require.Equal(t, lending.GoodwillPayment, ev.Repaid.Kind)
	require.EqualValues(t, 3_000, w.loan(w.id).Dues[2].Paid.Total(), "by its own waterfall")
	require.Equal(t, has, w.wallet("ann", cny).Available)
	require.ErrorIs(t, try(w.world, bank, credit), lending.ErrAmount)
	w.deliver()
	w.pay(300_000)
	credit.Amount = amt(2_000, cny)
	require.Zero(t, do(w.world, bank, credit).Repaid.N, "the loan is paid")
	w.deliver()
	w.reports()
}

// What goodwill refuses.
func TestGoodwillRefuses(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	ok := lending.PayGoodwill{Loan: w.id, Amount: amt(5_000, cny), Reason: "sorry"}
	require.ErrorIs(t, try(w.world, party("ann"), ok), lending.ErrActor)
	require.ErrorIs(t, try(w.world, chief, ok), lending.ErrSecond)
	require.ErrorIs(t, try(w.world, lending.Actor{ID: "ann", Role: lending.RoleOfficer}, ok), lending.ErrActor)
	for want, change := range map[error]func(*lending.PayGoodwill){
		lending.ErrID:      func(c *lending.PayGoodwill) { c.Reason = "" },
		lending.ErrAmount:  func(c *lending.PayGoodwill) { c.Amount = amt(200_000, cny) },
		lending.ErrUnknown: func(c *lending.PayGoodwill) { c.Loan = "L9" },
	} {
		c := ok
		change(&c)
		require.ErrorIs(t, try(w.world, officer, c), want)
	}
	credit := lending.CreditGoodwill{Loan: w.id, Amount: amt(1, cny)}
	require.ErrorIs(t, try(w.world, bank, credit), lending.ErrAmount)
	require.ErrorIs(t, try(w.world, officer, credit), lending.ErrActor)
	credit.Amount = amt(0, cny)
	require.ErrorIs(t, try(w.world, bank, credit), lending.ErrAmount)
	credit.Loan = "L9"
	require.ErrorIs(t, try(w.world, bank, credit), lending.ErrUnknown)
}

// A refund pays the loan and what is too much goes to the borrower.
func TestRefund(t *testing.T) {
	w := newTwin(t, standard(), 90_000, 2)
	w.register("shop")
	w.deposit("shop", amt(200_000, cny))
	w.day = w.day.AddDays(3)
	has := w.wallet("ann", cny).Available
	ok := lending.Refund{Loan: w.id, From: "shop", Amount: amt(500, cny)}
	require.ErrorIs(t, try(w.world, party("bob"), ok), lending.ErrActor)
	require.ErrorIs(t, try(w.world, officer, ok), lending.ErrActor)
	for want, c := range map[error]lending.Refund{
		lending.ErrActor:   {Loan: w.id, From: "ann", Amount: amt(500, cny)},
		lending.ErrUnknown: {Loan: w.id, From: "nobody", Amount: amt(500, cny)},
		lending.ErrAmount:  {Loan: w.id, From: "shop", Amount: amt(0, cny)},
		lending.ErrFunds:   {Loan: w.id, From: "shop", Amount: amt(200_001, cny)},
	} {
		require.ErrorIs(t, try(w.world, timer, c), want)
	}
	require.Equal(t, lending.RefundPayment, do(w.world, party("shop"), ok).Repaid.Kind)
	require.Equal(t, has, w.wallet("ann", cny).Available)
	w.deliver()
	off, err := w.loan(w.id).Payoff(w.day)
	require.NoError(t, err)
	ok.Amount = amt(off.Minor()+77, cny)
	do(w.world, party("shop"), ok)
	w.deliver()
	require.Equal(t, lending.StateClosed, w.loan(w.id).State)
	require.Equal(t, has+77, w.wallet("ann", cny).Available)
	ok.Amount = amt(5, cny)
	require.Zero(t, do(w.world, party("shop"), ok).Repaid.N)
	require.Equal(t, has+82, w.wallet("ann", cny).Available)
	w.reports()
}
