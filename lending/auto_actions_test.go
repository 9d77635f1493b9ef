package lending_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

func (m *machine) queue(w *twin, c money.Currency) *lending.Queue {
	q, err := w.desk.Queue(context.Background(), lending.Code(c.Code()))
	if errors.Is(err, lending.ErrUnknown) {
		return new(lending.Queue) // before the machine has defined it
	}
	if err == nil {
		err = q.Check()
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return q
}

// orders switches an order of a party on, or off if it has one.
func (m *machine) orders(t *rapid.T) {
	p, c := m.party(t), draw(t, "currency", m.curs)
	market := lending.Code(c.Code())
	for o := range m.queue(m.desks[0], c).All() {
		if o.Lender == p {
			run(m, party(p), lending.SwitchOff{Market: market, Mandate: o.ID})
			return
		}
	}
	o := lending.Mandate{Min: 1, Max: minor(t, 50_000), Retain: rapid.Int64Range(0, 1000).Draw(t, "retain")}
	if rapid.Bool().Draw(t, "caps") {
		o.PerBorrower, o.Total, o.Spread = minor(t, 80_000), minor(t, 200_000), 3
	}
	run(m, party(p), lending.SwitchOn{Market: market, Mandate: o})
}

// auto fills an open loan on every desk, whatever their chunks, and once more with the same key.
func (m *machine) auto(t *rapid.T) {
	l := m.loan(t, lending.StateOpen)
	if l == nil {
		return
	}
	m.keys++
	meta := lending.Meta{Key: fmt.Sprintf("m%d", m.keys), Actor: timer, On: m.day}
	var first lending.QueueFilled
	var code string
	for i, w := range m.desks {
		f, err := w.desk.Fill(context.Background(), meta, lending.Code(l.Currency().Code()), l.ID)
		if i == 0 {
			first, code = f, lending.CodeOf(err)
		}
		same(t, "filled", code, lending.CodeOf(err))
		again, err := w.desk.Fill(context.Background(), meta, lending.Code(l.Currency().Code()), l.ID)
		same(t, "filled again", code, lending.CodeOf(err))
		if d := cmp.Diff([]any{first, first}, []any{f, again}, exported); d != "" {
			t.Fatalf("desk %d fills otherwise: %s", i, d)
		}
		w.advance(t)
	}
	m.counts[fmt.Sprintf("auto %s %t", code, len(first.Bids) > 0)]++
	m.settle()
}
