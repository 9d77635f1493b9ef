package memory_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/lendingtest"
	"github.com/loanweave/loanweave/lending/memory"
	"github.com/loanweave/loanweave/schedule/civil"
)

var (
	ctx  = context.Background()
	noon = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	leap = civil.MustParse("2024-02-29")
)

func TestStore(t *testing.T) {
	lendingtest.StoreSuite(t, lendingtest.Stores{
		Open: func(*testing.T) event.Store { return memory.NewStore() },
	})
}

func loan(id string) event.Stream { return event.Stream{Kind: "loan", ID: id} }

// write is an append of one record.
func write(s event.Stream, expect event.Version, data string) event.Append {
	return event.Append{Stream: s, Expect: expect,
		Records: []event.Record{{Type: "t", Data: []byte(data)}}}
}

func TestStoreRefusesMalformed(t *testing.T) {
	guard := event.Append{Stream: loan("a")}
	for what, c := range map[string]event.Commit{
		"no key":       {Appends: []event.Append{write(loan("a"), 0, "x")}},
		"no appends":   {Key: "k"},
		"no outcome":   {Key: "k", Appends: []event.Append{guard, write(loan("b"), 0, "x")}},
		"stream twice": {Key: "k", Appends: []event.Append{write(loan("a"), 0, "x"), guard}},
	} {
		s := memory.NewStore()
		if _, err := s.Commit(ctx, c); !errors.Is(err, memory.ErrMalformed) {
			t.Errorf("%s: error %v, want ErrMalformed", what, err)
		}
		if _, _, err := s.Find(ctx, c.Key); !errors.Is(err, event.ErrNotFound) {
			t.Errorf("%s: key was taken: %v", what, err)
		}
	}
}

// At each limit a commit is stored; one byte or one stream more is ErrTooLarge.
func TestStoreLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("n", n) }
	for what, c := range map[string]struct {
		limit int
		make  func(n int) event.Commit
	}{
		"key": {event.MaxKey, func(n int) event.Commit {
			return event.Commit{Key: long(n), Appends: []event.Append{write(loan("a"), 0, "x")}}
		}},
		"id": {event.MaxID, func(n int) event.Commit {
			return event.Commit{Key: "k", Appends: []event.Append{write(loan(long(n)), 0, "x")}}
		}},
		"kind": {event.MaxID, func(n int) event.Commit {
			s := event.Stream{Kind: long(n), ID: "a"}
			return event.Commit{Key: "k", Appends: []event.Append{write(s, 0, "x")}}
		}},
		"record": {event.MaxRecord, func(n int) event.Commit {
			return event.Commit{Key: "k", Appends: []event.Append{write(loan("a"), 0, long(n))}}
		}},
		"appends": {event.MaxAppends, func(n int) event.Commit {
			c := event.Commit{Key: "k"}
			for i := range n {
				c.Appends = append(c.Appends, write(loan(fmt.Sprint(i)), 0, "x"))
			}
			return c
		}},
		"default bytes": {memory.DefaultMaxBytes - 7, func(n int) event.Commit {
			return event.Commit{Key: "k", Appends: []event.Append{write(loan("a"), 0, "")},
				Outbox: []event.Message{{ID: "m", Data: make([]byte, n-1)}}}
		}},
	} {
		if _, err := memory.NewStore().Commit(ctx, c.make(c.limit)); err != nil {
			t.Errorf("%s at the limit: %v", what, err)
		}
		_, err := memory.NewStore().Commit(ctx, c.make(c.limit+1))
		if !errors.Is(err, event.ErrTooLarge) {
			t.Errorf("%s over the limit: error %v, want ErrTooLarge", what, err)
		}
	}
}

func TestStoreMaxBytes(t *testing.T) {
	s := memory.NewStore()
	s.MaxBytes = len("k") + len("loan") + len("a") + len("t") + 20
	big := event.Commit{Key: "k",
		Appends: []event.Append{write(loan("a"), 0, strings.Repeat("x", 21))}}
	if _, err := s.Commit(ctx, big); !errors.Is(err, event.ErrTooLarge) {
		t.Errorf("21 bytes: error %v, want ErrTooLarge", err)
	}
	big.Appends[0].Records[0].Data = bytes.Repeat([]byte("x"), 20)
	if _, err := s.Commit(ctx, big); err != nil {
		t.Errorf("20 bytes: %v", err)
	}
}

// A context that is done stops every method before it does anything.
func TestStoreDone(t *testing.T) {
	done, cancel := context.WithCancel(ctx)
	cancel()
	s := memory.NewStore()
	_, _, find := s.Find(done, "k")
	_, load := s.Load(done)
	c := event.Commit{Key: "k", Appends: []event.Append{write(loan("a"), 0, "x")}}
	_, commit := s.Commit(done, c)
	_, due := s.Due(done, noon, 1)
	_, awake := s.Awake(done, "loan", leap, "", 1)
	_, _, read := s.Read(done, 0, 1)
	_, snap := s.Snapshot(done, loan("a"))
	for i, err := range []error{find, load, commit, due, s.Settle(done, "m", noon), awake, read, snap,
		s.KeepSnapshot(done, loan("a"), event.Snapshot{})} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("method %d: error %v", i, err)
		}
	}
	if _, _, err := s.Find(ctx, "k"); !errors.Is(err, event.ErrNotFound) {
		t.Errorf("cancelled commit: %v", err)
	}
}

// A snapshot of the same version replaces the one before: that one may be of an older encoding.
func TestSnapshotReplaced(t *testing.T) {
	s := memory.NewStore()
	for _, data := range []string{"old", "new"} {
		snap := event.Snapshot{At: 3, Data: []byte(data)}
		if err := s.KeepSnapshot(ctx, loan("a"), snap); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Snapshot(ctx, loan("a")); err != nil || string(got.Data) != "new" {
		t.Errorf("snapshot %q, %v, want the later one", got.Data, err)
	}
}

func ExampleStore() {
	s := memory.NewStore()
	a := event.Stream{Kind: "loan", ID: "L1"}
	c := event.Commit{Key: "publish-L1", Appends: []event.Append{{
		Stream:  a,
		Records: []event.Record{{Type: "published", Data: []byte("...")}},
		Wake:    civil.MustParse("2024-03-01"),
	}}}
	for range 2 { // sent twice, done once
		receipt, err := s.Commit(context.Background(), c)
		fmt.Println(receipt.Home.Stream, receipt.Home.After, receipt.Duplicate, err)
	}
	ids, err := s.Awake(context.Background(), "loan", civil.MustParse("2024-03-01"), "", 10)
	fmt.Println(ids, err)
	// Output:
	// loan/L1 1 false <nil>
	// loan/L1 1 true <nil>
	// [L1] <nil>
}

// record is as large as the events of a loan are.
var record = bytes.Repeat([]byte("x"), 40)

func BenchmarkCommit(b *testing.B) {
	for _, streams := range []int{1, 2, 51} {
		b.Run(fmt.Sprintf("streams=%d", streams), func(b *testing.B) {
			s := memory.NewStore()
			c := event.Commit{At: noon, Appends: make([]event.Append, streams)}
			for i := range c.Appends {
				c.Appends[i] = write(loan(fmt.Sprint(i)), 0, string(record))
				c.Appends[i].Wake = leap
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				c.Key = fmt.Sprint(n)
				if _, err := s.Commit(ctx, c); err != nil {
					b.Fatal(err)
				}
				for i := range c.Appends {
					c.Appends[i].Expect++
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, records := range []int{1, 36, 1000} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			s := memory.NewStore()
			a := event.Append{Stream: loan("a")}
			for range records {
				a.Records = append(a.Records, event.Record{Type: "t", Data: record})
			}
			if _, err := s.Commit(ctx, event.Commit{Key: "k", Appends: []event.Append{a}}); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Load(ctx, event.Cursor{Stream: a.Stream}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
