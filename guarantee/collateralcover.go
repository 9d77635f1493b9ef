package guarantee

import (
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// LoanSecured stands on a register when its loan is paid out.
type LoanSecured struct {
	Loan  lending.LoanID
	Terms CollateralTerms
	On    civil.Date
}

// Type implements event.Of.
func (LoanSecured) Type() string { return "secured" }

// Apply implements event.Of.
func (e LoanSecured) Apply(c *Collateral) { c.Loan, c.Terms, c.Secures = e.Loan, e.Terms, true }

// Code implements event.Coder.
func (e *LoanSecured) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	e.Terms.code(c)
	c.Date(&e.On)
}

// LoanUnsecured stands on a register when its loan has closed or never came about. Things stay on it until
// they are released: a last payment may bounce.
type LoanUnsecured struct{ On civil.Date }

// Type implements event.Of.
func (LoanUnsecured) Type() string { return "unsecured" }

// Apply implements event.Of.
func (e LoanUnsecured) Apply(c *Collateral) { c.Secures, c.TopUp = false, TopUp{} }

// Code implements event.Coder.
func (e *LoanUnsecured) Code(c *event.Codec) { c.Date(&e.On) }

// collateralCover fills lending's slot.
type collateralCover lending.Code

var _ lending.Cover = collateralCover("")

// collateralOf is the name of the collateral terms of a product, empty for none.
func collateralOf(p *lending.Product) (name lending.Code) {
	for _, v := range p.Covers {
		if v.Kind == lending.CoverCollateral {
			return v.Name
		}
	}
	return ""
}

// Attach implements lending.Cover. It refuses terms that are not defined or do not fit, a valuation that is too
// old (ErrStale) and a loan beyond MaxLTV (ErrLTV). A loan that had closed and is open again, and one that
// moves in, whose things are registered afterwards, is taken on as it is.
func (v collateralCover) Attach(t *lending.Tx, l *lending.Loan) error {
	p, err := event.Read(t.Tx, CollateralPolicyRef(lending.Code(v)))
	if err != nil {
		return err
	}
	if p.Name == "" {
		return bad(lending.ErrUnknown, "collateral "+string(v), "define its terms first")
	}
	c, err := event.Read(t.Tx, CollateralRef(l.ID))
	if err != nil {
		return err
	}
	ev := LoanSecured{l.ID, p.Terms, t.On}
	switch {
	case l.State == lending.StateClosed && c.Terms != (CollateralTerms{}):
		ev.Terms = c.Terms
	case l.State != lending.StateClosed && l.Adopted.IsZero():
		if err := v.fits(l, &p.Terms); err != nil {
			return err
		}
		if err := c.with(ev).secures(l, owed(l), t.On); err != nil {
			return err
		}
	}
	return event.Write(t.Tx, CollateralRef(l.ID), ev)
}

// fits refuses a loan that the terms are not for.
func (v collateralCover) fits(l *lending.Loan, terms *CollateralTerms) error {
	if l.Currency() != terms.Currency {
		return refuse(ErrTerms, "collateral %s is in %s, loan %s is not", v, terms.Currency, l.ID)
	}
	found := 0
	for _, x := range l.Product.Covers {
		if x.Kind != lending.CoverCollateral && x.Name != lending.Code(v) {
			continue
		}
		if found++; found > 1 || x.Kind != lending.CoverCollateral || x.Name != lending.Code(v) || !x.Cap.IsZero() {
			return refuse(ErrTerms, "cover %s: want one %s a product, without a cap", x.Name, lending.CoverCollateral)
		}
	}
	return nil
}

// secures refuses things that do not suffice for so much of a loan, or whose valuations are too old for that.
func (c *Collateral) secures(l *lending.Loan, minor int64, on civil.Date) error {
	for i := range c.Items {
		x := &c.Items[i]
		if x.Lendable() > 0 && x.Kind != CashPledge && on.Sub(x.Valued) > c.Terms.ValidDays {
			return refuse(ErrStale, "%s was valued on %s: send Revalue", c.thing(i+1), x.Valued)
		}
	}
	if !c.Within(minor, c.Terms.MaxLTV) {
		return refuse(ErrLTV, "things that lend %s, haircuts and prior claims off, do not secure %s of loan %s at %d ppm: register more",
			text(c.Lendable(), l.Currency()), text(minor, l.Currency()), l.ID, c.Terms.MaxLTV)
	}
	return nil
}

// Demand implements lending.Cover. Collateral takes on nothing: it pays when it is realised, so that the next
// layer is asked for all, pays, and has its money back out of the proceeds behind the lenders.
func (collateralCover) Demand(*lending.Tx, *lending.Loan, lending.Demand) (money.Amount, error) {
	return money.Amount{}, nil
}

// Release implements lending.Cover.
func (collateralCover) Release(t *lending.Tx, l *lending.Loan) error {
	return event.Write(t.Tx, CollateralRef(l.ID), LoanUnsecured{t.On})
}
