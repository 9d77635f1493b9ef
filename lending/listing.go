package lending

import (
	"errors"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Publish opens an approved loan for bids (发标). [Loan.Publishable] is the checklist, the source of an
// application that came off line is on record, every gate is asked, and the publisher must be another
// person than the analyst who approved. Given by an
// officer.
type Publish struct{ Loan LoanID }

// LoanPublished is the outcome of [Publish].
type LoanPublished struct {
	By       ActorID
	On       civil.Date
	Opens    civil.Date // first day on which bids are taken
	Deadline civil.Date // last day on which bids are taken
}

// Type implements event.Of.
func (LoanPublished) Type() string { return "published" }

// Apply implements event.Of.
func (e LoanPublished) Apply(l *Loan) {
	l.State, l.Publisher, l.Published, l.Deadline = StateOpen, e.By, e.On, e.Deadline
	if l.Course = (Course{Opens: e.Opens, Wanted: l.Amount, Reserve: l.Rate}); e.Opens.After(e.On) {
		l.State = StateScheduled
	}
}

// Code implements event.Coder.
func (e *LoanPublished) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Date(&e.Opens)
	c.Date(&e.Deadline)
}

// Home implements Command.
func (c Publish) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (Publish) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c Publish) Decide(t *Tx, l *Loan) (LoanPublished, error) {
	none := LoanPublished{}
	if err := l.in(c.Loan, StateApproved); err != nil {
		return none, err
	}
	if err := errors.Join(different(l.Analyst, t.Actor.ID), t.disinterested(l), l.current(t.On)); err != nil {
		return none, err
	}
	if err := t.May(l.Borrower, ActBorrow); err != nil {
		return none, err
	}
	if err := errors.Join(l.Publishable(t.On), t.sourced(l), t.exposed(&l.Product, l.Borrower, l.ID, l.Amount)); err != nil {
		return none, err
	}
	rules := &l.Product.Tender
	opens := t.On.AddDays(rules.DelayDays)
	deadline := opens.AddDays(l.openDays())
	if opens.IsZero() || deadline.IsZero() || deadline.AddDays(rules.CancelDays+1).IsZero() {
		return none, &Error{ErrDate, "loan " + string(l.ID), "its tender would end after the calendar"}
	}
	if err := t.admit(l); err != nil {
		return none, err
	}
	return LoanPublished{t.Actor.ID, t.On, opens, deadline}, nil
}

// Listing is what a lender sees of a loan.
type Listing struct {
	Loan     LoanID
	Product  ProductID
	State    State
	Grade    Code
	Amount   money.Amount
	Raised   money.Amount
	Rate     string // what the borrower pays: at most so much as long as it takes bids
	Periods  int
	Deadline civil.Date
	Bids     int

	Mechanism Mechanism
	Wanted    money.Amount // as published; Amount is less if it was closed in part
	Reserve   string       // the rate as published
	Opens     civil.Date
	// Lowest and Highest are the rates of the bids that stand or were taken. They are empty where there
	// are none, or none to be shown: at a fixed rate, and in a sealed tender until it is cleared.
	Lowest, Highest string
	// ToBeat is the highest rate at which a bid would stand in an open auction; empty for none.
	ToBeat string

	FieldVerified bool    // its borrower was visited (实地认证标)
	Only          PartyID // who alone may bid, in a private tender; empty for everybody
}

// Listings lists the loans in a state in the order in which they were applied for; zero lists all
// that were ever published.
func (r *Reports) Listings(s State) (out []Listing) {
	for _, id := range r.order {
		l := r.loans[id]
		if s != 0 && l.State != s || s == 0 && l.Published.IsZero() {
			continue
		}
		out = append(out, l.listing())
	}
	return out
}

// Open lists the loans that take bids, in the order of their publication.
func (r *Reports) Open() (ids []LoanID) {
	for _, id := range r.opened {
		if r.loans[id].State == StateOpen {
			ids = append(ids, id)
		}
	}
	return ids
}

// listing is what a lender sees of the loan.
func (l *Loan) listing() Listing {
	v := Listing{
		Loan: l.ID, Product: l.Product.ID, State: l.State, Grade: l.Grade, Amount: l.Amount,
		Raised: amount(l.Raised, l.Currency()), Rate: l.Rate.String(), Periods: l.Periods,
		Deadline: l.Deadline, Bids: len(l.Bids), Mechanism: l.Product.Tender.Mechanism,
		Wanted: l.Wanted, Reserve: l.Reserve.String(), Opens: l.Opens,
		FieldVerified: l.Dossier.Visit.Passed, Only: l.Product.Fronting,
	}
	m, sealed := v.Mechanism, l.State == StateOpen && v.Mechanism != OpenAuction
	if m.FixedRate() || sealed {
		return v
	}
	if low, high, ok := l.named(); ok {
		v.Lowest, v.Highest = l.rate(low), l.rate(high)
	}
	if m == OpenAuction && l.State == StateOpen {
		if pico, ok := l.auction().ToBeat(); ok {
			v.ToBeat = l.rate(pico)
		}
	}
	return v
}

// named is the range of rates of the bids that stand or were taken.
func (l *Loan) named() (low, high int64, ok bool) {
	for i := range l.Bids {
		b := &l.Bids[i]
		if !b.State.in() {
			continue
		}
		if low, high = min(low, b.Pico), max(high, b.Pico); !ok {
			low, high, ok = b.Pico, b.Pico, true
		}
	}
	return low, high, ok
}

// rate is a rate of the loan's basis for people.
func (l *Loan) rate(pico int64) string {
	r, err := schedule.RateFromPico(pico, l.Rate.Basis())
	if err != nil {
		return ""
	}
	return r.String()
}

// AppendListingsCSV appends listings as CSV by RFC 4180: a header and one record a listing, each ended by
// CR LF. Amounts are plain digits with all decimals of the currency; a date that has not been set and a
// rate that is not to be shown are empty.
func AppendListingsCSV(dst []byte, listings []Listing) []byte {
	dst = append(dst, "loan,product,state,grade,currency,amount,raised,wanted,rate,reserve,lowest,highest,to-beat,"+
		"periods,mechanism,bids,opens,deadline\r\n"...)
	for i := range listings {
		l := &listings[i]
		dst = appendRecord(dst, string(l.Loan), string(l.Product), l.State, string(l.Grade), l.Amount.Currency().Code(),
			l.Amount, l.Raised, l.Wanted, l.Rate, l.Reserve, l.Lowest, l.Highest, l.ToBeat,
			l.Periods, l.Mechanism, l.Bids, l.Opens, l.Deadline)
	}
	return dst
}
