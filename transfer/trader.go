package transfer

import (
	"cmp"
	"slices"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/money"
)

// maxTraders bounds the listings, and the orders, whose parties one command asks about: so many streams fit
// in one commit.
const maxTraders = 500

// mayTrade refuses a seller who may not hold claims, and a buyer as [lending.Tx.MayLend] does.
func (x *Listing) mayTrade(t *lending.Tx, buyer lending.PartyID, l *lending.Loan, principal int64) error {
	if err := t.May(x.Seller, lending.ActHold); err != nil {
		return err
	}
	return t.MayLend(buyer, l, principal)
}

// wantTraders loads at once what sales between parties look at.
func wantTraders(t *lending.Tx, sellers, buyers []lending.PartyID, c money.Currency) error {
	streams := make([]event.Stream, 0, 2*len(sellers)+3*len(buyers))
	for _, p := range sellers {
		streams = append(streams, lending.PartyRef(p).Stream(), lending.WalletRef(p, c).Stream())
	}
	for _, p := range buyers {
		streams = append(streams, lending.PartyRef(p).Stream(), lending.WalletRef(p, c).Stream(), FacilityRef(p).Stream())
	}
	return t.Want(streams...)
}

// traders leaves of both sides of a book those who may trade at all: whose prices meet, the first of each side
// by price and time, less those whose standing does not allow it.
func (f *filling) traders(asks []BookAsk, bids []BookBid) ([]BookAsk, []BookBid, error) {
	sortBook(asks, bids)
	if len(asks) == 0 || len(bids) == 0 {
		return nil, nil, nil
	}
	least, most := asks[0].PPM, bids[0].PPM
	asks = slices.DeleteFunc(asks, func(a BookAsk) bool { return a.PPM > most })
	bids = slices.DeleteFunc(bids, func(b BookBid) bool { return b.PPM < least })
	asks, bids = asks[:min(len(asks), maxTraders)], bids[:min(len(bids), maxTraders)]
	var sellers, buyers []lending.PartyID
	for i := range asks {
		sellers = append(sellers, asks[i].Seller)
	}
	for i := range bids {
		buyers = append(buyers, bids[i].Buyer)
	}
	if err := wantTraders(f.tx, sellers, buyers, f.loan.Currency()); err != nil {
		return nil, nil, err
	}
	var failed error
	barred := func(err error) bool {
		failed = cmp.Or(failed, skipped(err))
		return err != nil
	}
	asks = slices.DeleteFunc(asks, func(a BookAsk) bool { return barred(f.tx.May(a.Seller, lending.ActHold)) })
	bids = slices.DeleteFunc(bids, func(b BookBid) bool { return barred(f.stillMay(b)) })
	return asks, bids, failed
}
