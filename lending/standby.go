package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// FeeCalled stands on a loan when a fee that its product holds in readiness ([Fee.Standby]) is charged from
// now on, or is no longer. What was paid before is not booked anew any more.
type FeeCalled struct {
	Fee Code
	Off bool
	On  civil.Date
}

// Type implements event.Of.
func (FeeCalled) Type() string { return "fee-called" }

// Apply implements event.Of.
func (e FeeCalled) Apply(l *Loan) {
	l.fence(e.On)
	l.Called = slices.DeleteFunc(slices.Clone(l.Called), func(c Code) bool { return c == e.Fee })
	if !e.Off {
		l.Called = append(l.Called, e.Fee)
	}
}

// Code implements event.Coder.
func (e *FeeCalled) Code(c *event.Codec) {
	event.Text(c, &e.Fee)
	c.Bool(&e.Off)
	c.Date(&e.On)
}

// CallFee has the fees that a loan's product holds in readiness for a party ([Fee.Standby]) be charged from
// now on, or no longer. It is how a provision fund redirects interest that was agreed to be redirected.
// It refuses a loan that is not running, or whose product has no such fee ([ErrTerms]), and does nothing
// where that is so already.
func (t *Tx) CallFee(id LoanID, party PartyID, off bool) error {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return err
	}
	if err := l.in(id, StateActive, StateWrittenOff); err != nil {
		return err
	}
	if err := t.Finished(l); err != nil {
		return err
	}
	found := false
	for _, f := range l.Product.feesAt(AtPayout) {
		if !f.Standby || f.Party != party {
			continue
		}
		found = true
		if slices.Contains(l.Called, f.ID) != off {
			continue
		}
		if err := event.Write(t.Tx, LoanRef(id), FeeCalled{f.ID, off, t.On}); err != nil {
			return err
		}
	}
	if !found {
		return &Error{ErrTerms, "loan " + string(id), "its product holds no fee for " + string(party) + " in readiness"}
	}
	return nil
}

// idle reports whether a fee is held in readiness and not charged now.
func (l *Loan) idle(f *Fee) bool { return f.Standby && !slices.Contains(l.Called, f.ID) }
