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

// TestAgendaModel sets dates in any order, in one commit of many or in many of one, and compares
// each page with a scan over all.
func TestAgendaModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, dates, heads, n := memory.NewStore(), map[string]civil.Date{}, map[string]event.Version{}, 0
		ids := rapid.SampledFrom([]int{3, 40, 2000}).Draw(t, "ids")
		t.Repeat(map[string]func(*rapid.T){
			"wake": func(t *rapid.T) {
				n++
				c := event.Commit{Key: fmt.Sprint(n)}
				for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, ids), 1, 300, rapid.ID).Draw(t, "i") {
					a := write(loan(fmt.Sprint(i)), heads[fmt.Sprint(i)], "x")
					if on := rapid.IntRange(-1, 4).Draw(t, "on"); on >= 0 {
						a.Wake = leap.AddDays(on)
					}
					dates[a.Stream.ID] = a.Wake
					heads[a.Stream.ID]++
					c.Appends = append(c.Appends, a)
					if len(c.Appends) > ids/2 {
						break
					}
				}
				if _, err := s.Commit(ctx, c); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				on := leap.AddDays(rapid.IntRange(-1, 5).Draw(t, "today"))
				after := fmt.Sprint(rapid.IntRange(0, ids).Draw(t, "after"))
				limit := rapid.IntRange(0, 600).Draw(t, "limit")
				var want []string
				for _, id := range slices.Sorted(maps.Keys(dates)) {
					if d := dates[id]; id > after && !d.IsZero() && !d.After(on) && len(want) < limit {
						want = append(want, id)
					}
				}
				got, err := s.Awake(ctx, "loan", on, after, limit)
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
					t.Fatalf("awake on %s after %s: %v\n%s", on, after, err, d)
				}
			},
		})
	})
}

type waiting struct {
	id  string
	due time.Time
}

// TestOutboxModel sends, settles and puts off messages and compares what is due with a sorted list.
func TestOutboxModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := memory.NewStore(), event.Version(0)
		var model []*waiting // in commit order; a settled one has no id
		at := func(t *rapid.T) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hour")) * time.Hour)
		}
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) {
				c := event.Commit{Key: fmt.Sprint(n), Appends: []event.Append{write(loan("a"), n, "x")}}
				n++
				for range rapid.IntRange(0, 200).Draw(t, "messages") {
					w := &waiting{fmt.Sprint(len(model)), at(t)}
					model = append(model, w)
					c.Outbox = append(c.Outbox, event.Message{ID: w.id, Due: w.due})
				}
				if _, err := s.Commit(ctx, c); err != nil {
					t.Fatal(err)
				}
			},
			"settle": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip("nothing was sent")
				}
				i := rapid.IntRange(0, len(model)-1).Draw(t, "i")
				var retry time.Time
				if rapid.Bool().Draw(t, "retry") {
					retry = at(t)
				}
				if err := s.Settle(ctx, fmt.Sprint(i), retry); err != nil {
					t.Fatal(err)
				}
				if retry.IsZero() {
					model[i].id = ""
				}
				model[i].due = retry
			},
			"": func(t *rapid.T) {
				now, limit := at(t), rapid.IntRange(0, 400).Draw(t, "limit")
				sorted := slices.DeleteFunc(slices.Clone(model), func(w *waiting) bool {
					return w.id == "" || w.due.After(now)
				})
				slices.SortStableFunc(sorted, func(a, b *waiting) int { return a.due.Compare(b.due) })
				var want, got []string
				for _, w := range sorted[:min(limit, len(sorted))] {
					want = append(want, w.id)
				}
				ms, err := s.Due(ctx, now, limit)
				for _, m := range ms {
					got = append(got, m.ID)
				}
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
					t.Fatalf("due %s: %v\n%s", now, err, d)
				}
			},
		})
	})
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
