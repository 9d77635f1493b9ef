package transfer

import (
	"cmp"
	"errors"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// MaxFills bounds the sales of one [MatchOrders].
const MaxFills = 100

// Bounds of work in vain: how many pairs of an order in a row may come to nothing before it is passed over, and how
// many in all before a matching ends.
const (
	maxRefused = 4
	maxVain    = 500
)

// MatchOrders fills the orders on a loan's board from its listings, as [Cross] has it (撮合成交), unless sales
// are suspended. What has lapsed is left alone, and so are instalments apart, and what yields less at what it asks
// than an order wants. Where a pair comes to nothing because a rule refuses its sale, or by a little money, the next
// one is tried, up to four times for an order. Whether an order's buyer may still buy is asked anew, as if he placed it
// today; one who may not is passed over, see [Passed]. An order buys no more than its buyer's limits leave. It looks at the first
// 500 listings and orders whose prices meet, and ends after 500 pairs that came to nothing. Given by the system or
// an officer.
type MatchOrders struct{ Loan lending.LoanID }

// OrdersMatched is the outcome of [MatchOrders].
type OrdersMatched struct {
	On civil.Date
	// Suspended names the cover that suspends all sales: there are none. It is empty where none does.
	Suspended lending.Code
	Sales     []Sale
	Passed    []Passed
	More      bool // there may be more to match: send another
}

// Type implements event.Of.
func (OrdersMatched) Type() string { return "matched" }

// Apply implements event.Of.
func (e OrdersMatched) Apply(b *Board) {
	b.Suspended = e.Suspended
	for _, x := range e.Passed {
		b.pass(x)
	}
	for i := range e.Sales {
		b.settle(&e.Sales[i])
	}
}

// Code implements event.Coder.
func (e *OrdersMatched) Code(c *event.Codec) {
	c.Date(&e.On)
	event.Text(c, &e.Suspended)
	event.List(c, &e.Sales, func(c *event.Codec, s *Sale) { s.code(c) })
	event.List(c, &e.Passed, func(c *event.Codec, x *Passed) { x.code(c) })
	c.Bool(&e.More)
}

// Home implements Command.
func (c MatchOrders) Home(lending.Meta) event.Ref[Board] { return BoardRef(c.Loan) }

// Allowed implements Command.
func (MatchOrders) Allowed() []lending.Role {
	return []lending.Role{lending.RoleSystem, lending.RoleOfficer}
}

// Decide implements Command. It refuses a board on which nothing ever stood ([ErrGone]), and a loan whose
// last payment is still being passed on ([lending.ErrPending]).
func (c MatchOrders) Decide(t *lending.Tx, b *Board) (OrdersMatched, error) {
	if err := b.used(c.Loan); err != nil {
		return OrdersMatched{}, err
	}
	l, err := event.Read(t.Tx, lending.LoanRef(c.Loan))
	if err != nil {
		return OrdersMatched{}, err
	}
	if err := t.Finished(l); err != nil {
		return OrdersMatched{}, err
	}
	if cover, err := suspender(t, l); cover != "" || err != nil {
		return OrdersMatched{On: t.On, Suspended: cover}, err
	}
	f := filling{tx: t, loan: l, board: b, listings: map[int]*Listing{}, refused: map[int]int{}, yields: map[int]Yield{},
		sales: b.Sales, offers: offers{count: b.Count, standing: len(b.Listings)}}
	asks, bids, err := f.traders(f.rows(b))
	if err != nil {
		return OrdersMatched{}, err
	}
	done, err := Cross(asks, bids, MaxFills, f.trade)
	more := !done || f.vain >= maxVain && len(f.made) > 0
	return OrdersMatched{On: t.On, Sales: f.made, Passed: f.passed, More: more}, err
}

// filling is the state of a matching: listings as they shrink, and the sales that were made.
type filling struct {
	tx       *lending.Tx
	loan     *lending.Loan
	board    *Board // as it was
	listings map[int]*Listing
	refused  map[int]int   // pairs of an order in a row that came to nothing
	vain     int           // pairs that came to nothing
	yields   map[int]Yield // see most
	sales    int
	offers   offers
	made     []Sale
	passed   []Passed
}

// rows are what stands and may trade on the day. A listing that cannot be priced is none.
func (f *filling) rows(b *Board) (asks []BookAsk, bids []BookBid) {
	on := f.tx.On
	for i := range b.Listings {
		x := b.Listings[i]
		if _, err := b.forSale(f.loan, x.Number, on); err != nil || x.Span != (lending.Span{}) || x.Rank > 0 {
			continue // a buyer has to name instalments and ranks
		}
		if err := f.loan.Salable(x.part(x.Units), on); err != nil {
			continue
		}
		if ppm, err := x.floor(f.loan, on); err == nil {
			f.listings[x.Number] = &x
			asks = append(asks, BookAsk{x.Number, x.Seller, ppm, x.Units})
		}
	}
	for _, x := range b.Orders {
		if x.Basis.lapsed(f.loan, 0, x.Expires, on) == 0 {
			bids = append(bids, BookBid{x.Number, x.Buyer, x.PPM, x.Money})
		}
	}
	return asks, bids
}

// floor is the least that a listing is sold for on a day, in parts per million of its unpaid principal:
// what it asks, or, of one at a yield, what it is worth at that yield, rounded up.
func (x *Listing) floor(l *lending.Loan, on civil.Date) (int64, error) {
	if !x.Ask.ByYield {
		return x.Ask.PPM, nil
	}
	claim, err := OfLot(l, x.part(x.Units), on)
	if err != nil {
		return 0, err
	}
	p, err := x.Ask.price(claim, x.Terms.Round)
	if err != nil {
		return 0, err
	}
	return money.MulDiv(max(0, p.Clean), lending.Million, claim.Principal(), money.Up)
}

// trade makes a sale, or none where a rule refuses it before anything is written.
func (f *filling) trade(a BookAsk, b BookBid, ppm int64) (units, cost int64, err error) {
	x := f.listings[a.Number]
	if x.Tenor != (Tenor{}) {
		ppm = x.Ask.PPM // par, whoever was there first
	}
	o := f.board.order(b.Number)
	if o.Days > x.Tenor.Days || f.refused[b.Number] >= maxRefused || f.vain >= maxVain {
		return 0, 0, nil
	}
	if o.Least != 0 && f.most(x) < o.Least {
		return 0, 0, nil
	}
	least := x.least(f.loan)
	if int64(product(least, ppm).over(lending.Million)) > b.Money+1 {
		return 0, 0, nil
	}
	if err := f.tx.MayLend(b.Buyer, f.loan, least); err != nil {
		return 0, 0, skipped(err)
	}
	f.vain++
	f.refused[b.Number]++
	if units, err = f.fits(x, b, ppm); units == 0 || err != nil {
		return 0, 0, err
	}
	return f.sell(x, b, units, ppm)
}

// sell makes a sale, or none where a rule refuses it.
func (f *filling) sell(x *Listing, b BookBid, units, ppm int64) (_, cost int64, err error) {
	s, err := x.quote(f.loan, units, Ask{PPM: ppm}, f.tx.On)
	if err != nil {
		return 0, 0, skipped(err)
	}
	if least := f.board.order(b.Number).Least; least != 0 {
		claim, err := OfLot(f.loan, x.part(units), f.tx.On)
		if err != nil {
			return 0, 0, skipped(err)
		}
		if y, err := claim.YieldAt(s.Debit); err != nil || y < least {
			return 0, 0, skipped(err)
		}
	}
	s.Number, s.Order, s.Buyer = f.sales+1, b.Number, b.Buyer
	s.Version = f.tx.Version(lending.LoanRef(f.loan.ID).Stream())
	offers := f.offers
	offers.own = f.sells(b.Buyer)
	if err := x.keep(&s, f.loan, f.board.order(b.Number).Days, &offers); err != nil {
		return 0, 0, skipped(err)
	}
	if err := x.title(f.tx, f.loan.ID, &s); err != nil { // a refusal has changed nothing: no order divides a loan
		return 0, 0, skipped(err)
	}
	if err := x.pay(f.tx, &s, HoldOrder(b.Buyer, f.loan.ID)); err != nil {
		return 0, 0, err
	}
	x.Units -= units
	f.refused[b.Number] = 0
	f.vain--
	f.sales, f.offers, f.made = s.Number, offers, append(f.made, s)
	return units, s.Debit, nil
}

// sells counts the listings of a party, those of short holdings that it was just sold included.
func (f *filling) sells(p lending.PartyID) int {
	n := f.board.sells(p)
	for i := range f.made {
		if s := &f.made[i]; s.Buyer == p && s.Roll != (Roll{}) {
			n++
		}
	}
	return n
}

// most is what a listing yields as a whole at what it asks, figured once: no dearer sale of it yields more. One
// that has no such yield is left to be refused by its sale.
func (f *filling) most(x *Listing) Yield {
	y, ok := f.yields[x.Number]
	if ok {
		return y
	}
	y = MaxYield
	if s, err := x.quote(f.loan, x.Units, x.Ask, f.tx.On); err == nil {
		if claim, err := OfLot(f.loan, x.part(x.Units), f.tx.On); err == nil {
			if at, err := claim.YieldAt(s.Debit); err == nil {
				y = at
			}
		}
	}
	f.yields[x.Number] = y
	return y
}

// least is no more than the principal of the smallest slice, of which a lot that is split keeps two minor units
// at most: what does not pay for it, or is not allowed it, is seen at little cost.
func (x *Listing) least(l *lending.Loan) int64 {
	lot := &l.Lots[x.Lot]
	unpaid := lot.Units - lot.Paid[lending.Principal]
	return max(0, int64(product(unpaid, min(x.MinSlice, x.Units)).over(lot.Units))-2)
}

// fits is the most units that a listing sells at a time, money pays for and the buyer's limits leave, possibly
// none.
func (f *filling) fits(x *Listing, b BookBid, ppm int64) (units int64, failed error) {
	dear := func(units int64) bool {
		s, err := x.quote(f.loan, units, Ask{PPM: ppm}, f.tx.On)
		if errors.Is(err, ErrClaim) {
			return false
		}
		if err == nil && s.Debit <= b.Money {
			err = f.tx.MayLend(b.Buyer, f.loan, s.Principal)
			failed = cmp.Or(failed, skipped(err))
		}
		return err != nil || s.Debit > b.Money
	}
	if !dear(x.Units) {
		return x.Units, failed
	}
	low, high := x.MinSlice, x.Units-x.MinSlice+1
	if low >= high || dear(low) {
		return 0, failed
	}
	for high-low > 1 { // low is paid for, high is not or leaves a tail
		if mid := low + (high-low)/2; dear(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return low, failed
}

// skipped is nothing for a refusal, which passes a pair over, and any other error as it is.
func skipped(err error) error {
	if refusal(err) {
		return nil
	}
	return err
}

func refusal(err error) bool {
	refusals := []lending.Class{lending.ClassRefused, lending.ClassDenied, lending.ClassInvalid}
	return slices.Contains(refusals, lending.ClassOf(err))
}
