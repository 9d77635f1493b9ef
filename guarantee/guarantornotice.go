package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

var _ lending.Titled = guarantorCover("")

// GuarantorNotified stands on a guarantor when a claim that it covers was sold: it is the notice to the
// guarantor (债权转让通知), so that its cover goes with the claim (Civil Code 696).
type GuarantorNotified struct {
	Loan     lending.LoanID
	Units    int64 // of the loan's principal, minor units
	From, To lending.PartyID
	On       civil.Date
}

// Type implements event.Of.
func (GuarantorNotified) Type() string { return "notified" }

// Apply implements event.Of.
func (GuarantorNotified) Apply(*Guarantor) {}

// Code implements event.Coder.
func (e *GuarantorNotified) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Int(&e.Units)
	event.Text(c, &e.From)
	event.Text(c, &e.To)
	c.Date(&e.On)
}

// Assigned implements lending.Titled: the guarantor has notice of each sale in the commit that makes it. What
// passes by law or contract needs none.
func (v guarantorCover) Assigned(t *lending.Tx, l *lending.Loan, from lending.PartyID, a lending.Assignment) error {
	if a.Compelled {
		return nil
	}
	return event.Write(t.Tx, v.ref(), GuarantorNotified{l.ID, a.Units, from, a.To, t.On})
}
