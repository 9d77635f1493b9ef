package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

var (
	_ lending.Raised = fundCover("")
	_ lending.Raised = guarantorCover("")
	_ lending.Raised = originatorCover("")
	_ lending.Raised = collateralCover("")
)

// Raised implements lending.Raised: what the fund covers of a loan is measured again if it has grown, so that
// what bounces after it was measured is not released.
func (v fundCover) Raised(t *lending.Tx, l *lending.Loan) error {
	f, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	was, ok := f.Covering(l.ID)
	is, err := f.covers(l)
	if err != nil || !ok || is <= was {
		return err
	}
	return event.Write(t.Tx, v.ref(), FundMeasured{t.On, []Measured{{l.ID, is}}})
}

// Raised implements lending.Raised: the exposure to a loan is measured again if it has grown.
func (v guarantorCover) Raised(t *lending.Tx, l *lending.Loan) error {
	g, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	was, ok := g.Engaged(l.ID)
	is, err := g.stands(l, v)
	if err != nil || !ok || is <= was {
		return err
	}
	return event.Write(t.Tx, v.ref(), GuarantorMeasured{t.On, []Measured{{l.ID, is}}})
}

// Raised implements lending.Raised: what others hold of a loan is measured again if it has grown.
func (v originatorCover) Raised(t *lending.Tx, l *lending.Loan) error {
	o, err := event.Read(t.Tx, v.ref())
	if err != nil {
		return err
	}
	was, ok := o.loans[l.ID]
	if is, _ := held(l, o.ID); ok && is > was {
		return event.Write(t.Tx, v.ref(), ReferredMeasured{t.On, []Measured{{l.ID, is}}})
	}
	return nil
}

// Raised implements lending.Raised: more may be owed than the things lend, so that a demand for more begins or grows.
func (collateralCover) Raised(t *lending.Tx, l *lending.Loan) error {
	c, err := event.Read(t.Tx, CollateralRef(l.ID))
	if err != nil {
		return err
	}
	u, err := c.next(l, t.On)
	if err != nil || u == c.TopUp {
		return err
	}
	return event.Write(t.Tx, CollateralRef(l.ID), TopUpReviewed{u, t.On, t.Actor.ID})
}
