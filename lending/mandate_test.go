package lending_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/money"
)

// A mandate at every bound is valid; one step beyond it is refused by name.
func TestMandateValidate(t *testing.T) {
	rate := schedule.MustRate("10% per year")
	full := func() lending.Mandate {
		m := lending.Mandate{ID: "m", Lender: "l", Currency: cny, From: first, Until: first, Min: lending.MaxLoan, Max: lending.MaxLoan,
			LoanPPM: lending.Million, Retain: money.MaxMinor, PerBorrower: money.MaxMinor, Total: money.MaxMinor, Spread: 1_000_000,
			Takes: lending.LoanFilter{MinAmount: lending.MaxLoan, MaxAmount: lending.MaxLoan, MinRate: rate, MaxRate: rate,
				MinMonths: 1200, MaxMonths: 1200, Covered: true}}
		for i := range 60 {
			c := lending.Code(fmt.Sprintf("c%d", i))
			m.Takes.Grades, m.Takes.Covers = append(m.Takes.Grades, c), append(m.Takes.Covers, c)
			m.Takes.Products = append(m.Takes.Products, lending.ProductID(c))
			m.PerGrade = append(m.PerGrade, lending.GradeCap{Grade: c, Minor: money.MaxMinor})
		}
		return m
	}
	ok := full()
	require.NoError(t, ok.Validate())
	for name, tc := range map[string]struct {
		want error
		edit func(*lending.Mandate)
	}{
		"id":             {lending.ErrID, func(m *lending.Mandate) { m.ID = "" }},
		"long id":        {lending.ErrID, func(m *lending.Mandate) { m.ID = lending.MandateID(strings.Repeat("x", 1<<20)) }},
		"lender":         {lending.ErrID, func(m *lending.Mandate) { m.Lender = "a b" }},
		"currency":       {lending.ErrTerms, func(m *lending.Mandate) { m.Currency = money.Currency{} }},
		"dates":          {lending.ErrDate, func(m *lending.Mandate) { m.Until = first.AddDays(-1) }},
		"min":            {lending.ErrAmount, func(m *lending.Mandate) { m.Min = 0 }},
		"min above max":  {lending.ErrAmount, func(m *lending.Mandate) { m.Max = lending.MaxLoan - 1 }},
		"max":            {lending.ErrAmount, func(m *lending.Mandate) { m.Max++ }},
		"share":          {lending.ErrTerms, func(m *lending.Mandate) { m.LoanPPM++ }},
		"share below":    {lending.ErrTerms, func(m *lending.Mandate) { m.LoanPPM = -1 }},
		"retain":         {lending.ErrAmount, func(m *lending.Mandate) { m.Retain++ }},
		"retain below":   {lending.ErrAmount, func(m *lending.Mandate) { m.Retain = -1 }},
		"borrower":       {lending.ErrAmount, func(m *lending.Mandate) { m.PerBorrower++ }},
		"borrower below": {lending.ErrAmount, func(m *lending.Mandate) { m.PerBorrower = -1 }},
		"total":          {lending.ErrAmount, func(m *lending.Mandate) { m.Total++ }},
		"total below":    {lending.ErrAmount, func(m *lending.Mandate) { m.Total = -1 }},
		"spread":         {lending.ErrTerms, func(m *lending.Mandate) { m.Spread++ }},
		"spread below":   {lending.ErrTerms, func(m *lending.Mandate) { m.Spread = -1 }},
		"grade cap":      {lending.ErrAmount, func(m *lending.Mandate) { m.PerGrade[0].Minor = 0 }},
		"grade cap high": {lending.ErrAmount, func(m *lending.Mandate) { m.PerGrade[0].Minor++ }},
		"grade cap id":   {lending.ErrID, func(m *lending.Mandate) { m.PerGrade[0].Grade = "" }},
		"grade cap two":  {lending.ErrTerms, func(m *lending.Mandate) { m.PerGrade[59].Grade = "c0" }},
		"grade caps":     {lending.ErrTerms, func(m *lending.Mandate) { m.PerGrade = append(m.PerGrade, lending.GradeCap{Grade: "x", Minor: 1}) }},
		"amounts":        {lending.ErrAmount, func(m *lending.Mandate) { m.Takes.MaxAmount-- }},
		"amount":         {lending.ErrAmount, func(m *lending.Mandate) { m.Takes.MaxAmount++ }},
		"amount below":   {lending.ErrAmount, func(m *lending.Mandate) { m.Takes.MinAmount = -1 }},
		"rates":          {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.MaxRate = schedule.MustRate("9% per year") }},
		"bases":          {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.MaxRate = schedule.MustRate("10% per period") }},
		"months":         {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.MaxMonths-- }},
		"months high":    {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.MaxMonths++ }},
		"months below":   {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.MinMonths = -1 }},
		"grades":         {lending.ErrLimit, func(m *lending.Mandate) { m.Takes.Grades = append(m.Takes.Grades, "x") }},
		"grade twice":    {lending.ErrTerms, func(m *lending.Mandate) { m.Takes.Grades[59] = "c0" }},
		"product":        {lending.ErrID, func(m *lending.Mandate) { m.Takes.Products[0] = "" }},
		"cover":          {lending.ErrID, func(m *lending.Mandate) { m.Takes.Covers[0] = "!" }},
	} {
		m := full()
		tc.edit(&m)
		err := m.Validate()
		require.ErrorIs(t, err, tc.want, name)
		require.Less(t, len(err.Error()), 400, name)
		require.Equal(t, lending.ClassOf(tc.want), lending.ClassOf(err), name)
	}
	zero := lending.Mandate{}
	require.ErrorIs(t, zero.Validate(), lending.ErrID)
	require.ErrorIs(t, zero.Validate(), lending.ErrAmount)
	require.ErrorIs(t, zero.Validate(), lending.ErrTerms, "everything at once")
}
