package lending

import (
	"cmp"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Course is how a loan's tender has gone so far.
type Course struct {
	Opens     civil.Date    // first day of bids
	Wanted    money.Amount  // as published; the loan's Amount is less once it was closed in part
	Reserve   schedule.Rate `json:",omitzero"` // as published; the loan's Rate is what the bids made of it
	Offered   int64         // what bids have on hold, more than the amount if there are too many
	Revocable civil.Date    // last day on which a bid may still be withdrawn; zero for none
	AnswerBy  civil.Date    // last day on which the borrower may take less than he wanted
	ReviewBy  civil.Date    // last day on which a funded loan may be reviewed; zero for none
	Extended  int           // how often the deadline was put off

	pending  int                 // bids that wait for the custodian
	standing int                 // bids that stand
	lenders  map[PartyID]entrant // nil once cleared, as the next
	stands   map[lotKey]int64    // what each would have as a lot, if all that is on hold were taken
}

// entrant is a lender of an open tender: the number of his first bid and how many he placed.
type entrant struct {
	first uint32
	bids  int
}

// Bid is a lender's bid (标的). Figures are minor units of the loan's currency.
type Bid struct {
	Lender  PartyID
	Asked   int64      // what he offered
	Amount  int64      // of it on hold, or taken once the tender is cleared
	Pico    int64      // the least rate that he takes, in 1e-12; 0 in a fixed-rate tender
	Until   civil.Date // last day on which he may withdraw it; zero for none
	State   BidState
	Pending bool   // waits for a custodian that holds money itself
	first   uint32 // number of the lender's first bid, by which clearing knows him
}

// BidState is what became of a bid. Zero is unset.
type BidState uint8

// States of a bid.
const (
	BidStanding BidState = iota + 1 // on hold, all or in part
	BidRevoked                      // withdrawn by its lender, in time (撤标)
	BidOutbid                       // all of it was displaced by better ones (被超越)
	BidTaken                        // all or a part of it is in the loan (中标)
	BidRefused                      // the custodian did not hold any of it
	BidLost                         // released: others were better, or the tender failed (落标)
)

var bidNames = [...]string{"", "standing", "revoked", "outbid", "taken", "refused", "lost"}

// String returns the state's name.
func (s BidState) String() string { return nameOf(bidNames[:], s, "bid") }

// MarshalText returns the state's name.
func (s BidState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name. Any other text is an [ErrTerms] and leaves s as it was.
func (s *BidState) UnmarshalText(text []byte) error {
	return readName(s, bidNames[:], text, "bid state")
}

// in reports whether a bid in the state has money in the loan.
func (s BidState) in() bool { return s == BidStanding || s == BidTaken }

// lotKey tells lots apart: a lender's money at one rate is one lot.
type lotKey struct {
	lender PartyID
	pico   int64 // 0 where all lenders earn the same
}

func (k lotKey) compare(o lotKey) int {
	return cmp.Or(cmp.Compare(k.lender, o.lender), cmp.Compare(k.pico, o.pico))
}

// lotOf is the lot that a bid belongs to.
func (l *Loan) lotOf(b *Bid) lotKey {
	if l.Product.Tender.Mechanism.OwnRates() {
		return lotKey{b.Lender, b.Pico}
	}
	return lotKey{b.Lender, 0}
}

// enter takes a bid in.
func (l *Loan) enter(b Bid) {
	number := uint32(len(l.Bids) + 1)
	if b.first = l.lenders[b.Lender].first; b.first == 0 {
		b.first = number
	}
	minor := b.Amount
	b.Amount, b.State = 0, BidStanding
	if b.Pending {
		l.pending++
	}
	l.standing++
	l.counts(&b)
	l.Bids = append(l.Bids, b)
	l.stand(&l.Bids[len(l.Bids)-1], minor)
}

// counts counts a bid among its lender's.
func (l *Loan) counts(b *Bid) {
	put(&l.lenders, b.Lender, entrant{b.first, l.lenders[b.Lender].bids + 1}, false)
}

// stand changes what a bid has on hold.
func (l *Loan) stand(b *Bid, minor int64) {
	b.Amount += minor
	l.Offered += minor
	l.Raised = min(l.Offered, l.Amount.Minor())
	add(&l.stands, l.lotOf(b), minor)
}

// leave takes units out of a standing bid, which ends in a state if nothing is left of it.
func (l *Loan) leave(number int, minor int64, end BidState) {
	b := at(l.Bids, number-1)
	if b.State != BidStanding {
		return
	}
	if l.stand(b, -min(minor, b.Amount)); b.Amount == 0 {
		b.State = end
		l.standing--
	}
}

// settle ends the tender: each bid that stands keeps some units, in their order, all of them where
// keep is nil.
func (l *Loan) settle(keep []int64) {
	l.Offered = 0
	n := 0
	for i := range l.Bids {
		b := &l.Bids[i]
		if !b.State.in() {
			continue
		}
		if keep != nil {
			b.Amount = max(0, min(b.Amount, *at(keep, n)))
		}
		n++
		if b.State = BidTaken; b.Amount == 0 {
			b.State = BidLost
		}
		l.Offered += b.Amount
	}
	l.lenders, l.stands, l.standing = nil, nil, 0
}

// tenderWork is the next date on which the tender has work, zero for none.
func (l *Loan) tenderWork() civil.Date {
	switch l.State {
	case StateScheduled:
		return l.Opens
	case StateOffered:
		return l.AnswerBy.AddDays(1)
	case StateFullyFunded:
		if l.ReviewBy.IsZero() {
			return civil.Date{}
		}
		return l.ReviewBy.AddDays(1)
	}
	last := l.Deadline
	if l.Product.Tender.Mechanism == FirstCome && l.Raised == l.Amount.Minor() {
		last = l.Revocable // nobody can bid any more
	}
	if l.Revocable.After(last) {
		last = l.Revocable
	}
	return last.AddDays(1)
}

// codeTender codes the tender for snapshots.
func (l *Loan) codeTender(c *event.Codec) {
	c.Date(&l.Opens)
	c.Amount(&l.Wanted)
	codeRate(c, &l.Reserve)
	c.Int(&l.Offered)
	c.Date(&l.Revocable)
	c.Date(&l.AnswerBy)
	c.Date(&l.ReviewBy)
	c.Count(&l.Extended)
	open := l.State == StateScheduled || l.State == StateOpen
	event.List(c, &l.Bids, func(c *event.Codec, b *Bid) {
		event.Text(c, &b.Lender)
		c.Int(&b.Asked)
		c.Int(&b.Amount)
		c.Int(&b.Pico)
		c.Date(&b.Until)
		event.Enum(c, &b.State)
		c.Bool(&b.Pending)
		if c.Reading() && b.Pending {
			l.pending++
		}
		first := uint64(b.first)
		c.Uint(&first)
		if b.first = uint32(first); c.Reading() && open {
			if l.counts(b); b.State == BidStanding {
				l.standing++
			}
			add(&l.stands, l.lotOf(b), b.Amount)
		}
	})
}
