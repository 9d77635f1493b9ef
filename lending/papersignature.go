package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
)

// RecordSignature records that the borrower has signed his contract on paper at a branch (线下签约). It takes
// the place of his [SignContract] where the product's channel of signing is off line; whoever countersigns
// for the platform is another person. Given by an officer.
type RecordSignature struct {
	Loan   LoanID
	Hash   event.Hash // of the contract
	Branch Code
	Paper  event.Hash // SHA-256 of the signed paper as it was scanned, which the host keeps
}

// Home implements Command.
func (c RecordSignature) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (RecordSignature) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a product whose contracts are signed on line, a paper without a
// hash, a hash that is not the issued contract's or no longer the loan's, and a contract that is signed.
func (c RecordSignature) Decide(t *Tx, l *Loan) (ContractSigned, error) {
	none := ContractSigned{}
	if err := l.in(c.Loan, StateReviewed); err != nil {
		return none, err
	}
	if err := errors.Join(t.disinterested(l), l.signs(Offline), checkID("branch", c.Branch),
		hashed("paper", c.Paper)); err != nil {
		return none, err
	}
	ev := ContractSigned{By: t.Actor.ID, On: t.On, Hash: c.Hash, Branch: c.Branch, Paper: c.Paper}
	return ev, errors.Join(l.standsFor(c.Hash), l.unsigned())
}

// signs refuses a signature of the borrower that is not given where the product wants it.
func (l *Loan) signs(where Channel) error {
	if l.Product.Channels.Signing == where {
		return nil
	}
	why := "is signed by the borrower on line: he sends SignContract"
	if where == Online {
		why = "is signed by the borrower at a branch: an officer sends RecordSignature"
	}
	return &Error{ErrContract, "contract of loan " + string(l.ID), why}
}

// unsigned refuses a second signature of the borrower.
func (l *Loan) unsigned() error {
	if l.Dossier.Contract.Signed.IsZero() {
		return nil
	}
	return &Error{ErrState, "contract of loan " + string(l.ID), "is signed by the borrower"}
}
