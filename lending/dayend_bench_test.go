package lending_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// BenchmarkDayEnd brings books of active loans up to a date on which some of them are past their
// grace: what it costs is to grow with those, not with the book. No loan that is due is in the
// desk's cache, each is folded from its records.
func BenchmarkDayEnd(b *testing.B) {
	for _, x := range []struct {
		name      string
		loans, of int // one loan in so many is due
	}{
		{"loans=100000/due=1%", 100_000, 100},
		{"loans=100000/due=10%", 100_000, 10},
		{"loans=10000/due=10%", 10_000, 10},
	} {
		b.Run(x.name, func(b *testing.B) {
			var w *world
			due, day := x.loans/x.of, x.of
			b.ReportAllocs()
			for b.Loop() {
				if day == x.of { // everybody was due once
					b.StopTimer()
					w, day = lentBook(b, x.loans, x.of), 0
					runtime.GC()
					b.StartTimer()
				}
				n, err := w.desk.DayEnd(context.Background(), w.day.AddDays(day))
				if err != nil || n != due {
					b.Fatalf("woke %d, want %d: %v", n, due, err)
				}
				day++
			}
			loans := float64(b.N) * float64(due)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/loans, "ns/due-loan")
		})
	}
}

// original is the stream of an active loan that nobody has repaid, and the day on which it has work.
type original struct {
	id      lending.LoanID
	records []event.Record
	wakes   civil.Date
}

// originals are a hundred loans of one payment, each made by the desk and paid out a day after the one before.
var originals = sync.OnceValue(func() (all []original) {
	w := newWorld(panicker{}, lending.Config{})
	w.register("ann", "bob", "eve")
	terms := rich()
	terms.Every = schedule.Days(30)
	for range 100 {
		id := w.lent(terms, 1_000_000, 1, "12% per year", "bob", "eve")
		slices, err := w.store.Load(context.Background(), event.Cursor{Stream: lending.LoanRef(id).Stream()})
		require.NoError(w.t, err)
		all = append(all, original{id, slices[0].Records, w.wakes(id)})
		w.day = w.day.AddDays(1)
	}
	return all
})

// wakes is the day on which a loan has work next.
func (w *world) wakes(id lending.LoanID) civil.Date {
	for on := w.day; ; on = on.AddDays(1) {
		require.Less(w.t, on.Sub(w.day), 100)
		ids, err := w.store.Awake(context.Background(), "loan", on, "", 1000)
		require.NoError(w.t, err)
		for _, awake := range ids {
			if awake == string(id) {
				return on
			}
		}
	}
}

// lentBook is a world with so many active loans, of which one in so many has work on its day, and
// as many on each day that follows.
func lentBook(t require.TestingT, loans, days int) *world {
	w := newWorld(t, lending.Config{})
	for i := range loans {
		require.NoError(t, originals()[i%days].copyTo(w.store, i))
	}
	w.day = originals()[0].wakes
	return w
}

// copyTo stores the loan under another id of the same length.
func (o *original) copyTo(s *memory.Store, n int) error {
	id := fmt.Sprintf("%s%08d", o.id[:len(o.id)-8], n)
	stream := lending.LoanRef(lending.LoanID(id)).Stream()
	a := event.Append{Stream: stream, Records: make([]event.Record, len(o.records)), Wake: o.wakes}
	hash := event.Root(stream)
	for i, r := range o.records {
		r.Data = bytes.ReplaceAll(r.Data, []byte(o.id), []byte(id))
		hash = event.Chain(hash, r.Type, r.Data)
		r.Hash = hash
		a.Records[i] = r
	}
	_, err := s.Commit(context.Background(), event.Commit{Key: id, Appends: []event.Append{a}})
	return err
}

// panicker stands for a test where there is none.
type panicker struct{}

func (panicker) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panicker) FailNow()                          { panic("failed") }

// A copied loan is the one that it was copied from, under another name: each day wakes as many.
func TestCopiedLoan(t *testing.T) {
	w, ctx := lentBook(t, 12, 3), context.Background()
	ids, err := w.store.Awake(ctx, "loan", w.day.AddDays(2), "", 100)
	require.NoError(t, err)
	require.Len(t, ids, 12)
	for range 3 {
		n, err := w.desk.DayEnd(ctx, w.day)
		require.NoError(t, err)
		require.Equal(t, 4, n)
		w.day = w.day.AddDays(1)
	}
	for _, id := range ids {
		l := w.loan(lending.LoanID(id))
		require.Equal(t, id, string(l.ID))
		require.Equal(t, lending.StateActive, l.State)
		require.NoError(t, l.Check())
		require.Positive(t, l.Dues[0].Owed[lending.Penalty])
	}
}
