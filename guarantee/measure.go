package guarantee

import (
	"fmt"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// maxMeasured bounds the loans of one command.
const maxMeasured = 100

// Measured is what of a loan's principal is covered.
type Measured struct {
	Loan  lending.LoanID
	Minor int64
}

func codeMeasured(c *event.Codec, list *[]Measured) {
	event.List(c, list, func(c *event.Codec, m *Measured) {
		event.Text(c, &m.Loan)
		c.Int(&m.Minor)
	})
}

// measure reads loans and figures what of each is covered. It refuses one that is not.
func measure(t *lending.Tx, ids []lending.LoanID, covered func(lending.LoanID) bool,
	figure func(*lending.Loan) (int64, error)) ([]Measured, error) {
	if len(ids) == 0 || len(ids) > maxMeasured {
		return nil, bad(lending.ErrLimit, fmt.Sprint(len(ids), " loans"), fmt.Sprint("want 1 to ", maxMeasured))
	}
	var ss []event.Stream
	for _, id := range ids {
		if !covered(id) {
			return nil, bad(lending.ErrUnknown, "loan "+string(id), "is not covered here")
		}
		ss = append(ss, lending.LoanRef(id).Stream())
	}
	if err := t.Want(ss...); err != nil {
		return nil, err
	}
	out := make([]Measured, len(ids))
	for i, id := range ids {
		l, err := event.Read(t.Tx, lending.LoanRef(id))
		if err != nil {
			return nil, err
		}
		n, err := figure(l)
		if err != nil {
			return nil, err
		}
		out[i] = Measured{id, n}
	}
	return out, nil
}

// FundMeasured is the outcome of [MeasureFund].
type FundMeasured struct {
	On    civil.Date
	Loans []Measured
}

// Type implements event.Of.
func (FundMeasured) Type() string { return "measured" }

// Apply implements event.Of.
func (e FundMeasured) Apply(f *Fund) {
	for _, m := range e.Loans {
		f.cover(m.Loan, m.Minor)
	}
}

// Code implements event.Coder.
func (e *FundMeasured) Code(c *event.Codec) {
	c.Date(&e.On)
	codeMeasured(c, &e.Loans)
}

// MeasureFund brings up to date what a fund covers of 1 to 100 loans (在保余额). A repayment is an event of the
// loan alone, so that loans of one fund never wait for each other; the fund counts what a loan was lent, or
// owed when it last asked or a payment of it bounced, until it is measured: never less than it covers.
// Given by an officer or the system.
type MeasureFund struct {
	Fund  lending.PartyID
	Loans []lending.LoanID
}

// Home implements lending.Command.
func (c MeasureFund) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (MeasureFund) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleSystem}
}

// Decide implements lending.Command. It refuses a loan that the fund does not cover.
func (c MeasureFund) Decide(t *lending.Tx, f *Fund) (FundMeasured, error) {
	if err := f.known(c.Fund); err != nil {
		return FundMeasured{}, err
	}
	covered := func(id lending.LoanID) bool { _, ok := f.loans[id]; return ok }
	loans, err := measure(t, c.Loans, covered, f.covers)
	return FundMeasured{t.On, loans}, err
}
