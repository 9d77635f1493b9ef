package lending_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// The pure door: a decision over states that the caller supplies, without the engine. What it
// writes is the commit that the engine would have made, and a store takes it.
func TestPureDoor(t *testing.T) {
	w := newWorld(t, lending.Config{})
	w.register("bob")
	ctx, m := context.Background(), w.meta(bank)
	c := lending.Deposit{Party: "bob", Amount: amt(1000, cny)}
	home := c.Home(m)
	tx := event.NewTx()
	tx.Supply(home.Stream(), event.Slice{})
	var got lending.MoneyReceived
	for range 9 {
		p, err := event.Read(tx, home)
		require.NoError(t, err)
		got, err = lending.Decide(lending.NewTx(tx, w.desk, m, c), p, c)
		want := tx.Wanted()
		if len(want) == 0 {
			require.NoError(t, err)
			break
		}
		for _, s := range want {
			sl, err := w.store.Load(ctx, event.Cursor{Stream: s})
			require.NoError(t, err)
			tx.Supply(s, sl[0])
		}
	}
	require.Equal(t, c.Amount, got.Amount)
	require.Zero(t, w.wallet("bob", cny).Available, "nothing is stored yet")
	require.NoError(t, event.Write(tx, home, got))
	_, err := w.store.Commit(ctx, tx.Commit(m.Key, event.Hash{}, home.Stream(), time.Time{}))
	require.NoError(t, err)
	require.Equal(t, int64(1000), w.wallet("bob", cny).Available)
	w.reports()
}
