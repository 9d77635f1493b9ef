package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralRevalued is the outcome of [Revalue].
type CollateralRevalued struct {
	Item         int // counted from 1
	Value        int64
	Valued       civil.Date
	Valuer       lending.Code
	Evidence     event.Hash
	Prior, Later []Creditor
	TopUp        TopUp // that stands after it
	On           civil.Date
	By           lending.ActorID
}

// Type implements event.Of.
func (CollateralRevalued) Type() string { return "revalued" }

// Apply implements event.Of.
func (e CollateralRevalued) Apply(c *Collateral) {
	x := c.item(e.Item)
	x.Value, x.Valued, x.Valuer, x.Evidence = e.Value, e.Valued, e.Valuer, e.Evidence
	x.Prior, x.Later = e.Prior, e.Later
	c.TopUp = e.TopUp
}

// Code implements event.Coder.
func (e *CollateralRevalued) Code(c *event.Codec) {
	c.Count(&e.Item)
	c.Int(&e.Value)
	c.Date(&e.Valued)
	event.Text(c, &e.Valuer)
	c.Hash(&e.Evidence)
	codeCreditors(c, &e.Prior)
	codeCreditors(c, &e.Later)
	e.TopUp.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// Revalue records a new valuation of a thing (重新评估), zero included, and who else is owed out of it now: the lists
// replace the former ones. Of a loan beyond TopUpLTV more is asked for ([TopUp]). Given by an officer.
type Revalue struct {
	Loan         lending.LoanID
	Item         int // counted from 1
	Value        money.Amount
	Valued       civil.Date // today or earlier, not before the valuation that stands
	Valuer       lending.Code
	Evidence     event.Hash
	Prior, Later []Creditor
}

// Home implements lending.Command.
func (c Revalue) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (Revalue) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a thing that is not registered (ErrItemState), cash, a valuation
// that is older, without evidence or by a party to it, and creditors who are unknown or out of bounds.
func (c Revalue) Decide(t *lending.Tx, s *Collateral) (CollateralRevalued, error) {
	none := CollateralRevalued{}
	x, err := s.standing(c.Item)
	if err != nil {
		return none, err
	}
	l, err := loan(t, c.Loan)
	if err != nil {
		return none, err
	}
	switch {
	case x.Kind == CashPledge:
		return none, refuse(ErrTerms, "%s is cash, whose value is what is held", s.thing(c.Item))
	case c.Value.Sign() < 0 || c.Value.Currency() != l.Currency():
		return none, bad(lending.ErrAmount, s.thing(c.Item), "is valued at "+c.Value.String())
	case c.Valued.Before(x.Valued):
		return none, bad(lending.ErrDate, s.thing(c.Item), "was valued on "+x.Valued.String())
	}
	if err := apart(t, x.Owner, x.For, l.Borrower); err != nil {
		return none, err
	}
	if err := valuation(t, c.Valued, c.Valuer, c.Evidence); err != nil {
		return none, err
	}
	if err := creditors(t, c.Prior, c.Later); err != nil {
		return none, err
	}
	ev := CollateralRevalued{Item: c.Item, Value: c.Value.Minor(), Valued: c.Valued, Valuer: c.Valuer, Evidence: c.Evidence,
		Prior: c.Prior, Later: c.Later, TopUp: s.TopUp, On: t.On, By: t.Actor.ID}
	ev.TopUp, err = s.with(ev).next(l, t.On)
	return ev, err
}
