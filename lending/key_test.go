package lending_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Every key that the desk makes begins with ":", and nobody else can use one: neither by a command
// nor by what derives keys from his. The keys that were his own are free.
func TestKeysOfTheDesk(t *testing.T) {
	w := newWorld(t, lending.Config{Chunk: 1})
	w.register("ann", "bob", "eve")
	id := w.lent(standard(), 100_00, 1, "8% per year", "bob", "eve")
	w.repay(id, 50_00)
	w.day = w.day.AddMonths(2)
	w.dayEnd()
	kinds := map[string]bool{}
	var ours []string
	for pos := event.Position(0); ; {
		changes, next, err := w.store.Read(context.Background(), pos, 1000)
		require.NoError(t, err)
		if len(changes) == 0 {
			break
		}
		pos = next
		for _, c := range changes {
			if kind, _, own := strings.Cut(c.Key, "/"); own {
				require.True(t, strings.HasPrefix(kind, ":"), c.Key)
				if !kinds[kind] {
					ours = append(ours, c.Key)
				}
				kinds[kind] = true
			}
		}
	}
	require.Subset(t, kinds, map[string]bool{":payout": true, ":report": true}, "%v", kinds)
	ctx := context.Background()
	for _, key := range append(ours, ":", ":day/loan/x/1/0", ":anything") {
		m := w.meta(officer)
		m.Key = key
		_, err := lending.Do(ctx, w.desk, m, lending.Register{Party: "kim", Kind: lending.Person})
		require.ErrorIs(t, err, lending.ErrID, key)
		_, err = lending.Try(ctx, w.desk, m, lending.Register{Party: "kim", Kind: lending.Person})
		require.ErrorIs(t, err, lending.ErrID, key)
		_, err = w.desk.ClosePeriod(ctx, m, w.day.AddDays(-1))
		require.ErrorIs(t, err, lending.ErrID, key)
		m.Actor = timer
		_, err = w.desk.Fill(ctx, m, "m", id)
		require.ErrorIs(t, err, lending.ErrID, key)
		_, err = w.desk.AutoBid(ctx, m, "m", id)
		require.ErrorIs(t, err, lending.ErrID, key)
		m.Key = key[1:] + "x"
		_, err = lending.Try(ctx, w.desk, m, lending.OpenComplaint{Kind: lending.Complaint, From: "ann"})
		require.NotErrorIs(t, err, lending.ErrID, m.Key)
	}
}
