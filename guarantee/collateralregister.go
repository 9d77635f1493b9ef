package guarantee

import (
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralRegistered is the outcome of [RegisterCollateral].
type CollateralRegistered struct {
	Loan   lending.LoanID
	Number int // of the thing, counted from 1
	Item   CollateralItem
	TopUp  TopUp // that stands after it
	On     civil.Date
	By     lending.ActorID
}

// Type implements event.Of.
func (CollateralRegistered) Type() string { return "registered" }

// Apply implements event.Of.
func (e CollateralRegistered) Apply(c *Collateral) {
	c.Loan, c.TopUp = e.Loan, e.TopUp
	c.Items = append(c.Items, e.Item)
}

// Code implements event.Coder.
func (e *CollateralRegistered) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Count(&e.Number)
	e.Item.code(c)
	e.TopUp.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// RegisterCollateral puts a thing on a loan's register (抵押、质押登记): for its lenders, or for a guarantor who is one
// of its covers (反担保). Counter-guarantee is by things alone, cash among them: a guarantor who answers to the
// first is not on the register; he can be a later layer of the product's covers. At most 20 things, each with at most 10 creditors before and after the loan. Cash
// is pledged by its owner, out of his wallet, and needs no valuation; everything else by an officer. Beyond 10
// things only the borrower still pledges cash, so that strangers do not fill the register. Given by an officer
// or a party.
type RegisterCollateral struct {
	Loan         lending.LoanID
	Kind         ItemKind
	Owner        lending.PartyID
	For          lending.PartyID // empty for the lenders
	Description  event.Hash      // of the papers of the thing
	Value        money.Amount
	Valued       civil.Date // today or earlier
	Valuer       lending.Code
	Evidence     event.Hash // of the valuation
	Prior, Later []Creditor // who rank before and after the loan
}

// Features implements lending.Featured.
func (RegisterCollateral) Features() []lending.Feature {
	return []lending.Feature{lending.FeatureCollateral}
}

// Home implements lending.Command.
func (c RegisterCollateral) Home(lending.Meta) event.Ref[Collateral] { return CollateralRef(c.Loan) }

// Allowed implements lending.Command.
func (RegisterCollateral) Allowed() []lending.Role {
	return []lending.Role{lending.RoleOfficer, lending.RoleParty}
}

// Decide implements lending.Command. It refuses a loan that is over (ErrCollateralState), one whose product names
// no collateral or not the guarantor (ErrTerms), a thing that is not described or valued, or is registered
// already by its description (lending.ErrExists), parties who are unknown or decide themselves, one thing too many,
// and cash that the owner does not have.
func (c RegisterCollateral) Decide(t *lending.Tx, s *Collateral) (CollateralRegistered, error) {
	none := CollateralRegistered{}
	l, err := loan(t, c.Loan)
	if err != nil {
		return none, err
	}
	if err := c.check(t, s, l); err != nil {
		return none, err
	}
	x := CollateralItem{Kind: c.Kind, Owner: c.Owner, For: c.For, Description: c.Description, Value: c.Value.Minor(),
		Valued: c.Valued, Valuer: c.Valuer, Evidence: c.Evidence, Prior: c.Prior, Later: c.Later, State: ItemRegistered}
	if c.For == "" {
		terms, err := s.terms(t, l)
		if err != nil {
			return none, err
		}
		x.HaircutPPM = terms.haircut(c.Kind)
	}
	ev := CollateralRegistered{c.Loan, len(s.Items) + 1, x, s.TopUp, t.On, t.Actor.ID}
	now := s.with(ev)
	if ev.TopUp, err = now.next(l, t.On); err != nil || c.Kind != CashPledge {
		return ev, err
	}
	return ev, t.Post(ledger.Move(ledger.Client, whyCollateral, lending.Avail(c.Owner), now.held(c.Owner, ev.Number), c.Value))
}

// terms are those of the loan, or before it is paid out the latest that its product names.
func (s *Collateral) terms(t *lending.Tx, l *lending.Loan) (CollateralTerms, error) {
	if s.Terms != (CollateralTerms{}) {
		return s.Terms, nil
	}
	name := collateralOf(&l.Product)
	if name == "" {
		return s.Terms, refuse(ErrTerms, "the product of loan %s names no %s", l.ID, lending.CoverCollateral)
	}
	p, err := event.Read(t.Tx, CollateralPolicyRef(name))
	if err != nil {
		return s.Terms, err
	}
	if p.Name == "" {
		return s.Terms, bad(lending.ErrUnknown, "collateral "+string(name), "define its terms first")
	}
	return p.Terms, nil
}

func (c RegisterCollateral) check(t *lending.Tx, s *Collateral, l *lending.Loan) error {
	if l.State.Ended() {
		return refuse(ErrCollateralState, "loan %s is %s", l.ID, l.State)
	}
	places := maxItems
	if t.Actor.Role == lending.RoleParty && c.Owner != l.Borrower {
		places = maxPledged
	}
	if len(s.Items) >= places {
		return bad(lending.ErrLimit, "register of loan "+string(l.ID), fmt.Sprintf("has %d things", len(s.Items)))
	}
	if err := c.beneficiary(l); err != nil {
		return err
	}
	if err := positive(c.Value, l.Currency()); err != nil {
		return err
	}
	if err := registered(t, c.Owner); err != nil {
		return err
	}
	if c.Kind == CashPledge {
		return c.cash(t)
	}
	switch {
	case c.Kind != Mortgage && c.Kind != Pledge:
		return refuse(ErrTerms, "a thing is a mortgage, a pledge or cash")
	case t.Actor.Role != lending.RoleOfficer:
		return bad(lending.ErrActor, "actor "+string(t.Actor.ID), "pledges cash alone: an officer registers things")
	case c.Description == event.Hash{}:
		return refuse(ErrTerms, "no description of the thing is named")
	case slices.ContainsFunc(s.Items, c.same):
		return bad(lending.ErrExists, "thing", "is registered for loan "+string(l.ID)+" already: send Revalue")
	}
	if err := apart(t, c.Owner, c.For, l.Borrower); err != nil {
		return err
	}
	if err := valuation(t, c.Valued, c.Valuer, c.Evidence); err != nil {
		return err
	}
	return creditors(t, c.Prior, c.Later)
}

// same reports whether a thing is the one that is to be registered, and still answers.
func (c RegisterCollateral) same(x CollateralItem) bool {
	return x.State == ItemRegistered && x.Kind != CashPledge && x.Description == c.Description
}

// beneficiary refuses one who does not stand behind the loan, or pledges for himself.
func (c RegisterCollateral) beneficiary(l *lending.Loan) error {
	if c.For == "" {
		return nil
	}
	for _, v := range l.Product.Covers {
		if v.Name == lending.Code(c.For) && v.Kind != lending.CoverCollateral && c.For != c.Owner {
			return nil
		}
	}
	return refuse(ErrTerms, "%s does not cover loan %s, or pledges for himself", c.For, l.ID)
}

// cash refuses a pledge of money by another than its owner, by one who may not withdraw it, or with what money does not have.
func (c RegisterCollateral) cash(t *lending.Tx) error {
	if t.Actor.Role != lending.RoleParty {
		return bad(lending.ErrActor, "actor "+string(t.Actor.ID), "is not the owner, who pledges cash himself")
	}
	if err := self(t, c.Owner); err != nil {
		return err
	}
	if err := t.May(c.Owner, lending.ActWithdraw); err != nil {
		return err
	}
	if c.Valued != (civil.Date{}) || c.Valuer != "" || c.Evidence != (event.Hash{}) || len(c.Prior)+len(c.Later) > 0 {
		return refuse(ErrTerms, "cash has no valuation and no other creditors")
	}
	return nil
}

// valuation refuses one of a later day, by nobody or without evidence.
func valuation(t *lending.Tx, on civil.Date, valuer lending.Code, evidence event.Hash) error {
	if on.IsZero() || on.After(t.On) {
		return bad(lending.ErrDate, "valuation", "is of "+on.String())
	}
	if !lending.ValidID(valuer) {
		return bad(lending.ErrID, "valuer", "has to be given, as a code")
	}
	if evidence == (event.Hash{}) {
		return refuse(ErrTerms, "no evidence of the valuation is named")
	}
	return nil
}
