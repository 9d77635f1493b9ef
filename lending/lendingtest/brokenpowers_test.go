package lendingtest_test

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

func (s *slowStore) post(ms []event.Message) {
	for _, m := range ms {
		i := slices.IndexFunc(s.msgs, func(o slowMessage) bool {
			return o.ID == m.ID && (s.bug != "forgets settled ids" || !o.settled)
		})
		if s.bug != "keeps the caller's message" {
			m.Data = slices.Clone(m.Data)
		}
		if i < 0 {
			s.msgs = append(s.msgs, slowMessage{Message: m})
		} else if s.bug == "repeated id replaces" {
			s.msgs[i].Message = m
		}
	}
}

func (s *slowStore) Due(_ context.Context, now time.Time, limit int) ([]event.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []event.Message
	for i := range s.msgs {
		m := s.msgs[i].Message
		late := m.Due.Before(now) || m.Due.Equal(now) && s.bug != "due is not due now"
		if s.msgs[i].settled || !late && s.bug != "due at once" {
			continue
		}
		if s.bug == "due settles" {
			s.msgs[i].settled = true
		}
		m.Data = slices.Clone(m.Data)
		out = append(out, m)
	}
	if s.bug != "due in commit order" {
		slices.SortStableFunc(out, func(a, b event.Message) int { return a.Due.Compare(b.Due) })
	}
	if s.bug == "due without limit" {
		return out, nil
	}
	return out[:min(limit, len(out))], nil
}

func (s *slowStore) Settle(_ context.Context, id string, retryAt time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.msgs {
		m := &s.msgs[i]
		if m.ID != id || m.settled && s.bug != "retry wakes the dead" {
			continue
		}
		m.settled = retryAt.IsZero() && s.bug != "never settles"
		if !retryAt.IsZero() && s.bug != "retry at once" {
			m.Due = retryAt
		}
		return nil
	}
	if s.bug == "settling nothing is an error" {
		return event.ErrNotFound
	}
	return nil
}

func (s *slowStore) Awake(
	_ context.Context, kind string, on civil.Date, after string, limit int,
) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dates := map[string]civil.Date{}
	for _, c := range s.log {
		for _, a := range c.Appends {
			guard := len(a.Records) == 0 && s.bug != "guard clears wake"
			kept := a.Wake.IsZero() && s.bug == "wake never cleared"
			if a.Stream.Kind == kind && !guard && !kept {
				dates[a.Stream.ID] = a.Wake
			}
		}
	}
	var ids []string
	for id, d := range dates {
		early := d.Before(on) || d == on && s.bug != "awake a day late"
		if !d.IsZero() && early && (id > after || s.bug == "awake from the start") {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		if s.bug == "awake by date" {
			return cmp.Or(dates[a].Compare(dates[b]), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	})
	return ids[:min(limit, len(ids))], nil
}

func (s *slowStore) Read(
	_ context.Context, after event.Position, limit int,
) ([]event.Change, event.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []event.Change
	heads := map[event.Stream]event.Version{}
	next, n := after, event.Position(0)
	for i, c := range s.log {
		for _, a := range c.Appends {
			for j, r := range a.Records {
				heads[a.Stream]++
				n++
				if s.bug == "feed by ticket" { // a sequence number taken before the commit stands
					n = event.Position(s.places[i]<<8 + j)
				}
				if n <= after || len(out) == limit {
					continue
				}
				out = append(out, event.Change{Stream: a.Stream, At: heads[a.Stream], Key: c.Key, Record: s.out(r)})
				next = n
			}
		}
	}
	if s.bug == "feed jumps" && len(out) > 0 {
		next = after + event.Position(limit)
	}
	return out, next, nil
}

func (s *slowStore) Snapshot(_ context.Context, name event.Stream) (event.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap, ok := s.snaps[name]
	if !ok && s.bug != "no snapshot is empty" {
		return snap, event.ErrNotFound
	}
	snap.Data = slices.Clone(snap.Data)
	return snap, nil
}

func (s *slowStore) KeepSnapshot(_ context.Context, name event.Stream, snap event.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.snaps[name]
	if snap.At < old.At && s.bug != "older snapshot wins" || ok && s.bug == "first snapshot wins" {
		return nil
	}
	if s.bug != "keeps the caller's snapshot" {
		snap.Data = slices.Clone(snap.Data)
	}
	s.snaps[name] = snap
	return nil
}
