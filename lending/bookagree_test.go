package lending_test

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// agree holds every report on the book against the oracle, and its sums against the ledger.
func (o *bookOracle) agree(t require.TestingT, r *lending.Reports, c money.Currency, by lending.Dimension, days int, on civil.Date) {
	books, what := r.Ledger(), fmt.Sprintf("%s by %s, default after %d days, on %s", c, by, days, on)
	owed := books.Total(ledger.KindDebt, c) + books.Total(ledger.KindDebtWO, c)
	all, keys := o.loans(r, c, 0, ""), o.keys(r, c, by)

	for _, l := range all {
		for _, x := range r.Statements(l.Borrower) {
			principal := int64(0)
			for _, line := range x.Plan {
				principal += line.Paid[lending.Principal] - line.CalledBack[lending.Principal]
			}
			require.Equal(t, x.Borrowed.Minor()-principal, x.Outstanding.Minor(), what)
			require.Equal(t, principal, x.Principal.Minor(), what)
		}
	}
	s, err := r.Statistics(c, by, on)
	require.NoError(t, err, what)
	o.outcomes(t, r, c, by, days, on)
	require.Equal(t, bookStatistics("", all, c, on), s.Total, what)
	require.Len(t, s.Lines, len(keys), what)
	for i, key := range keys {
		require.Equal(t, bookStatistics(key, o.loans(r, c, by, key), c, on), s.Lines[i], what)
	}
	require.Equal(t, books.Total(ledger.KindDebt, c), s.Total.Active.Amount.Minor(), what)
	require.Equal(t, books.Total(ledger.KindDebtWO, c), s.Total.WrittenOff.Amount.Minor(), what)
	require.Equal(t, s.Total.Lent.Amount.Minor(), s.Total.Repaid.Minor()+owed, what)
	require.Equal(t, s.Total.Lent.Loans, s.Total.Active.Loans+s.Total.Closed.Loans+s.Total.WrittenOff.Loans, what)

	d, err := r.Disclosure(c, on)
	require.NoError(t, err, what)
	require.Equal(t, o.disclosure(r, c, on), d, what)
	require.Equal(t, owed, d.Outstanding.Amount.Minor(), what)

	var income int64
	for _, line := range r.Income(c) {
		income += line.Amount.Minor()
	}
	require.Equal(t, books.Total(ledger.KindIncome, c), income, what)
	o.ages(t, r, c, on, owed)
}

// outcomes holds the statement and the curves against the oracle.
func (o *bookOracle) outcomes(t require.TestingT, r *lending.Reports, c money.Currency, by lending.Dimension, days int, on civil.Date) {
	all, keys := o.loans(r, c, 0, ""), o.keys(r, c, by)
	s, err := r.OutcomeStatement(c, by, days, on)
	require.NoError(t, err)
	require.Equal(t, bookOutcome("", all, c, days, on), s.Total)
	require.Len(t, s.Lines, len(keys))
	for i, key := range keys {
		require.Equal(t, bookOutcome(key, o.loans(r, c, by, key), c, days, on), s.Lines[i])
	}
	if !by.IsCohort() {
		return
	}
	v, err := r.Vintages(c, by, days, on)
	require.NoError(t, err)
	require.Len(t, v.Lines, len(keys))
	for i, key := range keys {
		ls := o.loans(r, c, by, key)
		x := v.Lines[i]
		require.Equal(t, s.Lines[i].Lent, x.Lent)
		require.Equal(t, s.Lines[i].Defaulted, x.Defaulted)
		young := slices.MaxFunc(ls, func(a, b *bookLife) int { return a.start.Compare(b.start) }).start
		for n := 1; ; n++ {
			if young.AddMonths(n).After(on) {
				require.Len(t, x.Curve, n-1)
				break
			}
			within := bookVolume(ls, c, func(l *bookLife) bool {
				first, ok := l.defaulted(days, on)
				return ok && first.Before(l.start.AddMonths(n))
			}, func(l *bookLife) int64 { first, _ := l.defaulted(days, on); return l.debt(first) })
			require.Equal(t, within, x.Curve[n-1].Defaulted, "%s after %d months", key, n)
			require.Equal(t, millionths(of(within.Amount), of(x.Lent.Amount)), x.Curve[n-1].DefaultPPM)
		}
	}
}

// ages holds the ageing against the loans and the register.
func (o *bookOracle) ages(t require.TestingT, r *lending.Reports, c money.Currency, on civil.Date, owed int64) {
	a, err := r.Ageing(c, on)
	require.NoError(t, err)
	ls, next := o.loans(r, c, 0, ""), 0
	for _, line := range a.Lines {
		require.Equal(t, next, line.From)
		in := func(l *bookLife) bool {
			return l.owes() && l.late(on) >= line.From && (line.To < 0 || l.late(on) <= line.To)
		}
		require.Equal(t, bookVolume(ls, c, in, (*bookLife).left), line.Owed)
		require.Equal(t, bookVolume(ls, c, in, func(l *bookLife) int64 { return l.arrears(on) }).Amount, line.Arrears)
		owed -= line.Owed.Amount.Minor()
		next = line.To + 1
	}
	require.Zero(t, next, "the last line has no end")
	require.Zero(t, owed, "not in the table")
}
