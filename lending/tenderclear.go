package lending

import (
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// TenderCleared stands on a loan whose tender raised enough, and is the outcome of [CloseTender]: it
// decides what is taken of every bid and what the borrower pays (开标).
type TenderCleared struct {
	By     ActorID
	Rate   schedule.Rate `json:",omitzero"` // what the borrower pays, at most the reserve
	Raised money.Amount
	Taken  []int64    // of the bids that stand, in their order, minor units; empty: all of it
	Until  civil.Date // last day on which the borrower may take less than he wanted; zero: it is funded
	Payout PayoutID   // stream that releases the rest in chunks; empty if it was done at once

	ReviewBy civil.Date // last day on which a funded loan may be reviewed; zero for none
}

// Type implements event.Of.
func (TenderCleared) Type() string { return "tender-cleared" }

// Apply implements event.Of.
func (e TenderCleared) Apply(l *Loan) {
	l.State, l.Rate, l.Raised, l.Payout = StateOffered, e.Rate, e.Raised.Minor(), e.Payout
	l.AnswerBy = e.Until
	l.settle(e.Taken)
	if e.Until.IsZero() {
		l.State, l.Amount, l.ReviewBy = StateFullyFunded, e.Raised, e.ReviewBy
	}
}

// Code implements event.Coder.
func (e *TenderCleared) Code(c *event.Codec) {
	event.Text(c, &e.By)
	codeRate(c, &e.Rate)
	c.Amount(&e.Raised)
	c.Ints(&e.Taken)
	c.Date(&e.Until)
	event.Text(c, &e.Payout)
	c.Date(&e.ReviewBy)
}

// TenderOpened stands on a loan that now takes bids.
type TenderOpened struct{ On civil.Date }

// Type implements event.Of.
func (TenderOpened) Type() string { return "tender-opened" }

// Apply implements event.Of.
func (TenderOpened) Apply(l *Loan) { l.State = StateOpen }

// Code implements event.Coder.
func (e *TenderOpened) Code(c *event.Codec) { c.Date(&e.On) }

// CloseTender clears a tender before its deadline (截标), where the product allows it and no bid can be
// withdrawn any more: an officer when enough was raised, the borrower when all was. Given by an
// officer or a party.
type CloseTender struct{ Loan LoanID }

// Home implements Command.
func (c CloseTender) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CloseTender) Allowed() []Role { return []Role{RoleOfficer, RoleParty} }

// Decide implements Command.
func (c CloseTender) Decide(t *Tx, l *Loan) (TenderCleared, error) {
	none := TenderCleared{}
	if err := l.in(c.Loan, StateOpen); err != nil {
		return none, err
	}
	borrower := t.Actor.Role == RoleParty
	who := t.disinterested(l)
	if borrower {
		who = t.self(l.Borrower)
	}
	if who != nil {
		return none, who
	}
	refuse := func(err error, why string) (TenderCleared, error) {
		return none, &Error{err, "tender of loan " + string(l.ID), why}
	}
	switch {
	case !l.Product.Tender.EarlyClose:
		return refuse(ErrState, "is not closed before its deadline by this product: see Tender.EarlyClose")
	case t.On.After(l.Deadline):
		return refuse(ErrState, "ended on "+l.Deadline.String()+" and is cleared by the day-end")
	case t.On.Before(l.Opens):
		return refuse(ErrDate, "opens on "+l.Opens.String())
	case !l.Revocable.IsZero() && !t.On.After(l.Revocable):
		return refuse(ErrPending, "has bids that may be withdrawn until "+l.Revocable.String())
	}
	if err := l.answered(); err != nil {
		return none, err
	}
	ev, why, err := t.clear(l)
	switch {
	case err != nil:
		return none, err
	case why != "":
		return refuse(ErrState, "has "+amount(l.Raised, l.Currency()).String()+": "+string(why))
	case borrower && ev.Raised != l.Amount:
		return refuse(ErrState, "has "+ev.Raised.String()+" of "+l.Amount.String())
	}
	return ev, nil
}

// endTender takes the tender's next step if its day has come.
func (t *Tx) endTender(l *Loan) error {
	if work := l.tenderWork(); work.IsZero() || t.On.Before(work) {
		return nil
	}
	why := Code("unanswered")
	switch l.State {
	case StateFullyFunded:
		why = "unreviewed"
	case StateScheduled:
		return event.Write(t.Tx, LoanRef(l.ID), TenderOpened{t.On})
	case StateOpen:
		if err := l.answered(); err != nil {
			return err
		}
		ev, failure, err := t.clear(l)
		if err != nil {
			return err
		}
		if failure == "" {
			return event.Write(t.Tx, LoanRef(l.ID), ev)
		}
		why = failure
	}
	failed, err := t.failTender(l, why)
	if err != nil {
		return err
	}
	return event.Write(t.Tx, LoanRef(l.ID), failed)
}

// clear decides the tender as it stands and releases what is not taken; or it changes nothing and
// says why the tender fails.
func (t *Tx) clear(l *Loan) (ev TenderCleared, failure Code, err error) {
	out, err := l.cleared()
	if err != nil || out.Failure != 0 {
		return ev, Code(out.Failure.String()), err
	}
	if out.Total < min(l.Amount.Minor(), l.Product.MinAmount.Minor()) {
		return ev, "below-smallest-loan", nil
	}
	ev = TenderCleared{By: t.Actor.ID, Raised: amount(out.Total, l.Currency()), Taken: out.Taken}
	if ev.Rate, err = schedule.RateFromPico(out.Pico, l.Rate.Basis()); err != nil {
		return ev, "", err
	}
	if !l.plans(ev.Raised, ev.Rate, t.On) {
		return ev, "no-plan", nil
	}
	o := PayoutOrder{Kind: PayRelease}
	if len(ev.Taken) > 0 {
		o.Rows = l.released(ev.Taken)
	}
	if err := t.wantPay(l, o, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return ev, "", err
	}
	if short := out.Total - l.Amount.Minor(); short < 0 {
		if ev.Until, err = t.short(l, short); err != nil {
			return ev, "", err
		}
	}
	ev.ReviewBy = t.reviewBy(l, ev.Until.IsZero())
	if len(o.Rows) > 0 {
		ev.Payout, err = t.pay(l, o)
	}
	return ev, "", err
}

// plans reports whether the loan has a plan at another amount and rate.
func (l *Loan) plans(a money.Amount, r schedule.Rate, on civil.Date) bool {
	_, err := l.Product.Terms(a, l.Periods, r, on).Plan()
	return err == nil
}

// short deals with a loan that raised less than was wanted: the borrower is asked, until the date that
// is returned, or asks for less from now on.
func (t *Tx) short(l *Loan, delta int64) (until civil.Date, err error) {
	rules := &l.Product.Tender
	if rules.OnDeadline != AskBorrower {
		return until, t.borrows(l, delta, false)
	}
	if until = t.On.AddDays(rules.AnswerDays); until.AddDays(1).IsZero() {
		return until, &Error{ErrDate, "loan " + string(l.ID), "its borrower would be asked beyond the calendar"}
	}
	return until, nil
}

// cleared is the tender's outcome as it stands, with what is taken of the bids that stand; nil where
// that is all of it.
func (l *Loan) cleared() (Cleared, error) {
	rules := l.tenderRules()
	offers := l.offers()
	out := Cleared{Total: l.Offered, Pico: rules.Reserve, Own: rules.Mechanism.OwnRates()}
	switch rules.Mechanism {
	case FirstCome: // what stands was taken when it came
		return out.judge(rules.enough()), nil
	case OpenAuction, MarketRate:
		out.Pico = average(offers, unitsOf(offers), rules.Round)
		return out.judge(rules.enough()), nil
	}
	out, err := ClearTender(rules, offers)
	if err != nil || out.Failure != 0 || slices.Equal(out.Taken, unitsOf(offers)) {
		out.Taken = nil
	}
	return out, err
}

func unitsOf(offers []Offer) []int64 {
	units := make([]int64, len(offers))
	for i := range offers {
		units[i] = offers[i].Units
	}
	return units
}
