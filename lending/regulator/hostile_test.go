package regulator_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Limits bind loans in their own currency alone, and parties of their own kind.
func TestLimitsBindTheirOwn(t *testing.T) {
	day := civil.MustParse("2024-12-02")
	all := regulator.Combine(regulator.ChinaIntermediary(regulator.Options{}), regulator.India(regulator.Options{}))
	w := newWorld(t, all, day)
	w.register(lending.Person, "ann")
	id := w.approved(plain(gbp), 900_000_000, "5% per year")
	require.NoError(t, try(w, officer, lending.Publish{Loan: id}))

	w = newWorld(t, all, day)
	w.register(lending.Company, "ann")
	id = w.approved(plain(cny), 90_000_000, "5% per year")
	require.NoError(t, try(w, officer, lending.Publish{Loan: id}))
}

// What a port says elsewhere is checked, and its error stops the command.
func TestElsewhereIsChecked(t *testing.T) {
	o := regulator.Options{Elsewhere: abroad{regulator.Borrowed, -1}}
	w := newWorld(t, regulator.ChinaIntermediary(o), civil.MustParse("2019-06-03"))
	w.register(lending.Person, "ann")
	id := w.approved(plain(cny), 200_000, "5% per year")
	require.ErrorIs(t, try(w, officer, lending.Publish{Loan: id}), lending.ErrAmount)
}

// A preview by a pointer to a command is held to the rules as well.
func TestPointersAreHeldToTheRules(t *testing.T) {
	w := newWorld(t, regulator.ChinaRates(regulator.Options{}), civil.MustParse("2024-12-02"))
	c := lending.DefineProduct{Product: plain(cny)}
	_, err := lending.Try(context.Background(), w.ruled, w.meta(officer), c)
	require.NoError(t, err)
	c.Product.Late.Penalty = perYear(130_000_000_000)
	_, err = lending.Try(context.Background(), w.ruled, w.meta(officer), &c)
	require.ErrorIs(t, err, lending.ErrRule)
}
