package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

var (
	_ lending.Selling    = originatorCover("")
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

// MaySell implements lending.Selling. A loan that the originator has lent itself is sold on within its line,
// its deposit and its retained share (先放款后转让); nobody sells a claim on a loan of one that is not active.
func (v originatorCover) MaySell(t *lending.Tx, l *lending.Loan, from lending.PartyID, _ lending.Assignment) error {
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	if err := o.in(lending.PartyID(v), Active); err != nil || from != o.ID {
		return err
	}
	others, own := held(l, o.ID)
	return o.limits(l, others, own)
}

// Assigned implements lending.Titled: what others hold of a loan counts from the sale on by which they have it;
// what passes by law or contract is not measured here. Of what was past due while the originator held all, a
// buyback is demanded.
func (v originatorCover) Assigned(t *lending.Tx, l *lending.Loan, from lending.PartyID, a lending.Assignment) error {
	p := lending.PartyID(v)
	sold := from == p
	if !sold && (a.Compelled || a.To != p) {
		return nil
	}
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	others, _ := held(l, p)
	if !a.Compelled {
		err := event.Write(t.Tx, v.ref(), ReferredMeasured{t.On, []Measured{{l.ID, others}}})
		if err != nil || !sold {
			return err
		}
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
