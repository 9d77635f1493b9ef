package lending_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

var dimensions = []lending.Dimension{lending.ByMonth, lending.ByQuarter, lending.ByYear, lending.ByGrade,
	lending.ByProduct, lending.ByChannel}

// portfolioLife is a world with a loan of everything: paid back, early, in arrears, paid by covers,
// reversed, written off and recovered, of several products, grades, channels and years.
func portfolioLife(t require.TestingT) *world {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	w.graded("fay", "B", 40_001, 3)
	w.day = w.day.AddDays(200)
	w.repay(w.graded("gil", "A", 33_333, 4), 20_000)
	w.graded("fay", "HR", 12_345, 2)
	w.day = w.day.AddDays(75)
	w.repay(w.graded("ivy", "A", 100_000, 1), 100_750)
	return w
}

// graded lends to a party who is registered if it is not, under a product with a grade table.
func (w *world) graded(borrower lending.PartyID, grade lending.Code, minor int64, periods int) lending.LoanID {
	if try(w, officer, lending.Register{Party: borrower, Kind: lending.Person}) == nil {
		do(w, officer, lending.RecordSource{Party: borrower, Source: lending.Source{Channel: "fair"}})
	}
	_ = try(w, officer, lending.Register{Party: "lea", Kind: lending.Person})
	p := standard()
	p.ID, p.Grades = "graded", grades(cny)
	p.Grades[0].Outlook = lending.Outlook{DefaultPPM: 15_000, ReturnPPM: 61_001}
	p.Grades[2].Outlook = lending.Outlook{DefaultPPM: 333_333, ReturnPPM: -20_000}
	do(w, officer, lending.DefineProduct{Product: p})
	id := do(w, party(borrower), lending.Apply{Product: p.ID, Amount: amt(minor, cny), Periods: periods}).Loan
	rate := p.Grades[0].MinRate
	for _, g := range p.Grades {
		if g.Grade == grade {
			rate = g.MaxRate
		}
	}
	do(w, analyst, lending.Approve{Loan: id, Rate: rate, Grade: grade})
	do(w, officer, lending.Publish{Loan: id})
	w.deposit("lea", amt(minor, cny))
	do(w, party("lea"), lending.PlaceBid{Loan: id, Amount: amt(minor, cny)})
	do(w, officer, lending.ReviewFunding{Loan: id})
	w.deliver()
	do(w, cashier, lending.Disburse{Loan: id})
	w.deliver()
	return id
}

func TestBookReportsAgainstOracle(t *testing.T) {
	t.Parallel()
	w := portfolioLife(t)
	r := w.reports()
	o := w.bookOracle(r)
	groups := 0
	for _, by := range dimensions {
		s, err := r.Statistics(cny, by, w.day)
		require.NoError(t, err)
		groups += len(s.Lines)
	}
	require.Greater(t, groups, 12, "a world of one group proves nothing")
	rapid.Check(t, func(t *rapid.T) {
		on := w.day.AddDays(rapid.IntRange(-400, 300).Draw(t, "on"))
		o.agree(t, r, cny, draw(t, "by", dimensions), rapid.IntRange(0, 200).Draw(t, "days"), on)
	})
}

// Every amount and number of the lines adds up to the total's, in every dimension.
func TestGroupsPartitionTheBook(t *testing.T) {
	w := portfolioLife(t)
	r := w.reports()
	for _, by := range dimensions {
		s, err := r.Statistics(cny, by, w.day)
		require.NoError(t, err)
		partition(t, s.Total, s.Lines)
		o, err := r.OutcomeStatement(cny, by, 90, w.day)
		require.NoError(t, err)
		partition(t, o.Total, o.Lines)
	}
}

// partition sums up the lines' volumes and amounts, whatever they are called.
func partition[L any](t *testing.T, total L, lines []L) {
	require.NotEmpty(t, lines)
	for i := range reflect.TypeFor[L]().NumField() {
		var loans int
		var minor int64
		figure := func(line L) (int, int64, bool) {
			switch v := reflect.ValueOf(line).Field(i).Interface().(type) {
			case lending.Volume:
				return v.Loans, v.Amount.Minor(), true
			case money.Amount:
				return 0, v.Minor(), true
			}
			return 0, 0, false
		}
		for _, line := range lines {
			n, m, _ := figure(line)
			loans, minor = loans+n, minor+m
		}
		if n, m, ok := figure(total); ok {
			require.Equal(t, n, loans, reflect.TypeFor[L]().Field(i).Name)
			require.Equal(t, m, minor, reflect.TypeFor[L]().Field(i).Name)
		}
	}
}

func TestReportRefusals(t *testing.T) {
	w := newWorld(t, lending.Config{})
	r := w.reports()
	calls := map[string]func(by lending.Dimension, days int, on civil.Date) error{
		"statistics": func(by lending.Dimension, _ int, on civil.Date) error {
			_, err := r.Statistics(cny, by, on)
			return err
		},
		"outcome": func(by lending.Dimension, days int, on civil.Date) error {
			_, err := r.OutcomeStatement(cny, by, days, on)
			return err
		},
		"vintages": func(by lending.Dimension, days int, on civil.Date) error {
			_, err := r.Vintages(cny, by, days, on)
			return err
		},
	}
	for name, call := range calls {
		require.NoError(t, call(lending.ByYear, 0, w.day), name)
		require.ErrorIs(t, call(0, 90, w.day), lending.ErrTerms, name)
		require.ErrorIs(t, call(lending.ByChannel+1, 90, w.day), lending.ErrTerms, name)
		require.ErrorIs(t, call(lending.ByYear, 90, civil.Date{}), lending.ErrDate, name)
		if name == "statistics" {
			continue
		}
		require.ErrorIs(t, call(lending.ByYear, -1, w.day), lending.ErrTerms, name)
		require.ErrorIs(t, call(lending.ByYear, 3651, w.day), lending.ErrTerms, name)
	}
	require.ErrorIs(t, calls["vintages"](lending.ByGrade, 90, w.day), lending.ErrTerms)
	_, err := r.Disclosure(cny, civil.Date{})
	require.ErrorIs(t, err, lending.ErrDate)
	_, err = r.Ageing(cny, civil.Date{})
	require.ErrorIs(t, err, lending.ErrDate)
	for _, edges := range [][]int{{-1}, {3, 3}, {5, 4}, make([]int, 61)} {
		_, err = r.Ageing(cny, w.day, edges...)
		require.ErrorIs(t, err, lending.ErrTerms, "%v", edges)
	}
	for _, d := range dimensions {
		text, _ := d.MarshalText()
		var back lending.Dimension
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, d, back)
	}
	require.ErrorIs(t, new(lending.Dimension).UnmarshalText([]byte("moon")), lending.ErrTerms)
}

// A lender of a loan that moved in is one, also if the old system's book does not count his loans.
func TestLendersOfABookThatMovedIn(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}})
	b := newOldSystem(20).book
	for i := range b.Wallets {
		b.Wallets[i].Past.Loans = 0
	}
	w.day = b.On
	_, err := w.desk.Import(context.Background(), w.importer(), "old-system", b)
	require.NoError(t, err)
	r := w.reports()
	w.bookOracle(r).agree(t, r, b.Loans[0].Amount.Currency(), lending.ByYear, 90, w.day)
	d, err := r.Disclosure(b.Loans[0].Amount.Currency(), w.day)
	require.NoError(t, err)
	require.NotZero(t, d.CurrentLenders)
	require.GreaterOrEqual(t, d.Lenders, d.CurrentLenders)
}

// Giving a loan up hides nothing: what the disclosure says is owed and overdue stays as it was.
func TestWriteOffHidesNothing(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	id := w.lent(standard(), 100_000, 3, "12% per year", "bob")
	w.day = w.day.AddDays(150)
	w.dayEnd()
	before, err := w.reports().Disclosure(cny, w.day)
	require.NoError(t, err)
	require.Equal(t, lending.Volume{Loans: 1, Amount: amt(100_000, cny)}, before.Overdue90)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
	w.deliver()
	after, err := w.reports().Disclosure(cny, w.day)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, int64(lending.Million), after.AmountOverduePPM)
}

// A loan that was written off stays overdue to its last cent, though all that it still owes was planned for
// a day that has not come.
func TestWrittenOffIsOverdue(t *testing.T) {
	w := newWorld(t, lending.Config{}).with("ann", "bob")
	id := w.lent(standard(), 100_000, 2, "12% per year", "bob")
	w.day = w.loan(id).Dues[0].Date.AddDays(10)
	do(w, officer, lending.WriteOff{Loan: id, Reason: "lost"})
	w.deliver()
	var owed int64
	for _, d := range w.loan(id).Dues {
		owed += d.Unpaid().Total()
	}
	w.repay(id, owed-1)
	require.Zero(t, w.loan(id).DaysPastDue(w.day))
	d, err := w.reports().Disclosure(cny, w.day)
	require.NoError(t, err)
	require.Equal(t, lending.Volume{Loans: 1, Amount: amt(0, cny)}, d.Overdue)
	require.Equal(t, amt(1, cny), d.Arrears)
	a, err := w.reports().Ageing(cny, w.day)
	require.NoError(t, err)
	require.Zero(t, a.Lines[0].Owed.Loans)
}

// Every CSV is one that a reader of RFC 4180 reads, with the fields of its header in each record, and
// every report is JSON.
func TestReportsAreCSVAndJSON(t *testing.T) {
	w := portfolioLife(t)
	r := w.reports()
	d, err1 := r.Disclosure(cny, w.day)
	s, err2 := r.Statistics(cny, lending.ByQuarter, w.day)
	o, err3 := r.OutcomeStatement(cny, lending.ByYear, 90, w.day)
	v, err4 := r.Vintages(cny, lending.ByMonth, 90, w.day)
	a, err5 := r.Ageing(cny, w.day)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		require.NoError(t, err)
	}
	months := 0
	for _, x := range v.Lines {
		months += len(x.Curve) + 1
	}
	plan := 0
	for _, x := range r.Statements("ann") {
		plan += len(x.Plan) + 1
	}
	for name, x := range map[string]struct {
		text    []byte
		records int
		report  any
	}{
		"disclosure": {d.AppendCSV(nil), 16, d},
		"statistics": {s.AppendCSV(nil), len(s.Lines) + 1, s},
		"outcome":    {o.AppendCSV(nil), len(o.Lines) + 1, o},
		"vintages":   {v.AppendCSV(nil), months, v},
		"ageing":     {a.AppendCSV(nil), 6, a},
		"listings":   {lending.AppendListingsCSV(nil, r.Listings(0)), len(r.Listings(0)), r.Listings(0)},
		"portfolio":  {r.Portfolio("bob", cny).AppendCSV(nil), 1, r.Portfolio("bob", cny)},
		"statements": {lending.AppendStatementsCSV(nil, r.Statements("ann")), plan, r.Statements("ann")},
		"income":     {lending.AppendIncomeCSV(nil, r.Income(cny)), len(r.Income(cny)), r.Income(cny)},
	} {
		records, err := csv.NewReader(bytes.NewReader(x.text)).ReadAll()
		require.NoError(t, err, name)
		require.Len(t, records, x.records+1, name)
		require.Equal(t, len(records), bytes.Count(x.text, []byte("\r\n")), name)
		require.NotContains(t, string(x.text), "%!", name)
		text, err := json.Marshal(x.report)
		require.NoError(t, err, name)
		for _, nothing := range []string{`"Owed":{}`, `"Paid":{}`, `"Waived":{}`, `"CalledBack":{}`} { // of any component
			text = bytes.ReplaceAll(text, []byte(nothing), nil)
		}
		require.NotContains(t, string(text), "{}", "%s has a figure that JSON does not show", name)
	}
}

// The month-end of a small platform: one loan runs, one is four months late.
func ExampleReports_Disclosure() {
	w := newWorld(panics{}, lending.Config{})
	w.register("ann", "bob", "eve")
	w.lent(standard(), 100_000, 2, "12% per year", "bob")
	w.day = civil.MustParse("2026-06-30")
	w.lent(standard(), 300_000, 12, "12% per year", "bob", "eve")
	r, _ := w.desk.Reports(context.Background())
	june, _ := r.Disclosure(cny, w.day)
	fmt.Printf("%s", bytes.ReplaceAll(june.AppendCSV(nil), []byte("\r\n"), []byte("\n")))
	// Output:
	// figure,on,currency,count,amount,ppm
	// cumulative,2026-06-30,CNY,2,4000.00,
	// outstanding,2026-06-30,CNY,2,4000.00,
	// interest-balance,2026-06-30,CNY,,213.58,
	// lenders,2026-06-30,CNY,2,,
	// current-lenders,2026-06-30,CNY,2,,
	// borrowers,2026-06-30,CNY,1,,
	// current-borrowers,2026-06-30,CNY,1,,
	// top-ten-borrowers,2026-06-30,CNY,,4000.00,1000000
	// largest-borrower,2026-06-30,CNY,,4000.00,1000000
	// related,2026-06-30,CNY,0,0.00,
	// overdue,2026-06-30,CNY,1,1000.00,
	// overdue-90,2026-06-30,CNY,1,1000.00,
	// arrears,2026-06-30,CNY,,1015.02,
	// compensated,2026-06-30,CNY,0,0.00,
	// amount-overdue-rate,2026-06-30,CNY,,,250000
	// loans-overdue-rate,2026-06-30,CNY,,,500000
}
