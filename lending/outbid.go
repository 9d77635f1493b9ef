package lending

import (
	"cmp"
	"maps"
	"slices"
)

// outbid places a bid in an open auction. Whom it displaces is released at once; of the lender's own
// bids only the difference moves.
func (t *Tx) outbid(l *Loan, b *Bid, ev BidPlaced) (BidPlaced, error) {
	none := BidPlaced{}
	units, losers, err := l.auction().Place(nil, l.offer(ev.Bid, b, b.Asked))
	if err != nil {
		return none, err
	}
	ev.Accepted = amount(units, l.Currency())
	held := units
	lost, left := map[PartyID]int64{}, map[lotKey]int64{}
	for _, o := range losers {
		loser := &l.Bids[o.Offer.ID-1]
		if loser.Pending {
			return none, &Error{ErrPending, "loan " + string(l.ID), "a better bid has to wait for the custodian"}
		}
		ev.Outbid = append(ev.Outbid, Displaced{int(o.Offer.ID), o.Units})
		left[l.lotOf(loser)] += o.Units
		if loser.Lender == b.Lender {
			held -= o.Units
			continue
		}
		lost[loser.Lender] += o.Units
	}
	if err := l.crowded(b, left); err != nil {
		return none, err
	}
	o := PayoutOrder{Kind: PayRelease, Rows: releases(lost)}
	if err := t.wantPay(l, o, WalletRef(b.Lender, l.Currency()).Stream()); err != nil {
		return none, err
	}
	if ev.Pending, err = t.hold(l, b.Lender, held); err != nil {
		return none, err
	}
	if len(o.Rows) > 0 {
		ev.Payout, err = t.pay(l, o)
	}
	return ev, err
}

// crowded refuses a bid that would be one lot too many, when so many units have left each lot.
func (l *Loan) crowded(b *Bid, left map[lotKey]int64) error {
	lots := len(l.stands)
	for k, n := range left {
		if n == l.stands[k] {
			lots--
		}
	}
	if _, known := l.stands[l.lotOf(b)]; !known && lots >= MaxLots {
		return &Error{ErrBid, "loan " + string(l.ID), "has as many lenders, or lenders' rates, as a loan can have"}
	}
	return nil
}

// auction is the open auction as it stands.
func (l *Loan) auction() *Auction { return resume(l.tenderRules(), l.offers()) }

// offers are the bids that stand, in their order, as rows for clearing. What counts for the rank of
// each is when it was placed.
func (l *Loan) offers() []Offer {
	offers := make([]Offer, 0, l.standing)
	for i := range l.Bids {
		if b := &l.Bids[i]; b.State == BidStanding {
			offers = append(offers, l.offer(i+1, b, b.Amount))
		}
	}
	return offers
}

// offer is units of a bid as a row for clearing.
func (l *Loan) offer(number int, b *Bid, units int64) Offer {
	lender := b.first
	if lender == 0 { // not entered yet
		if lender = l.lenders[b.Lender].first; lender == 0 {
			lender = uint32(number)
		}
	}
	return Offer{Units: units, Pico: b.Pico, Time: int64(number), ID: uint32(number), Lender: lender}
}

// released is what lenders get back of what is on hold, by lender, when each bid that stands or was
// taken keeps some units, in their order, those that keep does not name none.
func (l *Loan) released(keep []int64) []PayoutRow {
	lost := map[PartyID]int64{}
	n := 0
	for i := range l.Bids {
		b := &l.Bids[i]
		if !b.State.in() {
			continue
		}
		if kept := *at(keep, n); b.Amount > kept {
			lost[b.Lender] += b.Amount - kept
		}
		n++
	}
	return releases(lost)
}

// releases are the rows of a payout that takes money off hold, in the order of lender ids.
func releases(lost map[PartyID]int64) []PayoutRow {
	rows := make([]PayoutRow, 0, len(lost))
	for p, n := range maps.All(lost) {
		rows = append(rows, PayoutRow{Party: p, Gross: n, Stake: n})
	}
	slices.SortFunc(rows, func(a, b PayoutRow) int { return cmp.Compare(a.Party, b.Party) })
	return rows
}
