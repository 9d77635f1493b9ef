package transfer

import (
	"cmp"
	"context"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Failure is a short holding for which there was no buyer on its day (续转失败).
type Failure struct {
	Listing int          // by which it was offered
	Outcome Outcome      // what became of it
	Refused lending.Code // why it was not taken back, as of [lending.CodeOf]; empty where nobody was to
}

func (f *Failure) code(c *event.Codec) {
	c.Count(&f.Listing)
	event.Enum(c, &f.Outcome)
	event.Text(c, &f.Refused)
}

// fail notes on a listing that its day has passed without a buyer.
func (b *Board) fail(f *Failure, on civil.Date) {
	x := b.listing(f.Listing)
	if x == nil {
		return
	}
	if x.Failed.IsZero() {
		x.Failed = on
	}
	x.Refused = f.Refused
}

// unsold takes the short holdings back, or extends them, whose day has passed without a buyer. It is
// the same failure until the reason changes for which one is not taken back.
func (ev *BoardLooked) unsold(t *lending.Tx, l *lending.Loan, b *Board) error {
	list := ev.failing(t.On, b)
	if err := wantBack(t, list, l.Currency()); err != nil {
		return err
	}
	for tried, x := range list {
		f := Failure{Listing: x.Number, Outcome: Extended}
		if x.Tenor.Failed == TakenBack {
			s, err := x.back(t, l, max(tried-maxTraders, len(ev.Back)-MaxFills) >= 0)
			switch {
			case err == nil:
				err = x.pay(t, &s, lending.Avail(s.Buyer))
				s.Number, f.Outcome = b.Sales+len(ev.Back)+1, TakenBack
				ev.Back = append(ev.Back, s)
			case refusal(err):
				f.Refused, err = lending.Code(lending.CodeOf(err)), nil
			}
			if err != nil {
				return err
			}
		}
		if x.Failed.IsZero() || f.Outcome == TakenBack || f.Refused != x.Refused {
			ev.Failed = append(ev.Failed, f)
		}
	}
	return nil
}

// failing are the short holdings whose day has passed without a buyer, those to be taken back first.
func (ev *BoardLooked) failing(on civil.Date, b *Board) (list []*Listing) {
	for i := range b.Listings {
		if x := &b.Listings[i]; x.rolls() && on.After(x.Opens) && !ev.lapses(x.Number) {
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(x, y *Listing) int { return cmp.Compare(y.Tenor.Failed, x.Tenor.Failed) })
	return list
}

// wantBack loads at once what taking them back looks at.
func wantBack(t *lending.Tx, list []*Listing, c money.Currency) error {
	var sellers, buyers []lending.PartyID
	for _, x := range list[:min(len(list), maxTraders)] {
		if x.Tenor.Failed == TakenBack {
			sellers, buyers = append(sellers, x.Seller), append(buyers, x.Backstop)
		}
	}
	return wantTraders(t, sellers, buyers, c)
}

// back gives title to who is to take a listing back, if not too many were before it. What it refuses has
// changed nothing.
func (x *Listing) back(t *lending.Tx, l *lending.Loan, full bool) (s Sale, err error) {
	if full {
		return s, refuse(ErrSlice, "so many are taken back at a time")
	}
	if r := x.lapsed(l, t.On); r != 0 {
		return s, refuse(ErrLapsed, "listing %d: %s", x.Number, r)
	}
	if err := unsuspended(t, l); err != nil {
		return s, err
	}
	if s, err = x.quote(l, x.Units, x.Ask, t.On); err != nil {
		return s, err
	}
	s.Buyer, s.Version = x.Backstop, t.Version(lending.LoanRef(l.ID).Stream())
	if err := x.mayTrade(t, s.Buyer, l, s.Principal); err != nil {
		return s, err
	}
	w, err := event.Read(t.Tx, lending.WalletRef(s.Buyer, x.Terms.Currency))
	if err != nil {
		return s, err
	}
	if w.Available < s.Debit {
		return s, refuse(lending.ErrFunds, "party %s has %s", s.Buyer, show(w.Available, x.Terms.Currency))
	}
	return s, x.title(t, l.ID, &s)
}

// ShortHolding is a claim that is held for some days (期限拆分持有), or that waits for its next buyer.
type ShortHolding struct {
	Listing   int // by which it is, or will be, offered
	Holder    lending.PartyID
	Lot       int
	Principal int64      // unpaid, minor units: what the next buyer pays, and the interest accrued
	Opens     civil.Date // the last day of the holding, on which it is offered anew
	WaitDays  int        // since then, zero before
	Failed    civil.Date // the day on which it was seen that nobody had bought it; zero if it has not been
	Backstop  lending.PartyID
	Refused   lending.Code // why he has not taken it back
	Rests     bool         // not for sale now: the loan is overdue
}

// ShortHoldings lists the short holdings of claims on a loan as they stand on a day, the earliest first.
func ShortHoldings(ctx context.Context, d *lending.Desk, loan lending.LoanID, on civil.Date) ([]ShortHolding, error) {
	b, _, err := lending.View(ctx, d, BoardRef(loan))
	if err != nil {
		return nil, err
	}
	l, _, err := lending.View(ctx, d, lending.LoanRef(loan))
	if err != nil {
		return nil, err
	}
	var list []ShortHolding
	for i := range b.Listings {
		x := &b.Listings[i]
		r := x.lapsed(l, on)
		if !x.rolls() || x.over(r) {
			continue
		}
		lot := &l.Lots[x.Lot]
		list = append(list, ShortHolding{Listing: x.Number, Holder: x.Seller, Lot: x.Lot,
			Principal: lot.Units - lot.Paid[lending.Principal], Opens: x.Opens, WaitDays: max(0, on.Sub(x.Opens)),
			Failed: x.Failed, Backstop: x.Backstop, Refused: x.Refused, Rests: r != 0})
	}
	return list, nil
}
