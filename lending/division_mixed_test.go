package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// byTerm lends 1,000.00 from bob over four months under a product whose claims may be divided by term.
func byTerm(t *testing.T, change func(*lending.Product)) (*world, lending.LoanID) {
	p := standard()
	p.Transfers.ByTerm, p.Transfers.Overdue = true, true
	if change != nil {
		change(&p)
	}
	w := newWorld(t, lending.Config{})
	w.register("ann", "bob", "zoe")
	return w, w.lent(p, 100_000, 4, "12% per year", "bob")
}

// fromOn sells all instalments from one on to zoe.
func fromOn(w *world, id lending.LoanID, from int) error {
	return try(w, officer, sell{id, lending.Assignment{Units: w.loan(id).Lots[0].Units, Span: lending.Span{From: from}, To: "zoe"}})
}

// What was called back is the claim of those who gave it back: no division comes between, and it is not
// owed with an instalment of others.
func TestDivisionAndChargeback(t *testing.T) {
	w, id := byTerm(t, nil)
	dues := w.loan(id).Dues
	w.day = dues[0].Date
	w.repay(id, dues[0].Owed.Total())
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"})
	require.ErrorIs(t, fromOn(w, id, 2), lending.ErrTerms)

	w, id = byTerm(t, nil)
	require.NoError(t, fromOn(w, id, 1))
	w.day = dues[0].Date
	w.repay(id, dues[0].Owed.Total())
	require.ErrorIs(t, try(w, officer, lending.Chargeback{Loan: id, Reason: "bank"}), lending.ErrState)
	do(w, officer, lending.ReversePayment{Loan: id, Reason: "bank"})
	require.NoError(t, w.loan(id).Check())
	w.closes(t, id)

	w, id = byTerm(t, nil)
	require.NoError(t, fromOn(w, id, 2))
	w.day = dues[0].Date
	w.repay(id, dues[0].Owed.Total())
	do(w, officer, lending.Chargeback{Loan: id, Reason: "bank"}) // the next instalment is of the same span
	require.NoError(t, w.loan(id).Check())
	w.closes(t, id)
	require.Equal(t, w.loan(id).Lots[0].Units, w.loan(id).Lots[0].Paid[lending.Principal])
}

// A day is booked before claims are divided: what an acceleration has made due is not ahead.
func TestDivisionIsJudgedAsOfTheDay(t *testing.T) {
	for _, looked := range []bool{false, true} {
		w, id := byTerm(t, func(p *lending.Product) { p.Late.AccelerateDays = 20 })
		w.day = w.loan(id).Dues[0].Date.AddDays(25)
		if looked {
			do(w, timer, lending.EndDay{Loan: id})
		}
		require.ErrorIs(t, fromOn(w, id, 2), lending.ErrTerms, "%t", looked)
	}
}

// Each span has the late fees on what is owed to it.
func TestLateFeesOfSpans(t *testing.T) {
	w, id := byTerm(t, func(p *lending.Product) {
		f := platformFee(lending.WhenLate, lending.OnUnpaid, 1000)
		f.ID, f.Per, f.Payee = "by-day", lending.PerDay, lending.ToLenders
		p.Fees = []lending.Fee{f}
	})
	require.NoError(t, fromOn(w, id, 3))
	w.day = w.day.AddDays(10)
	do(w, officer, lending.Accelerate{Loan: id, Reason: "breach"})
	w.day = w.day.AddDays(20)
	due, err := w.loan(id).DueOn(w.day)
	require.NoError(t, err)
	w.repay(id, due.Minor())
	l := w.loan(id)
	require.Equal(t, lending.StateClosed, l.State)
	require.Equal(t, []int64{74_625, 25_375}, []int64{l.Lots[0].Units, l.Lots[1].Units})
	var owed, want [2]int64
	for i := range l.Dues {
		owed[i/3] += l.Dues[i].Owed[lending.Principal] + l.Dues[i].Owed[lending.Interest]
	}
	for k, n := range owed { // 0.1% a day for 20 days of what a span is owed, which all fell due at once; half up
		want[k] = (20*n + 500) / 1000
	}
	require.Equal(t, want, [2]int64{l.Lots[0].Paid[lending.Fees], l.Lots[1].Paid[lending.Fees]})
	w.reports()
}
