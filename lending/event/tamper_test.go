package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// tampering names every way to change what a store returns; each changes at least one slice that
// has records after its first n, and none before.
var tampering = map[string]func(t *rapid.T, sl *event.Slice, i int){
	"flip type": func(t *rapid.T, sl *event.Slice, i int) {
		b := []byte(sl.Records[i].Type)
		flip(t, b)
		sl.Records[i].Type = string(b)
	},
	"flip data": func(t *rapid.T, sl *event.Slice, i int) { flip(t, sl.Records[i].Data) },
	"flip hash": func(t *rapid.T, sl *event.Slice, i int) { flip(t, sl.Records[i].Hash[:]) },
	"flip head": func(t *rapid.T, sl *event.Slice, _ int) { flip(t, sl.Hash[:]) },
	"delete": func(_ *rapid.T, sl *event.Slice, i int) {
		sl.Records = slices.Delete(sl.Records, i, i+1)
	},
	"delete densely": func(_ *rapid.T, sl *event.Slice, i int) {
		sl.Records = slices.Delete(sl.Records, i, i+1)
		sl.Head--
	},
	"truncate": func(_ *rapid.T, sl *event.Slice, i int) { sl.Records = sl.Records[:i] },
	"duplicate": func(_ *rapid.T, sl *event.Slice, i int) {
		sl.Records = slices.Insert(sl.Records, i, sl.Records[i])
		sl.Head++
	},
	"swap": func(_ *rapid.T, sl *event.Slice, i int) {
		j := (i + 1) % len(sl.Records)
		sl.Records[i], sl.Records[j] = sl.Records[j], sl.Records[i]
		if i == j || sl.Records[i].Hash == sl.Records[j].Hash {
			sl.Head++ // nothing to swap
		}
	},
	"cut data short": func(_ *rapid.T, sl *event.Slice, i int) {
		sl.Records[i].Data = sl.Records[i].Data[1:]
	},
	"move type into data": func(_ *rapid.T, sl *event.Slice, i int) {
		r := &sl.Records[i]
		r.Type, r.Data = r.Type[:1], append([]byte(r.Type[1:]), r.Data...)
	},
	"memo of it": func(_ *rapid.T, sl *event.Slice, i int) {
		sl.Records[i].Type = "~" + sl.Records[i].Type
	},
}

func flip(t *rapid.T, b []byte) {
	b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
}

// TestTamperedStreamIsRefused changes a stored stream in every way, for an engine that folds it
// from the start and for one that has an earlier state in its cache.
func TestTamperedStreamIsRefused(t *testing.T) {
	for name, change := range tampering {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { tamper(t, change) })
		})
	}
}

func tamper(t *rapid.T, change func(*rapid.T, *event.Slice, int)) {
	ctx := context.Background()
	s := &hooked{Store: memory.NewStore()}
	writer, g := event.NewEngine(s.Store, nil, 0), event.NewEngine(s, nil, 10)
	fill := func(from, n int) {
		for i := range n {
			x := transfer{Key: fmt.Sprint(from + i), From: "bank", To: "a", Amount: int64(i + 1)}
			if _, err := x.do(ctx, writer); err != nil {
				t.Fatal(err)
			}
		}
	}
	cached := rapid.IntRange(0, 5).Draw(t, "cached")
	fill(0, cached)
	if _, err := (transfer{From: "a", To: "b"}).try(ctx, g); err != nil {
		t.Fatal(err)
	}
	if cached > 0 { // a state is in the cache now, unless the try had to write to it
		_, err := event.Try(ctx, g, accounts.Ref("a"), refuse)
		if !errors.Is(err, errShort) {
			t.Fatal(err)
		}
	}
	fill(cached, rapid.IntRange(1, 5).Draw(t, "more"))
	s.load = func(_ []event.Cursor, next func() ([]event.Slice, error)) ([]event.Slice, error) {
		sl, err := next()
		if err == nil && len(sl[0].Records) > 0 {
			change(t, &sl[0], rapid.IntRange(0, len(sl[0].Records)-1).Draw(t, "record"))
		}
		return sl, err
	}
	_, errTry := event.Try(ctx, g, accounts.Ref("a"), refuse) // from the cache
	_, errDo := event.Do(ctx, g, event.Command{Key: "k"}, accounts.Ref("a"), refuse)
	_, _, errView := event.View(ctx, g, accounts.Ref("a"))
	for _, err := range []error{errTry, errDo, errView} {
		var corrupt *event.CorruptError
		if !errors.As(err, &corrupt) || corrupt.Stream != accounts.Ref("a").Stream() {
			t.Fatalf("try %v, do %v, view %v", errTry, errDo, errView)
		}
	}
	s.load = nil
	if _, err := event.Try(ctx, g, accounts.Ref("a"), refuse); !errors.Is(err, errShort) {
		t.Fatalf("the stream is whole again: %v", err)
	}
}

func refuse(*event.Tx, *account) (moved, error) { return moved{}, errShort }

// TestRollbackIsRefused: a stream that lost its last records looks whole to a new engine, but not
// to one that has seen them.
func TestRollbackIsRefused(t *testing.T) {
	s := &hooked{Store: memory.NewStore()}
	g := event.NewEngine(s, nil, 10)
	for i := range 5 {
		pay(t, g, fmt.Sprint(i), "a", 1)
	}
	for _, lost := range []event.Version{1, 5} {
		old := event.Cursor{Stream: accounts.Ref("a").Stream()}
		all, err := s.Store.Load(t.Context(), old)
		if err != nil {
			t.Fatal(err)
		}
		sl := event.Slice{Head: 5 - lost}
		if sl.Head > 0 {
			sl.Hash = all[0].Records[sl.Head-1].Hash
		}
		s.load = func([]event.Cursor, func() ([]event.Slice, error)) ([]event.Slice, error) {
			return []event.Slice{sl}, nil
		}
		if _, err := event.Try(t.Context(), g, accounts.Ref("a"), refuse); !errors.Is(err,
			event.ErrCorrupt) {
			t.Errorf("%d records lost: %v", lost, err)
		}
		s.load = nil
		if _, err := event.Try(t.Context(), g, accounts.Ref("a"), refuse); !errors.Is(err, errShort) {
			t.Error(err)
		}
	}
}

// TestTamperedOutcomeIsRefused changes the record that a retry reads back.
func TestTamperedOutcomeIsRefused(t *testing.T) {
	for _, nth := range []int{0, 1, 3} {
		for after := range 2 {
			s := &hooked{Store: memory.NewStore()}
			g := event.NewEngine(s, nil, 0)
			for i := range nth + after + 1 {
				pay(t, g, fmt.Sprint(i), "a", 1)
			}
			again := transfer{Key: fmt.Sprint(nth), From: "bank", To: "a", Amount: 1}
			if got, err := again.do(t.Context(), g); err != nil || got.Tag != again.Key {
				t.Fatalf("retry: %v, %v", got, err)
			}
			s.load = func(_ []event.Cursor, next func() ([]event.Slice, error)) ([]event.Slice, error) {
				sl, err := next()
				for _, r := range sl[0].Records {
					if strings.Contains(string(r.Data), again.Key) {
						r.Data[1] ^= 2 // the amount
					}
				}
				return sl, err
			}
			if got, err := again.do(t.Context(), g); !errors.Is(err, event.ErrCorrupt) {
				t.Errorf("command %d, %d after it: %+v, %v", nth, after, got, err)
			}
		}
	}
}

// TestLongTypes: the chain has one byte for the length of a type, so longer ones must not pass.
func TestLongTypes(t *testing.T) {
	var zero event.Hash
	data := make([]byte, 300)
	hash := event.Chain(event.Root(accounts.Ref("a").Stream()), "~entry", data)
	r := event.Record{Type: "~entry" + string(data[:256]), Data: data[256:], Hash: hash}
	sl := event.Slice{Head: 1, Hash: hash, Records: []event.Record{r}}
	if err := event.Verify(accounts.Ref("a").Stream(), 0, zero, sl); !errors.Is(err,
		event.ErrCorrupt) {
		t.Errorf("256 bytes moved from the data to the type: %v", err)
	}
	g := event.NewEngine(memory.NewStore(), nil, 0)
	for _, name := range []string{"", strings.Repeat("n", 256), "a b"} {
		_, err := event.Do(t.Context(), g, event.Command{Key: "k"}, accounts.Ref("a"),
			func(tx *event.Tx, _ *account) (moved, error) {
				return moved{}, tx.Memo(accounts.Ref("a").Stream(), name, &moved{})
			})
		if !errors.Is(err, event.ErrBadName) {
			t.Errorf("memo of %d bytes: %v", len(name), err)
		}
	}
}

// TestSwappedStreams: the whole history of one stream under another's name is refused.
func TestSwappedStreams(t *testing.T) {
	a, b := accounts.Ref("a").Stream(), accounts.Ref("b").Stream()
	data := event.Encode(nil, 1, &moved{Amount: 10})
	hash := event.Chain(event.Root(a), "moved", data)
	sl := event.Slice{Head: 1, Hash: hash, Records: []event.Record{{Type: "moved", Data: data, Hash: hash}}}
	if err := event.Verify(a, 0, event.Hash{}, sl); err != nil {
		t.Error(err)
	}
	if err := event.Verify(b, 0, event.Hash{}, sl); !errors.Is(err, event.ErrCorrupt) {
		t.Errorf("a's records under b's name: %v", err)
	}
}
