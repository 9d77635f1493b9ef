package lending

import (
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// AmendListing takes a listing that nobody has bid for out of the market with other terms, within
// the product's (变更标的). It is a new credit decision: another person has to publish the loan
// again, and meets the whole checklist. What is left out stays as it was. The borrower is not asked,
// so amount and rate only fall: for more, take it out as it is, [ReferBack], and let him
// [Resubmit]. Given by an analyst.
type AmendListing struct {
	Loan     LoanID
	Amount   money.Amount  // at most what it is
	Rate     schedule.Rate `json:",omitzero"` // at most what it is, on its basis
	OpenDays int           // of the tender to come, at most the product's
}

// ListingAmended is the outcome of [AmendListing].
type ListingAmended struct {
	By       ActorID
	On       civil.Date
	Amount   money.Amount
	Rate     schedule.Rate `json:",omitzero"`
	OpenDays int
}

// Type implements event.Of.
func (ListingAmended) Type() string { return "amended" }

// Apply implements event.Of.
func (e ListingAmended) Apply(l *Loan) {
	l.State, l.Analyst, l.Amount, l.Rate = StateApproved, e.By, e.Amount, e.Rate
	l.Dossier.Sent, l.Dossier.OpenDays = e.On, e.OpenDays
}

// Code implements event.Coder.
func (e *ListingAmended) Code(c *event.Codec) {
	event.Text(c, &e.By)
	c.Date(&e.On)
	c.Amount(&e.Amount)
	codeRate(c, &e.Rate)
	c.Count(&e.OpenDays)
}

// Home implements Command.
func (c AmendListing) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (AmendListing) Allowed() []Role { return []Role{RoleAnalyst} }

// Decide implements Command. It refuses a listing with bids, terms outside the product's bounds or
// worse for the borrower, and an amount beyond the actor's authority or the borrower's limit.
func (c AmendListing) Decide(t *Tx, l *Loan) (ListingAmended, error) {
	none := ListingAmended{}
	if err := l.in(c.Loan, StateOpen, StateScheduled); err != nil {
		return none, err
	}
	if err := t.disinterested(l); err != nil {
		return none, err
	}
	if len(l.Bids) > 0 {
		return none, &Error{ErrState, "loan " + string(l.ID), "has bids; cancel its tender instead"}
	}
	ev := ListingAmended{t.Actor.ID, t.On, c.Amount, c.Rate, c.OpenDays}
	if ev.Amount.IsZero() {
		ev.Amount = l.Amount
	}
	if ev.Rate.Basis() == 0 {
		ev.Rate = l.Rate
	}
	if ev.OpenDays == 0 {
		ev.OpenDays = l.Dossier.OpenDays
	}
	if err := l.eases(ev.Amount, ev.Rate); err != nil {
		return none, err
	}
	if ev.OpenDays < 0 || ev.OpenDays > l.Product.Tender.OpenDays {
		return none, &Error{ErrLimit, "tender of loan " + string(l.ID), "may not be open so long"}
	}
	if err := l.Product.Workflow.allows(t.Actor, ev.Amount); err != nil {
		return none, err
	}
	if err := l.Product.offers(ev.Amount, l.Periods); err != nil {
		return none, err
	}
	if err := l.Product.prices(ev.Amount, l.Periods, ev.Rate, l.Grade, t.On); err != nil {
		return none, err
	}
	if err := t.exposed(&l.Product, l.Borrower, l.ID, ev.Amount); err != nil {
		return none, err
	}
	return ev, t.borrows(l, ev.Amount.Minor()-l.Amount.Minor(), false)
}

// eases refuses terms to which the borrower would have to agree.
func (l *Loan) eases(a money.Amount, r schedule.Rate) error {
	const way = "; refer it back once it is amended, and let the borrower ask for it"
	if a.Currency() != l.Currency() || a.Minor() > l.Amount.Minor() {
		return &Error{ErrLimit, "amount " + a.String(), "loan " + string(l.ID) + " has " + l.Amount.String() + way}
	}
	if r.Basis() != l.Rate.Basis() || r.Pico() > l.Rate.Pico() {
		return &Error{ErrLimit, "rate " + text(r), "loan " + string(l.ID) + " has " + text(l.Rate) + way}
	}
	return nil
}

// openDays is how long the loan's tender is open.
func (l *Loan) openDays() int {
	if l.Dossier.OpenDays > 0 {
		return l.Dossier.OpenDays
	}
	return l.Product.Tender.OpenDays
}
