package regulator

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
)

// Uses of borrowed money (借款用途) that rules know, for [lending.Apply].Use.
const (
	UseDownPayment lending.Code = "down-payment" // on a house (首付贷)
	UseShares      lending.Code = "shares"
	UseFutures     lending.Code = "futures"
	UseStructured  lending.Code = "structured-products"
	UseLending     lending.Code = "lending-on" // to lend it to others (转贷)
)

// used returns the check of what the money of a loan is for when it is published and paid out, and of
// what an application says.
func used(forbidden ...lending.Code) check {
	return func(c *Case) (string, error) {
		if a, ok := c.Command.(lending.Apply); ok {
			return unless(!slices.Contains(forbidden, a.Use), "its use is "+string(a.Use)), nil
		}
		l, err := c.Loan(AtListing | AtDisbursement)
		if l == nil {
			return "", err
		}
		return unless(!slices.Contains(forbidden, l.Dossier.Use), "its use is "+string(l.Dossier.Use)), nil
	}
}

// stated looks for a loan whose use is not stated by the time it is published.
func stated(c *Case) (string, error) {
	l, err := c.Loan(AtListing | AtDisbursement)
	if l == nil {
		return "", err
	}
	return unless(l.Dossier.Use != "", "loan "+string(l.ID)+" states no use: see lending.Apply.Use"), nil
}
