package lending

import (
	"errors"
	"fmt"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// PlaceBid offers money for an open loan (投标). The actor is the lender. What he offers is put on
// hold until the tender is cleared by its [Mechanism]; under FirstCome the last bid is cut to what is
// still wanted, in an OpenAuction a bid displaces worse ones and these are released at once. Given
// by a party.
type PlaceBid struct {
	Loan   LoanID
	Amount money.Amount
	// Rate is the least that the lender takes, at most the loan's own. It is left at zero in a tender
	// at a fixed rate.
	Rate schedule.Rate `json:",omitzero"`
}

// BidPlaced is the outcome of [PlaceBid].
type BidPlaced struct {
	Bid      int // its number in the loan, from 1
	Lender   PartyID
	Asked    int64         // what was offered, in minor units
	Accepted money.Amount  // what was taken of the bid, and is now on hold
	Rate     schedule.Rate `json:",omitzero"` // the least that the lender takes; zero at a fixed rate
	Until    civil.Date    // last day on which he may withdraw it; zero for none
	Full     bool          // the loan is fully funded
	ReviewBy civil.Date    // last day on which it may then be reviewed; zero for none
	Pending  bool          // waits for a custodian that holds money itself
	Outbid   []Displaced   // bids that were displaced, the worst first
	Payout   PayoutID      // stream that releases these in chunks; empty if it was done at once
}

// Displaced is what an earlier bid lost to a better one.
type Displaced struct {
	Bid   int   // its number
	Units int64 // minor units
}

// Type implements event.Of.
func (BidPlaced) Type() string { return "bid" }

// Apply implements event.Of.
func (e BidPlaced) Apply(l *Loan) {
	for _, d := range e.Outbid {
		l.leave(d.Bid, d.Units, BidOutbid)
	}
	l.enter(Bid{Lender: e.Lender, Asked: e.Asked, Amount: e.Accepted.Minor(), Pico: e.Rate.Pico(),
		Until: e.Until, Pending: e.Pending})
	if l.State == StateScheduled {
		l.State = StateOpen // the first bid came before the day-end
	}
	if e.Until.After(l.Revocable) {
		l.Revocable = e.Until
	}
	if e.Full {
		l.State, l.ReviewBy = StateFullyFunded, e.ReviewBy
		l.settle(nil)
	}
}

// Code implements event.Coder.
func (e *BidPlaced) Code(c *event.Codec) {
	c.Count(&e.Bid)
	event.Text(c, &e.Lender)
	c.Int(&e.Asked)
	c.Amount(&e.Accepted)
	codeRate(c, &e.Rate)
	c.Date(&e.Until)
	c.Bool(&e.Full)
	c.Date(&e.ReviewBy)
	c.Bool(&e.Pending)
	event.List(c, &e.Outbid, func(c *event.Codec, d *Displaced) {
		c.Count(&d.Bid)
		c.Int(&d.Units)
	})
	event.Text(c, &e.Payout)
}

// Bounds of one loan. They keep every event and entry of it within one record.
const (
	MaxBids = 1_000_000
	// MaxBidsPerLender bounds how many bids one lender places on a loan, those that he withdrew and
	// those that were displaced included.
	MaxBidsPerLender = 100
	MaxLots          = 5_000 // lenders of one tender, or rates of all its lenders; lots that sales may divide a loan into
)

// Home implements Command.
func (c PlaceBid) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (PlaceBid) Allowed() []Role { return []Role{RoleParty} }

// Decide implements Command. It refuses a bid before the opening or after the deadline, on one's own
// loan, below the minimum, off the increment, above what a bid or a lender may have, at a rate that
// the tender does not take, not good enough to displace another, or beyond the
// lender's limits or what the wallet has.
func (c PlaceBid) Decide(t *Tx, l *Loan) (BidPlaced, error) {
	none := BidPlaced{}
	if err := l.in(c.Loan, StateOpen, StateScheduled); err != nil {
		return none, err
	}
	if err := positive("bid", c.Amount, l.Currency()); err != nil {
		return none, err
	}
	return t.bid(l, PartyID(t.Actor.ID), c.Amount.Minor(), c.Rate)
}

// bid takes a lender's bid of so many minor units, manual or automatic. The rate is zero in a tender
// at a fixed rate.
func (t *Tx) bid(l *Loan, lender PartyID, minor int64, rate schedule.Rate) (BidPlaced, error) {
	none := BidPlaced{}
	if err := t.Want(PartyRef(lender).Stream(), WalletRef(lender, l.Currency()).Stream(), booksStream); err != nil {
		return none, err
	}
	bid := Bid{Lender: lender, Asked: minor, Pico: rate.Pico()}
	if err := l.takes(&bid, rate, t.Meta); err != nil {
		return none, err
	}
	ev := BidPlaced{Bid: len(l.Bids) + 1, Lender: lender, Asked: minor, Rate: rate}
	if n := l.Product.Tender.CancelDays; n > 0 {
		ev.Until = t.On.AddDays(n)
	}
	held := min(minor, l.Amount.Minor()-l.Raised)
	switch l.Product.Tender.Mechanism {
	case FirstCome:
		ev.Full = ev.Until.IsZero() && l.Raised+held == l.Amount.Minor() && t.desk.cfg.Custody != PerUser
		ev.ReviewBy = t.reviewBy(l, ev.Full)
	case OpenAuction:
		return t.outbid(l, &bid, ev)
	default:
		held = minor
	}
	ev.Accepted = amount(held, l.Currency())
	var err error
	ev.Pending, err = t.hold(l, lender, held)
	return ev, err
}

// takes refuses a bid that breaks the tender's rules.
func (l *Loan) takes(b *Bid, rate schedule.Rate, m Meta) error {
	refuse := func(why string) error { return &Error{ErrBid, "loan " + string(l.ID), why} }
	switch {
	case m.On.After(l.Deadline):
		return refuse("took bids until " + l.Deadline.String())
	case m.On.Before(l.Opens):
		return &Error{ErrDate, "bid", "is dated before the tender opens on " + l.Opens.String()}
	case b.Lender == l.Borrower:
		return refuse("a borrower cannot lend to himself")
	case l.standing >= l.maxBids() || len(l.Bids) >= MaxBids:
		return refuse("has as many bids as a loan can have")
	case l.lenders[b.Lender].bids >= MaxBidsPerLender:
		return &Error{ErrLimit, "loan " + string(l.ID),
			fmt.Sprintf("had %d bids of the lender, as many as it takes of one", MaxBidsPerLender)}
	}
	if err := errors.Join(l.Product.open(l.ID, b.Lender), l.booked()); err != nil {
		return err
	}
	if err := l.bears(rate); err != nil {
		return err
	}
	if err := l.fits(b); err != nil || l.Product.Tender.Mechanism == OpenAuction {
		return err // an auction has room for a bid by what that displaces
	}
	return l.crowded(b, nil)
}

// booked refuses bids on a loan that is filled from a book of standing offers.
func (l *Loan) booked() error {
	if t := &l.Product.Tender; t.Mechanism == MarketRate {
		return &Error{ErrBid, "loan " + string(l.ID), "is filled from the book " + string(t.Book) + ": place an offer there"}
	}
	return nil
}

// maxBids bounds the bids of the loan that stand.
func (l *Loan) maxBids() int {
	if m := l.Product.Tender.Mechanism; m == FirstCome || m == OpenAuction || m == MarketRate {
		return MaxBids
	}
	return maxCleared
}

// bears refuses a rate that a bid may not name.
func (l *Loan) bears(rate schedule.Rate) error {
	rules, p := &l.Product.Tender, &l.Product
	refuse := func(why string) error {
		return &Error{ErrBid, "rate " + text(rate), "loan " + string(l.ID) + " " + why}
	}
	switch {
	case rules.Mechanism.FixedRate():
		if !rate.IsZero() {
			return refuse("is lent at its own rate, a bid names none")
		}
	case rate.Basis() != l.Rate.Basis():
		return refuse("takes a rate of the basis of its own, " + text(l.Rate))
	case rate.Pico() > l.Rate.Pico():
		return refuse("bears at most " + text(l.Rate))
	case rate.Pico() < p.MinRate.Pico():
		return refuse("bears at least " + text(p.MinRate))
	case rate.Pico()%max(rules.RateStep.Pico(), 1) != 0:
		return refuse("takes rates in steps of " + text(rules.RateStep))
	}
	return nil
}

// fits refuses an amount that a bid may not have. Under FirstCome a bid for all that is still wanted
// may be below the minimum and off the increment.
func (l *Loan) fits(b *Bid) error {
	rules, minor, rest := &l.Product.Tender, b.Asked, l.Amount.Minor()-l.Raised
	refuse := func(why string) error { return &Error{ErrBid, "loan " + string(l.ID), why} }
	show := func(minor int64) string { return amount(minor, l.Currency()).String() }
	least, most := rules.MinBid.Minor(), l.maxBid()
	first := rules.Mechanism == FirstCome
	switch {
	case most > 0 && minor > most:
		return refuse("takes at most " + show(most) + " a bid")
	case minor > MaxLoan || l.Offered > money.MaxMinor-minor:
		return refuse("is offered more than an amount can be")
	case first && rest == 0:
		return refuse("is full, as long as no bid is withdrawn")
	case first && l.over(b, min(minor, rest)):
		return refuse("takes at most " + show(l.perLender()) + " of one lender")
	case first && minor >= rest:
		return nil
	case first && rules.Tail == RefuseTail && rest-minor < least:
		return refuse("would be left with " + show(rest-minor) + ", too little for another bid")
	case minor < least:
		return refuse("takes no bid below " + rules.MinBid.String())
	case !rules.Increment.IsZero() && (minor-least)%rules.Increment.Minor() != 0:
		return refuse("takes bids in steps of " + rules.Increment.String())
	}
	return nil
}

// over reports whether a lender would have more of the loan than one lender may.
func (l *Loan) over(b *Bid, minor int64) bool {
	r := &l.Product.Tender
	return (r.MaxShare > 0 || !r.MaxPerLender.IsZero()) && l.stands[l.lotOf(b)]+minor > l.perLender()
}

// perLender is the most that one lender can have of the loan.
func (l *Loan) perLender() int64 {
	r := l.tenderRules()
	return r.maxPerLender()
}

// CancelTender ends a published loan before its money is captured (流标). All holds
// are released. Given by an officer.
type CancelTender struct {
	Loan   LoanID
	Reason Code
}

// TenderFailed is the outcome of [CancelTender], and stands on a loan whose deadline passed.
type TenderFailed struct {
	By     ActorID
	Reason Code
	Payout PayoutID // stream that releases the holds in chunks; empty if they were released at once
}

// Type implements event.Of.
func (TenderFailed) Type() string { return "tender-failed" }

// Apply implements event.Of.
func (e TenderFailed) Apply(l *Loan) {
	l.State, l.Payout = StateFailed, e.Payout
	l.settle([]int64{})
}

// Code implements event.Coder.
func (e *TenderFailed) Code(c *event.Codec) {
	event.Text(c, &e.By)
	event.Text(c, &e.Reason)
	event.Text(c, &e.Payout)
}

// Home implements Command.
func (c CancelTender) Home(Meta) event.Ref[Loan] { return LoanRef(c.Loan) }

// Allowed implements Command.
func (CancelTender) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command.
func (c CancelTender) Decide(t *Tx, l *Loan) (TenderFailed, error) {
	if err := l.in(c.Loan, tendered...); err != nil {
		return TenderFailed{}, err
	}
	if err := errors.Join(checkID("reason", c.Reason), t.disinterested(l)); err != nil {
		return TenderFailed{}, err
	}
	return t.failTender(l, c.Reason)
}

// failTender releases every hold of the loan.
func (t *Tx) failTender(l *Loan, reason Code) (TenderFailed, error) {
	if err := l.answered(); err != nil {
		return TenderFailed{}, err
	}
	o := PayoutOrder{Kind: PayRelease, Rows: l.released([]int64{})}
	if err := t.wantPay(l, o, WalletRef(l.Borrower, l.Currency()).Stream()); err != nil {
		return TenderFailed{}, err
	}
	if err := t.borrows(l, -l.Amount.Minor(), false); err != nil {
		return TenderFailed{}, err
	}
	id, err := t.pay(l, o)
	return TenderFailed{t.Actor.ID, reason, id}, err
}
