package regulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// tagged is a profile of one rule that refuses everything and so shows when it is asked.
func tagged(id lending.Code) regulator.Profile {
	return regulator.Profile{ID: id, Rules: []regulator.Rule{{
		ID: id + "-1", From: civil.MustParse("2000-01-01"), Effect: regulator.Refuse, Text: "no", Source: "test",
		Check: func(*regulator.Case) (string, error) { return "asked", nil },
	}}}
}

// A loan is held to the profile that its product names, at every stage; all else to the desk's own.
func TestBook(t *testing.T) {
	day := civil.MustParse("2026-01-31")
	book := regulator.Book{Own: tagged("HOME"), Named: []regulator.Profile{tagged("AWAY")}}
	lost := regulator.Book{Own: tagged("HOME")}
	for _, named := range []lending.Code{"", "HOME", "AWAY"} {
		asked := "rule-HOME-1"
		if named == "AWAY" {
			asked = "rule-AWAY-1"
		}
		p := plain(cny)
		p.Profile = named
		held := func(w *world, err error) {
			t.Helper()
			require.Equal(t, asked, lending.CodeOf(err), "profile %q", named)
		}
		w := newWorld(t, book, day)
		held(w, try(w, officer, lending.DefineProduct{Product: p}))
		w.free, _ = lending.Open(lending.Config{Store: w.store, Rules: quiet{book}})
		w.register(lending.Person, "ann", "bob")
		id := w.applied(p, 200_000)
		held(w, try(w, party("ann"), lending.Apply{Product: p.ID, Amount: amt(200_000, cny), Periods: 12}))
		held(w, try(w, analyst, lending.Approve{Loan: id, Rate: p.MaxRate}))
		do(w, analyst, lending.Approve{Loan: id, Rate: p.MaxRate})
		held(w, try(w, officer, lending.Publish{Loan: id}))
		do(w, officer, lending.Publish{Loan: id})
		held(w, try(w, officer, lending.ExtendTender{Loan: id, Until: day.AddDays(2)}))
		held(w, try(w, analyst, lending.AmendListing{Loan: id}))
		do(w, bank, lending.Deposit{Party: "bob", Amount: amt(200_000, cny)})
		held(w, try(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(200_000, cny)}))
		do(w, party("bob"), lending.PlaceBid{Loan: id, Amount: amt(200_000, cny)})
		held(w, try(w, officer, lending.ReviewFunding{Loan: id}))
		do(w, officer, lending.ReviewFunding{Loan: id})
		held(w, try(w, cashier, lending.Disburse{Loan: id}))
		require.Equal(t, "rule-HOME-1", lending.CodeOf(try(w, officer, lending.Freeze{Party: "ann"})))

		if named == "AWAY" { // a book without it refuses the product and its loans
			w.ruled, _ = lending.Open(lending.Config{Store: w.store, Rules: lost})
			require.ErrorIs(t, try(w, cashier, lending.Disburse{Loan: id}), lending.ErrUnknown)
			require.ErrorIs(t, try(w, officer, lending.DefineProduct{Product: p}), lending.ErrUnknown)
		}
	}
	require.False(t, book.Knows("NOWHERE"))
	require.True(t, book.Own.Knows("HOME"))
	require.False(t, book.Own.Knows("AWAY"))
}

// quiet knows a book's profiles and lets everything pass.
type quiet struct{ regulator.Book }

func (quiet) Check(*lending.Tx, any) ([]lending.Warning, error) { return nil, nil }

// The dearest of the methods that a borrower may choose counts.
func TestChosenMethodsArePriced(t *testing.T) {
	p := plain(cny)
	p.MaxRate = schedule.MustRate("10% per year")
	w := newWorld(t, regulator.ChinaRates(regulator.Options{}), civil.MustParse("2020-08-20"))
	require.NoError(t, try(w, officer, lending.DefineProduct{Product: p}))
	p.Methods = []schedule.Method{schedule.MethodEqualPrincipal, schedule.MethodFlat}
	require.ErrorIs(t, try(w, officer, lending.DefineProduct{Product: p}), lending.ErrRule)
}
