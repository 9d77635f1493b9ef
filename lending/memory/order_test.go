package memory_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

// TestAgendaModel sets dates in any order, of many streams in one commit, and compares each page
// with a scan over all.
func TestAgendaModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		t.Repeat(rapid.StateMachineActions(&agendaModel{
			store: memory.NewStore(),
			dates: map[string]civil.Date{},
			heads: map[string]event.Version{},
			most:  rapid.SampledFrom([]int{3, 40, 2000}).Draw(t, "most"),
		}))
	})
}

type agendaModel struct {
	store   *memory.Store
	dates   map[string]civil.Date
	heads   map[string]event.Version
	most    int
	commits int
}

// Wake gives some streams another date, or none.
func (m *agendaModel) Wake(t *rapid.T) {
	m.commits++
	c := event.Commit{Key: fmt.Sprint(m.commits)}
	some := rapid.SliceOfNDistinct(rapid.IntRange(0, m.most), m.most/10+1, min(m.most, 300), rapid.ID)
	for _, i := range some.Draw(t, "i") {
		id := fmt.Sprint(i)
		a := write(loan(id), m.heads[id], "x")
		if on := rapid.IntRange(-1, m.most).Draw(t, "on"); on >= 0 {
			a.Wake = leap.AddDays((on + 37*i) % m.most) // rapid likes the same few
		}
		m.dates[id] = a.Wake
		m.heads[id]++
		c.Appends = append(c.Appends, a)
	}
	if _, err := m.store.Commit(ctx, c); err != nil {
		t.Fatal(err)
	}
}

// Check compares one page.
func (m *agendaModel) Check(t *rapid.T) {
	if err := m.store.CheckOrders(); err != nil {
		t.Fatal(err)
	}
	on := leap.AddDays(rapid.IntRange(-1, m.most+1).Draw(t, "today"))
	after := fmt.Sprint(rapid.IntRange(0, m.most).Draw(t, "after"))
	limit := rapid.IntRange(0, 600).Draw(t, "limit")
	var want []string
	for _, id := range slices.Sorted(maps.Keys(m.dates)) {
		if d := m.dates[id]; id > after && !d.IsZero() && !d.After(on) && len(want) < limit {
			want = append(want, id)
		}
	}
	got, err := m.store.Awake(ctx, "loan", on, after, limit)
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Fatalf("awake on %s after %s: %v\n%s", on, after, err, d)
	}
}

// TestOutboxModel sends, settles and puts off messages and compares what is due with a sorted list.
func TestOutboxModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		t.Repeat(rapid.StateMachineActions(&outboxModel{store: memory.NewStore()}))
	})
}

type outboxModel struct {
	store   *memory.Store
	commits event.Version
	sent    []waiting // in commit order
}

type waiting struct {
	id      string
	due     time.Time
	settled bool
}

func anyHour(t *rapid.T) time.Time {
	return noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hour")) * time.Hour)
}

// Send commits new messages.
func (m *outboxModel) Send(t *rapid.T) {
	c := event.Commit{Key: fmt.Sprint(m.commits)}
	c.Appends = []event.Append{write(loan("a"), m.commits, "x")}
	m.commits++
	for range rapid.IntRange(0, 200).Draw(t, "messages") {
		w := waiting{id: fmt.Sprint(len(m.sent)), due: anyHour(t)}
		m.sent = append(m.sent, w)
		c.Outbox = append(c.Outbox, event.Message{ID: w.id, Due: w.due})
	}
	if _, err := m.store.Commit(ctx, c); err != nil {
		t.Fatal(err)
	}
}

// Settle ends a message or puts it off.
func (m *outboxModel) Settle(t *rapid.T) {
	if len(m.sent) == 0 {
		t.Skip("nothing was sent")
	}
	w := &m.sent[rapid.IntRange(0, len(m.sent)-1).Draw(t, "i")]
	var retry time.Time
	if rapid.Bool().Draw(t, "retry") {
		retry = anyHour(t)
	}
	if err := m.store.Settle(ctx, w.id, retry); err != nil {
		t.Fatal(err)
	}
	w.settled, w.due = w.settled || retry.IsZero(), retry
}

// Check compares what is due.
func (m *outboxModel) Check(t *rapid.T) {
	if err := m.store.CheckOrders(); err != nil {
		t.Fatal(err)
	}
	now, limit := anyHour(t), rapid.IntRange(0, 400).Draw(t, "limit")
	due := slices.DeleteFunc(slices.Clone(m.sent), func(w waiting) bool {
		return w.settled || w.due.After(now)
	})
	slices.SortStableFunc(due, func(a, b waiting) int { return a.due.Compare(b.due) })
	var want, got []string
	for _, w := range due[:min(limit, len(due))] {
		want = append(want, w.id)
	}
	ms, err := m.store.Due(ctx, now, limit)
	for _, msg := range ms {
		got = append(got, msg.ID)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Fatalf("due %s: %v\n%s", now, err, d)
	}
}

// fill commits streams with a wake date and a message each.
func fill(b *testing.B, n int) *memory.Store {
	b.Helper()
	s := memory.NewStore()
	for i := range n {
		a := write(loan(fmt.Sprintf("%07d", i*7919%n)), 0, "x")
		a.Wake = leap.AddDays(i % 30)
		c := event.Commit{Key: fmt.Sprint(i), Appends: []event.Append{a},
			Outbox: []event.Message{{ID: fmt.Sprint(i), Due: noon.AddDate(0, 0, i%30)}}}
		if _, err := s.Commit(ctx, c); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkAwake takes a page of 100 out of the middle of many streams that have a date.
func BenchmarkAwake(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		s := fill(b, n)
		b.Run(fmt.Sprintf("streams=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ids, err := s.Awake(ctx, "loan", leap, fmt.Sprintf("%07d", n/2), 10)
				if err != nil || len(ids) != 10 {
					b.Fatal(len(ids), err)
				}
			}
		})
	}
}

// BenchmarkDue settles one message and asks for the next ten.
func BenchmarkDue(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		s := fill(b, n)
		b.Run(fmt.Sprintf("messages=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ms, err := s.Due(ctx, noon.AddDate(9, 0, 0), 10)
				if err != nil || len(ms) != 10 {
					b.Fatal(len(ms), err)
				}
				if err := s.Settle(ctx, ms[0].ID, noon.AddDate(1, 0, 0)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
