package lending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// keepsMoney is a fence that lets no money of a party out.
type keepsMoney lending.PartyID

func (f keepsMoney) Fenced(_ *lending.Tx, p lending.PartyID, a lending.Act) (bool, error) {
	return p == lending.PartyID(f) && a == lending.ActWithdraw, nil
}

// A claim put behind others gives away what its holder has: who is frozen, or whose money is kept together, no
// more does it than take money out.
func TestSubordinateAsksTheHoldersStanding(t *testing.T) {
	p := rich()
	p.Transfers.ByRank = true
	w := newWorld(t, lending.Config{Parts: []lending.Part{{Fences: []lending.Fence{keepsMoney("eve")}}}})
	w.register("ann", "bob", "eve")
	id := w.lent(p, 100_000, 4, "12% per year", "bob", "eve")
	behind := func(who lending.PartyID, lot int) error {
		return try(w, party(who), lending.Subordinate{Loan: id, Lot: lot, Rank: 1})
	}
	require.ErrorIs(t, behind("eve", 1), lending.ErrFenced)
	do(w, officer, lending.Freeze{Party: "bob"})
	require.ErrorIs(t, behind("bob", 0), lending.ErrState)
	require.False(t, w.loan(id).Ranked())
	do(w, officer, lending.Freeze{Party: "bob", Lift: true})
	require.NoError(t, behind("bob", 0))
}
