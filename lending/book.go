package lending

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/lending/ledger"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxOffers bounds the offers that stand in one book.
const MaxOffers = 20_000

// BookRules are the rules of a market's book of standing offers. Amounts are of one currency, that of
// MinOffer, and rates of one basis, that of MaxRate. They bind what is offered; what is left of an
// offer that was matched in part may be smaller.
type BookRules struct {
	Every     schedule.Frequency // length of a period
	Terms     []int              // numbers of periods for which offers are taken, ascending
	MinOffer  money.Amount
	Increment money.Amount // offers are MinOffer plus multiples of it; zero for any amount
	MaxOffer  money.Amount // zero for no maximum
	MinRate   schedule.Rate
	RateStep  schedule.Rate // rates are multiples of it
	MaxRate   schedule.Rate
	Round     money.Mode // of the market rate
}

// Validate reports everything that is wrong with the rules at once, each an [*Error] of ErrTerms.
func (r *BookRules) Validate() error {
	var errs []error
	bad := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, &Error{ErrTerms, "book", fmt.Sprintf(format, args...)})
		}
	}
	cur, basis := r.MinOffer.Currency(), r.MaxRate.Basis()
	same := func(a money.Amount) bool { return a.IsZero() || a.Currency() == cur }
	bad(!r.Every.IsZero(), "has no length of a period")
	bad(len(r.Terms) > 0 && len(r.Terms) <= MaxTerm && slices.IsSorted(r.Terms) &&
		len(slices.Compact(slices.Clone(r.Terms))) == len(r.Terms), "needs terms in ascending order, each once")
	for _, n := range r.Terms {
		bad(n >= 1 && n <= MaxTerm, "takes offers for %d periods", n)
	}
	bad(r.MinOffer.Sign() > 0, "smallest offer %s", r.MinOffer)
	bad(same(r.Increment) && same(r.MaxOffer), "has amounts of two currencies")
	bad(r.MinRate.Pico() > 0 && r.MinRate.Pico() <= r.MaxRate.Pico(), "takes no rate")
	bad(r.RateStep.Pico() > 0, "has no step of rates")
	bad(r.MinRate.Basis() == basis && r.RateStep.Basis() == basis, "has rates of two bases")
	tender := r.tender()
	return errors.Join(append(errs, tender.Validate())...)
}

// tender is what the rules ask of an offer as a plain row.
func (r *BookRules) tender() TenderRules {
	return TenderRules{
		Mechanism: MarketRate, Amount: MaxLoan, Reserve: r.MaxRate.Pico(), RateStep: r.RateStep.Pico(),
		MinBid: r.MinOffer.Minor(), Increment: r.Increment.Minor(), MaxBid: r.MaxOffer.Minor(), Round: r.Round,
	}
}

// fixed reports whether rules that loans and standing offers rely on are as they were.
func (r *BookRules) fixed(was *BookRules) bool {
	return r.Every == was.Every && r.MinOffer.Currency() == was.MinOffer.Currency() &&
		r.MinRate == was.MinRate && r.RateStep == was.RateStep && r.Round == was.Round
}

func (r *BookRules) code(c *event.Codec) {
	codeFrequency(c, &r.Every)
	event.List(c, &r.Terms, (*event.Codec).Count)
	c.Amount(&r.MinOffer)
	c.Amount(&r.Increment)
	c.Amount(&r.MaxOffer)
	codeRate(c, &r.MinRate)
	codeRate(c, &r.RateStep)
	codeRate(c, &r.MaxRate)
	event.Enum(c, &r.Round)
}

// OfferBook is the state of a book stream: what lenders offer to one market, from which the loans of
// its products are filled, and what was matched of late. [Desk.Book] reads one.
type OfferBook struct {
	ID     Code // empty until it is defined
	Rules  BookRules
	Placed int             // offers so far: the number of the latest
	Offers []StandingOffer // that stand, by term, then the best first
	Trades []TermTrades    // by term
}

// StandingOffer is what is left of a lender's offer. Its money is on hold for the book.
type StandingOffer struct {
	Place
	Term   int // periods
	Lender PartyID
	Minor  int64
}

// Place is an offer's place among those for one term: the lowest rate first, then the earliest.
type Place struct {
	Pico  int64 // its rate, in 1e-12
	Offer int   // its number in the book, from 1
}

func (p Place) compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Pico, o.Pico), cmp.Compare(p.Offer, o.Offer))
}

func (p *Place) code(c *event.Codec) {
	c.Int(&p.Pico)
	c.Count(&p.Offer)
}

func (o *StandingOffer) compare(p *StandingOffer) int {
	return cmp.Or(cmp.Compare(o.Term, p.Term), o.Place.compare(p.Place))
}

// from is where the offers for a term begin that come after a place.
func (b *OfferBook) from(term int, after Place) int {
	at, found := slices.BinarySearchFunc(b.Offers, &StandingOffer{Place: after, Term: term},
		func(o StandingOffer, p *StandingOffer) int { return o.compare(p) })
	if found {
		at++
	}
	return at
}

// find is where an offer stands, below 0 if it does not.
func (b *OfferBook) find(number int) int {
	return slices.IndexFunc(b.Offers, func(o StandingOffer) bool { return o.Offer == number })
}

// reduce takes units out of an offer, which is gone when nothing is left.
func (b *OfferBook) reduce(number int, minor int64) {
	i := b.find(number)
	if i < 0 {
		return
	}
	if b.Offers[i].Minor -= minor; b.Offers[i].Minor <= 0 {
		b.Offers = slices.Delete(b.Offers, i, i+1)
	}
}

// Code codes the state for snapshots.
func (b *OfferBook) Code(c *event.Codec) {
	event.Text(c, &b.ID)
	b.Rules.code(c)
	c.Count(&b.Placed)
	event.List(c, &b.Offers, func(c *event.Codec, o *StandingOffer) {
		o.code(c)
		c.Count(&o.Term)
		event.Text(c, &o.Lender)
		c.Int(&o.Minor)
	})
	event.List(c, &b.Trades, func(c *event.Codec, t *TermTrades) { t.code(c) })
}

// SnapshotEvery spaces snapshots out as the book grows: writing one costs as much as it is long.
func (b *OfferBook) SnapshotEvery() int { return len(b.Offers) }

var bookKind = event.NewKind[OfferBook]("book", nil, event.On[BookDefined](), event.On[OfferPlaced](),
	event.On[OfferWithdrawn](), event.On[BookMatched]())

// BookRef refers to the stream of a market's book.
func BookRef(market Code) event.Ref[OfferBook] { return bookKind.Ref(string(market)) }

// bookHold names the holds of a book's offers. No loan's id has a dot.
func bookHold(market Code) ledger.Ref { return "book." + ledger.Ref(market) }

// HoldOffer is the ledger account of what a party has on hold for its offers in a book.
func HoldOffer(p PartyID, market Code) ledger.Account {
	return ledger.Held(ledger.Owner(p), bookHold(market))
}

// known refuses a book that is not defined.
func (b *OfferBook) known(market Code) error {
	if b.ID == "" {
		return &Error{ErrUnknown, "book " + string(market), ""}
	}
	return nil
}

// DefineBook opens a market's book of standing offers (挂单簿), or changes its rules for what is offered
// later. Given by an officer.
type DefineBook struct {
	Market Code
	Rules  BookRules
}

// BookDefined is the outcome of [DefineBook].
type BookDefined struct {
	Market Code
	Rules  BookRules
	By     ActorID
}

// Type implements event.Of.
func (BookDefined) Type() string { return "defined" }

// Apply implements event.Of.
func (e BookDefined) Apply(b *OfferBook) {
	b.ID, b.Rules = e.Market, e.Rules
	b.Rules.Terms = slices.Clone(e.Rules.Terms)
}

// Code implements event.Coder.
func (e *BookDefined) Code(c *event.Codec) {
	event.Text(c, &e.Market)
	e.Rules.code(c)
	event.Text(c, &e.By)
}

// Home implements Command.
func (c DefineBook) Home(Meta) event.Ref[OfferBook] { return BookRef(c.Market) }

// Allowed implements Command.
func (DefineBook) Allowed() []Role { return []Role{RoleOfficer} }

// Decide implements Command. It refuses a custodian that keeps sub-accounts, a malformed id, rules that
// [BookRules.Validate] finds fault with, and a change of what standing offers and loans rely on: the currency, the period, the lowest
// rate, the step of rates, and the rounding.
func (c DefineBook) Decide(t *Tx, b *OfferBook) (BookDefined, error) {
	if err := checkID("market", c.Market); err != nil {
		return BookDefined{}, err
	}
	if err := c.Rules.Validate(); err != nil {
		return BookDefined{}, err
	}
	if t.desk.cfg.Custody == PerUser {
		return BookDefined{}, &Error{ErrConfig, "book " + string(c.Market),
			"its holds are the library's own, and the custodian keeps sub-accounts: use one client account"}
	}
	if b.ID != "" && !c.Rules.fixed(&b.Rules) {
		return BookDefined{}, &Error{ErrTerms, "book " + string(b.ID),
			"cannot change its currency, period, lowest rate, step of rates or rounding; open another"}
	}
	return BookDefined{c.Market, c.Rules, t.Actor.ID}, nil
}

// Book returns a market's book as it stands; it is the caller's own.
func (d *Desk) Book(ctx context.Context, market Code) (*OfferBook, error) {
	b, _, err := View(ctx, d, BookRef(market))
	if err == nil {
		err = b.known(market)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// checkOffers holds what is on hold for books against the offers that stand in them.
func (r *Reports) checkOffers() error {
	held := map[accountKey]int64{}
	for id, w := range r.wallets {
		p, cur, err := walletOwner(id)
		if err != nil {
			return err
		}
		for market := range r.books {
			k := accountKey{HoldOffer(p, market), cur}
			held[k] += w.Held[k.account.Ref]
		}
	}
	for market, b := range r.books {
		for _, o := range b.Offers {
			held[accountKey{HoldOffer(o.Lender, market), b.Rules.MinOffer.Currency()}] -= o.Minor
		}
	}
	var errs []error
	for k, n := range held {
		if n != 0 {
			errs = append(errs, fmt.Errorf("%w: %s: holds and standing offers differ by %d", ErrInvariant, k.account, n))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

// last is the latest day on which anything was matched, zero for never.
func (b *OfferBook) last() (day civil.Date) {
	for i := range b.Trades {
		if d := b.Trades[i].Last.Day; d.After(day) {
			day = d
		}
	}
	return day
}
