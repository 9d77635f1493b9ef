package lending_test

import (
	"testing"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// BenchmarkQueueFold reads a standing order from its record and puts it into a queue.
func BenchmarkQueueFold(b *testing.B) {
	const n = 10_000
	q, _ := crowd(b, n, lending.KeepsPlace)
	data := make([][]byte, 0, n)
	for m := range q.All() {
		data = append(data, event.Encode(nil, 1, &lending.MandateOn{Mandate: m}))
	}
	var m *lending.Market
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if i%n == 0 {
			m = new(lending.Market)
			lending.QueueDefined{Market: "retail", Rules: q.Rules()}.Apply(m)
		}
		var e lending.MandateOn
		if err := event.Decode(data[i%n], 1, &e); err != nil {
			b.Fatal(err)
		}
		e.Apply(m)
		i++
	}
}
