package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
)

// Flow is how claims on loans come to their lenders (资金流). The zero value is unset and refused.
type Flow uint8

// Flows.
const (
	// FlowMarketplace: lenders choose loans and lend; the platform never owns a claim (居间撮合).
	FlowMarketplace Flow = iota + 1
	// FlowDebtTransfer: a fronting lender lends all of every loan in a private tender, and sells claims by
	// amount and, where the product lets him, by term (债权转让, 多对多).
	FlowDebtTransfer
)

var flowNames = [...]string{"", "marketplace", "debt-transfer"}

// String returns the flow's name.
func (f Flow) String() string { return nameOf(flowNames[:], f, "flow") }

// IsValid reports whether f is one of the flows above.
func (f Flow) IsValid() bool { return f == FlowMarketplace || f == FlowDebtTransfer }

// Model says who lends first on a product's loans, and whether anything may stand behind them
// (业务模式). With [Channels] and the covers it makes up the business model: what makes sense together
// needs nothing else, and [Product.Validate] refuses what does not, with the reason.
type Model struct {
	Flow Flow
	// Fronting is the fronting lender (专业放贷人) of a FlowDebtTransfer, who alone may bid; empty else.
	Fronting PartyID
	// Intermediary keeps the product within the pure information intermediary (纯信息中介): it has no cover,
	// of whatever kind, and nobody lends first.
	Intermediary bool
}

// InformationIntermediary makes a product one of a pure information intermediary (纯平台). It leaves covers
// to [Product.Validate], which refuses them.
func InformationIntermediary(p Product) Product {
	q := p.clone()
	q.Model = Model{Flow: FlowMarketplace, Intermediary: true}
	return q
}

// MicroloanOnline makes a product one of loans that a microloan company refers, to be lent on line
// (小贷公司线上): everything is done on line, and the company is asked as the last cover from 30 days past due on
// (连带担保, 回购), without a cap. A product that names it among its covers keeps those as they are.
func MicroloanOnline(p Product, originator PartyID) Product {
	q := p.clone()
	q.Model, q.Channels = Model{Flow: FlowMarketplace}, AllOnline()
	if name := Code(originator); !q.layered(name) {
		q.Covers = append(q.Covers, CoverTerms{Name: name, Kind: CoverOriginator, TriggerDays: 30})
	}
	return q
}

// DebtTransfer makes a product one of claims that a fronting lender sells: he is the only bidder,
// and takes all of a loan at its rate, in one bid or several.
func DebtTransfer(p Product, fronting PartyID) Product {
	q := p.clone()
	q.Model = Model{Flow: FlowDebtTransfer, Fronting: fronting}
	return q
}

// layered reports whether a product names a cover.
func (p *Product) layered(name Code) bool {
	for _, v := range p.Covers {
		if v.Name == name {
			return true
		}
	}
	return false
}

// check reports every contradiction of the model with the rest of the product at once.
func (m *Model) check(p *Product) error {
	var errs []error
	bad := func(ok bool, why string) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "model of product " + string(p.ID), why})
		}
	}
	front, r := m.Flow == FlowDebtTransfer, &p.Tender
	bad(m.Flow.IsValid(), "has no flow: set Product.Flow to FlowMarketplace or FlowDebtTransfer")
	bad(front || m.Fronting == "", "names a fronting lender, and nobody lends first: set Product.Flow to FlowDebtTransfer")
	bad(!m.Intermediary || len(p.Covers) == 0,
		"is a pure information intermediary's, and has covers: nothing stands behind its loans but the borrower")
	bad(!m.Intermediary || !front, "is a pure information intermediary's, and a fronting lender lends first")
	if !front {
		return errors.Join(errs...)
	}
	bad(ValidID(m.Fronting), "sells claims of a fronting lender, and names none: set Product.Fronting")
	bad(!p.Transfers.Closed, "has claims to be sold, and they are not: clear TransferRules.Closed")
	bad(r.Mechanism == FirstCome, "has one bidder, and a tender among many: set Tender.Mechanism to FirstCome")
	bad(r.MaxBid.IsZero() && r.MaxPerBid == 0 && r.MaxPerLender.IsZero() && r.MaxShare == 0,
		"has one bidder, and bounds what one may have: clear MaxBid, MaxPerBid, MaxPerLender and MaxShare of the tender")
	return errors.Join(errs...)
}

func (m *Model) code(c *event.Codec) {
	event.Enum(c, &m.Flow)
	event.Text(c, &m.Fronting)
	c.Bool(&m.Intermediary)
}

// open refuses a bidder on a loan that is in a private tender to another, and with nobody named any but
// the fronting lender himself.
func (m *Model) open(l LoanID, bidder PartyID) error {
	if m.Flow != FlowDebtTransfer || m.Fronting == bidder {
		return nil
	}
	return &Error{ErrBid, "loan " + string(l), "is lent by " + string(m.Fronting) +
		" alone: buy claims on it once he sells them"}
}

// lends refuses a borrower to whom nobody could lend.
func (m *Model) lends(borrower PartyID) error {
	if m.Flow == FlowDebtTransfer && m.Fronting == borrower {
		return &Error{ErrActor, "borrower " + string(borrower), "is the only lender of the product, and cannot lend to himself"}
	}
	return nil
}
