package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loanweave/loanweave/examples/desk"
	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/transfer"
)

// What buyers put into one claim, and at what price the package sells when it has to.
const (
	slice     = 2_000_00
	basket    = 6_000_00
	smallest  = 100_00
	emergency = 990_000
)

func see[S any](y *year, ref event.Ref[S]) *S { return desk.See(y.Desk, ref) }

// meant passes over a refusal that is part of the story.
func (y *year) meant(err error, refusals ...error) {
	for _, r := range refusals {
		if errors.Is(err, r) {
			return
		}
	}
	y.fail(err)
}

// held is what an investor has in a package, queued whether he wants it back.
func held(p *transfer.Package, who lending.PartyID) int64 {
	for _, h := range p.Holdings {
		if h.Investor == who {
			return h.Principal
		}
	}
	return 0
}

func queued(p *transfer.Package, who lending.PartyID) bool {
	return slices.ContainsFunc(p.Queue, func(x transfer.ExitRequest) bool { return x.Investor == who })
}

// trade lists what is for sale, matches it with the money of all who buy, and settles the matches.
func (y *year) trade() {
	y.step++
	y.list(fronting, lending.Million, math.MaxInt64)
	y.list(steady, emergency, y.wanted()-y.Free(steady))
	offers := y.offers()
	if y.Err != nil || len(offers) == 0 {
		return
	}
	matches, err := transfer.Match(offers, y.orders())
	y.fail(err)
	for _, s := range matches {
		y.buy(s)
	}
}

// wanted is what the savers in the queue ask for.
func (y *year) wanted() (sum int64) {
	for _, x := range see(y, transfer.PackageRef(steady)).Queue {
		sum += x.Units
	}
	return sum
}

// list offers what a seller holds and has not offered, lot after lot, until so many units stand.
func (y *year) list(seller lending.PartyID, ppm, most int64) {
	for _, id := range y.Wallet(seller).Stakes() {
		l, b := y.Loan(id), see(y, transfer.BoardRef(id))
		for lot := range l.Lots {
			x := &l.Lots[lot]
			if x.Holder != seller || x.Units < smallest || most <= 0 {
				continue
			}
			most -= x.Units - x.Paid[lending.Principal]
			if slices.ContainsFunc(b.Listings, func(s transfer.Listing) bool { return s.Lot == lot && s.Seller == seller }) {
				continue
			}
			_, err := desk.Try(y.Desk, desk.By(seller), transfer.ListClaim{Market: market, Loan: id, Lot: lot,
				Units: x.Units, Ask: transfer.Ask{PPM: ppm}, Expires: y.Day.AddDays(28)})
			y.meant(err, lending.ErrLimit, transfer.ErrClaim) // overdue, or paid
		}
	}
}

// offers are the listings that stand.
func (y *year) offers() (offers []transfer.Offer) {
	for _, x := range y.loans {
		for _, s := range see(y, transfer.BoardRef(x.id)).Listings {
			q, err := transfer.QuoteSale(context.Background(), y.Desk.Desk, x.id, s.Number, s.Units, y.Day)
			if err != nil {
				y.meant(err, transfer.ErrLapsed, transfer.ErrClaim)
				continue
			}
			l := y.Loan(x.id)
			claim, err := transfer.OfLot(l, lending.Assignment{Lot: s.Lot, Units: s.Units}, y.Day)
			y.fail(err)
			yield, err := claim.YieldAt(q.Debit)
			y.fail(err)
			offers = append(offers, transfer.Offer{ID: transfer.OfferID(fmt.Sprintf("%s/%d", x.id, s.Number)),
				Seller: s.Seller, Borrower: x.borrower, Units: s.Units, MinSlice: s.MinSlice, Price: q.Debit,
				Yield: yield, Term: x.dues[len(x.dues)-1].Sub(y.Day)})
		}
	}
	return offers
}

// orders are the money of investors, those who have waited longest first, after that of the package. The
// fronting lender buys last, and only from the package, as far as his facility goes.
func (y *year) orders() (orders []transfer.Order) {
	order := func(who lending.PartyID, turn, spend, claim int64) {
		if spend > smallest {
			orders = append(orders, transfer.Order{ID: transfer.OrderID(who), Buyer: who, Turn: turn,
				Criteria: transfer.Criteria{Money: spend, PerClaim: claim, PerBorrower: claim, MinYield: transfer.MinYield}})
		}
	}
	for i := range investors {
		order(investor(i), y.served[investor(i)], y.Free(investor(i)), slice)
	}
	if p := see(y, transfer.PackageRef(steady)); len(p.Queue) == 0 {
		order(steady, -1, y.Free(steady), basket)
	} else {
		order(fronting, 1<<41, min(y.inventory().Free, y.Free(fronting))/4, basket)
	}
	return orders
}

// buy settles a match at the price of the moment.
func (y *year) buy(s transfer.Slice) {
	var id lending.LoanID
	var number int
	for _, x := range y.loans {
		if rest, ok := strings.CutPrefix(string(s.Offer), string(x.id)+"/"); ok {
			id = x.id
			_, err := fmt.Sscan(rest, &number)
			y.fail(err)
		}
	}
	q, err := transfer.QuoteSale(context.Background(), y.Desk.Desk, id, number, s.Units, y.Day)
	if err != nil {
		y.meant(err, transfer.ErrSlice, transfer.ErrLapsed, transfer.ErrGone)
		return
	}
	sale, err := desk.Try(y.Desk, desk.By(lending.PartyID(s.Order)), transfer.BuyClaim{Loan: id, Listing: number,
		Units: s.Units, Version: q.Version, Debit: y.Amount(q.Debit)})
	if err != nil {
		y.meant(err, lending.ErrFunds)
		return
	}
	y.served[sale.Buyer] = y.step
	y.now.slices++
	y.now.sold += sale.Debit
}
