package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/ledger"
)

// The platform's own guarantee is an expense when it is asked for, not when it pays: paying settles the
// liability, and what the borrower pays himself takes it back.
func TestLiabilityIsRecognisedBeforehand(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	recognise := guarantee.RecogniseLiability{Guarantor: "gil"}
	require.ErrorIs(t, try(w, officer, recognise), guarantee.ErrTerms, "not a related party")
	do(w, officer, lending.MarkRelated{Party: "gil"})
	require.ErrorIs(t, try(w, officer, recognise), guarantee.ErrNothing)
	require.ErrorIs(t, try(w, officer, guarantee.RecogniseLiability{Guarantor: "none"}), lending.ErrUnknown)
	require.ErrorIs(t, try(w, party("gil"), recognise), lending.ErrActor)
	own := byGuarantor()
	own.Kind = lending.CoverOwnGuarantee
	id, due := w.missed(own)
	books := func(liability, expense, paid int64) {
		r := w.reports()
		require.Equal(t, liability, w.guarantor().Liability)
		require.Equal(t, liability, r.Ledger().Balance(ledger.Provision("gil"), cny))
		require.Equal(t, expense, r.Ledger().Balance(ledger.Expense("compensation"), cny))
		require.Equal(t, -paid, r.Ledger().Balance(ledger.OwnBank(), cny))
	}
	w.deposit("gil", 619)
	ev := do(w, timer, recognise)
	require.Equal(t, guarantee.LiabilityRecognised{On: w.day, Minor: due - 619, Delta: due - 619, By: "timer"}, ev)
	books(due-619, due-619, 0)

	granted := do(w, cashier, guarantee.PayOwn{Guarantor: "gil", Amount: amt(50_000)})
	require.Equal(t, int64(50_000), granted.Recognised)
	books(due-50_619, due-619, 50_000)
	require.ErrorIs(t, try(w, officer, recognise), guarantee.ErrNothing, "what is on its way is none any more")

	w.repay(id, due-20_000)
	do(w, officer, recognise)
	books(0, 50_000, 50_000)
	do(w, bank, guarantee.CreditOwn{Guarantor: "gil", Amount: amt(50_000)})
	do(w, party("gil"), pay(id, 0))
	require.ErrorIs(t, try(w, officer, recognise), guarantee.ErrNothing)
	w.reports()
}
