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
// What passes by law or contract is not refused.
func (v originatorCover) Assigned(t *lending.Tx, l *lending.Loan, from lending.PartyID, a lending.Assignment) error {
	if a.Compelled {
		return nil
	}
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	if err := o.in(lending.PartyID(v), Active); err != nil {
		return err
	}
	if from != o.ID && a.To != o.ID {
		return nil
	}
	others, own := held(l, o.ID)
	if from == o.ID {
		if err := o.limits(l, others, own); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, v.ref(), ReferredMeasured{t.On, []Measured{{l.ID, others}}})
}
