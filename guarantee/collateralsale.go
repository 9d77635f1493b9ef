package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralSold is the outcome of [SellCollateral].
type CollateralSold struct {
	Item         int  // counted from 1
	Sale         Sale // that stands; zero for none
	Reason       lending.Code
	On           civil.Date
	By, Approver lending.ActorID
}

// Type implements event.Of.
func (CollateralSold) Type() string { return "sold" }

// Apply implements event.Of.
func (e CollateralSold) Apply(c *Collateral) { c.item(e.Item).Sale = e.Sale }

// Code implements event.Coder.
func (e *CollateralSold) Code(c *event.Codec) {
	c.Count(&e.Item)
	e.Sale.code(c)
	event.Text(c, &e.Reason)
	c.Date(&e.On)
	event.Text(c, &e.By)
	event.Text(c, &e.Approver)
}

// SellCollateral records to whom a thing goes and for how much, as an auction or a contract says (拍卖、变卖). The
// buyer then sends [PaySale]. A sale that nobody has paid is replaced by another. Rescind takes a sale back,
// and the buyer has his money again. It needs an approver besides the actor. Given by an officer.
type SellCollateral struct {
	Loan     lending.LoanID
	Item     int // counted from 1
	Buyer    lending.PartyID
	Price    money.Amount
	Evidence event.Hash // of the auction or the contract
	Reason   lending.Code
	Rescind  bool // Buyer, Price and Evidence stay empty
}

// Home implements lending.Command.
func (c SellCollateral) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (SellCollateral) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses a thing that may not be realised (see [Realise]), is cash or is
// paid for, a buyer who is unknown, its owner or the borrower, and a sale without a price or evidence.
func (c SellCollateral) Decide(t *lending.Tx, s *Collateral) (CollateralSold, error) {
	none := CollateralSold{}
	x, err := s.standing(c.Item)
	if err != nil {
		return none, err
	}
	l, err := decided(t, s, x, c.Reason)
	if err != nil {
		return none, err
	}
	ev := CollateralSold{Item: c.Item, Reason: c.Reason, On: t.On, By: t.Actor.ID, Approver: t.Approver.ID}
	if c.Rescind {
		return ev, c.rescind(t, s, x, l)
	}
	switch {
	case x.Kind == CashPledge:
		return none, refuse(ErrTerms, "%s is cash: send Realise", s.thing(c.Item))
	case x.Sale.Paid:
		return none, refuse(ErrItemState, "%s is paid for by %s: rescind that first", s.thing(c.Item), x.Sale.Buyer)
	case c.Buyer == x.Owner || c.Buyer == l.Borrower:
		return none, refuse(ErrTerms, "%s cannot be sold to %s, who repays instead", s.thing(c.Item), c.Buyer)
	case c.Evidence == event.Hash{}:
		return none, refuse(ErrTerms, "no evidence of the sale is named")
	}
	if err := positive(c.Price, l.Currency()); err != nil {
		return none, err
	}
	if err := registered(t, c.Buyer); err != nil {
		return none, err
	}
	if err := apart(t, c.Buyer); err != nil {
		return none, err
	}
	ev.Sale = Sale{Buyer: c.Buyer, Price: c.Price.Minor(), Evidence: c.Evidence}
	return ev, s.realisable(x, l, t.On)
}

// rescind gives the buyer of a sale his money back.
func (c SellCollateral) rescind(t *lending.Tx, s *Collateral, x *CollateralItem, l *lending.Loan) error {
	if x.Sale == (Sale{}) || c.Buyer != "" || !c.Price.IsZero() || c.Evidence != (event.Hash{}) {
		return refuse(ErrItemState, "%s is not sold, or is to be sold anew", s.thing(c.Item))
	}
	if !x.Sale.Paid {
		return nil
	}
	a, err := money.New(x.Sale.Price, l.Currency())
	if err != nil {
		return err
	}
	back := s.held(x.Sale.Buyer, c.Item)
	return t.Post(ledger.Move(ledger.Client, whyCollateral, back, lending.Avail(x.Sale.Buyer), a))
}

// SalePaid is the outcome of [PaySale].
type SalePaid struct {
	Item int // counted from 1
	On   civil.Date
	By   lending.ActorID
}

// Type implements event.Of.
func (SalePaid) Type() string { return "sale-paid" }

// Apply implements event.Of.
func (e SalePaid) Apply(c *Collateral) {
	if x := c.item(e.Item); x.Sale.Buyer != "" {
		x.Sale.Paid = true
	}
}

// Code implements event.Coder.
func (e *SalePaid) Code(c *event.Codec) {
	c.Count(&e.Item)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// PaySale has the buyer of a thing pay the price out of his wallet. It is held there until [Realise] shares it
// out or the sale is rescinded. Given by a party.
type PaySale struct {
	Loan lending.LoanID
	Item int // counted from 1
}

// Home implements lending.Command.
func (c PaySale) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (PaySale) Allowed() []lending.Role { return []lending.Role{lending.RoleParty} }

// Decide implements lending.Command. It refuses a thing that is not sold or is paid for, another party than the
// buyer, one who may not withdraw and, with a lending.FundsError, more than his wallet has.
func (c PaySale) Decide(t *lending.Tx, s *Collateral) (SalePaid, error) {
	none := SalePaid{}
	x, err := s.standing(c.Item)
	if err != nil {
		return none, err
	}
	if x.Sale == (Sale{}) || x.Sale.Paid {
		return none, refuse(ErrItemState, "%s is not sold, or is paid for", s.thing(c.Item))
	}
	if err := self(t, x.Sale.Buyer); err != nil {
		return none, err
	}
	if err := t.May(x.Sale.Buyer, lending.ActWithdraw); err != nil {
		return none, err
	}
	l, err := loan(t, c.Loan)
	if err != nil {
		return none, err
	}
	a, err := money.New(x.Sale.Price, l.Currency())
	if err != nil {
		return none, err
	}
	pay := ledger.Move(ledger.Client, whyCollateral, lending.Avail(x.Sale.Buyer), s.held(x.Sale.Buyer, c.Item), a)
	return SalePaid{c.Item, t.On, t.Actor.ID}, t.Post(pay)
}
