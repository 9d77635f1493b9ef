package lending

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// MatchLoan fills an open loan from its product's book, the best offers for its term first and each
// at its own rate, up to the reserve (撮合). It looks at as many offers as one commit takes;
// [Desk.Match] repeats it until the loan is full or no offer is left. What is matched stands on the
// loan as bids. A loan that is full is cleared at once, another at its deadline. Given by the
// system.
type MatchLoan struct {
	Market Code
	Loan   LoanID
	After  Place // of the last offer that was looked at; zero for none
}

// BookMatched is the outcome of [MatchLoan].
type BookMatched struct {
	Loan  LoanID
	Term  int
	On    civil.Date
	Fills []BookFill // the best first
	Last  Place      // of the last offer that was looked at
	More  bool       // others come after it
}

// BookFill is what was matched of one offer (成交).
type BookFill struct {
	Place
	Lender PartyID
	Minor  int64
}

// Type implements event.Of.
func (BookMatched) Type() string { return "matched" }

// Apply implements event.Of.
func (e BookMatched) Apply(b *OfferBook) {
	for _, f := range e.Fills {
		b.reduce(f.Offer, f.Minor)
		b.trade(e.Term, e.On, f.Minor, f.Pico)
	}
}

// Code implements event.Coder.
func (e *BookMatched) Code(c *event.Codec) {
	event.Text(c, &e.Loan)
	c.Count(&e.Term)
	c.Date(&e.On)
	event.List(c, &e.Fills, func(c *event.Codec, f *BookFill) {
		f.code(c)
		event.Text(c, &f.Lender)
		c.Int(&f.Minor)
	})
	e.Last.code(c)
	c.Bool(&e.More)
}

// Home implements Command.
func (c MatchLoan) Home(Meta) event.Ref[OfferBook] { return BookRef(c.Market) }

// Allowed implements Command.
func (MatchLoan) Allowed() []Role { return []Role{RoleSystem} }

// Decide implements Command. It refuses a loan that takes no bids on the day or is not of the book,
// and a day before one on which the book was matched; where a loan was begun, it ends there without
// refusal.
//
// Passed over are the borrower's own offers, those of a lender who has his share of the loan, and
// those of one who may not lend so much, by his standing, the limits of his category or a [Line]. They keep
// their place, and so does the rest of an offer that is matched in part.
func (c MatchLoan) Decide(t *Tx, b *OfferBook) (BookMatched, error) {
	if err := b.known(c.Market); err != nil {
		return BookMatched{}, err
	}
	if err := checkID("loan", c.Loan); err != nil {
		return BookMatched{}, err
	}
	l, err := event.Read(t.Tx, LoanRef(c.Loan))
	if err != nil {
		return BookMatched{}, err
	}
	if err = l.in(c.Loan, StateOpen); err == nil {
		err = b.serves(l, t.On)
	}
	if ClassOf(err) == ClassRefused && c.After.Offer > 0 {
		return BookMatched{Loan: c.Loan, Term: l.Periods, On: t.On, Last: c.After}, nil
	}
	if err != nil {
		return BookMatched{}, err
	}
	return t.match(b, l, c.After)
}

// serves refuses a loan that is not to be filled from the book on a day.
func (b *OfferBook) serves(l *Loan, on civil.Date) error {
	r, p := &b.Rules, &l.Product
	refuse := func(err error, why string) error { return &Error{err, "loan " + string(l.ID), why} }
	switch {
	case p.Tender.Book != b.ID:
		return refuse(ErrTerms, "is not filled from the book "+string(b.ID))
	case l.Currency() != r.MinOffer.Currency() || p.Every != r.Every || l.Rate.Basis() != r.MaxRate.Basis():
		return refuse(ErrTerms, "is of another currency, period or basis of rates than the book "+string(b.ID))
	case r.MinRate.Pico() < p.MinRate.Pico() || r.RateStep.Pico()%p.Tender.RateStep.Pico() != 0:
		return refuse(ErrTerms, "does not take every rate of the book "+string(b.ID))
	case on.Before(l.Opens):
		return refuse(ErrDate, "takes no offers before "+l.Opens.String())
	case on.After(l.Deadline):
		return refuse(ErrBid, "took offers until "+l.Deadline.String())
	case on.Before(b.last()):
		return refuse(ErrDate, "is matched before the book's last trades, of "+b.last().String())
	}
	return nil
}

// next is what one commit looks at: offers for the loan's term after a place, up to its reserve.
func (b *OfferBook) next(l *Loan, after Place, most int) (offers []StandingOffer, more bool) {
	for _, o := range b.Offers[b.from(l.Periods, after):] {
		if o.Term != l.Periods || o.Pico > l.Rate.Pico() {
			return offers, false
		}
		if len(offers) == most {
			return offers, true
		}
		offers = append(offers, o)
	}
	return offers, false
}

// match fills a loan from the book's next offers, and clears it when it is full.
func (t *Tx) match(b *OfferBook, l *Loan, after Place) (BookMatched, error) {
	ev := BookMatched{Loan: l.ID, Term: l.Periods, On: t.On, Last: after}
	offers, more := b.next(l, after, t.desk.cfg.Chunk)
	ss := []event.Stream{booksStream, WalletRef(l.Borrower, l.Currency()).Stream()}
	for _, o := range offers {
		ss = append(ss, PartyRef(o.Lender).Stream(), WalletRef(o.Lender, l.Currency()).Stream())
	}
	if err := errors.Join(t.Want(ss...), t.wantLines(l, offers)); err != nil {
		return ev, err
	}
	for _, o := range offers {
		minor, err := t.fill(b, l, &o)
		if err != nil {
			return ev, err
		}
		if minor > 0 {
			ev.Fills = append(ev.Fills, BookFill{o.Place, o.Lender, minor})
		}
		if ev.Last = o.Place; l.Raised == l.Amount.Minor() {
			return ev, t.clearFull(l)
		}
	}
	ev.More = more
	return ev, nil
}

// fill moves what it can of an offer into the loan, as a bid, and returns how much that was.
func (t *Tx) fill(b *OfferBook, l *Loan, o *StandingOffer) (int64, error) {
	cur := l.Currency()
	w, err := event.Read(t.Tx, WalletRef(o.Lender, cur))
	if err != nil {
		return 0, err
	}
	minor := min(o.Minor, l.Amount.Minor()-l.Raised, l.perLender()-w.Stake(l.ID).Minor)
	if minor <= 0 || o.Lender == l.Borrower || len(l.Bids) >= l.maxBids() {
		return 0, nil
	}
	if err = l.crowded(&Bid{Lender: o.Lender, Pico: o.Pico}, nil); err == nil {
		err = t.MayLend(o.Lender, l, minor)
	}
	if refused, err := refusal(err); refused || err != nil {
		return 0, err
	}
	rate, err := schedule.RateFromPico(o.Pico, l.Rate.Basis())
	if err != nil {
		return 0, err
	}
	a := amount(minor, cur)
	hold := ledger.Move(ledger.Client, "matched", HoldOffer(o.Lender, b.ID), Hold(o.Lender, l.ID), a)
	if err := t.post(hold, l.stake(o.Lender, minor)); err != nil {
		return 0, err
	}
	bids := BidPlaced{Bid: len(l.Bids) + 1, Lender: o.Lender, Asked: minor, Accepted: a, Rate: rate}
	return minor, event.Write(t.Tx, LoanRef(l.ID), bids)
}

// clearFull clears a loan that is full. One that cannot be cleared is left to its deadline.
func (t *Tx) clearFull(l *Loan) error {
	ev, failure, err := t.clear(l)
	if err != nil || failure != "" {
		return err
	}
	return event.Write(t.Tx, LoanRef(l.ID), ev)
}

// Match fills a loan from its product's book, in steps of Config.Chunk offers; what comes of it does
// not depend on their number. The same key resumes after a crash and, once done, returns what was
// done. The actor is a system. When to ask is up to the host: at publication, as offers come in,
// before every day-end.
func (d *Desk) Match(ctx context.Context, m Meta, loan LoanID) (BookMatched, error) {
	all := BookMatched{Loan: loan}
	if err := m.check(); err != nil {
		return all, err
	}
	l, err := d.Loan(ctx, loan)
	if err != nil {
		return all, err
	}
	for step := 0; ; step++ {
		meta := m.mint("match", fmt.Sprintf("%s/%d", m.Key, step))
		e, err := Do(ctx, d, meta, MatchLoan{l.Product.Tender.Book, loan, all.Last})
		if err != nil {
			return all, err
		}
		e.Fills = slices.Concat(all.Fills, e.Fills)
		if all = e; !e.More {
			return all, nil
		}
	}
}
