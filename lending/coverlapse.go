package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CoverLapsed stands on a loan when a cover will not pay what it took on: it has defaulted, or was right to
// refuse. What it had promised is the lenders' loss again, and the layers behind it are asked anew, for
// that and for what they had promised, in the loan's next day-end.
type CoverLapsed struct {
	On         civil.Date
	Layer      int
	Instalment int
	Minor      int64 // promised and not paid
}

// Type implements event.Of.
func (CoverLapsed) Type() string { return "cover-lapsed" }

// Apply implements event.Of.
func (e CoverLapsed) Apply(l *Loan) {
	d := l.due(e.Instalment)
	if e.Layer < 0 || e.Layer >= len(d.Promised) {
		return
	}
	d.Promised[e.Layer] = max(0, d.Promised[e.Layer]-e.Minor)
	for behind := e.Layer + 1; behind < len(d.Promised); behind++ {
		d.Asked &^= 1 << behind
		d.Promised[behind] = 0
	}
	l.Stale = l.State == StateActive || l.State == StateWrittenOff
}

// Code implements event.Coder.
func (e *CoverLapsed) Code(c *event.Codec) {
	c.Date(&e.On)
	c.Count(&e.Layer)
	c.Count(&e.Instalment)
	c.Int(&e.Minor)
}

// Lapse takes back what a layer has promised of an instalment and not paid, but for what it keeps, and
// returns how much that was, in minor units. It writes nothing if that is nothing: the borrower has paid meanwhile, a new plan
// has no such instalment, or the loan is over.
func (t *Tx) Lapse(id LoanID, layer, instalment int, keep int64) (int64, error) {
	l, err := event.Read(t.Tx, LoanRef(id))
	if err != nil {
		return 0, err
	}
	if instalment < 0 || layer < 0 || layer >= len(l.Covers) {
		return 0, &Error{ErrUnknown, "loan " + string(id), "has no such instalment or layer"}
	}
	if instalment >= len(l.Dues) {
		return 0, nil
	}
	n := l.Dues[instalment].Promised[layer] - keep
	if n <= 0 || l.State != StateActive && l.State != StateWrittenOff {
		return 0, nil
	}
	return n, event.Write(t.Tx, LoanRef(id), CoverLapsed{t.On, layer, instalment, n})
}
