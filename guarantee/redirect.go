package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// InterestRedirected is the outcome of [RedirectInterest].
type InterestRedirected struct {
	On           civil.Date
	Loans        []lending.LoanID
	End          bool
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (InterestRedirected) Type() string { return "redirected" }

// Apply implements event.Of.
func (e InterestRedirected) Apply(f *Fund) {
	for _, id := range e.Loans {
		if e.End {
			delete(f.redirected, id)
			continue
		}
		if f.redirected == nil {
			f.redirected = map[lending.LoanID]bool{}
		}
		f.redirected[id] = true
	}
}

// Code implements event.Coder.
func (e *InterestRedirected) Code(c *event.Codec) {
	c.Date(&e.On)
	event.List(c, &e.Loans, func(c *event.Codec, id *lending.LoanID) { event.Text(c, id) })
	c.Bool(&e.End)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// RedirectInterest has the lenders of 1 to 100 loans give up the part of their interest that their contracts
// hold in readiness for a fund in stabilisation ([lending.Fee.Standby], at payout, on interest, to the fund):
// of every payment from now on it goes to the fund, or, with End, to the lenders again. It needs an approver
// besides the actor. Given by an officer.
type RedirectInterest struct {
	Fund  lending.PartyID
	Loans []lending.LoanID
	End   bool
}

// Home implements lending.Command.
func (c RedirectInterest) Home(lending.Meta) event.Ref[Fund] { return FundRef(c.Fund) }

// Allowed implements lending.Command.
func (RedirectInterest) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a fund that is not in stabilisation (ErrStabilisation; not to
// end it), a loan that the fund does not cover, and what [lending.Tx.CallFee] refuses.
func (c RedirectInterest) Decide(t *lending.Tx, f *Fund) (InterestRedirected, error) {
	none := InterestRedirected{}
	if err := f.known(c.Fund); err != nil {
		return none, err
	}
	if err := second(t); err != nil {
		return none, err
	}
	if f.Stabilised.IsZero() && !c.End {
		return none, refuse(ErrStabilisation, "fund %s is not in stabilisation: see Stabilise", f.ID)
	}
	covered := func(id lending.LoanID) bool { _, ok := f.loans[id]; return ok }
	// it loads them all at once, and refuses what is none of the fund's
	if _, err := measure(t, c.Loans, covered, f.covers); err != nil {
		return none, err
	}
	for _, id := range c.Loans {
		if err := t.CallFee(id, f.ID, c.End); err != nil {
			return none, err
		}
	}
	return InterestRedirected{t.On, c.Loans, c.End, t.Actor.ID, t.Approver.ID}, nil
}

// Redirected reports whether the interest of a loan's lenders is redirected to the fund.
func (f *Fund) Redirected(id lending.LoanID) bool {
	_, ok := f.loans[id]
	return ok && f.redirected[id]
}
