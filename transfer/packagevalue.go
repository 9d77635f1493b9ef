package transfer

import (
	"context"
	"errors"

	"github.com/loanweave/loanweave/lending"
	"github.com/loanweave/loanweave/lending/event"
	"github.com/loanweave/loanweave/schedule/civil"
	"github.com/loanweave/loanweave/schedule/money"
)

// Valuation is what a package has against what it owes on a day, in minor units.
//
// Invariants: Value = Cash + Claims; Owed = Principal + Interest + Debt.
type Valuation struct {
	On          civil.Date
	Cash        int64 // free, on hold, and lent on loans that are not paid out yet
	Free        int64 // of Cash, what can be paid out today
	Claims      int64 // at their fair value net of lenders' fees, less what is written down: at most what they are worth at the promised yield
	WrittenDown int64
	Principal   int64 // of investors
	Interest    int64 // promised to them by the day, and not credited
	Debt        int64 // of the vehicle's wallet to the platform
	Coverage
}

// weigh values a vehicle's wallet and the loans in which it has a stake, and returns the claims as they
// count. What is written off has no stake any more and counts for nothing until it is recovered.
func (p *Package) weigh(w *lending.Wallet, loans []*lending.Loan, on civil.Date) (Valuation, []Claim, error) {
	v := Valuation{On: on, Cash: w.Available + w.HeldTotal(), Free: w.Available, Principal: p.Principal, Debt: w.Owed}
	for i := range p.Holdings {
		v.Interest = summed(v.Interest, p.Holdings[i].interest(p.Terms.RatePPM, on))
	}
	var basket []Claim
	work := 0
	for _, l := range loans {
		if l.State != lending.StateActive { // bids, on hold or on their way to the borrower
			v.Cash += w.Stake(l.ID).Minor - w.Held[lending.Hold(p.ID, l.ID).Ref]
			continue
		}
		held := lotsOf(l, p.ID)
		if work += len(held) * len(l.Lots); work > maxLotWork {
			return v, nil, refuse(ErrFull, "package %s has claims in too many parts: sell some", p.ID)
		}
		claims, err := claimsOf(l, held, on)
		if err != nil {
			return v, nil, err
		}
		keeps := p.Terms.keeps(l.DaysPastDue(on))
		for _, c := range claims {
			fair := c.Fair()
			c = c.share(keeps)
			worth := p.worth(c)
			v.Claims = summed(v.Claims, worth)
			v.WrittenDown = summed(v.WrittenDown, fair-worth)
			if len(c.Rows) > 0 {
				basket = append(basket, c)
			}
		}
	}
	v.Value, v.Owed = summed(v.Cash, v.Claims), summed(summed(v.Principal, v.Interest), v.Debt)
	if max(v.Value, v.Owed) > money.MaxMinor {
		return v, nil, refuse(ErrFull, "package %s is about more than the largest amount", p.ID)
	}
	return v, basket, nil
}

// worth is what a claim counts for: its fair value, or less where it earns less than what is promised, as
// instalments apart and loans without interest do.
func (p *Package) worth(c Claim) int64 {
	fair := c.Fair()
	if len(c.Rows) == 0 {
		return fair
	}
	price, err := c.PriceAtYield(Yield(p.Terms.RatePPM), money.Down)
	if err != nil { // beyond the largest amount
		return fair
	}
	return min(fair, price.Dirty())
}

// lotsOf are the lots of a loan that a party holds.
func lotsOf(l *lending.Loan, holder lending.PartyID) (lots []int) {
	for i := range l.Lots {
		if l.Lots[i].Holder == holder {
			lots = append(lots, i)
		}
	}
	return lots
}

// claimsOf are what lots of an active loan still get, net of the lenders' fees at payout. One that has moved on to a later day counts as it is then.
func claimsOf(l *lending.Loan, lots []int, on civil.Date) (claims []Claim, err error) {
	at := on
	if seen := l.Seen(); seen.After(at) {
		at = seen
	}
	for _, i := range lots {
		c, err := netOfLot(l, lending.Assignment{Lot: i, Units: l.Lots[i].Units}, at)
		c.On = on
		if errors.Is(err, ErrClaim) && len(c.Rows) == 0 {
			continue // it is paid
		}
		if err != nil {
			return nil, err
		}
		claims = append(claims, c)
	}
	return claims, nil
}

// share is a share of a claim in millionths, each row rounded down; rows of nothing are left out.
func (c Claim) share(ppm int64) Claim {
	if ppm >= lending.Million {
		return c
	}
	of := func(minor int64) int64 { return int64(product(minor, ppm).over(lending.Million)) }
	out, interest := Claim{On: c.On, Currency: c.Currency}, int64(0)
	for _, r := range c.Rows {
		r.Principal, r.Interest = of(r.Principal), of(r.Interest)
		if interest += r.Interest; r.Principal+r.Interest > 0 {
			out.Rows = append(out.Rows, r)
		}
	}
	out.Accrued = min(of(c.Accrued), interest)
	return out
}

// weighIn is weigh within a decision. It waits with [lending.ErrPending] for loans of whose last payment the
// vehicle may not have its part yet, and refuses a basket of too many loans ([ErrFull]).
func (p *Package) weighIn(t *lending.Tx) (Valuation, []Claim, error) {
	none := Valuation{}
	w, err := event.Read(t.Tx, lending.WalletRef(p.ID, p.Terms.Currency))
	if err != nil {
		return none, nil, err
	}
	ids := w.Stakes()
	if err := p.bears(len(ids)); err != nil {
		return none, nil, err
	}
	streams := make([]event.Stream, len(ids))
	for i, id := range ids {
		streams[i] = lending.LoanRef(id).Stream()
	}
	if err := t.Want(streams...); err != nil {
		return none, nil, err
	}
	loans := make([]*lending.Loan, len(ids))
	streams = streams[:0]
	for i, id := range ids {
		if loans[i], err = event.Read(t.Tx, lending.LoanRef(id)); err != nil {
			return none, nil, err
		}
		if at := loans[i].Payout; at != "" {
			streams = append(streams, lending.PayoutRef(at).Stream())
		}
	}
	if err := t.Want(streams...); err != nil {
		return none, nil, err
	}
	for _, l := range loans {
		if err := t.Finished(l); err != nil {
			return none, nil, err
		}
	}
	return p.weigh(w, loans, t.On)
}

// bears refuses a basket of so many loans.
func (p *Package) bears(loans int) error {
	if loans > MaxBasket {
		return refuse(ErrFull, "package %s has claims on %d loans, at most %d: sell some", p.ID, loans, MaxBasket)
	}
	return nil
}

// ValueOf values a package on a day: what it has, what it owes, its coverage and its deficit. One that was not
// defined, and one with too many loans, is refused ([ErrGone], [ErrFull]).
func ValueOf(ctx context.Context, d *lending.Desk, vehicle lending.PartyID, on civil.Date) (Valuation, error) {
	_, v, _, err := view(ctx, d, vehicle, on)
	return v, err
}

// view reads a package and weighs it.
func view(
	ctx context.Context, d *lending.Desk, vehicle lending.PartyID, on civil.Date,
) (*Package, Valuation, []Claim, error) {
	none := Valuation{}
	p, err := PackageOf(ctx, d, vehicle)
	if err != nil {
		return nil, none, nil, err
	}
	w, _, err := lending.View(ctx, d, lending.WalletRef(vehicle, p.Terms.Currency))
	if err != nil {
		return nil, none, nil, err
	}
	ids := w.Stakes()
	if err := p.bears(len(ids)); err != nil {
		return nil, none, nil, err
	}
	loans := make([]*lending.Loan, len(ids))
	for i, id := range ids {
		if loans[i], _, err = lending.View(ctx, d, lending.LoanRef(id)); err != nil {
			return nil, none, nil, err
		}
	}
	v, basket, err := p.weigh(w, loans, on)
	return p, v, basket, err
}
