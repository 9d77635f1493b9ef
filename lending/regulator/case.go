package regulator

import (
	"reflect"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
)

// Case is what a rule looks at: a command before it is decided, who gives it and when (Tx.Meta),
// and the streams as they stand.
type Case struct {
	Tx      *lending.Tx
	Command any // a value, never a pointer
}

func newCase(t *lending.Tx, command any) *Case {
	if v := reflect.ValueOf(command); v.Kind() == reflect.Pointer && !v.IsNil() {
		command = v.Elem().Interface()
	}
	return &Case{Tx: t, Command: command}
}

// Stage is a step in a loan's life at which rules look.
type Stage uint8

// Stages, to be joined by |.
const (
	AtApproval     Stage = 1 << iota // [lending.Approve], [lending.AmendListing]: the rate is set
	AtListing                        // [lending.Publish]
	AtBid                            // [lending.PlaceBid]
	AtContract                       // [lending.ReviewFunding]: who lends what is fixed
	AtDisbursement                   // [lending.Disburse]
	AtExtension                      // [lending.ExtendTender]
)

// stage returns the stage that the command takes a loan to, zero for other commands.
func (c *Case) stage() (Stage, lending.LoanID) {
	switch x := c.Command.(type) {
	case lending.Approve:
		return AtApproval, x.Loan
	case lending.AmendListing:
		return AtApproval, x.Loan
	case lending.Publish:
		return AtListing, x.Loan
	case lending.PlaceBid:
		return AtBid, x.Loan
	case lending.ReviewFunding:
		return AtContract, x.Loan
	case lending.Disburse:
		return AtDisbursement, x.Loan
	case lending.ExtendTender:
		return AtExtension, x.Loan
	}
	return 0, ""
}

// Loan returns the loan that the command takes to one of the stages, with the amount and the rate that
// it sets; nil for other commands and for a loan that does not exist, which the command itself refuses.
func (c *Case) Loan(stages Stage) (*lending.Loan, error) {
	stage, id := c.stage()
	if stage&stages == 0 {
		return nil, nil
	}
	l, err := event.Read(c.Tx.Tx, lending.LoanRef(id))
	if err != nil || l.ID == "" {
		return nil, err
	}
	set := *l
	switch x := c.Command.(type) {
	case lending.Approve:
		set.Rate = x.Rate
	case lending.AmendListing:
		if x.Amount.Currency() == l.Currency() {
			set.Amount = x.Amount
		}
		if x.Rate.Basis() != 0 {
			set.Rate = x.Rate
		}
	}
	return &set, nil
}

// Product returns the product that the command defines; nil for other commands and for a product
// that [lending.Product.Validate] finds fault with, which the command itself refuses.
func (c *Case) Product() *lending.Product {
	d, ok := c.Command.(lending.DefineProduct)
	if !ok || d.Product.Validate() != nil {
		return nil
	}
	return &d.Product
}

// terms returns a loan's product at one of the stages, or the product being defined; nil for other
// commands.
func (c *Case) terms(stages Stage) (*lending.Product, error) {
	if p := c.Product(); p != nil {
		return p, nil
	}
	l, err := c.Loan(stages)
	if l == nil {
		return nil, err
	}
	return &l.Product, nil
}

// Features returns what the command declares, and what follows from the terms of the product that it
// defines or of the loan that it publishes or disburses: covers by their kinds, a guarantor that is
// related to the platform as its own guarantee, borrowers who are found off line, a fronting lender, claims
// sold by term.
func (c *Case) Features() ([]lending.Feature, error) {
	var fs []lending.Feature
	if f, ok := c.Command.(lending.Featured); ok {
		fs = append(fs, f.Features()...)
	}
	p, err := c.terms(AtListing | AtDisbursement)
	if p == nil {
		return fs, err
	}
	for _, v := range p.Covers {
		fs = append(fs, coverFeature(v.Kind))
		own, err := c.own(v)
		if err != nil {
			return fs, err
		}
		if own {
			fs = append(fs, lending.FeatureOwnGuarantee)
		}
	}
	if p.Flow == lending.FlowDebtTransfer {
		fs = append(fs, lending.FeatureFrontingLender)
	}
	if p.Transfers.ByTerm {
		fs = append(fs, lending.FeatureTermSplitting)
	}
	if p.Channels.Acquisition == lending.Offline {
		fs = append(fs, lending.FeatureOfflinePromotion)
	}
	return fs, nil
}

// own reports whether a guarantor, whom its cover names by the party's id, is related to the platform.
func (c *Case) own(v lending.CoverTerms) (bool, error) {
	if v.Kind != lending.CoverGuarantor {
		return false, nil
	}
	who, err := event.Read(c.Tx.Tx, lending.PartyRef(lending.PartyID(v.Name)))
	if err != nil {
		return false, err
	}
	return who.Related, nil
}

func coverFeature(k lending.CoverKind) lending.Feature {
	switch k {
	case lending.CoverCollateral:
		return lending.FeatureCollateral
	case lending.CoverGuarantor:
		return lending.FeatureGuarantor
	case lending.CoverProvisionFund:
		return lending.FeatureProvisionFund
	case lending.CoverOriginator:
		return lending.FeatureOriginator
	}
	return lending.FeatureOwnGuarantee
}

// plan returns what a loan's borrower pays when the command is obeyed and interest starts today;
// false for a loan whose terms give no plan, which the command itself refuses.
func (c *Case) plan(l *lending.Loan) (schedule.Plan, bool) {
	t := l.Product.Terms(l.Amount, l.Periods, l.Rate, c.Tx.On)
	if x, ok := c.Command.(lending.Disburse); ok && x.FirstDue.After(t.Start) {
		t.FirstDue = x.FirstDue
	}
	plan, err := t.Plan()
	return plan, err == nil
}
