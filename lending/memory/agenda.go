package memory

import (
	"cmp"
	"context"

	"github.com/loanweave/loanweave/schedule/civil"
)

// agenda holds the streams of one kind that have a wake date, by id and weighed by that date.
type agenda = order[waking]

type waking struct {
	id string
	on civil.Date
}

func newAgenda() *agenda {
	return &agenda{
		compare: func(a, b waking) int { return cmp.Compare(a.id, b.id) },
		weight:  func(w waking) int32 { return w.on.Ordinal() },
	}
}

// wake replaces a stream's date on the agenda of its kind.
func (s *Store) wake(st *stream, on civil.Date) {
	if on == st.wake.on {
		return
	}
	a := s.agendas[st.name.Kind]
	if a == nil {
		a = newAgenda()
		s.agendas[st.name.Kind] = a
	}
	if !st.wake.on.IsZero() {
		a.drop(st.wake)
	}
	st.wake = waking{st.name.ID, on}
	if !on.IsZero() {
		a.add(st.wake)
	}
}

// Awake implements [event.Agenda].
func (s *Store) Awake(
	ctx context.Context, kind string, on civil.Date, after string, limit int,
) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.agendas[kind]
	if a == nil || limit <= 0 {
		return nil, nil
	}
	var ids []string
	a.walk(func(w waking) bool { return w.id <= after }, on.Ordinal(), func(w waking) bool {
		ids = append(ids, w.id)
		return len(ids) < limit
	})
	return ids, nil
}
