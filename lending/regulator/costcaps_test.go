package regulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/regulator"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CN-7: a loan carries the caps of its day, an older one those that a court grants from 20 August 2020
// on; microloan companies are outside from 2021 on, and other profiles cap nothing.
func TestChinaCostCaps(t *testing.T) {
	step := func(day, rate string) lending.CostCap {
		return lending.CostCap{From: civil.MustParse(day), Rate: schedule.MustRate(rate + "% per year")}
	}
	china := regulator.ChinaRates(regulator.Options{})
	licensed := regulator.ChinaRates(regulator.Options{Licensed: []lending.ProductID{plain(cny).ID}})
	for _, c := range []struct {
		day   string
		rules lending.Rules
		want  []lending.CostCap
	}{
		{"2015-08-31", china, nil},
		{"2019-05-06", china, []lending.CostCap{step("2019-05-06", "24"), step("2020-08-20", "15.4")}},
		{"2020-08-20", china, []lending.CostCap{step("2020-08-20", "15.4")}},
		{"2024-08-01", china, []lending.CostCap{step("2024-08-01", "13.4")}},
		{"2024-08-01", regulator.Book{Own: china}, []lending.CostCap{step("2024-08-01", "13.4")}},
		{"2024-08-01", licensed, nil},
		{"2024-08-01", regulator.Europe(), nil},
	} {
		w := newWorld(t, c.rules, civil.MustParse(c.day))
		w.register(lending.Person, "ann", "bob")
		p := plain(cny)
		p.MaxRate = schedule.MustRate("10% per year")
		id := w.reviewed(p, 200_000, "5% per year")
		require.NoError(t, try(w, cashier, lending.Disburse{Loan: id}), c.day)
		l, err := w.free.Loan(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, c.want, l.Caps, c.day)
	}
}
