package lending

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// CoverKind is what a cover is in law and in business (增信方式).
type CoverKind uint8

// Kinds of cover.
const (
	CoverCollateral    CoverKind = iota + 1 // mortgage or pledge (抵押, 质押)
	CoverGuarantor                          // an independent guarantee company (第三方担保)
	CoverOwnGuarantee                       // the platform, from its own book (平台自身担保)
	CoverProvisionFund                      // the platform's ring-fenced fund (风险备付金)
	CoverOriginator                         // who referred the loan: joint liability or buyback (小贷公司)
)

var coverKindNames = [...]string{"", "collateral", "guarantor", "own-guarantee", "provision-fund", "originator"}

// String returns the kind's name.
func (k CoverKind) String() string { return nameOf(coverKindNames[:], k, "cover kind") }

// IsValid reports whether k is one of the kinds above.
func (k CoverKind) IsValid() bool { return CoverCollateral <= k && k <= CoverOriginator }

// CoverTerms says which cover stands behind a product's loans and when it is asked.
type CoverTerms struct {
	Name        Code // of who stands in: his party id; of collateral, that of its terms
	Kind        CoverKind
	Cap         money.Amount // most it takes on for one loan; zero for no cap
	TriggerDays int          // days past due of an instalment; of no meaning for collateral
	Recourse    Recourse     // when the borrower pays after it
	Fees        bool         // it is asked for fees and costs too, its own among them, besides principal and interest
}

func (v *CoverTerms) code(c *event.Codec) {
	event.Text(c, &v.Name)
	event.Enum(c, &v.Kind)
	c.Amount(&v.Cap)
	c.Count(&v.TriggerDays)
	event.Enum(c, &v.Recourse)
	c.Bool(&v.Fees)
}

func (p *Product) checkCovers() error {
	if len(p.Covers) > maxCovers {
		return &Error{ErrTerms, "product " + string(p.ID), fmt.Sprintf("has more than %d covers", maxCovers)}
	}
	var errs []error
	for i, c := range p.Covers {
		capOK := c.Cap.IsZero() || c.Cap.Currency() == p.Currency && c.Cap.Sign() > 0
		if checkID("cover", c.Name) != nil || !capOK || c.TriggerDays < 0 || c.TriggerDays > maxDays ||
			c.Recourse > RecourseWithInstalment {
			errs = append(errs, &Error{ErrTerms, "cover " + string(c.Name), "is out of bounds"})
		}
		if slices.ContainsFunc(p.Covers[:i], func(v CoverTerms) bool { return v.Name == c.Name }) {
			errs = append(errs, &Error{ErrTerms, "cover " + string(c.Name), "is one layer, and stands twice"})
		}
		if n := p.Late.WriteOffDays; n > 0 && c.TriggerDays > n {
			errs = append(errs, &Error{ErrTerms, "cover " + string(c.Name),
				"is asked after the loan is written off: lower TriggerDays, or raise Late.WriteOffDays"})
		}
		if !c.Kind.IsValid() {
			errs = append(errs, &Error{ErrTerms, "cover " + string(c.Name), "names no kind: set CoverTerms.Kind"})
		}
	}
	return errors.Join(errs...)
}
