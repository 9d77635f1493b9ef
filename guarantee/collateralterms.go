package guarantee

import (
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// CollateralTerms are the rules by which things secure loans: a product names them as a
// [lending.CoverCollateral]. Shares and ratios are in millionths.
//
// The loan to value (LTV, 抵押率) is the principal that the borrower owes over the lendable value of the
// things: what each was valued at less its haircut, rounded down, less what ranks before the lenders, never
// below zero.
type CollateralTerms struct {
	Currency  money.Currency
	MaxLTV    int64 // when the loan is paid out and when a thing is released, 10,000 to 1,000,000
	TopUpLTV  int64 // beyond which more is asked for, not below MaxLTV (追加担保线)
	TopUpDays int   // to bring more, 0 to 3650
	ValidDays int   // so long is a valuation good for a payout or a release, 1 to 3650

	MortgageHaircut, PledgeHaircut, CashHaircut int64 // by kind, 0 to 1,000,000
}

// Bounds of loan to value.
const (
	minLTV = lending.Million / 100
	maxLTV = 10 * lending.Million
)

// Validate reports everything that is wrong with the terms at once, each an ErrTerms.
func (x CollateralTerms) Validate() error {
	var errs []error
	wrong := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, refuse(ErrTerms, format, args...))
		}
	}
	wrong(!x.Currency.IsZero(), "collateral has a currency")
	wrong(x.MaxLTV >= minLTV && x.MaxLTV <= lending.Million, "maximal LTV is %d ppm, want %d to 1000000", x.MaxLTV, minLTV)
	wrong(x.TopUpLTV >= x.MaxLTV && x.TopUpLTV <= maxLTV, "top-up LTV is %d ppm, want %d to %d", x.TopUpLTV, x.MaxLTV, maxLTV)
	wrong(x.TopUpDays >= 0 && x.TopUpDays <= maxDays, "%d days to top up, want 0 to %d", x.TopUpDays, maxDays)
	wrong(x.ValidDays >= 1 && x.ValidDays <= maxDays, "a valuation is good for %d days, want 1 to %d", x.ValidDays, maxDays)
	wrong(part(x.MortgageHaircut) && part(x.PledgeHaircut) && part(x.CashHaircut), "haircuts of %d, %d and %d ppm, want 0 to 1000000",
		x.MortgageHaircut, x.PledgeHaircut, x.CashHaircut)
	return errors.Join(errs...)
}

func (x *CollateralTerms) code(c *event.Codec) {
	c.Currency(&x.Currency)
	c.Int(&x.MaxLTV)
	c.Int(&x.TopUpLTV)
	c.Count(&x.TopUpDays)
	c.Count(&x.ValidDays)
	c.Int(&x.MortgageHaircut)
	c.Int(&x.PledgeHaircut)
	c.Int(&x.CashHaircut)
}

// haircut is that of a kind of thing.
func (x *CollateralTerms) haircut(k ItemKind) int64 {
	switch k {
	case Mortgage:
		return x.MortgageHaircut
	case Pledge:
		return x.PledgeHaircut
	}
	return x.CashHaircut
}

// CollateralPolicy holds the terms that products name, in their latest version. A loan keeps those with
// which it was paid out.
type CollateralPolicy struct {
	Name  lending.Code
	Terms CollateralTerms
}

var policyKind = event.NewKind[CollateralPolicy]("collateral-policy",
	func(*CollateralPolicy) civil.Date { return civil.Date{} }, event.On[CollateralDefined]())

// CollateralPolicyRef refers to the terms of a name.
func CollateralPolicyRef(name lending.Code) event.Ref[CollateralPolicy] {
	return policyKind.Ref(string(name))
}

// CollateralDefined is the outcome of [DefineCollateral].
type CollateralDefined struct {
	Name  lending.Code
	Terms CollateralTerms
	On    civil.Date
	By    lending.ActorID
}

// Type implements event.Of.
func (CollateralDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e CollateralDefined) Apply(p *CollateralPolicy) { p.Name, p.Terms = e.Name, e.Terms }

// Code implements event.Coder.
func (e *CollateralDefined) Code(c *event.Codec) {
	event.Text(c, &e.Name)
	e.Terms.code(c)
	c.Date(&e.On)
	event.Text(c, &e.By)
}

// DefineCollateral sets the terms of a name, or new ones for loans that are paid out from now on. Given by an
// officer.
type DefineCollateral struct {
	Name  lending.Code // one of Parties.Collateral
	Terms CollateralTerms
}

// Home implements lending.Command.
func (c DefineCollateral) Home(lending.Meta) event.Ref[CollateralPolicy] {
	return CollateralPolicyRef(c.Name)
}

// Allowed implements lending.Command.
func (DefineCollateral) Allowed() []lending.Role { return []lending.Role{lending.RoleOfficer} }

// Decide implements lending.Command. It refuses bad terms and a malformed name.
func (c DefineCollateral) Decide(t *lending.Tx, _ *CollateralPolicy) (CollateralDefined, error) {
	if err := c.Terms.Validate(); err != nil {
		return CollateralDefined{}, err
	}
	if !lending.ValidID(c.Name) {
		return CollateralDefined{}, bad(lending.ErrID, "collateral "+string(c.Name), "has no well-formed name")
	}
	return CollateralDefined{c.Name, c.Terms, t.On, t.Actor.ID}, nil
}
