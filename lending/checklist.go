package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// Publishable refuses an approved loan that cannot be published on a date (发标审核), and reports
// everything that stands against it at once: documents missing ([*FileError]), conditions open
// ([*ConditionError]), the use of the money not stated ([ErrUse]), the borrower not visited where
// that is asked for ([ErrFieldVerification]). A loan of a product with a grade table got its grade by its
// approval.
func (l *Loan) Publishable(on civil.Date) error {
	return errors.Join(l.complete(BeforePublication, on), l.met(BeforePublication),
		l.Product.usable(l.Dossier.Use), l.visited(on))
}

// Payable refuses a reviewed loan that cannot be paid out on a date, and reports everything that
// stands against it at once: documents missing, conditions open, the contract not signed
// ([ErrContract]).
func (l *Loan) Payable(on civil.Date) error {
	return errors.Join(l.complete(BeforeDisbursement, on), l.met(BeforeDisbursement), l.signed())
}

// checkFile verifies what a loan's state promises of its file.
func (l *Loan) checkFile() error {
	if !l.Adopted.IsZero() { // its file stayed with the system it came from, and so did its bids
		return nil
	}
	decided, published, paid := false, false, false
	switch l.State {
	case StateDisbursing, StateActive, StateClosed, StateWrittenOff:
		decided, published, paid = true, true, true
	case StateOpen, StateFullyFunded, StateReviewed:
		decided, published = true, true
	case StateApproved, StateReturned:
		decided = true
	}
	s := l.Dossier.Contract
	switch {
	case decided && l.Dossier.Stage != "":
		return l.broken("%s in stage %s", l.State, l.Dossier.Stage)
	case published && l.met(BeforePublication) != nil:
		return l.broken("%s with conditions open: %v", l.State, l.Dossier.Open(BeforePublication))
	case published && l.Product.Channels.Checks == Offline && !l.Dossier.Visit.Passed:
		return l.broken("%s without a field verification that was passed", l.State)
	case paid && l.met(BeforeDisbursement) != nil:
		return l.broken("%s with conditions open: %v", l.State, l.Dossier.Open(BeforeDisbursement))
	case paid && l.Product.ContractRequired && (s.Signed.IsZero() || s.Countersigner == ""):
		return l.broken("%s without a contract", l.State)
	case paid && l.Product.Channels.Signing == Offline && s.Paper == (event.Hash{}):
		return l.broken("%s without a contract signed on paper", l.State)
	}
	return nil
}
