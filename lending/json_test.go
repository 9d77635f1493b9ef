package lending_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
)

// A host that writes what it follows as JSON can: every event that happens, the state of every loan, and
// what it configures.
func TestEverythingFollowedIsJSON(t *testing.T) {
	w := newWorld(t, lending.Config{Parts: []lending.Part{toyPart()}, Chunk: 1,
		Parties: lending.PartyRules{DormantAfterDays: 365}})
	life(w)
	all, _ := w.followAll(0, 1000)
	for _, h := range all {
		_, err := json.Marshal(h.Event)
		require.NoError(t, err, "%T", h.Event)
	}
	r := w.reports()
	for _, id := range r.Loans() {
		_, err := json.Marshal(r.Loan(id))
		require.NoError(t, err)
	}
	q, err := w.desk.Queue(context.Background(), "retail")
	require.NoError(t, err)
	for _, v := range []any{r.Listings(0), r.Portfolio("bob", cny), r.Statements("ann"), q.Rules(),
		lending.Mandate{}, lending.Apply{}, lending.PlaceBid{}, lending.Approve{}, lending.PartyRules{}, lending.Limits{}} {
		_, err := json.Marshal(v)
		require.NoError(t, err, "%T", v)
	}
	p := standard()
	text, err := json.Marshal(p)
	require.NoError(t, err)
	var back lending.Product
	require.NoError(t, json.Unmarshal(text, &back), "%s", text)
	var rules lending.QueueRules
	text2, err := json.Marshal(q.Rules())
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text2, &rules))
	require.Equal(t, q.Rules(), rules)
	for s := lending.StateApplied; s <= lending.StateLapsed; s++ {
		name, _ := s.MarshalText()
		var back lending.State
		require.NoError(t, back.UnmarshalText(name))
		require.Equal(t, s, back)
	}
	require.ErrorIs(t, new(lending.TurnPolicy).UnmarshalText([]byte("")), lending.ErrTerms)
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.JSONEq(t, string(text), string(again))
	require.NoError(t, back.Validate())
}
