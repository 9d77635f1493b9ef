package regulator_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// A loan that keeps every rule of a profile goes through its whole life under it, in the currency and
// on a day for which the profile is made.
func TestLawfulLives(t *testing.T) {
	for id, c := range map[lending.Code]struct {
		day    string
		cur    string
		accept []lending.Code
	}{
		"CN-2016": {"2019-06-03", "CNY", nil}, "CN-RATES": {"2024-06-03", "CNY", nil},
		"IN-2017": {"2024-09-02", "INR", nil}, "UK-2019": {"2024-06-03", "GBP", nil},
		"EU-2021": {"2024-06-03", "EUR", []lending.Code{"EU-2c"}},
	} {
		t.Run(string(id), func(t *testing.T) {
			p, ok := regulator.Lookup(id, regulator.Options{})
			require.True(t, ok)
			w := newWorld(t, p, civil.MustParse(c.day))
			product := plain(money.MustCurrency(c.cur))
			require.NoError(t, try(w, officer, lending.DefineProduct{Product: product}))
			for _, who := range []lending.PartyID{"ann", "bob"} {
				require.NoError(t, try(w, officer, lending.Register{Party: who, Kind: lending.Person}))
			}
			do(w, officer, w.tested(true, w.day.AddMonths(24)))
			do(w, officer, lending.RecordIdentity{Party: "bob", Identity: lending.Identity{
				Evidence: evidence, Expires: w.day.AddMonths(24)}})
			w.categorize(regulator.CategoryRestricted, amt(100_000_000, product.Currency))
			w.day = w.day.AddDays(1)
			w.categorize(regulator.CategoryRestricted, amt(100_000_000, product.Currency))
			w.accept = c.accept
			w.lives(t, product)
		})
	}
}

// lives takes a loan of ann to its first instalment, every command to the ruled desk.
func (w *world) lives(t *testing.T, p lending.Product) {
	const amount = 4_000_000
	ctx := context.Background()
	ask := lending.Apply{Product: p.ID, Amount: amt(amount, p.Currency), Periods: 12, Use: "harvest"}
	applied, err := lending.Do(ctx, w.ruled, w.meta(party("ann")), ask)
	require.NoError(t, err)
	id := applied.Loan
	require.NoError(t, try(w, analyst, lending.Approve{Loan: id, Rate: p.MaxRate}))
	require.NoError(t, try(w, officer, lending.Publish{Loan: id}))
	require.NoError(t, w.bid(id, amount, p.Currency))
	require.NoError(t, try(w, officer, lending.ReviewFunding{Loan: id}))
	require.NoError(t, try(w, cashier, lending.Disburse{Loan: id}))
	_, err = w.ruled.Deliver(ctx, w.day)
	require.NoError(t, err)
	loan, err := w.ruled.Loan(ctx, id)
	require.NoError(t, err)
	require.Equal(t, lending.StateActive, loan.State)
	w.day = loan.Dues[0].Date
	due := amt(loan.Dues[0].Owed.Total(), p.Currency)
	require.NoError(t, try(w, bank, lending.Deposit{Party: "ann", Amount: due}))
	require.NoError(t, try(w, party("ann"), lending.Repay{Loan: id, Amount: due}))
}
