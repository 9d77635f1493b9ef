package lending

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/daycount"
	"github.com/loanweave/loanweave/schedule/money"
)

// Contract is the data of a loan contract (合同要素): who, how much, at which rate, by which plan,
// with which fees and covers. The text is the host's.
type Contract struct {
	Loan     LoanID
	Product  ProductID
	Borrower PartyID
	Lenders  []ContractLender // in the order of the loan's lots
	Use      Code
	Amount   money.Amount
	Rate     schedule.Rate `json:",omitzero"`
	Periods  int
	Method   schedule.Method    `json:",omitzero"`
	Every    schedule.Frequency `json:",omitzero"`
	DayCount daycount.Convention
	Late     Late
	Fees     []Fee
	Covers   []CoverTerms
	// On is the date of the contract. Plan is reckoned as if the money were paid out on it; the plan
	// that binds starts when the bank has paid. FirstDue is its first due date, zero for one period
	// after that.
	On       civil.Date
	FirstDue civil.Date
	Plan     []schedule.Row
}

// ContractLender is a lender's part in a contract.
type ContractLender struct {
	Party  PartyID
	Units  int64 // of the principal, minor units
	Weight int64 // of his interest; see [Lot]
}

// Contract returns the loan's contract as of a date, with a first due date or, for zero, none of its
// own. It follows from the loan and the dates alone. It refuses a loan without terms to put into one.
func (l *Loan) Contract(on, firstDue civil.Date) (Contract, error) {
	plan, err := l.terms(on, firstDue).Plan()
	if err != nil {
		return Contract{}, fmt.Errorf("contract of loan %s: %w", l.ID, err)
	}
	p := &l.Product
	c := Contract{
		Loan: l.ID, Product: p.ID, Borrower: l.Borrower, Use: l.Dossier.Use,
		Amount: l.Amount, Rate: l.Rate, Periods: l.Periods, Method: p.Method, Every: p.Every,
		DayCount: p.DayCount, Late: p.Late, Fees: slices.Clone(p.Fees), Covers: slices.Clone(p.Covers),
		On: on, FirstDue: firstDue, Plan: plan.Rows(),
	}
	for _, x := range l.Lots {
		c.Lenders = append(c.Lenders, ContractLender{x.Holder, x.Units, x.Weight})
	}
	return c, nil
}

// Bytes are the contract in its one canonical form.
func (k *Contract) Bytes() []byte { return event.Encode(nil, 1, k) }

// Hash is the SHA-256 of [Contract.Bytes], by which it is signed.
func (k *Contract) Hash() event.Hash { return sha256.Sum256(k.Bytes()) }

// Code codes the contract.
func (k *Contract) Code(c *event.Codec) {
	event.Text(c, &k.Loan)
	event.Text(c, &k.Product)
	event.Text(c, &k.Borrower)
	event.List(c, &k.Lenders, func(c *event.Codec, x *ContractLender) {
		event.Text(c, &x.Party)
		c.Int(&x.Units)
		c.Int(&x.Weight)
	})
	event.Text(c, &k.Use)
	c.Amount(&k.Amount)
	codeRate(c, &k.Rate)
	c.Count(&k.Periods)
	event.Enum(c, &k.Method)
	codeFrequency(c, &k.Every)
	event.Enum(c, &k.DayCount)
	k.Late.code(c)
	event.List(c, &k.Fees, func(c *event.Codec, f *Fee) { f.Code(c) })
	event.List(c, &k.Covers, func(c *event.Codec, v *CoverTerms) { v.code(c) })
	c.Date(&k.On)
	c.Date(&k.FirstDue)
	codeRows(c, &k.Plan)
}

// Signing is how far a loan's contract has come: issued, signed, countersigned.
type Signing struct {
	Hash          event.Hash
	On            civil.Date // of the contract
	FirstDue      civil.Date // in it; zero for one period after the payout
	Issuer        ActorID
	Signed        civil.Date // by the borrower; zero while it is not
	Countersigner ActorID    // for the platform
	Countersigned civil.Date

	// Of a contract that the borrower signed on paper: where, its hash, and who recorded it.
	Branch  Code
	Paper   event.Hash
	Witness ActorID
}

func (s *Signing) code(c *event.Codec) {
	c.Hash(&s.Hash)
	c.Date(&s.On)
	c.Date(&s.FirstDue)
	event.Text(c, &s.Issuer)
	c.Date(&s.Signed)
	event.Text(c, &s.Countersigner)
	c.Date(&s.Countersigned)
	event.Text(c, &s.Branch)
	c.Hash(&s.Paper)
	event.Text(c, &s.Witness)
}

// standsFor refuses a contract that is not the one issued, or no longer says what the loan is.
func (l *Loan) standsFor(h event.Hash) error {
	s, thing := l.Dossier.Contract, "contract of loan "+string(l.ID)
	if s.Issuer == "" {
		return &Error{ErrContract, thing, "has to be issued"}
	}
	if h != s.Hash {
		return &Error{ErrContract, thing, "is not the one that was issued"}
	}
	now, err := l.Contract(s.On, s.FirstDue)
	if err != nil {
		return err
	}
	if now.Hash() != h {
		return &Error{ErrContract, thing, "has changed; issue it again"}
	}
	return nil
}

// signed refuses a loan whose product wants a contract that is not signed on both sides.
func (l *Loan) signed() error {
	if !l.Product.ContractRequired {
		return nil
	}
	s, thing := l.Dossier.Contract, "contract of loan "+string(l.ID)
	if err := l.standsFor(s.Hash); err != nil {
		return err
	}
	switch {
	case s.Signed.IsZero():
		return &Error{ErrContract, thing, "waits for the borrower"}
	case s.Countersigner == "":
		return &Error{ErrContract, thing, "waits for the platform"}
	}
	return nil
}
