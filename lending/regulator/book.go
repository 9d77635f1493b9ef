package regulator

import (
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
)

// Book is [lending.Rules] with several profiles, of which products name one ([lending.Product]): a
// platform that lends in two countries. A command on a loan that is taken to a [Stage], on an
// application, or on a product is held to the profile that the product names; every other command,
// and a product that names none, to the desk's own.
type Book struct {
	Own   Profile
	Named []Profile
}

var (
	_ lending.Rules    = Book{}
	_ lending.Profiles = Book{}
	_ lending.Capper   = Book{}
)

// Knows implements [lending.Profiles].
func (b Book) Knows(profile lending.Code) bool {
	_, ok := b.profile(profile)
	return ok
}

func (b Book) profile(id lending.Code) (Profile, bool) {
	i := slices.IndexFunc(b.Named, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return b.Own, id == b.Own.ID || id == ""
	}
	return b.Named[i], true
}

// Check implements [lending.Rules]. It refuses the loans of a product that names a profile which the
// book has lost.
func (b Book) Check(t *lending.Tx, command any) ([]lending.Warning, error) {
	c := newCase(t, command)
	id, err := c.profile()
	if err != nil {
		return nil, err
	}
	p, ok := b.profile(id)
	if !ok {
		return nil, &lending.Error{Err: lending.ErrUnknown, Thing: "profile " + string(id), Why: "not in the book"}
	}
	return p.check(c)
}

// CostCaps implements [lending.Capper].
func (b Book) CostCaps(t *lending.Tx, l *lending.Loan) ([]lending.CostCap, error) {
	p, _ := b.profile(l.Product.Profile)
	return p.CostCaps(t, l)
}

// profile returns what the product of the command's loan names.
func (c *Case) profile() (lending.Code, error) {
	switch x := c.Command.(type) {
	case lending.DefineProduct:
		return x.Product.Profile, nil
	case lending.Apply:
		p, err := event.Read(c.Tx.Tx, lending.ProductRef(x.Product))
		if err != nil {
			return "", err
		}
		return p.Profile, nil
	}
	l, err := c.Loan(AtApproval | AtListing | AtBid | AtContract | AtDisbursement | AtExtension)
	if l == nil {
		return "", err
	}
	return l.Product.Profile, nil
}
