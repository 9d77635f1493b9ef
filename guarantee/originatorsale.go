package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

var (
	_ lending.Titled     = originatorCover("")
	_ lending.Suspending = originatorCover("")
)

// Suspends implements lending.Suspending: nobody sells a claim on a loan of an originator that is not active.
func (v originatorCover) Suspends(t *lending.Tx, _ *lending.Loan) error {
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	return o.in(lending.PartyID(v), Active)
}

// Assigned implements lending.Titled. A loan that the originator has lent itself is sold on within its line,
// its deposit and its retained share (先放款后转让); nobody sells a claim on a loan of one that is not active.
// What passes by law or contract is not refused. Of what was past due while it held all, a buyback is demanded.
func (v originatorCover) Assigned(t *lending.Tx, l *lending.Loan, from lending.PartyID, a lending.Assignment) error {
	sold := from == lending.PartyID(v)
	if a.Compelled && !sold {
		return nil
	}
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	others, own := held(l, o.ID)
	if a.Compelled {
		return o.owe(t, l, others)
	}
	if err := o.in(lending.PartyID(v), Active); err != nil {
		return err
	}
	if !sold && a.To != o.ID {
		return nil
	}
	if sold {
		if err := o.limits(l, others, own); err != nil {
			return err
		}
	}
	if err := event.Write(t.Tx, v.ref(), ReferredMeasured{t.On, []Measured{{l.ID, others}}}); err != nil || !sold {
		return err
	}
	return o.owe(t, l, others)
}

// owe makes demands of what the originator has taken on without one, as it held the whole loan: others hold
// claims now.
func (o *Originator) owe(t *lending.Tx, l *lending.Loan, others int64) error {
	for layer, c := range l.Product.Covers {
		if c.Name != lending.Code(o.ID) {
			continue
		}
		for i := range l.Dues {
			key, minor := Key{l.ID, layer, i}, l.Dues[i].Promised[layer]
			if _, ok := o.Pending.Get(key); ok || minor == 0 {
				continue
			}
			_, due := o.buyBy(l, i, t.On)
			ev := RepurchaseDemanded{key, minor, t.On, due, others}
			if err := event.Write(t.Tx, OriginatorRef(o.ID), ev); err != nil {
				return err
			}
		}
	}
	return nil
}
