package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/transfer"
)

// bans are rules that keep parties from placing orders, as a regulation of later does.
type bans map[lending.ActorID]bool

func (b bans) Check(t *lending.Tx, command any) ([]lending.Warning, error) {
	if _, places := command.(transfer.PlaceOrder); places && b[t.Actor.ID] {
		return nil, &lending.RuleError{Rule: "no-claims", Why: "may buy no claims"}
	}
	return nil, nil
}

// An order of before a ban is not filled after it: its buyer is asked about anew, the others go on, and the
// board says why. When the ban is lifted, it is filled.
func TestOrdersAreAskedAboutAnew(t *testing.T) {
	law := bans{}
	w := newWorld(t, lending.Config{Parts: []lending.Part{transfer.Part()}, Rules: law}, traders...)
	do(w, officer, transfer.DefineMarket{Market: "m", Terms: freeMarket()})
	id := w.lent(standard(), 12, "12% per year", map[lending.PartyID]int64{"bob": 10_000_00})
	for _, p := range []lending.PartyID{"zoe", "kim", "dan", "eve"} {
		w.order(p, id, lending.Million, 100_00)
	}
	law["zoe"] = true
	do(w, officer, lending.Freeze{Party: "kim"})
	do(w, party("dan"), lending.Exclude{Until: w.day.AddDays(7)})
	w.sell("bob", id, 1_000_00, lending.Million)
	e := do(w, timer, transfer.MatchOrders{Loan: id})
	require.Equal(t, []transfer.Passed{{Order: 1, Refused: "rule-no-claims"}, {Order: 2, Refused: "wrong-state"}, {Order: 3, Refused: "wrong-state"}}, e.Passed)
	require.Len(t, e.Sales, 1)
	require.Equal(t, lending.PartyID("eve"), e.Sales[0].Buyer)
	require.Equal(t, lending.Code("rule-no-claims"), w.board(id).Orders[0].Refused)
	require.Equal(t, int64(100_00), w.wallet("zoe").HeldTotal())
	e = do(w, timer, transfer.MatchOrders{Loan: id})
	require.Empty(t, e.Sales)
	require.Empty(t, e.Passed, "it is told when the reason changes")

	delete(law, "zoe")
	e = do(w, timer, transfer.MatchOrders{Loan: id})
	require.Equal(t, []transfer.Passed{{Order: 1}}, e.Passed)
	require.Len(t, e.Sales, 1)
	require.Equal(t, lending.PartyID("zoe"), e.Sales[0].Buyer)
	require.Len(t, w.board(id).Orders, 2)
	w.reports()
}
