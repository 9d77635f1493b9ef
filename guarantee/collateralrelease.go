package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
)

// CollateralReleased is the outcome of [ReleaseCollateral].
type CollateralReleased struct {
	Item         int // counted from 1
	Reason       lending.Code
	On           civil.Date
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (CollateralReleased) Type() string { return "released" }

// Apply implements event.Of.
func (e CollateralReleased) Apply(c *Collateral) { c.item(e.Item).State = ItemReleased }

// Code implements event.Coder.
func (e *CollateralReleased) Code(c *event.Codec) {
	c.Count(&e.Item)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// ReleaseCollateral gives a thing back to its owner (解除抵押): when the loan is over or not paid out yet, or when the
// others secure all that it owes by then within MaxLTV: the principal, and what is due of interest, penalties and
// fees. What secures a guarantor stays until the loan is over.
// Cash goes to its owner's wallet; what [Realise] kept, first to who ranks after the guarantor. It needs an
// approver besides the actor. Given by an officer.
type ReleaseCollateral struct {
	Loan   lending.LoanID
	Item   int // counted from 1
	Reason lending.Code
}

// Home implements lending.Command.
func (c ReleaseCollateral) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (ReleaseCollateral) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a thing that is not registered or is sold (ErrItemState), one that
// the loan needs (ErrLTV), or a guarantor may (ErrCollateralState), and a release by valuations that are
// too old (ErrStale).
func (c ReleaseCollateral) Decide(t *lending.Tx, s *Collateral) (CollateralReleased, error) {
	none := CollateralReleased{}
	x, err := s.standing(c.Item)
	if err != nil {
		return none, err
	}
	if x.Sale != (Sale{}) {
		return none, refuse(ErrItemState, "%s is sold to %s: rescind that first", s.thing(c.Item), x.Sale.Buyer)
	}
	l, err := decided(t, s, x, c.Reason)
	if err != nil {
		return none, err
	}
	ev := CollateralReleased{c.Item, c.Reason, t.On, t.Actor.ID, t.Approver.ID}
	if running(l) {
		if x.For != "" {
			return none, refuse(ErrCollateralState, "%s secures %s while loan %s is %s", s.thing(c.Item), x.For, l.ID, l.State)
		}
		minor, err := owes(l, t.On)
		if err != nil {
			return none, err
		}
		if err := s.with(ev).secures(l, minor, t.On); err != nil {
			return none, err
		}
	}
	if x.Kind != CashPledge {
		return ev, nil
	}
	paid := CollateralRealised{Item: c.Item, Proceeds: x.Value}
	paid.Later, paid.Surplus = satisfy(x.Later, x.Value)
	return ev, s.share(t, l, s.held(x.Owner, c.Item), x, &paid)
}

// decided refuses what two people decide on a thing without the second or a reason, or with a hand in it, and
// reads the loan.
func decided(t *lending.Tx, s *Collateral, x *CollateralItem, reason lending.Code) (*lending.Loan, error) {
	l, err := loan(t, s.Loan)
	if err != nil {
		return nil, err
	}
	if err := reasoned(reason); err != nil {
		return nil, err
	}
	if err := second(t); err != nil {
		return nil, err
	}
	return l, apart(t, x.Owner, x.For, x.Sale.Buyer, l.Borrower)
}
