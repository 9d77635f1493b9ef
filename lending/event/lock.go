package event

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// locks hands out one lock a stream. They only spare conflicts: what is right is decided by the
// versions in the commit.
type locks struct {
	mu sync.Mutex
	at map[Stream]*lock
}

type lock struct {
	turn  chan struct{}
	users int
}

// acquire waits for every stream in a fixed order, so that two callers never wait for each other.
func (l *locks) acquire(ctx context.Context, ss ...Stream) (release func(), err error) {
	ss = slices.Clone(ss)
	slices.SortFunc(ss, func(a, b Stream) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	ss = slices.Compact(ss)
	for i, s := range ss {
		if err := l.one(ctx, s); err != nil {
			l.release(ss[:i])
			return nil, err
		}
	}
	return func() { l.release(ss) }, nil
}

func (l *locks) one(ctx context.Context, s Stream) error {
	l.mu.Lock()
	k := l.at[s]
	if k == nil {
		k = &lock{turn: make(chan struct{}, 1)}
		l.at[s] = k
	}
	k.users++
	l.mu.Unlock()
	select {
	case k.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		l.drop(s, k)
		return ctx.Err()
	}
}

func (l *locks) release(ss []Stream) {
	for _, s := range ss {
		l.mu.Lock()
		k := l.at[s]
		l.mu.Unlock()
		<-k.turn
		l.drop(s, k)
	}
}

func (l *locks) drop(s Stream, k *lock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.users--; k.users == 0 {
		delete(l.at, s)
	}
}
