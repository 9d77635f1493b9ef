package lending

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule"
	"github.com/loanweave/loanweave/schedule/civil"
)

// TermTrades is what a book matched for one term on the last two days on which it matched anything.
type TermTrades struct {
	Term   int
	Last   DayTrades
	Before DayTrades
}

// DayTrades is what a book matched for one term on a day.
type DayTrades struct {
	Day civil.Date // zero for none
	sum blend
}

// Minor returns what was matched, in minor units.
func (t *DayTrades) Minor() int64 { return int64(t.sum.units) }

func (t *TermTrades) code(c *event.Codec) {
	c.Count(&t.Term)
	t.Last.code(c)
	t.Before.code(c)
}

func (t *DayTrades) code(c *event.Codec) {
	c.Date(&t.Day)
	c.Uint(&t.sum.hi)
	c.Uint(&t.sum.lo)
	c.Uint(&t.sum.units)
}

// maxTraded bounds the units of a term on one day of which the rate is the average.
const maxTraded = 1 << 62

// trade counts units that were matched at a rate. No command matches on a day before the last.
func (b *OfferBook) trade(term int, on civil.Date, minor, pico int64) {
	at, found := slices.BinarySearchFunc(b.Trades, term,
		func(t TermTrades, term int) int { return cmp.Compare(t.Term, term) })
	if !found {
		b.Trades = slices.Insert(b.Trades, at, TermTrades{Term: term})
	}
	t := &b.Trades[at]
	if on.After(t.Last.Day) {
		t.Before, t.Last = t.Last, DayTrades{Day: on}
	}
	if minor > 0 && minor <= MaxLoan && pico >= 0 && pico <= schedule.MaxPico && t.Last.sum.units < maxTraded-MaxLoan {
		t.Last.sum.add(minor, pico)
	}
}

// TermRate is the rate of a market for a term, by what was matched on one day.
type TermRate struct {
	Term  int
	Day   civil.Date
	Minor int64 // matched, in minor units
	Rate  schedule.Rate
}

// Rate returns the market rate for a term on a date (市场利率): the average, by units, of what was matched
// on the last day before it on which anything was, rounded by the book's mode. A book knows the last
// two such days of each term; it is an ErrUnknown if neither is before the date.
func (b *OfferBook) Rate(term int, on civil.Date) (TermRate, error) {
	for i := range b.Trades {
		t := &b.Trades[i]
		for _, d := range []*DayTrades{&t.Last, &t.Before} {
			if t.Term != term || d.Minor() == 0 || !d.Day.Before(on) {
				continue
			}
			r, err := schedule.RateFromPico(d.sum.rate(b.Rules.Round), b.Rules.MaxRate.Basis())
			return TermRate{term, d.Day, d.Minor(), r}, err
		}
	}
	thing := fmt.Sprintf("rate of market %s for %d periods", b.ID, term)
	return TermRate{}, &Error{ErrUnknown, thing, "nothing that the book still knows of was matched before " + on.String()}
}

// MarketRate returns a market's rate for a term on a date; see [OfferBook.Rate].
func (d *Desk) MarketRate(ctx context.Context, market Code, term int, on civil.Date) (TermRate, error) {
	b, err := d.Book(ctx, market)
	if err != nil {
		return TermRate{}, err
	}
	return b.Rate(term, on)
}
