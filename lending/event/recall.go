package event

import (
	"context"
	"errors"
	"fmt"
)

// Recall returns the outcome that a key has recorded on a stream, and whether there is one, without
// looking at the content of the command: a caller who is about to ask somebody outside for that
// content learns here that it was asked for before. A key that was used for something else is
// refused with [ErrKeyReused]; the other errors are those of [Do].
func Recall[S any, E Of[S]](ctx context.Context, g *Engine, key string, home Ref[S]) (E, bool, error) {
	var zero E
	if err := checkName("key", key, MaxKey, true); err != nil {
		return zero, false, err
	}
	rc, _, err := g.store.Find(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return zero, false, nil
	}
	if err != nil {
		return zero, false, &UnknownError{"find", err}
	}
	if rc.Home.Stream != home.Stream() || rc.Home.After == 0 {
		return zero, false, fmt.Errorf("%w: %s", ErrKeyReused, key)
	}
	r, err := g.record(ctx, home.Stream(), rc.Home.After)
	if err != nil {
		return zero, false, err
	}
	v, err := home.Kind.Decode(r)
	if err != nil {
		return zero, false, err
	}
	ev, ok := v.(E)
	if !ok {
		return zero, false, fmt.Errorf("%w: %s", ErrKeyReused, key)
	}
	return ev, true, nil
}
