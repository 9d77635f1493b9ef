package event_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/memory"
)

// BenchmarkDo is a command on one stream, engine and memory store included.
func BenchmarkDo(b *testing.B) {
	for _, states := range []int{0, 1} {
		b.Run("states "+strconv.Itoa(states), func(b *testing.B) {
			g, n := event.NewEngine(memory.NewStore(), nil, states), 0
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				n++
				id := "a"
				if states == 0 {
					id = strconv.Itoa(n) // without cached states a long stream is folded each time
				}
				_, err := event.Do(ctx, g, event.Command{Key: strconv.Itoa(n)}, counters.Ref(id),
					func(*event.Tx, *counter) (added, error) { return added{1}, nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFold is one record decoded and applied, the chain not verified: a few fixed fields, and
// some 40 bytes with a text and a list, which the state keeps.
func BenchmarkFold(b *testing.B) {
	full := moved{Amount: 123_456, After: 7_654_321, Tag: "a-key-of-some-length",
		Parts: []int64{1000, 2000, 3000}}
	for name, e := range map[string]moved{"fixed": {Amount: 123_456, After: 7_654_321}, "full": full} {
		b.Run(name, func(b *testing.B) {
			r := event.Record{Type: "moved", Data: event.Encode(nil, 1, &e)}
			records := slices.Repeat([]event.Record{r}, 1000)
			ref := accounts.Ref("a")
			b.ReportAllocs()
			for b.Loop() {
				tx := event.NewTx()
				tx.Supply(ref.Stream(), event.Slice{Head: 1000, Records: records})
				if _, err := event.Read(tx, ref); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/event")
		})
	}
}

// BenchmarkVerify is the chain over records of about 40 bytes.
func BenchmarkVerify(b *testing.B) {
	s := accounts.Ref("a").Stream()
	sl := event.Slice{Hash: event.Root(s)}
	for range 1000 {
		sl.Hash = event.Chain(sl.Hash, "moved", make([]byte, 40))
		sl.Records = append(sl.Records, event.Record{Type: "moved", Data: make([]byte, 40),
			Hash: sl.Hash})
		sl.Head++
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := event.Verify(s, 0, event.Hash{}, sl); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/event")
}
