package event_test

import (
	"context"
	"errors"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// downStore cannot be asked about keys.
type downStore struct{ *memory.Store }

func (downStore) Find(context.Context, string) (event.Receipt, event.Hash, error) {
	return event.Receipt{}, event.Hash{}, errors.New("down")
}

// A key's outcome is found on its own stream and as its own type, and nowhere else.
func TestRecall(t *testing.T) {
	ctx, store := context.Background(), memory.NewStore()
	g := event.NewEngine(store, nil, 0)
	ann, bob := accounts.Ref("ann"), accounts.Ref("bob")
	if _, found, err := event.Recall[account, moved](ctx, g, "k", ann); found || err != nil {
		t.Fatalf("before: %t, %v", found, err)
	}
	for i, key := range []string{"first", "k", "last"} {
		_, err := event.Do(ctx, g, event.Command{Key: key}, ann, func(*event.Tx, *account) (moved, error) {
			return moved{Amount: int64(i) + 5}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	e, found, err := event.Recall[account, moved](ctx, g, "k", ann)
	if err != nil || !found || e.Amount != 6 {
		t.Errorf("%+v, %t, %v", e, found, err)
	}
	if _, found, err := event.Recall[account, moved](ctx, g, "k", bob); found || !errors.Is(err, event.ErrKeyReused) {
		t.Errorf("on another stream: %t, %v", found, err)
	}
	if _, found, err := event.Recall[account, numbered](ctx, g, "k", ann); found || !errors.Is(err, event.ErrKeyReused) {
		t.Errorf("as another type: %t, %v", found, err)
	}
	if _, _, err := event.Recall[account, moved](ctx, g, "", ann); !errors.Is(err, event.ErrBadName) {
		t.Errorf("no key: %v", err)
	}
	down := event.NewEngine(downStore{store}, nil, 0)
	if _, found, err := event.Recall[account, moved](ctx, down, "k", ann); found || !errors.Is(err, event.ErrUnknown) {
		t.Errorf("store down: %t, %v", found, err)
	}
}
