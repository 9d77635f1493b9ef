package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// What stands behind others is sold to who says that he knows it, and to no standing order; and what he bought
// stands behind as before: of a short payment the senior lot has its part first.
func TestClaimsAreSoldByRank(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	p := standard()
	p.ID, p.Transfers.ByRank = "ranked", true
	id := w.lent(p, 4, "12% per year", map[lending.PartyID]int64{"bob": 5_000_00, "eve": 5_000_00})
	do(w, party("eve"), lending.Subordinate{Loan: id, Lot: 1, Rank: 2})

	c := transfer.ListClaim{Market: "m", Loan: id, Lot: 1, Units: 4_000_00, Ask: transfer.Ask{PPM: lending.Million},
		Expires: w.day}
	require.ErrorIs(t, try(w, party("eve"), c), lending.ErrLimit, "its sale names the rank")
	c.Rank = 1
	require.ErrorIs(t, try(w, party("eve"), c), lending.ErrTerms)
	c.Rank = 3
	require.ErrorIs(t, try(w, party("eve"), c), transfer.ErrRank)
	c.Rank = 2
	short := c
	short.Tenor = transfer.Tenor{Days: 9, Failed: transfer.Extended}
	require.ErrorIs(t, try(w, party("eve"), short), transfer.ErrTenor)
	do(w, party("eve"), c)

	w.deposit("zoe", 9_000_00)
	w.deposit("kim", 9_000_00)
	do(w, party("kim"), transfer.PlaceOrder{Market: "m", Loan: id, PPM: lending.Million, Money: amt(1_000_00), Expires: w.day})
	require.Empty(t, do(w, timer, transfer.MatchOrders{Loan: id}).Sales, "an order is blind")
	buy := buying(id, w.quote(id, 1, 3_000_00))
	require.ErrorIs(t, try(w, party("zoe"), buy), transfer.ErrRank)
	buy.Rank = 2
	sale := do(w, party("zoe"), buy)
	require.Equal(t, 2, sale.Rank)
	require.Equal(t, int64(3_000_00), sale.Debit)
	lot := w.loan(id).Lots[2]
	require.Equal(t, lending.PartyID("zoe"), lot.Holder)
	require.Equal(t, 2, lot.Rank)

	w.day = w.loan(id).Plan.At(0).Due
	bob, zoe := w.wallet("bob").Available, w.wallet("zoe").Available
	half := w.loan(id).Plan.At(0).Total.Minor() / 2
	w.deposit("ann", half)
	do(w, party("ann"), lending.Repay{Loan: id, Amount: amt(half)})
	w.settle()
	interest := w.loan(id).Plan.At(0).Interest.Minor()
	require.Equal(t, half-interest/2, w.wallet("bob").Available-bob, "his interest, and all principal that came in")
	require.Equal(t, interest*3/10, w.wallet("zoe").Available-zoe, "her interest alone")
	w.reports()
}
