package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// The platform's own guarantee is paid out of its own book, an expense, once the money has come; and only as
// far as demands go.
func TestOwnGuarantee(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	grant := func(minor int64) guarantee.PayOwn { return guarantee.PayOwn{Guarantor: "gil", Amount: amt(minor)} }
	credit := func(minor int64) guarantee.CreditOwn {
		return guarantee.CreditOwn{Guarantor: "gil", Amount: amt(minor)}
	}
	require.ErrorIs(t, try(w, officer, grant(1)), guarantee.ErrTerms, "not a related party")
	do(w, officer, lending.MarkRelated{Party: "gil"})
	require.ErrorIs(t, try(w, officer, grant(1)), lending.ErrAmount, "nothing is demanded")
	own := byGuarantor()
	own.Kind = lending.CoverOwnGuarantee
	id, due := w.missed(own)
	w.deposit("gil", 6_619)
	require.ErrorIs(t, try(w, officer, grant(due-6_619+1)), lending.ErrAmount)
	require.ErrorIs(t, try(w, officer, grant(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, chief, grant(1)), lending.ErrSecond)
	require.ErrorIs(t, try(w, party("gil"), grant(1)), lending.ErrActor)
	do(w, cashier, grant(due-6_619))
	require.ErrorIs(t, try(w, officer, grant(1)), lending.ErrAmount, "it is on its way")
	require.Equal(t, due-6_619, w.guarantor().Coming)
	require.ErrorIs(t, try(w, party("gil"), pay(id, 0)), lending.ErrFunds, "not there yet")
	require.ErrorIs(t, try(w, officer, credit(1)), lending.ErrActor)
	require.ErrorIs(t, try(w, bank, credit(due)), lending.ErrAmount)
	require.ErrorIs(t, try(w, bank, credit(0)), lending.ErrAmount)
	do(w, bank, credit(due-6_619))
	require.Zero(t, w.guarantor().Coming)
	do(w, party("gil"), pay(id, 0))
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	r := w.reports()
	require.Equal(t, []lending.ExpenseLine{{What: "compensation", Amount: amt(100_000)}}, r.Expenses(cny))
	require.ErrorIs(t, try(w, officer, guarantee.PayOwn{Guarantor: "nobody", Amount: amt(1)}), lending.ErrUnknown)
	w.repay(id, due)
	require.Equal(t, due, w.cash("gil"), "subrogation")
}

// ownWorld has the platform's own guarantee asked for a missed instalment.
func ownWorld(t *testing.T) (w *world, id lending.LoanID, due int64) {
	w = guarantorWorld(t, guarantorTerms())
	do(w, officer, lending.MarkRelated{Party: "gil"})
	own := byGuarantor()
	own.Kind = lending.CoverOwnGuarantee
	id, due = w.missed(own)
	return w, id, due
}

// Money that never arrives is the platform's again, and what it was for a liability that can be paid once more.
func TestOwnMoneyThatNeverArrives(t *testing.T) {
	w, id, due := ownWorld(t)
	grant := guarantee.PayOwn{Guarantor: "gil", Amount: amt(due)}
	fail := func(minor int64) guarantee.FailOwn { return guarantee.FailOwn{Guarantor: "gil", Amount: amt(minor)} }
	do(w, timer, guarantee.RecogniseLiability{Guarantor: "gil"})
	do(w, cashier, grant)
	require.ErrorIs(t, try(w, officer, fail(due)), lending.ErrActor)
	require.ErrorIs(t, try(w, bank, fail(due+1)), lending.ErrAmount)
	require.ErrorIs(t, try(w, bank, fail(0)), lending.ErrAmount)
	require.ErrorIs(t, try(w, bank, guarantee.FailOwn{Guarantor: "nobody", Amount: amt(1)}), lending.ErrUnknown)
	do(w, bank, fail(due))
	require.Zero(t, w.guarantor().Coming)
	require.Equal(t, due, w.guarantor().Liability)
	r := w.reports()
	require.Zero(t, r.Ledger().Balance(ledger.OwnBank(), cny))
	require.Equal(t, due, r.Ledger().Balance(ledger.Provision("gil"), cny))
	require.ErrorIs(t, try(w, timer, guarantee.RecogniseLiability{Guarantor: "gil"}), guarantee.ErrNothing)

	do(w, cashier, grant)
	do(w, bank, guarantee.CreditOwn{Guarantor: "gil", Amount: amt(due)})
	require.ErrorIs(t, try(w, bank, fail(1)), lending.ErrAmount, "it has come")
	do(w, party("gil"), pay(id, 0))
	require.Zero(t, w.loan(id).Dues[0].Missing().Total())
	w.reports()
}

// Money of the platform leaves the guarantor's wallet by paying alone.
func TestOwnMoneyLeavesByPaying(t *testing.T) {
	w, id, due := ownWorld(t)
	withdraw := lending.Withdraw{Amount: amt(1)}
	do(w, cashier, guarantee.PayOwn{Guarantor: "gil", Amount: amt(due)})
	do(w, bank, guarantee.CreditOwn{Guarantor: "gil", Amount: amt(due)})
	w.deposit("gil", 10)
	require.ErrorIs(t, try(w, party("gil"), withdraw), lending.ErrFenced)
	do(w, party("gil"), pay(id, due-1))
	require.ErrorIs(t, try(w, party("gil"), withdraw), lending.ErrFenced)
	require.Equal(t, int64(1), w.guarantor().Granted)
	do(w, party("gil"), pay(id, 0))
	require.Zero(t, w.guarantor().Granted)
	do(w, party("gil"), withdraw)
}
