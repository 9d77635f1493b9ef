package regulator

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/schedule/money"
)

// Options is what a host knows that no stream tells. The zero value is fine.
type Options struct {
	// Licensed lists the products whose only lenders are microloan or financing guarantee companies,
	// which the interest caps of private lending do not bind (reply of 1 January 2021).
	Licensed []lending.ProductID
	// LPR replaces the shipped path of the one-year loan prime rate; the zero value keeps it.
	LPR Fixings
	// Elsewhere tells what parties have on other platforms; nil counts this platform alone.
	Elsewhere Elsewhere
}

// Side is which end of a loan a party stands on.
type Side uint8

// Sides.
const (
	Borrowed Side = iota + 1
	Lent
)

// Elsewhere tells what a party has outstanding on other platforms, as recorded evidence. It is pure
// over the Tx, like every rule: it reads streams, of the host's own kinds, and calls nobody.
type Elsewhere interface {
	// Outstanding returns an amount of the currency, zero for nothing known.
	Outstanding(t *lending.Tx, p lending.PartyID, s Side, c money.Currency) (money.Amount, error)
}

// elsewhere returns what a party has on other platforms, in minor units.
func (o Options) elsewhere(t *lending.Tx, p lending.PartyID, s Side, c money.Currency) (int64, error) {
	if o.Elsewhere == nil {
		return 0, nil
	}
	a, err := o.Elsewhere.Outstanding(t, p, s, c)
	if err == nil && (a.Sign() < 0 || !a.IsZero() && a.Currency() != c) {
		err = &lending.Error{Err: lending.ErrAmount, Thing: "outstanding elsewhere", Why: "is " + a.String()}
	}
	return a.Minor(), err
}

func (o Options) licensed(p lending.ProductID) bool { return slices.Contains(o.Licensed, p) }

func (o Options) prime() Fixings {
	if len(o.LPR.List) == 0 {
		return LPR()
	}
	return o.LPR
}
