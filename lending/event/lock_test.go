package event_test

import (
	"context"
	"errors"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

func TestCancelWhileWaiting(t *testing.T) {
	g := event.NewEngine(memory.NewStore(), nil, 0)
	inside, leave, left := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := event.Do(t.Context(), g, event.Command{Key: "k1"}, accounts.Ref("a"),
			func(*event.Tx, *account) (moved, error) {
				close(inside)
				<-leave
				return moved{Amount: 1}, nil
			})
		left <- err
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := transfer{Key: "k2", From: "a", To: "b"}.do(ctx, g)
	if !errors.Is(err, event.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	close(leave)
	if err := <-left; err != nil {
		t.Fatal(err)
	}
	pay(t, g, "k3", "a", 1) // the lock is free again
	if _, err := (transfer{Key: "k2", From: "a", To: "b", Amount: 2}).do(t.Context(), g); err != nil {
		t.Error(err)
	}
}

// TestCancelWhileWaitingForMany cancels a command that lost a race, holds its first stream and
// waits for its second.
func TestCancelWhileWaitingForMany(t *testing.T) {
	s := &hooked{Store: memory.NewStore()}
	g := event.NewEngine(s, nil, 0)
	pay(t, g, "p", "a", 10)
	ctx, cancel := context.WithCancel(t.Context())
	leave, left := make(chan struct{}), make(chan error)
	s.commit = func(event.Commit, func() (event.Receipt, error)) (event.Receipt, error) {
		s.commit = nil
		inside := make(chan struct{})
		go func() {
			_, err := event.Do(t.Context(), g, event.Command{Key: "k1"}, accounts.Ref("b"),
				func(*event.Tx, *account) (moved, error) {
					close(inside)
					<-leave
					return moved{}, nil
				})
			left <- err
		}()
		<-inside
		cancel()
		return event.Receipt{}, &event.ConflictError{}
	}
	x := transfer{Key: "k2", From: "a", To: "b", Amount: 1}
	if _, err := x.do(ctx, g); !errors.Is(err, event.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	close(leave)
	if err := <-left; err != nil {
		t.Error(err)
	}
	if n := event.Locked(g); n != 0 {
		t.Fatalf("%d streams are still locked", n)
	}
	if _, err := x.do(t.Context(), g); err != nil || balance(t, g, "b") != 1 {
		t.Errorf("resent: %v", err)
	}
}
