package guarantee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/guarantee"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// A guarantor has notice of every sale of a claim that it covers, in the same commit, and of nothing else.
func TestGuarantorHasNoticeOfSale(t *testing.T) {
	w := guarantorWorld(t, guarantorTerms())
	id := w.lent("ann", product("p", byGuarantor()), 1_200_000, 12)
	_, before, err := lending.View(t.Context(), w.desk, guarantee.GuarantorRef("gil"))
	require.NoError(t, err)
	do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 1_000, To: "cal", Compelled: true}})
	do(w, officer, give{id, lending.Assignment{Lot: 0, Units: 100_000, To: "cal"}})
	_, after, err := lending.View(t.Context(), w.desk, guarantee.GuarantorRef("gil"))
	require.NoError(t, err)
	require.Equal(t, before+1, after)
	var notices []guarantee.GuarantorNotified
	for at := event.Position(0); ; {
		list, next, err := w.desk.Follow(t.Context(), at, 1000)
		require.NoError(t, err)
		if len(list) == 0 {
			break
		}
		for _, h := range list {
			if e, ok := h.Event.(guarantee.GuarantorNotified); ok {
				notices = append(notices, e)
			}
		}
		at = next
	}
	require.Equal(t, []guarantee.GuarantorNotified{{Loan: id, Units: 100_000, From: "bob", To: "cal", On: w.day}}, notices)
}
