package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// IssueContract fixes the contract of a reviewed loan, whose lenders are known, to be signed by its
// hash. One that is issued again takes the earlier one's place, unsigned. The host keeps what
// [Loan.Contract] gave on that date. Given by an officer.
type IssueContract struct {
	Loan     LoanID
	FirstDue civil.Date // the first due date, with which [Disburse] has to pay out; zero for none of its own
}

// ContractIssued is the outcome of [IssueContract].
type ContractIssued struct {
	By       ActorID
	On       civil.Date
	FirstDue civil.Date
	Hash     event.Hash
}

// Type implements event.Of.
func (ContractIssued) Type() string { return "contract-issued" }

// Apply implements event.Of.
func (e ContractIssued) Apply(l *Loan) {
	l.Dossier.Contract = Signing{Hash: e.Hash, On: e.On, FirstDue: e.FirstDue, Issuer: e.By}
}

// Code implements event.Coder.
func (e *ContractIssued) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Date(&e.FirstDue)
	c.Hash(&e.Hash)
}

// Home implements Command.
func (c IssueContract) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (IssueContract) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a loan of which a payout was ordered, a first due date that is
// not after today or more than two periods after it, and one with which the loan costs more than its
// product's cap.
func (c IssueContract) Decide(t *Tx, l *Loan) (ContractIssued, error) {
	none := ContractIssued{}
	if err := l.in(c.Loan, StateReviewed); err != nil {
		return none, err
	}
	if err := t.disinterested(l); err != nil {
		return none, err
	}
	if len(l.Tried) > 0 {
		return none, &Error{ErrState, "loan " + string(l.ID), "its payout was ordered under the contract"}
	}
	if err := l.starts(t.On, c.FirstDue); err != nil {
		return none, err
	}
	k, err := l.Contract(t.On, c.FirstDue)
	return ContractIssued{t.Actor.ID, t.On, c.FirstDue, k.Hash()}, err
}

// SignContract signs a loan's contract by its hash: the borrower first, then an officer for the
// platform, who is another person than the one who issued it (签署合同). At a branch a
// [RecordSignature] stands for the borrower's. Given by a party or an officer.
type SignContract struct {
	Loan LoanID
	Hash event.Hash
}

// ContractSigned is the outcome of [SignContract].
type ContractSigned struct {
	By      ActorID
	On      civil.Date
	Hash    event.Hash
	Counter bool // for the platform
	// Branch and Paper are those of a contract that the borrower signed at a branch: [RecordSignature].
	Branch Code
	Paper  event.Hash
}

// Type implements event.Of.
func (ContractSigned) Type() string { return "contract-signed" }

// Apply implements event.Of.
func (e ContractSigned) Apply(l *Loan) {
	s := &l.Dossier.Contract
	if e.Counter {
		s.Countersigner, s.Countersigned = e.By, e.On
		return
	}
	s.Signed, s.Branch, s.Paper = e.On, e.Branch, e.Paper
	if e.Branch != "" {
		s.Witness = e.By
	}
}

// Code implements event.Coder.
func (e *ContractSigned) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Hash(&e.Hash)
	c.Bool(&e.Counter)
	event.Text(c, &e.Branch)
	c.Hash(&e.Paper)
}

// Home implements Command.
func (c SignContract) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (SignContract) Allowed() []Role { return []Role{RoleParty, RoleOfficer} }

// Decide implements Command. It refuses a hash that is not the issued contract's, or no longer the
// loan's.
func (c SignContract) Decide(t *Tx, l *Loan) (ContractSigned, error) {
	none := ContractSigned{}
	if err := l.in(c.Loan, StateReviewed); err != nil {
		return none, err
	}
	if err := t.self(l.Borrower); err != nil {
		return none, err
	}
	if err := l.standsFor(c.Hash); err != nil {
		return none, err
	}
	ev := ContractSigned{By: t.Actor.ID, On: t.On, Hash: c.Hash, Counter: t.Actor.Role == RoleOfficer}
	if ev.Counter {
		return ev, t.countersigns(l)
	}
	return ev, errors.Join(l.signs(Online), l.unsigned())
}

// countersigns refuses a countersignature that comes too early, twice, from the borrower or from
// whoever issued the contract or recorded the borrower's signature.
func (t *Tx) countersigns(l *Loan) error {
	s, thing := l.Dossier.Contract, "contract of loan "+string(l.ID)
	switch {
	case s.Signed.IsZero():
		return &Error{ErrContract, thing, "waits for the borrower"}
	case s.Countersigner != "":
		return &Error{ErrState, thing, "is countersigned"}
	}
	if err := t.disinterested(l); err != nil {
		return err
	}
	return errors.Join(different(s.Issuer, t.Actor.ID), different(s.Witness, t.Actor.ID))
}
