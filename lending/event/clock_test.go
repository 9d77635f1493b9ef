package event_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// TestAdversarialClock lets the clock jump anywhere. The audit times of a stream never go back,
// never run ahead of the latest time the clock showed, and decide nothing.
func TestAdversarialClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		var latest time.Time
		clock := func() time.Time {
			now := time.Unix(rapid.Int64Range(-1e9, 1e9).Draw(t, "now"), 0)
			if now.After(latest) {
				latest = now
			}
			return now
		}
		jumping, still := memory.NewStore(), memory.NewStore()
		states := rapid.SampledFrom([]int{0, 1, 1000}).Draw(t, "states")
		g, h := event.NewEngine(jumping, clock, states), event.NewEngine(still, nil, states)
		w := world{balances: map[string]int64{}}
		last := map[string]time.Time{}
		for range rapid.IntRange(1, 30).Draw(t, "commands") {
			x := w.draw(t)
			got, err := x.do(ctx, g)
			want, err2 := x.do(ctx, h)
			if d := diff(want, got); d != "" || errors.Is(err, errShort) != errors.Is(err2, errShort) {
				t.Fatalf("with and without a clock: %v, %v\n%s", err, err2, d)
			}
			for _, id := range owners {
				sl, err := jumping.Load(ctx, event.Cursor{Stream: accounts.Ref(id).Stream()})
				if err != nil {
					t.Fatal(err)
				}
				if sl[0].At.Before(last[id]) || sl[0].At.After(latest) {
					t.Fatalf("%s went from %v to %v, clock %v", id, last[id], sl[0].At, latest)
				}
				last[id] = sl[0].At
			}
		}
		if dumpOf(t, jumping) != dumpOf(t, still) {
			t.Fatal("the clock changed what is stored")
		}
	})
}
